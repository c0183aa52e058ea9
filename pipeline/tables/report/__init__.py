"""The command `newsbeam report`: one HTML file that shows what a run found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from apache_beam.io.filesystems import FileSystems

from pipeline.options import UsageError
from pipeline.tables.report.figures import Figures
from pipeline.tables.report.page import collect, render
from pipeline.tables.runs import open_runs
from pipeline.usage import DONE, command_parser, print_json
from transforms.runtime.storage import create_file

TITLE = "What was in the news"
NAME = "report.html"
EXAMPLES = {
    "newsbeam report out/sample": "write out/sample/report.html",
    "newsbeam report out/2024 --html election.html --title 'The election in 40 papers'": "elsewhere, under a title",
    "newsbeam report out/2024 --json | jq '.named.PERSON[0]'": "the figures themselves",
}


def report_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam report --help`."""
    parser = command_parser(
        "report",
        "Write one HTML file that shows what a run found: who was in the news and how they were spoken of, with the\n"
        "sentences behind every score; where; in which outlets; and what became of every record.",
        EXAMPLES,
        notes="The page needs no network and makes no request. A story counts once, however many outlets printed it.",
    )
    parser.add_argument("output", metavar="OUTPUT", help="Directory of a finished run, local or gs://.")
    parser.add_argument("--html", metavar="FILE", help=f"Where to write it. Default: {NAME} in OUTPUT.")
    parser.add_argument("--title", default=TITLE, help="Default: %(default)s.")
    return parser


def report(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit status.

    Raises:
        UsageError: no finished run, or the page can't be written.
    """
    options = report_parser().parse_args(list(argv))
    with open_runs([options.output], tell=_tell) as (connection, (run,)):
        data = collect(Figures(connection, run), options.title)
    if options.json and not options.html:
        del data["world"]
        print_json(data)
        return DONE
    target = options.html or FileSystems.join(run.output, NAME)
    page = render(data, options.title).encode()
    _write(target, page)
    if options.json:
        print_json({"html": target, "bytes": len(page)})
    else:
        print(f"{target} ({len(page) / (1 << 20):.1f} MiB)")  # noqa: T201
    return DONE


def _write(target: str, content: bytes) -> None:
    try:
        if "://" in target:
            with create_file(target) as stream:
                stream.write(content)
        else:
            Path(target).write_bytes(content)
    except OSError as error:
        raise UsageError(f"the page can't be written: {error}") from error


def _tell(message: str) -> None:
    print(f"newsbeam: {message}", file=sys.stderr)  # noqa: T201
