"""A page's JSON-LD: its objects, and which of them describes the article."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from transforms.extract.titles import fold_words

SPACE_RE = re.compile(r"\s+")
# schema.org's Article and what is below it, and what sites use in its place; lower case.
ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "opinionnewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "advertisercontentarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "medicalscholarlyarticle",
        "techarticle",
        "report",
        "liveblogposting",
        "socialmediaposting",
        "discussionforumposting",
        "recipe",
        "howto",
        "creativework",
        "review",
    ]
)
PAGE_TYPES = frozenset(("webpage", "itempage", "aboutpage", "faqpage", "collectionpage", "medicalwebpage", "qapage"))
# What these hold is other pages, answers or comments.
OTHERS = frozenset(
    [
        "itemListElement",
        "mentions",
        "citation",
        "relatedLink",
        "significantLink",
        "isRelatedTo",
        "isBasedOn",
        "hasPart",
        "comment",
        "liveBlogUpdate",
        "suggestedAnswer",
        "acceptedAnswer",
    ]
)
# What may stand around JSON in a script, and a comma behind the last value; strings are matched to be left as they are.
WRAPPING_RE = re.compile(
    r"^\s*(?:/\*\s*)?<!\[CDATA\[(?:\s*\*/)?|(?:/\*\s*)?\]\]>(?:\s*\*/)?\s*$|^\s*<!--|-->\s*$|^\s*//.*$", re.M
)
STRAY_COMMA_RE = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
# An object nested deeper, or more objects than this, is no description of an article.
MAX_OBJECTS = 5000
MAX_SCRIPT = 4 << 20


def read_linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects of the page's JSON-LD that are no other stories', outermost first."""
    count = 0
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", ""):
            continue
        text = (script.text or "").strip().rstrip(";")
        if not text or len(text) > MAX_SCRIPT:
            continue
        content = _load(text)
        if content is None:
            continue
        open_values = deque([content])
        while open_values and count < MAX_OBJECTS:
            value = open_values.popleft()
            count += 1
            if isinstance(value, dict):
                yield value
                own = (each for name, each in value.items() if name not in OTHERS)
                open_values += [each for each in own if isinstance(each, (dict, list))]
            elif isinstance(value, list):
                open_values += [each for each in value if isinstance(each, (dict, list))]


def _load(text: str) -> Any:
    """JSON, with what templates leave in it overlooked: comments around it, commas before closing brackets."""
    text = WRAPPING_RE.sub("", text)
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        return None
    except ValueError:
        pass
    try:
        return json.loads(STRAY_COMMA_RE.sub(r"\1", text), strict=False)
    except (ValueError, RecursionError):
        return None


def types_of(value: dict[str, Any]) -> set[str]:
    """The types of an object, lower case."""
    kinds = value.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rpartition("/")[2].lower() for kind in kinds if isinstance(kind, str)}


def find_articles(objects: list[dict[str, Any]], title: str) -> list[dict[str, Any]]:
    """The objects that describe the page's article, the fullest first.

    They are those that bear its title; where none does, those of the first headline, for a page's own comes first.
    """
    words = set(fold_words(title))
    found = [each for each in objects if types_of(each) & ARTICLE_TYPES]
    headlines = [frozenset(fold_words(text_of(each.get("headline")) or "")) for each in found]
    named = [each for each, own in zip(found, headlines, strict=True) if own and len(own & words) * 2 > len(own)]
    if not named:
        first = next((own for own in headlines if own), None)
        named = [each for each, own in zip(found, headlines, strict=True) if not own or own == first]
    return sorted(named, key=_fullness, reverse=True)


def _fullness(value: dict[str, Any]) -> int:
    return sum(name in value for name in ("headline", "datePublished", "author", "articleBody", "publisher"))


def text_of(value: Any, *, whole: bool = False) -> str | None:
    """The text of a value, its first text, or its name; on one line and unescaped unless `whole`."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    return (value if whole else unescape(line_of(value))) or None


def unescape(text: str) -> str:
    """A text with its HTML entities decoded, those that were escaped twice too."""
    return html.unescape(html.unescape(text)) if "&" in text else text


def line_of(text: Any) -> str:
    """A text on one line, "" for what is none."""
    return SPACE_RE.sub(" ", text).strip() if isinstance(text, str) else ""
