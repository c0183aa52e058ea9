"""A page as blocks: the runs of text between its block-level elements, each with what tells article from furniture.

A block is what a reader sees as a paragraph, heading, list item, caption, label or button. `find_blocks` lists them in
the order of the page in one walk over the tree; `describe` turns them into the numbers that `body` judges by.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from lxml import etree

# Elements that stand inside a line of text; all others end the line.
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rb",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "amp-link",
        "g-emoji",
    ]
)
# Elements whose text nobody reads as text.
UNREAD = (
    *("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet", "canvas"),
    *("select", "option", "datalist", "textarea", "input", "audio", "video", "map", "link", "meta", "head", "title"),
)
# Words in `class`, `id` and `role` by what they tell of the element and all in it.
NAMES = {
    "caption": "caption|credit|cutline|wp-block-image|photo-info",
    "share": "shar(?:e|ing)|social|facebook|twitter|whatsapp|follow",
    "related": "relat|recommend|read-?more|readmore|also|trending|popular|more-|latest|suggest|next|prev|promo|teaser",
    "newsletter": "newsletter|subscri|sign-?up|signup|opt-?in|mailing|paywall|login|regist|member",
    "comment": "comment|disqus|reply|respond|discussion|livefyre",
    "author": "author|byline|bio\\b|contributor|writer|avatar|profile",
    "nav": "nav|menu|breadcrumb|crumb|pagination|pager|skip",
    "footer": "foot|copyright|legal|disclaimer",
    "header": "header|masthead|topbar|top-bar|branding|logo",
    "side": "side|widget|aside|rail|column-right|right-col|secondary",
    "ad": "\\bads?\\b|ad-|-ad|advert|sponsor|taboola|outbrain|dfp|gpt|affiliate|commercial",
    "tags": "tag|categor|topic|keyword|label",
    "meta": "meta|date|time|posted|info|views|read-time|reading",
    "consent": "cookie|consent|gdpr|modal|popup|pop-up|overlay|banner|toast|alert",
    "body": "article-?_*(?:body|content|text)|entry-?content|post-?_*(?:body|content|text)"
    "|story-?_*(?:body|text|content)"
    "|articlebody|body-?_*(?:text|copy)|content-?_*body|rich-?text|wysiwyg|prose|field-name-body|field--name-body",
    "article": "article|post|story|entry|single|hentry|blog",
    "content": "content|text|main|page|copy|paragraph",
    "media": "gallery|slide|carousel|video|player|figure|image|img|photo|media|thumb|swiper",
    "hidden": "hidden|hide|visually|sr-only|screen-reader|offscreen|collapsed|print",
    "toc": "toc\\b|table-of-contents|ez-toc|contents|index|faq|accordion|tab",
    "title": "title|headline|heading",
    "lead": "lead|intro|standfirst|excerpt|summary|deck|subtitle|sub-title|dek|description|key-?points|tldr|takeaway",
    "quote": "quote|tweet|instagram|embed",
    "button": "btn|button|cta|call-to-action",
    "shop": "price|product|shop|cart|buy|rating|review|recipe|donat",
    "list": "list|grid|cards?\\b|item|feed|archive|loop",
}
# Elements that tell the same of all in them.
TAGS = (
    *("article", "main", "aside", "nav", "footer", "header", "figure", "figcaption", "ul", "ol", "table", "blockquote"),
    *("form", "section", "a", "button", "details", "dl", "pre", "p", "li"),
)
MARKS = (*NAMES, *TAGS, "invisible")
MARK_INDEX = {name: i for i, name in enumerate(MARKS)}
INVISIBLE = MARK_INDEX["invisible"]
NAME_RES = tuple((MARK_INDEX[name], re.compile(pattern)) for name, pattern in NAMES.items())
TAG_MARKS = {tag: MARK_INDEX[tag] for tag in TAGS}
INVISIBLE_RE = re.compile(r"display:\s*none|visibility:\s*hidden")
# An attribute is read this far.
MAX_ATTRIBUTE = 200
# "No such element above": farther than any that is.
FAR = 60

BLOCK_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "pre", "figcaption", "dt")
BLOCK_TAG_INDEX = {tag: i for i, tag in enumerate(BLOCK_TAGS)}


class Block(NamedTuple):
    """One run of text.

    `text` has single spaces; `link_chars` of its characters stand in links. `tag` is that of the nearest block-level
    element, `parents` the numbers of it and of the elements around it, nearest first, `depth` their count. `marks`
    holds per entry of `MARKS` the depth of the nearest element around that has it, `-FAR` without one. `after_break`
    is set where only a `<br>` parts it from the block before.
    """

    text: str
    link_chars: int
    tag: str
    depth: int
    element: int
    parent: int
    grandparent: int
    marks: tuple[int, ...]
    signature: str
    after_break: bool


@lru_cache(maxsize=1 << 14)
def _marks_of_names(names: str) -> tuple[int, ...]:
    return tuple(index for index, pattern in NAME_RES if pattern.search(names))


class _Frame(NamedTuple):
    """A block-level element that is open."""

    number: int
    tag: str
    depth: int
    marks: tuple[int, ...]
    signature: str


def find_blocks(root: Any) -> list[Block]:  # noqa: C901, one pass: it takes most of the time
    """The blocks under an lxml element, in the order of the page; elements in `UNREAD` must be gone."""
    blocks: list[Block] = []
    top = _Frame(0, "body", 0, (-FAR,) * len(MARKS), "")
    frames = [top, top, top]
    parts: list[str] = []
    link_chars = links = count = 0
    after_break = False
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        starts = event == "start"
        text = element.text if starts else element.tail
        if tag == "a":
            links += 1 if starts else -1
        elif tag not in INLINE:
            if parts:
                if line := " ".join("".join(parts).split()):
                    blocks.append(_block(line, min(link_chars, len(line)), frames, after_break))
                    after_break = False
                parts.clear()
                link_chars = 0
            if tag == "br":
                after_break = True
            elif starts:
                count += 1
                frames.append(_open(element, tag, frames[-1], count))
                after_break = False
            else:
                frames.pop()
                after_break = False
        if text:
            parts.append(text)
            if links > 0:
                link_chars += len(text)
    if line := " ".join("".join(parts).split()):
        blocks.append(_block(line, min(link_chars, len(line)), frames, after_break))
    return blocks


def _open(element: Any, tag: str, above: _Frame, number: int) -> _Frame:
    depth = above.depth + 1
    found = [TAG_MARKS[tag]] if tag in TAG_MARKS else []
    names = ""
    for name, value in element.items():
        if name in ("class", "id", "role"):
            names = f"{names} {value[:MAX_ATTRIBUTE]}"
        elif name == "hidden" or (name == "style" and INVISIBLE_RE.search(value[:MAX_ATTRIBUTE])):
            found.append(INVISIBLE)
    if names:
        names = names.lower()
        found += _marks_of_names(names)
    marks = above.marks
    if found:
        changed = list(marks)
        for index in found:
            changed[index] = depth
        marks = tuple(changed)
    return _Frame(number, tag, depth, marks, tag + names)


def _block(text: str, link_chars: int, frames: list[_Frame], after_break: bool) -> Block:
    top, over, above = frames[-1], frames[-2], frames[-3]
    signature = f"{over.signature}>{top.signature}"
    return Block(
        text, link_chars, top.tag, top.depth, top.number, over.number, above.number, top.marks, signature, after_break
    )


TERMINAL_RE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
SENTENCE_RE = re.compile(r"[.!?。！？][\"'”’»)]* ")
DIGIT_RE = re.compile("[0-9]")
DATE_RE = re.compile(r"\b(?:19|20)\d\d\b|\d:\d\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d")
# What furniture begins with, by kind. English, as most pages with such labels are, and some words that travel.
OPENINGS = (
    ("read ", "see ", "view ", "show ", "load ", "watch", "listen", "continue", "discover", "explore", "learn more"),
    (
        *(
            "related",
            "more ",
            "also ",
            "recommended",
            "trending",
            "you may",
            "you might",
            "don't miss",
            "up next",
            "next",
        ),
        *("previous", "popular", "most ", "latest", "recent", "similar", "top stories", "further reading", "editor"),
    ),
    ("by ", "von ", "par ", "por ", "di ", "written by", "posted", "updated", "published", "last ", "first published"),
    ("tag", "categor", "filed under", "topic", "label", "keyword"),
    (
        *("click", "tap ", "download", "buy", "shop", "order", "book ", "get ", "contact", "call ", "request", "start"),
        *("try ", "skip", "jump", "back", "home", "menu", "search", "close", "toggle", "view", "leave a"),
    ),
    ("table of contents", "contents", "in this article", "on this page", "what's inside", "key ", "faq", "frequently"),
    ("photo", "image", "picture", "video", "credit", "source", "courtesy", "illustration", "file ", "(", "[", "*"),
)
# What it speaks of, by kind.
TOPICS = tuple(
    frozenset(words.split())
    for words in (
        "subscribe subscription subscriber newsletter newsletters sign signup inbox login register join trial donate "
        "unsubscribe",
        "share tweet facebook twitter whatsapp pinterest linkedin instagram follow telegram email print reddit youtube",
        "copyright rights reserved terms privacy cookie cookies disclaimer policy consent gdpr",
        "getty ap reuters afp shutterstock istock photograph photographer courtesy credit image photo unsplash "
        "flickr pixabay",
        "comment comments reply replies report abuse moderator disqus",
        "advertisement advertising sponsored promoted affiliate commission partner partners ad ads sponsor advertorial",
        "author writer reporter editor journalist correspondent columnist freelance contributor reached contributed "
        "bio",
        "views min mins minutes read ago am pm pst est gmt updated posted",
    )
)

WORD_RE = re.compile(r"[^\W\d_]+")
# Phrases are looked for in the first characters of a block.
HEAD = 200


def _describe_text(text: str) -> tuple[float, ...]:
    """What the text of a block alone tells: lengths, punctuation, case, digits, and the phrases of furniture."""
    head = text[:HEAD]
    low = head.lower()
    said = set(WORD_RE.findall(low))
    words = text.split()
    count = len(words)
    digits = len(DIGIT_RE.findall(head))
    first = text[0]
    return (
        len(words),
        len(text) / count,
        TERMINAL_RE.search(text[-8:]) is not None,
        len(SENTENCE_RE.findall(text)),
        text.count(","),
        first.isupper(),
        first.islower(),
        sum([word[0].isupper() for word in words[:40]]) / min(count, 40),
        text.isupper(),
        digits / len(head),
        sum(map(head.count, "|•›»")),
        text[-1] == ":",
        text[-1] == "?",
        text.endswith(("…", "...")),
        first in "\"“'‘«",
        digits > 0 and DATE_RE.search(low) is not None,
        *(low.startswith(opening) for opening in OPENINGS),
        *(not topic.isdisjoint(said) for topic in TOPICS),
    )


class Hints(NamedTuple):
    """What else is known of a page: its title, its description, the body in its JSON-LD."""

    title: str
    description: str
    declared: str


class Described(NamedTuple):
    """The blocks of a page in numbers: `rows` for a model, one per block; `chars` and `groups` for further numbers.

    `groups` numbers the blocks by what they share: the element, its parent, its grandparent, the names of both.
    """

    rows: np.ndarray
    chars: np.ndarray
    groups: tuple[np.ndarray, ...]


def squeeze(text: str) -> str:
    """A text without white space and case, for looking blocks up in it."""
    return "".join(text.split()).lower()


def describe(blocks: list[Block], hints: Hints) -> Described:
    """The numbers of a page with at least one block."""
    n = len(blocks)
    texts = np.array([_describe_text(block.text) for block in blocks], dtype=np.float32)
    chars = np.array([len(block.text) for block in blocks], dtype=np.float32)
    links = np.array([block.link_chars for block in blocks], dtype=np.float32) / chars
    keys = [squeeze(block.text) for block in blocks]
    declared = find_in(keys, hints.declared) if hints.declared else np.full(n, -1, dtype=np.float32)
    title, description = squeeze(hints.title), squeeze(hints.description)
    is_title = np.array([key in title and len(key) * 2 > len(title) for key in keys], dtype=np.float32)
    is_description = np.array([len(key) > 30 and key[:60] in description for key in keys], dtype=np.float32)
    first_seen: dict[str, int] = {}
    repeated = np.array([first_seen.setdefault(key, i) < i for i, key in enumerate(keys)], dtype=np.float32)
    depth = np.array([block.depth for block in blocks], dtype=np.float32)
    tags = np.array([BLOCK_TAG_INDEX.get(block.tag, -1) for block in blocks], dtype=np.float32)
    order = np.arange(n, dtype=np.float32)
    headings = np.flatnonzero(is_title) if is_title.any() else np.flatnonzero(tags == BLOCK_TAG_INDEX["h1"])
    page = float(chars.sum())
    base = np.column_stack(
        (
            np.log1p(chars),
            links,
            chars / page,
            order / n,
            np.cumsum(chars) / page,
            order - (headings[0] if len(headings) else -1),
            declared,
            is_title,
            is_description,
            repeated,
            depth,
            tags,
            np.array([block.after_break for block in blocks], dtype=np.float32),
        )
    )
    groups = tuple(
        _number(ids)
        for ids in (
            [block.element for block in blocks],
            [block.parent for block in blocks],
            [block.grandparent for block in blocks],
            [block.signature for block in blocks],
        )
    )
    around = np.column_stack((base[:, 0], links, texts[:, 2], depth, tags))
    columns = [
        base,
        *(_describe_group(group, chars, links) for group in groups),
        texts,
        _distances(blocks, depth),
        *(_shift(around, step) for step in (-3, -2, -1, 1, 2, 3)),
        *(_mean_around(links, chars, size)[:, None] for size in (4, 10)),
    ]
    return Described(np.hstack(columns).astype(np.float32), chars, groups)


def describe_chances(page: Described, chances: np.ndarray) -> np.ndarray:
    """What a first judgement of all blocks (0…1) tells of each: its own, its neighbours', its groups', its place."""
    chars = page.chars
    weight = chars * (chances > 0.5)
    total = max(float(weight.sum()), 1.0)
    where = np.flatnonzero(weight)
    first, last = (where[0], where[-1]) if len(where) else (0, len(chars))
    order = np.arange(len(chars))
    columns = [
        chances,
        *(_shift(chances, step) for step in (-4, -3, -2, -1, 1, 2, 3, 4)),
        *(_mean_around(chances, chars, size) for size in (3, 8, 20)),
        order - first,
        last - order,
        np.cumsum(weight) / total,
    ]
    for group in page.groups:
        columns.append((np.bincount(group, weights=weight) / total)[group])
        columns.append((np.bincount(group, weights=chances * chars) / np.bincount(group, weights=chars))[group])
    return np.column_stack(columns).astype(np.float32)


def find_in(keys: list[str], text: str) -> np.ndarray:
    """1 for each squeezed text that stands in `text`, else 0; short ones must be a line of it."""
    squeezed = squeeze(text)
    lines = {squeeze(line) for line in text.splitlines()}
    return np.array(
        [
            key[:40] in squeezed if len(key) >= 25 else key in lines or (len(key) > 12 and key in squeezed)
            for key in keys
        ],
        dtype=np.float32,
    )


def _number(ids: list[Any]) -> np.ndarray:
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(each, len(numbers)) for each in ids])


def _distances(blocks: list[Block], depth: np.ndarray) -> np.ndarray:
    """How many elements up the nearest one with each of `MARKS` is; at most `FAR`."""
    rows: dict[tuple[int, ...], int] = {}
    inverse = [rows.setdefault(block.marks, len(rows)) for block in blocks]
    marks = np.array(list(rows), dtype=np.float32)[inverse]
    return np.minimum(depth[:, None] - marks, FAR)


def _describe_group(group: np.ndarray, chars: np.ndarray, links: np.ndarray) -> np.ndarray:
    """How many blocks are in each one's group, how long they are and what share of them are links."""
    counts, size = np.bincount(group), np.bincount(group, weights=chars)
    linked = np.bincount(group, weights=links * chars)
    return np.column_stack((counts, size / counts, size / size.sum(), linked / size))[group]


def _shift(values: np.ndarray, step: int) -> np.ndarray:
    shifted = np.full_like(values, -1)
    if abs(step) < len(values):
        if step > 0:
            shifted[:-step] = values[step:]
        else:
            shifted[-step:] = values[:step]
    return shifted


def _mean_around(values: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray:
    n = len(values)
    order = np.arange(n)
    high, low = np.minimum(order + size + 1, n), np.maximum(order - size, 0)
    sums = np.concatenate([[0.0], np.cumsum(values * weights, dtype=np.float64)])
    weight = np.concatenate([[0.0], np.cumsum(weights, dtype=np.float64)])
    return (sums[high] - sums[low]) / (weight[high] - weight[low])
