"""What a run keeps of files: of its input, of what it has written so far, and of what earlier runs have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from schemas.records import Analysis, RawRecord


@dataclass(frozen=True)
class InputFile:
    """A file that the input patterns matched: its path or URL, and its size in bytes."""

    path: str
    size: int


class StoredList(NamedTuple):
    """A list of values that lies in files of the run's; without files it is empty."""

    paths: tuple[str, ...] = ()


EMPTY = StoredList()
# The `stop` of a `FileRange` that ends where reading failed: another time, there may be more of it.
CUT = -2


class StoredCopies(NamedTuple):
    """What earlier runs know of texts: lists of the files of `_copies`, `_sketches` and `_pairs`."""

    contents: StoredList = EMPTY
    sketches: StoredList = EMPTY
    pairs: StoredList = EMPTY


NOTHING_STORED = StoredCopies()


class StoredValue(NamedTuple):
    """A value that lies in bytes `start` to `start` + `size` of a file of the run's."""

    path: str
    start: int
    size: int


@dataclass(frozen=True)
class FileRange:
    """A part of a file for one worker: all records that begin in bytes `start` (incl.) to `stop` (excl.) of `path`.

    `file_format` names what its records are; empty: what is inside (a packed file, an archive) tells. Of a Parquet file
    `start` and `stop` count row groups. `stop` is −1 where only reading tells the end. `size` is that of the whole file
    in bytes, `digest` that of its content, and `charset` the encoding that its first bytes tell of, where a record by
    itself might not tell it. `source_file` is the file of the dump, another than `path` where a worker put its records
    down for others to read; `start` then counts such blocks. `date_order` as in `records.RawRecord`. `known` are the
    labels of parts of it that needn't be read, `selection` the `Selection` of what of the file is read, if not all is.
    No more than `limit` records and rejects are read of it, where that isn't −1.
    """

    path: str
    file_format: str
    start: int
    stop: int
    source_file: str
    size: int
    charset: str | None = None
    digest: str = ""
    date_order: str = ""
    known: frozenset[str] = frozenset()
    selection: StoredValue | None = None
    limit: int = -1


class Selection(NamedTuple):
    """What of a file is read: the records and rejects of these places (source file and offset), or all but these."""

    places: frozenset[tuple[str, int]]
    others: bool = False

    def has(self, source_file: str, source_offset: int) -> bool:
        """Whether something there is read."""
        return ((source_file, source_offset) in self.places) != self.others


class Scope(NamedTuple):
    """What of the input is read.

    Args:
        known: path of a file → the labels of its parts that have been read before; None for all of it.
        only: path of a file → what of it is read, where not all is.
        records: what is taken as if it had been read, and is counted already.
    """

    known: Mapping[str, frozenset[str] | None] = {}
    only: Mapping[str, Selection] = {}
    records: tuple[RawRecord, ...] = ()


@dataclass(frozen=True)
class FileScope:
    """What of the file `path` is read: as `Scope` has it, its `Selection` stored."""

    path: str
    known: frozenset[str] | None = frozenset()
    selection: StoredValue | None = None


class StoredScope(NamedTuple):
    """A `Scope` as lists of `FileScope` and of `RawRecord`. A file without a scope is read whole."""

    files: StoredList = EMPTY
    records: StoredList = EMPTY


EVERYTHING = StoredScope()


@dataclass(frozen=True)
class CheckpointedArticle:
    """What is needed of an article to find its copies, and where its checkpoint is (`path`, row `index`).

    `rank` orders articles of the same content by what they say of themselves, so that the choice among them does not
    hang on file names or on the order of reading while there is anything else to choose by. `sketch` is that of its
    text, where near copies are looked for and it is long enough to have any. `key` names what its analysis hangs on.
    `lines` are those that may be furniture, as `recurring.lines` packs them; they hang on its content alone, and are
    empty where its text wasn't read, as is the sketch. `spelling` is how it tells its outlet: source and host, ""
    without one; `outlet` is the digest of whose furniture its lines may be.
    """

    article_id: str
    content_hash: str
    path: str
    index: int
    published_at: datetime | None
    char_count: int
    rank: str
    place: tuple[str, int]
    sketch: tuple[bytes, int] | None = None
    key: str = ""
    lines: bytes = b""
    spelling: tuple[str, str] = ("", "")
    outlet: int = 0


# What an article is among its copies.
CANONICAL, EXACT, NEAR, REPEATED = "canonical", "exact", "near", "repeated"


@dataclass(frozen=True)
class CopyDecision:
    """What became of a checkpointed article: `kind` is `canonical`, `exact`, `near` or `repeated`.

    `key` is a canonical article's; `known` its analysis, where an earlier run has made it. `lines` and `outlet` as in
    `CheckpointedArticle`; `furniture` holds the digests of those that recur, once that is known.
    """

    index: int
    kind: str
    canonical_id: str
    key: str = ""
    known: Analysis | None = None
    lines: bytes = b""
    outlet: int = 0
    furniture: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ModelRun:
    """What ran a language's model on a worker: `newsbeam`, or `spaCy: ` and why the engine couldn't."""

    language: str
    engine: str


class Failure(NamedTuple):
    """Why no article of a content is kept: the stage, reason and message of the one that was tried."""

    stage: str
    reason: str
    message: str


@dataclass(frozen=True)
class Part:
    """A Parquet file that a worker wrote. `partition` is the folder of its partition ("" without one)."""

    table: str
    partition: str
    path: str
    rows: int
    size: int


@dataclass(frozen=True)
class FileCounts:
    """What became of the records of a file.

    `records` = `articles` + `rejects` + `left_out`, `articles` = `canonical` + `copies`.
    """

    file: str
    records: int = 0
    articles: int = 0
    canonical: int = 0
    copies: int = 0
    rejects: int = 0
    left_out: int = 0
