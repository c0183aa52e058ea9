"""Which lines of an article may be page furniture that only their recurring gives away, and which of these do recur.

Plain functions on texts. A line that recurs is no proof by itself: agencies repeat paragraphs of background for months,
columnists their catchphrases. So a sentence counts only if it speaks to readers or of the page or, where the article
ends, of its writer; never one with speech in it. Short lines that are no sentences count anywhere, but have to recur
more often between paragraphs, where they could be subheadings. What stands twice in one article is a part of it.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from transforms.runtime.identity import line_digest

# In this many stories of a source: what speaks to readers and what stands at an edge; other short lines.
OFTEN, VERY_OFTEN = 3, 6
# The lines at the beginning and end of an article that are its edges.
FIRST, LAST = 3, 4
MAX_LABEL, MAX_LINE = 60, 1500
# Of an article at most as many at either end are looked at.
MAX_CANDIDATES = 30

LETTERS = re.compile(r"[^\W\d_]{2}")
SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
SPEECH = re.compile(r"[“”„«]|(?<!\w)\"\w|\b(?:said|says|told|according to|tweeted|replied)\b", re.IGNORECASE)
PAGES = (
    *("story", "article", "report", "column", "post", "piece", "interview", "essay", "op-ed", "oped", "series"),
    *("transcript", "page", "video", "podcast", "coverage"),
)
# What speaks to readers, or of the page that it stands on: what such a line holds, in lower case, and the whole of it.
MARKS = (
    (("sign",), r"\bsign(?:ing)?[- ]?up\b"),
    (("subscri", "newsletter", "privacy policy", "promo code", "whatsapp", "©"), None),
    (("@", "http", "www.", "click "), r"(?<!\w)@\w{2}|https?:|\bwww\.|\w@\w|\bclick (?:here|on|the|below|to)\b"),
    (
        ("inbox", "in-box", "mail", "phone", "device", "browser", " app"),
        r"\b(?:your|our) (?:in-?box|e-?mails?|phone|device|browser|app)\b",
    ),
    (("download",), r"\bdownload (?:the|our|it)\b"),
    (("follow",), r"\bfollow (?:us|me|him|her|them|the latest|our|(?-i:[A-Z])\w+ (?:(?-i:[A-Z])\w+ )?on)\b"),
    (
        tuple(f"this {page} " for page in PAGES),
        rf"\bthis (?:{'|'.join(PAGES)}) (?:was|is|has|first|originally|appear\w+|contains|may|features|uses)\b",
    ),
    (("ing by", "ed by"), r"\b(?:reporting|editing|compiled|reported|writing) by\b"),
    (("contributed",), r"\bcontributed(?: to|\W*$)"),
    (("all rights reserved", "hear from you", "can be reached", "paywall", "paid subscribers"), None),
    (("stay ",), r"\bstay (?:up to date|up-to-date|informed|tuned|connected)\b"),
    (("note",), r"\beditor['’]?s['’]? note\b"),
    (("to comment",), r"\b(?:like|wish) to comment\b"),
    (("donat",), r"\bdonat(?:e|ions?) (?:to|now|today|here|help|support)\b"),
    (("reach", "contact", "mail"), r"\b(?:reach|contact|e-?mail) (?:him|her|them|us|me) (?:at|on|via|by)\b"),
    (("opinion", "views"), r"\b(?:opinions?|views) (?:expressed|are (?:his|her|their|those))\b"),
    (("originally", "reprinted"), r"\boriginally (?:appeared|published)\b|\breprinted (?:from|with)\b"),
    (("nonprofit", "independent"), r"\b(?:nonprofit|independent) (?:newsroom|news (?:site|organi[sz]ation))\b"),
    (
        ("abonn", "suscr", "assine", "iscriviti", "inscri"),
        r"\babonn(?:ez|ieren|iert|eer|e-toi|ati)|\bsuscr[ií]b|\bassine\b|\biscriviti\b|\binscri(?:vez|va-se)\b",
    ),
    (("folgen sie", "suivez", "síguenos", "siga-nos", "seguici", "melden sie sich"), None),
)
KNOWN_MARKS = tuple(
    (word, re.compile(pattern, re.IGNORECASE) if pattern else None) for words, pattern in MARKS for word in words
)
# How a line begins that asks something of readers.
ASKS = re.compile(
    r"\W*(?:(?:read|watch|see|hear) (?:more|our|live)|don['’]t miss|check out"
    r"|(?:join|support|tell|contact|help|send|e-?mail|write to) (?:us|our|tips|your))\b",
    re.IGNORECASE,
)
Marks = Sequence[tuple[str, re.Pattern[str] | None]]
ROLE = (
    r"(?:columnist|editor|author|reporter|correspondent|writer|fellow|professor|director|host|contributor|analyst"
    r"|commentator|journalist|producer|scholar|president|founder|attorney|strategist|consultant|lecturer|blogger|lawyer"
    r"|critic)"
)
WRITER = re.compile(
    r"^[\W_]*(?:(?:[A-ZÀ-Þ][\w.'’-]*,?\s){2,4}|[Tt]he (?:author|writer) )"
    rf"(?:is|was|are|covers|writes|reports|has|serves|teaches)\b.*(?:\b{ROLE}s?\b|\bcovers\b|\bwrites\b)"
)


class Candidate(NamedTuple):
    """A line that may be furniture, and in how many stories of its source it has to stand."""

    line: str
    needed: int


def find_candidates(text: str) -> list[Candidate]:
    """The lines of a cleaned text that are furniture if they recur, in their order, each once."""
    lines = [line for line in text.split("\n") if line]
    if len(lines) < FIRST:
        return []
    counted = Counter(lines)
    story = max(lines, key=_length)
    lowered = text.lower()
    marks = [mark for mark in KNOWN_MARKS if mark[0] in lowered]
    found = []
    for i, line in enumerate(lines):
        if counted[line] == 1 and line != story and len(line) <= MAX_LINE:
            needed = _needed(line, marks, first=i < FIRST, last=len(lines) - i <= LAST)
            if needed:
                found.append(Candidate(line, needed))
    return found if len(found) <= 2 * MAX_CANDIDATES else found[:MAX_CANDIDATES] + found[-MAX_CANDIDATES:]


def _length(line: str) -> tuple[int, str]:
    return len(line), line


def _needed(line: str, marks: Marks, *, first: bool, last: bool) -> int:
    """In how many stories a line has to stand; 0 for one that is none of these lines."""
    if len(line) <= MAX_LABEL and not SENTENCE.search(line):
        if not LETTERS.search(line):
            return 0
        return OFTEN if first or last or _speaks(line, marks) else VERY_OFTEN
    if _speaks(line, marks) or (last and WRITER.match(line)):
        return 0 if SPEECH.search(line) else OFTEN
    return 0


def _speaks(line: str, marks: Marks) -> bool:
    """Whether a line speaks to readers, or of its page; `marks` are those that its text holds."""
    if ASKS.match(line):
        return True
    if not marks:
        return False
    lowered = line.lower()
    return any(word in lowered and (pattern is None or pattern.search(line) is not None) for word, pattern in marks)


# The story, then a line and how often it is needed, again and again.
_HEAD, _LINE = struct.Struct("<Q"), struct.Struct("<QB")


def pack_lines(text: str) -> bytes:
    """What is needed of a text to find out which of its lines recur; empty where none could be furniture."""
    candidates = find_candidates(text)
    if not candidates:
        return b""
    story = max(text.split("\n"), key=_length)
    return _HEAD.pack(line_digest(story)) + b"".join(
        _LINE.pack(line_digest(line), needed) for line, needed in candidates
    )


class PackedLine(NamedTuple):
    """A line of an article: its number among all outlets' lines, that of the line by itself, the story, the need."""

    key: int
    line: int
    story: int
    needed: int


def unpack_lines(packed: bytes, outlet: int) -> Iterator[PackedLine]:
    """The reverse of `pack_lines`, as numbers, for an article of the outlet whose digest this is."""
    if packed:
        (story,) = _HEAD.unpack_from(packed)
        for line, needed in _LINE.iter_unpack(packed[_HEAD.size :]):
            # Of 63 bits, for Beam.
            yield PackedLine((outlet ^ line) >> 1, line, story >> 1, needed)


def select_furniture(text: str, lines: Collection[int]) -> str | None:
    """The lines of a text that were found to recur, given by `line_digest`, one a line; None where there are none."""
    found = [line for line, _ in find_candidates(text) if line_digest(line) in lines] if lines else []
    return "\n".join(found) or None
