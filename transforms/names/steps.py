"""The steps from an English article's spans as the model drew them to those of its names.

1. boundaries: every span is repaired (`repair`);
2. complete: names reach over what the model left out of them (`missed`);
3. unseen: names that say themselves what they are, where the model saw none (`missed`);
4. kinds: one kind for all mentions of a name (`kinds`);
5. false: what is no name is dropped;
6. again: the article's names, and parts of its people's names, wherever else they stand (`missed`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from transforms.names.complete import complete, unglue
from transforms.names.initials import ACTS, follow_long_names, spell_out
from transforms.names.joined import go_on, join_spans
from transforms.names.kinds import decide_kinds
from transforms.names.lexicon import (
    HAPPENINGS,
    LAWS,
    NOT_NAMES,
)
from transforms.names.matches import SHORT_CLUBS, find_clubs, find_short_clubs, is_match_report
from transforms.names.missed import Wanted, find_again, find_unseen, mask
from transforms.names.no_names import is_false, is_office
from transforms.names.organisations import ORGANISATIONS
from transforms.names.people import short_forms
from transforms.names.places import load_gazetteer
from transforms.names.repair import repair_spans
from transforms.names.spans import CORE, NAMES, VALUES, Span

STEPS = ("boundaries", "complete", "unseen", "kinds", "false", "again")
# Code points that one article's names may be looked for in, all together: a bound on a hostile text, far above what any
# article needs. Beyond it the names that come first are looked for.
SEARCHED = 1_000_000_000


def resolve_spans(text: str, spans: Sequence[Span], steps: Collection[str] = STEPS) -> list[Span]:
    """The spans of an article, in order, after the steps named.

    Args:
        text: the article.
        spans: what the model found, in order and apart from one another.
        steps: which of `STEPS` to take, for measuring them.
    """
    if "boundaries" in steps:
        spans = [
            span for span in repair_spans(text, go_on(text, spans)) if span[2] != "ORG" or not is_office(text, span)
        ]
    if "complete" in steps:
        spans = spell_out(text, unglue(text, complete(text, spans)))
    masked = mask(text, spans)
    match = is_match_report(text)
    unseen = find_unseen(text, masked, spans) if "unseen" in steps else []
    if match and "unseen" in steps:
        unseen = sorted([*unseen, *find_short_clubs(text, mask(masked, unseen))])
    if unseen:
        spans = join_spans(text, sorted([*spans, *unseen]))
        masked = mask(masked, unseen)
    if "kinds" not in steps:
        return list(spans)
    places = group(text, spans)
    clubs = find_clubs(text, places) if match else frozenset()
    labels = {name: _other(name, label) for name, label in decide_kinds(text, places, clubs).items()}
    labels = follow_long_names(text, places, labels)
    if "false" in steps:
        sure = {form for name, label in labels.items() if label == "PERSON" for form in short_forms(name).surnames}
        sure |= clubs | (SHORT_CLUBS if match else frozenset())
        labels = {name: label for name, label in labels.items() if name in sure or not is_false(text, name, label)}
    wanted = _names_to_find(labels, places, SEARCHED // max(1, len(text))) if "again" in steps else {}
    found = find_again(masked, wanted)
    kept = _relabel(text, spans, labels)
    return sorted(kept + found) if found else kept


def _relabel(text: str, spans: Sequence[Span], labels: Mapping[str, str]) -> list[Span]:
    """The spans with the labels of their names, without those that have none."""
    kept = []
    for span in spans:
        if span[2] not in NAMES:
            kept.append(span)
            continue
        label = labels.get(text[span[0] : span[1]])
        if label and not (span[0] and text[span[0] - 1] in "@/"):
            kept.append((span[0], span[1], label))
    return kept


def group(text: str, spans: Sequence[Span]) -> dict[str, list[Span]]:
    """Name → its mentions; without amounts and times."""
    places: dict[str, list[Span]] = {}
    for span in spans:
        if span[2] in NAMES:
            name = text[span[0] : span[1]]
            if name in places:
                places[name].append(span)
            else:
                places[name] = [span]
    return places


def _names_to_find(labels: Mapping[str, str], places: Mapping[str, Sequence[Span]], most: int) -> dict[str, Wanted]:
    """What to look for again, and from where on: up to `most` names, and what else people are called."""
    wanted = {
        name: Wanted(label)
        for name, label in labels.items()
        if label in CORE or label == "NORP" or (label in ACTS and name.isupper())
    }
    spotted = load_gazetteer().spotted
    for name, label in labels.items():
        if label != "PERSON" or " " not in name:
            continue
        forms = short_forms(name)
        first = places[name][0][0]
        for found, since in ((forms.surnames, 0), (forms.given, first)):
            for form in sorted(found):
                if form not in NOT_NAMES and form not in spotted and form not in ORGANISATIONS:
                    known = wanted.setdefault(form, Wanted(label, since))
                    if since < known.since:
                        wanted[form] = Wanted(label, since)
    return wanted if len(wanted) <= most else dict(islice(wanted.items(), most))


# "Roe v. Wade": OntoNotes counts cases among laws.
_CASE = re.compile(r"\w vs?\.? [A-Z]")


def _other(name: str, label: str) -> str:
    """The label of a name; of one that ends like a law's or an event's, or is a case in court, what it is."""
    if _CASE.search(name) and label in CORE:
        return "LAW"
    if label == "ORG" and " " in name and name not in ORGANISATIONS:
        last = name.rsplit(None, 1)[-1]
        if name.endswith("National Convention"):
            return "EVENT"
        return "LAW" if last in LAWS else "EVENT" if last in HAPPENINGS else label
    return label


def settle_kinds(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with one label for all mentions of a name: that of most."""
    votes: dict[str, Counter[str]] = {}
    for start, end, label in spans:
        if label not in VALUES:
            votes.setdefault(" ".join(text[start:end].split()), Counter())[label] += 1
    best = {name: max(sorted(tally), key=tally.__getitem__) for name, tally in votes.items()}
    return [
        (start, end, label if label in VALUES else best[" ".join(text[start:end].split())])
        for start, end, label in spans
    ]
