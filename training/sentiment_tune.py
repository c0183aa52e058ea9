"""Have the encoder learn from names that were read, five times, from all but another fifth of their articles each time.

    python -m training.sentiment_tune DATA WORK [--device cpu|cuda] [--epochs N]

The targets of NewsMTSC, which the encoder knows by now, are chosen for being opinionated. Names that were read are
learned beside some of these, and with two biases of their own that are learned too and thrown away: what is learned is
what sets them apart, not how rare praise and blame are, which `training.sentiment_prior` fits.

Reads `WORK/teacher.pt`. Writes `WORK/fold-<n>.pt`, the encoder that hasn't learned from part n; `WORK/tuned.pt`, the
mean of their weights, which is about as good as the mean of their answers (Wortsman et al. 2022, arXiv:2203.05482);
and `WORK/unseen.npz`, see `Unseen`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training import sentiment_encoder as encoder
from training.sentiment_chain import MODEL
from training.sentiment_data import CLASSES
from training.sentiment_names import FOLDS, Name, all_names
from training.sentiment_scores import macro_f1
from training.sentiment_teacher import SENTENCE, encode_all, load_data
from transforms.entities.engine import load_model
from transforms.sentiment.masking import Encoded

RATE = 5e-5
BATCH = 64
NEWS = 0.3  # share of NewsMTSC's targets that are learned beside the names
WEIGHT = 0.5  # how much such a target counts beside a name
MOOD = 0.66  # how much a name's classes count as its sentence's, beside those of a target
SMOOTHING = 0.05
# Where the biases of names begin: about what the prior of names was before.
BIASES = (-1.5, 0.0, -2.0)


class Example(NamedTuple):
    """A name or a target as the encoder reads it, the classes of it and of its sentence, and which of both it is."""

    encoded: Encoded
    shares: tuple[float, ...]
    mood: tuple[float, ...]
    name: bool


class Unseen(NamedTuple):
    """Names as they come, as encoders see them that haven't learned from their article.

    `names` and `sentences` are logits (n, 3), `truth` their classes. Those of sets that no weights learn from are last.
    """

    names: NDArray[np.float32]
    sentences: NDArray[np.float32]
    truth: NDArray[np.int64]


def news_examples(data: Path, tokenizer: encoder.Tokenizer, seed: int) -> list[Example]:
    """Some of NewsMTSC's targets."""
    train, _ = load_data(data)
    chosen = random.Random(seed).sample(train, int(NEWS * len(train)))
    certain = np.eye(len(CLASSES))
    return [
        Example(one, tuple(certain[part.polarity]), part.mood, name=False)
        for one, part in zip(encode_all(tokenizer, chosen), chosen, strict=True)
    ]


def loss_of(aimed: torch.Tensor, whole: torch.Tensor, batch: Sequence[Example], biases: torch.Tensor) -> torch.Tensor:
    """The mean loss of a batch: of names, which have the biases, and targets, and of their sentences."""

    def mean(logits: torch.Tensor, classes: list[tuple[float, ...]], weights: torch.Tensor) -> torch.Tensor:
        moved = (logits.float() + names[:, None] * biases).log_softmax(-1)
        losses = -(torch.tensor(classes, device=logits.device) * moved).sum(-1)
        return (losses * weights).sum() / weights.sum()

    names = torch.tensor([float(part.name) for part in batch], device=aimed.device)
    smooth = [tuple(share * (1 - SMOOTHING) + SMOOTHING / len(CLASSES) for share in part.shares) for part in batch]
    toward = mean(aimed, smooth, names + (1 - names) * WEIGHT)
    return toward + SENTENCE * mean(whole, [part.mood for part in batch], names * MOOD + (1 - names))


def tune(model: encoder.SentimentEncoder, examples: Sequence[Example], epochs: int, seed: int) -> None:
    """All layers learn."""
    device = encoder.device_of(model)
    torch.manual_seed(seed)
    biases = nn.Parameter(torch.tensor(BIASES, device=device))
    learning = [*encoder.learning_rates(model, RATE), {"params": [biases], "lr": 3e-3, "weight_decay": 0.0}]

    def mean_loss(rows: list[int]) -> torch.Tensor:
        batch = [examples[row] for row in rows]
        with encoder.half(device):
            aimed, whole = model(*encoder.collate([part.encoded for part in batch], device))
        return loss_of(aimed, whole, batch, biases)

    lengths = [len(part.encoded.ids) for part in examples]
    rng = random.Random(seed)
    plans = [encoder.shuffled(lengths, BATCH, rng) for _ in range(epochs)]
    encoder.descend(model, learning, plans, mean_loss)


def mean_weights(states: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of weights, name by name."""
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def tune_folds(
    args: argparse.Namespace, tokenizer: encoder.Tokenizer, names: Sequence[Name], encoded: Sequence[Encoded]
) -> None:
    """Write the encoders that aren't there yet."""
    for fold in range(FOLDS):
        path = args.work / f"fold-{fold}.pt"
        if path.exists():
            continue
        learned = [
            Example(pieces, name.shares, name.shares, name=True)
            for name, pieces in zip(names, encoded, strict=True)
            if name.fold not in (None, fold)
        ]
        examples = learned + news_examples(args.data, tokenizer, fold)
        print(f"part {fold}: {len(learned)} names of {len(examples)} examples", flush=True)
        model = encoder.load_encoder(args.work, torch.load(args.work / "teacher.pt")).to(args.device)
        tune(model, examples, args.epochs, seed=10 + fold)
        torch.save(model.cpu().state_dict(), path)


def ask_unseen(
    work: Path,
    states: Sequence[Mapping[str, torch.Tensor]],
    device: str,
    names: Sequence[Name],
    encoded: Sequence[Encoded],
) -> Unseen:
    """What the encoders of folds say of names as they come of their own part, and their mean of the other sets."""
    parts = []
    for fold, state in [*enumerate(states), (None, mean_weights(states))]:
        rows = [row for row, name in enumerate(names) if name.even and name.fold == fold]
        model = encoder.load_encoder(work, dict(state)).to(device)
        answers = encoder.predict(model, [encoded[row] for row in rows])
        parts.append(Unseen(*answers, np.array([names[row].polarity for row in rows], np.int64)))
    return Unseen(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def main() -> None:
    """Tune, and say how good each is on targets that were chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--epochs", type=int, default=2)
    args = parser.parse_args()
    tokenizer = encoder.read_tokenizer(args.work)
    names = list(all_names(args.data, load_model(MODEL)[0]))
    encoded = [name.encode(tokenizer) for name in names]
    tune_folds(args, tokenizer, names, encoded)
    states = [torch.load(args.work / f"fold-{fold}.pt") for fold in range(FOLDS)]
    np.savez(args.work / "unseen.npz", **ask_unseen(args.work, states, args.device, names, encoded)._asdict())
    torch.save(mean_weights(states), args.work / "tuned.pt")
    _, held = load_data(args.data)
    model = encoder.load_encoder(args.work, mean_weights(states)).to(args.device)
    aimed, _ = encoder.predict(model, encode_all(tokenizer, held))
    print(f"held-out macro-F1 {macro_f1(np.array([part.polarity for part in held]), aimed.argmax(1)):.4f}")


if __name__ == "__main__":
    main()
