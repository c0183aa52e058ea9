"""Any bytes, and real files with damage in them, come to a good end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import DUMP
from tests.fuzz.invariants import check_article, check_file
from transforms.read.formats import FORMATS

FILES = [path for path in sorted(DUMP.rglob("*.*")) if path.is_file() and path.stat().st_size]
KINDS = ("cut", "swap", "drop", "repeat", "insert")
PIECES = st.sampled_from(
    [
        *(
            "\ufeff",
            "\u200b",
            "\u00ad",
            "\u2028",
            "\r\n",
            "\n\n",
            "&amp;",
            "&#8217;",
            "&lt;p&gt;",
            "Ã©",
            "â€™",
            "\ud83d",
        ),
        *("Advertisement", "Share", "Read more: ", "Exit mobile version", "(Reuters) - ", "U.S. ", "“", "”", "e\u0301"),
        *("ﬁ", "½", "Ⅷ", "İ", "ß", "ﷺ", "カ\u3099", "\x00", "\x1b[31m", "\x85", "\t", "http://a.example/?b=c&d "),
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(FILES),
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(["cut", "swap", "drop", "repeat", "insert"]), st.binary(max_size=9))
    ),
)
def test_real_files_with_damage(path: Any, damage: list[tuple[float, str, bytes]]) -> None:
    content = bytearray(path.read_bytes()[:8_000])
    for share, kind, piece in damage:
        at = int(share * len(content))
        stop = at + 1 + len(piece)
        if kind == "cut":
            del content[stop:]
        elif kind == "drop":
            del content[at:stop]
        elif kind == "repeat":
            content[at:at] = content[at : at + 50 * len(piece)]
        else:
            content[at : at if kind == "insert" else at + len(piece)] = piece
    check_file(bytes(content), path.name)


@pytest.mark.parametrize("file_format", sorted(FORMATS))
@settings(max_examples=15, deadline=None)
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_as_any_format(file_format: str, content: bytes) -> None:
    check_file(content, "dump", file_format)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=12) | PIECES, max_size=20).map("".join))
def test_any_text_is_cleaned_once_and_for_all(make_article: Any, text: str) -> None:
    check_article(make_article(text=text, title=text[:30], url=text[5:20] or None))
