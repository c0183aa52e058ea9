"""How a file is read: whole, split into ranges, or not at all."""

from __future__ import annotations

from schemas.files import FileRange, InputFile
from schemas.records import Reject
from transforms.read import formats
from transforms.read.content import ORDER_SIZE
from transforms.read.files import NOT_A_FILE, open_file
from transforms.read.known import named_kind
from transforms.read.order import has_open_dates, text_order
from transforms.read.packing import named_compression, sniff_compression
from transforms.read.parquet import ERRORS as PARQUET_ERRORS
from transforms.read.parquet import count_groups
from transforms.read.sniff import ends_with_returns, sniff_container, sniff_format
from transforms.read.source import HEAD_SIZE, STAGE
from transforms.runtime.decoding import find_encoding, looks_binary, needs_recoding
from transforms.runtime.errors import StorageError
from transforms.runtime.outcome import reject

# Bytes of a file that one worker reads at a time: small enough to spread, large enough to be worth opening.
RANGE_SIZE = 2 << 20


def plan_file(file: InputFile, *, file_format: str = "", range_size: int = RANGE_SIZE) -> list[FileRange] | Reject:
    """Decide how a file is read: the ranges of it that workers take, or why it isn't.

    Lines are split at once, Parquet by row groups. Large CSV and WARC files are one range here, which `divide` splits
    where it finds records; what is packed, an archive or a document is one range of no format.

    Args:
        file: what the input patterns matched.
        file_format: a member of `formats.FORMATS` to read it as, whatever it looks like.
        range_size: bytes of a range of a file that can be split.
    """
    if file.size == NOT_A_FILE:
        return _reject_file(file, "unsupported_format", "not a regular file, or a link that leads nowhere")
    try:
        with open_file(file.path) as stream:
            head = stream.read(HEAD_SIZE)
    except (OSError, StorageError) as error:
        return _reject_file(file, "unreadable_file", f"can't be opened: {error}", retryable=True)
    if not head:
        return _reject_file(file, "empty_file", "the file holds no byte")
    return _plan_content(file, head, file_format, range_size)


def _plan_content(file: InputFile, head: bytes, file_format: str, range_size: int) -> list[FileRange] | Reject:
    whole = FileRange(file.path, "", 0, -1, source_file=file.path, size=file.size)
    if sniff_compression(head) or sniff_container(head, file.path):
        return [whole]
    named = named_compression(file.path)
    if named and looks_binary(head):
        return _reject_file(file, "corrupt_file", f"not {named} as its name says", head)
    kind = file_format or sniff_format(head, file.path)
    if not kind:
        message = named_kind(head, file.path) or "of no kind that is read, by its content or name"
        return _reject_file(file, "unsupported_format", message, head)
    if not head.strip() and file.size <= len(head):
        return _reject_file(file, "empty_file", "nothing but white space", head)
    return _split(whole, kind, head, range_size)


def _split(whole: FileRange, kind: str, head: bytes, range_size: int) -> list[FileRange]:
    path, size = whole.path, whole.size
    if kind == formats.PARQUET:
        return _row_groups(whole)
    charset = find_encoding(head) if kind in (formats.JSONL, formats.CSV) else None
    if charset and needs_recoding(charset, lines_only=True):
        return [whole]
    if kind in (formats.JSONL, formats.CSV) and ends_with_returns(head):
        return [whole]
    if kind == formats.JSONL:
        order = _order(path, head)
        return [
            FileRange(path, kind, start, min(start + range_size, size), path, size, charset, date_order=order)
            for start in range(0, size, range_size)
        ]
    known = kind if kind in (formats.TEXT, formats.HTML, formats.CSV, formats.WARC) else ""
    return [FileRange(path, known, 0, -1, path, size, charset)]


def _order(path: str, head: bytes) -> str:
    """The order of day and month in the dates of a file of lines."""
    sample = head.decode("utf-8", "replace")
    if has_open_dates(sample):
        try:
            with open_file(path) as stream:
                sample = stream.read(ORDER_SIZE).decode("utf-8", "replace")
        except (OSError, StorageError):
            # Reading it will tell.
            pass
    return text_order(sample)


def _row_groups(whole: FileRange) -> list[FileRange]:
    try:
        with open_file(whole.path) as stream:
            count = count_groups(stream)
    except (*PARQUET_ERRORS, StorageError):
        # Reading it will tell what is wrong.
        return [whole]
    if not count:
        # Reading it will tell that nothing is in it.
        return [whole]
    return [
        FileRange(whole.path, formats.PARQUET, group, group + 1, whole.source_file, whole.size)
        for group in range(count)
    ]


def _reject_file(file: InputFile, reason: str, message: str, head: bytes = b"", *, retryable: bool = False) -> Reject:
    return reject(
        STAGE,
        reason,
        message,
        source_file=file.path,
        source_offset=0,
        payload=head,
        payload_size=max(file.size, 0),
        retryable=retryable,
    )
