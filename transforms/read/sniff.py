"""What a file's records are, by content before name."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from transforms.read.exports import tell_export
from transforms.read.formats import (
    ARC,
    CONTAINERS,
    CSV,
    HTML,
    JSON,
    JSONL,
    MAIL,
    PARQUET,
    RTF,
    TAR,
    TEXT,
    WARC,
    XML,
    ZIP,
)
from transforms.read.json_layout import ONE, find_articles
from transforms.read.mail import looks_like_mail
from transforms.read.packing import COMPRESSIONS
from transforms.read.table_form import looks_delimited
from transforms.runtime.decoding import find_encoding, looks_binary

SUFFIXES = {
    **dict.fromkeys((".txt", ".text", ".story", ".md", ".markdown"), TEXT),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), HTML),
    **dict.fromkeys((".jsonl", ".ndjson", ".jl"), JSONL),
    **dict.fromkeys((".json", ".geojson"), JSON),
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv"), CSV),
    **dict.fromkeys((".parquet", ".pq"), PARQUET),
    **dict.fromkeys((".warc", ".wet"), WARC),
    **dict.fromkeys((".arc",), ARC),
    **dict.fromkeys((".eml", ".mbox", ".mht", ".mhtml"), MAIL),
    **dict.fromkeys((".rtf",), RTF),
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
        *("channel", "corpus", "articles", "article", "item", "items", "reuters", "lewis"),
    )
)
PAGE_BEGIN = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
JSON_BEGIN = re.compile(r'\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]\d-]|$))')
RTF_BEGIN = "{\\rtf"
# How Beam, Spark and `split` number the pieces of a file, behind its name.
SHARD = re.compile(r"(?:-\d{1,6}-of-\d{1,6}|\.(?:part-?)?\d{1,6}|[-_]part-?\d{1,6})$")
TAR_MAGIC = b"ustar"


def _named_format(path: str) -> str:
    """What a file's records are, by its name without suffixes of packing; "" for a name that doesn't tell."""
    name = PurePosixPath(SHARD.sub("", path))
    while name.suffix.lower() in COMPRESSIONS and name.suffix.lower() not in SUFFIXES:
        name = name.with_suffix("")
    return SUFFIXES.get(name.suffix.lower(), "")


def sniff_container(head: bytes, path: str) -> str:
    """`zip` or `tar` for an archive, else ""."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if head[257:262] == TAR_MAGIC or (_named_format(path) == TAR and looks_binary(head)):
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
    if head.startswith(b"filedesc://"):
        return ARC
    if looks_binary(head):
        # What is declared to be text but isn't gets its own reject when it is parsed.
        named = _named_format(path)
        return named if named in (TEXT, JSONL, PARQUET) else ""
    text = head.decode(find_encoding(head) or "utf-8", "replace").removeprefix("\ufeff")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    return _sniff_text(text, _named_format(path), whole_name=PurePosixPath(SHARD.sub("", path)).suffix == "")


def _sniff_text(text: str, named: str, *, whole_name: bool) -> str:
    found = ""
    if named in ("", TEXT):
        found = RTF if text.startswith(RTF_BEGIN) else _sniff_texts(text)
    if not found and text.lstrip()[:1] == "<":
        found = _sniff_markup(text)
    elif not found and JSON_BEGIN.match(text):
        found = _sniff_json(text, named)
    elif not found and named not in (CSV, JSONL) and looks_delimited(text):
        found = CSV
    if found or named:
        return found or (named if named not in CONTAINERS else "")
    return TEXT if whole_name and text.strip() else ""


def _sniff_texts(text: str) -> str:
    """A plain text that holds more than one: an export of a press archive, mail."""
    export = tell_export(text.encode("utf-8", "replace"))
    return export.file_format if export else MAIL if looks_like_mail(text) else ""


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
    if _holds_object(lines[0]) and find_articles(lines[0].encode("utf-8", "replace")) != ONE:
        # A response of an interface a line.
        return JSON
    whole = [_holds_object(line) for line in lines[:8]]
    following = [line for line in lines[1:] if line.strip()]
    if named == JSONL:
        return (
            JSONL if any(whole) or (lines[0].strip() not in ("[", "{", "") and lines[0].lstrip()[:1] != "[") else JSON
        )
    return JSONL if whole[0] and following and following[0].lstrip().startswith("{") else JSON


def is_page(head: bytes) -> bool:
    """Whether bytes begin as a web page does, whatever was declared."""
    text = head[:8192].decode(find_encoding(head[:8192]) or "utf-8", "replace").lstrip("\ufeff \r\n\t")
    kind = _sniff_markup(text) if text.startswith("<") else XML
    return kind == HTML or (kind != XML and bool(PAGE_BEGIN.search(text)))


def ends_with_returns(head: bytes) -> bool:
    """Whether the lines of a text end with a return alone, as those of old Macs and of Excel for them."""
    return b"\r" in head and b"\n" not in head


def _holds_object(line: str) -> bool:
    """Whether a line is one whole JSON object."""
    if not line.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
