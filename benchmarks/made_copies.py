"""Makers of copies as outlets make them, and of look-alikes that are none: what `benchmarks.dedupe` and tests measure with.

A maker of copies takes the paragraphs of a story, those of an unrelated one, and where chance comes from; it returns
paragraphs. A maker of look-alikes takes chance alone and returns a text of a form that robots fill with other data.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable

Paragraphs = list[str]
Change = Callable[[Paragraphs, Paragraphs, random.Random], Paragraphs]
FURNITURE = (
    "Share this article on Facebook and Twitter.",
    "Sign up for our morning newsletter to get the day's top stories in your inbox.",
    "© 2021 The Daily Example. All rights reserved. This material may not be published or redistributed.",
    "Reporting by our correspondents; editing by the desk.",
    "Follow our live coverage for the latest developments as they happen.",
)
CREDITS = (
    "LONDON (Reuters) -",
    "WASHINGTON (AP) —",
    "PARIS, March 3 (AFP)",
    "NEW YORK — By our staff and wire services.",
)
MISREAD = dict(zip("lI1O0ce5SmBhnua", "1lIoQecSbn8bhau", strict=True))


def other_lead(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """Another headline and first paragraph."""
    return [other[0][:90], " ".join(other[0].split()[:40]), *parts[1:]]


def added(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """A paragraph of another story somewhere."""
    at = rng.randrange(len(parts) + 1)
    return [*parts[:at], rng.choice(other), *parts[at:]]


def cut(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """The tail cut: two thirds to nine tenths are left."""
    return _head(parts, rng.uniform(0.65, 0.9))


def _head(parts: Paragraphs, share: float) -> Paragraphs:
    """The first paragraphs, about so much of all words."""
    words = sum(len(part.split()) for part in parts) * share
    lengths = itertools.accumulate(len(part.split()) for part in parts)
    return [part for part, length in zip(parts, lengths, strict=True) if length <= words] or parts[:1]


def edited(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """One word in fifty is another."""
    words = " ".join(other).split()
    return [" ".join(rng.choice(words) if rng.random() < 0.02 else w for w in part.split()) for part in parts]


def furnished(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """Another outlet's furniture around and between."""
    return [*rng.sample(FURNITURE, 1), *parts[:2], *rng.sample(FURNITURE, 1), *parts[2:], *rng.sample(FURNITURE, 2)]


def typeset(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """Quotes, dashes and spaces of another house."""
    return [re.sub(r"[“”]", '"', part).replace("’", "'").replace("—", " - ").replace(". ", ".  ") for part in parts]


def several(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """A cut tail, an added paragraph and furniture at once."""
    return furnished(added(cut(parts, other, rng), other, rng), other, rng)


def credited(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """An agency's credit before it, another behind it."""
    return [f"{rng.choice(CREDITS)} {parts[0]}", *parts[1:], "Additional reporting by other bureaus."]


def in_capitals(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """All in capitals, as old wires have it."""
    return [part.upper() for part in parts]


def misread(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """Scanned: one character in fifty is read as another."""
    return ["".join(MISREAD.get(c, c + "'") if c != " " and rng.random() < 0.02 else c for c in part) for part in parts]


CHANGES: tuple[Change, ...] = (other_lead, added, cut, edited, furnished, typeset, several)
MORE_CHANGES: tuple[Change, ...] = (credited, in_capitals, misread)

PLACES = [
    "Westwood",
    "Ridgemont",
    "Calder",
    "Ostrava",
    "Linden",
    "Marfa",
    "Petrolia",
    "Volcano",
    "Ferndale",
    "Avalon",
    "Hemet",
    "Brawley",
    "Mammoth",
    "Ukiah",
    "Eureka",
]
TEAMS = [
    "Lions",
    "Rovers",
    "Wanderers",
    "Bears",
    "Hawks",
    "United",
    "Comets",
    "Pirates",
    "Rangers",
    "Falcons",
    "Tigers",
    "Athletic",
]
FIRMS = [
    "Acton",
    "Belmar",
    "Corvane",
    "Deltic",
    "Emmeret",
    "Fulgor",
    "Granite",
    "Halcyon",
    "Inveta",
    "Juniper",
    "Kestrel",
    "Lumen",
]
SURNAMES = [
    "Abbott",
    "Baines",
    "Carver",
    "Dutta",
    "Ellis",
    "Fischer",
    "Gomez",
    "Haddad",
    "Ito",
    "Jensen",
    "Kamara",
    "Lopez",
    "Moreau",
    "Novak",
]
SKIES = ("sunny", "cloudy", "partly cloudy", "mostly clear", "overcast", "rainy", "windy")
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def earthquake(rng: random.Random) -> str:
    """A report that a robot makes of a seismograph's figures."""
    place, near, day = rng.choice(PLACES), rng.sample(PLACES, 3), rng.choice(DAYS)
    size, depth, away = rng.uniform(3, 5.9), rng.uniform(0.5, 15), rng.randint(1, 40)
    clock = f"{rng.randint(1, 12)}:{rng.randint(0, 59):02}"
    return (
        f"A shallow magnitude {size:.1f} earthquake was reported {day} {rng.choice(('morning', 'evening'))} {away} miles from {place}, "
        f"according to the U.S. Geological Survey. The temblor occurred at {clock} {rng.choice(('a.m.', 'p.m.'))} Pacific time at a depth of "
        f"{depth:.1f} miles.\n\nAccording to the USGS, the epicenter was {rng.randint(2, 40)} miles from {near[0]}, {rng.randint(20, 60)} miles from "
        f"{near[1]} and {rng.randint(40, 99)} miles from {near[2]}.\n\nIn the past {rng.randint(2, 10)} days, there have been "
        f"{rng.choice(('no', 'one', 'two', 'three'))} earthquakes magnitude 3.0 and greater centered nearby.\n\nRead more about California earthquakes. "
        f"This information comes from the USGS Earthquake Notification Service and this post was created by an algorithm written by the author."
    )


def weather(rng: random.Random) -> str:
    """A forecast."""
    days = rng.sample(DAYS, 3)
    lines = [
        f"{day} will be {rng.choice(SKIES)} with a high near {rng.randint(35, 99)} degrees and a low around {rng.randint(20, 60)}. Winds will come "
        f"from the {rng.choice(('north', 'south', 'east', 'west'))} at {rng.randint(3, 25)} mph, with gusts of up to {rng.randint(20, 45)} mph. "
        f"The chance of precipitation is {rng.randrange(0, 100, 10)} percent."
        for day in days
    ]
    place = rng.choice(PLACES)
    return "\n\n".join(
        [
            f"Here is the National Weather Service forecast for {place} and the surrounding area for {rng.choice(MONTHS)} {rng.randint(1, 28)}.",
            *lines,
            f"Sunrise in {place} is at {rng.randint(5, 7)}:{rng.randint(10, 59)} a.m. and sunset at {rng.randint(5, 8)}:{rng.randint(10, 59)} p.m.",
            "For the latest conditions, watches and warnings, visit the National Weather Service online or listen to NOAA Weather Radio.",
        ]
    )


def earnings(rng: random.Random) -> str:
    """A company's quarter."""
    firm, month = rng.choice(FIRMS), rng.choice(MONTHS)
    cents = rng.randint(11, 290)
    return (
        f"{firm} Corp. ({firm[:4].upper()}) on {rng.choice(DAYS)} reported {rng.choice(('first', 'second', 'third', 'fourth'))}-quarter earnings of "
        f"${rng.uniform(3, 900):.1f} million.\n\nOn a per-share basis, the company said it had net income of {cents} cents. Earnings, adjusted for "
        f"one-time gains and costs, came to {cents + rng.randint(1, 40)} cents per share.\n\nThe results "
        f"{rng.choice(('topped', 'missed', 'met'))} Wall Street expectations. The average estimate of {rng.choice(('four', 'five', 'seven', 'nine'))} analysts "
        f"surveyed by Zacks Investment Research was for earnings of {cents - rng.randint(1, 9)} cents per share.\n\nThe company posted revenue of "
        f"${rng.uniform(10, 900):.1f} million in the period, which {rng.choice(('also beat', 'missed', 'fell short of'))} Street forecasts. "
        f"{rng.choice(('Four', 'Five', 'Six'))} analysts expected ${rng.uniform(10, 900):.1f} million.\n\n{firm} shares have "
        f"{rng.choice(('climbed', 'fallen', 'risen', 'dropped'))} {rng.randint(2, 60)}% since the beginning of the year. In the final minutes of trading in "
        f"{month}, shares hit ${rng.uniform(5, 300):.2f}, a rise of {rng.randint(2, 60)}% in the last 12 months.\n\nThis story was generated by Automated "
        f"Insights using data from Zacks Investment Research. Access a Zacks stock report on {firm[:4].upper()} on the website."
    )


def scores(rng: random.Random) -> str:
    """A game."""
    home, away = rng.sample(TEAMS, 2)
    names = rng.sample(SURNAMES, 6)
    points = [rng.randint(8, 38) for _ in range(6)]
    return (
        f"{names[0]} scored {points[0]} points and grabbed {rng.randint(3, 15)} rebounds to lead the {home} to a {rng.randint(90, 130)}-{rng.randint(70, 110)} "
        f"victory over the {away} on {rng.choice(DAYS)} night.\n\n{names[1]} added {points[1]} points and {names[2]} had {points[2]} for the {home} "
        f"({rng.randint(1, 40)}-{rng.randint(1, 40)}), who have won {rng.randint(2, 9)} of their last {rng.randint(10, 14)} games.\n\n{names[3]} led the {away} "
        f"({rng.randint(1, 40)}-{rng.randint(1, 40)}) with {points[3]} points, {names[4]} had {points[4]} and {names[5]} finished with {points[5]}.\n\n"
        f"The {home} led by {rng.randint(2, 20)} at halftime and shot {rng.randint(38, 60)} percent from the field, while the {away} made "
        f"{rng.randint(3, 18)} of {rng.randint(20, 40)} attempts from three-point range.\n\nUp next: the {home} host the {rng.choice(TEAMS)} on "
        f"{rng.choice(DAYS)}. The {away} visit the {rng.choice(TEAMS)} on {rng.choice(DAYS)}."
    )


LOOK_ALIKES: tuple[Callable[[random.Random], str], ...] = (earthquake, weather, earnings, scores)


def live_blog(posts: Paragraphs, *, shown: int = 12) -> list[Paragraphs]:
    """States of a page that moves on: each shows the last posts, one more than the state before."""
    return [posts[start : start + shown] for start in range(len(posts) - shown + 1)]


def quoting_reply(message: Paragraphs, answer: Paragraphs) -> str:
    """A reply that quotes a whole message, as mail and newsgroups do."""
    quoted = [f"> {line}" for part in message for line in (*re.findall(r".{1,70}(?:\s|$)", part), "")]
    return "\n".join(["someone@example.org writes:", "", *quoted, "", *answer])


def round_up(*stories: Paragraphs) -> Paragraphs:
    """A page that holds whole stories that have nothing in common."""
    return ["Here is what you need to know this morning.", *itertools.chain.from_iterable(stories)]
