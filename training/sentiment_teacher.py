"""Fine-tune the encoder on the labelled targets.

    python -m training.sentiment_teacher DATA WORK [--base NAME] [--seed N] [--epochs N] [--sentfin SHARE]

Writes `WORK/teacher-<seed>.pt`, `WORK/base.json`, `WORK/tokenizer.json` and the held-out scores to standard output.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training import sentiment_encoder as encoder
from training.sentiment_data import CLASSES, Target, mask_spans, read_articles, read_newsmtsc, read_sentfin, split
from training.sentiment_scores import macro_f1
from transforms.sentiment.masking import Encoded, encode

RATE = 8e-5
DECAY = 0.9  # the rate of each lower layer, as a share of that above it
BATCH = 32
HEADS_SEED = 1
UNMASKED = 0.15  # share of the examples whose sentence head sees the sentence as it is


def load_data(data: Path) -> tuple[list[Target], list[Target], list[Target]]:
    """Training targets of news and of headlines, and held-out ones of news."""
    train, held = split(list(read_newsmtsc(data / "newsmtsc" / "train.jsonl")))
    headlines, _ = split(list(read_sentfin(data / "sentfin" / "SEntFiN.csv")))
    return train, headlines, held


def encode_all(tokenizer: encoder.Tokenizer, targets: Sequence[Target]) -> list[Encoded]:
    """Targets as the encoder reads them, masked."""
    return [encode(tokenizer, part.text, mask_spans(part.text, part.start, part.end)) for part in targets]


def parameter_groups(model: encoder.SentimentEncoder, top: float) -> list[dict[str, object]]:
    """Lower layers learn more slowly."""
    groups = []
    for name, parameter in model.named_parameters():
        if name.startswith("body.embeddings.word"):
            # Words that the labelled sentences lack would stay behind those that they have.
            parameter.requires_grad_(False)
            continue
        depth = 0
        if name.startswith("body.encoder.layer."):
            depth = model.base.layers - int(name.split(".")[3])
        elif name.startswith("body.e"):
            depth = model.base.layers + 1
        fresh = name == "body.target" or not name.startswith("body")
        rate = top * 4 if fresh else top * DECAY**depth
        groups.append({"params": [parameter], "lr": rate, "weight_decay": 0.01 if parameter.ndim > 1 else 0.0})
    return groups


def train(
    model: encoder.SentimentEncoder,
    examples: Sequence[tuple[Encoded, np.ndarray, np.ndarray]],
    epochs: int,
    seed: int,
    rate: float,
) -> Iterator[int]:
    """AdamW, a warm-up of a tenth and a linear end; yields after each epoch.

    An example is pieces, the target's classes, the sentence's.
    """
    rng = random.Random(seed)
    optimizer = torch.optim.AdamW(parameter_groups(model, rate), fused=True)
    total = epochs * (len(examples) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (total * 0.1), max(0.0, (total - step) / (total * 0.9)))
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(epochs):
        model.train()
        started, losses = time.monotonic(), []
        order = list(range(len(examples)))
        rng.shuffle(order)
        # Sentences of like length go together: sort within chunks of 16 batches.
        chunks = [order[at : at + 16 * BATCH] for at in range(0, len(order), 16 * BATCH)]
        plan = []
        for chunk in chunks:
            chunk.sort(key=lambda index: len(examples[index][0].ids))
            plan += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
        rng.shuffle(plan)
        for step, batch in enumerate(plan):
            if step % 50 == 0:
                print(f"  {step}/{len(plan)} {time.monotonic() - started:.0f} s", flush=True)
            parts = [examples[index] for index in batch]
            aimed_gold = torch.tensor(np.array([part[1] for part in parts]))
            whole_gold = torch.tensor(np.array([part[2] for part in parts]))
            with torch.autocast("cpu", torch.bfloat16):
                aimed, whole = model(*encoder.collate([part[0] for part in parts]))
            used = aimed_gold.sum(1) > 0
            loss = 0.3 * loss_of(whole.float(), whole_gold)
            if used.any():
                loss = loss + loss_of(aimed.float()[used], aimed_gold[used])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s", flush=True)
        yield epoch + 1


def gold(part: Target) -> tuple[np.ndarray, np.ndarray]:
    """A target's classes as a distribution, and its sentence's."""
    return np.eye(len(CLASSES), dtype=np.float32)[part.polarity], np.array(part.mood, np.float32)


def main() -> None:
    """Train one encoder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--base", choices=encoder.BASES, default="minilm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--sentfin", type=float, default=0.0, help="share of the headlines to learn from too")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    args = parser.parse_args()
    torch.manual_seed(HEADS_SEED)
    rng = random.Random(args.seed)
    train_set, headlines, held = load_data(args.data)
    if not (args.work / "base.json").exists():
        args.work.mkdir(parents=True, exist_ok=True)
        texts = read_articles(args.data / "articles" / "allsides-9k.jsonl.gz")
        texts += [part.text for part in (*train_set, *headlines)]
        encoder.save_base(args.work, args.base, texts)
    tokenizer = encoder.read_tokenizer(args.work)
    model = encoder.load_encoder(args.work, torch.load(args.start) if args.start else None)
    torch.manual_seed(args.seed)
    chosen = train_set + rng.sample(headlines, int(args.sentfin * len(headlines)))
    pieces = encode_all(tokenizer, chosen)
    examples = [(encoded, *gold(part)) for encoded, part in zip(pieces, chosen, strict=True)]
    for part in rng.sample(chosen, int(UNMASKED * len(chosen))):
        plain = encode(tokenizer, part.text, ())
        examples.append((plain, np.zeros(len(CLASSES), np.float32), gold(part)[1]))
    print(f"{len(tokenizer.get_vocab())} pieces, {len(examples)} examples", flush=True)
    for epoch in train(model, examples, args.epochs, args.seed, args.rate):
        torch.save(
            model.state_dict(), args.work / f"teacher-{args.seed}{'' if epoch == args.epochs else f'-{epoch}'}.pt"
        )
    aimed, _ = encoder.predict(model, encode_all(tokenizer, held))
    truth = np.array([part.polarity for part in held])
    print(f"seed {args.seed}: held-out macro-F1 {macro_f1(truth, aimed.argmax(1)):.4f}", flush=True)
    np.save(args.work / f"held-{args.seed}.npy", aimed)


if __name__ == "__main__":
    main()
