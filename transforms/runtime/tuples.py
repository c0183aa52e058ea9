"""Many named tuples at once: an article has hundreds, and calls one by one are what making them costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

Kind = TypeVar("Kind", bound=NamedTuple)


def from_columns(kind: type[Kind], *columns: Iterable[Any]) -> Iterator[Kind]:
    """Named tuples of a kind, each of one value of every column: the kind's fields, all of them, in their order.

    Raises:
        TypeError: there are more or fewer columns than fields.
        ValueError: one column ends before another.
    """
    if len(columns) != len(kind._fields):
        raise TypeError(f"{kind.__name__} has {len(kind._fields)} fields, not {len(columns)}")
    make = cast("partial[Kind]", partial(tuple.__new__, kind))
    return map(make, zip(*columns, strict=True))
