"""Selection: which articles a run is asked for, by language, time of publication and outlet.

In: articles with their language. Out: those that are asked for. The others are left out and counted, with the reason:
they are no rejects, and no row tells of them. An article that doesn't say what is asked about isn't asked for.

- `language`: another language, or none that is known.
- `date`: published before `since` or from `until` on.
- `no_date`: no time of publication.
- `outlet`: another outlet, by what the record says of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.records import Article, LeftOut
from transforms.runtime.outcome import Outcome, keep

STAGE = "selection"
# Whether an article with this source and url is of an outlet that is asked for.
IsOfOutlet = Callable[[str | None, str | None], bool]


@dataclass(frozen=True)
class Asked:
    """What a run is asked for; empty and None leave a question open.

    `languages` are ISO 639 codes, `since` is the first time of publication, `until` that from which on articles are
    left out, `outlets` are names or domains.
    """

    languages: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    outlets: tuple[str, ...] = ()


def why_left_out(article: Article, asked: Asked, is_of_outlet: IsOfOutlet | None = None) -> str:
    """The reason why an article isn't asked for, "" for one that is."""
    if asked.languages and article.language not in asked.languages:
        return "language"
    if asked.since or asked.until:
        when = article.published_at
        if when is None:
            return "no_date"
        if (asked.since and when < asked.since) or (asked.until and when >= asked.until):
            return "date"
    if is_of_outlet and not is_of_outlet(article.source, article.url):
        return "outlet"
    return ""


class SelectArticles:
    """The stage.

    Args:
        asked: what is asked for.
        is_of_outlet: tells whether an article is of one of `asked.outlets`; None where all are wanted.
    """

    name = STAGE
    seconds: float | None = None

    def __init__(self, asked: Asked, is_of_outlet: IsOfOutlet | None = None) -> None:
        self._asked, self._is_of_outlet = asked, is_of_outlet

    def setup(self) -> None:
        """Nothing is costly."""

    def process(self, batch: Sequence[Article]) -> list[Outcome[Article]]:
        """Keep what is asked for."""
        return [self._select(article) for article in batch]

    def _select(self, article: Article) -> Outcome[Article]:
        reason = why_left_out(article, self._asked, self._is_of_outlet)
        if reason:
            return Outcome(left_out=LeftOut(article.source_file, article.attempt_id, reason))
        return keep(article)
