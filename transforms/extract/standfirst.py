"""The standfirst of a page's article: what stands between title and body in print of its own and says what follows.

It is the article's, though the sets of true bodies that the models learn from leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.extract.authors import BY_RE
from transforms.extract.blocks import Block
from transforms.extract.elsewhere import is_foreign

# What elements that hold one are called; of an `h2` right below the title its place is enough.
MARKED_RE = re.compile(
    r"(?:^|[\s>_-])(?:stand-?first|dek|deck|sub-?(?:title|head(?:line|ing)?)|strap-?line|lede"
    r"|(?:article|post|entry|story)(?:__|-|_)(?:summary|intro|description|excerpt|lead|lede|dek))(?:$|[\s>_-])"
    r"|[\s>](?:lead|intro|summary|excerpt)(?:$|[\s>])"
)
# It stands at most so many blocks below the title, an unmarked one at most that many.
BELOW, BELOW_UNMARKED = 5, 2
LEAST_WORDS, LEAST_UNMARKED, MOST_WORDS = 8, 9, 70


def with_standfirst(blocks: Sequence[Block], chosen: list[Block], title: str | None) -> list[Block]:
    """The blocks of an article, behind its standfirst where the page has one that isn't among them.

    Args:
        blocks: the page's.
        chosen: the article's, in their order.
        title: the article's.
    """
    if not chosen:
        return chosen
    first = blocks.index(chosen[0])
    headings = [i for i, block in enumerate(blocks[:first]) if block.tag == "h1" or block.text == title]
    if not headings:
        return chosen
    heading = headings[-1]
    for i in range(heading + 1, min(first, heading + 1 + BELOW)):
        if _is_standfirst(blocks[i], i - heading) and not is_foreign(blocks[i], (blocks[heading], blocks[first])):
            text = blocks[i].text
            return chosen if any(text in block.text for block in chosen) else [blocks[i], *chosen]
    return chosen


def _is_standfirst(block: Block, distance: int) -> bool:
    words = block.text.count(" ") + 1
    marked = MARKED_RE.search(block.signature) is not None
    least = LEAST_WORDS if marked else LEAST_UNMARKED
    placed = marked or (block.tag == "h2" and distance <= BELOW_UNMARKED)
    of_its_own = 2 * block.link_chars < len(block.text) and not BY_RE.match(block.text)
    return placed and of_its_own and least <= words <= MOST_WORDS
