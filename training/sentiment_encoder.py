"""The encoder behind `accurate`, and that which teaches `fast`: a published one with two heads.

The first head sees the target's place, the second the whole sentence. The vocabulary is cut to the word pieces that
news uses, before anything is trained, so that the cut costs nothing that training can't mend.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from training.sentiment_bases import BASES, Base
from training.sentiment_data import CLASSES
from transforms.sentiment.masking import Encoded


def trim_tokenizer(base: Base, texts: Iterable[str]) -> tuple[Tokenizer, list[int]]:
    """The base's tokenizer with the pieces that `texts` use often enough, and the rows of its embedding that remain."""
    description = base.tokenizer()
    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(tokenizer.encode(text, add_special_tokens=False).ids)
    vocabulary = description["model"]["vocab"]
    specials = {token["content"] for token in description["added_tokens"]}
    kept = [
        (piece, row)
        for piece, row in sorted(vocabulary.items(), key=lambda item: item[1])
        if counts[row] >= base.least or len(piece.removeprefix("##")) == 1 or piece in specials
    ]
    description["model"]["vocab"] = {piece: index for index, (piece, _) in enumerate(kept)}
    description["padding"] = description["truncation"] = None
    for token in description["added_tokens"]:
        token["id"] = description["model"]["vocab"][token["content"]]
    ends = description["post_processor"]
    for token in ends.get("special_tokens", {}).values():
        token["ids"] = [description["model"]["vocab"][name] for name in token["tokens"]]
    for end in ("cls", "sep"):
        if isinstance(ends.get(end), list):
            ends[end] = [ends[end][0], description["model"]["vocab"][ends[end][0]]]
    return Tokenizer.from_str(json.dumps(description)), [row for _, row in kept]


class SentimentEncoder(nn.Module):
    """Word pieces → logits of the classes toward the target, and of the sentence."""

    def __init__(self, base: Base, vocabulary: int) -> None:
        super().__init__()
        self.base = base
        self.body = base.body(vocabulary)
        self.dropout = nn.Dropout(0.1)
        self.hidden = nn.Linear(2 * base.width, base.width)
        self.target_head = nn.Linear(base.width, len(CLASSES))
        self.sentence_head = nn.Linear(base.width, len(CLASSES))

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (batch, 3) of the target, and of the sentence. `target`: index of its mask, 0 without one."""
        places = torch.arange(ids.shape[1])[None, :] == target[:, None]
        states = self.base.states(self.body, ids, attention, places & (target[:, None] > 0))
        first = states[:, 0]
        aimed = (states * places[:, :, None]).sum(1)
        hidden = torch.tanh(self.hidden(self.dropout(torch.cat([aimed, first], 1))))
        return self.target_head(self.dropout(hidden)), self.sentence_head(self.dropout(first))


def save_base(work: Path, name: str, texts: Iterable[str]) -> None:
    """Write `WORK/base.json` and `WORK/tokenizer.json`: which base of `BASES` it is, and what is kept of its pieces."""
    tokenizer, rows = trim_tokenizer(BASES[name](), texts)
    (work / "base.json").write_text(json.dumps({"base": name, "rows": rows}))
    tokenizer.save(str(work / "tokenizer.json"), pretty=False)


def read_tokenizer(work: Path) -> Tokenizer:
    """The tokenizer that `save_base` wrote."""
    return Tokenizer.from_file(str(work / "tokenizer.json"))


def load_encoder(work: Path, state: dict[str, torch.Tensor] | None = None) -> SentimentEncoder:
    """The encoder of a working directory with trained weights, or with the published ones and fresh heads.

    Raises:
        ValueError: the published weights aren't those of the base.
    """
    kept = json.loads((work / "base.json").read_text())
    base, rows = BASES[kept["base"]](), kept["rows"]
    model = SentimentEncoder(base, len(rows))
    if state:
        model.load_state_dict(state)
        return model
    weights = base.weights()
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][rows]
    fresh, unknown = model.body.load_state_dict(weights, strict=False)
    if unknown or set(fresh) - {"target"}:
        raise ValueError(f"{kept['base']}: weights {unknown} have no place, {fresh} none published")
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
