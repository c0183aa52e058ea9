"""Takes out of sentences what was run into them: buttons before a paragraph, and boxes of links over names.

A paragraph that begins with the names of buttons ("Facebook Twitter Pinterest The mayor …") loses these and stays.
Some sites show a box over each politician's name: the full name, headlines and "MORE". Taken as text it reads
"Sen. Ann Ash Ann Marie AshBridge to close Ferry to run MORE said". The name stays, all else goes.
Linear in the text's length but for a bounded look back.
"""

from __future__ import annotations

import re

END_RE = re.compile(r" MORE\b")
# The longest box in sight holds a name and three headlines.
MAX_BOX = 700
# The surname, the full name up to the same surname, and a headline that begins without a space.
START_RE = re.compile(
    r"\b(?P<surname>[A-ZÀ-Þ][\w'’-]+)(?P<suffix>(?:,? (?:Jr|Sr)\.?)?) "
    r"(?:[\w.'’()-]+ ){0,5}?(?P=surname)(?:,? (?:Jr|Sr)\.?)?(?=[A-ZÀ-Þ0-9'\"‘“])"
)
# The same where the headline stands apart, or the full name doesn't: "Ann Ash Ann Marie Ash Bridge to close".
APART_RE = re.compile(
    r"\b(?P<first>[A-ZÀ-Þ][\w'’-]+) (?!(?P=first)\b)(?P<surname>[A-ZÀ-Þ][\w'’-]*\w)(?P<suffix>) ?"
    r"(?P=first) (?:[A-ZÀ-Þ(][\w.'’()-]* ){0,3}?(?P=surname)(?= ?[A-ZÀ-Þ0-9'\"‘“])"
)


_NET = (
    r"(?:Facebook|Twitter|Pinterest|LinkedIn|WhatsApp|Reddit|Flipboard|Telegram|E-?mail|Print|Share|Tweet|Copy Link|X)"
)
# What stands before a paragraph, and the paragraph: a sentence or more, without the credit that ends a caption.
BUTTONS_RE = re.compile(
    rf"^(?:(?:{_NET}(?:[ |/•·,]+(?:on )?)){{3,}}|(?:ADVERTISEMENT|Advertisement|Article [Cc]ontent)"
    r"(?: (?:Continue reading the main story|Story continues below|Scroll to continue))?[:.]? "
    r"|(?:Story [Cc]ontinue[sd] [Bb]elow(?: (?:this )?[Aa]dvertisement)?|Continue [Rr]eading [Bb]elow)[:.]? )"
    r"(?=(?![^\n]*(?:[Pp]hotograph|[Ii]llustration|[Cc]redit):)[\"“‘']?[A-ZÀ-Þ][^\n]{80,}[.!?][\"”’')]*$)",
    re.MULTILINE,
)
BUTTON_WORDS = ("Facebook", "Twitter", "Share", "Email", "dvertisement", "ADVERTISEMENT", "Continue", "ontent ")


def remove_glue(text: str) -> str:
    """The text without such buttons and boxes; as it is where it has none."""
    if any(word in text for word in BUTTON_WORDS):
        text = BUTTONS_RE.sub("", text)
    return _remove_boxes(text)


def _remove_boxes(text: str) -> str:
    if " MORE" not in text:
        return text
    kept: list[str] = []
    done = 0
    for end in END_RE.finditer(text):
        line = max(text.rfind("\n", done, end.start()) + 1, done, end.start() - MAX_BOX)
        start = START_RE.search(text, line, end.start()) or APART_RE.search(text, line, end.start())
        if start is not None:
            kept.append(text[done : start.end("suffix")])
            done = end.end()
    return "".join(kept) + text[done:]
