"""The command `newsbeam completion`: a shell's completion of commands, flags and files."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Sequence

import shtab

from pipeline import cli
from pipeline.usage import DONE, command_parser

EXAMPLES = {
    "newsbeam completion bash > ~/.local/share/bash-completion/completions/newsbeam": "bash, from the next shell on",
    "newsbeam completion zsh > ~/.zfunc/_newsbeam": "zsh, where ~/.zfunc is on its fpath",
    "source <(newsbeam completion bash)": "bash, in this shell",
}
# Where a command's parser isn't beside its function.
PARSERS = {"run": "pipeline.flags:run_parser", "retry": "pipeline.flags:retry_parser"}


def completion_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam completion --help`."""
    parser = command_parser(
        "completion", "Print a script that teaches a shell newsbeam's commands and flags.", EXAMPLES
    )
    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS)
    return parser


def whole_parser() -> argparse.ArgumentParser:
    """One parser of all commands with their flags."""
    parser = argparse.ArgumentParser(prog="newsbeam")
    parser.add_argument("--version", action="store_true", help="Show the version.")
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, (what, place) in cli.COMMANDS.items():
        found = _parser(name, place)
        commands.add_parser(name, help=what, parents=[found] if found else [], add_help=not found)
    return parser


def _parser(name: str, place: str) -> argparse.ArgumentParser | None:
    """The parser of a command: `<function>_parser` beside its function; None where there is none."""
    module, _, function = PARSERS.get(name, f"{place}_parser").partition(":")
    make = getattr(importlib.import_module(module), function, None)
    return make() if make else None


def completion(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit status."""
    options = completion_parser().parse_args(list(argv))
    script = shtab.complete(_with_files(whole_parser()), options.shell)
    print(json.dumps({"shell": options.shell, "script": script}) if options.json else script)  # noqa: T201
    return DONE


def _with_files(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Tell shtab which arguments are paths."""
    groups = [action.choices.values() for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for command in (command for group in groups for command in group):
        for action in command._actions:
            if action.metavar in ("OUTPUT", "INPUT", "PATTERN", "DIR", "FILE"):
                action.complete = shtab.FILE
    return parser
