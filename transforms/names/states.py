"""States of the US as newspapers shorten them behind a city's name."""

from __future__ import annotations

from functools import cache

import pycountry

_ABBREVIATED = """
AL Ala.; AK Alaska; AZ Ariz.; AR Ark.; CA Calif. Cal.; CO Colo.; CT Conn.; DE Del.; FL Fla.; GA Ga.; ID Idaho;
IL Ill.; IN Ind.; IA Iowa; KS Kan. Kans.; KY Ky.; LA La.; ME Me.; MD Md.; MA Mass.; MI Mich.; MN Minn.; MS
Miss.; MO Mo.; MT Mont.; NE Neb. Nebr.; NV Nev.; NH N.H.; NJ N.J.; NM N.M.; NY N.Y.; NC N.C.; ND N.D.; OH Ohio;
OK Okla.; OR Ore.; PA Pa. Penn.; RI R.I.; SC S.C.; SD S.D.; TN Tenn.; TX Tex.; UT Utah; VT Vt.; VA Va.; WA
Wash.; WV W.Va. W._Va.; WI Wis.; WY Wyo.; DC D.C.
"""
STATES = {
    form.replace("_", " "): code
    for row in " ".join(_ABBREVIATED.split()).split("; ")
    for code, _, forms in (row.partition(" "),)
    for form in (*forms.split(" "), code)
}
"""How a state of the US is written in short → its postal code."""


_NICKNAMES = """
Aloha; Badger; Bay; Beaver; Beehive; Blue Hen; Bluegrass; Buckeye; Cornhusker; Cowboy; Empire; Equality; Evergreen;
First; Garden; Gem; Gopher; Grand Canyon; Granite; Green Mountain; Hawkeye; Hoosier; Keystone; Lone Star; Magnolia;
Mount Rushmore; Natural; North Star; Nutmeg; Ocean; Old Line; Palmetto; Peace Garden; Peach; Pelican; Pine Tree;
Prairie; Show-Me; Show Me; Silver; Sooner; Sunflower; Sunshine; Tar Heel; Treasure; Volunteer; Wolverine; Yellowhammer
"""
NICKNAMES = frozenset(f"{nickname} State" for nickname in " ".join(_NICKNAMES.split()).split("; "))
"""What newspapers call states of the US besides; without California's, which is a basketball club first."""


@cache
def us_states() -> dict[str, str]:
    """Postal code → name of the states of the US and the District of Columbia, by ISO 3166-2."""
    parts = pycountry.subdivisions.get(country_code="US")
    return {part.code.removeprefix("US-"): part.name for part in parts if part.type in ("State", "District")}


SPELT_OUT = {
    form: name
    for code, name in us_states().items()
    for form, known in STATES.items()
    if known == code and form.endswith(".")
}
"""A state in short ("Calif.") → its name. The post's letters alone ("IN") are words and initials too often."""
