"""Rounding the encoder's weights to four bits where they do least harm; a file half as large as with whole bytes.

Weights are rounded column by column; what each costs is made good by the columns that are still to come, for inputs as
the layer meets them (GPTQ: Frantar et al. 2022, arXiv:2210.17323). `BLOCK` weights share a scale, and so do as many
inputs when they are rounded in their turn: a few of these are some thirty times as large as the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import torch
from torch import nn

from training.sentiment_encoder import SentimentEncoder, batches, device_of, half
from training.sentiment_layers import States, advance, embed, weighted
from transforms.sentiment.masking import Encoded

BLOCK = 64
LOWEST, HIGHEST = -8, 7
DAMPING = 0.01  # of the mean of the inputs' squares, so that what hardly ever occurs decides nothing
SHRINKS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)  # of a block's scale; the one with the least error is taken


class Rounded(NamedTuple):
    """A layer's weights: whole numbers from `LOWEST` to `HIGHEST` (outputs, inputs), scales (outputs, blocks)."""

    codes: torch.Tensor
    scales: torch.Tensor


def _scales(block: torch.Tensor) -> torch.Tensor:
    """The scale of each row: its largest weight is the lowest number, or lies a little beyond."""
    largest = block.gather(1, block.abs().argmax(1, keepdim=True))
    whole = torch.where(largest.abs() < 1e-8, torch.full_like(largest, 1e-8), largest) / LOWEST
    found = torch.stack([whole * shrink for shrink in SHRINKS])
    errors = ((_codes(block[None], found) * found - block[None]) ** 2).sum(2)
    return found[errors.argmin(0), torch.arange(len(block)), 0]


def _codes(weights: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    return torch.round(weights / scales).clamp(LOWEST, HIGHEST)


@torch.no_grad()
def round_weight(weight: torch.Tensor, products: torch.Tensor) -> tuple[torch.Tensor, Rounded]:
    """Weights (outputs, inputs) rounded, and their numbers; `products` (inputs, inputs) are sums over inputs seen."""
    weight, width = weight.clone(), weight.shape[1]
    damped = products.double() + torch.eye(width) * DAMPING * products.diag().mean().clamp(min=1e-8)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(damped))
    upper = torch.linalg.cholesky(inverse, upper=True).float()
    found = torch.zeros_like(weight)
    codes = torch.zeros_like(weight, dtype=torch.int8)
    scales = torch.zeros(len(weight), width // BLOCK)
    for first in range(0, width, BLOCK):
        last = first + BLOCK
        block, part = weight[:, first:last].clone(), upper[first:last, first:last]
        errors = torch.zeros(len(weight), BLOCK)
        scales[:, first // BLOCK] = scale = _scales(block)
        for column in range(BLOCK):
            code = _codes(block[:, column], scale)
            codes[:, first + column], found[:, first + column] = code.to(torch.int8), code * scale
            errors[:, column] = error = (block[:, column] - code * scale) / part[column, column]
            block[:, column + 1 :] -= error[:, None] * part[column, column + 1 :]
        weight[:, last:] -= errors @ upper[first:last, last:]
    return found, Rounded(codes, scales)


class _SeenError(Exception):
    """What a product reads is known; the rest of its layer needn't run."""


class _Inputs:
    """Sums up products of what a layer reads with itself, over all pieces, and has it stop there."""

    def __init__(self, width: int) -> None:
        self.sums, self.there = torch.zeros(width, width), torch.empty(0)

    def __call__(self, _: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        rows = inputs[0][self.there].float()
        self.sums.addmm_(rows.T, rows)
        raise _SeenError


def _products(model: SentimentEncoder, layer: nn.Module, product: nn.Linear, met: Sequence[States]) -> torch.Tensor:
    """The sums for one of a layer's products, where the layer meets these states."""
    found = _Inputs(product.in_features)
    hook = product.register_forward_pre_hook(found)
    for states in met:
        found.there = states.attention.bool()
        with half(device_of(model)), suppress(_SeenError):
            advance(model, states, [layer])
    hook.remove()
    return found.sums


@torch.no_grad()
def round_layers(model: SentimentEncoder, encoded: Sequence[Encoded], layers: range) -> dict[str, Rounded]:
    """Round the weights of some layers of the encoder in place; their numbers, by the names of their modules.

    `encoded` are sentences as it will read them.
    """
    model.eval()
    names = {module: name for name, module in model.named_modules()}
    met = [embed(model, [encoded[row] for row in rows]) for rows in batches(encoded, 32)]
    found = {}
    for number, layer in enumerate(model.body.encoder.layer[: layers.stop]):
        for group in weighted(layer) if number in layers else ():
            products = _products(model, layer, group[0], met)
            for product in group:
                product.weight.data, found[names[product]] = round_weight(product.weight.data, products)
        with half(device_of(model)):
            met = [states._replace(rows=advance(model, states, [layer]).rows.float()) for states in met]
    return found
