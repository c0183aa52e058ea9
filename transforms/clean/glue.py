"""Takes boxes of links out of sentences: a name, run together with its full form, headlines and "MORE".

Some sites show such a box over each politician's name; taken as text it reads "Sen. Ann Ash Ann Marie AshBridge to
close Ferry to run MORE said". The name stays, all else goes. Linear in the text's length but for a bounded look back.
"""

from __future__ import annotations

import re

END_RE = re.compile(r" MORE\b")
# The longest box in sight holds a name and three headlines.
MAX_BOX = 700
# The surname, the full name up to the same surname, and a headline that begins without a space.
START_RE = re.compile(
    r"\b(?P<surname>[A-ZÀ-Þ][\w'’-]+)(?P<suffix>,? (?:Jr|Sr)\.?)? "
    r"(?:[\w.'’()-]+ ){0,5}?(?P=surname)(?:,? (?:Jr|Sr)\.?)?(?=[A-ZÀ-Þ0-9'\"‘“])"
)


def remove_glue(text: str) -> str:
    """The text without such boxes; as it is where it has none."""
    if " MORE" not in text:
        return text
    kept: list[str] = []
    done = 0
    for end in END_RE.finditer(text):
        line = max(text.rfind("\n", done, end.start()) + 1, done, end.start() - MAX_BOX)
        start = START_RE.search(text, line, end.start())
        if start is not None:
            kept.append(text[done : start.end("suffix") if start["suffix"] else start.end("surname")])
            done = end.end()
    return "".join(kept) + text[done:]
