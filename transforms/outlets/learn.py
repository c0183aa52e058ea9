"""Which spellings are one outlet's, learned from how often each stands beside which host.

In: (source, host) → number of articles. Out: `Outlets`, which name the outlet of any such pair. A domain is one outlet,
unless a part of it has a name of its own ("ESPN" of espn.go.com). Its name is the source that most of its articles have
among those that its host abbreviates or spells; a writer or a column among the sources is none. A source without an
address is the outlet that it names elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.outlets.spellings import domain_in, name_key, names_label, plain_name
from transforms.runtime.hosts import domain_of

COUNTRY_SUFFIX = 2
MAJORITY = 0.5
# So many of the sources that a domain is spelled like must have all of it to be its name before more frequent ones.
WHOLE = 0.1


class Spelling(NamedTuple):
    """How an article tells its outlet: its source and its host as they are, "" without one."""

    source: str
    host: str


@dataclass(frozen=True)
class Outlets:
    """What is known of outlets.

    Args:
        domains: domain → name.
        parts: (domain, key of the name of a part of it, or the part's host) → name.
        sources: key of a source → name.
        established: the keys that some domain is spelled like.
    """

    domains: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    established: frozenset[str] = frozenset()


class _Seen(NamedTuple):
    """A spelling taken apart, and how many articles have it."""

    name: str
    key: str
    domain: str
    host: str
    articles: int


def name_outlet(known: Outlets, spelling: tuple[str, str]) -> str | None:
    """The one name of the outlet that an article tells by its source and host; None where neither does."""
    seen = _take_apart(Spelling(*spelling), 1)
    if not seen.domain:
        return known.sources.get(seen.key) or seen.name or seen.host or None
    if part := known.parts.get((seen.domain, seen.key)):
        return part
    if _belongs(seen):
        return known.domains.get(seen.domain) or seen.name
    if seen.key in known.established:
        return known.sources[seen.key]
    if part := known.parts.get((seen.domain, seen.host)):
        return part
    return known.domains.get(seen.domain) or seen.domain


def _take_apart(spelling: Spelling, articles: int) -> _Seen:
    """An address in the place of a name is the host, where there is no other."""
    domain = (domain_of(spelling.host) if spelling.host else None) or ""
    address = domain_in(spelling.source)
    name = "" if spelling.source == spelling.host else plain_name(spelling.source)
    key = name_key(name) or name.casefold()
    return _Seen(name, key, domain or address or "", spelling.host or address or "", articles)


def _label(domain: str) -> str:
    return domain.partition(".")[0]


def _place(seen: _Seen) -> tuple[str, str]:
    return seen.domain, seen.key


def _belongs(seen: _Seen) -> bool:
    """Whether a domain is spelled like the name."""
    return bool(seen.key) and names_label(seen.name, _label(seen.domain))


def _is_part(seen: _Seen) -> bool:
    """Whether it is only a part of the domain that is spelled like the name."""
    if not seen.domain or _belongs(seen):
        return False
    labels = seen.host.removesuffix(seen.domain).rstrip(".").split(".")
    return any(len(label) > 2 and names_label(seen.name, label) for label in labels)


def learn_outlets(counts: Iterable[tuple[Spelling, int]]) -> Outlets:
    """What the spellings of a dump, in any order, say of its outlets."""
    spellings = [_take_apart(spelling, count) for spelling, count in sorted(counts)]
    written = _written(spellings)
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    by_domain: dict[str, list[_Seen]] = defaultdict(list)
    for seen in spellings:
        if seen.key and seen.domain:
            by_key[seen.key][seen.domain] += seen.articles
        if seen.domain:
            by_domain[seen.domain].append(seen)
    keys = {domain: _key_of(seen, by_key) for domain, seen in by_domain.items()}
    places = {_place(seen) for seen in spellings if seen.key and _is_part(seen)}
    sizes = {domain: sum(seen.articles for seen in found) for domain, found in by_domain.items()}
    named = _names({*keys.items(), *places}, sizes, written)
    domains = {domain: named[domain, key] for domain, key in keys.items()}
    parts = {place: named[place] for place in places}
    hosts = {(seen.domain, seen.host): named[seen.domain, seen.key] for seen in spellings if _place(seen) in places}
    sources = {key: _outlet_of(key, found, domains, parts, keys) or written[key] for key, found in by_key.items()}
    sources |= {key: name for key, name in _by_label(domains).items() if key not in sources}
    established = frozenset(seen.key for seen in spellings if _belongs(seen) or _place(seen) in places)
    return Outlets(domains, {**hosts, **parts}, {**written, **sources}, established)


def _written(spellings: Iterable[_Seen]) -> dict[str, str]:
    """Key of a name → how it is mostly written."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for seen in spellings:
        if seen.key:
            forms[seen.key][seen.name] += seen.articles
    return {key: min(found, key=lambda name: (-found[name], name.isupper(), name)) for key, found in forms.items()}


def _key_of(spellings: Iterable[_Seen], by_key: Mapping[str, Counter[str]]) -> str:
    """The key of a domain's name; "" where no source is it."""
    spelled: Counter[str] = Counter()
    other: Counter[str] = Counter()
    total, label = 0, ""
    for seen in spellings:
        total += seen.articles
        if seen.key and not _is_part(seen):
            (spelled if _belongs(seen) else other)[seen.key] += seen.articles
            label = name_key(_label(seen.domain).replace("-", " "))
    if spelled:
        whole = spelled[label] >= WHOLE * spelled.total()
        return label if whole else min(spelled, key=lambda key: (-spelled[key], key))
    if not other:
        return ""
    best = min(other, key=lambda key: (-other[key], key))
    mostly_here = other[best] > MAJORITY * sum(by_key[best].values())
    return best if mostly_here and other[best] > MAJORITY * total else ""


def _names(
    places: Iterable[tuple[str, str]], sizes: Mapping[str, int], written: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """(Domain, key of its name or of that of a part) → name. Papers of one name in different countries keep apart."""
    bearers: dict[str, list[str]] = defaultdict(list)
    for domain, key in places:
        bearers[key].append(domain)
    names: dict[tuple[str, str], str] = {}
    for key, domains in bearers.items():
        first = min(domains, key=lambda domain: (-sizes[domain], domain))
        for domain in domains:
            name = written[key] if key else domain
            names[domain, key] = name if not key or _is_one(first, domain) else f"{name} ({domain})"
    return names


def _is_one(first: str, domain: str) -> bool:
    """Whether two domains of one name can be one outlet's: spelled alike, or neither of them a country's."""
    if _label(first) == _label(domain):
        return True
    return not any(len(name.rpartition(".")[2]) == COUNTRY_SUFFIX for name in (first, domain))


def _outlet_of(
    key: str,
    found: Counter[str],
    domains: Mapping[str, str],
    parts: Mapping[tuple[str, str], str],
    keys: Mapping[str, str],
) -> str | None:
    """The outlet that a source names: the one of its name, else that in which most of its articles stand."""
    own = {domain: count for domain, count in found.items() if keys[domain] == key or (domain, key) in parts}
    places = own or {domain: count for domain, count in found.items() if count > MAJORITY * found.total()}
    if not places:
        return None
    domain = min(places, key=lambda place: (-places[place], place))
    return parts.get((domain, key)) or domains[domain]


def _by_label(domains: Mapping[str, str]) -> dict[str, str]:
    """Key of a domain's label ("nytimes") → the outlet, where only one bears it."""
    found: dict[str, set[str]] = defaultdict(set)
    for domain, name in domains.items():
        found[name_key(_label(domain))].add(name)
    return {key: next(iter(names)) for key, names in found.items() if len(names) == 1}
