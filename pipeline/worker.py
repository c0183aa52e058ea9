"""A worker process of a local run: Beam's own, but quiet, and gone when the job is.

Its errors reach the main process through Beam; a log of its own would only repeat them.
"""

from __future__ import annotations

import logging
import os
import sys
import threading

VERBOSE = "--verbose"


def main() -> None:
    """Serve the job that started this process, as the environment that Beam has set tells."""
    if VERBOSE not in sys.argv:
        logging.disable(logging.CRITICAL)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    from apache_beam.runners.worker import sdk_worker_main  # noqa: PLC0415, slow, and noisy unless told before

    sdk_worker_main.main(sys.argv)
    # As in `pipeline.cli.entry`: the work is done, and what still runs may only abort.
    os._exit(0)


def _end_with_parent(parent: int) -> None:
    """End once the main process is gone, however it went: nobody would take this one's work."""
    waiting = threading.Event()
    while os.getppid() == parent:
        waiting.wait(1.0)
    os._exit(1)


if __name__ == "__main__":
    main()
