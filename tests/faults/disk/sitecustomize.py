"""Put on a process's path, this makes its storage fail; the program itself knows nothing of it.

`TEST_DISK=write:NUMBER`: no file can be begun any more once the process has begun so many. `TEST_DISK=rename:NAME`: no
file can be moved to that name.
"""

import errno
import importlib.abc
import importlib.util
import os
import sys

WHAT, _, HOW = os.environ.get("TEST_DISK", "").partition(":")
MODULE = "apache_beam.io.localfilesystem"


def spoil(module):
    system = module.LocalFileSystem
    create, rename = system.create, system.rename
    begun = []

    def failing_create(self, path, *args, **kwargs):
        # Signs of life and errors must come out on any disk.
        if not path.endswith(("heartbeat.json", "run.json")):
            begun.append(path)
        if WHAT == "write" and len(begun) > int(HOW):
            raise OSError(errno.ENOSPC, "No space left on device (planted)")
        return create(self, path, *args, **kwargs)

    def failing_rename(self, sources, targets):
        if WHAT == "rename" and any(target.rpartition("/")[2] == HOW for target in targets):
            raise OSError(errno.EIO, "Input/output error (planted)")
        return rename(self, sources, targets)

    system.create, system.rename = failing_create, failing_rename


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            spoil(module)

        spec.loader.exec_module = exec_module
        return spec


if WHAT:
    sys.meta_path.insert(0, Finder())
