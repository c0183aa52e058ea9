"""Who wrote an article, out of what dumps write there: names with `; ` between, or None.

Without "By", titles of office, mail addresses and accounts, times of reading, and the words that stand for no value.
Lists, objects and the texts that Python and JSON make of them are seen through.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.parse.markup import line_of

MAX_NAME = 80
MAX_WORDS = 7
MAX_PEOPLE = 50
# A list, set or object that became text is read up to this length.
MAX_LITERAL = 20_000
_DEED = (
    r"written|posted|reported|published|reviewed|edited|compiled|story|article|words|text|report|analysis|photos?|opinion"
    r"|reporting|interview|contributed|submitted"
)
_MAKER = r"texto?|texte|autor(?:in)?|auteur|autore|authors?|bylines?|reporter|автор|作者|記者|记者|文"
_GENRE = r"(?-i:Analysis|Opinion|Perspective|Commentary)(?= [A-Z]\S* [A-Z])"
BY = re.compile(
    rf"^\W*(?:(?:(?:(?:{_DEED})(?:\s+(?:and|&)\s+\w+)?\s*)?(?<!\w)by|von(?!\s+de[rnm]\b)|par|por|door|escrito por"
    rf"|redactado por|scritto da|propos recueillis par|{_GENRE})(?:\s*[:/]\s*|\s+(?!\Z))|(?:{_MAKER})\s*[:：/]\s*)",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
LATER = re.compile(
    r"\s*(?:[|·•–—]|\s-\s)?\s*\b(?:\d+\s*(?:min(?:ute)?s?\b.{0,12}|hours? ago)|(?:last )?updated\b.*|published\b.*"
    rf"|posted\b.*|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*|{_MONTH}\.? \d.*|\d{{1,2}}[:.]\d\d.*"
    r"|follow (?:us|me|him|her|@).*)$",
    re.IGNORECASE,
)
MAIL = re.compile(r"\s*[<(\[]?\b[\w.+-]+(?:@|\s?\[at\]\s?)[\w-]+(?:\.[\w-]+)+\b[>)\]]?\s*")
MAIL_OF = re.compile(r"^\s*[\w.+-]+@[\w.-]+\s*\((?P<name>[^()]+)\)\s*$")
ADDRESS = re.compile(r"\(?\b(?:https?://|www\.)\S+|(?<!\w)@\w{2,30}", re.IGNORECASE)
# Spain's and Italy's "and" stands in names as well: Ortega y Gasset.
SPLIT = re.compile(
    r"\s*(?:[;|\n\t/、·•]|,?\s(?:and|und|et|och|og|with)\s|,?\s&\s"
    r"|,?\s(?-i:(?:y|e|en|i|и)\s(?=[A-ZÀ-ÞА-Я]\S*\s+[A-ZÀ-ÞА-Я])))\s*(?:and\s|by\s)?",
    re.IGNORECASE,
)
_ROLE = (
    r"writers?|reporters?|correspondents?|editors?|columnists?|journalists?|contributors?|producers?|photographers?"
    r"|photojournalist|anchor|critic|commentator|strategist"
    r"|bureau(?: chief)?|interns?|fellow|analyst|redakteur(?:in)?|korrespondent(?:in)?"
    r"|redacción|redacteur|rédaction|rédacteur|journaliste|periodista|corresponsal|staff|desk|newsroom|team|publisher"
)
ROLE = re.compile(
    rf"^(?:.{{0,50}}\b)?(?:{_ROLE})(?:\s+(?:at|for|of|in|with|on)\b.{{0,60}})?$|^special to .{{2,60}}$", re.IGNORECASE
)
PLACE = re.compile(r"(?<=\w)\s+(?:in|for|at|of) (?:the )?[A-ZÀ-Þ][\w.'-]+(?:\s[A-ZÀ-Þ][\w.'-]+){0,4}$")
ABBREVIATED = re.compile(r" (?:[JS]r|[A-Z])$")
SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|esq|dds|mba|cpa|r\.?n|obe|mp|j\.?d)\.?$", re.IGNORECASE)
AGENCIES = frozenset(
    (
        *(
            "associated press",
            "the associated press",
            "ap",
            "reuters",
            "afp",
            "agence france-presse",
            "bloomberg",
            "upi",
        ),
        *(
            "bloomberg news",
            "cnn",
            "bbc news",
            "bbc",
            "fox news",
            "npr",
            "usa today",
            "the new york times",
            "dpa",
            "epa",
        ),
        *(
            "new york times",
            "washington post",
            "the washington post",
            "the guardian",
            "politico",
            "pti",
            "ani",
            "xinhua",
        ),
        *("ap news", "press association", "pa", "tribune news service", "los angeles times", "the wall street journal"),
    )
)
NOBODY = frozenset(
    (
        *("", "nan", "none", "null", "n/a", "na", "nil", "undefined", "unknown", "not available", "no author", "admin"),
        *("administrator", "author", "authors", "user", "guest", "webmaster", "anonymous", "various", "-", "--", "by"),
        *(
            "staff",
            "editor",
            "editorial",
            "inf",
            "-inf",
            "infinity",
            "true",
            "false",
            "nat",
            "view all posts",
            "online",
        ),
        *(
            "web desk",
            "news desk",
            "see more",
            "about the author",
            "contributor",
            "contributors",
            "ltd",
            "inc",
            "et al",
        ),
    )
)
# Of an object the names in this order.
NAME_KEYS = ("name", "full_name", "fullname", "display_name", "displayname", "original", "rendered", "title", "value")
MORE_KEYS = (
    "#text",
    "$t",
    "text",
    "basic",
    "label",
    "byline",
    "person",
    "by",
    "@value",
    "screen_name",
    "username",
    "byline_name",
)
FIRST = ("firstname", "first_name", "givenname", "given_name", "first")
LAST = ("lastname", "last_name", "familyname", "family_name", "surname", "last")


def clean_authors(value: Any, *, source: str | None = None) -> str | None:
    """The names of an article's authors with `; ` between, or None where none is named.

    Args:
        value: what the record has: a text, a list, an object, or a list or object that became text.
        source: the outlet's name, which beside a name is none.
    """
    found: dict[str, str] = {}
    for text in _texts(value, depth=0):
        for name in _names(text):
            found.setdefault(name.casefold(), name)
        if len(found) >= MAX_PEOPLE:
            break
    if len(found) > 1:
        outlet = (source or "").casefold()
        people = {key: name for key, name in found.items() if key not in AGENCIES and key != outlet}
        found = people or found
    return "; ".join(found.values()) or None


def _texts(value: Any, *, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        inner = _literal(value.strip()) if depth < 3 else None
        if inner is None:
            yield value
        else:
            yield from _texts(inner, depth=depth + 1)
    elif isinstance(value, Mapping) and depth < 6:
        yield from _of_object(value, depth)
    elif isinstance(value, (list, tuple, set)) and depth < 6:
        for item in list(value)[:MAX_PEOPLE]:
            yield from _texts(item, depth=depth + 1)
    elif isinstance(value, float) and math.isnan(value):
        return


def _literal(text: str) -> Any:
    """The list, set or object that a text was; None for any other text."""
    if len(text) > MAX_LITERAL or text[:1] + text[-1:] not in ("[]", "{}", "()"):
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, (list, tuple, dict)):
            return found
    if text[0] == "(":
        return None
    # A set, whose order its text has, a database's array, or a list whose quotes were lost.
    return [part.strip(" \"'") for part in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text[1:-1])]


def _of_object(value: Mapping[Any, Any], depth: int) -> Iterator[str]:
    plain = {str(key).lower(): item for key, item in value.items()}
    for key in NAME_KEYS + MORE_KEYS:
        if plain.get(key):
            yield from _texts(plain[key], depth=depth + 1)
            return
    first = next((plain[key] for key in FIRST if isinstance(plain.get(key), str)), "")
    last = next((plain[key] for key in LAST if isinstance(plain.get(key), str)), "")
    if first or last:
        yield f"{first} {last}".strip()
    elif plain and all(key.isdigit() for key in plain):
        yield from _texts(list(plain.values()), depth=depth + 1)


def _names(text: str) -> Iterator[str]:
    """The names in a byline."""
    line = line_of(text.replace("\n", ";").replace("\r", ""))
    if mail := MAIL_OF.match(line):
        line = mail["name"]
    line = ADDRESS.sub(" ", MAIL.sub(" ; ", line))
    line = LATER.sub("", BY.sub("", line))
    for part in SPLIT.split(line):
        for name in _between_commas(BY.sub("", part.strip())):
            if kept := _name(name):
                yield kept


def _between_commas(text: str) -> list[str]:
    """The names that commas part. `Feld, Rosa` is one, and so is `Rosa Feld, Jr`."""
    parts = [part.strip() for part in re.split(r"[,，]", text)]
    parts = [part for part in parts if part and not ROLE.match(part)]
    if len(parts) == 2 and len(parts[0].split()) == 1 and 1 <= len(parts[1].split()) <= 2 and _is_name(parts):
        return [f"{parts[1]} {parts[0]}"]
    names: list[str] = []
    for part in parts:
        if names and SUFFIX.match(part):
            names[-1] += f" {part}"
        else:
            names.append(part)
    return names


def _is_name(parts: list[str]) -> bool:
    return not any(SUFFIX.match(part) or part.casefold() in AGENCIES | NOBODY for part in parts)


def _name(text: str) -> str | None:
    name = PLACE.sub("", text.strip(" .,;:-–—|\"'“”‘’()[]<>{}*•·"))
    name = " ".join(name.split())
    if ABBREVIATED.search(name) and f"{name}." in text:
        name += "."
    if name.casefold() in NOBODY or len(name) > MAX_NAME or len(name.split()) > MAX_WORDS or ROLE.match(name):
        return None
    # What a mail address leaves where its @ is lost: "Ann.Ash post.com".
    return None if re.search(r"\d{3}|^\d+$|^[\W_]+$|\w\.\w+ \w+\.(?:com|org|net|co)\b", name, re.IGNORECASE) else name
