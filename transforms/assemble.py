"""Assembly: one analysed document in, its rows in every table out. Nothing is rejected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.records import (
    ArticleRow,
    Document,
    EntityRow,
    Mention,
    MentionRow,
    Reject,
    RejectRow,
    SentenceRow,
    TableRows,
)
from transforms.identity import digest

# OntoNotes' labels of amounts and times: they name nothing that another article names again.
VALUES = frozenset(("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"))
# VADER's own threshold: a score nearer to 0 is neutral.
NEUTRAL = 0.05
LEADING_ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\S)", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’](?:s|S)?$")


def sentiment_label(score: float | None) -> str | None:
    """`negative`, `neutral` or `positive`; None where the score is."""
    if score is None:
        return None
    if score >= NEUTRAL:
        return "positive"
    return "negative" if score <= -NEUTRAL else "neutral"


def entity_name(mention: str) -> str:
    """A mention as a name: white space folded, no leading article, no possessive; as it is if nothing would be left."""
    name = " ".join(mention.split())
    bare = POSSESSIVE.sub("", LEADING_ARTICLE.sub("", name, count=1)).strip()
    return bare or name


def entity_id(name: str, label: str) -> str:
    """The id of a name and kind: the same for all spellings that differ by case alone."""
    return digest("entity", label, name.casefold())


def entity_rows(article_id: str, text: str, mentions: Sequence[Mention]) -> list[EntityRow]:
    """One row per entity that the mentions name, in order of their first mention."""
    named: dict[str, list[tuple[str, Mention]]] = {}
    for mention in mentions:
        if mention.label not in VALUES:
            name = entity_name(text[mention.start_char : mention.end_char])
            named.setdefault(entity_id(name, mention.label), []).append((name, mention))
    most = max((len(found) for found in named.values()), default=1)
    return [_entity_row(article_id, key, found, len(text), most) for key, found in named.items()]


def _entity_row(article_id: str, key: str, found: Sequence[tuple[str, Mention]], length: int, most: int) -> EntityRow:
    first = found[0][1]
    scores = [mention.sentiment for _, mention in found if mention.sentiment is not None]
    sentiment = sum(scores) / len(scores) if scores else None
    return EntityRow(
        article_id=article_id,
        entity_id=key,
        name=Counter(name for name, _ in found).most_common(1)[0][0],
        label=first.label,
        mention_count=len(found),
        first_char=first.start_char,
        prominence=(len(found) / most + 1 - first.start_char / length) / 2,
        sentiment=sentiment,
        sentiment_label=sentiment_label(sentiment),
        country_code=None,
        latitude=None,
        longitude=None,
    )


def mention_rows(article_id: str, text: str, mentions: Sequence[Mention]) -> Iterator[MentionRow]:
    """One row per mention, in order."""
    for index, mention in enumerate(mentions):
        found = text[mention.start_char : mention.end_char]
        named = mention.label not in VALUES
        yield MentionRow(
            article_id=article_id,
            mention_index=index,
            sentence_index=mention.sentence_index,
            start_char=mention.start_char,
            end_char=mention.end_char,
            text=found,
            label=mention.label,
            entity_id=entity_id(entity_name(found), mention.label) if named else None,
            sentiment=mention.sentiment,
            sentiment_label=sentiment_label(mention.sentiment),
        )


def sentence_rows(document: Document) -> Iterator[SentenceRow]:
    """One row per sentence, in order."""
    for index, part in enumerate(document.sentences or ()):
        yield SentenceRow(
            article_id=document.article.article_id,
            sentence_index=index,
            start_char=part.start_char,
            end_char=part.end_char,
            sentiment=part.sentiment,
            sentiment_label=sentiment_label(part.sentiment),
        )


def article_row(document: Document) -> ArticleRow:
    """The document's row in `articles`."""
    article = document.article
    return ArticleRow(
        article_id=article.article_id,
        url=article.url,
        source=article.source,
        source_file=article.source_file,
        source_offset=article.source_offset,
        title=article.title,
        authors=article.authors,
        published_at=article.published_at,
        language=article.language,
        language_confidence=article.language_confidence,
        text=article.text,
        char_count=len(article.text),
        token_count=document.token_count,
        sentence_count=None if document.sentences is None else len(document.sentences),
        content_hash=article.content_hash,
        canonical_id=article.canonical_id,
        duplicate=article.duplicate,
        sentiment=document.sentiment,
        sentiment_label=sentiment_label(document.sentiment),
    )


def assemble_rows(document: Document) -> Iterator[TableRows]:
    """The rows of a document, table by table; nothing for a table without any."""
    article = document.article
    mentions = document.mentions or ()
    tables: dict[str, Iterable[tuple[object, ...]]] = {
        "articles": [article_row(document)],
        "sentences": sentence_rows(document),
        "mentions": mention_rows(article.article_id, article.text, mentions),
        "entities": entity_rows(article.article_id, article.text, mentions),
    }
    for table, found in tables.items():
        rows = tuple(found)
        if rows:
            yield TableRows(table, rows)


def reject_rows(rejected: Reject) -> TableRows:
    """A reject's row, of the same fields in the same order."""
    return TableRows("rejects", (RejectRow(**vars(rejected)),))


class _AssembleRows(beam.DoFn):
    def setup(self) -> None:
        self._articles = Metrics.counter("newsbeam", "articles")

    def process(self, document: Document) -> Iterator[TableRows]:
        self._articles.inc()
        yield from assemble_rows(document)


@dataclass
class AssembleRows(beam.PTransform):
    """Documents → rows."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, documents: beam.PCollection[Document]) -> beam.PCollection[TableRows]:
        """One document, rows in up to four tables."""
        return documents | "Rows" >> beam.ParDo(_AssembleRows()).with_output_types(TableRows)
