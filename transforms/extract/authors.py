"""The authors of a page's article: names out of what the page states, and out of the lines around its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from transforms.extract.blocks import FAR, MARK_INDEX, Block
from transforms.extract.dates import DATE_RE, MONTHS
from transforms.extract.elsewhere import is_foreign
from transforms.extract.titles import fold_words

MAX_NAME = 100
MAX_AUTHORS = 30
LABEL = r"(?:written|posted|published|authored|reported|created|story|article|words|text|content|analysis|opinion)"
BY = r"(?:by|von|par|por|di|door|av|af|od|przez|author|authors|autor|auteur|autore)"
BY_RE = re.compile(rf"^\W*(?:{LABEL}\s+)?{BY}\b(?:\s*:\s*|\s+)", re.IGNORECASE)
SPLIT_RE = re.compile(r"\s*(?:;|\|)\s*")
AND_RE = re.compile(r"\s*(?:,\s*)?(?:\band\b|&|\bund\b|\bet\b|\by\b(?=\s+[A-ZÀ-Þ]))\s*")
# What no name goes on after, whoever states it.
END_RE = re.compile(
    rf"\s*(?:[·•]|\s[-–—]\s|(?:\b|(?<=[a-z]))(?:{MONTHS})\.? \d|\d{{2}}|\b(?:on|via) (?:facebook|twitter|x)\b"
    r"|\b(?:published|updated)\b).*$",
    re.IGNORECASE,
)
# What follows a name in a byline: a separator with other matter, a place, a time, an occupation.
REST_RE = re.compile(
    r"\s*(?:[·•|/]|\s[-–—]\s|\s(?:on|at|in|for|from|via)(?:\s|$)|\d|\bupdated\b|\bpublished\b|\bview\b|\bfollow\b).*$",
    re.IGNORECASE,
)
READING_TIME_RE = re.compile(r"\b\d+[ -]?(?:min(?:ute)?s?)\b(?:\s+(?:read|to read))?|\bmin read\b", re.IGNORECASE)
# A date that elements without a space between them ran into a name: "Ann AshMay 5, 2024".
RUN_INTO_RE = re.compile(r"(?<=[a-zà-ÿ])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d)")
CLOCK_RE = re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4}\b)?")
ADDRESS_RE = re.compile(r"https?:|www\.|@\w")
NO_AUTHOR_RE = re.compile(
    r"https?:|www\.|@\w|\.(?:com|net|org)$|[<>{}\[\]]|\d{3}|\d+\s*min"
    r"|^(?:admin|administrator|staff|editor|editorial|author|user|guest|none|null|nan|undefined|unknown|webmaster"
    r"|written|posted|by|published|updated|share|follow|read more|view all|comments?|sponsored"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)(?: by)?$",
    re.IGNORECASE,
)
# What follows a comma and is no second author.
OFFICE_RE = re.compile(
    r"\b(?:editors?|reporters?|correspondents?|directors?|writers?|staff|contributors?|columnists?|journalists?|experts?"
    r"|ceo|cto|cfo|founders?|president|managers?|senior|chief|professors?|analysts?|specialists?|consultants?|attorney"
    r"|representative|dietitian|producer|photographer|special to|university|institute|news|press|times|post|team)\b",
    re.IGNORECASE,
)
CREDENTIAL_RE = re.compile(r"^(?:(?:[A-Z]\.?){2,7}|Ph\.?D\.?|M\.?Sc\.?|B\.?Sc\.?|Jr\.?|Sr\.?|I{2,3}|E-RYT \d+)$")
NAME_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][\w.'’-]*|d['’][A-ZÀ-Þ][\w-]*)"
PARTICLE = r"(?:van|von|der|den|de|da|di|del|della|dos|du|la|le|el|al|bin|ibn|ter|ten|zu|y|af|av|St\.)"
PARTICLE_RE = re.compile(PARTICLE)
SITE_END_RE = re.compile(r"\.(?:com|org|net|info|co\.\w\w|\w\w)$", re.IGNORECASE)
NAME_RE = re.compile(rf"{NAME_WORD}(?: (?:{NAME_WORD}|{PARTICLE})){{1,4}}")
USERNAME_RE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)+|(?=.*\d)[a-z0-9]{6,}|[A-Z][a-z]+[A-Z]")
# A byline stands at most this many blocks before the title, after it, and before and after the body's first block.
ABOVE, BELOW, BESIDE, AFTER = 3, 8, 2, 6
MAX_LINE = 160
AUTHOR = MARK_INDEX["author"]
# The element that is called an author's is this near to the name.
NEAR = 2
LABEL_RE = re.compile(rf"\b(?:{LABEL}|updated|on|last|read|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
LABEL_ALONE_RE = re.compile(rf"(?:{LABEL}\s+)?{BY}\s*:?", re.IGNORECASE)
# What follows the name of somebody who is introduced, and a name with where its bearer teaches.
INTRODUCED_RE = re.compile(
    r"(?:,[^.]{2,80},)? (?:writes|covers|(?:is|was|works|has|serves|joined)\b.{0,160}?\b(?:writer|editor|author"
    r"|journalist|reporter|columnist|correspondent|contributor|blogger|founder|professor|professional|manager|director|expert|coach"
    r"|marketer|consultant|specialist|attorney|engineer|scientist|researcher|analyst|officer|lead|head|nurse|dietitian"
    r"|therapist|teacher|developer|designer|photographer|producer|critic|fellow|ceo))\b",
    re.IGNORECASE,
)
AFFILIATED_RE = re.compile(r"([^,]{5,40}), [^,.]{0,40}\b(?:University|College|Institute|School)\b[^,.]{0,40}")
NO_NAME_RE = re.compile(r"\b(?:How|What|Why|The|Your|Our|With|For|And|All|More|Learn|About)\b")
# What agencies' names are run into, and what is no author's but the book's or page's that a text was taken from.
AGENCY_RE = re.compile(
    r"(?<=[a-z.]) (?:The )?(?:Associated Press|Reuters|AFP|Agence France-Presse|Bloomberg(?: News)?|CNN|BBC News"
    r"|USA TODAY|Press Association|AP)$|^From .*"
)
# A name of as many words isn't taken for another than the stated one.
SHORT_NAME = 5
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
WRITTEN_RE = re.compile(r"^(?:written|posted|authored|words)\s+by\b", re.IGNORECASE)


def clean_names(values: Iterable[str], site: str | None = None) -> str | None:
    """Names, each cleaned, with "; " between; None where nothing is left.

    Addresses, reading times, labels and the name of the site itself are no authors.
    """
    site_name = "".join(fold_words(SITE_END_RE.sub("", site or "")))
    kept = []
    for value in values:
        if ADDRESS_RE.search(value):
            continue
        name = END_RE.sub("", READING_TIME_RE.sub("", DATE_RE.sub(" · ", BY_RE.sub("", value)))).strip(" ,.-–—:\"'")
        name = AGENCY_RE.sub("", _without_site(name, site_name))
        if 1 < len(name) <= MAX_NAME and not NO_AUTHOR_RE.search(name):
            kept.append(name)
    return "; ".join(list(dict.fromkeys(kept))[:MAX_AUTHORS]) or None


def _without_site(name: str, site: str) -> str:
    """A name without that of the site, given as letters only; "" for one of its departments, as "CNN Business"."""
    words = name.split()
    folded = ["".join(fold_words(word)) for word in words]
    for i in range(len(words)) if site else ():
        if "".join(folded[i:]) == site:
            return " ".join(words[:i]) if i > 1 else ""
        if i and "".join(folded[:i]) == site and i + 1 == len(words):
            return ""
    return name


def split_names(text: str) -> list[str]:
    """The names in a byline: "By A, B and C", "Last, First", "A, MD", "A, Staff Writer"."""
    names: list[str] = []
    for part in SPLIT_RE.split(BY_RE.sub("", text.strip())):
        pieces = AND_RE.split(part)
        # "Center for Evaluation and Research" is one, "Morgan & Morgan" too.
        if not all(_is_full(piece.split(",")[0].strip()) for piece in pieces):
            pieces = [part]
        for piece in pieces:
            names += _split_commas(piece)
    return [name for name in names if name]


def _is_full(name: str) -> bool:
    """Whether a text has the words of a full name, each with a capital but for particles."""
    words = [word for word in name.split() if not PARTICLE_RE.fullmatch(word)]
    return len(words) > 1 and all(not word[0].islower() for word in words)


def _split_commas(text: str) -> list[str]:
    first, *rest = [piece.strip() for piece in text.split(",")]
    if len(rest) == 1 and _is_inverted(first, rest[0]):
        return [f"{rest[0]} {first}"]
    names = [first]
    for piece in rest:
        if CREDENTIAL_RE.match(piece):
            names[-1] += f", {piece}"
        elif is_name(piece):
            names.append(piece)
    return names


def _is_inverted(last: str, first: str) -> bool:
    words = first.split()
    return (
        last.count(" ") == 0
        and last[:1].isupper()
        and 1 <= len(words) <= 2
        and all(word[:1].isupper() for word in words)
        and not CREDENTIAL_RE.match(first)
        and not OFFICE_RE.search(first)
    )


def is_name(text: str) -> bool:
    """Whether a text looks like a person's full name: some words with capitals, no office, no abbreviation."""
    return (
        NAME_RE.fullmatch(text) is not None
        and not text.isupper()
        and NO_NAME_RE.search(text) is None
        and OFFICE_RE.search(text) is None
        and NO_AUTHOR_RE.search(text) is None
    )


def is_username(names: str) -> bool:
    """Whether the only author is named as a system names its users: "jane.doe", "user42"."""
    return " " not in names and USERNAME_RE.fullmatch(names) is not None


def visible_authors(blocks: Sequence[Block], title: str | None, body: tuple[int, int], site: str | None) -> str | None:
    """The authors that the lines around a page's title name, or one after its body.

    Args:
        blocks: the page's.
        title: the article's.
        body: the numbers of the body's first and last block.
        site: the name of the site, which is no author.
    """
    first, last = body
    headings = _headings(blocks[: first + 1], title)
    heading = headings[-1] if headings else first
    near = [*range(heading + 1, min(heading + 1 + BELOW, first)), *range(first - BESIDE, first + BESIDE + 1)]
    near += range(heading - 1, heading - 1 - ABOVE, -1)
    own = (blocks[heading] if headings else None, blocks[first])
    order = [i for i in dict.fromkeys(near) if 0 <= i < len(blocks) and not is_foreign(blocks[i], own)]
    for i in order:
        if names := _byline(blocks[i].text, site):
            return names
    for i in order:
        beside = [block.text for block in (*blocks[max(i - 1, 0) : i], *blocks[i + 1 : i + 2])]
        dated = heading < i < first and any(map(_is_time, beside)) and blocks[i].tag not in HEADING_TAGS
        labelled = i > 0 and LABEL_ALONE_RE.fullmatch(blocks[i - 1].text) is not None
        if (labelled or dated or _is_called_author(blocks[i])) and (names := _bare_names(blocks[i].text, site)):
            return names
    for block in blocks[last + 1 : last + 1 + AFTER]:
        if WRITTEN_RE.match(block.text) and (names := _byline(block.text, site)):
            return names
    return _introduced(blocks, heading, body, site)


def _headings(blocks: Sequence[Block], title: str | None) -> list[int]:
    """Where the title stands, else any heading of the page."""
    found = [i for i, block in enumerate(blocks) if block.text == title]
    headings = [i for i, block in enumerate(blocks) if block.tag == "h1"]
    # The trail to the page, above it, ends with its title too.
    return [i for i in found if i in headings] or found or headings


def correct_author(stated: str, blocks: Sequence[Block], title: str | None, first: int, site: str | None) -> str:
    """The author that a page states, or those whom a line right below its title names after "By" in full.

    What is stated is at times only the first of several, or who put the page into the system.

    Args:
        stated: one name.
        blocks: the page's.
        title: the article's.
        first: the number of the body's first block.
        site: the name of the site, which is no author.
    """
    for heading in _headings(blocks[: first + 1], title)[-1:]:
        for block in blocks[heading + 1 : heading + 1 + BESIDE + 1]:
            if not BY_RE.match(block.text) or OFFICE_RE.search(block.text):
                continue
            names = (_byline(block.text, site) or "").split("; ")
            people = [re.sub(r"^(?:Dr|Prof)\.? ", "", name) for name in names]
            if all(is_name(name) and len(name.split()) < SHORT_NAME for name in people):
                known = any(stated in name for name in people)
                return "; ".join(names) if not known or len(names) > 1 else stated
    return stated


def _introduced(blocks: Sequence[Block], heading: int, body: tuple[int, int], site: str | None) -> str | None:
    """Who stands alone right below the title, or behind the body, and is introduced: "Ann Ash is a writer …"."""
    first, last = body
    for i in (heading + 1, first - 1, first, *range(last, min(last + AFTER, len(blocks)))):
        line = blocks[i].text if i < len(blocks) else ""
        if first - 1 <= i <= first and (found := AFFILIATED_RE.fullmatch(line)) and is_name(found[1]):
            return clean_names([found[1]], site)
        if len(line) <= MAX_NAME and is_name(line) and any(_introduces(block.text, line) for block in blocks):
            return clean_names([line], site)
    signed = blocks[last].text
    return clean_names([signed], site) if last > first and len(signed) <= MAX_NAME and is_name(signed) else None


def _introduces(text: str, name: str) -> bool:
    return text.startswith(name) and INTRODUCED_RE.match(text, len(name)) is not None


def _is_time(line: str) -> bool:
    """Whether a line says when the article was published, or how long it takes to read, and nothing else."""
    return (
        bool(line) and len(line) <= MAX_NAME and not re.search(r"[^\W\d_]{3}", LABEL_RE.sub("", _without_times(line)))
    )


def _is_called_author(block: Block) -> bool:
    depth = block.marks[AUTHOR]
    return depth != -FAR and block.depth - depth < NEAR


def _byline(line: str, site: str | None) -> str | None:
    """The authors that a line names after "By"."""
    if len(line) > MAX_LINE:
        return None
    rest = _without_times(line)
    said = re.match(rf"^[\W_]*(?:{LABEL}[\W_]+(?:on[\W_]+)?)?{BY}(?:\s*:\s*|\s+)(?P<names>\S.*)$", rest, re.IGNORECASE)
    if said is None:
        return None
    names = [REST_RE.sub("", name) for name in split_names(REST_RE.sub("", said["names"]))]
    if len(names) == 1 and " " not in names[0]:
        return clean_names(names, site)
    return clean_names(names, site) if names and all(map(_is_capital, names)) else None


def _without_times(line: str) -> str:
    """A line without dates, times of day and reading times; what they part stays parted."""
    line = RUN_INTO_RE.sub(" ", line)
    return READING_TIME_RE.sub(" ", CLOCK_RE.sub(" ", DATE_RE.sub(" · ", line))).strip(" ·•|,–—-")


def _is_capital(name: str) -> bool:
    words = name.split()
    return len(words) <= 6 and name[:1].isupper() and words[-1][:1].isupper()


def _bare_names(line: str, site: str | None) -> str | None:
    """The authors that a line is all of."""
    if len(line) > MAX_LINE:
        return None
    names = split_names(REST_RE.sub("", _without_times(line)).strip())
    return clean_names(names, site) if names and all(map(is_name, names)) else None
