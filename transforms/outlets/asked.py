"""Whether an article is of an outlet that somebody names, by what its record alone says: no corpus is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transforms.outlets.spellings import domain_in, name_key, names_label, plain_name
from transforms.runtime.hosts import domain_of, host_of


@dataclass(frozen=True)
class AskedOutlets:
    """Outlets that are asked for: keys of their names, their names, and their domains."""

    keys: frozenset[str]
    names: tuple[str, ...]
    domains: frozenset[str]

    @classmethod
    def of(cls, outlets: Iterable[str]) -> AskedOutlets:
        """Outlets by name ("New York Times") or domain ("nytimes.com")."""
        domains = {outlet: domain_in(outlet.strip().lower()) for outlet in outlets}
        names = tuple(plain_name(outlet) for outlet, domain in domains.items() if not domain)
        return cls(frozenset(map(name_key, names)), names, frozenset(filter(None, domains.values())))

    def has(self, source: str | None, url: str | None) -> bool:
        """Whether an article with this source and url is of one of them.

        A name is compared with the source, a domain with the url; where the article has but one of the two, a name
        also with the domain that says it: "New York Times" with `nytimes.com`.
        """
        host = host_of(url) if url else None
        said = domain_in(source) if source else None
        domain = (domain_of(host) if host else None) or said
        if domain in self.domains:
            return True
        if source and not said:
            name = plain_name(source)
            return name_key(name) in self.keys or (
                not domain and any(names_label(name, _label(asked)) for asked in self.domains)
            )
        return domain is not None and any(names_label(name, _label(domain)) for name in self.names)


def _label(domain: str) -> str:
    return domain.partition(".")[0]
