"""What a tool has written: how many articles, and how many names in them."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq


def count_written(output: Path) -> tuple[int, int]:
    """Articles and names of an output folder.

    Articles are rows of `articles.parquet` or of the files below `articles`. Names are rows of a table `mentions` laid
    out alike or, where there is none, what the articles' lists of that name hold.

    Raises:
        ValueError: there is no such table.
    """
    articles = files_of(output, "articles")
    if not articles:
        raise ValueError(f"{output} has no articles")
    mentions = files_of(output, "mentions")
    names = sum(map(count_rows, mentions)) if mentions else sum(map(count_listed, articles))
    return sum(map(count_rows, articles)), names


def files_of(output: Path, table: str) -> list[Path]:
    """The Parquet files of a table."""
    return [*output.glob(f"{table}.parquet"), *output.glob(f"{table}/**/*.parquet")]


def count_rows(path: Path) -> int:
    """Rows of a file."""
    return int(pq.read_metadata(path).num_rows)


def count_listed(path: Path) -> int:
    """Elements of the lists in a file's column `mentions`."""
    lengths = pc.list_value_length(pq.ParquetFile(path).read(columns=["mentions"])["mentions"])
    return int(pc.sum(lengths).as_py() or 0)
