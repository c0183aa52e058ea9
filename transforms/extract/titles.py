"""The title of a page's article, out of its headings and what it calls itself elsewhere."""

from __future__ import annotations

import re

WORD_RE = re.compile(r"\w+")
# Of a heading's words this share stands in what the page calls itself elsewhere, or it heads something else.
MIN_AGREEMENT = 0.5
# So many words make a heading long, and fewer short; a long one may say the same in other words.
LONG, SHORT = 5, 4
MIN_AGREEMENT_LONG = 0.3
# A short heading that is less than this share of a name's words heads a section.
SHARE_OF_NAME, SHARE_OF_SHOUTED = 0.25, 0.5
# A site that is called as its address is.
ADDRESS_RE = re.compile(
    r"(?:www\.)?[a-z0-9-]{2,40}(?:\.[a-z]{2,3})?\.(?:com|org|net|edu|info|news|blog|io|co|tv|me|eu|[a-z]{2})", re.I
)
PARTS_RE = re.compile(r"\s+[|\-–—:•·»«›•]+\s+|\s*[|›•·]\s*|\s::\s|\s—|—\s")
# Guillemets that quote are part of the title, and part nothing.
QUOTED_RE = re.compile(r"«[^«»]*»|»[^«»]*«")


def fold_words(text: str) -> list[str]:
    """The words of a title in lower case, apostrophes left out."""
    return [word.lower() for word in WORD_RE.findall(text.replace("'", "").replace("’", ""))]


def _find_parts(name: str) -> list[re.Match[str]]:
    """The separators in a name, such as that before the site's name; none within quotes, nor one at an end."""
    quoted = [found.span() for found in QUOTED_RE.finditer(name)]
    return [
        place
        for place in PARTS_RE.finditer(name)
        if name[: place.start()].strip()
        and name[place.end() :].strip()
        and not any(start < place.end() and place.start() < end for start, end in quoted)
    ]


def choose_title(headings: list[str], names: tuple[str, ...], site: str | None) -> str | None:
    """The title of an article.

    Args:
        headings: the page's `h1` elements.
        names: what the page calls itself elsewhere; the name of the site may hang on to these.
        site: the name of the site.

    Returns:
        The heading that says what the page is called elsewhere, for that is what a reader sees; else the page's own
        name without that of the site; else the only heading.
    """
    names = tuple(_without_address(name) for name in names)
    headings = [heading for heading in headings if not _names_site(heading, names, site)]
    stripped = [_without_site(name, site, headings) for name in names]
    best = _agreed(headings, names)
    if best:
        return _without_section(_as_named(best, stripped) or (_without_site(best, site, []) if site else best))
    if stripped:
        return _without_section(stripped[0])
    return headings[0] if headings else None


def _without_address(name: str) -> str:
    """A name without the site's address before it."""
    first, _, rest = name.partition(" ")
    return rest.lstrip(" -–—|:") or name if ADDRESS_RE.fullmatch(first) and "." in first else name


def _agreed(headings: list[str], names: tuple[str, ...]) -> str | None:
    """The heading that agrees best with what the page is called elsewhere; None where none does."""
    stated = {word for name in names for word in fold_words(name)}
    best, best_rank = None, (0.0, 0)
    for heading in headings:
        words = fold_words(heading)
        # Single letters stand in any name.
        words = [word for word in words if len(word) > 1 or word.isdigit()] or words
        common = sum(word in stated for word in words)
        share = common / max(len(words), 1)
        # A long heading is no section's or site's name, and says the same in other words.
        least = MIN_AGREEMENT_LONG if len(words) >= LONG else MIN_AGREEMENT
        if share >= least and (share, common) > best_rank and not (len(words) < SHORT and _is_part(heading, names)):
            best, best_rank = heading, (share, common)
    return best


def _is_part(heading: str, names: tuple[str, ...]) -> bool:
    """Whether a heading of a few words is little of every name; one in capitals stands over a part more often."""
    share = SHARE_OF_SHOUTED if heading.isupper() else SHARE_OF_NAME
    return all(len(fold_words(heading)) / max(len(fold_words(name)), 1) < share for name in names)


def _as_named(heading: str, names: list[str]) -> str | None:
    """The name that is the heading in other letters, without what else stands in it (a date, an author, a count)."""
    squashed = "".join(fold_words(heading))
    for name in names:
        if "".join(fold_words(name)) == squashed:
            return name if heading.isupper() or fold_words(name) != fold_words(heading) else None
    for name in names:
        words, part = fold_words(heading), fold_words(name)
        for rest in (words[len(part) :], words[: -len(part)] if part else []):
            if len(part) >= LONG and len(rest) > 1 and words in (part + rest, rest + part) and _has_digit(rest):
                return name
    return None


def _has_digit(words: list[str]) -> bool:
    return any(char.isdigit() for word in words for char in word)


def _names_site(heading: str, names: tuple[str, ...], site: str | None) -> bool:
    words = fold_words(heading)
    if not words or (site and words == fold_words(site)) or ADDRESS_RE.fullmatch(heading):
        return True
    whole = [fold_words(name) for name in names]
    if any(words + other in whole for other in whole):
        return True
    for name in names:
        for place in _find_parts(name):
            before, after = fold_words(name[: place.start()]), fold_words(name[place.end() :])
            # The site's name ends the title, or begins it where the rest is the title by itself.
            if (words == after and len(before) >= len(after)) or (words == before and after in whole):
                return True
    return False


def _without_section(title: str) -> str:
    rest, bar, section = title.rpartition(" | ")
    return rest if bar and len(section.split()) <= 3 <= len(rest.split()) else title


def _without_site(name: str, site: str | None, headings: list[str]) -> str:
    folded = [fold_words(heading) for heading in headings]
    site_words = set(fold_words(site)) if site else set()
    places = _find_parts(name)
    if not places:
        return name
    for place in places:
        for part in (name[: place.start()], name[place.end() :]):
            if fold_words(part) in folded:
                return part.strip()
    first, last = name[: places[0].start()].strip(), name[places[-1].end() :].strip()
    if site_words:
        if site_words >= set(fold_words(last)) or set(fold_words(last)) >= site_words:
            return name[: places[-1].start()].strip() or name
        if set(fold_words(first)) == site_words:
            return name[places[0].end() :].strip() or name
        return name
    # A colon parts the two halves of a headline more often than the site's name.
    return _without_sections(name, [place for place in places if place[0].strip() != ":"])


def _without_sections(name: str, places: list[re.Match[str]]) -> str:
    """A name without the site's: of two parts the shorter, of more the short ones at the end."""
    if not places:
        return name
    if len(places) == 1:
        first, last = name[: places[0].start()].strip(), name[places[0].end() :].strip()
        return first if len(fold_words(first)) >= len(fold_words(last)) else last
    end = len(name)
    for place in reversed(places):
        part = fold_words(name[place.end() : end])
        if len(part) >= SHORT or _has_digit(part) or len(fold_words(name[: place.start()])) < SHORT - 1:
            break
        end = place.start()
    return name[:end].strip()
