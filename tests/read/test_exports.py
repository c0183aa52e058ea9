from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import INPUTS
from tests.read.sorting import records, rejects

Read = Callable[..., list]
NEXIS = """Page 1 of 2
Ferry plan passes after long vote
The Harwick Courier (England)
March 5, 2024 Tuesday
Copyright 2024 Harwick Courier All Rights Reserved
Section: NEWS; Pg. 12
Length: 120 words
Byline: Rosa Feld
Body


The council voted 7 to 2 on Tuesday.

Pavel Hruby led the review.


Classification


Language: ENGLISH
Load-Date: March 6, 2024

End of Document

Page 2 of 2
Second story
The Harwick Courier (England)
March 7, 2024 Thursday 10:15 AM EST
Copyright 2024 Harwick Courier All Rights Reserved
Length: 12 words
Body

Text two.

Load-Date: March 7, 2024

End of Document
"""
FACTIVA_PAGES = """Ferry plan passes after long vote
By Rosa Feld
120 words
5 March 2024
Harwick Courier
HWC
English
Copyright 2024 Harwick Courier

The council voted 7 to 2 on Tuesday.

Pavel Hruby led the review.

Document HWC0000020240305ek350000

Second story
12 words
7 March 2024
10:15
Harwick Courier
HWC
English
(c) 2024

Text two.

Document HWC0000020240305ek350001
"""
PROQUEST = f"""{"_" * 60}

Report Information from ProQuest

{"_" * 60}

Document 1 of 2

Ferry plan passes after long vote

Author: Feld, Rosa

Publication info: Harwick Courier ; Harwick [Harwick]. 05 Mar 2024: A.1.

Abstract: Short.

Full text: The council voted 7 to 2 on Tuesday.

Pavel Hruby led the review.

Subject: Ferries

Title: Ferry plan passes after long vote

Publication title: Harwick Courier; Harwick

Publication date: Mar 5, 2024

ProQuest document ID: 123456

Document URL: https://www.proquest.example/123456

{"_" * 60}

Document 2 of 2

Second story

Publication info: Harwick Courier ; Harwick [Harwick]. 07 Mar 2024: A.2.

Full text: Text two.

ProQuest document ID: 123457

{"_" * 60}

Contact us
"""
FIRST = {
    "title": "Ferry plan passes after long vote",
    "text": "The council voted 7 to 2 on Tuesday.\n\nPavel Hruby led the review.",
}


def fields(found: list) -> list:
    assert rejects(found) == []
    return [json.loads(item.payload) for item in records(found)]


@pytest.mark.parametrize(
    ("text", "kind", "days"),
    [
        (NEXIS, "lexisnexis", ["March 5, 2024", "March 7, 2024"]),
        (FACTIVA_PAGES, "factiva", ["5 March 2024", "7 March 2024"]),
        (PROQUEST, "proquest", ["Mar 5, 2024", "07 Mar 2024"]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_every_document_is_a_record(
    tmp_path: Path, read: Read, text: str, kind: str, days: list[str], encoding: str
) -> None:
    file = tmp_path / "export.txt"
    file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    found = read(file)
    first, second = fields(found)
    assert {item.file_format for item in records(found)} == {kind}
    assert {name: first[name] for name in FIRST} == FIRST
    assert "Feld" in first["authors"]
    assert (second["title"], second["text"]) == ("Second story", "Text two.")
    assert [first["published_at"], second["published_at"]] == days
    assert first["source"].endswith("Harwick Courier")


def test_a_classic_export(read: Read) -> None:
    found = fields(read(INPUTS / "54-lexisnexis.txt"))
    assert [item["title"] for item in found] == [
        f"Ferry plan {n} passes after long council vote" for n in (331, 332, 333)
    ]
    assert [item["published_at"] for item in found] == ["March 5, 2024", "March 6, 2024", "March 7, 2024"]
    for item in found:
        assert item["text"].startswith("The council of")
        assert item["text"].endswith("of the month.")
        assert (item["authors"], item["source"]) == ("Rosa Feld, Staff Writer", "The Harwick Courier")


def test_an_export_of_codes(read: Read) -> None:
    found = fields(read(INPUTS / "55-factiva.txt"))
    assert [(item["title"], item["published_at"]) for item in found] == [
        ("Ferry plan 334 passes", "5 March 2024"),
        ("Ferry plan 335 passes", "6 March 2024"),
    ]
    for item in found:
        assert item["text"].startswith("The council of")
        assert item["text"].endswith("of the month.")
        assert item["id"].startswith("HWC00000")


def test_prose_that_speaks_of_documents_is_one_text(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.txt"
    file.write_text(
        "Leak\n\nHe read 1 of 3 documents that day.\nLength: unknown\n\nEnd of the story.\n", encoding="utf-8"
    )
    assert [item.file_format for item in records(read(file))] == ["text"]
