from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.read.sorting import records, rejects

Read = Callable[..., list]
ITEM = (
    "<item><title>Story {n}</title>"
    "<content:encoded><![CDATA[<p>The mayor. </item> & more {n}</p>]]></content:encoded></item>"
)
ITEMS = [ITEM.format(n=n) for n in range(30)]
RSS = (
    '<?xml version="1.0" encoding="{encoding}"?>\n'
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Feed</title>\n'
    "<!-- <item> is no item -->{items}</channel></rss>"
)


@pytest.mark.parametrize("name", ["feed.xml", "feed.rss", "feed", "feed.html"])
def test_items_by_content(tmp_path: Path, read: Read, name: str) -> None:
    content = RSS.format(encoding="utf-8", items="\n".join(ITEMS)).encode()
    file = tmp_path / name
    file.write_bytes(content)
    found = read(file)
    assert [item.payload.decode() for item in records(found)] == ITEMS
    assert all(content[item.source_offset :].startswith(item.payload) for item in records(found))
    assert rejects(found) == []


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("windows-1251", "cp1251"),
        ("utf-8", "cp1251"),
        ("iso-8859-1", "utf-8"),
        ("utf-16", "utf-16"),
        ("Shift_JIS", "cp932"),
        ("nonsense", "koi8-r"),
    ],
)
def test_encodings_declared_rightly_and_wrongly(tmp_path: Path, read: Read, declared: str, written: str) -> None:
    from transforms.runtime.decoding import decode

    text = "市長は表を構えた。" if written == "cp932" else "Мэр города открыл новый мост через реку. "
    items = [f"<item><title>{text}{n}</title></item>" for n in range(20)]
    file = tmp_path / "feed.xml"
    file.write_bytes(RSS.format(encoding=declared, items="".join(items)).encode(written))
    decoded = [decode(item.payload, item.charset) for item in records(read(file))]
    assert [found.text for found in decoded if found] == items


def test_an_item_that_is_never_closed_takes_no_other_with_it(tmp_path: Path, read: Read) -> None:
    broken = "<item><title>Never closed"
    file = tmp_path / "broken.xml"
    file.write_text(
        RSS.format(encoding="utf-8", items="".join([*ITEMS[:3], broken, *ITEMS[3:], broken])), encoding="utf-8"
    )
    found = read(file)
    assert [item.payload.decode() for item in records(found) if item.payload.decode() in ITEMS] == ITEMS
    assert [item.payload.decode() for item in records(found) if item.payload.decode() not in ITEMS] == [broken]
    assert [item.reason for item in rejects(found)] == ["malformed_xml"]


def test_a_cdata_section_that_never_ends_takes_no_other_with_it(tmp_path: Path, read: Read) -> None:
    broken = "<item><title><![CDATA[never</title></item>".replace("]]>", "")
    plain = ["<item><title>One</title></item>", "<item><title>Two</title></item>"]
    file = tmp_path / "cdata.xml"
    file.write_text(RSS.format(encoding="utf-8", items="".join([plain[0], broken, plain[1]])), encoding="utf-8")
    assert [item.payload.decode() for item in records(read(file))] == [plain[0], broken, plain[1]]


def test_an_item_over_the_limit_is_a_reject(tmp_path: Path, read: Read) -> None:
    large = "<item><title>" + "x" * 5000 + "</title></item>"
    file = tmp_path / "large.xml"
    file.write_text(RSS.format(encoding="utf-8", items="".join([ITEMS[0], large, ITEMS[1]])), encoding="utf-8")
    found = read(file, limit=1000)
    assert [item.payload.decode() for item in records(found)] == ITEMS[:2]
    assert [item.reason for item in rejects(found)] == ["too_large"]


def test_xml_without_articles_is_a_reject(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "other.xml"
    file.write_text('<?xml version="1.0"?><settings><a>1</a></settings>', encoding="utf-8")
    assert [item.reason for item in read(file)] == ["unsupported_format"]


def test_documents_of_one_article(tmp_path: Path, read: Read) -> None:
    document = (
        '<?xml version="1.0"?>\n<!DOCTYPE nitf SYSTEM "nitf.dtd">\n'
        "<nitf><body><body.content><p>Text.</p></body.content></body></nitf>"
    )
    file = tmp_path / "story.xml"
    file.write_text(document, encoding="utf-8")
    (item,) = records(read(file))
    assert item.payload.decode() == document[document.index("<nitf>") :]


def test_pages_are_told_from_feeds(tmp_path: Path, read: Read) -> None:
    for page in (
        "<!DOCTYPE html>\n<html><p>x</p></html>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        "<!-- saved --><HTML></HTML>",
    ):
        file = tmp_path / "page.xml"
        file.write_text(page, encoding="utf-8")
        (item,) = records(read(file))
        assert item.html == page.encode()
