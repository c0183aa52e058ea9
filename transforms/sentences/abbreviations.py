"""The words around a full stop that say whether it ends a sentence: the tables behind `segment.py`, and their use.

All entries are without their last stop. Collected from the Associated Press and Guardian style books' lists of
abbreviations and from what stood before full stops in real news; no table is meant to be complete, since a word
that is missing costs one wrong boundary and a word too many costs a missed one.
"""

import re

WORD = re.compile(r"[^\W_][\w'’]{0,19}")
"""A word, or the first twenty characters of one."""

_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_ZONE = re.compile(r"[A-Z]{1,3}T\b|(?:[A-Z]\w{0,20} ){1,2}[Tt]ime\b")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words("""
    adm amb ambs assoc asst atty brig capt cdr cmdr col cpl cpt det dr dra drs fmr gen gov govs hon insp
    lieut lt maj messrs mlle
    mme mr mrs ms msgr mx ofc pfc pres prof profs pvt rep reps rev sec secs sen sens sgt sig spc supt vs
    """)
"""What stands before a name or between two: never the end of a sentence when written with a capital. Lower case."""

NEVER = _words("e.g i.e cf viz v vs bzw z.b d.h u.a ggf bijv p.ex inkl evtl vgl sog zzgl resp")
"""Never the end of a sentence, whatever its case. Lower case."""

BEFORE_DIGITS = _words(
    "no nos nr prop props p pp vol art sec fig figs ch eq pt ca approx circa rs par abs num núm pag r str kap tys proc"
)
"""Abbreviations only where a number follows ("No. 10"); otherwise common words ("He said no."). Lower case."""

STATES = _words("""
    Ala Ariz Ark Calif Colo Conn D.C Dak Del Fla Ga Ill Ind Kan Kans Ky La Mass Md Mich Minn Miss Mo Mont N.C N.D N.H
    N.J N.M N.Y Neb Nebr Nev Okla Ont Ore Pa R.I S.C S.D Tenn Tex Va Vt W.Va Wash Wis Wisc Wyo Alta Que
    """)
"""Postal-style names of American states and Canadian provinces."""

MONTHS = _words("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat")
"""Abbreviated months and days of the week."""

OTHERS = _words("""
    al assn ave bhd blvd bldg bros cent cie co corp dept dist div est ext ft gmbh govt hwy inc intl jr llc
    lp ltd mfg mt nat natl pkwy plc pty rd sq sr sra st ste tel univ esq ph.d m.d d.phil pl rt mtn eds ed
    """)
"""Both inside a sentence and at its end: ends one only before a word that starts sentences. Lower case."""

CLOCK = _words("a.m p.m A.M P.M a.d b.c A.D B.C")
"""Times and eras: end a sentence before any capital but those in `AFTER_CLOCK`."""

AFTER_CLOCK = _words("""
    UTC BST Eastern Central Mountain Pacific Greenwich
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December Jan Feb Aug Sept Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun
    """)
"""Capitalised words that go on after a time of day: zones, days, months."""

OFFICES = _words("""
    Attorney Circuit Congressman Congresswoman County Democrat Democratic Department District Gov Governor House Judge
    Lt Mayor Police Rep Republican Secretary Sen Senate Senator Sheriff State Superior Supreme Supt
    """)
"""Capitalised words that go on after a city and its state: "Portland, Ore. Mayor"."""

EXCLAMATORY = _words("Yahoo Jeopardy Jeb Panic E Wham Airplane Mamma Yum Chips Oklahoma Oliver Joomla Hoo")
"""Names written with an exclamation mark; it ends a sentence only before a word that starts sentences."""

ORDINAL_NOUNS = _words("""
    Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember Jahrhundert Weltkrieg
    Bundesliga Liga Runde Spieltag Stock Klasse Platz Geburtstag Mal
    """)
"""What follows a German ordinal ("am 6. Januar"): the stop after a number of one or two digits ends nothing."""

STARTERS = _words(
    """
    A About According Across After Again Against All Along Already Also Although Amid Among An And Another Any
    Anyone As Asked At Back Because Before Behind Below Besides Between Beyond Both But By Click Contact Critics
    Despite During Each Earlier Either Even Every Everyone Everything Experts Few Finally First Five For Former
    Four From Further He He's Her Here His How However I I'd I'll I'm I've If In Indeed Inside Instead It It's
    Its Just Last Later Let Let's Like Many Maybe Meanwhile More Moreover Most Much My Near Nearly Neither Never
    Nevertheless Nobody None Nor Not Nothing Now Officials On Once One Only Or Other Others Our Perhaps Police
    Rather Researchers Seven Several She She's Since Six So Some Someone Sometimes Soon Speaking Still Such
    Ten That That's The Their Then There There's Thereafter Therefore These They They're They've This Those
    Though Three Through Throughout Thus To Today Together Two Under Unlike Until Upon Using Watch We We'll
    We're We've What What's When Where Whether Which While Who Whoever Whose Why With Within Without Yes
    Yesterday Yet You You're Your
    """
)
"""Capitalised words that start sentences and hardly ever continue a name."""

HOSTS = _words("com org net gov edu co io uk eu de fr au ca info biz tv me js ai us news html php pdf")
"""Endings of host and file names: what follows a stop without a space and starts no sentence. Lower case."""

_MAY_END = OTHERS | TITLES


def starts_sentence(head: str) -> bool:
    """Whether `head`, what follows a stop, opens with a word that starts sentences and hardly ever goes on with one."""
    match = WORD.match(head)
    if not match:
        return False
    word = match.group().replace("’", "'")
    following = head[match.end() : match.end() + 1]
    return (word in STARTERS and following != ".") or (word.endswith("ly") and following == "," and word != "Kelly")


def stop_ends_sentence(word: str, head: str, *, quoted: bool = False, listed: bool = False) -> bool:
    """Whether the full stop after `word` and before `head`, which does not open in lower case, ends the sentence.

    `word` is what stands before the stop, itself without it, and may be empty; `quoted` says that the stop closes a
    quotation, `listed` that a comma stands before `word` ("Portland, Ore.").
    """
    if not word or len(word) > 12:
        return True
    if _never_ends_sentence(word, head):
        return False
    match = WORD.match(head)
    following = match.group() if match else ""
    if word in CLOCK:
        return following not in AFTER_CLOCK and following.isalpha() and not _ZONE.match(head)
    if listed and word in STATES:
        return following not in OFFICES
    last = word.rpartition("-")[2]  # "R-Fla.", "then-U.N. Ambassador"
    if last in STATES or last in MONTHS or last.lower() in _MAY_END or _is_initials(last):
        return quoted or starts_sentence(head)
    return True


def _never_ends_sentence(word: str, head: str) -> bool:
    """Whether `word` with its stop asks for what follows: a title, "e.g.", "No." before its number, an ordinal."""
    lower = word.lower()
    if lower in NEVER:
        return True
    if lower.rpartition("-")[2] in TITLES:  # "then-Sen."
        return word[word.rfind("-") + 1].isupper()
    if head[0].isdigit():
        return lower in BEFORE_DIGITS or word in MONTHS
    match = WORD.match(head)
    return word.isdigit() and len(word) < 3 and match is not None and match.group() in ORDINAL_NOUNS


def _is_initials(word: str) -> bool:
    """Whether `word` is a single capital or letters with stops between them ("W", "U.S", "J.K")."""
    if len(word) == 1:
        return word.isupper()
    return "." in word and _DOTTED.fullmatch(word) is not None
