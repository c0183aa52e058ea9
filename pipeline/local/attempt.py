"""One run, as a process of its own that `supervisor` started: `python -P -m pipeline.local.attempt MODULE:NAME FLAGS`.

It ends once its parent is gone, however it went, with all its children: as if it had been killed itself.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading

from pipeline.cli import run_command

POLL_SECONDS = 1.0


def main() -> None:
    """Run the command line and end this process with its exit status, at once; see `cli.entry`."""
    # A shell may have it ignored for what runs in the background; here it comes from the parent, which means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    # Looking for garbage among what is being loaded takes a tenth of the time; `run` begins it.
    gc.disable()
    status = run_command(sys.argv[1], sys.argv[2:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _end_with_parent(parent: int) -> None:
    waiting = threading.Event()
    while os.getppid() == parent:
        waiting.wait(POLL_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
