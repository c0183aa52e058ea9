from __future__ import annotations

import codecs
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.decoding import OWN, UNICODE, WRITTEN, page, read_sentences, written
from tests.conftest import SHARED
from transforms.runtime.decoding import codec_of, decode, decode_page, find_encoding, looks_binary, needs_recoding

SENTENCES: dict[str, list[str]] = {}
for line in OWN.read_text(encoding="utf-8").splitlines():
    SENTENCES.setdefault(line.split("\t")[0], []).append(line.split("\t")[1])
# Languages of the benchmark's files, a sentence each.
SENTENCES |= {
    "ar": ["افتتح رئيس البلدية يوم الاثنين الجسر الجديد فوق النهر رغم احتجاجات التجار في المدينة."],
    "de": ["Die Bürgermeisterin eröffnete am Montag die neue Brücke. „Schön“, sagte sie, „dass Ihr da seid.“"],
    "en": ["The mayor’s office said the café by the bridge would cost £40m — “a disgrace”, as Zoë put it."],
    "es": ["El año pasado, según la policía, no hubo ningún herido en la autopista. ¿Qué pasará mañana?"],
    "fr": ["Le conseil a voté lundi la fermeture du vieux pont. L’été s’achève — « déjà », écrit-il. Cœur, 5 €."],
    "it": ["L’anno scorso la città non c’era più: «È così», ha detto il sindaco, «perché nessuno l’ha voluta»."],
    "ja": ["市議会は月曜日に古い橋を閉鎖することを決めた。商店主たちは抗議し、市長は耳を傾けた。カタカナも。"],
    "pl": ["Burmistrz otworzył w poniedziałek nowy most nad rzeką, mimo protestów kupców, którzy żądali więcej."],
    "pt": ["A câmara aprovou na segunda-feira o encerramento da ponte; os comerciantes não estão satisfeitos."],
    "ru": ["Мэр города открыл в понедельник новый мост через реку. Торговцы протестовали против закрытия старого."],
    "sv": ["Kommunen beslutade på måndagen att stänga den gamla bron över ån; köpmännen är mycket besvikna."],
    "tr": ["Belediye başkanı pazartesi günü nehrin üzerindeki yeni köprüyü açtı, ancak esnaf bunu protesto etti."],
    "zh": ["市长星期一为新桥揭幕。商人们抗议关闭旧桥，市议会下周将再次讨论这个问题。"],
}
# The same bytes but for a letter are far commoner in ISO 8859-2.
UNTOLD = ("iso8859-16",)
CASES = [
    (language, name)
    for language, lines in SENTENCES.items()
    for name in WRITTEN[language]
    if name not in UNTOLD and all(written(line, name) for line in lines)
]
USUAL = [(language, name) for language, name in CASES if name.startswith(("cp125", "iso", "koi8", "cp9", "gb", "euc"))]
LABELS = {"mac_roman": "macintosh", "euc_jis_2004": "euc-jp", "iso2022_jp_ext": "iso-2022-jp"}


def article(language: str) -> str:
    return "\n".join(SENTENCES[language])


def encoded(text: str, encoding: str) -> tuple[bytes, str]:
    payload = written(text, encoding)
    assert payload is not None
    return payload, payload.decode(encoding).removeprefix("\ufeff")


def read_text(payload: bytes, *declared: str) -> str | None:
    decoded = decode(payload, *declared)
    return decoded.text if decoded else None


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_text_and_page_in_the_encodings_of_a_language(language: str, encoding: str) -> None:
    payload, text = encoded(article(language), encoding)
    assert read_text(payload) == text
    html, whole = encoded(page(text), encoding)
    assert decode_page(html).text == whole


@pytest.mark.parametrize(("language", "encoding"), USUAL)
def test_a_sentence_is_enough(language: str, encoding: str) -> None:
    for sentence in SENTENCES[language]:
        payload, text = encoded(sentence, encoding)
        assert read_text(payload) == text
        html, whole = encoded(page(text), encoding)
        assert decode_page(html).text == whole


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("language", [*SENTENCES, "hi"])
def test_unicode_with_and_without_a_mark(language: str, encoding: str) -> None:
    for sentence in SENTENCES[language]:
        payload, text = encoded(sentence, encoding)
        assert not looks_binary(payload)
        assert read_text(payload) == text
        assert decode_page(page(text).encode(encoding), declared="windows-1252").text == page(text)


@pytest.mark.parametrize(("language", "encoding"), [*CASES, ("ro", "iso8859-16"), ("ko", "johab"), ("ru", "cp855")])
def test_a_right_declaration(language: str, encoding: str) -> None:
    label = LABELS.get(encoding, encoding)
    for sentence in SENTENCES[language]:
        _, text = encoded(sentence, encoding)
        html, whole = encoded(page(text, label), encoding)
        assert decode_page(html).text == whole
        assert decode_page(html, declared="ISO-8859-1").text == whole
        assert decode_page(encoded(page(text), encoding)[0], declared=label).text == page(text)


@pytest.mark.parametrize("declared", ["utf-8", "ascii", "iso-8859-1", "windows-1251", "no-such", "utf-16", "hex", '"'])
@pytest.mark.parametrize(("language", "encoding"), USUAL)
def test_a_wrong_declaration(language: str, encoding: str, declared: str) -> None:
    payload, text = encoded(article(language), encoding)
    assert read_text(payload, declared) == text
    html, whole = encoded(page(text, declared), encoding)
    assert decode_page(html, declared=declared).text == whole


@pytest.mark.parametrize("declared", ["windows-1251", "iso-8859-1", "gbk", "shift_jis", "utf-16", None])
@pytest.mark.parametrize("language", ["en", "fr", "he", "ru", "zh"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_utf8_whatever_was_declared(declared: str | None, language: str, mark: bytes) -> None:
    html = page(article(language), "koi8-r")
    assert decode_page(mark + html.encode(), declared=declared) == (html, "utf-8", False)


@pytest.mark.parametrize(
    ("meta", "label"),
    [
        ("<META http-equiv=Content-Type content='text/html; charset={}'>", "windows-1255"),
        ("<meta charset={} />", "iso-8859-8-i"),
        ('<?xml version="1.0" encoding="{}"?>', "cp1255"),
        ("<script>let a = '<'</script>" * 50 + "<meta charset='{}'>", "windows1255"),
    ],
)
def test_forms_of_declarations(meta: str, label: str) -> None:
    html = f"{meta.format(label)}<p>א</p>"
    assert decode_page(html.encode("cp1255")).text == html


def test_the_pages_own_declaration_comes_before_a_servers_default() -> None:
    html = page("Ωμέγα", "windows-1253").encode("cp1253")
    assert decode_page(html, declared="ISO-8859-1").encoding == "cp1253"
    assert "Ωμέγα" in decode_page(html, declared="windows-1253").text


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("latin1", "cp1252"),
        ("ISO-8859-9", "cp1254"),
        ("gb2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("TIS-620", "cp874"),
        ("win-1251", "cp1251"),
        ("IBM866", "cp866"),
        (" 'utf8'; ", "utf-8"),
        *(
            (label, None)
            for label in ("", None, "us-ascii", "base64", "rot13", "utf-7", "utf-16", "cp037", "idna", "é")
        ),
        *((label, None) for label in ("unicode_escape", "no-such", "x" * 1000, "a\0b")),
    ],
)
def test_what_labels_mean(label: str | None, codec: str | None) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(("language", "encoding"), [("ja", "cp932"), ("ja", "euc_jp"), ("zh", "gbk"), ("ko", "cp949")])
@pytest.mark.parametrize("before", ["", "1 ", "市 ", "12市 "])
def test_a_long_text_without_blanks(language: str, encoding: str, before: str) -> None:
    text = before + article(language).replace(" ", "").replace("\n", "") * 50
    assert read_text(text.encode(encoding)) == text


def test_a_right_declaration_helps_where_bytes_tell_little() -> None:
    assert read_text("№ 5: Ёж".encode("koi8-r", "replace"), "koi8-r") == "? 5: Ёж"


def test_one_broken_byte_costs_one_character() -> None:
    text = article("de") * 3
    payload = text.encode()
    decoded = decode(payload[:40] + b"\xff" + payload[40:])
    assert decoded == (payload[:40].decode() + "\ufffd" + payload[40:].decode(), "utf-8", False)
    html = page(article("ru") * 3).encode()
    assert decode_page(html[:200] + b"\xff" + html[201:], declared="windows-1251").text.count("\ufffd") <= 2


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (b"plain ASCII \0 with a NUL in it", "plain ASCII \0 with a NUL in it"),
        ("ein Zeichen é und \0 danach".encode(), "ein Zeichen é und \0 danach"),
        (b'{"a": 1}\n\0\0\1\0\1', '{"a": 1}\n\0\0\1\0\1'),
        (b"a ~{ in code ~} and \x1b[1mbold\x1b[0m", "a ~{ in code ~} and \x1b[1mbold\x1b[0m"),
        (b"", ""),
        (b"caf\xe9", "café"),
        (b"it\x92s \x93quoted\x94", "it’s “quoted”"),
        (b"\xa350", "£50"),
    ],
)
def test_small_and_odd_texts(payload: bytes, text: str) -> None:
    assert read_text(payload) == text
    assert decode_page(payload).text == text.replace("\0", "")


def test_bytes_that_are_no_text_in_any_encoding() -> None:
    assert decode(bytes(range(128, 256)) * 3) is None
    assert decode(b"\xff\xfe" + b"\x00\xd8" * 30) is None
    assert decode(b'{"a": 1}\n\0\0\1\n\0\0\1\0\xa3') is None
    assert "\0" not in decode_page(bytes(range(256)) * 3).text


@pytest.mark.parametrize("payload", [b"\0" * 50, b"%PDF-1.4 text", b"PK\x03\x04abc", bytes(range(32)) * 4])
def test_binary(payload: bytes) -> None:
    assert looks_binary(payload)


@pytest.mark.parametrize("payload", [b"", b"42", b"4.", b"a", b"plain\ttext\r\n", b"one \0 NUL in a long text " * 3])
def test_not_binary(payload: bytes) -> None:
    assert not looks_binary(payload)


def xml(label: str) -> bytes:
    return f'<?xml version="1.0" encoding="{label}"?><a>'.encode()


@pytest.mark.parametrize(
    ("head", "declared", "encoding"),
    [
        (b"plain ASCII", False, None),
        ("Zürich".encode(), False, None),
        ("Zürich".encode("utf-16"), False, "utf-16"),
        ('{"a": "Zürich"}\n'.encode("utf-16-be"), False, "utf-16-be"),
        (article("ru").encode("koi8-r"), False, "koi8-r"),
        (article("ja").encode("iso2022_jp"), False, "iso2022_jp_ext"),
        ("Zürich".encode("cp1252"), False, None),
        (xml("windows-1251"), True, "cp1251"),
        (xml("windows-1251"), False, None),
        (xml("ISO-8859-1") + "Zürich".encode(), True, None),
        (xml("ISO-8859-1") + "Zürich".encode("cp1252"), True, "cp1252"),
        (xml("ISO-8859-1") + article("ru").encode("cp1251"), True, "cp1251"),
        (xml("utf-8"), True, None),
        # A character that is cut at the end of the sample is no sign of another encoding.
        (("x" * 65535 + "ü").encode()[:65536], False, None),
        (("x" * 65500 + "ü" * 30).encode()[:65536], False, None),
    ],
)
def test_what_the_beginning_of_a_file_tells(head: bytes, declared: bool, encoding: str | None) -> None:
    assert find_encoding(head, declared=declared) == encoding


def test_encodings_whose_bytes_stand_for_ascii() -> None:
    assert needs_recoding("cp932", lines_only=False)
    assert not needs_recoding("cp932", lines_only=True)
    assert not needs_recoding("cp1251", lines_only=False)
    assert needs_recoding("utf-16-le", lines_only=True)


def test_real_sentences() -> None:
    if not (SHARED / "langid").exists():
        pytest.skip(f"needs {SHARED / 'langid'}")
    usual = {"ar": "cp1256", "fr": "cp1252", "ja": "cp932", "pl": "iso8859-2", "ru": "koi8-r", "tr": "cp1254"}
    sentences = read_sentences(SHARED / "langid", start=100)
    payloads = [
        encoded(line, name) for language, name in usual.items() for line in sentences[language] if written(line, name)
    ]
    wrong = [text for payload, text in payloads if read_text(payload) != text]
    assert len(wrong) <= 0.02 * len(payloads), wrong


def test_utf8_needs_no_detector() -> None:
    code = "import sys; from transforms.runtime import decoding; decoding.decode('é'.encode())"
    code += "; print('chardet' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


@given(
    st.binary(max_size=300),
    st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["gbk", "rot13", "hex", "idna", "cp037", "mbcs"])),
)
def test_nothing_raises(payload: bytes, declared: str | None) -> None:
    decoded = decode(payload, declared)
    assert decoded is None or isinstance(decoded.text, str)
    html = decode_page(payload, declared=declared)
    assert "\0" not in html.text
    html.text.encode("utf-8", "surrogatepass")
    assert looks_binary(payload) in (True, False)
    find_encoding(payload, declared=True)
