"""Zip and tar: their members, one after another, as streams that are never written under their names.

Links, folders and devices are passed over, as are hidden names. A damaged member costs no other.
"""

from __future__ import annotations

import re
import stat
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from schemas.records import Reject, Skipped
from transforms.read.packing import CHUNK, Budget, Chunks, Damage
from transforms.read.source import ByteStream

# Members by which a zip is no dump but a document or a program: Office, OpenDocument and EPUB, Java.
PACKAGES = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"))
ENCRYPTED = 0x1
ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
MAX_NAME = 500
# Longer names and attributes than this are an attack on memory.
MAX_TAR_META = 1 << 20
TAR_META = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


class Member(NamedTuple):
    """A member of an archive: the name under which its records go, its bytes, and bytes of it as packed."""

    name: str
    chunks: Chunks
    size: int


Members = Iterator[Member | Reject | Skipped]


def _member_name(archive: str, name: str, seen: Counter[str]) -> str:
    """The name of a member as it goes into records: under the archive's, without tricks, and another for each.

    It is a name and no path: nothing is ever opened by it.
    """
    parts = _parts(UNPRINTABLE.sub("\ufffd", name))
    clean = "/".join(parts)[-MAX_NAME:] or "unnamed"
    seen[clean] += 1
    number = seen[clean]
    return f"{archive}/{clean}" if number == 1 else f"{archive}/{clean}#{number}"


def _is_hidden(name: str) -> bool:
    """Whether a member is left out as it would be in a folder, by a name that begins with `.` or `_`."""
    return any(part.startswith((".", "_")) for part in _parts(name))


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]


def package_members(stream: BinaryIO) -> frozenset[str]:
    """The members of a zip that is a document or a program; none for any other, and for what can't be read."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = frozenset(archive.namelist())
    except ERRORS:
        return frozenset()
    return frozenset() if PACKAGES.isdisjoint(names) else names


def read_zip(source: ByteStream, stream: BinaryIO, budget: Budget) -> Members:
    """The members of a zip file. `stream`: the file, in which any place can be gone to."""
    try:
        archive = zipfile.ZipFile(stream)
    except ERRORS as error:
        yield from _salvage_zip(source, stream, budget, str(error))
        return
    seen: Counter[str] = Counter()
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                yield Skipped("archive_link")
            elif _is_hidden(info.filename):
                yield Skipped("archive_hidden")
            else:
                name = _member_name(source.name, info.filename, seen)
                yield _zip_member(archive, info, name, budget)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Member | Reject:
    place = ByteStream(name, iter(()))
    if info.flag_bits & ENCRYPTED:
        return place.reject("encrypted", "a member that asks for a password", 0, b"", info.file_size)
    try:
        stream = archive.open(info)
    except NotImplementedError as error:
        return place.reject("unsupported_format", f"packed in a way that isn't read: {error}", 0, b"", info.file_size)
    except ERRORS as error:
        return place.reject("corrupt_file", f"damaged zip: {error}", 0, b"", info.file_size)
    return Member(name, _spend(_stream_chunks(stream), budget), info.compress_size)


def _stream_chunks(stream: Any) -> Chunks:
    """A member's bytes up to its damage."""
    with stream:
        while True:
            try:
                # `read1` gives what there is before damage.
                chunk = stream.read1(CHUNK)
            except ERRORS as error:
                yield Damage(f"damaged zip: {error}")
                return
            if not chunk:
                return
            yield chunk


def _spend(chunks: Chunks, budget: Budget) -> Chunks:
    for chunk in chunks:
        if not isinstance(chunk, Damage):
            budget.spend(len(chunk))
        yield chunk


def _salvage_zip(source: ByteStream, stream: BinaryIO, budget: Budget, why: str) -> Members:
    """The members of a zip without its directory, as the headers before each tell: it was cut off, most likely."""
    seen: Counter[str] = Counter()
    offset = 0
    while True:
        stream.seek(offset)
        header = stream.read(30)
        if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
            break
        flags, method = int.from_bytes(header[6:8], "little"), int.from_bytes(header[8:10], "little")
        size, name_size, extra = (int.from_bytes(header[a:b], "little") for a, b in ((18, 22), (26, 28), (28, 30)))
        raw_name = stream.read(name_size)
        begin = offset + 30 + name_size + extra
        name = raw_name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or flags & ENCRYPTED or (method == 0 and flags & 8):
            break
        stream.seek(begin)
        end = [begin + size]
        if not name.endswith("/") and not _is_hidden(name):
            chunks = _raw_member(stream, begin, method, size if not flags & 8 else -1, end)
            yield Member(_member_name(source.name, name, seen), _spend(chunks, budget), size)
        elif flags & 8:
            break
        offset = _next_header(stream, end[0])
    yield source.reject("corrupt_file", f"damaged zip: {why}", offset)


def _raw_member(stream: BinaryIO, begin: int, method: int, size: int, end: list[int]) -> Chunks:
    """The bytes of a member at `begin`, `size` packed bytes of it (−1: unknown); its end goes into `end`."""
    unpacker = zlib.decompressobj(wbits=-15) if method == zipfile.ZIP_DEFLATED else None
    place = begin
    while size < 0 or place < begin + size:
        stream.seek(place)
        chunk = stream.read(min(1 << 15, begin + size - place) if size >= 0 else 1 << 15)
        if not chunk:
            yield Damage("damaged zip: ends early")
            return
        place += len(chunk)
        if unpacker is None:
            yield chunk
            continue
        try:
            yield from _inflate(unpacker, chunk)
        except zlib.error as error:
            yield Damage(f"damaged zip: {error}")
            return
        if unpacker.eof:
            end[0] = place - len(unpacker.unused_data)
            return


def _inflate(unpacker: Any, chunk: bytes) -> Iterator[bytes]:
    while chunk or unpacker.unconsumed_tail:
        found = unpacker.decompress(chunk or unpacker.unconsumed_tail, CHUNK)
        chunk = b""
        if found:
            yield found
        elif not unpacker.unconsumed_tail:
            return


def _next_header(stream: BinaryIO, offset: int) -> int:
    """The place of the next member's header: behind a descriptor, at most."""
    stream.seek(offset)
    near = stream.read(28)
    found = near.find(b"PK\x03\x04")
    return offset + max(found, 0)


class _CheckedInfo(tarfile.TarInfo):
    """A header that asks for no more memory than names need, and tells of blocks that should be one and aren't."""

    @classmethod
    def frombuf(cls, buf: Any, encoding: str, errors: str) -> _CheckedInfo:
        info = super().frombuf(buf, encoding, errors)
        if info.type in TAR_META and info.size > MAX_TAR_META:
            raise tarfile.ReadError(f"a name or attributes of {info.size} bytes")
        return info

    @classmethod
    def fromtarfile(cls, archive: Any) -> _CheckedInfo:
        try:
            return super().fromtarfile(archive)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]
            archive.damage = archive.damage or str(error)
            raise


class _TarFile(tarfile.TarFile):
    tarinfo = _CheckedInfo
    damage = ""


class _Raw:
    """A source as the file that `tarfile` wants: as many bytes as are asked for, while there are."""

    def __init__(self, source: ByteStream) -> None:
        self._source = source

    def read(self, size: int) -> bytes:
        pieces = []
        while size > 0 and (piece := self._source.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


def read_tar(source: ByteStream) -> Members:
    """The members of a tar file."""
    seen: Counter[str] = Counter()
    raw: Any = _Raw(source)
    place = source.offset
    try:
        # Told to ignore empty blocks, it goes on behind broken ones too.
        with _TarFile.open(fileobj=raw, mode="r|", ignore_zeros=True) as archive:
            while info := archive.next():
                if archive.damage:
                    yield source.reject("corrupt_file", f"damaged tar: {archive.damage}", place)
                    archive.damage = ""
                place = info.offset
                archive.members = []  # type: ignore[attr-defined]  # it would keep them all
                yield from _tar_member(source, archive, info, seen)
            damage = source.damage or archive.damage
            if damage and not source.reported:
                yield source.reject("corrupt_file", f"damaged tar: {damage}", place)
    except (tarfile.TarError, *ERRORS) as error:
        if not source.reported:
            yield source.reject("corrupt_file", source.damage or f"damaged tar: {error}", place)
    source.reported = True


def _tar_member(source: ByteStream, archive: tarfile.TarFile, info: tarfile.TarInfo, seen: Counter[str]) -> Members:
    if info.isdir():
        return
    if not info.isreg():
        yield Skipped("archive_link" if info.issym() or info.islnk() else "archive_device")
    elif _is_hidden(info.name):
        yield Skipped("archive_hidden")
    else:
        yield Member(_member_name(source.name, info.name, seen), _tar_chunks(archive, info), info.size)


def _tar_chunks(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Chunks:
    stream: Callable[[int], bytes] | None = None
    left = info.size
    try:
        found = archive.extractfile(info)
        stream = found.read if found else None
        while stream and (chunk := stream(min(CHUNK, max(left, 1)))):
            left -= len(chunk)
            yield chunk
    except (tarfile.TarError, *ERRORS) as error:
        yield Damage(f"damaged tar: {error}")
        return
    if left > 0:
        yield Damage("damaged tar: ends early")
