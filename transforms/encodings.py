"""Encodings: is it text at all, and which; UTF-8 first, then what a byte order mark or the bytes themselves tell."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from transforms.charsets import CANDIDATES, guess_by_bytes, guess_encoding

# An encoding is told from this much.
SAMPLE_SIZE = 1 << 16
# Of broken UTF-8, so many characters must be whole for each that isn't.
WHOLE_PER_BROKEN = 4
# So many bytes beyond ASCII tell of an encoding for a whole file.
MIN_TELLING = 16
# Share of a text's characters that may be controls, unassigned, private or broken.
MAX_ODD = 0.05
# Leading bytes of common kinds of file that hold no plain text.
BINARY_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x7fELF", b"RIFF", b"OggS", b"ID3")
TEXT_CONTROLS = b"\t\n\r\f\v\x1b"
# Byte order marks; the longer ones first, since UTF-32's begins with UTF-16's.
WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


# Encodings as documents mean them by these names: WHATWG's Encoding Standard, section 4.2.
AS_MEANT = {
    **dict.fromkeys(("ascii", "us-ascii", "latin1", "latin-1", "iso-8859-1", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "euc_kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "iso8859-11", "tis-620"), "cp874"),
    "x-mac-cyrillic": "mac_cyrillic",
    "big5-hkscs": "big5hkscs",
}
# By Python's own names, those that guesses go by.
NAMES = {codecs.lookup(name).name: name for name, _ in CANDIDATES}
# Codecs of Python that make no text of bytes, or run anything but a table.
NOT_TEXT = frozenset(
    (
        "hex",
        "base64",
        "zlib",
        "bz2",
        "rot13",
        "quopri",
        "uu",
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
    )
)
OVERLAPPING = frozenset(
    ("cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213", "gbk", "gb18030", "big5", "big5hkscs")
)
OVERLAPPING |= {"cp949", "johab", "cp950", "iso2022_jp", "iso2022_kr"}
XML_ENCODING = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']"""
)


class Decoded(NamedTuple):
    """A text, and whether its encoding had to be guessed."""

    text: str
    guessed: bool


def decode(payload: bytes, charset: str | None = None) -> Decoded | None:
    """The text of `payload`, or None where no encoding makes sense of it.

    A byte order mark decides; then valid UTF-8; then UTF-8 with a little damage (U+FFFD for what is broken); then
    UTF-16 without a mark; then `charset`, what was declared for it or told from more of the same file, if it fits; then
    the best guess.
    """
    if wide := wide_encoding(payload) or _unmarked_utf16(payload):
        return _plausible(payload.decode(wide, "replace"))
    if b"\x1b$" in payload and (escaped := guess_encoding(payload[:SAMPLE_SIZE])):
        return _plausible(payload.decode(escaped, "replace"))
    try:
        return Decoded(payload.decode("utf-8-sig"), guessed=False)
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(payload):
        return Decoded(payload.decode("utf-8-sig", "replace"), guessed=False)
    known = _codec(charset)
    best = guess_encoding(payload[:SAMPLE_SIZE], told=known)
    if best is None and known and (fitting := _fit(payload, known)) is not None:
        return _plausible(fitting)
    best = best or guess_by_bytes(payload[:SAMPLE_SIZE])
    return _plausible(payload.decode(best, "replace")) if best else None


def _is_damaged_utf8(payload: bytes) -> bool:
    text = payload.decode("utf-8", "replace")
    return text.count("\ufffd") * (WHOLE_PER_BROKEN + 1) <= sum(character > "\x7f" for character in text)


def _fit(payload: bytes, encoding: str) -> str | None:
    """The text in that encoding; None where it isn't."""
    try:
        return payload.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _codec(charset: str | None) -> str:
    """Python's name of an encoding as documents mean it; "" for one that there isn't or that is none of text."""
    if not charset:
        return ""
    name = charset.strip().strip("\"'").lower()
    try:
        name = AS_MEANT.get(name, name)
        found = codecs.lookup(name).name
        return "" if found in NOT_TEXT else NAMES.get(found, name)
    except (LookupError, ValueError):
        return ""


def tell_encoding(head: bytes, *, declared: bool = False) -> str | None:
    """The encoding that the first bytes of a file tell of; None for UTF-8, and where nothing tells.

    `declared`: an XML declaration among them counts, unless the bytes are valid UTF-8 or in no way what it says.
    """
    if wide := wide_encoding(head) or _unmarked_utf16(head):
        return wide
    if looks_binary(head):
        return None
    cut = head[:-4] if len(head) >= SAMPLE_SIZE else head
    try:
        cut.decode("utf-8")
        # All of it ASCII: what is declared may still show later.
        ascii_only = head.isascii()
    except UnicodeDecodeError as error:
        if error.start >= len(cut) - 3 or _is_damaged_utf8(cut):
            return None
    else:
        if not ascii_only or not declared:
            return None
    found = XML_ENCODING.match(head) if declared else None
    if found and (known := _codec(found[1].decode("ascii"))) and known != "utf-8":
        text = head.decode(known, "replace")
        if text.count("\ufffd") <= 1:
            return known
    telling = sum(byte > 0x7F for byte in head) >= MIN_TELLING or b"\x1b$" in head
    return guess_encoding(head) if telling else None


def needs_recoding(encoding: str, *, lines_only: bool) -> bool:
    """Whether marks of ASCII can't be looked for in that encoding, since their bytes stand inside other characters.

    `lines_only`: it is ends of lines that are looked for, which only stand so in UTF-16 and UTF-32.
    """
    wide = encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
    return wide or (not lines_only and encoding in OVERLAPPING)


def wide_encoding(head: bytes) -> str:
    """`utf-16` or `utf-32` where `head` begins with that encoding's byte order mark, else ""."""
    for bom, encoding in WIDE_BOMS:
        if head.startswith(bom):
            return encoding
    return ""


def looks_binary(head: bytes) -> bool:
    """Whether `head`, the first bytes of a file or record, are no text in any encoding.

    They are the first bytes of a known binary format, or hold more than a twentieth of NULs and control characters
    that aren't the NULs of UTF-16 or UTF-32.
    """
    if head.startswith(BINARY_MAGIC):
        return True
    if wide_encoding(head) or _unmarked_utf16(head):
        return False
    sample = head[:4096]
    return sum(byte < 32 and byte not in TEXT_CONTROLS for byte in sample) > MAX_ODD * len(sample)


def _unmarked_utf16(payload: bytes) -> str:
    """`utf-16-le` or `utf-16-be` where the NULs of a mostly Latin text lie as that encoding puts them, else ""."""
    sample = payload[: SAMPLE_SIZE // 2 * 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for encoding, count, other, first in (("utf-16-le", odd, even, sample[1:2]), ("utf-16-be", even, odd, sample[:1])):
        # Fewer do where the first character, of markup at least, is one of them.
        share = 0.25 if first == b"\0" else 0.4
        if not other and count >= max(share * len(sample), 2):
            return encoding
    return ""


def _plausible(text: str) -> Decoded | None:
    sample = text[:4096]
    odd = sum(
        character == "\ufffd" or (unicodedata.category(character)[0] == "C" and character not in "\t\n\r\ufeff")
        for character in sample
    )
    return Decoded(text, guessed=True) if odd <= MAX_ODD * len(sample) else None
