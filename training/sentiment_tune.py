"""Tune the upper layers of the encoder behind `accurate` on names that were read, drawn from news as it comes.

    python -m training.sentiment_tune DATA WORK START.pt OUTPUT.pt [--epochs N] [--rate R] [--news N]

No step of `training.sentiment`: what ships is made without it (docs/sentiment.md says what it gains).

The targets of NewsMTSC, which the encoder has learned from, are chosen for being opinionated. Names as they come are
learned beside some of these, and with two biases of their own that are learned too and thrown away: what is learned is
what sets them apart, not how rare praise and blame are, which `training.sentiment_prior` fits on other names.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import nn

from training import sentiment_encoder as encoder
from training.sentiment_chain import MODEL
from training.sentiment_read import read_names
from training.sentiment_scores import macro_f1
from training.sentiment_teacher import DECAY, encode_all, load_data
from transforms.entities.engine import load_model
from transforms.sentiment.accurate import mask_name
from transforms.sentiment.masking import Encoded

UPPER = 4  # layers that are tuned; those below stay as they are
BATCH = 32
NEWS = 0.5  # how much a target of NewsMTSC counts beside a name that was read
SEED = 1
# Where the biases of names as they come begin: about what the prior of names was before.
BIASES = (-1.5, 0.0, -2.0)


class Example(NamedTuple):
    """A target as the encoder reads it, its class, and whether it is a name as it comes."""

    encoded: Encoded
    polarity: int
    as_it_comes: bool


def examples_of(data: Path, tokenizer: encoder.Tokenizer, news: int, entities: Any) -> list[Example]:
    """All names that were read, and so many targets of NewsMTSC."""
    read = []
    for reading, place, polarity in read_names(data, entities):
        encoded = mask_name(tokenizer, reading, reading.mentions, reading.mentions[place])
        read.append(Example(encoded, polarity, as_it_comes=True))
    train, _, _ = load_data(data)
    chosen = random.Random(SEED).sample(train, min(news, len(train)))
    pieces = encode_all(tokenizer, chosen)
    return read + [Example(one, part.polarity, as_it_comes=False) for one, part in zip(pieces, chosen, strict=True)]


def freeze(model: encoder.SentimentEncoder) -> None:
    """Let only the upper layers and what stands on them learn."""
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        upper = name.startswith("body.encoder.layer.") and int(parts[3]) >= model.base.layers - UPPER
        parameter.requires_grad_(upper or not name.startswith("body."))


def groups(model: encoder.SentimentEncoder, rate: float) -> list[dict[str, Any]]:
    """Lower layers learn more slowly."""
    found = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            below = model.base.layers - 1 - int(name.split(".")[3]) if name.startswith("body.") else 0
            found.append({"params": [parameter], "lr": rate * DECAY**below})
    return found


def plan(examples: Sequence[Example], rng: random.Random) -> list[list[Example]]:
    """Batches of like length, in random order."""
    order = list(examples)
    rng.shuffle(order)
    batches = []
    for at in range(0, len(order), 16 * BATCH):
        chunk = sorted(order[at : at + 16 * BATCH], key=lambda part: len(part.encoded.ids))
        batches += [chunk[first : first + BATCH] for first in range(0, len(chunk), BATCH)]
    rng.shuffle(batches)
    return batches


def tune(model: encoder.SentimentEncoder, examples: Sequence[Example], epochs: int, rate: float) -> None:
    """AdamW, a warm-up of a tenth and a linear end."""
    rng = random.Random(SEED)
    freeze(model)
    biases = nn.Parameter(torch.tensor(BIASES))
    learning = [*groups(model, rate), {"params": [biases], "lr": 3e-3, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(learning, weight_decay=0.01)
    total = epochs * (len(examples) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (total * 0.1), max(0.0, (total - step) / (total * 0.9)))
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05, reduction="none")
    for epoch in range(epochs):
        model.train()
        for layer in [model.body.embeddings, *model.body.encoder.layer[:-UPPER]]:
            layer.eval()
        started, losses = time.monotonic(), []
        for batch in plan(examples, rng):
            with torch.autocast("cpu", torch.bfloat16):
                aimed, _ = model(*encoder.collate([part.encoded for part in batch]))
            as_they_come = torch.tensor([float(part.as_it_comes) for part in batch])
            moved = aimed.float() + as_they_come[:, None] * biases
            weights = as_they_come + (1 - as_they_come) * NEWS
            found = loss_of(moved, torch.tensor([part.polarity for part in batch]))
            loss = (found * weights).sum() / weights.sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([one for one in model.parameters() if one.requires_grad], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s", flush=True)


def main() -> None:
    """Tune, say what became of the targets held out, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("start", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2e-5)
    parser.add_argument("--news", type=int, default=2400, help="targets of NewsMTSC beside the names")
    args = parser.parse_args()
    threadpool_limits(1)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = encoder.read_tokenizer(args.work)
    model = encoder.load_encoder(args.work, torch.load(args.start))
    examples = examples_of(args.data, tokenizer, args.news, load_model(MODEL)[0])
    print(f"{sum(part.as_it_comes for part in examples)} names of {len(examples)} examples", flush=True)
    tune(model, examples, args.epochs, args.rate)
    _, _, held = load_data(args.data)
    aimed, _ = encoder.predict(model, encode_all(tokenizer, held))
    print(f"held-out macro-F1 {macro_f1(np.array([part.polarity for part in held]), aimed.argmax(1)):.4f}")
    torch.save(model.state_dict(), args.output)


if __name__ == "__main__":
    main()
