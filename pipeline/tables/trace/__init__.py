"""The command `newsbeam trace`: how one article became its rows, from the raw bytes to the names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.options import UsageError
from pipeline.tables.runs import open_runs
from pipeline.tables.trace.content import collect, to_json
from pipeline.tables.trace.page import render
from pipeline.tables.trace.screen import show
from pipeline.usage import DONE, command_parser, make_console, print_json

EXAMPLES = {
    "newsbeam trace out/sample 6e71a4ca6d23": "an article; the beginning of its id is enough",
    "newsbeam trace out/sample 6e71a4ca6d23:4": "its mention with mention_index 4",
    "newsbeam trace out/sample https://example.org/story --html story.html": "an article by its url, as a page",
    "newsbeam trace out/sample 6e71a4ca6d23 --dump /mnt/dumps": "where the dump has been moved",
}


def trace_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam trace --help`."""
    parser = command_parser(
        "trace",
        "Show how one article became its rows: where its raw bytes lie, its text as read, what cleaning changed and\n"
        "by which rule, its sentences with their scores, and the names marked in them.",
        EXAMPLES,
        notes="The record is read again from the dump, with the options of the run. Where the dump is gone or has\n"
        "changed, that is said, and the rows are shown.",
    )
    parser.add_argument("output", metavar="OUTPUT", help="Directory of a finished run, local or gs://.")
    parser.add_argument(
        "article", metavar="ARTICLE", help="article_id, or its first 6 characters or more, or url; :N for mention N."
    )
    parser.add_argument("--dump", metavar="DIR", help="Where the dump's files lie now.")
    parser.add_argument("--html", metavar="FILE", help="Write a page instead.")
    return parser


def trace(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit status.

    Raises:
        UsageError: no finished run, or no such article in it.
    """
    options = trace_parser().parse_args(list(argv))
    tables = ("articles", "sentences", "mentions", "entities")
    with open_runs([options.output], tables=tables, tell=_tell) as (connection, (run,)):
        found = collect(connection, run, options.article, options.dump)
    if options.html:
        try:
            Path(options.html).write_text(render(found), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"the page can't be written: {error}") from error
        if not options.json:
            print(options.html)  # noqa: T201
    if options.json:
        print_json(to_json(found))
    elif not options.html:
        show(found, make_console())
    return DONE


def _tell(message: str) -> None:
    print(f"newsbeam: {message}", file=sys.stderr)  # noqa: T201
