from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.encodings import decode, looks_binary

GERMAN = (
    "Die Bürgermeisterin eröffnete am Montag die neue Brücke über den Fluß. „Schön“, sagte sie, „daß Ihr da seid.“ " * 5
)
RUSSIAN = "Мэр города открыл в понедельник новый мост через реку. Торговцы протестовали против закрытия старого. " * 5
JAPANESE = "市長は月曜日に新しい橋を開通させた。商人たちは古い橋の閉鎖に抗議した。市議会は来週もう一度話し合う。" * 5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")]
    + [(RUSSIAN, "utf-8"), (RUSSIAN, "koi8-r"), (RUSSIAN, "cp1251"), (JAPANESE, "shift-jis"), (JAPANESE, "utf-16")],
)
def test_encodings(text: str, encoding: str) -> None:
    payload = text.encode(encoding)
    assert not looks_binary(payload)
    decoded = decode(payload)
    assert decoded is not None
    assert decoded.text.removeprefix("\ufeff") == text


def test_one_broken_byte_costs_one_character() -> None:
    payload = GERMAN.encode()
    decoded = decode(payload[:40] + b"\xff" + payload[40:])
    assert decoded is not None
    assert decoded.text.count("\ufffd") == 1
    assert decoded.text.replace("\ufffd", "") == GERMAN


@pytest.mark.parametrize("payload", [b"\0" * 50, b"%PDF-1.4 text", b"PK\x03\x04abc", bytes(range(32)) * 4])
def test_binary(payload: bytes) -> None:
    assert looks_binary(payload)


@pytest.mark.parametrize("payload", [b"", b"42", b"4.", b"a", b"plain\ttext\r\n", b"one \0 NUL in a long text " * 3])
def test_not_binary(payload: bytes) -> None:
    assert not looks_binary(payload)


@given(st.binary(max_size=300))
def test_decoding_never_raises(payload: bytes) -> None:
    decoded = decode(payload)
    assert decoded is None or isinstance(decoded.text, str)
