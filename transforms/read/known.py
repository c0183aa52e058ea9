"""Kinds of files that aren't read, known by their first bytes or their name, with a way to have them read."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# First bytes → what it is, and what helps.
MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "extract its text first (pdftotext) and save it as .txt, or as a field of JSON lines"),
    (
        b"SQLite format 3\x00",
        "an SQLite database",
        "export the table: sqlite3 -json FILE 'SELECT * FROM …' > FILE.json",
    ),
    (b"ORC", "an ORC file", "save it as Parquet: pyarrow.parquet.write_table(pyarrow.orc.read_table(FILE), …)"),
    (b"Obj\x01", "an Avro file", "save it as Parquet or JSON lines"),
    (b"\x89HDF", "an HDF5 file", "save it as Parquet: pandas.read_hdf(FILE).to_parquet(…)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (DOC, XLS)", "save it as .docx, .xlsx, .csv or .txt"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it, or pack it as .zip or .tar.gz"),
    (b"Rar!", "a RAR archive", "unpack it, or pack it as .zip or .tar.gz"),
    (b"\x1f\x9d", "a file of compress (.Z)", "unpack it, or pack it as .gz"),
    (b"\x89PNG", "a picture (PNG)", "it needs text recognition"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "it needs text recognition"),
    (b"GIF8", "a picture (GIF)", "it needs text recognition"),
    (b"II*\x00", "a picture (TIFF)", "it needs text recognition"),
    (b"MM\x00*", "a picture (TIFF)", "it needs text recognition"),
    (b"\x7fELF", "a program", ""),
    (b"MZ", "a program", ""),
)
PICKLE = re.compile(rb"\x80[\x02-\x05][\x95c}\]q(]")
# Names decide where the content is text or leaves it open.
SUFFIXES = {
    **dict.fromkeys(
        (".pkl", ".pickle", ".p"), ("a pickle", "it could run any program: save it as Parquet or JSON lines")
    ),
    **dict.fromkeys((".yaml", ".yml"), ("YAML", "save it as JSON")),
    **dict.fromkeys((".sql",), ("an SQL dump", "load it and export the table as CSV, JSON lines or Parquet")),
    **dict.fromkeys((".rst", ".org", ".adoc"), ("a markup of its own", "--input_format text takes it as it is")),
    **dict.fromkeys((".mdb", ".accdb"), ("an Access database", "export the table as CSV")),
    **dict.fromkeys((".rdata", ".rds", ".rda"), ("an R file", "arrow::write_parquet or write.csv makes it readable")),
    **dict.fromkeys((".dta", ".sav", ".sas7bdat"), ("a file of a statistics package", "export it as CSV")),
    **dict.fromkeys((".mobi", ".azw", ".azw3"), ("an e-book", "convert it to .txt or .html")),
    **dict.fromkeys((".cdx", ".cdxj"), ("an index of an archive", "its WARC files are what is read")),
}
# Zips that are a document or a program, by a member.
PACKAGES: tuple[tuple[str, str, str], ...] = (
    ("META-INF/container.xml", "an EPUB", "convert it to .html or .txt (pandoc, ebook-convert)"),
    ("ppt/presentation.xml", "a presentation (PPTX)", "save its text as .txt"),
    ("META-INF/MANIFEST.MF", "a program (JAR)", ""),
    ("AndroidManifest.xml", "a program (APK)", ""),
    ("content.xml", "an OpenDocument file (ODT, ODS)", "save it as .docx, .xlsx, .csv or .txt"),
)
# Roots of XML documents that hold no articles that are known.
ROOTS = {
    "mediawiki": "a dump of MediaWiki: extract its text first (WikiExtractor --json)",
    "urlset": "a sitemap: it holds addresses, not articles",
    "sitemapindex": "a sitemap: it holds addresses, not articles",
    "alto": "ALTO: text of scanned pages, whose articles can't be separated; save it as .txt",
    "tei": "TEI: save the text of each article as .txt, or as a field of JSON lines",
    "teicorpus": "TEI: save the text of each article as .txt, or as a field of JSON lines",
    "opml": "a list of feeds: it holds addresses, not articles",
}
ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)(?=[\s/>])")


def named_kind(head: bytes, path: str) -> str:
    """What a file is that isn't read, and what helps, in a line; "" for a kind that nobody knows."""
    for magic, kind, help_ in MAGIC:
        if head.startswith(magic):
            return _told(kind, help_)
    if PICKLE.match(head):
        return _told(*SUFFIXES[".pkl"])
    return _told(*SUFFIXES.get(PurePosixPath(path).suffix.lower(), ("", "")))


def named_package(names: frozenset[str]) -> str:
    """What a zip with these members is, where it is a document or program, and what helps."""
    for member, kind, help_ in PACKAGES:
        if member in names:
            return _told(kind, help_)
    return "a document or a program, no dump"


def named_root(head: bytes) -> str:
    """What an XML document is by its root, to be said behind what is missing."""
    root = ROOT.search(head)
    if root is None:
        return ""
    name = root[1].decode("ascii", "replace")
    known = ROOTS.get(name.rpartition(":")[2].lower())
    return f"; its root is <{name}>" + (f", {known}" if known else "")


def _told(kind: str, help_: str) -> str:
    return f"{kind} isn't read: {help_}" if kind and help_ else f"{kind} isn't read" if kind else ""
