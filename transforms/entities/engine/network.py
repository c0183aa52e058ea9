"""The weights of a spaCy `ner`, read out of its layers as plain arrays.

Known is one make: `spacy.TransitionBasedParser.v2` with a hidden layer, three state tokens and the greedy search, over
`Tok2Vec` of a `MultiHashEmbed` (static vectors or not) and a `MaxoutWindowEncoder` of window 1. All that Explosion
publishes as `sm`, `md` and `lg` is of this make. Anything else is an `UnsupportedError`, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import intify_attr
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from thinc.api import Model, NumpyOps

from transforms.entities.engine.pieces import UnsupportedError

Floats = npt.NDArray[np.float32]

# Attributes that a word has wherever it stands, and that its letters and the tokenizer's rules alone decide.
LEXICAL = frozenset(("NORM", "PREFIX", "SUFFIX", "SHAPE", "ORTH", "LOWER", "LENGTH"))
EMBED_LAYERS = frozenset(("ints-getitem", "hashembed", "static_vectors", "maxout", "layernorm", "dropout"))
EMBED_LAYERS |= {"extract_features", "list2ragged", "ragged2list", "with_array", "concatenate"}
WINDOW_LAYERS = ["expand_window", "maxout", "layernorm", "dropout"]


@dataclass(frozen=True)
class WindowLayer:
    """x + layernorm(maxout(window of x)).

    `weight` (width, pieces, 3 × width) and `bias` (width, pieces) are the maxout's, `gain` and `shift` the norm's.
    """

    weight: Floats
    bias: Floats
    gain: Floats
    shift: Floats


@dataclass(frozen=True)
class Network:
    """A transition-based `ner`.

    `embed` is spaCy's own layer from documents to a vector per token, which sees a token's `attributes` and no context.
    Its output goes through `window` layers, a linear layer (`project`: weight, bias), then as one of three tokens of a
    state through `lower` (3, hidden, pieces, projected) with `lower_bias` and, for an absent token, `lower_pad`
    (3, hidden, pieces); the state's maxout gives scores of `actions` through `upper` (weight, bias).
    """

    embed: Model[Any, Any]
    attributes: tuple[str | int, ...]
    window: tuple[WindowLayer, ...]
    padding: int
    project: tuple[Floats, Floats]
    lower: Floats
    lower_bias: Floats
    lower_pad: Floats
    upper: tuple[Floats, Floats]
    actions: tuple[str, ...]


def read_network(nlp: Language) -> Network:
    """The network of a pipeline's `ner`.

    Raises:
        UnsupportedError: the pipeline is not of the known make.
    """
    ner = _recognizer(nlp)
    model = ner.model
    _require(isinstance(model.ops, NumpyOps), "its `ner` runs on a GPU")
    _require(model.name == "parser_model" and model.attrs["has_upper"], "its `ner` has no hidden layer")
    _require(not model.attrs["unseen_classes"], "its `ner` has labels that it was never trained on")
    _require(ner.cfg["beam_width"] == 1, "its `ner` searches with a beam")
    lower, upper = model.get_ref("lower"), model.get_ref("upper")
    _require(lower.get_dim("nF") == 3 and lower.get_dim("nP") > 1, "its `ner` looks at other than three tokens")
    tok2vec, project = _split_chain(model.get_ref("tok2vec"))
    source = _source(nlp, tok2vec)
    _require(bool(source.has_ref("embed") and source.has_ref("encode")), "its `ner` has no convolutional `tok2vec`")
    encode = source.get_ref("encode")
    window = _read_window(encode)
    padding = encode.attrs.get("pad", 0)
    _require(padding >= len(window), "its `tok2vec` doesn't keep documents apart")
    return Network(
        embed=source.get_ref("embed"),
        attributes=_read_attributes(nlp, source.get_ref("embed")),
        window=window,
        padding=padding,
        project=(_param(project, "W"), _param(project, "b")),
        lower=_param(lower, "W").reshape(3, lower.get_dim("nO"), lower.get_dim("nP"), -1),
        lower_bias=_param(lower, "b"),
        lower_pad=_param(lower, "pad")[0],
        upper=(_param(upper, "W"), _param(upper, "b")),
        # `move_names` leaves out the action that blocks preset entities, and so the numbers.
        actions=tuple(ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)),
    )


def _recognizer(nlp: Language) -> EntityRecognizer:
    others = [name for name in nlp.pipe_names if name != "ner" and "doc.ents" in nlp.get_pipe_meta(name).assigns]
    _require(not others, f"{', '.join(others)} sets entities beside `ner`")
    ner = nlp.get_pipe("ner")
    _require(type(ner) is EntityRecognizer, f"its `ner` is a {type(ner).__name__}")
    return ner


def _split_chain(model: Model[Any, Any]) -> tuple[Model[Any, Any], Model[Any, Any]]:
    names = [layer.name for layer in model.layers]
    _require(names[1:] == ["list2array", "linear"], "its `ner` has an unknown layer before the states")
    return model.layers[0], model.layers[2]


def _source(nlp: Language, tok2vec: Model[Any, Any]) -> Model[Any, Any]:
    """The `tok2vec` itself, or the one of the component that it listens to."""
    if tok2vec.name != "tok2vec-listener":
        return tok2vec
    upstream = [name for name in nlp.pipe_names if tok2vec in getattr(nlp.get_pipe(name), "listeners", ())]
    _require(len(upstream) == 1, "its `ner` listens to no known component")
    component: Any = nlp.get_pipe(upstream[0])
    model: Model[Any, Any] = component.model
    return model


def _read_window(encode: Model[Any, Any]) -> tuple[WindowLayer, ...]:
    _require(encode.name.startswith("with_array"), "its `tok2vec` encodes in an unknown way")
    stack = encode.layers[0]
    # A residual holds one layer; a chain of them, all that it is made of.
    residuals = stack.layers if len(stack.layers) > 1 else [stack]
    layers = []
    for residual in residuals:
        _require(residual.name.startswith("residual"), "its `tok2vec` encodes in an unknown way")
        parts = _flat(residual.layers[0])
        names = [part.name for part in parts]
        _require(
            names == ["expand_window", "maxout", "layernorm", "dropout"], "its `tok2vec` is no maxout window encoder"
        )
        expand, maxout, norm, _ = parts
        _require(expand.attrs["window_size"] == 1, "its `tok2vec` has a window other than 1")
        weights = [_param(maxout, "W"), _param(maxout, "b"), _param(norm, "G"), _param(norm, "b")]
        layers.append(WindowLayer(*weights))
    _require(bool(layers), "its `tok2vec` has no window layer")
    pieces = {layer.weight.shape[1] for layer in layers}
    _require(len(pieces) == 1 and min(pieces) > 1, "its `tok2vec` has layers without maxout pieces")
    return tuple(layers)


def _read_attributes(nlp: Language, embed: Model[Any, Any]) -> tuple[str | int, ...]:
    """What of a token the embedding looks at."""
    columns: list[str | int] = []
    for layer in embed.walk():
        known = layer.name.split(">>")[0].split("|")[0].split("(")[0]
        _require(known in EMBED_LAYERS, f"its `tok2vec` embeds through {layer.name}")
        if layer.name == "extract_features":
            columns += layer.attrs["columns"]
        elif layer.name == "static_vectors":
            columns.append(getattr(nlp.vocab.vectors, "attr", "ORTH"))
    known_ids = {intify_attr(name) for name in LEXICAL}
    contextual = [str(column) for column in columns if intify_attr(column) not in known_ids]
    _require(not contextual, f"its `tok2vec` embeds {', '.join(contextual)}")
    return tuple(columns)


def _flat(model: Model[Any, Any]) -> Sequence[Model[Any, Any]]:
    """The layers of nested chains, in order."""
    if ">>" not in model.name:
        return [model]
    return [part for layer in model.layers for part in _flat(layer)]


def _param(model: Model[Any, Any], name: str) -> Floats:
    return np.ascontiguousarray(model.get_param(name), dtype=np.float32)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise UnsupportedError(reason)
