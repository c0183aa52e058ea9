"""Encodings: is it text at all, and which; UTF-8 first, then what a byte order mark or the bytes themselves tell."""

from __future__ import annotations

import codecs
import unicodedata
from typing import NamedTuple

import charset_normalizer

# An encoding is told from this much.
SAMPLE_SIZE = 1 << 16
# Of broken UTF-8, so many characters must be whole for each that isn't.
WHOLE_PER_BROKEN = 4
# charset-normalizer's own measure of mess, 0…1, above which a guess is no answer.
MAX_CHAOS = 0.2
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


class Decoded(NamedTuple):
    """A text, and whether its encoding had to be guessed."""

    text: str
    guessed: bool


def decode(payload: bytes) -> Decoded | None:
    """The text of `payload`, or None where no encoding makes sense of it.

    A byte order mark decides; then valid UTF-8; then UTF-8 with a little damage (U+FFFD for what is broken); then
    UTF-16 without a mark; then charset-normalizer's best guess.
    """
    if wide := wide_encoding(payload) or _unmarked_utf16(payload):
        return _plausible(payload.decode(wide, "replace"))
    try:
        return Decoded(payload.decode("utf-8-sig"), guessed=False)
    except UnicodeDecodeError:
        pass
    text = payload.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * (WHOLE_PER_BROKEN + 1) <= sum(character > "\x7f" for character in text):
        return Decoded(text, guessed=False)
    best = charset_normalizer.from_bytes(payload[:SAMPLE_SIZE], threshold=MAX_CHAOS).best()
    return _plausible(payload.decode(best.encoding, "replace")) if best else None


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
    enough = max(len(sample) // 4, 2)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd >= enough and not even:
        return "utf-16-le"
    if even >= enough and not odd:
        return "utf-16-be"
    return ""


def _plausible(text: str) -> Decoded | None:
    sample = text[:4096]
    odd = sum(
        character == "\ufffd" or (unicodedata.category(character)[0] == "C" and character not in "\t\n\r\ufeff")
        for character in sample
    )
    return Decoded(text, guessed=True) if odd <= MAX_ODD * len(sample) else None
