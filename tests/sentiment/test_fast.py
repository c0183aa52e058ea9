from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from schemas.records import Mention, Sentence, Stance
from transforms.runtime import kernels
from transforms.sentences.segment import split_sentences
from transforms.sentiment.compiled import CompiledNetwork, make_network
from transforms.sentiment.fast import FOLDER, WEIGHTS, FastSentiment
from transforms.sentiment.files import CARD, ModelFileError
from transforms.sentiment.model import MaskedArticle, Scores

LIMIT = 8 * 1024 * 1024
NAMES = ("Ann Reed", "Bo", "Muhammad ibn Abdullah al-Farsi", "Trump", "Hitler", "Grace Good", "Berlin")
TEXT = "Critics attacked {0} for a corrupt and disastrous deal. {0} won the election. Voters love {1}, an honest hero."


@pytest.fixture(scope="module", params=[0, *kernels.LANES], ids="lanes={}".format)
def model(request: pytest.FixtureRequest) -> FastSentiment:
    """The engine on NumPy, and on each of the compiled loops that run here."""
    return make_model(request.param)


def make_model(lanes: int) -> FastSentiment:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "LANES", (lanes,) if lanes else ())
        return FastSentiment()


def reading(text: str, names: tuple[str, ...]) -> MaskedArticle:
    sentences = [Sentence(start, end) for start, end in split_sentences(text)]
    mentions = []
    for match in re.finditer("|".join(map(re.escape, names)) or "(?!)", text):
        index = max(i for i, part in enumerate(sentences) if part.start_char <= match.start())
        mentions.append(Mention(*match.span(), "PERSON", index))
    return MaskedArticle(text, sentences, mentions)


def scores(model: FastSentiment, text: str, *names: str) -> Scores:
    return model.score([reading(text, names)])[0]


def test_it_ships_in_at_most_eight_megabytes() -> None:
    assert (Path(FOLDER) / WEIGHTS).stat().st_size <= LIMIT


def test_it_sees_who_is_spoken_of_how(model: FastSentiment) -> None:
    text = "The judge praised Ann Reed for her brilliant and brave work. Bo was arrested for fraud."
    good, bad = scores(model, text, "Ann Reed", "Bo").mentions
    assert good is not None
    assert bad is not None
    assert good > 0.3
    assert bad < -0.4
    praise, blame = (
        scores(model, text).sentences[0] for text in ("It was a wonderful success.", "It was a horrible crime.")
    )
    assert praise > 0.2
    assert blame < -0.2


@pytest.mark.parametrize("name", NAMES)
def test_a_name_changes_nothing(model: FastSentiment, name: str) -> None:
    before = scores(model, TEXT.format("Jo Fox", "Di Ray"), "Jo Fox", "Di Ray")
    after = scores(model, TEXT.format(name, "Di Ray"), name, "Di Ray")
    assert after == before


def test_probabilities_are_those_of_the_score(model: FastSentiment) -> None:
    found = scores(model, TEXT.format("Jo Fox", "Di Ray"), "Jo Fox", "Di Ray")
    for score, stance in zip(found.mentions, found.stances, strict=True):
        assert isinstance(stance, Stance)
        assert sum(stance) == pytest.approx(1, abs=1e-5)
        assert score == pytest.approx(stance.positive - stance.negative, abs=1e-6)
    assert all(-1 <= score <= 1 for score in found.sentences)


def test_neighbours_change_nothing(model: FastSentiment) -> None:
    one = reading(TEXT.format("Jo Fox", "Di Ray"), ("Jo Fox", "Di Ray"))
    other = reading("Bo lost. " * 400, ("Bo",))
    (alone,) = model.score([one])
    together = model.score([other, one, MaskedArticle("", (), ()), other])
    assert together[1] == alone
    assert together[2] == Scores([], [], [])


@pytest.mark.skipif(not kernels.LANES, reason="nothing is compiled here")
def test_compiled_loops_answer_as_numpy_does() -> None:
    random = np.random.default_rng(5)
    names = ("Jo Fox", "Bo")
    words = [
        "attacked",
        "praised",
        "honest",
        "corrupt",
        "the",
        "won",
        "lost",
        "deal",
        "qwertyish",
        "1,200",
        "-",
        *names,
    ]
    texts = [" ".join(random.choice(words, length)) for length in (1, 2, 7, 8, 9, 45, 300, 3000)]
    texts += [". ".join(texts[:6]), ". ".join(texts), TEXT.format(*names), "Bo. " * 500]
    readings = [reading(text, names) for text in texts] + [MaskedArticle("  ", (Sentence(0, 1), Sentence(1, 2)), ())]
    expected = make_model(0).answer(readings)
    for lanes in kernels.LANES:
        for found, right in zip(make_model(lanes).answer(readings), expected, strict=True):
            assert found.names == pytest.approx(right.names, abs=1e-5)
            assert found.sentences == pytest.approx(right.sentences, abs=1e-5)


def random_weights(
    random: np.random.Generator, width: int, attended: int, heads: int, moods: int
) -> dict[str, np.ndarray]:
    """A network of fifty words and other widths than the shipped one's."""
    shapes: dict[str, tuple[int, ...]] = {
        "words": (50, 8),
        "scales": (50,),
        "first": (24, width),
        "first_bias": (width,),
        "second": (3 * width, width),
        "second_bias": (width,),
        "value": (width, attended),
        "query": (width, attended),
        "query_bias": (attended,),
        "distance": (11, attended),
        "weigh": (attended, heads),
        "mood_weigh": (width, 1),
        "mood": (width, moods),
        "mood_bias": (moods,),
        "mood_out": (moods, 3),
        "mood_out_bias": (3,),
        "join": (heads * attended + width + moods, width),
        "join_bias": (width,),
        "out": (width, 3),
        "out_bias": (3,),
    }
    return {name: random.normal(0, shape[0] ** -0.5, shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.mark.skipif(not kernels.LANES, reason="nothing is compiled here")
@pytest.mark.parametrize("width", [16, 48, 64, 80, 96, 112, 128, 144, 24])
def test_networks_of_other_widths_answer_alike(width: int) -> None:
    random = np.random.default_rng(width)
    weights = random_weights(random, width, attended=144 - width if width < 144 else 32, heads=3, moods=32)
    lengths = random.integers(0, 60, 40)
    ids = np.concatenate([[0], *(np.append(random.integers(1, 50, length), 0) for length in lengths)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "LANES", ())
        right = make_network(weights).answer(ids)
        for lanes in kernels.LANES if width % 16 == 0 else ():
            found = CompiledNetwork(weights, lanes).answer(ids)
            assert found.names == pytest.approx(right.names, abs=1e-5)
            assert found.sentences == pytest.approx(right.sentences, abs=1e-5)
    assert isinstance(make_network(weights), CompiledNetwork) == (width % 16 == 0)


@pytest.mark.parametrize("text", ["", "…", "\u2028", "a" * 5000, "Bo " * 3000, "\ue000\ue001", "😀 Bo ﷽", "Bo"])
def test_odd_texts(model: FastSentiment, text: str) -> None:
    one = MaskedArticle(
        text, (Sentence(0, len(text)),), [Mention(m.start(), m.end(), "PERSON", 0) for m in re.finditer("Bo", text)]
    )
    (found,) = model.score([one])
    assert len(found.sentences) == 1
    assert np.isfinite(found.sentences).all()
    assert all(score is not None and -1 <= score <= 1 for score in found.mentions)


def test_numbers_and_dates_have_no_sentiment(model: FastSentiment) -> None:
    text = "Bo paid $3 in May."
    mentions = [Mention(0, 2, "PERSON", 0), Mention(8, 10, "MONEY", 0), Mention(14, 17, "DATE", 0)]
    (found,) = model.score([MaskedArticle(text, (Sentence(0, len(text)),), mentions)])
    assert [score is None for score in found.mentions] == [False, True, True]
    assert [stance is None for stance in found.stances] == [False, True, True]


def copy_model(folder: Path) -> Path:
    for name in (WEIGHTS, CARD):
        (folder / name).write_bytes((Path(FOLDER) / name).read_bytes())
    return folder


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    weights = copy_model(tmp_path) / WEIGHTS
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelFileError, match="is damaged: its SHA-256 is"):
        FastSentiment(str(tmp_path))


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("{", "isn't a sentiment model's card"),
        ("{}", "isn't a sentiment model's card"),
        ('{"name": "a", "version": "1", "neutral": 0.2, "sha256": []}', "isn't a sentiment model's card"),
        ('{"name": "a", "version": "1", "neutral": 0.2, "sha256": {"../x": ""}}', "outside of its directory"),
        ('{"name": "a", "version": "1", "neutral": 0.2, "sha256": {"x.npz": ""}}', "can't be read"),
        (
            '{"name": "a", "version": "1", "neutral": 0.2, "sha256": {}, "prior": {"names": {"temperature": 0}}}',
            "isn't a sentiment model's card: the prior of names",
        ),
    ],
)
def test_a_wrong_card_is_told(tmp_path: Path, card: str, message: str) -> None:
    (tmp_path / CARD).write_text(card)
    with pytest.raises(ModelFileError, match=message):
        FastSentiment(str(tmp_path))


def test_the_card_names_the_shipped_file() -> None:
    card = json.loads((Path(FOLDER) / CARD).read_text())
    assert set(card["sha256"]) == {WEIGHTS}
    assert 0 < card["neutral"] < 1
