"""One run, as a process of its own that `supervise` watches over: `python -m pipeline.local.attempt MODULE:NAME FLAGS`.

It ends once its parent is gone, however it went, with all its workers: as if it had been killed itself.
"""

from __future__ import annotations

import os
import signal
import sys

from pipeline.cli import guarded
from transforms.runtime.parent import end_with_parent


def main() -> None:
    """Run the command line and end this process with its exit status, at once; see `cli.entry`."""
    # A shell may have it ignored for what runs in the background; here it comes from the parent, which means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_with_parent(_kill_workers)
    status = guarded(sys.argv[1], sys.argv[2:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _kill_workers() -> None:
    from pipeline.local.runner import kill_workers  # noqa: PLC0415, long imported by then

    kill_workers()


if __name__ == "__main__":
    main()
