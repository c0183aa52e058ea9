"""What the commands' `--help` have in common, and what their exit statuses mean."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

# A note on an error: the next run with --resume goes on from what this one has done.
RESUMABLE = "--resume goes on"
# Another: the job of a cluster was asked to stop, and this is where to look whether it has.
ON_CLUSTER = "see that its job on the cluster has ended, too: "
DONE, FAILED, USAGE, BREACH, SHORT, INTERRUPTED = 0, 1, 2, 3, 4, 130
STATUSES = {
    DONE: "done",
    FAILED: "the command failed; the message says why",
    USAGE: "wrong usage, or something that you can mend: nothing was done",
    BREACH: "`check` found that a run breaks the contract",
    SHORT: "a run is finished, with fewer articles than --min_articles or more rejects than --max_rejects",
    INTERRUPTED: "interrupted",
}


def command_parser(
    name: str, description: str, examples: Mapping[str, str], *, notes: str = ""
) -> argparse.ArgumentParser:
    """A parser whose help has paragraphs, examples (command → what it does) and the exit statuses; with `--json`."""
    parts = [*([notes.strip()] if notes else []), examples_and_statuses(name, examples)]
    parser = argparse.ArgumentParser(
        prog=f"newsbeam {name}",
        description=description.strip(),
        epilog="\n\n".join(parts),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="Print JSON for machines.")
    parser.add_argument("--verbose", action="store_true", help="Whole tracebacks.")
    return parser


def examples_and_statuses(name: str, examples: Mapping[str, str]) -> str:
    """The end of a command's help."""
    shown = [f"  {command}\n      {what}" for command, what in examples.items()]
    only = {BREACH: ("check",), SHORT: ("run", "retry")}
    statuses = [status for status in STATUSES if name in only.get(status, (name,))]
    lines = [f"  {status:<5}{STATUSES[status]}" for status in statuses]
    return "\n".join(["examples:", *shown, "", "exit status:", *lines])


def make_console() -> Console:
    """A console for tables on standard output: as wide as the terminal, and wide enough where there is none."""
    from rich.console import Console  # noqa: PLC0415, not every command needs it

    return Console(width=None if sys.stdout.isatty() else 200)


def print_json(content: Any) -> None:
    """Print JSON. What no UTF-8 can hold (half a character out of an article) becomes a question mark."""
    print(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace").decode())  # noqa: T201


def printable(text: str) -> str:
    """Text out of articles, without characters that a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text.replace("\t", " "))
