"""newsbeam from Python: run the job, open the tables that it wrote.

>>> import newsbeam
>>> newsbeam.run("dumps/*.jsonl.gz", "out/all")
>>> with newsbeam.open("out/all") as tables:
...     tables.names.limit(10).show()
...     tables.sql("SELECT count(*) FROM articles WHERE outlet = $outlet", outlet="Le Monde").fetchall()
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from os import PathLike
from types import TracebackType
from typing import Any, Self

import duckdb

from pipeline.errors import UsageError
from pipeline.tables.runs import open_runs
from pipeline.tables.views import VIEWS
from pipeline.usage import SHORT
from schemas.tables import TABLES

__all__ = ["RunError", "Tables", "UsageError", "open", "run"]

Place = str | PathLike[str]


class RunError(RuntimeError):
    """A run that failed; its message says why."""


def run(inputs: Place | Sequence[Place], output: Place, **flags: object) -> dict[str, Any]:
    """Run the job on this machine, in a process of its own, and return what `_run.json` says of it.

    Args:
        inputs: files, directories or globs, as `newsbeam run` takes them.
        output: the directory for the tables.
        flags: those of `newsbeam run`, without their dashes: `overwrite=True, min_chars=200, fields={"text": "story"}`.

    Raises:
        UsageError: a flag, a path or a model that is wrong; nothing was done.
        RunError: the run failed, or has fewer articles or more rejects than `min_articles` and `max_rejects` allow.
    """
    places = [inputs] if isinstance(inputs, str | PathLike) else inputs
    argv = [*(f"--input={os.fspath(place)}" for place in places), f"--output={os.fspath(output)}", "--json"]
    for name, value in flags.items():
        argv += _flag(name, value)
    command = [sys.executable, "-P", "-m", "pipeline", "run", *argv]
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603, own flags
    try:
        said: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        said = {"error": f"the run ended with status {ended.returncode}"}
    if "error" in said:
        raise (UsageError if said.get("exit_status") == 2 else RunError)(said["error"])
    if ended.returncode == SHORT:
        raise RunError(f"the run is finished, with {said['ledger']['articles']} articles")
    return said


def _flag(name: str, value: object) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return [f"--{name}"]
    if isinstance(value, Mapping):
        value = ",".join(f"{key}={item}" for key, item in value.items())
    return [f"--{name}={value}"]


class Tables:
    """The tables of one run or many, and the views over them, in DuckDB; a context manager.

    Every table and view is an attribute, a `duckdb.DuckDBPyRelation`: `tables.articles.df()` is a pandas DataFrame,
    `tables.articles.arrow()` an Arrow table, `tables.names.limit(10)` another relation.
    """

    def __init__(self, outputs: Sequence[str]) -> None:
        self._open = contextlib.ExitStack()
        self.connection, self.runs = self._open.enter_context(open_runs(outputs))

    def sql(self, query: str, **params: object) -> duckdb.DuckDBPyRelation:
        """The result of a query. Values stand in it as `$name` and are given by name, never written into it."""
        return self.connection.sql(query, params=params or None)

    def close(self) -> None:
        """Close the connection; relations of it can't be used any more."""
        self._open.close()

    def __getattr__(self, name: str) -> duckdb.DuckDBPyRelation:
        if name not in _names():
            raise AttributeError(f"no table or view `{name}`; there are {', '.join(_names())}")
        return self.connection.table(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *_names()]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(*outputs: Place) -> Tables:  # noqa: A001, read as newsbeam.open
    """The tables of finished runs, in directories local or remote. Of an article in several, the newest run's rows.

    Raises:
        UsageError: one isn't a finished run.
    """
    return Tables([os.fspath(output) for output in outputs])


def _names() -> list[str]:
    return [*TABLES, *(view.name for view in VIEWS)]
