"""The encoder behind `accurate` layer by layer: those below needn't run again and again while those above learn.

Half floats throughout: the processor multiplies them several times as fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

import torch
from torch import nn

from training.sentiment_encoder import SentimentEncoder, batches, collate
from transforms.sentiment.masking import Encoded

AWAY = -1e9  # added to the attention that a piece beyond a sentence's end would get


class States(NamedTuple):
    """A padded batch between two layers: states (sentences, pieces, width), which pieces there are, targets."""

    rows: torch.Tensor
    attention: torch.Tensor
    target: torch.Tensor


def half() -> AbstractContextManager[None]:
    """Products of matrices in half floats."""
    return torch.autocast("cpu", torch.bfloat16)


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


def answer(model: SentimentEncoder, states: States) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of targets and of sentences from what the last layer leaves."""
    first = states.rows[:, 0]
    aimed = states.rows[torch.arange(len(first)), states.target]
    hidden = torch.tanh(model.hidden(model.dropout(torch.cat([aimed, first], 1))))
    return model.target_head(model.dropout(hidden)), model.sentence_head(model.dropout(first))


@torch.no_grad()
def states_of(model: SentimentEncoder, encoded: Sequence[Encoded], layers: int) -> list[torch.Tensor]:
    """What the first layers leave of each sentence, (pieces, width) in half floats."""
    model.eval()
    found: list[torch.Tensor] = [torch.empty(0)] * len(encoded)
    for rows in batches(encoded, 32):
        with half():
            states = advance(model, embed(model, [encoded[row] for row in rows]), model.body.encoder.layer[:layers])
        for place, row in enumerate(rows):
            found[row] = states.rows[place, : len(encoded[row].ids)].to(torch.bfloat16).clone()
    return found


def padded(rows: Sequence[torch.Tensor], targets: Sequence[int]) -> States:
    """A batch of what `states_of` found."""
    joined = nn.utils.rnn.pad_sequence(list(rows), batch_first=True).float()
    lengths = torch.tensor([len(one) for one in rows])
    return States(joined, torch.arange(joined.shape[1])[None, :] < lengths[:, None], torch.tensor(list(targets)))


def weighted(layer: nn.Module) -> Iterator[list[nn.Linear]]:
    """A layer's products in the order in which they are worked out, those together that read the same."""
    attention = layer.attention.attn
    yield [attention.q, attention.k, attention.v]
    yield [attention.o]
    yield [layer.intermediate.dense]
    yield [layer.output.dense]
