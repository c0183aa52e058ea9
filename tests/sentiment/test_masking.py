from __future__ import annotations

import pytest

from transforms.sentiment.masking import LENGTH, MASK, encode, mask_text


@pytest.mark.parametrize(
    ("text", "spans", "expected", "place"),
    [
        ("Ann met Bo.", [(8, 10)], f"Ann met {MASK}.", 8),
        ("Bo met Bo.", [(7, 9), (0, 2)], f"{MASK} met {MASK}.", 11),
        ("Bo met Bo.", [(0, 2), (7, 9)], f"{MASK} met {MASK}.", 0),
        ("Nobody.", [], "Nobody.", 0),
        ("Bo", [(0, 2)], MASK, 0),
    ],
)
def test_masks(text: str, spans: list[tuple[int, int]], expected: str, place: int) -> None:
    assert mask_text(text, spans) == (expected, place)


class Characters:
    """A tokenizer whose pieces are words, a piece before and one behind them."""

    class Encoding:
        def __init__(self, text: str) -> None:
            words, at = [], 0
            for word in text.split(" "):
                words.append((word, at, at + len(word)))
                at += len(word) + 1
            self.ids = [1, *(99 if word == MASK else 5 for word, _, _ in words), 2]
            self.offsets = [(0, 0), *((start, end) for _, start, end in words), (0, 0)]

    def encode(self, text: str) -> Encoding:
        return self.Encoding(text)


def test_the_target_is_where_its_mask_is() -> None:
    found = encode(Characters(), "Bo met Ann here", [(7, 10), (0, 2)])
    assert found.ids == [1, 99, 5, 99, 5, 2]
    assert found.target == 3
    assert encode(Characters(), "Bo met Ann here", []).target == 0


@pytest.mark.parametrize("place", [0, 60, 199, 399])
@pytest.mark.parametrize("width", [1, 20])
def test_a_long_sentence_is_cut_around_its_target(place: int, width: int) -> None:
    words = ["w" * width] * 400
    start = place * (width + 1)
    found = encode(Characters(), " ".join(words), [(start, start + width)])
    assert len(found.ids) <= LENGTH
    assert found.ids[found.target] == 99
    assert (found.ids[0], found.ids[-1]) == (1, 2)
