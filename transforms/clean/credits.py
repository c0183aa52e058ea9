"""Cuts photographers' credits off the ends of captions, so that they give no names; the caption stays.

Linear in the text's length: a line is looked at where it holds an agency's name, and from its end alone.
"""

from __future__ import annotations

import re

_AGENCY = (
    r"(?:Getty(?: Images)?|AP(?: Photos?| Images)?|(?:The )?Associated Press|AFP|Agence France-Presse|Reuters|REUTERS"
    r"|EPA|UPI|Bloomberg(?: News)?|Shutterstock|NurPhoto|(?:Zuma|ZUMA)(?: Press| Wire)?|Alamy|Xinhua|Pool|Globe Staff)"
)
_AGENCIES = rf"{_AGENCY}(?:(?: ?[/—–-] ?| via | - ){_AGENCY}){{0,3}}"
_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?: [\w.'’-]+){0,4}"
_KIND = r"(?:[Pp]hotos?|PHOTO|[Pp]hotograph(?:er)?|[Ii]mages?|[Cc]redit)(?: credit| by)?"
# A name and agencies, either first, with a mark between them; and agencies alone.
_NAMED = (
    rf"(?:(?:{_NAME} ?(?:/ ?|, | - | — |— ?| via )){{1,2}}{_AGENCIES}|(?:AP Photos?|REUTERS|AFP|Reuters) ?/ ?{_NAME})"
    r"(?: ?/ ?File Photo)?"
)
_CREDIT = rf"(?:{_NAMED}|{_AGENCIES})"
# In brackets, behind a word for it, behind a bar, or behind the caption's own full stop or year.
CREDIT_RE = re.compile(
    rf"(?:\s*[(\[] ?(?:{_KIND} ?:? ?{_CREDIT}|{_NAMED}) ?[)\]]\.?|(?<=[\w.!?”\"’)]) {_KIND} ?: ?{_CREDIT}\.?"
    rf"|\s*\| ?{_CREDIT}|(?<=[.!?”\"\d]) (?:{_NAME} ?/ ?{_AGENCIES}|REUTERS ?/ ?{_NAME}(?: ?/ ?File Photo)?))+$"
)
AGENCIES = ("Getty", "AP Photo", "REUTERS", "Reuters", "AFP", "EPA", "Bloomberg", "Associated Press", "Shutterstock")
# A caption is longer than this, a credit with what stands before it shorter than that.
LEAST_CAPTION, MOST_CREDIT = 20, 160


def cut_credits(text: str) -> str:
    """A text whose lines end without credits; as it is where none does."""
    if not any(agency in text for agency in AGENCIES):
        return text
    return "\n".join(map(_cut, text.split("\n")))


def _cut(line: str) -> str:
    if not any(agency in line[-MOST_CREDIT:] for agency in AGENCIES):
        return line
    found = CREDIT_RE.search(line, max(LEAST_CAPTION, len(line) - MOST_CREDIT))
    return line[: found.start()].rstrip(" |—–-") if found else line
