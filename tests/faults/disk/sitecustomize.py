"""Put on a process's path, this makes its storage fail; the program itself knows nothing of it.

`TEST_DISK=write:NUMBER`: no file can be begun any more once the process has begun so many. `TEST_DISK=rename:NAME`: no
file can be moved to that name.
"""

import errno
import os

WHAT, _, HOW = os.environ.get("TEST_DISK", "").partition(":")


def spoil():
    from transforms.runtime import storage

    create, replace = storage.create_file, os.replace
    begun = []

    def failing_create(path):
        # Signs of life and errors must come out on any disk.
        if not path.endswith(("heartbeat.json", "run.json")):
            begun.append(path)
        if WHAT == "write" and len(begun) > int(HOW):
            raise OSError(errno.ENOSPC, "No space left on device (planted)")
        return create(path)

    def failing_replace(source, target, **more):
        if WHAT == "rename" and str(target).rpartition("/")[2] == HOW:
            raise OSError(errno.EIO, "Input/output error (planted)")
        return replace(source, target, **more)

    storage.create_file, os.replace = failing_create, failing_replace


if WHAT:
    spoil()
