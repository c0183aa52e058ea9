"""Lines that were wrapped at a width are put together again, so that no name or sentence is cut in two.

Exports, mail and newsgroups break lines at some seventy characters. A text is taken for wrapped only where lines go
on with a small letter, as none do whose lines are paragraphs, headlines or items of a list.
"""

from __future__ import annotations

import itertools
import re

from transforms.clean.text import LINE_BREAK_RE

# A line that begins with a small letter, a quick look at which spares nearly all texts the rest.
SMALL = re.compile(r"\n[ \t]{0,3}[a-zß-öø-ÿα-ωа-яё]")
# So many such breaks, and this share of all single breaks, show a wrapped text.
MIN_BREAKS, MIN_SHARE = 2, 0.25
# Wrapped lines are no longer than this.
MAX_WIDTH = 130
INDENT = re.compile(r"[^\S\n]{2,}\S")
BULLET = re.compile(r"\s*(?:[-–—*•·‣▪>|]|\(?\d{1,3}[.)]|[a-z][.)])\s")
ENDED = re.compile(r"[.!?…:][\"'”’»)\]]*$")
# A headline in capitals, a byline.
HEAD = re.compile(r"\s*(?:[^a-zß-öø-ÿа-яё]{12,}|(?:By|BY) (?:\S+ ?){2,5})$")
HYPHEN = re.compile(r"(\w+)([-\u00ad\u2010])$")
WORD = re.compile(r"[^\W\d_]+")
# What keeps its hyphen: parts with which English makes compounds.
COMPOUNDS = frozenset(
    (
        *("well", "self", "non", "anti", "long", "short", "high", "low", "far", "full", "part", "half", "two", "three"),
        *(
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "so",
            "ex",
            "year",
            "day",
            "month",
            "hour",
            "old",
            "new",
        ),
        *("first", "second", "third", "much", "best", "open", "one", "all", "cross", "quasi", "semi", "mid", "late"),
        *("early", "large", "small", "right", "left", "state", "government", "hard", "soft", "middle", "top", "world"),
    )
)


def unwrap_lines(text: str) -> str:
    """A text whose lines were wrapped, with its paragraphs as lines; any other text as it is."""
    # The line breaks of other systems and scripts are `\n` in a cleaned text; they count alike before.
    text = LINE_BREAK_RE.sub("\n", text)
    if len(SMALL.findall(text)) < MIN_BREAKS:
        return text
    lines = text.split("\n")
    breaks = [(line, lines[i + 1]) for i, line in enumerate(lines[:-1]) if line.strip() and lines[i + 1].strip()]
    going_on = sum(_goes_on(line, following) for line, following in breaks)
    if going_on < MIN_BREAKS or going_on < MIN_SHARE * len(breaks):
        return text
    width = _width([line for line, _ in breaks])
    return _join(lines, width, text) if width <= MAX_WIDTH else text


def _goes_on(line: str, following: str) -> bool:
    return following.lstrip()[:1].islower() and not ENDED.search(line.rstrip()) and not BULLET.match(following)


def _width(lines: list[str]) -> int:
    """The width at which lines were wrapped: the longest but for a twentieth."""
    sizes = sorted(len(line.rstrip()) for line in lines)
    return sizes[-1 - len(sizes) // 20]


def _join(lines: list[str], width: int, text: str) -> str:
    words = {word.lower() for word in WORD.findall(text)}
    joined = [lines[0].rstrip()]
    for before, line in itertools.pairwise(lines):
        if _is_break(before, line, width):
            joined.append(line.rstrip())
        else:
            joined[-1] = _glue(joined[-1], line.strip(), words)
    return "\n".join(joined)


def _is_break(before: str, line: str, width: int) -> bool:
    """Whether a line break is the text's own."""
    if not before.strip() or not line.strip() or BULLET.match(line):
        return True
    if INDENT.match(line) and not INDENT.match(before):
        return True
    if not ENDED.search(before.rstrip()):
        return not line.lstrip()[:1].islower() and bool(HEAD.match(before) and not HEAD.match(line))
    # The next word would have fitted: the paragraph ended.
    return len(before.rstrip()) + 1 + len(line.split(maxsplit=1)[0]) <= width


def _glue(before: str, line: str, words: set[str]) -> str:
    hyphen = HYPHEN.search(before)
    if not hyphen or not line[:1].islower():
        return f"{before} {line}" if before else line
    following = WORD.match(line)
    whole = (hyphen[1] + (following[0] if following else "")).lower()
    keeps = hyphen[2] == "-" and hyphen[1].lower() in COMPOUNDS and whole not in words
    return before + line if keeps else before[:-1] + line
