"""The names of formats."""

TEXT = "text"
HTML = "html"
JSONL = "jsonl"
JSON = "json"
CSV = "csv"
PARQUET = "parquet"
WARC = "warc"
ARC = "arc"
XML = "xml"
# What a file can be told to be read as.
FORMATS = (TEXT, HTML, JSONL, JSON, CSV, PARQUET, WARC, ARC, XML)
# The texts of a WARC that was converted to plain text. A record's format, no file's.
WET = "wet"
ZIP = "zip"
TAR = "tar"
CONTAINERS = (ZIP, TAR)
# Formats whose records are told apart by ASCII characters, and which a file in a wide encoding is recoded for.
MARKED_UP = frozenset((JSONL, JSON, CSV, XML))
