from __future__ import annotations

from transforms.names.missed import find_unseen, mask


def test_a_dateline_that_the_model_saw_is_no_second_name() -> None:
    byline = " ".join(f"{name}," for name in ("Ana", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida", "Jo"))
    text = f"{byline}\n\nWASHINGTON — The senators met."
    place = text.index("WASHINGTON")
    spans = [(text.index(name), text.index(name) + len(name), "PERSON") for name in byline.replace(",", "").split()]
    assert find_unseen(text, mask(text, spans), spans) == [(place, place + 10, "GPE")]
    spans.append((place, place + 10, "GPE"))
    assert find_unseen(text, mask(text, spans), spans) == []
