"""Countries: ISO 3166-1 alpha-2 codes, one name each, other names, and the adjectives and peoples that point at them.

The one name is GeoNames' (its table is made by `training/places.py`), other and official names are ISO's (through
`pycountry`). Neither has what headlines write ("UK", "Burma") or adjectives, so the two tables here add those: English
usage as in the lists of country names and demonyms of the CIA's World Factbook, which is in the public domain.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

import pycountry

COUNTRIES = "countries.tsv"
# Code, then its names; the first replaces GeoNames' where a star stands before it.
NAMES = """
AE UAE,U.A.E.,Emirates; BA Bosnia-Herzegovina,Bosnia & Herzegovina,Bosnia;
CD DR Congo,DRC,D.R. Congo,Democratic Republic of Congo,Congo-Kinshasa; CG Republic of Congo,Congo-Brazzaville;
CN PRC,Mainland China,mainland China; CV *Cape Verde; CZ *Czech Republic; GB UK,U.K.,Great Britain,Britain;
GW Guinea Bissau; IE Republic of Ireland; KN St. Kitts and Nevis,St Kitts and Nevis; KP DPRK; LC St. Lucia,St Lucia;
MK Macedonia; MM Burma; MO *Macau; NL *Netherlands,Holland; PG PNG;
PS *Palestine,Palestinian Territories,Palestinian territories; SZ Swaziland; TL *East Timor;
TT Trinidad & Tobago,Trinidad; US US,U.S.,USA,U.S.A.,U.S,U. S.,America; VA Vatican City,Holy See;
VC St. Vincent and the Grenadines,St Vincent and the Grenadines; VI Virgin Islands,US Virgin Islands
"""

# Code, then its adjective and what its people are called; a plural in -s needs no entry.
DEMONYMS = """
AD Andorran; AE Emirati; AF Afghan; AG Antiguan,Barbudan; AL Albanian; AM Armenian; AO Angolan;
AR Argentine,Argentinian,Argentinean; AT Austrian; AU Australian,Aussie; AZ Azerbaijani,Azeri; BA Bosnian;
BB Barbadian,Bajan; BD Bangladeshi; BE Belgian; BF Burkinabe,Burkinabé; BG Bulgarian; BH Bahraini; BI Burundian;
BJ Beninese; BM Bermudian; BN Bruneian; BO Bolivian; BR Brazilian; BS Bahamian; BT Bhutanese;
BW Botswanan,Motswana,Batswana; BY Belarusian,Belarussian; BZ Belizean; CA Canadian; CH Swiss; CI Ivorian; CL Chilean;
CM Cameroonian; CN Chinese; CO Colombian; CR Costa Rican; CU Cuban; CV Cape Verdean; CY Cypriot; CZ Czech; DE German;
DJ Djiboutian; DK Danish,Dane; DO Dominican; DZ Algerian; EC Ecuadorian,Ecuadorean,Ecuadoran; EE Estonian; EG Egyptian;
ER Eritrean; ES Spanish,Spaniard; ET Ethiopian; FI Finnish,Finn; FJ Fijian; FM Micronesian; FO Faroese;
FR French,Frenchman,Frenchwoman; GA Gabonese; GB British,Briton,Brit,English,Englishman,Scottish,Scot,Welsh;
GD Grenadian; GE Georgian; GH Ghanaian; GI Gibraltarian; GL Greenlandic,Greenlander; GM Gambian; GN Guinean;
GQ Equatorial Guinean,Equatoguinean; GR Greek; GT Guatemalan; GU Guamanian; GW Bissau-Guinean; GY Guyanese;
HK Hongkonger,Hong Konger; HN Honduran; HR Croatian,Croat; HT Haitian; HU Hungarian; ID Indonesian;
IE Irish,Irishman,Irishwoman; IL Israeli; IN Indian; IQ Iraqi; IR Iranian; IS Icelandic,Icelander; IT Italian;
JM Jamaican; JO Jordanian; JP Japanese; KE Kenyan; KG Kyrgyz,Kyrgyzstani; KH Cambodian; KM Comorian,Comoran;
KN Kittitian; KP North Korean; KR South Korean; KW Kuwaiti; KY Caymanian; KZ Kazakh,Kazakhstani; LA Laotian,Lao;
LB Lebanese; LC Saint Lucian,St. Lucian; LI Liechtensteiner; LK Sri Lankan; LR Liberian; LS Basotho; LT Lithuanian;
LU Luxembourger; LV Latvian; LY Libyan; MA Moroccan; MC Monegasque; MD Moldovan; ME Montenegrin; MG Malagasy;
MH Marshallese; MK Macedonian; ML Malian; MM Burmese; MN Mongolian; MO Macanese; MR Mauritanian; MT Maltese;
MU Mauritian; MV Maldivian; MW Malawian; MX Mexican; MY Malaysian; MZ Mozambican; NA Namibian; NC New Caledonian;
NE Nigerien; NG Nigerian; NI Nicaraguan; NL Dutch,Dutchman,Dutchwoman; NO Norwegian; NP Nepali,Nepalese; NR Nauruan;
NZ New Zealander,Kiwi; OM Omani; PA Panamanian; PE Peruvian; PF French Polynesian; PG Papua New Guinean;
PH Philippine,Filipino,Filipina; PK Pakistani; PL Polish,Pole; PR Puerto Rican; PS Palestinian; PT Portuguese;
PW Palauan; PY Paraguayan; QA Qatari; RO Romanian; RS Serbian,Serb; RU Russian; RW Rwandan; SA Saudi,Saudi Arabian;
SB Solomon Islander; SC Seychellois; SD Sudanese; SE Swedish,Swede; SG Singaporean; SI Slovenian,Slovene;
SK Slovak,Slovakian; SL Sierra Leonean; SM Sammarinese; SN Senegalese; SO Somali,Somalian; SR Surinamese;
SS South Sudanese; SV Salvadoran,Salvadorean; SY Syrian; SZ Swazi; TD Chadian; TG Togolese; TH Thai;
TJ Tajik,Tajikistani; TL Timorese,East Timorese; TM Turkmen; TN Tunisian; TO Tongan; TR Turkish,Turk;
TT Trinidadian,Tobagonian; TV Tuvaluan; TW Taiwanese; TZ Tanzanian; UA Ukrainian; UG Ugandan; US American;
UY Uruguayan; UZ Uzbek,Uzbekistani; VC Vincentian; VE Venezuelan; VN Vietnamese; VU Vanuatuan,ni-Vanuatu; WS Samoan;
XK Kosovar,Kosovan; YE Yemeni; ZA South African; ZM Zambian; ZW Zimbabwean
"""

# No countries any more, and two whose name is a state's or a given name as often.
GONE = frozenset(("AN", "CS"))
AMBIGUOUS = frozenset(("Chad", "Dominica", "Georgia", "Guernsey", "Jersey", "Jordan", "Montserrat"))


class Countries(NamedTuple):
    """`names`: code → name; `codes`: every name → code; `demonyms`: adjective or people → code."""

    names: dict[str, str]
    codes: dict[str, str]
    demonyms: dict[str, str]


@cache
def load_countries() -> Countries:
    """All countries, read once a process."""
    names = {code: name for code, name, _ in read_countries() if code not in GONE}
    extra = dict(_rows(NAMES))
    names |= {code: more[0][1:] for code, more in extra.items() if more[0].startswith("*")}
    codes = {name: code for code, name in names.items()}
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            name = getattr(country, field, "").removeprefix("the ")
            if name and "," not in name and "(" not in name:
                codes.setdefault(name, country.alpha_2)
    codes |= {name.lstrip("*"): code for code, more in extra.items() for name in more}
    codes |= {fold_marks(name): code for name, code in codes.items()}
    codes |= {name.replace("'", "’"): code for name, code in codes.items() if "'" in name}
    demonyms = {form: code for code, words in _rows(DEMONYMS) for word in words for form in _plurals(word)}
    return Countries(names, codes, demonyms)


def read_countries() -> Iterator[list[str]]:
    """Code, name and continent's code of every country, those that are gone included."""
    return read_table(COUNTRIES)


def read_table(name: str) -> Iterator[list[str]]:
    """The rows of a table of this package."""
    with resources.files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.reader(lines, "excel-tab", quoting=csv.QUOTE_NONE)


def fold_marks(name: str) -> str:
    """A name without accents, as most English newspapers write it."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).replace("’", "'")


def _rows(table: str) -> Iterator[tuple[str, list[str]]]:
    for row in table.replace("\n", " ").split(";"):
        code, _, words = row.strip().partition(" ")
        yield code, words.split(",")


def _plurals(word: str) -> tuple[str, ...]:
    if word.endswith("man"):
        return (word, word[:-3] + "men")
    return (word,) if word.endswith(("s", "sh", "ch", "ese")) else (word, word + "s")
