"""A worker process of a local run: Beam's own, but quiet, and gone when the job is.

Its errors reach the main process through Beam; a log of its own would only repeat them.
"""

from __future__ import annotations

import logging
import os
import sys

from transforms.runtime.parent import end_with_parent

VERBOSE = "--verbose"


def main() -> None:
    """Serve the job that started this process, as the environment that Beam has set tells."""
    if VERBOSE not in sys.argv:
        logging.disable(logging.CRITICAL)
        # Beam prints errors too, log or no log.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    end_with_parent()
    from apache_beam.runners.worker import sdk_worker_main  # noqa: PLC0415, slow, and noisy unless told before

    sdk_worker_main.main(sys.argv)
    # As in `pipeline.cli.entry`: the work is done, and what still runs may only abort.
    os._exit(0)


if __name__ == "__main__":
    main()
