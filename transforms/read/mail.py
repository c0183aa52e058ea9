"""Mail and postings: a file of one (EML, a newsgroup's), mailboxes of many (mbox), pages saved as mail (MHTML).

What they hold is the standard library's affair.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr

from schemas.records import RawRecord, Reject
from transforms.read.formats import HTML, MAIL
from transforms.read.lines import LineReader
from transforms.read.source import ByteStream

# Headers by which a mail or posting is known.
HEADERS = frozenset(
    (
        *(
            "from",
            "subject",
            "date",
            "message-id",
            "received",
            "newsgroups",
            "path",
            "organization",
            "return-path",
            "xref",
        ),
        *(
            "mime-version",
            "delivered-to",
            "reply-to",
            "nntp-posting-host",
            "references",
            "x-mailer",
            "distribution",
            "to",
        ),
        *("snapshot-content-location", "content-type", "in-reply-to", "x-newsreader", "summary", "keywords", "sender"),
    )
)
HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40}):(?:[ \t]|$)")
POSTMARK = re.compile(rb"From \S+.*\d{4}\s*$")
COMMENT = re.compile(rb"^From:[^\n]*\(([^()\n]{2,60})\)", re.MULTILINE)
# What stands below a mail's text: the sender's signature.
SIGNATURE = re.compile(r"\n-- ?\n(?:.*\n?){0,12}\Z")
# Mailboxes put this mark before lines that would look like a postmark.
QUOTED_FROM = re.compile(r"^>(?=>*From )", re.MULTILINE)
# A plain part that is shorter than this only says that there is another.
MIN_PLAIN = 200

Found = RawRecord | Reject


def looks_like_mail(text: str) -> bool:
    """Whether a text begins with the headers of a mail or posting, or a mailbox's postmark before them."""
    lines = text.split("\n")
    if lines[0].startswith("From ") and POSTMARK.match(lines[0].encode("utf-8", "replace")):
        lines = lines[1:]
    names = set()
    for line in lines[:200]:
        if not line.strip():
            break
        if line[:1] in " \t":
            continue
        header = HEADER.match(line)
        if header is None:
            return False
        names.add(header[1].lower())
    return len(names & HEADERS) >= 2 and bool(names & {"from", "subject", "snapshot-content-location"})


def read_mail(source: ByteStream, limit: int) -> Iterator[Found]:
    """The messages of a file. `limit`: bytes of one."""
    reader = LineReader(source, limit)
    held: list[bytes] = []
    offset, size, blank = source.offset, 0, True
    for line in reader:
        if blank and held and POSTMARK.match(line.content):
            yield _read(source, b"\n".join(held), offset, size, limit)
            held, offset, size = [], line.offset, 0
        blank = not line.content.strip()
        size += line.size + 1
        if size <= limit:
            held.append(line.content)
    if held or size:
        yield _read(source, b"\n".join(held), offset, size, limit)
    if source.damage:
        cut = reader.rest()
        yield source.cut(cut.offset, cut.content, cut.size)


def _read(source: ByteStream, content: bytes, offset: int, size: int, limit: int) -> Found:
    if size > limit + 1:
        return source.too_large(offset, content, size, limit)
    if POSTMARK.match(content.partition(b"\n")[0]):
        content = content.partition(b"\n")[2]
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        return _record(source, message, content, offset)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        return source.reject("malformed_mail", f"no mail that can be read: {error}"[:500], offset, content)


def _record(source: ByteStream, message: EmailMessage, content: bytes, offset: int) -> RawRecord:
    plain, page = _part(message, "plain"), _part(message, "html")
    saved = message.get("Snapshot-Content-Location")
    if saved and page:
        return RawRecord(
            source.name, offset, HTML, page.encode("utf-8", "replace"), charset="utf-8", url=str(saved).strip()
        )
    name, address = parseaddr(str(message.get("From", "")))
    if not name and (comment := COMMENT.search(content)):
        # `mail (Name)`, as newsgroups have it.
        name = comment[1].decode("utf-8", "replace")
    fields = {
        "title": str(message.get("Subject", "")),
        "authors": name or address.partition("@")[0],
        "published_at": str(message.get("Date", "")),
        "id": str(message.get("Message-ID", "")),
        "source": str(message.get("Newsgroups", "")).partition(",")[0],
        "text": page if page and len(plain.strip()) < MIN_PLAIN else QUOTED_FROM.sub("", SIGNATURE.sub("\n", plain)),
    }
    payload = json.dumps({key: value for key, value in fields.items() if value or key == "text"}, ensure_ascii=False)
    return RawRecord(source.name, offset, MAIL, payload.encode("utf-8", "replace"), charset="utf-8")


def _part(message: EmailMessage, kind: str) -> str:
    """The text of the first part of a kind, "" where there is none."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    content = part.get_content()
    return content if isinstance(content, str) else ""
