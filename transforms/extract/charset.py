"""The characters of a page: which encoding its bytes are in, whatever was declared.

Servers and pages declare encodings; many declare wrong ones. A byte order mark is never wrong, valid UTF-8 that isn't
plain ASCII hardly ever, so these come before what was declared (the order of the WHATWG's Encoding standard, with
UTF-8 put before the declarations). What was declared is believed where the bytes bear it out; else they are sniffed.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

from transforms.encodings import wide_encoding

# A declaration stands in the first kilobyte (WHATWG); sites put scripts before it.
META_BYTES = 8192
META_RE = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([a-z0-9_:.\-]{2,40})""", re.IGNORECASE)
XML_RE = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([a-z0-9_:.\-]{2,40})["']""", re.IGNORECASE)
# Sniffing reads this much, most of it around the first bytes that aren't ASCII.
SAMPLE_BYTES = 1 << 15
# Labels without a meaning in the WHATWG's Encoding standard that resiliparse lacks, and uchardet's own names.
ALIASES = {
    "x-mac-cyrillic": "mac_cyrillic",
    "windows-874": "cp874",
    "uhc": "cp949",
    "cp949": "cp949",
    "mac-cyrillic": "mac_cyrillic",
}
# Encodings under whose name pages hold a larger one.
WIDER = {"shift_jis": "cp932", "euc_kr": "cp949", "gbk": "gb18030", "big5": "big5hkscs", "iso8859-11": "cp874"}
# An HTTP header that names one of these is often the server's default for all its pages.
DEFAULTS = ("cp1252",)
# Of the characters that aren't ASCII, so many may be broken, unassigned or controls in an encoding that is believed.
MAX_ODD = 0.02
# In a page declared as UTF-8 a few broken bytes are damage, not another encoding.
MAX_BROKEN_UTF8 = 0.2
ODD_RE = re.compile("[\ufffd\x80-\x84\x86-\x9f\ue000-\uf8ff]")
# No Western language has such runs of characters beyond ASCII; one of another script read as Western has little else.
WESTERN = ("cp1252", "iso8859-15", "cp1254")
RUN_RE = re.compile(r"[^\x00-\x7f]{4,}")
MAX_RUNS = 0.3
BEYOND_ASCII_RE = re.compile(r"[^\x00-\x7f]")
NUL_SHARE = 0.2


class DecodedPage(NamedTuple):
    """A page's text, and the encoding it was in, by Python's name."""

    text: str
    charset: str


def decode_page(html: bytes, *, declared: str | None = None) -> DecodedPage:
    """The text of a page.

    Args:
        html: the page as it was fetched.
        declared: the encoding of its HTTP header, if there was one.

    Returns:
        The text, with U+FFFD for bytes that are nothing in its encoding; never with a byte order mark or NUL.
    """
    try:
        if not wide_encoding(html) and b"\0" not in html and b"\x1b$" not in html:
            return DecodedPage(_plain(html.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        pass
    for charset in _candidates(html, declared):
        text = html.decode(charset, "replace")
        if _is_believable(text, charset):
            return DecodedPage(_plain(text), charset)
    charset = _sniff(html)
    return DecodedPage(_plain(html.decode(charset, "replace")), charset)


def _candidates(html: bytes, declared: str | None) -> list[str]:
    if marked := wide_encoding(html):
        return [marked]
    if html.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if wide := _unmarked_wide(html):
        return [wide]
    by_server, by_page = _codec(declared), _stated(html)
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        # Pages in ISO-2022-JP are ASCII to look at.
        return ["iso2022_jp"] if "iso2022_jp" in (by_server, by_page) and b"\x1b$" in html else ["utf-8"]
    named = [by_page, by_server] if by_server in DEFAULTS else [by_server, by_page]
    # Bytes that are UTF-16 or UTF-32 were told above.
    return list(dict.fromkeys(name for name in named if name and not name.startswith(("utf-16", "utf-32"))))


def _codec(label: str | None) -> str | None:
    """Python's name of the encoding that a label means on the web; None for none and for ASCII, which says nothing."""
    label = (label or "").strip(" \t\r\n\"';").lower()
    if label in ("", "ascii", "us-ascii"):
        return None
    name = ALIASES.get(label) or map_encoding_to_html5(label, fallback_utf8=False)
    return WIDER.get(name, name) if name else None


def _stated(html: bytes) -> str | None:
    head = html[:META_BYTES]
    found = XML_RE.search(head) or META_RE.search(head)
    charset = _codec(found[1].decode("ascii", "replace")) if found else None
    # A page whose declaration could be read as ASCII is in no wide encoding (WHATWG HTML, 13.2.3.2).
    return "utf-8" if charset and charset.startswith(("utf-16", "utf-32")) else charset


def _is_believable(text: str, charset: str) -> bool:
    beyond = len(BEYOND_ASCII_RE.findall(text))
    if charset == "utf-8":
        return text.count("\ufffd") <= MAX_BROKEN_UTF8 * beyond
    if charset in WESTERN and sum(map(len, RUN_RE.findall(text))) > MAX_RUNS * beyond:
        return False
    return len(ODD_RE.findall(text)) <= MAX_ODD * beyond + 1


def _unmarked_wide(html: bytes) -> str:
    sample = html[:4096]
    quarter = len(sample) // 4 * 4
    if not quarter or sample.count(0) < NUL_SHARE * len(sample):
        return ""
    counts = [sample[i:quarter:4].count(0) for i in range(4)]
    full = quarter // 4 * 0.9
    if counts[1] >= full and counts[2] >= full and counts[3] >= full:
        return "utf-32-le"
    if counts[0] >= full and counts[1] >= full and counts[2] >= full:
        return "utf-32-be"
    return "utf-16-le" if counts[1] + counts[3] > counts[0] + counts[2] else "utf-16-be"


def _sniff(html: bytes) -> str:
    # Tags and scripts are ASCII in all encodings; only what is between tells.
    text = re.sub(rb"(?is)<(script|style)\b.*?</\1\s*>|<[^>]{0,2000}>", b" ", html[: 16 * SAMPLE_BYTES])
    telling = b" ".join(re.findall(rb"[^\n]{0,200}[\x80-\xff][^\n]{0,200}", text))[:SAMPLE_BYTES] or html[:SAMPLE_BYTES]
    name = detect_encoding(telling, max_len=SAMPLE_BYTES, html5_compatible=False)
    charset = _codec(name) if name else None
    # Bytes that uchardet can't tell and that aren't UTF-8 are mostly Western, and every byte is something there.
    return charset if charset and charset != "utf-8" else "cp1252"


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\0", "")
