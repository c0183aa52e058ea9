"""The command line: which command is meant, and how the shell learns how it ended.

Exit statuses are those of `pipeline.usage`. Errors are one line on standard error; with `--json` an object on standard
output says the same.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Sequence
from importlib import metadata
from typing import NoReturn

from pipeline.errors import UsageError
from pipeline.usage import DONE, FAILED, INTERRUPTED, ON_CLUSTER, RESUMABLE, STATUSES, USAGE

# Command → what it does, and the function that takes its arguments and returns the exit status. Imported when called:
# Beam and spaCy take seconds, which --help and --version needn't wait for.
COMMANDS = {
    "run": ("read dumps, write tables", "pipeline.local.supervisor:run"),
    "retry": ("try again what a run rejected and might do better", "pipeline.local.supervisor:retry"),
    "init": ("write newsbeam.toml, a file of flags", "pipeline.config:init"),
    "inspect": ("show what would be read of dumps", "pipeline.inspection.command:inspect"),
    "preflight": ("look whether a job could run on Dataflow", "pipeline.cloud.preflight:preflight"),
    "submit": ("send the job to Dataflow", "pipeline.cloud.submit:submit"),
    "sql": ("query the tables of runs, in DuckDB", "pipeline.tables.sql:sql"),
    "report": ("write a page about a run", "pipeline.tables.report:report"),
    "publish": ("make a run's tables Iceberg tables", "pipeline.tables.iceberg:publish"),
    "trace": ("show how one article became its rows", "pipeline.tables.trace:trace"),
    "check": ("hold a run's tables to the contract", "pipeline.tables.check:check"),
    "completion": ("print the shell's completion of commands and flags", "pipeline.completion:completion"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (`sys.argv` without one) and return its exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    if not argv or argv[0] not in COMMANDS:
        if argv and not argv[0].startswith("-"):
            return _fail(f"there is no command `{argv[0]}`{_suggestion(argv[0])}", USAGE, argv)
        parser.parse_args(argv)
        parser.print_help()
        return USAGE
    return run_command(COMMANDS[argv[0]][1], argv[1:])


def entry() -> NoReturn:
    """The console script: run `sys.argv` and end the process with its exit status, at once.

    Beam's threads may wait for workers that are gone, and its C++ libraries may abort a process that ends while they
    are still at work, after everything is written.
    """
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newsbeam",
        description="Raw news-article dumps in, Parquet tables of names and sentiment out.",
        epilog="newsbeam COMMAND --help explains one. Every command takes --json.\n\nexit status:\n"
        + "\n".join(f"  {status:<5}{meaning}" for status, meaning in STATUSES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"newsbeam {metadata.version('newsbeam')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (what, _) in COMMANDS.items():
        commands.add_parser(name, help=what, add_help=False)
    return parser


def _suggestion(command: str) -> str:
    close = difflib.get_close_matches(command, COMMANDS, n=1)
    return f"; did you mean newsbeam {close[0]}?" if close else "; see newsbeam --help"


def run_command(function: str, argv: Sequence[str]) -> int:
    """The exit status of a command's function (`module:name`), its errors in one line each."""
    verbose, before = "--verbose" in argv, logging.root.manager.disable
    if not verbose:
        # The exception says what a run failed with; Beam repeats it several times, with its whole journey.
        logging.disable(logging.CRITICAL)
    module, _, name = function.partition(":")
    try:
        return int(getattr(importlib.import_module(module), name)(argv))
    except UsageError as error:
        return _fail(str(error), USAGE, argv)
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        return DONE
    except KeyboardInterrupt as error:
        left = "; nothing was left that looks like a finished run" if name in ("run", "retry") else ""
        return _fail(f"interrupted{left}{_further(error)}", INTERRUPTED, argv)
    except Exception as error:
        if verbose:
            traceback.print_exc()
        return _fail(f"the {name} failed: {explain(error)}{_further(error)}", FAILED, argv)
    finally:
        logging.disable(before)


def _fail(message: str, status: int, argv: Sequence[str]) -> int:
    print(f"newsbeam: {message}", file=sys.stderr)  # noqa: T201
    if "--json" in argv:
        print(json.dumps({"error": message, "exit_status": status}, ensure_ascii=False))  # noqa: T201
    return status


def _further(error: BaseException) -> str:
    notes = [note for note in getattr(error, "__notes__", ()) if note.startswith((RESUMABLE, ON_CLUSTER))]
    return "".join(f"; {note}" for note in notes)


def explain(error: BaseException) -> str:
    """The last line of an error, which for one from a worker is the error itself and not its journey."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    # What a worker raised comes as Beam's RuntimeError with the name of the error in it.
    return re.sub(r"^RuntimeError: (?=\w+: )", "", lines[-1])[:500]
