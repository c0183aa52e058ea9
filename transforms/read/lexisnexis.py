"""A document of LexisNexis' and Nexis Uni's exports as text, taken apart."""

from __future__ import annotations

import re

Document = dict[str, str]

# Fields before and behind an article's text, in the languages of the archive's own pages.
HEAD = frozenset(
    (
        *(
            "byline",
            "section",
            "length",
            "dateline",
            "headline",
            "highlight",
            "series",
            "type",
            "source",
            "distribution",
        ),
        *("autor", "rubrik", "länge", "auteur", "rubrique", "longueur", "sección", "longitud", "encart", "titre"),
        *("copyright", "title", "autore", "lengte", "rubriek", "sezione", "lunghezza", "acc-no", "seccion"),
    )
)
TAIL = frozenset(
    (
        *(
            "load-date",
            "language",
            "publication-type",
            "journal-code",
            "graphic",
            "graphics",
            "subject",
            "organization",
        ),
        *(
            "person",
            "company",
            "ticker",
            "industry",
            "geographic",
            "state",
            "country",
            "city",
            "correction-date",
            "url",
        ),
        *("document-type", "pub-type", "notes", "note", "correction", "update", "sprache", "langue", "idioma", "taal"),
        *("date-chargement", "type-publication", "publikationstyp", "fecha-carga", "lingua", "categories", "keyword"),
        *("keywords", "acc-no", "document-code", "fecha-de-carga", "datum-geladen", "isbn", "issn", "journal code"),
    )
)
FIELD = re.compile(r"^[ \t]{0,4}([A-Za-zÀ-ÿ][A-Za-zÀ-ÿ -]{1,24}?)\s?:[ \t]*(.*)$")
COPYRIGHT = re.compile(r"^\s*(?:Copyright\b|©|\(c\)|All Rights Reserved)", re.IGNORECASE)
NUMBER = re.compile(r"^\s*(?:Document\s+)?\d{1,5}\s+\w{2,3}\s+\d{1,5}\s+DO[CK]UMENT", re.IGNORECASE)
# A line that gives the day: a year, a day, and a month in letters or figures.
DAY = re.compile(r"^(?=.*\b(?:1[89]|20)\d\d\b)(?=.*\b\d{1,2}\b)[^:]{6,60}(?::\d\d.{0,20})?$")
# What stands behind the day: the weekday, the edition.
AFTER_YEAR = re.compile(r"(\b(?:1[89]|20)\d\d\b)\s*,?\s*(?!\d{1,2}:).*$")
PAGE = re.compile(r"^\s*Page \d+ of \d+\s*$")
# Lines further to the right than this are centred: publication, day and edition.
CENTRED = 8


def lexis_document(text: str) -> Document | None:
    """A document of the classic export, which begins with its number; None for what holds none."""
    lines = [line.rstrip() for line in text.split("\n")]
    number = next((place for place, line in enumerate(lines) if NUMBER.match(line)), None)
    if number is None:
        return None
    first = _first_field(lines, number + 1)
    found, body = _fields(lines, first)
    above = lines[number + 1 : first]
    found.setdefault("headline", _headline(above))
    source = next((line.strip() for line in above if line.strip()), "")
    return _document(found, body, source=source, day=_day(above))


def nexis_document(text: str) -> Document | None:
    """A document of Nexis Uni's export, which has its text below the line `Body`; None for what holds none."""
    lines = [line.rstrip() for line in text.split("\n") if not PAGE.match(line)]
    start = next((place for place, line in enumerate(lines) if line.strip() == "Body"), None)
    if start is None:
        return None
    stop = next((place for place in range(start + 1, len(lines)) if _ends_body(lines[place])), len(lines))
    above = [line.strip() for line in lines[:start] if line.strip()]
    found = {match[1].strip().lower(): match[2] for line in lines if (match := FIELD.match(line)) and match[2]}
    title = above[0] if above else ""
    return _document(
        {**found, "headline": title},
        lines[start + 1 : stop],
        source=above[1] if len(above) > 1 else "",
        day=_day(above[1:]),
    )


def _ends_body(line: str) -> bool:
    field = FIELD.match(line)
    return line.strip() in ("Classification", "End of Document", "Graphic", "Notes", "Load-Date") or bool(
        field and field[1].strip().lower() in ("load-date", "correction-date")
    )


def _first_field(lines: list[str], start: int) -> int:
    for place in range(start, len(lines)):
        field = FIELD.match(lines[place])
        if field and field[1].strip().lower() in HEAD and not lines[place].startswith(" " * CENTRED):
            return place
    # Without fields the text begins behind the headline.
    blank = [place for place in range(start, len(lines)) if not lines[place].strip()]
    return blank[3] if len(blank) > 3 else start


def _fields(lines: list[str], start: int) -> tuple[dict[str, str], list[str]]:
    """The fields around the text, and its lines."""
    found: dict[str, str] = {}
    body: list[str] = []
    open_field = ""
    for line in lines[start:]:
        field = FIELD.match(line)
        name = field[1].strip().lower() if field else ""
        if name in TAIL or (COPYRIGHT.match(line) and any(text.strip() for text in body)):
            break
        if name in HEAD and field and not any(text.strip() for text in body):
            found.setdefault(name, field[2].strip())
            open_field = name
        elif open_field and line.strip():
            found[open_field] += f" {line.strip()}"
        elif not line.strip() and open_field:
            open_field = ""
        else:
            body.append(line)
    tail = (FIELD.match(line) for line in lines)
    found.update(
        {match[1].strip().lower(): match[2].strip() for match in tail if match and match[1].strip().lower() in TAIL}
    )
    return found, body


def _headline(above: list[str]) -> str:
    """The lines right above the first field that aren't centred, as one."""
    lines: list[str] = []
    for line in reversed(above):
        if line.strip() and not line.startswith(" " * CENTRED):
            lines.append(line.strip())
        elif lines:
            break
    return " ".join(reversed(lines))


def _day(above: list[str]) -> str:
    day = next((line.strip() for line in above if DAY.match(line.strip()) and not COPYRIGHT.match(line)), "")
    return AFTER_YEAR.sub(r"\1", day)


def _document(found: dict[str, str], body: list[str], *, source: str, day: str) -> Document:
    def first(*names: str) -> str:
        return next((found[name] for name in names if found.get(name)), "")

    fields = {
        "title": first("headline", "title", "titre"),
        "authors": first("byline", "autor", "auteur", "autore"),
        "published_at": day or first("load-date"),
        "source": re.sub(r"\s*\([^()]*\)\s*$", "", source),
        "url": first("url"),
        "text": "\n".join(body).strip("\n"),
    }
    return {name: value for name, value in fields.items() if value}
