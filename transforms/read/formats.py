"""What a file is: how it is packed and what its records are, by content before name."""

from __future__ import annotations

import bz2
import codecs
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import zstandard

TEXT = "text"
JSONL = "jsonl"
FORMATS = (TEXT, JSONL)
SUFFIXES = {".txt": TEXT, ".text": TEXT, ".jsonl": JSONL, ".ndjson": JSONL, ".jl": JSONL}
COMPRESSIONS = {".gz": "gzip", ".bz2": "bzip2", ".zst": "zstd", ".zstd": "zstd", ".xz": "xz"}
MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\x00", "xz"))
# Errors of the unpackers that tell of damaged data.
DAMAGE = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError)
# A zstd frame may ask for this much memory to be unpacked (2^27 bytes: its `--long` default).
ZSTD_WINDOW = 1 << 27


def sniff_compression(head: bytes) -> str:
    """How a file is packed, by its first bytes: a value of `COMPRESSIONS`, or "" where they tell of no packing."""
    for magic, name in MAGIC:
        if head.startswith(magic):
            return name
    return ""


def named_compression(path: str) -> str:
    """How a file is packed, by its name alone."""
    return COMPRESSIONS.get(PurePosixPath(path).suffix.lower(), "")


def named_format(path: str) -> str:
    """What a file's records are, by its name without a suffix of packing; "" for a name that doesn't tell."""
    name = PurePosixPath(path)
    if name.suffix.lower() in COMPRESSIONS:
        name = name.with_suffix("")
    return SUFFIXES.get(name.suffix.lower(), "")


def holds_json_lines(head: bytes) -> bool:
    """Whether the first line of `head` is one whole JSON object."""
    line, newline, _ = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if not newline or not line.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def unpack(raw: BinaryIO, compression: str) -> Any:
    """A stream of the unpacked bytes of `raw`, over all members and frames.

    `compression` may also be `utf-16` or `utf-32`: such a file is recoded to UTF-8, with U+FFFD for what is broken.
    Reading it raises one of `DAMAGE` where the data ends early or is broken.
    """
    if compression == "gzip":
        return gzip.GzipFile(fileobj=raw)
    if compression == "bzip2":
        return bz2.BZ2File(raw)
    if compression == "xz":
        return lzma.LZMAFile(raw)
    if compression.startswith("utf"):
        utf8 = codecs.lookup("utf-8")
        wide = codecs.lookup(compression)
        return codecs.StreamRecoder(raw, utf8.encode, utf8.decode, wide.streamreader, utf8.streamwriter, "replace")
    unpacker = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    return unpacker.stream_reader(raw, read_across_frames=True)


def reader_of(stream: Any) -> Callable[[int], bytes]:
    """The function that reads an unpacked stream up to where it is damaged.

    `read1` gives what there is before the damage, where `read` would raise for the whole of it. A recoder passes
    `read1` on to the file below it, unrecoded.
    """
    if isinstance(stream, codecs.StreamRecoder):
        return stream.read
    reader: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    return reader
