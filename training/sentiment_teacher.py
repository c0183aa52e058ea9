"""Fine-tune the published encoder on the labelled targets of NewsMTSC.

    python -m training.sentiment_teacher DATA WORK [--device cpu|cuda] [--epochs N]

Writes `WORK/teacher.pt`, `WORK/rows.json`, `WORK/tokenizer.json` and the held-out score to standard output.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training import sentiment_encoder as encoder
from training.sentiment_data import CLASSES, Target, mask_spans, read_articles, read_newsmtsc, read_sentfin, split
from training.sentiment_scores import macro_f1
from transforms.sentiment.masking import Encoded, encode

RATE = 4e-5
BATCH = 32
SEED = 1
UNMASKED = 0.15  # share of the examples whose sentence head sees the sentence as it is
SENTENCE = 0.3  # how much the sentence's classes count beside the target's


def load_data(data: Path) -> tuple[list[Target], list[Target]]:
    """Training targets of news, and held-out ones."""
    return split(list(read_newsmtsc(data / "newsmtsc" / "train.jsonl")))


def encode_all(tokenizer: encoder.Tokenizer, targets: Sequence[Target]) -> list[Encoded]:
    """Targets as the encoder reads them, masked."""
    return [encode(tokenizer, part.text, mask_spans(part.text, part.start, part.end)) for part in targets]


def train(
    model: encoder.SentimentEncoder, examples: Sequence[tuple[Encoded, np.ndarray, np.ndarray]], epochs: int
) -> None:
    """An example is pieces, the target's classes, the sentence's."""
    device = encoder.device_of(model)
    smoothed = nn.CrossEntropyLoss(label_smoothing=0.05)

    def loss_of(rows: list[int]) -> torch.Tensor:
        parts = [examples[row] for row in rows]
        aimed_gold = torch.tensor(np.array([part[1] for part in parts]), device=device)
        whole_gold = torch.tensor(np.array([part[2] for part in parts]), device=device)
        with encoder.half(device):
            aimed, whole = model(*encoder.collate([part[0] for part in parts], device))
        used = aimed_gold.sum(1) > 0
        loss: torch.Tensor = SENTENCE * smoothed(whole.float(), whole_gold)
        return loss + smoothed(aimed.float()[used], aimed_gold[used]) if used.any() else loss

    lengths = [len(part[0].ids) for part in examples]
    learning = encoder.learning_rates(model, RATE)
    rng = random.Random(SEED)
    plans = [encoder.shuffled(lengths, BATCH, rng) for _ in range(epochs)]
    encoder.descend(model, learning, plans, loss_of)


def gold(part: Target) -> tuple[np.ndarray, np.ndarray]:
    """A target's classes as a distribution, and its sentence's."""
    return np.eye(len(CLASSES), dtype=np.float32)[part.polarity], np.array(part.mood, np.float32)


def main() -> None:
    """Train one encoder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    torch.manual_seed(SEED)
    train_set, held = load_data(args.data)
    if not (args.work / "rows.json").exists():
        texts = read_articles(args.data / "articles" / "allsides-9k.jsonl.gz")
        headlines, _ = split(list(read_sentfin(args.data / "sentfin" / "SEntFiN.csv")))
        encoder.save_base(args.work, texts + [part.text for part in (*train_set, *headlines)])
    tokenizer = encoder.read_tokenizer(args.work)
    model = encoder.load_encoder(args.work).to(args.device)
    pieces = encode_all(tokenizer, train_set)
    examples = [(encoded, *gold(part)) for encoded, part in zip(pieces, train_set, strict=True)]
    for part in random.Random(SEED).sample(train_set, int(UNMASKED * len(train_set))):
        plain = encode(tokenizer, part.text, ())
        examples.append((plain, np.zeros(len(CLASSES), np.float32), gold(part)[1]))
    print(f"{len(tokenizer.get_vocab())} pieces, {len(examples)} examples", flush=True)
    train(model, examples, args.epochs)
    torch.save(model.cpu().state_dict(), args.work / "teacher.pt")
    aimed, _ = encoder.predict(model.to(args.device), encode_all(tokenizer, held))
    print(f"held-out macro-F1 {macro_f1(np.array([part.polarity for part in held]), aimed.argmax(1)):.4f}", flush=True)


if __name__ == "__main__":
    main()
