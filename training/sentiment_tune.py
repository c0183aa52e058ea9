"""Tune the upper layers of the encoder behind `accurate` on names that were read, drawn from news as it comes.

    python -m training.sentiment_tune DATA WORK START.pt OUTPUT.pt [--epochs N] [--rate R] [--news N]

The targets of NewsMTSC, which the encoder has learned from, are chosen for being opinionated. Names as they come are
learned beside some of these, and with two biases of their own that are learned too and thrown away: what is learned is
what sets them apart, not how rare praise and blame are, which `training.sentiment_prior` fits on other names.

No step of `training.sentiment`: what ships is made without it (docs/sentiment.md says what it gains).

The layers below are rounded to four bits first, so that those above learn to read what they will be given; these are
rounded in the end. OUTPUT.pt holds the weights and the rounded ones' numbers (`training.sentiment_gptq`), of which
`training.sentiment_four_bits` makes a model.
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
from training.sentiment_data import CLASSES
from training.sentiment_gptq import round_layers
from training.sentiment_layers import advance, answer, half, padded, states_of
from training.sentiment_read import read_names
from training.sentiment_scores import macro_f1
from training.sentiment_teacher import DECAY, encode_all, load_data
from transforms.entities.engine import load_model
from transforms.sentiment.accurate import mask_name
from transforms.sentiment.masking import Encoded

UPPER = 4  # layers that are tuned; those below stay as they are
BATCH = 32
EVERY = 3  # one of so many names is learned from that were drawn as they come and are neutral
NEWS = 0.5  # how much a target of NewsMTSC counts beside a name that was read
SENTENCE = 0.2  # how much it counts what the sentence alone says of a name in it, beside what is said toward the name
SMOOTHING = 0.05
SEEN = 256  # sentences by which layers are rounded
SEED = 1
# Where the biases of names as they come begin: about what the prior of names was before.
BIASES = (-1.5, 0.0, -2.0)


class Example(NamedTuple):
    """A target as the encoder reads it, the shares of its classes, and whether it is a name as it comes."""

    encoded: Encoded
    shares: tuple[float, ...]
    as_it_comes: bool


def examples_of(data: Path, tokenizer: encoder.Tokenizer, news: int, entities: Any) -> list[Example]:
    """All names that were read, and so many targets of NewsMTSC."""
    read = []
    for name in read_names(data, entities, EVERY):
        mentions = name.reading.mentions
        encoded = mask_name(tokenizer, name.reading, mentions, mentions[name.place])
        read.append(Example(encoded, name.shares, as_it_comes=True))
    train, _, _ = load_data(data)
    chosen = random.Random(SEED).sample(train, min(news, len(train)))
    pieces = encode_all(tokenizer, chosen)
    certain = np.eye(len(CLASSES))
    return read + [
        Example(one, tuple(certain[part.polarity]), as_it_comes=False) for one, part in zip(pieces, chosen, strict=True)
    ]


def groups(model: encoder.SentimentEncoder, rate: float) -> list[dict[str, Any]]:
    """What learns, the upper layers and what stands on them; lower ones of these more slowly."""
    found = []
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        upper = name.startswith("body.encoder.layer.") and int(parts[3]) >= model.base.layers - UPPER
        parameter.requires_grad_(upper or not name.startswith("body."))
        if parameter.requires_grad:
            below = model.base.layers - 1 - int(parts[3]) if upper else 0
            found.append({"params": [parameter], "lr": rate * DECAY**below})
    return found


def plan(lengths: Sequence[int], rng: random.Random) -> list[list[int]]:
    """Indices in batches of like length, in random order."""
    order = rng.sample(range(len(lengths)), len(lengths))
    found = []
    for at in range(0, len(order), 16 * BATCH):
        chunk = sorted(order[at : at + 16 * BATCH], key=lengths.__getitem__)
        found += [chunk[first : first + BATCH] for first in range(0, len(chunk), BATCH)]
    rng.shuffle(found)
    return found


def loss_of(logits: torch.Tensor, batch: Sequence[Example], biases: torch.Tensor) -> torch.Tensor:
    """The mean loss of a batch, names as they come with their biases."""
    as_they_come = torch.tensor([float(part.as_it_comes) for part in batch])
    shares = torch.tensor([part.shares for part in batch])
    shares = shares * (1 - SMOOTHING) + SMOOTHING / len(CLASSES)
    moved = logits.float() + as_they_come[:, None] * biases
    weights = as_they_come + (1 - as_they_come) * NEWS
    return (-(shares * moved.log_softmax(-1)).sum(-1) * weights).sum() / weights.sum()


def tune(
    model: encoder.SentimentEncoder,
    examples: Sequence[Example],
    states: Sequence[torch.Tensor],
    epochs: int,
    rate: float,
) -> None:
    """AdamW, a warm-up of a tenth and a linear end; `states` of the examples are what the lower layers leave."""
    rng = random.Random(SEED)
    biases = nn.Parameter(torch.tensor(BIASES))
    learning = [*groups(model, rate), {"params": [biases], "lr": 3e-3, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(learning, weight_decay=0.01, fused=True)
    total = epochs * (len(examples) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (total * 0.1), max(0.0, (total - step) / (total * 0.9)))
    )
    model.train()
    for epoch in range(epochs):
        started, losses = time.monotonic(), []
        for rows in plan([len(one) for one in states], rng):
            batch = [examples[row] for row in rows]
            below = padded([states[row] for row in rows], [part.encoded.target for part in batch])
            with half():
                aimed, whole = answer(model, advance(model, below, model.body.encoder.layer[-UPPER:]))
            loss = loss_of(aimed, batch, biases) + SENTENCE * loss_of(whole, batch, biases)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([one for one in model.parameters() if one.requires_grad], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s", flush=True)


def main() -> None:
    """Round, tune, round, say what became of the targets held out, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("start", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--news", type=int, default=300, help="targets of NewsMTSC beside the names")
    args = parser.parse_args()
    threadpool_limits(1)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = encoder.read_tokenizer(args.work)
    model = encoder.load_encoder(args.work, torch.load(args.start))
    examples = examples_of(args.data, tokenizer, args.news, load_model(MODEL)[0])
    print(f"{sum(part.as_it_comes for part in examples)} names of {len(examples)} examples", flush=True)
    seen = [part.encoded for part in random.Random(SEED).sample(examples, SEEN)]
    lower = model.base.layers - UPPER
    rounded = round_layers(model, seen, range(lower))
    states = states_of(model, [part.encoded for part in examples], lower)
    tune(model, examples, states, args.epochs, args.rate)
    rounded |= round_layers(model, seen, range(lower, model.base.layers))
    _, _, held = load_data(args.data)
    aimed, _ = encoder.predict(model, encode_all(tokenizer, held))
    print(f"held-out macro-F1 {macro_f1(np.array([part.polarity for part in held]), aimed.argmax(1)):.4f}")
    torch.save(
        {"weights": model.state_dict(), "rounded": {name: tuple(one) for name, one in rounded.items()}}, args.output
    )


if __name__ == "__main__":
    main()
