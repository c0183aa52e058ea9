"""How one outlet is spelled: what of a source is the outlet's name, and whether a name is that of a host."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from transforms.runtime.hosts import BARE_URL, domain_of, host_of
from transforms.runtime.words import is_made_of

REMEMBERED = 1 << 14
# Characters of a name that are compared: nobody's name is longer.
LONGEST = 120
# What a source says of the part or the form of an outlet, not of the outlet.
_PARTS = (
    r"(?:(?:online|web|digital|world|latest|breaking|top|general)\s+)?"
    r"(?:news(?:paper|wire|room)?|online|web(?:site)?|digital|print|opinions?|editorials?|commentary|blogs?|rss|feed|"
    r"politics|mobile|app|print edition|online edition|us edition|international edition)"
)
_BRACKETS = re.compile(rf"\s*[(\[]\s*{_PARTS}\s*[)\]]$", re.IGNORECASE)
_SECTION = re.compile(rf"\s*(?:\s[-–—|:/]|:|\|)\s+{_PARTS}$", re.IGNORECASE)
_FORM = re.compile(r"\s+(?:online|web|digital)(?:\s+(?:news|edition))?$", re.IGNORECASE)
# Words that may stand behind a name in its domain ("apnews.com"), or before it.
_AFFIXES = (
    "news",
    "online",
    "media",
    "press",
    "tv",
    "web",
    "mag",
    "daily",
    "usa",
    "us",
    "uk",
    "the",
    "my",
    "go",
    "get",
)


@lru_cache(REMEMBERED)
def plain_name(source: str) -> str:
    """The name of the outlet in a source: "New York Times" of "New York Times - News" and of "New York Times (Online)".

    That of an address is what stands before its suffix where it has capitals ("TheBlaze.com"), else nothing.
    """
    name = " ".join(unicodedata.normalize("NFKC", source).split())[:LONGEST].strip()
    if domain := domain_in(name):
        start = name.lower().find(domain)
        label = name[start : start + len(domain.partition(".")[0])] if start >= 0 else ""
        return "" if label.islower() else label
    before = ""
    while name != before:
        before = name
        for pattern in (_BRACKETS, _SECTION, _FORM):
            name = pattern.sub("", name).strip() or name
    return name


@lru_cache(REMEMBERED)
def domain_in(source: str) -> str | None:
    """The domain that a source is the address of: `nytimes.com` of "www.nytimes.com" or "https://nytimes.com/"."""
    if " " in source or "." not in source:
        return None
    host = host_of(source) if "://" in source or BARE_URL.fullmatch(source) else None
    return domain_of(host) if host else None


@lru_cache(REMEMBERED)
def name_key(name: str) -> str:
    """What spellings of one name have in common: its letters and digits, case folded, without an article before it."""
    folded = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    words = re.findall(r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c)))
    if len(words) > 1 and words[0] in ("the", "a"):
        words = words[1:]
    key = "".join(words)
    return key[3:] if key.startswith("the") and len(key) > 6 and len(words) == 1 else key


@lru_cache(REMEMBERED)
def names_label(name: str, label: str) -> bool:
    """Whether a name is that of a label of a host: all of it is made of beginnings of the name's words, in order.

    "New York Times" is that of `nytimes`, "Associated Press" of `apnews`, "Wall Street Journal" of `wsj`.
    """
    letters = name_key(label.replace("-", " "))
    words = [name_key(word) for word in name.replace("-", " ").replace("&", " and ").split()]
    words = [word for word in words if word]
    if len(letters) < 2 or not words:
        return False
    forms = {letters}
    for affix in _AFFIXES:
        if letters.endswith(affix) and len(letters) > len(affix) + 1:
            forms.add(letters.removesuffix(affix))
        if letters.startswith(affix) and len(letters) > len(affix) + 1:
            forms.add(letters.removeprefix(affix))
    return any(is_made_of(form, words) for form in forms)
