"""A document of Factiva's exports as text, taken apart: with the codes of its fields, or as its pages show it."""

from __future__ import annotations

import re

Document = dict[str, str]

# In the order in which they come.
CODES = (
    *(
        "SE",
        "HD",
        "HLP",
        "BY",
        "CR",
        "WC",
        "PD",
        "ET",
        "SN",
        "SC",
        "ED",
        "PG",
        "VOL",
        "LA",
        "CY",
        "LP",
        "TD",
        "CT",
        "ART",
    ),
    *("RF", "CLM", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN"),
)
ORDER = {code: place for place, code in enumerate(CODES)}
CODE = re.compile(rf"^({'|'.join(CODES)})(?:[ \t]+(.*)|)$")
# Behind the text a code is followed by another code and a colon.
INDEXED = re.compile(r"^(?:CO|IN|NS|RE)[ \t]+[\w.]+ ?: ")
INDEX = frozenset(("CO", "IN", "NS", "RE"))
# "By Rosa Feld", or names alone.
_NAME = r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,3}"
BYLINE = re.compile(rf"(?:By|BY|by) .+|{_NAME}(?:(?:, | and ){_NAME}){{0,4}}$")
# A section above a headline: a few words, and less than the headline.
MAX_SECTION = 3
WORDS = re.compile(r"^\d[\d,.]* words$")
NUMBER = re.compile(r"^Document (\S+)$")
DAY = re.compile(r"^\d{1,2} \w+ (?:19|20)\d\d$|^\w+ \d{1,2}, (?:19|20)\d\d$")


def factiva_document(text: str) -> Document | None:
    """A document whose fields have codes of two letters or three; None for what holds none."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in text.split("\n"):
        code = CODE.match(line.rstrip())
        if code and ORDER[code[1]] > ORDER.get(last, -1) and (code[1] not in INDEX or INDEXED.match(line)):
            last = code[1]
            found[last] = [(code[2] or "").strip()]
        elif last:
            found[last].append(line.rstrip())
    if not {"HD", "LP", "TD"} & found.keys():
        return None
    values = {code: "\n".join(lines).strip() for code, lines in found.items()}
    lead, rest = values.get("LP", ""), values.get("TD", "")
    fields = {
        "title": " ".join(values.get("HD", "").split()),
        "authors": values.get("BY", ""),
        "published_at": f"{values.get('PD', '')} {values.get('ET', '')}".strip(),
        "source": values.get("SN", ""),
        "id": values.get("AN", "").removeprefix("Document ").strip(),
        "text": f"{lead}\n\n{rest}".strip(),
    }
    return {name: value for name, value in fields.items() if value}


def _headline(lines: list[str]) -> list[str]:
    """The lines of a headline, without the section above it."""
    words = [len(line.split()) for line in lines]
    return lines[1:] if len(lines) > 1 and words[0] <= MAX_SECTION and words[0] < words[1] else lines


def factiva_page(text: str) -> Document | None:
    """A document as a page shows it: headline, byline, number of words, day, outlet, and the text; None for others."""
    lines = [line.strip() for line in text.split("\n")]
    words = next((place for place, line in enumerate(lines) if WORDS.match(line)), None)
    if words is None:
        return None
    above = [line for line in lines[:words] if line]
    below = lines[words + 1 :]
    blank = next((place for place, line in enumerate(below) if not line), 0)
    header, body = below[:blank], below[blank:]
    byline = above[-1] if len(above) > 1 and BYLINE.match(above[-1]) else ""
    number = next((match[1] for line in reversed(body) if (match := NUMBER.match(line))), "")
    outlets = [line for line in header if line and not DAY.match(line) and not re.match(r"\d{1,2}:\d\d", line)]
    fields = {
        "title": " ".join(_headline(above[-4 : -1 if byline else None])),
        "authors": byline,
        "published_at": next((line for line in header if DAY.match(line)), ""),
        "source": outlets[0] if outlets else "",
        "id": number,
        "text": "\n".join(line for line in body if not NUMBER.match(line)).strip(),
    }
    return {name: value for name, value in fields.items() if value}
