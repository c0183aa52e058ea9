"""The command itself: its flags, and what they mean."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence

from rich.console import Console

from pipeline.access import check_access
from pipeline.errors import UsageError
from pipeline.flags import MEGABYTE, unless_auto
from pipeline.inspection.look import SECONDS, Settings, inspect_files
from pipeline.inspection.show import inspection_json, show_inspection
from pipeline.usage import DONE, command_parser, print_json
from schemas.files import InputFile
from transforms.parse.dates import ORDERS
from transforms.parse.fields import parse_mapping
from transforms.read.files import expand_pattern, split_input
from transforms.read.formats import FORMATS


def inspect_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam inspect --help`."""
    parser = command_parser(
        "inspect",
        "Show what a run would read of an input, in seconds: formats, fields, samples, problems.",
        {"newsbeam inspect dumps": "a folder", "newsbeam inspect 'dumps/*.warc.gz' --seconds 30": "a longer look"},
    )
    parser.add_argument("input", nargs="+", metavar="INPUT", help="Files, directories, globs, local or gs://.")
    parser.add_argument("--input_format", choices=("auto", *FORMATS), default="auto", help="As for run.")
    parser.add_argument("--fields", metavar="FIELD=NAME,…", help="As for run.")
    parser.add_argument("--dates", choices=("auto", *ORDERS), default="auto", help="As for run.")
    parser.add_argument("--max_record_mb", type=int, default=64, metavar="N", help="As for run.")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="S", help="Take about so long. Default: %(default)s."
    )
    return parser


def inspect(argv: Sequence[str], console: Console | None = None) -> int:
    """Run the command. Returns the exit status.

    Raises:
        UsageError: for what the user can mend.
    """
    options = inspect_parser().parse_args(list(argv))
    try:
        mapping = parse_mapping(options.fields) if options.fields else {}
    except ValueError as error:
        raise UsageError(f"--fields: {error}") from error
    try:
        patterns = list(itertools.chain.from_iterable(split_input(value) for value in options.input))
        check_access(patterns)
        files = list(dict.fromkeys(itertools.chain.from_iterable(map(expand_pattern, patterns))))
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"the input matches nothing or can't be read: {error}") from error
    settings = Settings(
        file_format=unless_auto(options.input_format),
        mapping=mapping,
        date_order=unless_auto(options.dates),
        max_record_size=max(options.max_record_mb, 1) * MEGABYTE,
        seconds=max(options.seconds, 0.1),
    )
    show_files(files, settings, console or Console(), as_json=options.json)
    return DONE


def show_files(files: Sequence[InputFile], settings: Settings, console: Console, *, as_json: bool) -> None:
    """Look at files and show what was seen, on the console or as JSON."""
    found = inspect_files(files, settings)
    if as_json:
        print_json(inspection_json(found))
    else:
        show_inspection(found, console)
