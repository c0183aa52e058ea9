"""Tune the network of `fast` on names that were read, drawn from news as it comes.

    python -m training.sentiment_student_tune DATA WORK START.npz OUTPUT [--version N]

It learns from them beside the labelled targets and headlines, with two biases of their own that are learned too and
thrown away, as in `training.sentiment_tune`. What ships is the mean of the weights of several runs from one start.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.sentiment_chain import MODEL
from training.sentiment_data import CLASSES
from training.sentiment_examples import BATCH, Example, collate, drop_words, make_examples, plan, read_labelled
from training.sentiment_read import read_names
from training.sentiment_scores import NEUTRAL, write_card
from training.sentiment_student import MOOD, Student, calibrate, evaluate, load_student, save
from training.sentiment_tune import BIASES
from transforms.entities.engine import load_model
from transforms.sentiment.words import WordList

RATE = 1e-3
READ, GOLD, HEADLINES = 4.0, 1.0, 0.5  # how much a name that was read, a labelled target and a headline's entity count
AVERAGE = 0.995  # of the running mean of a run's weights
SEEDS = (1, 2, 3)


def read_examples(data: Path, lexicon: WordList, entities: Any) -> list[Example]:
    """The names that were read, as the network reads them; of their sentences' moods nothing is known."""
    records = []
    for part in read_names(data, entities):
        (sentence,) = part.reading.sentences
        text = part.reading.text[sentence.start_char : sentence.end_char]
        spans = [(one.start_char, one.end_char) for one in part.reading.mentions]
        record = {
            "text": text,
            "names": [(start - sentence.start_char, end - sentence.start_char) for start, end in spans],
            "targets": [part.place],
            "classes": [np.eye(len(CLASSES))[part.polarity].tolist()],
            "mood": [0.0] * len(CLASSES),
        }
        records.append(record)
    return make_examples(records, lexicon, weight=READ)


def tune(
    model: Student, read: Sequence[Example], others: Sequence[Example], epochs: int, seed: int
) -> dict[str, torch.Tensor]:
    """One run with a one-cycle rate: the running mean of the weights."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    biases = nn.Parameter(torch.tensor(BIASES))
    table = [model.words.weight, biases]
    rest = [one for name, one in model.named_parameters() if name != "words.weight"]
    optimizer = torch.optim.AdamW(
        [{"params": table, "weight_decay": 0.0}, {"params": rest, "weight_decay": 0.01}], lr=RATE, fused=True
    )
    examples = [*read, *others]
    come = {id(part) for part in read}
    steps = epochs * (len(examples) // BATCH + 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.15)
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE))
    for _ in range(epochs):
        model.train()
        for batch in plan(examples, rng):
            ids, owners, places, classes, weights, moods = collate(batch)
            aimed, whole = model(drop_words(ids), owners, places)
            as_they_come = torch.tensor([float(id(part) in come) for part in batch])[owners]
            aimed = aimed + as_they_come[:, None] * biases
            losses = -(classes * aimed.log_softmax(-1)).sum(-1)
            mood = -(moods * whole.log_softmax(-1)).sum(-1).sum() / moods.sum().clamp(min=1)
            loss = (losses * weights).sum() / weights.sum().clamp(min=1) + MOOD * mood
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            mean.update_parameters(model)
    return {name: value.detach().clone() for name, value in mean.module.state_dict().items()}


def main() -> None:
    """Tune several times, save the mean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("start", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--version", default="1")
    args = parser.parse_args()
    threadpool_limits(1)
    torch.set_num_threads(1)
    model, words = load_student(args.start)
    lexicon = WordList(words)
    read = read_examples(args.data, lexicon, load_model(MODEL)[0])
    others = make_examples(read_labelled(args.work / "gold.jsonl.gz"), lexicon, weight=GOLD)
    others += make_examples(read_labelled(args.work / "headlines.jsonl.gz"), lexicon, weight=HEADLINES)
    held = make_examples(read_labelled(args.work / "held.jsonl.gz"), lexicon, weight=1.0)
    print(f"{len(read)} names that were read, {len(others)} other sentences", flush=True)
    start = {name: value.clone() for name, value in model.state_dict().items()}
    runs = []
    for seed in SEEDS:
        model.load_state_dict(start)
        runs.append(tune(model, read, others, args.epochs, seed))
    model.load_state_dict({name: torch.stack([run[name] for run in runs]).mean(0) for name in start})
    print(f"held-out macro-F1 {evaluate(model, held):.4f}", flush=True)
    save(model, words, args.output / "weights.npz", calibrate(model, held))
    write_card(args.output, "newsbeam-sentiment-fast", NEUTRAL, args.version)
    torch.save(model.state_dict(), args.work / "student-tuned.pt")


if __name__ == "__main__":
    main()
