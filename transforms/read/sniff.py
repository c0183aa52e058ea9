"""What a file's records are, by content before name."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from transforms.read.delimited import looks_delimited
from transforms.read.formats import CONTAINERS, CSV, HTML, JSON, JSONL, PARQUET, TAR, TEXT, WARC, XML, ZIP
from transforms.read.packing import COMPRESSIONS
from transforms.runtime.decoding import find_encoding, looks_binary

SUFFIXES = {
    **dict.fromkeys((".txt", ".text", ".story"), TEXT),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), HTML),
    **dict.fromkeys((".jsonl", ".ndjson", ".jl"), JSONL),
    **dict.fromkeys((".json", ".geojson"), JSON),
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv"), CSV),
    **dict.fromkeys((".parquet", ".pq"), PARQUET),
    **dict.fromkeys((".warc", ".wet"), WARC),
    **dict.fromkeys((".xml", ".rss", ".atom", ".rdf", ".nitf", ".newsml", ".sgml", ".sgm"), XML),
    **dict.fromkeys((".zip",), ZIP),
    **dict.fromkeys((".tar", ".tgz", ".tbz2", ".txz"), TAR),
}
# How a page and an XML document with articles begin, behind declarations and comments. TREC's collections have no root.
PAGE_TAGS = frozenset(("html", "head", "body", "!doctype html"))
PROLOG = re.compile(r"\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE(?!\s+html)[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
ROOT = re.compile(r"<(!doctype\s+html|[\w:.-]+)", re.IGNORECASE)
FEED_TAGS = frozenset(
    (
        *("rss", "feed", "rdf:rdf", "newsml", "newsitem", "newsmessage", "nitf", "doc", "docs", "add", "newsfile"),
        *("channel", "corpus", "articles", "article", "item", "items"),
    )
)
JSON_BEGIN = re.compile(r'\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]\d-]|$))')
TAR_MAGIC = b"ustar"


def named_format(path: str) -> str:
    """What a file's records are, by its name without suffixes of packing; "" for a name that doesn't tell."""
    name = PurePosixPath(path)
    while name.suffix.lower() in COMPRESSIONS and name.suffix.lower() not in SUFFIXES:
        name = name.with_suffix("")
    return SUFFIXES.get(name.suffix.lower(), "")


def sniff_container(head: bytes, path: str) -> str:
    """`zip` or `tar` for an archive, else ""."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if head[257:262] == TAR_MAGIC or (named_format(path) == TAR and looks_binary(head)):
        return TAR
    return ""


def sniff_format(head: bytes, path: str) -> str:
    """A member of `FORMATS`, or "" for a file of no kind that is read.

    Args:
        head: its first bytes, unpacked.
        path: its name, for what the content leaves open.
    """
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith(b"WARC/"):
        return WARC
    if looks_binary(head):
        # What is told to be text but isn't gets its own reject when it is parsed.
        named = named_format(path)
        return named if named in (TEXT, JSONL, PARQUET) else ""
    text = head.decode(find_encoding(head) or "utf-8", "replace").removeprefix("\ufeff")
    return _sniff_text(text, named_format(path), whole_name=PurePosixPath(path).suffix == "")


def _sniff_text(text: str, named: str, *, whole_name: bool) -> str:
    if text.lstrip()[:1] == "<":
        if found := _sniff_markup(text):
            return found
    elif JSON_BEGIN.match(text):
        return _sniff_json(text, named)
    elif named not in (CSV, JSONL) and looks_delimited(text):
        return CSV
    if named:
        return named if named not in CONTAINERS else ""
    return TEXT if whole_name and text.strip() else ""


def _sniff_markup(text: str) -> str:
    place = 0
    while skipped := PROLOG.match(text, place):
        place = skipped.end()
    found = ROOT.match(text, place)
    root = " ".join(found[1].lower().split()) if found else ""
    if root in PAGE_TAGS:
        return HTML
    if root in FEED_TAGS or text.lstrip().startswith("<?xml"):
        return XML
    return ""


def _sniff_json(text: str, named: str) -> str:
    """Lines, where one of the first is a whole object and another follows, or the name says so; else a document."""
    lines = text.split("\n")
    whole = [holds_object(line) for line in lines[:8]]
    following = [line for line in lines[1:] if line.strip()]
    if named == JSONL:
        return (
            JSONL if any(whole) or (lines[0].strip() not in ("[", "{", "") and lines[0].lstrip()[:1] != "[") else JSON
        )
    return JSONL if whole[0] and following and following[0].lstrip().startswith("{") else JSON


def holds_object(line: str) -> bool:
    """Whether a line is one whole JSON object."""
    if not line.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
