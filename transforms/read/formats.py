"""The names of formats."""

TEXT = "text"
HTML = "html"
JSONL = "jsonl"
JSON = "json"
CSV = "csv"
PARQUET = "parquet"
WARC = "warc"
ARC = "arc"
# Exports of press archives as text.
LEXISNEXIS = "lexisnexis"
FACTIVA = "factiva"
PROQUEST = "proquest"
EXPORTS = (LEXISNEXIS, FACTIVA, PROQUEST)
MAIL = "mail"
RTF = "rtf"
# A text of which each line is an article: only its reader can know.
LINES = "lines"
# The rows of a workbook. A record's format, no file's, as that of DOCX is `text`.
XLSX = "xlsx"
XML = "xml"
# What a file can be declared to be.
FORMATS = (TEXT, LINES, HTML, JSONL, JSON, CSV, PARQUET, WARC, ARC, XML, *EXPORTS, MAIL, RTF)
# The texts of a WARC that was converted to plain text. A record's format, no file's.
WET = "wet"
ZIP = "zip"
TAR = "tar"
CONTAINERS = (ZIP, TAR)
# Formats whose records are separated by ASCII characters, and which a file in a wide encoding is recoded for.
MARKED_UP = frozenset((JSONL, JSON, CSV, XML, LINES, *EXPORTS))
