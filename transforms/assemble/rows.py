"""Assembly: one analysed document in, its rows in every table out. Nothing is rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.records import Analysis, Document, Mention, Mood, Reject, Stance
from schemas.rows import (
    AnalysisRow,
    ArticleRow,
    BatchSet,
    EntityRow,
    MentionRow,
    RejectRow,
    RowSet,
    SentenceRow,
    TableBatch,
    TableRows,
)
from schemas.tables import ANALYSES, WRITTEN
from transforms.runtime.arrow import pack_batch, to_batch
from transforms.runtime.hosts import domain_of, host_of
from transforms.runtime.identity import analysis_key, digest_lines, furnished_key
from transforms.runtime.outcome import KEPT, Outcome

ARTICLES = "articles"
# What is found in an article holds as long as the article does; its own row hangs on other articles, too.
FOUND = ("sentences", "mentions", "entities", ANALYSES.name)


def sentiment_label(score: float | None, neutral: float) -> str | None:
    """`negative`, `neutral` or `positive`; None where the score is. `neutral`: what lies nearer to 0 is neutral."""
    if score is None:
        return None
    if score >= neutral:
        return "positive"
    return "negative" if score <= -neutral else "neutral"


def likeliest(stance: Stance) -> str:
    """The label of the likeliest class, the milder one of two."""
    if stance.neutral >= max(stance.negative, stance.positive):
        return "neutral"
    return "negative" if stance.negative > stance.positive else "positive"


def _entity_rows(document: Document) -> Iterator[EntityRow]:
    """One row per entity of the document, in their order."""
    found: dict[int, list[Mention]] = {}
    for mention in document.mentions or ():
        if mention.entity is not None:
            found.setdefault(mention.entity, []).append(mention)
    for index, mentions in sorted(found.items()):
        entity = document.entities[index]
        mood = document.moods[index] if document.moods else Mood()
        yield EntityRow(
            article_id=document.article.article_id,
            entity_id=entity.entity_id,
            name=entity.name,
            label=entity.label,
            mention_count=len(mentions),
            first_char=mentions[0].start_char,
            prominence=entity.prominence,
            sentiment=mood.sentiment,
            sentiment_label=mood.label,
            sentiment_count=mood.mentions,
            negative_share=mood.shares.negative if mood.shares else None,
            neutral_share=mood.shares.neutral if mood.shares else None,
            positive_share=mood.shares.positive if mood.shares else None,
            sentiment_spread=mood.spread,
            sentiment_error=mood.error,
            sentiment_unquoted=mood.unquoted,
            sentiment_unquoted_label=mood.unquoted_label,
            country_code=entity.country_code,
            latitude=entity.latitude,
            longitude=entity.longitude,
            article_time=document.article.published_at,
        )


def _mention_rows(document: Document) -> Iterator[MentionRow]:
    """One row per mention, in order."""
    text = document.article.text
    for index, mention in enumerate(document.mentions or ()):
        stance = mention.stance
        yield MentionRow(
            article_id=document.article.article_id,
            mention_index=index,
            sentence_index=mention.sentence_index,
            start_char=mention.start_char,
            end_char=mention.end_char,
            text=text[mention.start_char : mention.end_char],
            label=mention.label,
            entity_id=None if mention.entity is None else document.entities[mention.entity].entity_id,
            sentiment=mention.sentiment,
            sentiment_label=likeliest(stance) if stance else sentiment_label(mention.sentiment, document.neutral),
            negative=stance.negative if stance else None,
            neutral=stance.neutral if stance else None,
            positive=stance.positive if stance else None,
            quoted=mention.quoted,
            article_time=document.article.published_at,
        )


def _sentence_rows(document: Document) -> Iterator[SentenceRow]:
    """One row per sentence, in order."""
    for index, part in enumerate(document.sentences or ()):
        speaker = None if part.speaker is None else document.entities[part.speaker]
        yield SentenceRow(
            article_id=document.article.article_id,
            sentence_index=index,
            start_char=part.start_char,
            end_char=part.end_char,
            sentiment=part.sentiment,
            sentiment_label=sentiment_label(part.sentiment, document.neutral),
            quoted=part.quoted,
            speaker=speaker.name if speaker else None,
            speaker_id=speaker.entity_id if speaker else None,
            article_time=document.article.published_at,
        )


def article_row(document: Document) -> ArticleRow:
    """The document's row in `articles`."""
    article = document.article
    found = document.known or analysis_of(document)
    text = document.text or article.text
    return ArticleRow(
        article_id=article.article_id,
        url=article.url,
        source=article.source,
        domain=domain_of(host_of(article.url) or "") if article.url else None,
        outlet=article.outlet,
        source_file=article.source_file,
        source_offset=article.source_offset,
        title=article.title,
        authors=article.authors,
        published_at=article.published_at,
        modified_at=article.modified_at,
        language=article.language,
        language_confidence=article.language_confidence,
        text=text,
        furniture=article.furniture,
        char_count=len(text),
        token_count=found.token_count,
        sentence_count=found.sentence_count,
        content_hash=article.content_hash,
        canonical_id=article.canonical_id,
        duplicate=article.duplicate,
        sentiment=found.sentiment,
        sentiment_label=found.sentiment_label,
    )


def analysis_of(document: Document) -> Analysis:
    """What `articles` says of the document's analysis."""
    return Analysis(
        token_count=document.token_count,
        sentence_count=None if document.sentences is None else len(document.sentences),
        sentiment=document.sentiment,
        sentiment_label=sentiment_label(document.sentiment, document.neutral),
    )


def assemble_rows(document: Document) -> Iterator[TableRows]:
    """The rows of a document, table by table; nothing for a table without any."""
    tables: dict[str, Iterable[tuple[object, ...]]] = {
        "articles": [article_row(document)],
        "sentences": _sentence_rows(document),
        "mentions": _mention_rows(document),
        "entities": _entity_rows(document),
    }
    for table, found in tables.items():
        rows = tuple(found)
        if rows:
            yield TableRows(table, rows)


def reject_rows(rejected: Reject) -> TableRows:
    """A reject's row, of the same fields in the same order."""
    fields = vars(rejected)
    return TableRows("rejects", (RejectRow(*(fields[name] for name in RejectRow._fields)),))


def reject_set(rejected: Reject) -> RowSet:
    """A reject's row by itself."""
    return RowSet((reject_rows(rejected),), rejected.attempt_id)


def _analysis_row(document: Document) -> TableRows:
    """That an article has been analysed, for a later run to know."""
    article = document.article
    key = analysis_key(article.article_id, article.title, article.language, article.published_at)
    key = furnished_key(key, digest_lines(article.furniture))
    return TableRows(ANALYSES.name, (AnalysisRow(article.article_id, key, *analysis_of(document)),))


@dataclass(frozen=True)
class AnalysedRows:
    """The rows of a batch of analysed documents, as Arrow: data, which need no Python a row where they are written.

    `count`: of the documents; `partition_by`: as in `Article`, the same for all.
    """

    tables: tuple[TableBatch, ...]
    count: int
    rejects: tuple[Reject, ...]
    partition_by: str = ""

    def outputs(self) -> Iterator[tuple[str, BatchSet]]:
        """The rows (`kept`)."""
        if self.tables:
            yield KEPT, BatchSet(self.tables, self.partition_by)

    def counts(self) -> Mapping[str, int]:
        """How many articles were analysed."""
        return {"articles": self.count}


def assemble_batch(outcomes: Sequence[Outcome[Document]]) -> AnalysedRows:
    """The rows of all documents that were kept, table by table, and the rejects."""
    documents = [outcome.kept for outcome in outcomes if outcome.kept is not None]
    tables: dict[str, list[tuple[object, ...]]] = {}
    for document in documents:
        article, *found = assemble_rows(document)
        if document.sentences is not None:
            found.append(_analysis_row(document))
        for part in (article, *found):
            tables.setdefault(part.table, []).extend(part.rows)
    return AnalysedRows(
        tables=tuple(TableBatch(table, pack_batch(to_batch(WRITTEN[table], rows))) for table, rows in tables.items()),
        count=len(documents),
        rejects=tuple(outcome.rejected for outcome in outcomes if outcome.rejected is not None),
        partition_by=documents[0].article.partition_by if documents else "",
    )
