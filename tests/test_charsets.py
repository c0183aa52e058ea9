from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from transforms.charsets import guess_encoding
from transforms.encodings import decode, needs_recoding, tell_encoding

POLISH = "Burmistrz otworzył w poniedziałek nowy most nad rzeką, mimo protestów kupców, którzy żądali więcej."
SENTENCES = {
    "cp1252": "Die Bürgermeisterin eröffnete am Montag die neue Brücke über den Fluss, sagte sie.",
    "cp1250": POLISH,
    "iso8859-2": POLISH,
    "cp1251": "Мэр города открыл в понедельник новый мост через реку.",
    "koi8-r": "Мэр города открыл в понедельник новый мост через реку.",
    "iso8859-5": "Мэр города открыл в понедельник новый мост через реку.",
    "cp1253": "Ο δήμαρχος της πόλης εγκαινίασε τη Δευτέρα τη νέα γέφυρα και οι έμποροι διαμαρτυρήθηκαν.",
    "cp1254": "Belediye başkanı pazartesi günü nehrin üzerindeki yeni köprüyü açtı, ancak esnaf bunu protesto etti.",
    "cp1255": "ראש העיר חנך ביום שני את הגשר החדש מעל הנהר, והסוחרים הפגינו נגד סגירת הגשר הישן של העיר.",
    "cp1256": "افتتح رئيس البلدية يوم الاثنين الجسر الجديد فوق النهر رغم احتجاجات التجار في المدينة.",
    "cp932": "市長は月曜日に新しい橋を開通させた。商人たちは古い橋の閉鎖に抗議した。",
    "euc_jp": "市長は月曜日に新しい橋を開通させた。商人たちは古い橋の閉鎖に抗議した。",
    "iso2022_jp": "市長は月曜日に新しい橋を開通させた。商人たちは古い橋の閉鎖に抗議した。",
    "gb18030": "市长星期一为新桥揭幕。商人们抗议关闭旧桥。市议会下周将再次讨论这个问题。",
    "big5": "市長星期一為新橋揭幕。商人們抗議關閉舊橋。市議會下週將再次討論這個問題。",
    "cp949": "시장은 월요일에 새 다리를 개통했다. 상인들은 옛 다리의 폐쇄에 항의했다.",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_a_sentence_tells_its_encoding(encoding: str) -> None:
    text = SENTENCES[encoding]
    found = decode(text.encode(encoding))
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1252", "cp1251"), ("utf-8", "cp1251"), ("nonsense", "koi8-r"), ("hex", "cp1251")],
)
def test_a_wrong_declaration_does_not_win(declared: str, encoding: str) -> None:
    text = SENTENCES[encoding] * 3
    found = decode(text.encode(encoding), declared)
    assert found is not None
    assert found.text == text


def test_a_right_declaration_helps_where_bytes_tell_little() -> None:
    found = decode("№ 5: Ёж".encode("koi8-r", "replace"), "koi8-r")
    assert found is not None
    assert found.text.endswith("Ёж")


def test_what_is_told_from_the_beginning_of_a_file() -> None:
    assert tell_encoding(b"plain ASCII") is None
    assert tell_encoding("Zürich".encode()) is None
    assert tell_encoding("Zürich".encode("utf-16")) == "utf-16"
    assert tell_encoding(b'<?xml version="1.0" encoding="windows-1251"?><a/>', declared=True) == "cp1251"
    assert (
        tell_encoding(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>' + "Zürich".encode() + b"</a>", declared=True)
        is None
    )
    # A character that is cut at the end of the sample is no sign of another encoding.
    assert tell_encoding(("x" * 65535 + "ü").encode()[:65536]) is None
    assert needs_recoding("cp932", lines_only=False)
    assert not needs_recoding("cp932", lines_only=True)
    assert not needs_recoding("cp1251", lines_only=False)


# Encodings that news of these languages is found in.
WRITTEN = {
    "pl": "cp1250",
    "ru": "koi8-r",
    "ar": "cp1256",
    "ja": "cp932",
    "zh": "gb18030",
    "tr": "cp1254",
    "fr": "cp1252",
}


@pytest.mark.parametrize("language", WRITTEN)
def test_real_sentences_tell_their_encoding(language: str) -> None:
    file = SHARED / "langid" / f"{language}.txt"
    if not file.exists():
        pytest.skip(f"needs {file}")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if len(line) >= 60 and not line.isascii()]
    payloads = [line.encode(WRITTEN[language], "ignore") for line in lines[:60]]
    found = [decode(payload) for payload in payloads]
    expected = [payload.decode(WRITTEN[language]) for payload in payloads]
    right = sum(answer is not None and answer.text == text for answer, text in zip(found, expected, strict=True))
    assert right >= 0.9 * len(payloads)


@given(st.binary(max_size=200))
def test_guessing_never_raises(sample: bytes) -> None:
    assert guess_encoding(sample) is None or sample.decode(guess_encoding(sample) or "", "replace") is not None
