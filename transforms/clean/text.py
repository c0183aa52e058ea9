r"""Repairs the characters of a text: wrong decodings, invisible characters, line breaks and white space.

In goes any `str`, lone surrogates and NULs included; out comes NFC text that UTF-8 can hold, with "\n" as its only
line break and no space at the edge of a line. Words are never judged here; `furniture` does that.

Two halves. `_undamage` turns wrongly decoded characters back (ftfy's tables and order of attempts) and resolves HTML
references. `_normalise` has the fixed rules on characters and white space. One can uncover work for the other, so
they alternate until nothing changes, which makes `repair_text` idempotent. Everything is linear in the text:
`ftfy.fix_text` is not (a line of "Ã" and a million U+0083 costs hours), nor is NFC on long runs of combining marks.
"""

from __future__ import annotations

import html
import re
import unicodedata

from ftfy import chardata, fixes
from ftfy.badness import is_bad

# Mojibake of mojibake: ftfy's own worst case from the wild has three layers.
MAX_LAYERS = 8
# Real text settles in two rounds: one that works and one that finds nothing left.
MAX_ROUNDS = 5
# UAX #15's Stream-Safe limit on combining marks in a row; Vietnamese needs two.
MAX_COMBINING = 30

LINE_BREAK_RE = re.compile(r"[\r\v\f\u2028\u2029](?:(?<=\r)\n)?")
# U+0085 is Windows-1252's ellipsis ("well\x85 maybe"); only right after the end of a sentence is it a line break.
NEXT_LINE_RE = re.compile(r"(?<=[.!?:;\"')\]\n])\x85+(?![ \x85])")
BLANK_LINES_RE = re.compile(r"\n{3,}")

# What every match of ftfy's BADNESS_RE contains: a C1 control, one of four telling letters, or two non-ASCII characters
# side by side. Cheaper than BADNESS_RE by far, and rules out nearly all of English.
ASCII_RE = re.compile(r"[\x00-\x7f]+")
# Typographers' English, of which no sequence is mojibake.
HARMLESS_RE = re.compile("[‘’“”–—…\xa0]*")
SUSPECT_RE = re.compile(r"[\x80-\x9fÂÃŒœ]|[^\x00-\x7f]{2}")
AMPERSANDS_RE = re.compile(r"&(?:(?:amp|AMP|#0{0,6}38|#[xX]0{0,6}26);)+")
# What a reference must not become: a part of another reference, or a character that is no text.
UNSAFE_REFERENT_RE = re.compile(r"[0-9A-Za-z&#;\ud800-\udfff]")
SURROGATE_PAIR_RE = re.compile("[\ud800-\udbff][\udc00-\udfff]")
SURROGATE_RE = re.compile("[\ud800-\udfff]")

# Controls (white space and U+0085 aside), soft hyphen, grapheme joiner, Arabic letter mark, Mongolian vowel separator,
# zero-width space, directional marks, embeddings and isolates, invisible operators, byte order mark, annotation
# anchors, object replacement, noncharacters of the basic plane.
JUNK_RE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
# Joiners shape words in Arabic's and India's scripts and their neighbours, and glue emoji together.
_INDIC = "\u0900-\u0dff"
_JOINED = f"\u0600-\u08ff{_INDIC}\u0f00-\u109f\u1780-\u18af\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
JOINER_RE = re.compile(f"[\u200c\u200d](?:(?<![{_JOINED}].)|(?<![{_INDIC}].)(?![{_JOINED}]))", re.DOTALL)
# Tag characters spell the flags of England, Scotland and Wales; elsewhere they hide text.
TAGS_RE = re.compile("(\U0001f3f4[\U000e0030-\U000e007a]{1,8}\U000e007f)|[\U000e0000-\U000e007f]")
MARKS_RE = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_COMBINING + 1},}}")

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}  # typesetting, not spelling
)
LIGATURE_RE = re.compile("[ﬀ-ﬆ]")
# Any white space but a lone U+0020; the braille blank only looks like one.
_BLANK = "\t\v\f\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
ODD_SPACE_RE = re.compile(f"[{_BLANK}]")
SPACES_RE = re.compile(f"[{_BLANK}][ {_BLANK}]*| [ {_BLANK}]+")
WIDE_RE = re.compile("[\u2e80-\u2fdf\u3001-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]")


def repair_text(text: str) -> str:
    r"""Repairs an article's text and keeps its lines.

    Mojibake, HTML references and Latin ligatures are resolved, surrogates are paired or replaced by U+FFFD, the result
    is NFC. Controls and invisible characters go, except joiners that a script or an emoji needs. Every line break
    becomes "\n", other white space one space (an ideographic space stays between wide characters), lines are stripped
    and two or more blank lines become one. Curly quotes, dashes and full-width forms stay as they are.

    Takes any `str`, raises nothing, takes time linear in its length. `repair_text(repair_text(x)) == repair_text(x)`.
    """
    settled = _settle(text)
    if settled is not None:
        return settled
    # Only built text is still changing after MAX_ROUNDS: do without guesses about its encoding.
    plain = _normalise(text)
    settled = _settle(plain)
    return plain if settled is None else settled


def repair_line(text: str) -> str:
    """The same for a title or a name: `repair_text`, its lines joined by one space."""
    return repair_text(" ".join(repair_text(text).split("\n"))).replace("\n", " ")


def _settle(text: str) -> str | None:
    """The text after as many rounds as it takes until nothing changes; None if that is more than MAX_ROUNDS."""
    for _ in range(MAX_ROUNDS):
        repaired = _normalise(_undamage(text))
        if repaired == text:
            return text
        text = repaired
    return None


def _undamage(text: str) -> str:
    """Undoes what wrong decoding and HTML escaping did; line breaks come out as they must for `_normalise`."""
    if "&" in text:
        text = chardata.HTML_ENTITY_RE.sub(_resolve_reference, AMPERSANDS_RE.sub("&", text))
    if text.isascii():
        return text
    if HARMLESS_RE.fullmatch(ASCII_RE.sub("", text)):
        return text
    text = NEXT_LINE_RE.sub("\n", SURROGATE_PAIR_RE.sub(_join_pair, text))
    if not SUSPECT_RE.search(text):
        return text
    # A line is the unit in which one decoding error is consistent.
    return "\n".join([_repair_encoding(line) for line in LINE_BREAK_RE.sub("\n", text).split("\n")])


def _resolve_reference(match: re.Match[str]) -> str:
    """What an HTML reference stands for, or itself where that is unknown or could begin another reference."""
    referent = html.unescape(match[0])
    return match[0] if UNSAFE_REFERENT_RE.search(referent) else referent


def _join_pair(match: re.Match[str]) -> str:
    """One character from the two halves that UTF-16 made of it."""
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _repair_encoding(line: str) -> str:
    """One line without its mojibake; as it came if it is still changing after MAX_LAYERS."""
    repaired = line
    for _ in range(MAX_LAYERS):
        before = repaired
        repaired = _repair_layer(before)
        if repaired == before:
            return repaired
    return line


def _repair_layer(line: str) -> str:
    """One step of ftfy's `fix_encoding`, without its unbounded loops and recursion.

    In order: the whole line as UTF-8 read as a one-byte encoding; such sequences inside a line that holds other text
    too; Latin-1 where Windows-1252 was meant.
    """
    if not SUSPECT_RE.search(line) or not is_bad(line):
        return line
    decoded = _decode_again(line)
    if decoded is not None:
        return decoded
    decoded = chardata.UTF8_DETECTOR_RE.sub(_repair_sequence, line)
    if decoded != line:
        return decoded
    return fixes.fix_c1_controls(line)


def _repair_sequence(match: re.Match[str]) -> str:
    """One run of what looks like UTF-8 in a one-byte encoding, decoded if it is unlikely as text."""
    sequence = match[0]
    for _ in range(MAX_LAYERS):
        decoded = _decode_again(sequence) if is_bad(sequence) else None
        if decoded is None:
            break
        sequence = decoded
    return sequence


def _decode_again(text: str) -> str | None:
    """The text encoded in the first one-byte encoding from which it decodes as UTF-8; None if there is none.

    Follows ftfy: bytes A0 that became spaces are put back, sequences that lost a byte become U+FFFD.
    """
    for encoding in chardata.CHARMAP_ENCODINGS:
        if not chardata.possible_encoding(text, encoding):
            continue
        data = text.encode(encoding)
        # In MacRoman this would match an en dash and a space.
        if encoding != "macroman" and chardata.ALTERED_UTF8_RE.search(data):
            data = fixes.restore_byte_a0(data)
        if encoding.startswith("sloppy"):
            data = fixes.replace_lossy_sequences(data)
        # ED and C0 begin what CESU-8 and Java write where UTF-8 proper has other bytes.
        decoding = "utf-8-variants" if 0xED in data or 0xC0 in data else "utf-8"
        try:
            return data.decode(decoding)
        except UnicodeDecodeError:
            continue
    return None


def _normalise(text: str) -> str:
    """The rules on characters and white space; idempotent on its own."""
    text = LINE_BREAK_RE.sub("\n", text)
    text = JUNK_RE.sub("", text)
    if not text.isascii():
        text = _normalise_unicode(text)
    if "  " in text or ODD_SPACE_RE.search(text):
        text = SPACES_RE.sub(_one_space, text)
    text = text.replace(" \n", "\n").replace("\n ", "\n").strip(" \n")
    return BLANK_LINES_RE.sub("\n\n", text) if "\n\n\n" in text else text


def _normalise_unicode(text: str) -> str:
    """What `_normalise` does to text that is not ASCII: surrogates, joiners, tags, ligatures, NFC."""
    if not HARMLESS_RE.fullmatch(ASCII_RE.sub("", text)):
        text = SURROGATE_RE.sub("\ufffd", text.replace("\x85", "\n"))
        text = TAGS_RE.sub(r"\1", JOINER_RE.sub("", text))
        if LIGATURE_RE.search(text):
            text = text.translate(LIGATURES)
        text = unicodedata.normalize("NFC", MARKS_RE.sub(_limit_marks, text))
        # Some characters come apart into marks.
        text = MARKS_RE.sub(_limit_marks, text)
    return text


def _limit_marks(match: re.Match[str]) -> str:
    """Drops combining marks beyond MAX_COMBINING in a row: sorting a long run takes quadratic time."""
    kept = []
    marks = 0
    for character in match[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks < MAX_COMBINING + 1:
            kept.append(character)
    return "".join(kept)


def _one_space(match: re.Match[str]) -> str:
    """What a run of white space becomes: a space, or an ideographic one where it stands between wide characters."""
    if "\u3000" not in match[0]:
        return " "
    text, start, end = match.string, match.start(), match.end()
    between = start > 0 and end < len(text) and WIDE_RE.match(text, start - 1) and WIDE_RE.match(text, end)
    return "\u3000" if between else " "
