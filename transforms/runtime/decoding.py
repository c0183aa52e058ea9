"""The text of bytes, for records and pages alike, whatever encoding was declared for them.

The evidence, in this order: a byte order mark; the escape sequences of ISO 2022 and HZ; valid UTF-8; slightly damaged
UTF-8; UTF-16 and UTF-32 without a mark; a declaration that the bytes bear out; then the encoding in which they are most
legible (`legibility`). A mark is never wrong and valid UTF-8 hardly ever, declarations often: the order of the WHATWG's
Encoding standard, with UTF-8 put before the declarations.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from resiliparse.parse.encoding import map_encoding_to_html5

from transforms.runtime.legibility import CANDIDATES, WIDER, Reading, count_high, odd_share, readings, telling_part

# An encoding is found from this much, UTF-16 from this.
SAMPLE_SIZE = 1 << 16
WIDE_SAMPLE = 1 << 13
# A declaration stands in the first kilobyte (WHATWG); sites put scripts before it.
META_BYTES = 8192
LABEL = rb"""\s*=\s*["']?\s*([a-z0-9_:.\-]{2,40})"""
META = re.compile(rb"<meta[^>]{0,300}?charset" + LABEL, re.IGNORECASE)
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?\bencoding" + LABEL, re.IGNORECASE)
CODE_PAGE = re.compile(r"(?:x-)?(?:windows|win|ibm|cp)[-_ ]?(\d{3,4})")
# Codecs of Python that any bytes are text to.
NOT_TEXT = frozenset(("idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"))
# An HTTP header that names this is often the server's default for all its pages, a page's own that of its template.
DEFAULT = "cp1252"
# Bytes that stand for marks of ASCII are parts of other characters in these.
OVERLAPPING = frozenset(("cp932", "gb18030", "big5hkscs", "cp949", "johab", "iso2022_jp_ext", "iso2022_kr", "hz"))
# Of broken UTF-8, this many characters must be whole for each that isn't.
WHOLE_PER_BROKEN = 4
# This many bytes beyond ASCII tell of an encoding for a whole file.
MIN_TELLING = 16
# A declared encoding is believed if it is this part as likely as the likeliest; right ones hardly ever fall below.
BELIEVED = 0.8
# Share of a text's characters that may be controls, unassigned, private or broken.
MAX_BROKEN = 0.05
# Share of the characters beyond ASCII that may be out of place where no encoding was declared; few tell nothing.
MAX_ODD = 0.3
FEW = 8
# Leading bytes of common kinds of file that hold no plain text.
BINARY_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x7fELF", b"RIFF", b"OggS", b"ID3")
CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\v\x1b")
# Byte order marks; the longer ones first, since UTF-32's begins with UTF-16's.
WIDE_BOMS = {"utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)}
ESCAPES = {
    "iso2022_kr": re.compile(rb"\x1b\$\)C"),
    "iso2022_jp_ext": re.compile(rb"\x1b\$"),
    "hz": re.compile(rb"~\{(?:[!-w][!-~]){2,}~\}"),
}
# Characters that every text has, and bytes that they have in UTF-16 and UTF-32; other text hardly has those.
USUAL_WIDE = re.compile("[\t\n\r -~、。「，！（？]")
WIDE_BYTES = (b"\0", b"\x01", b"\x02", b"\x0c", b"\x0e", b"\x1f")
WIDE_BLANKS = re.compile("[ \n‐-‧]")
# JSON and markup, which in UTF-16 begin otherwise.
MARKED_UP = re.compile(rb"""[\s\xef\xbb\xbf]*(?:[{\[]\s*["{\[]|<[!?a-zA-Z])""")
MIN_USUAL = 0.02
MAX_STRAY = 0.15
# Blocks of 256 characters that a text of another script than Chinese is in: its own, Latin, punctuation.
BLOCKS = 3


class Decoded(NamedTuple):
    """A text without its byte order mark, its encoding by Python's name, and whether that is anything but UTF-8."""

    text: str
    encoding: str
    guessed: bool


def decode(payload: bytes, *declared: str | None) -> Decoded | None:
    """The text of bytes, with U+FFFD for what is broken in it; None where no encoding makes sense of them.

    Args:
        payload: the bytes, all of a text.
        declared: encodings that were declared for it or found from more of the same file, the likelier first.
    """
    decoded, sensible = _read(payload, declared)
    return decoded if sensible else None


def decode_page(html: bytes, *, declared: str | None = None) -> Decoded:
    """The text of a page, without NULs.

    Args:
        html: the page as it was fetched.
        declared: the encoding of its HTTP header, if there was one.
    """
    decoded, _ = _read(html, _labels(html, declared))
    return decoded._replace(text=decoded.text.replace("\0", "")) if "\0" in decoded.text else decoded


def find_encoding(head: bytes, *, declared: bool = False) -> str | None:
    """The encoding that the first bytes of a file tell of; None for UTF-8, and where nothing tells.

    `declared`: an XML declaration among them counts, unless the bytes are valid UTF-8 or in no way what it says.
    """
    if looks_binary(head):
        return None
    stated = XML.match(head) if declared else None
    named = codec_of(stated[1].decode("ascii")) if stated else None
    (_, encoding, guessed), sensible = _read(head, (named,))
    if not guessed:
        # All of it ASCII: what is declared may still show later.
        return named if head.isascii() and named != "utf-8" else None
    telling = encoding.startswith("utf") or head.isascii() or sum(byte > 0x7F for byte in head) >= MIN_TELLING
    return encoding if sensible and (telling or encoding == named) else None


def _read(payload: bytes, declared: Iterable[str | None]) -> tuple[Decoded, bool]:
    """A text, and whether it makes sense."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        encoding, sensible = _not_utf8(payload, declared)
    else:
        encoding, sensible = (text.isascii() and _disguised(payload)) or "utf-8", True
        if encoding == "utf-8":
            return Decoded(text.removeprefix("\ufeff"), encoding, guessed=False), True
    text = payload.decode(encoding, "replace").removeprefix("\ufeff")
    return Decoded(text, encoding, encoding != "utf-8"), sensible and (encoding == "utf-8" or _is_plausible(text))


def _disguised(payload: bytes) -> str:
    """The encoding of bytes that are ASCII to look at and no ASCII, else ""."""
    if b"\x1b$" in payload or b"~{" in payload:
        for name, escape in ESCAPES.items():
            if escape.search(payload):
                return name if _is_plausible(payload.decode(name, "replace")) else ""
    return _unmarked_wide(payload)


def _not_utf8(payload: bytes, declared: Iterable[str | None]) -> tuple[str, bool]:
    """The encoding of bytes that aren't valid UTF-8, and whether they can be read in it."""
    if marked := _wide_encoding(payload):
        return marked, True
    text = payload.decode("utf-8", "replace")
    if text.count("\ufffd") * (WHOLE_PER_BROKEN + 1) <= count_high(text):
        return "utf-8", True
    if wide := _unmarked_wide(payload):
        return wide, True
    telling = telling_part(payload)
    found = readings(telling)
    for name in filter(None, map(codec_of, declared)):
        if _is_believable(name, telling.decode(name, "replace"), found):
            return name, True
    if not found:
        return DEFAULT, False
    high = count_high(found[0].text)
    return found[0].encoding, high < FEW or odd_share(found[0].text) <= MAX_ODD


def _is_believable(encoding: str, text: str, found: Sequence[Reading]) -> bool:
    """Whether bytes that become `text` in a declared encoding are in it: no other of those found is much likelier."""
    few = count_high(text) < FEW and encoding != DEFAULT
    # Of few bytes a guess is no better than a declaration that is no default; what isn't in use is declared rightly.
    if few or encoding not in CANDIDATES:
        return odd_share(text) <= MAX_BROKEN
    likelihood = next((reading.likelihood for reading in found if reading.text == text), -1.0)
    return likelihood >= BELIEVED * found[0].likelihood if found else False


def _unmarked_wide(payload: bytes) -> str:
    """The UTF-16 or UTF-32 that bytes are in by their usual characters and the few blocks of all, else ""."""
    if not any(byte in payload for byte in WIDE_BYTES) or MARKED_UP.match(payload):
        return ""
    sample = payload[:WIDE_SAMPLE]
    found: dict[float, str] = {}
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        text = sample[: len(sample) // width * width].decode(encoding, "replace")
        if not text or _broken_share(text) > MAX_BROKEN:
            continue
        usual = len(USUAL_WIDE.findall(text)) / len(text)
        blocks = Counter(ord(character) >> 8 for character in text).most_common(BLOCKS)
        share = sum(count for _, count in blocks) / len(text)
        # ASCII with stray NULs looks Chinese, but for its blanks and signs.
        blanks = sample.count(b" ") + sample.count(b"\n") - len(WIDE_BLANKS.findall(text))
        stray = sample.isascii() or blanks > MAX_STRAY * len(text) or odd_share(text) > MAX_STRAY
        if usual == 1 or (len(text) > FEW and (share >= 1 - MAX_BROKEN or (usual >= MIN_USUAL and not stray))):
            found[usual + share] = encoding
    return found[max(found)] if found else ""


def _labels(html: bytes, declared: str | None) -> Iterable[str | None]:
    """What HTTP declared for a page and what it declares itself, the likelier first."""
    found = XML.match(html[:META_BYTES]) or META.search(html[:META_BYTES])
    stated = found[1].decode("ascii") if found else None
    yield from (stated, declared) if codec_of(declared) == DEFAULT else (declared, stated)


def codec_of(label: str | None) -> str | None:
    """Python's name of the encoding that a label means on the web; None for none, and for those unlike ASCII."""
    label = (label or "").strip(" \t\r\n\"';").lower()
    by_number = CODE_PAGE.fullmatch(label)
    name = f"cp{by_number[1]}" if by_number else map_encoding_to_html5(label, fallback_utf8=False)
    try:
        name = codecs.lookup(name or label.removeprefix("x-")).name
        if name.replace("_", "-") in NOT_TEXT or b"Az<0>".decode(name) != "Az<0>":
            return None
    except (LookupError, ValueError):
        return None
    return WIDER.get(name, name) if label not in ("ascii", "us-ascii") else None


def needs_recoding(encoding: str, *, lines_only: bool) -> bool:
    """Whether marks of ASCII can't be looked for in that encoding, since their bytes stand inside other characters.

    `lines_only`: it is ends of lines that are looked for, which only stand so in UTF-16 and UTF-32.
    """
    return encoding.startswith(("utf-16", "utf-32")) or (not lines_only and encoding in OVERLAPPING)


def _wide_encoding(head: bytes) -> str:
    """`utf-16` or `utf-32` where `head` begins with that encoding's byte order mark, else ""."""
    return next((encoding for encoding, marks in WIDE_BOMS.items() if head.startswith(marks)), "")


def looks_binary(head: bytes) -> bool:
    """Whether `head`, the first bytes of a file or record, are no text in any encoding.

    They are the first bytes of a known binary format, or hold more than a twentieth of NULs and control characters
    that aren't those of UTF-16 or UTF-32.
    """
    if head.startswith(BINARY_MAGIC):
        return True
    sample = head[:4096]
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    return controls > MAX_BROKEN * len(sample) and not _wide_encoding(head) and not _unmarked_wide(head)


def _is_plausible(text: str) -> bool:
    return _broken_share(text[:4096]) <= MAX_BROKEN


def _broken_share(text: str) -> float:
    broken = sum(count for character, count in Counter(text).items() if _is_broken(character))
    return broken / max(len(text), 1)


def _is_broken(character: str) -> bool:
    return character == "\ufffd" or (unicodedata.category(character)[0] == "C" and character not in "\t\n\r\ufeff")
