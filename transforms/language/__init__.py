"""Language: which one an article is written in, and how sure that is.

In: cleaned articles. Out: the same with `language` and `language_confidence`. Nothing is rejected.

Two models are asked: fastText's lid.176 (Joulin et al. 2016, arXiv:1612.03651) in its small form, which lies here
(`NOTICE.txt`), and where that is in doubt py3langid (after Lui and Baldwin 2012, ACL P12-3005), which knows other
languages too and errs elsewhere. Nothing is downloaded. Three languages that neither knows are told by
their commonest words, as they stand in any grammar, where the first model is in doubt.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from importlib import resources
from itertools import islice
from typing import NamedTuple

import fasttext
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from schemas.records import Article
from transforms.runtime.outcome import Outcome, keep

STAGE = "language"
FIRST_MODEL, LABEL = "lid.176.ftz", "__label__"
# The language of an article shows in its beginning, and is not helped by more.
SAMPLE_CHARS = 2000
# Pieces of at least this many characters are judged one by one, so that an article in two languages is found out.
PIECE_CHARS = 250
# So many characters are judged in all, of each piece its first.
JUDGED_CHARS = 800
# The first model is believed at once where it is as sure as this: of such answers 998 in 1,000 are right.
SURE = 0.85
CANDIDATES = 10
# What the first model's opinion weighs beside the second's, measured by benchmarks/langid.py.
FIRST_WEIGHT = 0.7
# No model is surer than this that it isn't a language that it knows, and one that doesn't know it says this.
LEAST_SCORE, NO_OPINION = 0.01, 0.1
# Codes for one and the same language, and for what is several: the models differ in how they divide them.
SAME = {"ary": "ar", "arz": "ar", "wuu": "zh", "yue": "zh", "srl": "sr"}
SEVERAL = {"sh": ("bs", "hr", "sr")}
NO_LANGUAGE = "zxx"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# So many words, this share of them common ones, and no more words than this in other letters.
LEAST_WORDS, LEAST_COMMON, MOST_ALIEN = 4, 0.33, 0.1
# How sure common words are of a language.
COMMON_SCORE = 0.9


class _CommonWords(NamedTuple):
    """A language's commonest words, those of them that no neighbour has, letters that it hasn't, neighbours' words."""

    words: frozenset[str]
    own: frozenset[str]
    alien: re.Pattern[str]
    others: frozenset[str]


def _common(words: str, own: str, letters: str, others: str) -> _CommonWords:
    known = frozenset(own.split())
    return _CommonWords(known | set(words.split()), known, re.compile(f"[^{letters}]"), frozenset(others.split()))


COMMON = {
    "mi": _common(
        "o i e ka ko me rā ra ana nei hoki mō mo ā nō no tō tēnei ēnei katoa hei kua kāore kore nā ia tātou mātou koe"
        " au ai atu mai rānei tona tōna tangata",
        "te ngā kia ki he tētahi ētahi rātou",
        "aehikmnoprtuwgāēīōū",
        "tetai katoatoa taatoa",
    ),
    "ts": _common(
        "ku na ka wa ya va swa ta ni la u munhu vanhu tani swi ti xi yi laha hambi vona yena yona hina wona ri mi ma",
        "leswi kumbe eka xa naswona hinkwavo hinkwaswo ndzi loko un'wana swin'wana leyi lava hi leswaku lexi lowu"
        " ntsena hikuva kambe swona ngopfu endzhaku namuntlha",
        "a-z'’",
        "",
    ),
    "tn": _common(
        "go ya wa ba ka mo le e se sa ke gore bo yo o a tsa tse mme motho batho",
        "kwa fa jwa jaaka kgotsa gongwe nngwe mongwe botlhe gagwe tlhe",
        "a-zêô'’",
        "goba tša tše ho hore ea",
    ),
}
# Below this the likeliest language is a guess, unless it stands out so far before the second; else NULL says so.
MIN_CONFIDENCE = 0.5
MIN_OUTSTANDING = 0.25
OUTSTANDING = 1.5
# A text of fewer letters is sure of nothing: its confidence is no greater than this for each letter it has.
SURE_LETTERS = 24
# A Chinese, Japanese or Korean character tells as much as this many letters.
WIDE_LETTER = 3


class LanguageModel:
    """Both models, loaded once a process; the second when it is first asked, since many a dump never needs it."""

    def __init__(self) -> None:
        with resources.as_file(resources.files(__package__).joinpath(FIRST_MODEL)) as path:
            self._first = fasttext.load_model(str(path))
        # Asked for more answers than there are languages, it names them all.
        self._first_knows = frozenset(_fold((language, 1.0) for language, _ in self._ask_first("a", 1000)))

    @cached_property
    def _second(self) -> LanguageIdentifier:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    @cached_property
    def _second_knows(self) -> frozenset[str]:
        return frozenset(_fold((label, 1.0) for label in self._second.labels))

    def detect(self, text: str) -> tuple[str | None, float | None]:
        """The ISO 639 code of the language of `text` and its confidence 0…1; (None, None) where it isn't known.

        Of a text in several languages it is the one that most of it is in, with its share of the text as the most that
        the confidence can be.
        """
        sample = text[:SAMPLE_CHARS]
        letters = sum(WIDE_LETTER if letter > "\u2e7f" else 1 for letter in islice(_letters(sample), SURE_LETTERS))
        if not letters:
            return None, None
        votes = self._vote(sample)
        if not votes:
            return None, None
        (language, score), *others = sorted(votes.items(), key=_by_score)
        second = max((other for _, other in others), default=0.0)
        if score < MIN_CONFIDENCE and not (score >= MIN_OUTSTANDING and score >= OUTSTANDING * second):
            return None, None
        return language, min(score, letters / SURE_LETTERS, 1.0)

    def _vote(self, sample: str) -> dict[str, float]:
        """Languages with the mean of their scores in the pieces of a sample, each by its length."""
        votes: dict[str, float] = defaultdict(float)
        pieces = split_pieces(sample)
        judged = JUDGED_CHARS // len(pieces)
        total = sum(map(len, pieces))
        for piece in pieces:
            # Capitals and line ends mislead it.
            for language, score in self._judge(" ".join(piece[:judged].split()).lower()).items():
                votes[language] += score * len(piece) / total
        return votes

    def _judge(self, piece: str) -> dict[str, float]:
        """The likeliest languages of a piece in lower case, with their chances."""
        first = _fold(self._ask_first(piece, CANDIDATES))
        if max(first.values(), default=0.0) >= SURE:
            return first
        if language := tell_by_common_words(piece):
            return {language: COMMON_SCORE}
        second = _fold(self._second.rank(piece)[:CANDIDATES])
        logs = {
            language: FIRST_WEIGHT * _log_score(first, language, self._first_knows)
            + _log_score(second, language, self._second_knows)
            for language, score in (first | second).items()
            if score > LEAST_SCORE or first.get(language, 0.0) > LEAST_SCORE
        }
        if not logs:
            return {}
        highest = max(logs.values())
        chances = {language: math.exp(log - highest) for language, log in logs.items()}
        total = sum(chances.values())
        return {language: chance / total for language, chance in chances.items()}

    def _ask_first(self, line: str, most: int) -> Iterator[tuple[str, float]]:
        """The likeliest languages of a line by the first model, with their chances."""
        labels, chances = self._first.predict(line, k=most, threshold=0.0)
        for label, chance in zip(labels, chances, strict=True):
            yield label.removeprefix(LABEL), min(float(chance), 1.0)


def _letters(text: str) -> Iterator[str]:
    return filter(str.isalpha, text)


def _fold(answers: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Languages with their scores, each under one code."""
    scores: dict[str, float] = defaultdict(float)
    for label, score in answers:
        for language in SEVERAL.get(label, (SAME.get(label, label),)):
            if language != NO_LANGUAGE:
                scores[language] += score
    return dict(scores)


def _log_score(scores: dict[str, float], language: str, known: frozenset[str]) -> float:
    """What a model says of a language, as a logarithm."""
    return math.log(max(scores.get(language, 0.0), LEAST_SCORE) if language in known else NO_OPINION)


def _by_score(vote: tuple[str, float]) -> tuple[float, str]:
    return -vote[1], vote[0]


def tell_by_common_words(piece: str) -> str | None:
    """The language of a text in lower case, of those that no model knows; None where it is none of these."""
    words = WORD.findall(piece)
    if len(words) < LEAST_WORDS:
        return None
    shares = {language: sum(word in known.words for word in words) / len(words) for language, known in COMMON.items()}
    language = max(shares, key=shares.__getitem__)
    known = COMMON[language]
    if shares[language] < LEAST_COMMON or not known.own.intersection(words) or known.others.intersection(words):
        return None
    alien = sum(known.alien.search(word) is not None for word in words)
    return language if alien <= MOST_ALIEN * len(words) else None


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
