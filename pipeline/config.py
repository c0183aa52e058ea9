"""`newsbeam.toml`: flags of `newsbeam run` in a file, and the command `newsbeam init` that writes one."""

from __future__ import annotations

import argparse
import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.flags import run_parser
from pipeline.usage import DONE, command_parser, print_json

CONFIG = "newsbeam.toml"
EXAMPLES = {
    "newsbeam init": f"writes {CONFIG} in this folder",
    "newsbeam init --input 'dumps/*.jsonl.gz' --output out/all": "with two of its values",
}
HEAD = f"""\
# Flags of `newsbeam run`, which reads {CONFIG} in the folder that it is started in, or the file of --config.
# The command line overrides it. Lines behind a # show the defaults; flags of Beam may stand here, too.
"""
# What makes sense on a command line only.
LEFT_OUT = ("help", "config", "dry_run", "restarted", "json", "verbose")


def init_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam init --help`."""
    parser = command_parser("init", f"Write {CONFIG}: every flag of newsbeam run, with what it does.", EXAMPLES)
    parser.add_argument("--input", metavar="PATTERN", help="The value of input in it.")
    parser.add_argument("--output", metavar="DIR", help="The value of output in it.")
    return parser


def init(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit status.

    Raises:
        UsageError: there is such a file.
    """
    options = init_parser().parse_args(list(argv))
    values = {name: value for name in ("input", "output") if (value := getattr(options, name))}
    try:
        with Path(CONFIG).open("x", encoding="utf-8") as file:
            file.write("\n".join(_lines(values)) + "\n")
    except FileExistsError as error:
        raise UsageError(f"{CONFIG} exists; remove it, or change it by hand") from error
    except OSError as error:
        raise UsageError(f"{CONFIG} can't be written: {error.strerror}") from error
    if options.json:
        print_json({"config": CONFIG})
    else:
        print(f"{CONFIG} is written; newsbeam run reads it.")  # noqa: T201
    return DONE


def _lines(values: Mapping[str, str]) -> Iterator[str]:
    """The file: a flag a paragraph, commented out but for those with a value."""
    yield HEAD
    for action in run_parser()._actions:
        if action.dest in LEFT_OUT or action.help is None or action.help == argparse.SUPPRESS:
            continue
        yield from (f"# {line}" for line in textwrap.wrap(action.help % {"default": action.default}, 110))
        value = values.get(action.dest, "" if action.default is None else action.default)
        yield f"{'' if action.dest in values else '# '}{action.dest} = {json.dumps(value, ensure_ascii=False)}"
        yield ""


def read_config(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """A command line without `--config`, and the flags (`--name=value` each) of the file that this names.

    Without `--config` the flags are those of `newsbeam.toml` in this folder, or none.

    Raises:
        UsageError: the file isn't there, or isn't TOML of flags.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--config")
    try:
        found, rest = parser.parse_known_args(list(argv))
    except argparse.ArgumentError as error:
        raise UsageError("--config: name a file") from error
    name = found.config or (CONFIG if Path(CONFIG).is_file() else None)
    return rest, [] if name is None else list(_flags(name))


def _flags(name: str) -> Iterator[str]:
    """The flags of a file."""
    try:
        content = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--config can't be read: {name}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{name} isn't TOML: {error}") from error
    for key, value in content.items():
        flag = "--" + key.replace("-", "_")
        if key in LEFT_OUT:
            raise UsageError(f"{name}: {key} is for the command line only")
        if isinstance(value, dict):
            raise UsageError(f"{name}: flags stand at its top, not in [{key}]")
        if isinstance(value, list):
            yield from (f"{flag}={item}" for item in value)
        elif value is True:
            yield flag
        elif value is not False:
            yield f"{flag}={value}"
