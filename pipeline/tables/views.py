"""The views over the tables, read from `views/*.sql`: a comment that says what a row is, then one query.

A query that names `{named}` or `{articles}` makes two views: the plain one counts a story once, however many outlets
printed it, and `…_with_copies` counts it every time. The queries keep to SQL that sqlglot turns into other engines'.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

# In the order in which they build on one another.
NAMES = (
    "stories",
    "entity_names",
    "article_identities",
    "named",
    "names",
    "people_by_day",
    "timeline",
    "named_together",
    "outlets_on_names",
    "own_voice",
    "speakers",
    "outlets",
    "authors",
    "story_spread",
    "places",
    "languages",
    "rejects_by_cause",
    "files",
)
WITH_COPIES = "_with_copies"


@dataclass(frozen=True)
class View:
    """A view: its name, what it says, and its query."""

    name: str
    description: str
    query: str


def _read(name: str) -> tuple[View, ...]:
    content = resources.files(__package__).joinpath(f"views/{name}.sql").read_text(encoding="utf-8")
    lines = content.splitlines()
    comment = [line for line in lines if line.startswith("--")]
    description = " ".join(line.removeprefix("--").strip() for line in comment)
    query = "\n".join(lines[len(comment) :]).strip()
    once = View(name, description, query.format(named="named", articles="stories"))
    every = query.format(named=f"named{WITH_COPIES}", articles="articles")
    if every == once.query:
        return (once,)
    return once, View(name + WITH_COPIES, f"As `{name}`, but a story counts every time that it was printed.", every)


VIEWS = tuple(view for name in NAMES for view in _read(name))


def view_statement(view: View) -> str:
    """The statement that makes a view, in DuckDB's SQL, without a semicolon."""
    return f"CREATE OR REPLACE VIEW {view.name} AS\n{view.query}"
