"""Sentences of one cleaned article, as offsets into its text.

In: the cleaned text of an article, paragraphs separated by blank lines or by single line ends. Out: half-open
code-point offsets, in order and without overlap, that hold every character that is not white space. Nothing is
rejected: every string has an answer.

A rule per full stop and not a model, because this runs before the entity engine on everything: one regular
expression finds the candidates, a decision that looks at a bounded number of characters on either side takes or
leaves each. The cost is linear in the text, whatever the text.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from transforms.sentences.abbreviations import EXCLAMATORY, HOSTS, WORD, starts_sentence, stop_ends_sentence

MAX_CHARS = 2000
"""Longest sentence, in code points, before it is cut at white space."""

_BREAKS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"  # what str.splitlines takes for the end of a line
_LINE = re.compile(f"[^{_BREAKS}]+")
_NONSPACE = re.compile(r"\S")

# Every part but the stops may be empty: the pattern never fails half-way, so it never backtracks over a long run.
_STOP = re.compile(
    r"([.!?…‽。！？｡؟۔।]+)"
    r"""(["'”’“»«›)\]}」』）】*_]*(?:(?:(?<=['’"”])[ \xa0\u202f]["”’]|[ \xa0\u202f][»”])(?!\S))?)"""
    r"(\s*)"
)
_WIDE = frozenset("。！？｡")  # end a sentence without a space after them
_QUOTES = frozenset("\"'”’“»«›")
_OPENERS = " \"'“”‘’„‚«»‹(［[{（「『¿¡*_—–-•·▪●◦■►―"
_BULLETS = frozenset("•·▪●◦■►")
_DASHES = frozenset("—–-―")
_ITEMS = _BULLETS | {"*", "-"}
_GLUED = re.compile(r"""["”’)\]]{0,3}(?=["“‘„(«\[]{0,2}(?:[^\W\d_a-z][^\W\d_A-Z]|[AI][ ’']))""")
_DELIMITERS = re.compile(r"[^\w.&'’-]+|(?<=\d)(?=[ap]\.m)", re.IGNORECASE)
_LOOK_BACK = 32  # code points before a stop that are looked at for its word
_SPEECH = re.compile(  # `"Why?" Mr. Cole asked`, but not `"Why?" Mr. Cole said he knew`
    r"(?:[A-Z][\w.’'-]{0,20}\s{1,3}){1,4}"
    r"(?:(?:said|says)(?=[.,:;—–]|\s(?:in|on|at|of|to|during|as|when|after|before|while|with|from|via|about|aloud|this"
    r"|last|late|earlier|yesterday|[A-Z][a-z]{2,7}day)\b)"
    r"|(?:asked|asks|wrote|writes|tweeted|added|replied|exclaimed|shouted|yelled|recalled|continued|responded|joked"
    r"|quipped|wondered|demanded|cried|screamed|told|mused)\b(?!\s(?:that|if|whether|by|with)\b))"
)
_AGENCY = re.compile(r"\([\w.& ]{1,40}\)")  # "Calif. (AP) — …", not "Calif. (Photo: …)"

_WRAP_WIDTHS = range(40, 133)  # columns that plain-text dumps are wrapped at


def split_sentences(text: str, *, max_chars: int = MAX_CHARS) -> list[tuple[int, int]]:
    """The sentences of `text` as half-open code-point offsets (start, end).

    Spans are in order, not empty, do not overlap, neither start nor end with white space, contain no blank line, and
    together hold every character that is not white space. A span of more than `max_chars` code points (at least 1) is
    cut at the last white space that leaves no more than that many, or after exactly that many where there is none.
    Raises ValueError if `max_chars` is less than 1.
    """
    if max_chars < 1:
        raise ValueError(f"max_chars must be at least 1, not {max_chars}")
    spans: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        first = start
        for cut, following in _boundaries(text, start, end):
            spans.append((first, cut))
            first = following
        if first < end:
            spans.append((first, end))
    if all(end - start <= max_chars for start, end in spans):
        return spans
    return [piece for start, end in spans for piece in _cut(text, start, end, max_chars)]


def _cut(text: str, start: int, end: int, max_chars: int) -> Iterator[tuple[int, int]]:
    """The pieces, at most `max_chars` long, of the span from `start` to `end`."""
    while end - start > max_chars:
        window = text[start : start + max_chars + 1]
        head = window.rstrip()
        if len(head) > max_chars:
            words = window.rsplit(None, 1)
            head = words[0] if len(words) == 2 else window[:max_chars]
        yield start, start + len(head)
        found = _NONSPACE.search(text, start + len(head), end)
        start = found.start() if found else end
    if start < end:
        yield start, end


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """What no sentence crosses: the lines of `text`, those of a hard-wrapped paragraph joined."""
    lines = []
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if stripped:
            start = match.start() + len(line) - len(line.lstrip())
            lines.append((start, start + len(stripped)))
    width = _wrap_width(text, lines)
    if not width:
        yield from lines
        return
    first = lines[0][0]
    for before, after in pairwise(lines):
        if not (_adjacent(text, before, after) and _is_full(text, before, after, width)):
            yield first, before[1]
            first = after[0]
    yield first, lines[-1][1]


def _adjacent(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether no blank line stands between two lines and the second starts no item of a list."""
    gap = text[before[1] : after[0]] + "|"
    one_break = len(gap.splitlines()) == 2
    return one_break and not gap.endswith(("  |", "\t|")) and text[after[0]] not in _ITEMS


def _is_full(text: str, before: tuple[int, int], after: tuple[int, int], width: int) -> bool:
    """Whether the next line's first word had no room on this one, so that a wrapper at `width` broke here."""
    word = text[after[0] : min(after[1], after[0] + 24)].split(None, 1)[0]
    return before[1] - before[0] + 1 + len(word) > 0.9 * width


def _wrap_width(text: str, lines: list[tuple[int, int]]) -> int:
    """The column that `text` is hard-wrapped at, 0 if it is not.

    Judged on lines with another right below: their longest (one in twenty may be longer) is a plausible width, a
    quarter or more end without a stop, and of those most left no room for the next line's first word and a third go on
    in lower case. Lists of headlines fail the last condition, lists of short items the one before, paragraphs on a
    line each the first or the second.
    """
    pairs = [(a, b) for a, b in pairwise(lines) if _adjacent(text, a, b)]
    if not pairs:
        return 0
    lengths = sorted(a[1] - a[0] for a, _ in pairs)
    width = lengths[len(lengths) - 1 - len(lengths) // 20]
    unfinished = [(a, b) for a, b in pairs if text[a[1] - 1] not in '.!?:;"”']
    if width not in _WRAP_WIDTHS or len(unfinished) < 0.25 * len(pairs):
        return 0
    full = sum(_is_full(text, a, b, width) for a, b in unfinished)
    going_on = sum(text[b[0]].islower() for _, b in unfinished)
    return width if full >= 0.7 * len(unfinished) and going_on >= 0.3 * len(unfinished) else 0


def _boundaries(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where sentences end inside one paragraph: (end of a sentence, start of the next)."""
    for match in _STOP.finditer(text, start, end):
        following = match.end()
        if following >= end:
            return
        stop, close, gap = match.start(), match.end(1), match.start(3)
        if gap == following:
            cut = _glued_cut(text, stop, close, gap)
            if cut:
                yield cut, cut
                start = cut
        elif _ends_sentence(text, start, (stop, close, gap, following)):
            yield gap, following
            start = following


def _glued_cut(text: str, stop: int, close: int, gap: int) -> int:
    """Where to cut at a stop without white space after it, 0 for nowhere ("ended.The next", "終わり。次")."""
    if text[close - 1] in _WIDE:
        return 0 if text[gap - 1] in "」』" or text[gap] in "、，,」』" else gap
    before = text[max(0, stop - 2) : stop]
    if len(before) < 2 or not before.islower() or not before.isalpha():
        return 0
    match = _GLUED.match(text, close)
    if not match:
        return 0
    word = WORD.search(text, match.end())
    token = text[max(0, stop - _LOOK_BACK) : stop].rsplit(None, 1)[-1]
    if (word and word.group().lower() in HOSTS) or "/" in token or "@" in token or "." in token:
        return 0
    return match.end()


def _ends_sentence(text: str, start: int, place: tuple[int, int, int, int]) -> bool:
    """Whether the stop at `place` ends the sentence that began at `start`.

    `place` is the first character of the stop, the end of its stops, the end of the quotes and brackets that it
    closes, and the first character after the white space.
    """
    stop, close, gap, following = place
    after = text[following : following + 24]
    head = after.lstrip(_OPENERS)
    certain = text[close - 1] in _WIDE or after[0] in _BULLETS
    if certain or not _may_start(after, head):
        return certain
    if ")" in text[close:gap] and not _closes_sentence(text, start, close):
        return starts_sentence(head)
    window = text[max(start, stop - _LOOK_BACK) : stop]
    word = window[window.rfind(" ") + 1 :]
    if not word.isalpha():
        word = _DELIMITERS.split(word)[-1]
    if after[0] in _DASHES:  # neither a dateline ("DOVER, Del. — The") nor a signature ("We will win. — Jo Smith")
        return starts_sentence(head) and word.isalpha() and word.islower()
    if text[stop:close] != ".":
        return _mark_ends_sentence(text, start, place, starts=starts_sentence(head), word=word)
    if stop - start <= 3 and (window.isdigit() or len(window) == 1):
        return False  # "1." or "A." alone counts an item
    quoted = gap > close and text[gap - 1] in _QUOTES
    listed = window.endswith(", " + word) and not _AGENCY.match(text, following)
    return stop_ends_sentence(word, head, quoted=quoted, listed=listed)


def _may_start(after: str, head: str) -> bool:
    """Whether a sentence may start with `after`; `head` is the same without opening quotes, brackets and dashes."""
    if after[0] in ".…":
        return after.lstrip(".…")[:1].isalnum()  # "… the end. …And then"
    lower = head[:1].islower() and not head[1:2].isupper()  # but "iPhone"
    return head != "" and not lower and after[0] not in "!?,;:)]"


def _closes_sentence(text: str, start: int, close: int) -> bool:
    """Whether the bracket after `close` was opened where a sentence may start, not inside one."""
    opening = text.rfind("(", max(start, close - 400), close)
    return opening <= start or text[opening - 2 : opening].rstrip()[-1:] in '.!?…"”’)'


def _mark_ends_sentence(text: str, start: int, place: tuple[int, int, int, int], *, starts: bool, word: str) -> bool:
    """Whether "!", "?" or an ellipsis after `word` ends the sentence; `starts`: the next word starts sentences."""
    stop, close, gap, following = place
    marks = text[stop:close]
    if "!" in marks or "?" in marks:
        if marks == "!" and word in EXCLAMATORY:
            return starts
        return gap == close or _SPEECH.match(text, following) is None
    if text[stop - 1 : stop].isspace():  # spaced from both sides: words left out, or whole sentences
        return starts or text[max(start, stop - 3) : stop].rstrip()[-1:] in ".!?"
    return True
