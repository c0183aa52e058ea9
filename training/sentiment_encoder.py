"""The encoder behind `accurate`, which teaches `fast` too: a published one with two heads.

The first head sees the target's place, the second the whole sentence. The vocabulary is cut to the word pieces that
news uses, before anything is trained, so that the cut costs nothing that training can't mend.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from training.sentiment_data import CLASSES
from training.sentiment_mpnet import LAYERS, LEAST, WIDTH, fresh_body, published_tokenizer, published_weights
from transforms.sentiment.masking import Encoded

DECAY = 0.9  # the rate of each lower layer, as a share of that above it


def trim_tokenizer(texts: Iterable[str]) -> tuple[Tokenizer, list[int]]:
    """The tokenizer with the pieces that `texts` use often enough, and the rows of the embedding that remain."""
    description = published_tokenizer()
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
        if counts[row] >= LEAST or len(piece.removeprefix("##")) == 1 or piece in specials
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

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.body = fresh_body(vocabulary)
        self.dropout = nn.Dropout(0.1)
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.target_head = nn.Linear(WIDTH, len(CLASSES))
        self.sentence_head = nn.Linear(WIDTH, len(CLASSES))

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (batch, 3) of the target, and of the sentence. `target`: index of its mask, 0 without one."""
        places = torch.arange(ids.shape[1], device=ids.device)[None, :] == target[:, None]
        marked = (places & (target[:, None] > 0))[:, :, None] * self.body.target
        vectors = self.body.embeddings.word_embeddings(ids) + marked
        states = self.body(inputs_embeds=vectors, attention_mask=attention).last_hidden_state
        first = states[:, 0]
        aimed = (states * places[:, :, None]).sum(1)
        hidden = torch.tanh(self.hidden(self.dropout(torch.cat([aimed, first], 1))))
        return self.target_head(self.dropout(hidden)), self.sentence_head(self.dropout(first))


def save_base(work: Path, texts: Iterable[str]) -> None:
    """Write `WORK/rows.json` and `WORK/tokenizer.json`: what is kept of the published word pieces."""
    tokenizer, rows = trim_tokenizer(texts)
    (work / "rows.json").write_text(json.dumps(rows))
    tokenizer.save(str(work / "tokenizer.json"), pretty=False)


def read_tokenizer(work: Path) -> Tokenizer:
    """The tokenizer that `save_base` wrote."""
    return Tokenizer.from_file(str(work / "tokenizer.json"))


def load_encoder(work: Path, state: dict[str, torch.Tensor] | None = None) -> SentimentEncoder:
    """The encoder of a working directory with trained weights, or with the published ones and fresh heads.

    Raises:
        ValueError: the published weights aren't those of the encoder.
    """
    rows = json.loads((work / "rows.json").read_text())
    model = SentimentEncoder(len(rows))
    if state:
        model.load_state_dict(state)
        return model
    weights = published_weights()
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][rows]
    fresh, unknown = model.body.load_state_dict(weights, strict=False)
    if unknown or set(fresh) - {"target"}:
        raise ValueError(f"weights {unknown} have no place, {fresh} none published")
    return model


def device_of(model: nn.Module) -> torch.device:
    """Where its weights lie."""
    return next(model.parameters()).device


def half(device: torch.device) -> AbstractContextManager[None]:
    """Products of matrices in half floats, which are multiplied several times as fast."""
    return torch.autocast(device.type, torch.bfloat16)


def learning_rates(model: SentimentEncoder, top: float) -> list[dict[str, object]]:
    """What learns, lower layers more slowly: `DECAY` a layer. Word vectors stay.

    Words that the labelled sentences lack would stay behind those that they have.
    """
    groups = []
    for name, parameter in model.named_parameters():
        if name.startswith("body.embeddings.word"):
            parameter.requires_grad_(False)
            continue
        depth = 0
        if name.startswith("body.encoder.layer."):
            depth = LAYERS - int(name.split(".")[3])
        elif name.startswith("body.e"):
            depth = LAYERS + 1
        fresh = name == "body.target" or not name.startswith("body")
        rate = top * 4 if fresh else top * DECAY**depth
        groups.append({"params": [parameter], "lr": rate, "weight_decay": 0.01 if parameter.ndim > 1 else 0.0})
    return groups


def warm_up(optimizer: torch.optim.Optimizer, total: int) -> torch.optim.lr_scheduler.LRScheduler:
    """Rates that rise over a tenth of the steps and fall to 0 over the rest."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (total * 0.1), max(0.0, (total - step) / (total * 0.9)))
    )


def shuffled(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Indices in batches of `size`, in random order, those of like length together within 16 batches."""
    order = rng.sample(range(len(lengths)), len(lengths))
    found = []
    for at in range(0, len(order), 16 * size):
        chunk = sorted(order[at : at + 16 * size], key=lengths.__getitem__)
        found += [chunk[first : first + size] for first in range(0, len(chunk), size)]
    rng.shuffle(found)
    return found


def descend(
    model: SentimentEncoder,
    learning: list[dict[str, object]],
    epochs: Sequence[list[list[int]]],
    loss_of: Callable[[list[int]], torch.Tensor],
) -> None:
    """AdamW over epochs of batches of examples' indices; `loss_of` is the mean loss of a batch."""
    optimizer = torch.optim.AdamW(learning, fused=True)
    schedule = warm_up(optimizer, sum(map(len, epochs)))
    for epoch, plan in enumerate(epochs):
        model.train()
        started, losses = time.monotonic(), []
        for rows in plan:
            loss = loss_of(rows)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s", flush=True)


def batches(encoded: Sequence[Encoded], size: int) -> list[np.ndarray]:
    """Indices in batches of like length (at most `size` sentences of 40 pieces), the longest first."""
    order = sorted(range(len(encoded)), key=lambda index: -len(encoded[index].ids))
    found, first = [], 0
    while first < len(order):
        count = max(1, size * 40 // len(encoded[order[first]].ids))
        found.append(np.array(order[first : first + count]))
        first += count
    return found


def collate(encoded: Sequence[Encoded], device: torch.device | str = "cpu") -> tuple[torch.Tensor, ...]:
    """The encoder's three inputs."""
    width = max(len(part.ids) for part in encoded)
    ids = torch.zeros(len(encoded), width, dtype=torch.long)
    attention = torch.zeros(len(encoded), width, dtype=torch.long)
    for row, part in enumerate(encoded):
        ids[row, : len(part.ids)] = torch.tensor(part.ids)
        attention[row, : len(part.ids)] = 1
    return ids.to(device), attention.to(device), torch.tensor([part.target for part in encoded]).to(device)


@torch.inference_mode()
def predict(model: SentimentEncoder, encoded: Sequence[Encoded]) -> tuple[np.ndarray, np.ndarray]:
    """Logits (n, 3) of targets and of sentences."""
    model.eval()
    device = device_of(model)
    aimed = np.zeros((len(encoded), len(CLASSES)), np.float32)
    whole = np.zeros_like(aimed)
    for rows in batches(encoded, 64 if device.type == "cpu" else 1024):
        with half(device):
            first, second = model(*collate([encoded[row] for row in rows], device))
        aimed[rows], whole[rows] = first.float().cpu().numpy(), second.float().cpu().numpy()
    return aimed, whole
