"""A document of ProQuest's exports as text, taken apart."""

from __future__ import annotations

import itertools
import re

Document = dict[str, str]

NAMES = (
    *("Author", "Publication info", "Publication Info", "ProQuest document link", "Abstract", "Links", "Full text"),
    *("Full Text", "Title", "Subject", "Location", "People", "Company / organization", "Business indexing term"),
    *(
        "Classification",
        "Identifier / keyword",
        "Publication title",
        "Source",
        "Pages",
        "First page",
        "Volume",
        "Issue",
    ),
    *(
        "Number of pages",
        "Publication year",
        "Publication date",
        "Year",
        "Section",
        "Publisher",
        "Place of publication",
    ),
    *(
        "Country of publication",
        "Publication subject",
        "ISSN",
        "ByteStream type",
        "Language of publication",
        "Document type",
    ),
    *("ProQuest document ID", "Document URL", "Copyright", "Last updated", "Database", "column", "dateline", "Company"),
    *(
        "Document feature",
        "Credit",
        "Caption",
        "Notes",
        "Keywords",
        "Word count",
        "Country",
        "CODEN",
        "Publication frequency",
    ),
)
FIELD = re.compile(rf"^({'|'.join(map(re.escape, NAMES))}):[ \t]*(.*)$")
NUMBERED = re.compile(r"^Document \d+ of \d+$")
# `Harwick Courier ; Harwick [Harwick]. 05 Mar 2024: A.1.`
INFO = re.compile(r"^(?P<source>[^;\[.]+).*?(?P<day>\d{1,2} \w{3,9} \d{4}|\w{3,9} \d{1,2}, \d{4})")
TEXT = ("Full text", "Full Text")


def _value(name: str, lines: list[str]) -> str:
    """A field's value: of a text all its lines, of any other up to the first empty one."""
    if name not in TEXT:
        lines = list(itertools.takewhile(str.strip, lines)) or lines[:1]
    return "\n".join(lines).strip()


def proquest_document(text: str) -> Document | None:
    """A document between two rules; None for what holds none: a cover, a list of contents."""
    values: dict[str, list[str]] = {}
    above: list[str] = []
    last = ""
    for line in text.split("\n"):
        field = FIELD.match(line.strip()) if not (last in TEXT and line.startswith((" ", "\t"))) else None
        if field:
            last = field[1]
            values.setdefault(last, []).append(field[2])
        elif last:
            values[last].append(line.rstrip())
        elif line.strip() and not NUMBERED.match(line.strip()) and not line.startswith("_"):
            above.append(line.strip())
    plain = {name: _value(name, lines) for name, lines in values.items()}
    if not ({"ProQuest document ID", *TEXT} & plain.keys()):
        return None
    info = INFO.match(plain.get("Publication info", plain.get("Publication Info", "")))
    fields = {
        "title": plain.get("Title") or " ".join(above),
        "authors": plain.get("Author", ""),
        "published_at": plain.get("Publication date") or (info["day"] if info else ""),
        "source": plain.get("Publication title", "").partition(";")[0] or (info["source"].strip() if info else ""),
        "url": plain.get("Document URL", ""),
        "id": plain.get("ProQuest document ID", ""),
        "text": plain.get("Full text") or plain.get("Full Text", ""),
    }
    return {name: value for name, value in fields.items() if value}
