"""The encoder behind `accurate` layer by layer, to see what each of its products reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import nn

from training.sentiment_encoder import SentimentEncoder, collate
from transforms.sentiment.masking import Encoded

AWAY = -1e9  # added to the attention that a piece beyond a sentence's end would get


class States(NamedTuple):
    """A padded batch between two layers: states (sentences, pieces, width), which pieces there are, targets."""

    rows: torch.Tensor
    attention: torch.Tensor
    target: torch.Tensor


def embed(model: SentimentEncoder, encoded: Sequence[Encoded]) -> States:
    """Sentences as the first layer reads them."""
    ids, attention, target = collate(encoded)
    places = (torch.arange(ids.shape[1])[None, :] == target[:, None]) & (target[:, None] > 0)
    body = model.body
    vectors = body.embeddings.word_embeddings(ids) + places[:, :, None] * body.target
    return States(body.embeddings(inputs_embeds=vectors), attention, target)


def advance(model: SentimentEncoder, states: States, layers: Sequence[nn.Module]) -> States:
    """The same behind some layers."""
    bias = model.body.encoder.compute_position_bias(states.rows)
    mask = (1.0 - states.attention[:, None, None, :].float()) * AWAY
    rows = states.rows
    for layer in layers:
        rows = layer(rows, mask, bias)[0]
    return states._replace(rows=rows)


def weighted(layer: nn.Module) -> Iterator[list[nn.Linear]]:
    """A layer's products in the order in which they are worked out, those together that read the same."""
    attention = layer.attention.attn
    yield [attention.q, attention.k, attention.v]
    yield [attention.o]
    yield [layer.intermediate.dense]
    yield [layer.output.dense]
