from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import INPUTS
from tests.read.sorting import records
from transforms.read.mail import looks_like_mail

Read = Callable[..., list]
MESSAGE = b"""From: Rosa Feld <rosa@courier.example>
To: desk@courier.example
Subject: =?utf-8?q?Ferry_plan_pass=C3=A9?=
Date: Tue, 05 Mar 2024 10:00:00 +0100
Message-ID: <1@courier.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

See the page.
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><body><p>The council voted =3D 7 to 2.</p></body></html>
--b--
"""
PAGE = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://courier.example/a
Subject: Ferry plan
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b"

--b
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://courier.example/a

<html><body><p>The council voted =3D 7 to 2.</p></body></html>
--b--
"""


def test_a_message(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(MESSAGE)
    (found,) = records(read(file))
    assert found.file_format == "mail"
    assert json.loads(found.payload) == {
        "title": "Ferry plan passé",
        "authors": "Rosa Feld",
        "published_at": "Tue, 05 Mar 2024 10:00:00 +0100",
        "id": "<1@courier.example>",
        "text": "<html><body><p>The council voted = 7 to 2.</p></body></html>",
    }


def test_a_mailbox(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "inbox.mbox"
    content = b"\n".join(
        b"From rosa@x Tue Mar  5 10:00:00 2024\n" + MESSAGE.replace(b"<1@", b"<%d@" % n) for n in range(4)
    )
    file.write_bytes(content)
    found = records(read(file))
    assert [json.loads(item.payload)["id"] for item in found] == [f"<{n}@courier.example>" for n in range(4)]
    assert all(content[item.source_offset :].startswith(b"From rosa@x") for item in found)


def test_a_posting_and_a_saved_page(tmp_path: Path, read: Read) -> None:
    (posting,) = records(read(INPUTS / "57-newsgroup-53068"))
    fields = json.loads(posting.payload)
    assert (fields["title"], fields["authors"]) == ("Re: Ferry plan in Harwick", "Rosa Feld")
    assert fields["text"].startswith("In article <1993Apr5.1234@x.example>")
    file = tmp_path / "a.mhtml"
    file.write_bytes(PAGE)
    (page,) = records(read(file))
    assert (page.file_format, page.url) == ("html", "https://courier.example/a")
    assert b"The council voted = 7 to 2." in page.payload


@pytest.mark.parametrize(
    "text", ["Subject: prose\n\nThe text.", "Rome: a visit\nParis: another\n\nText.", "", "From: x\nthe sea\n"]
)
def test_prose_is_no_mail(text: str) -> None:
    assert not looks_like_mail(text)
