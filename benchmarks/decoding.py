"""How often bytes are decoded to the text that they were made of: `make bench-decoding`.

Sentences of `<ISO 639 code>.txt` files, of spaCy's examples and of `tests/data/sentences.tsv` are written in the
encodings that each language is really found in, one by one and as articles of many, and decoded as what they may come
as: a page that declares its encoding, one that declares none, one that declares a wrong one, and a plain text.
"""

from __future__ import annotations

import importlib
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from transforms.runtime.decoding import decode, decode_page

FOLDER = "../shared/data/langid"
OWN = Path(__file__).parent.parent / "tests" / "data" / "sentences.tsv"
# Of a language that has more, as many sentences are measured, of these lengths in characters.
SENTENCES = 40
LENGTHS = (60, 150)
ARTICLE = 20
WESTERN = ("cp1252", "iso8859-1", "iso8859-15", "mac_roman", "cp850", "cp437")
CENTRAL = ("cp1250", "iso8859-2", "cp852")
CYRILLIC = ("cp1251", "iso8859-5")
WRITTEN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ca", "de", "en", "es", "fr", "it", "nl", "pt"), WESTERN),
    **dict.fromkeys(("fi", "sv"), WESTERN),
    **dict.fromkeys(("da", "no"), (*WESTERN[:-1], "cp865")),
    "is": ("cp1252", "iso8859-1", "cp861", "mac_iceland"),
    **dict.fromkeys(("cs", "hr", "hu", "pl", "sk", "sl"), CENTRAL),
    "ro": (*CENTRAL, "iso8859-16"),
    "tr": ("cp1254", "iso8859-9", "cp857"),
    "ru": (*CYRILLIC, "koi8-r", "cp866"),
    "uk": (*CYRILLIC, "koi8-u", "cp1125"),
    **dict.fromkeys(("be", "bg", "mk", "sr"), CYRILLIC),
    "el": ("cp1253", "iso8859-7", "cp737"),
    "he": ("cp1255", "iso8859-8"),
    "ar": ("cp1256", "iso8859-6"),
    "fa": ("cp1256",),
    "et": ("cp1257", "iso8859-13", "iso8859-15", "cp1252"),
    **dict.fromkeys(("lt", "lv"), ("cp1257", "iso8859-13", "iso8859-4", "cp775")),
    "vi": ("cp1258",),
    "th": ("cp874", "tis-620"),
    "ja": ("cp932", "euc_jp", "iso2022_jp"),
    "zh": ("gb18030", "gbk", "hz"),
    "zh-tw": ("big5",),
    "ko": ("cp949", "euc_kr", "iso2022_kr"),
    "hi": (),
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
# Encodings that hardly anybody has.
RARE = {"ru": ("mac_cyrillic", "cp855"), "bg": ("mac_cyrillic",), "ko": ("johab",)}
# How people write what their encoding lacks.
SPELT = {
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚", "'"),
    "–": "-",
    "—": "-",
    "…": "...",
    "œ": "oe",
    "€": "EUR",
}
# Romanian commas below and the Persian ye are letters of their own since Unicode.
OLDER = {"ș": "ş", "ț": "ţ", "Ș": "Ş", "Ț": "Ţ", "ی": "ي"}
# Vietnamese tones, which are characters of their own in its encoding.
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


# Of texts that are no ASCII in bytes that are.
MARKS = (b"\0", b"\x1b", b"~{")


class Sample(NamedTuple):
    """Bytes, what they are, and the text that they should become."""

    language: str
    encoding: str
    long: bool
    text: str
    payload: bytes


def read_sentences(folder: Path, *, start: int = 0) -> dict[str, list[str]]:
    """Sentences by language: those of a folder, of spaCy's examples for languages not there, and the project's own."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.txt")):
        if len(file.stem) == 2:
            lines = [line.strip() for line in file.read_text(encoding="utf-8").split("\n")]
            fitting = [line for line in lines if LENGTHS[0] <= len(line) * (1 + 2 * _is_wide(line)) <= LENGTHS[1]]
            # Controls in the place of quotes are damage.
            fitting = [line for line in fitting if line.isprintable()]
            # Text of ASCII alone is the same in all of them.
            telling = [line for line in fitting if not line.isascii()]
            found[file.stem] = telling[start : start + SENTENCES]
    for language in WRITTEN.keys() - found.keys() - {"zh-tw"}:
        name = f"spacy.lang.{'nb' if language == 'no' else language}.examples"
        try:
            found[language] = [line for line in importlib.import_module(name).sentences if not line.isascii()]
        except ImportError:
            found[language] = []
    for line in OWN.read_text(encoding="utf-8").splitlines():
        language, sentence = line.split("\t")
        found[language].append(sentence) if language in found else found.setdefault(language, [sentence])
    return found


def _is_wide(text: str) -> bool:
    return any("\u2e7f" < character < "\uff00" for character in text)


def written(text: str, encoding: str) -> bytes | None:
    """A text in an encoding, as people write it who have no other; None where it can't be."""
    for ways in ({}, OLDER, SPELT, SPELT | OLDER):
        spelt = text.translate(str.maketrans(ways))
        payload = (_split_tones(spelt) if encoding == "cp1258" else spelt).encode(encoding, "ignore")
        if len(payload.decode(encoding).removeprefix("\ufeff")) >= len(spelt):
            return payload
    return None


def _split_tones(text: str) -> str:
    return "".join(
        unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
        + "".join(mark for mark in parts if mark in TONES)
        for parts in (unicodedata.normalize("NFD", character) for character in unicodedata.normalize("NFC", text))
    )


def samples(sentences: dict[str, list[str]], encodings: dict[str, tuple[str, ...]]) -> Iterator[Sample]:
    """Every sentence, and articles of `ARTICLE` or of all there are, in every encoding of its language."""
    for language, names in encodings.items():
        lines = sentences[language]
        articles = ["\n\n".join(lines[first : first + ARTICLE]) for first in range(0, len(lines), ARTICLE)]
        for encoding in names:
            for long, texts in ((False, lines), (True, articles)):
                for text in texts:
                    payload = written(text, encoding)
                    if payload is not None and (not payload.isascii() or any(mark in payload for mark in MARKS)):
                        yield Sample(language, encoding, long, payload.decode(encoding), payload)


def page(text: str, declared: str = "") -> str:
    """A page of a text."""
    meta = f'<meta charset="{declared}">' if declared else ""
    body = "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line)
    return f"<!DOCTYPE html>\n<html><head>{meta}<title>news</title></head>\n<body><div>{body}</div></body></html>\n"


def as_page(sample: Sample, declared: str = "") -> tuple[bytes, str]:
    """The bytes of a page of a sample, and its text."""
    html = page(sample.text.removeprefix("\ufeff"), declared)
    return html.encode(sample.encoding), html


def as_text(sample: Sample) -> tuple[bytes, str]:
    """The bytes of a plain text, and the text."""
    return sample.payload, sample.text.removeprefix("\ufeff")


def declared_right(sample: Sample) -> tuple[bytes, str]:
    """A page that says in which encoding it is."""
    return as_page(sample, sample.encoding)


def declared_default(sample: Sample) -> tuple[bytes, str]:
    """A page in one encoding that says another: what templates say of all pages."""
    return as_page(sample, "iso-8859-1" if sample.encoding.startswith("utf") else "utf-8")


def declared_wrong(sample: Sample) -> tuple[bytes, str]:
    """A page that says it is Western and isn't, or Russian where it is Western."""
    western = sample.payload.decode("cp1252", "replace") == sample.text
    return as_page(sample, "windows-1251" if western else "iso-8859-1")


def decode_text(payload: bytes) -> str:
    """As a record is decoded."""
    decoded = decode(payload)
    return decoded.text.removeprefix("\ufeff") if decoded else ""


def decode_html(payload: bytes) -> str:
    """As a page is decoded."""
    return decode_page(payload).text


Form = tuple[str, Callable[[Sample], tuple[bytes, str]], Callable[[bytes], str]]
FORMS: tuple[Form, ...] = (
    ("page, declared", declared_right, decode_html),
    ("page, nothing declared", as_page, decode_html),
    ("page, declared as UTF-8", declared_default, decode_html),
    ("page, declared as another", declared_wrong, decode_html),
    ("plain text", as_text, decode_text),
)


def measure(all_samples: Sequence[Sample], form: Form) -> tuple[Counter[tuple[str, str, bool]], float]:
    """Wrong ones by language, encoding and length, and the seconds that decoding took."""
    _, make, read = form
    wrong: Counter[tuple[str, str, bool]] = Counter()
    seconds = 0.0
    for sample in all_samples:
        payload, expected = make(sample)
        start = time.perf_counter()
        found = read(payload)
        seconds += time.perf_counter() - start
        # What is added and lost on the way from text to page is none of decoding's.
        wrong[sample.language, sample.encoding, sample.long] += found != expected
    return wrong, seconds


def report(all_samples: Sequence[Sample], *, by_encoding: bool = True) -> None:
    """Measure every form and print the tables."""
    counts = Counter((sample.language, sample.encoding, sample.long) for sample in all_samples)
    print("| as | sentences | articles | mean of encodings | ms |\n|---|---|---|---|---|")
    failures: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for form in FORMS:
        wrong, seconds = measure(all_samples, form)
        shares = [_right(wrong, counts, long=long) for long in (False, True)]
        means = _mean_of_encodings(wrong, counts)
        print(f"| {form[0]} | {shares[0]} | {shares[1]} | {means:.1%} | {1e3 * seconds / len(all_samples):.2f} |")
        for (language, encoding, long), count in wrong.items():
            if count:
                told = failures[language, encoding].get(form[0], "")
                failures[language, encoding][form[0]] = (
                    f"{told} {'L' if long else 'S'}{count}/{counts[language, encoding, long]}".strip()
                )
    if by_encoding:
        print("\n| language, encoding | " + " | ".join(form[0] for form in FORMS) + " |\n|---|" + "---|" * len(FORMS))
        for (language, encoding), cells in sorted(failures.items()):
            print(f"| {language} {encoding} | " + " | ".join(cells.get(form[0], "") for form in FORMS) + " |")


def _right(wrong: Counter[tuple[str, str, bool]], counts: Counter[tuple[str, str, bool]], *, long: bool) -> str:
    total = sum(count for key, count in counts.items() if key[2] == long)
    right = total - sum(count for key, count in wrong.items() if key[2] == long)
    return f"{right:,} of {total:,} ({right / total:.1%})"


def _mean_of_encodings(wrong: Counter[tuple[str, str, bool]], counts: Counter[tuple[str, str, bool]]) -> float:
    shares: dict[str, list[float]] = defaultdict(list)
    for key, count in counts.items():
        shares[key[1]].append(1 - wrong[key] / count)
    return sum(sum(part) / len(part) for part in shares.values()) / len(shares)


def main(argv: Sequence[str]) -> None:
    """Measure and print."""
    sentences = read_sentences(Path(argv[0] if argv else FOLDER), start=int(argv[1]) if len(argv) > 1 else 0)
    usual = {language: names + UNICODE for language, names in WRITTEN.items()}
    found = list(samples(sentences, usual))
    decode_text(found[0].payload)
    print(f"{len(usual)} languages, {len({sample.encoding for sample in found})} encodings\n")
    report(found)
    print("\nEncodings that hardly anybody has:\n")
    report(list(samples(sentences, RARE)))


if __name__ == "__main__":
    main(sys.argv[1:])
