"""What on a page belongs to other stories or to the site, and not to the page's article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml.etree import XPath

from transforms.extract.blocks import FAR, MARK_INDEX, MAX_ATTRIBUTE, NAMES, Block

FOREIGN_NAMES = ("related", "side", "nav", "footer", "comment", "ad", "newsletter", "consent")
FOREIGN_TAGS = frozenset(("aside", "nav", "footer"))
FOREIGN_RE = re.compile("|".join(NAMES[name] for name in FOREIGN_NAMES))
FOREIGN_MARKS = tuple(MARK_INDEX[name] for name in (*FOREIGN_NAMES, *FOREIGN_TAGS))
STORIES = XPath("count(//article)")
ITEM_RE = re.compile(r"(?:article|posting|report)$", re.IGNORECASE)


class Surroundings:
    """Tells elements of a page's article from those of others.

    Args:
        tree: the page's root element.
        heading: the element that heads the article, None where the page has none.
    """

    def __init__(self, tree: Any, heading: Any | None) -> None:
        self._around = set() if heading is None else set(heading.iterancestors())
        inside = any(map(_is_story, self._around))
        # An article beside the heading is the heading's own, unless there are several or the heading has another.
        self._stories = inside or STORIES(tree) > 1

    def is_elsewhere(self, element: Any) -> bool:
        """Whether an element stands in a box, list, bar or story that doesn't hold the article's heading."""
        for above in (element, *element.iterancestors()):
            if above in self._around or above.tag in ("body", "html"):
                return False
            if above.tag in FOREIGN_TAGS and not (above.tag == "footer" and above.getparent() in self._around):
                return True
            names = f"{above.get('class', '')[:MAX_ATTRIBUTE]} {above.get('id', '')[:MAX_ATTRIBUTE]}".lower()
            if names != " " and FOREIGN_RE.search(names):
                return True
            if self._stories and above is not element and _is_story(above):
                return True
        return False


def _is_story(element: Any) -> bool:
    return element.tag == "article" or ITEM_RE.search(element.get("itemtype") or "") is not None


def is_foreign(block: Block, own: Iterable[Block | None]) -> bool:
    """Whether a block stands in a box, list or bar that holds none of the article's `own` blocks."""
    around = [each.marks for each in own if each is not None]
    return any(
        block.marks[mark] != -FAR and all(block.marks[mark] != marks[mark] for marks in around)
        for mark in FOREIGN_MARKS
    )
