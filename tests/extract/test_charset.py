from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.charset import decode_page

RUSSIAN = "Совет города проголосовал в понедельник за закрытие старого моста, торговцы протестовали."
CHINESE = "市议会周一投票决定关闭旧桥。商人们提出抗议，市长听取了他们的意见。"
TAIWANESE = "市議會週一投票決定關閉舊橋。商人們提出抗議，市長聽取了他們的意見。"
JAPANESE = "市議会は月曜日に古い橋を閉鎖することを決めた。商店主たちは抗議し、市長は耳を傾けた。カタカナも。"
KOREAN = "시의회는 월요일에 낡은 다리를 폐쇄하기로 의결했다. 상인들은 항의했고 시장은 그들의 말을 들었다."
GREEK = "Το δημοτικό συμβούλιο ψήφισε τη Δευτέρα να κλείσει η παλιά γέφυρα, οι έμποροι διαμαρτυρήθηκαν."
POLISH = "Rada miasta zagłosowała w poniedziałek za zamknięciem starego mostu, kupcy zaprotestowali. Żółć, gęś."
FRENCH = "Le conseil a voté lundi la fermeture du vieux pont. L’été s’achève — « déjà », écrit-il. Cœur, 5 €."
ARABIC = "صوت المجلس يوم الاثنين على إغلاق الجسر القديم واحتج التجار واستمع إليهم رئيس البلدية."
HEBREW = "המועצה הצביעה ביום שני על סגירת הגשר הישן והסוחרים מחו וראש העיר הקשיב להם."
TURKISH = "Belediye meclisi pazartesi günü eski köprünün kapatılmasına oy verdi. Işık, şehir, çağrı, ğ."
THAI = "สภาเมืองลงมติเมื่อวันจันทร์ให้ปิดสะพานเก่า พ่อค้าประท้วงและนายกเทศมนตรีรับฟัง"
BALTIC = "Miesto taryba pirmadienį nubalsavo uždaryti seną tiltą, prekybininkai protestavo. Ąžuolas, šaltinis."

ENCODINGS = [
    (RUSSIAN, ("windows-1251", "koi8-r", "iso-8859-5", "koi8-u", "x-mac-cyrillic")),
    (CHINESE, ("gbk", "gb2312", "gb18030")),
    (TAIWANESE, ("big5",)),
    (JAPANESE, ("shift_jis", "euc-jp", "x-sjis", "iso-2022-jp")),
    (KOREAN, ("euc-kr", "ks_c_5601-1987")),
    (GREEK, ("windows-1253", "iso-8859-7")),
    (POLISH, ("windows-1250", "iso-8859-2")),
    (FRENCH, ("windows-1252", "iso-8859-15")),
    (ARABIC, ("windows-1256",)),
    (HEBREW, ("windows-1255", "iso-8859-8-i")),
    (TURKISH, ("windows-1254", "iso-8859-9")),
    (THAI, ("tis-620", "windows-874")),
    (BALTIC, ("windows-1257", "iso-8859-13")),
]
CASES = [(text, label) for text, labels in ENCODINGS for label in labels]


def page(text: str, *, meta: str = "") -> str:
    return f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>"


def encoded(text: str, label: str, *, meta: str = "") -> bytes:
    aliases = {"x-mac-cyrillic": "mac_cyrillic", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "windows-874": "cp874"}
    name = aliases.get(label, "iso8859-8" if label == "iso-8859-8-i" else label)
    # What the encoding lacks (curly quotes in ISO 8859-15) pages write as references.
    return page(text, meta=meta).encode(name, "xmlcharrefreplace")


def readable(text: str, label: str) -> str:
    return encoded(text, label).decode(decode_page(encoded(text, label), declared=label).charset)


@pytest.mark.parametrize(("text", "label"), CASES)
def test_declared_by_http(text: str, label: str) -> None:
    assert decode_page(encoded(text, label), declared=label).text == readable(text, label)


@pytest.mark.parametrize(("text", "label"), CASES)
@pytest.mark.parametrize(
    "meta",
    ['<meta charset="{}">', "<META http-equiv=Content-Type content='text/html; charset={}'>", "<meta charset={} />"],
)
def test_declared_by_the_page(text: str, label: str, meta: str) -> None:
    html = encoded(text, label, meta=meta.format(label))
    assert text[:20].split(maxsplit=1)[0] in decode_page(html).text


@pytest.mark.parametrize(
    "declared", ["utf-8", "ascii", "iso-8859-1", "no-such", "utf-16", "base64", "utf-7", '"', None]
)
@pytest.mark.parametrize("name", ["cp1251", "koi8-r", "cp932", "euc_jp", "gbk", "euc_kr", "cp1253", "cp1255", "big5"])
def test_declared_wrong_or_not_at_all(declared: str | None, name: str) -> None:
    texts = {"cp1251": RUSSIAN, "koi8-r": RUSSIAN, "cp932": JAPANESE, "euc_jp": JAPANESE, "gbk": CHINESE}
    text = {**texts, "euc_kr": KOREAN, "cp1253": GREEK, "cp1255": HEBREW, "big5": TAIWANESE}[name]
    html = page("</p><p>".join([text] * 5)).encode(name)
    assert text in decode_page(html, declared=declared).text


@pytest.mark.parametrize("declared", ["windows-1251", "iso-8859-1", "gbk", "shift_jis", "utf-16", None])
@pytest.mark.parametrize("text", [RUSSIAN, CHINESE, FRENCH, "plain"])
@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
def test_utf8_whatever_was_declared(declared: str | None, text: str, bom: bytes) -> None:
    decoded = decode_page(bom + page(text, meta="<meta charset=koi8-r>").encode(), declared=declared)
    assert decoded.text == page(text, meta="<meta charset=koi8-r>")


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1252"])
def test_wide_encodings_with_and_without_a_mark(name: str, declared: str | None) -> None:
    assert decode_page(page(FRENCH).encode(name), declared=declared).text == page(FRENCH)


def test_latin_1_means_windows_1252() -> None:
    assert decode_page(page(FRENCH).encode("cp1252"), declared="ISO-8859-1").charset == "cp1252"


def test_a_little_damage_is_no_other_encoding() -> None:
    html = page(RUSSIAN * 5).encode()
    damaged = html[:200] + b"\xff" + html[201:]
    decoded = decode_page(damaged, declared="utf-8")
    assert decoded.charset == "utf-8"
    assert decoded.text.count("\ufffd") <= 2


@given(
    st.binary(max_size=300),
    st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["gbk", "rot13", "hex", "idna"])),
)
def test_nothing_raises(html: bytes, declared: str | None) -> None:
    decoded = decode_page(html, declared=declared)
    assert "\0" not in decoded.text
    decoded.text.encode("utf-8", "surrogatepass")
