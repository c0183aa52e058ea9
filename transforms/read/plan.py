"""How a file is read: whole, split into ranges, or not at all."""

from __future__ import annotations

from schemas.records import FileRange, InputFile, Reject
from transforms.encodings import looks_binary, wide_encoding
from transforms.outcome import reject
from transforms.read import formats
from transforms.read.files import NOT_A_FILE, open_file

STAGE = "read"
# Bytes of a line file that one worker reads at a time: small enough to spread, large enough to be worth opening.
RANGE_SIZE = 2 << 20
HEAD_SIZE = 1 << 16


def plan_file(file: InputFile, *, file_format: str = "", range_size: int = RANGE_SIZE) -> list[FileRange] | Reject:
    """Decide how a file is read: the ranges of it that workers take, or why it isn't.

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
    except OSError as error:
        return _reject_file(file, "unreadable_file", f"can't be opened: {error}", retryable=True)
    if not head:
        return _reject_file(file, "empty_file", "the file holds no byte")
    return _plan_content(file, head, file_format, range_size)


def _plan_content(file: InputFile, head: bytes, file_format: str, range_size: int) -> list[FileRange] | Reject:
    compression, named = formats.sniff_compression(head), formats.named_compression(file.path)
    if named and not compression and looks_binary(head):
        return _reject_file(file, "corrupt_file", f"not {named} as its name says", head)
    file_format = file_format or formats.named_format(file.path)
    if not file_format and not compression and formats.holds_json_lines(head):
        file_format = formats.JSONL
    if not file_format:
        return _reject_file(file, "unsupported_format", "neither text nor JSON lines by its name or content", head)
    if file_format == formats.JSONL and not compression:
        compression = wide_encoding(head)
    if compression or file_format == formats.TEXT:
        return [FileRange(file.path, file_format, compression, 0, -1, source_file=file.path)]
    return [
        FileRange(file.path, file_format, "", start, min(start + range_size, file.size), source_file=file.path)
        for start in range(0, file.size, range_size)
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
