"""Making the encoder fit for whole numbers of a byte, which rounds weights by column and activations all together.

Two things would suffer. Behind each feed-forward layer's first half a few inputs are some thirty times as large as the
others and would leave those few steps: they go apart, unrounded (after LLM.int8, Dettmers et al. 2022,
arXiv:2208.07339). And one scale for all word vectors would round the short ones away: each word has its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from training.sentiment_encoder import SentimentEncoder, predict
from transforms.sentiment.masking import Encoded

APART = 16  # inputs of a layer that are never rounded
UNROUNDED = "large"  # the name of what multiplies them


class Parted(nn.Module):
    """A linear layer whose largest inputs go apart from the others."""

    def __init__(self, layer: nn.Linear, largest: torch.Tensor) -> None:
        super().__init__()
        chosen = largest.topk(APART).indices.sort().values
        self.register_buffer("chosen", chosen)
        self.register_buffer("others", torch.ones(layer.in_features).index_fill(0, chosen, 0.0))
        self.layer = nn.Linear(layer.in_features, layer.out_features)
        self.layer.weight.data = layer.weight.data * self.others
        self.layer.bias.data = layer.bias.data
        self.large = nn.Linear(APART, layer.out_features, bias=False)
        self.large.weight.data = layer.weight.data[:, chosen]

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """The same as the layer itself."""
        return self.layer(inputs * self.others) + self.large(inputs.index_select(-1, self.chosen))


class RoundedEmbedding(nn.Module):
    """Vectors of words in whole numbers of a byte, each with a scale of its own."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        weight = embedding.weight.data
        scales = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", torch.round(weight / scales).to(torch.int8))
        self.register_buffer("scales", scales)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """The vectors."""
        return self.rows[ids].float() * self.scales[ids]


@torch.no_grad()
def prepare(encoder: SentimentEncoder, examples: Sequence[Encoded]) -> None:
    """Change the encoder so that it loses little when it is rounded; `examples` are sentences as it will read them."""
    layers = [block.output for block in encoder.body.encoder.layer]
    largest: dict[int, torch.Tensor] = {}

    def note(place: int, inputs: torch.Tensor) -> None:
        found = inputs.flatten(0, -2).abs().amax(0)
        largest[place] = torch.maximum(largest.get(place, found), found)

    hooks = [
        layer.dense.register_forward_pre_hook(lambda _, inputs, place=place: note(place, inputs[0]))
        for place, layer in enumerate(layers)
    ]
    predict(encoder, examples, half=False)
    for hook in hooks:
        hook.remove()
    for place, layer in enumerate(layers):
        layer.dense = Parted(layer.dense, largest[place])
    encoder.body.embeddings.word_embeddings = RoundedEmbedding(encoder.body.embeddings.word_embeddings)
