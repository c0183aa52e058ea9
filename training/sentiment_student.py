"""Teach the network of `fast` what the tuned encoders say of names as they come, beside the labelled targets.

    python -m training.sentiment_student DATA WORK OUTPUT [--epochs N]

The network is `transforms.sentiment.network` in torch, the words are `transforms.sentiment.words`. Word vectors begin
as the principal components of the encoder's own. The network answers for names as they come; targets that were chosen
differ from these by two biases, which are learned and thrown away.

Nothing is learned from the articles of part 0 that have names which were read: `training.sentiment_prior` asks for
these.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.sentiment_data import CLASSES
from training.sentiment_examples import (
    BATCH,
    Example,
    choose_words,
    collate,
    count_words,
    drop_words,
    make_examples,
    plan,
    read_labelled,
)
from training.sentiment_names import judged
from training.sentiment_scores import NEUTRAL, macro_f1, write_card
from transforms.sentiment.network import REACH
from transforms.sentiment.words import FIRST_WORD, GAP_ID, WordList

WIDTH, HIDDEN, VALUE, HEADS, MOOD_HEADS = 128, 128, 96, 4, 2
RATE = 2.5e-3
GOLD = 1.0  # how much a labelled target counts beside a name that the encoders labelled
HEADLINES = 0.25  # and the labelled entity of a headline
BIASES = (1.5, 0.0, 2.0)  # where those of chosen targets begin
MOOD = 0.3
AVERAGE = 0.998  # of the running mean of the weights, which is what is kept


class Student(nn.Module):
    """The network, over padded sentences."""

    def __init__(self, words: np.ndarray) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(torch.tensor(words), freeze=False, padding_idx=GAP_ID)
        self.first = nn.Linear(3 * WIDTH, HIDDEN)
        self.second = nn.Linear(3 * HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, VALUE, bias=False)
        self.query = nn.Linear(HIDDEN, VALUE)
        self.distance = nn.Parameter(torch.zeros(2 * REACH + 1, VALUE))
        self.weigh = nn.Linear(VALUE, HEADS, bias=False)
        self.mood_weigh = nn.Linear(HIDDEN, MOOD_HEADS, bias=False)
        self.mood = nn.Linear(MOOD_HEADS * HIDDEN, HIDDEN)
        self.mood_out = nn.Linear(HIDDEN, len(CLASSES))
        self.join = nn.Linear(HEADS * VALUE + 2 * HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, len(CLASSES))
        self.dropout = nn.Dropout(0.4)
        self.light = nn.Dropout(0.2)
        self.heavy = nn.Dropout(0.5)

    @staticmethod
    def _convolve(layer: nn.Linear, rows: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        around = nn.functional.pad(rows, (0, 0, 1, 1))
        joined = torch.cat([around[:, :-2], around[:, 1:-1], around[:, 2:]], -1)
        return torch.relu(layer(joined)) * mask

    def forward(
        self, ids: torch.Tensor, owners: torch.Tensor, places: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of targets (m, 3) and of sentences (b, 3). `owners` and `places`: each target's sentence and word."""
        mask = (ids != GAP_ID)[:, :, None].float()
        rows = self.light(self.words(ids))
        first = self._convolve(self.first, rows, mask)
        states = self._convolve(self.second, self.light(first), mask) + first
        states = self.light(states)
        weighed = self.mood_weigh(states).masked_fill(mask == 0, -1e9).softmax(1)
        pooled = torch.einsum("blk,blh->bkh", weighed, states).flatten(1)
        moods = torch.relu(self.mood(self.dropout(pooled)))
        values = self.value(states)
        windows = places[:, None] + torch.arange(-REACH, REACH + 1)[None]
        inside = (windows >= 0) & (windows < ids.shape[1])
        windows = windows.clamp(0, ids.shape[1] - 1)
        inside = inside & (mask[:, :, 0][owners[:, None], windows] > 0)
        here = states[owners, places]
        seen = torch.relu(values[owners[:, None], windows] + self.distance + self.query(here)[:, None])
        powers = self.weigh(seen).masked_fill(~inside[:, :, None], -1e9).softmax(1)
        joined = torch.einsum("mkw,mkh->mwh", powers, seen).flatten(1)
        # Often without the sentence's mood, so that what is said of others isn't taken for the target's.
        joined = torch.cat([joined, here, self.heavy(moods[owners])], -1)
        hidden = torch.relu(self.join(self.dropout(joined)))
        return self.out(self.dropout(hidden)), self.mood_out(moods)

    def weights(self) -> dict[str, np.ndarray]:
        """The weights as `transforms.sentiment.network` reads them."""
        found = {"distance": self.distance.detach().numpy()}
        for name in ("first", "second", "value", "query", "weigh", "mood_weigh", "mood", "mood_out", "join", "out"):
            layer = getattr(self, name)
            found[name] = layer.weight.detach().numpy().T
            if layer.bias is not None:
                found[name + "_bias"] = layer.bias.detach().numpy()
        return found


def start_vectors(words: Sequence[str], work: Path, seed: int) -> np.ndarray:
    """Principal components of the encoder's vectors of the words' pieces; small noise for the rest."""
    from training.sentiment_encoder import load_encoder, read_tokenizer  # noqa: PLC0415

    tokenizer = read_tokenizer(work)
    vectors = load_encoder(work).body.embeddings.word_embeddings.weight.detach().numpy()
    pieces = [encoding.ids for encoding in tokenizer.encode_batch(list(words), add_special_tokens=False)]
    means = np.array([vectors[ids].mean(0) if ids else vectors[0] * 0 for ids in pieces])
    means -= means.mean(0)
    _, _, axes = np.linalg.svd(means[:20_000], full_matrices=False)
    found = np.random.default_rng(seed).normal(0, 0.1, (FIRST_WORD + len(words), WIDTH)).astype(np.float32)
    known = means @ axes[:WIDTH].T
    found[FIRST_WORD:] = known / known.std() * 0.3
    found[GAP_ID] = 0
    return found


def train(model: Student, examples: Sequence[Example], epochs: int, seed: int, held: Sequence[Example]) -> None:
    """Adam with a one-cycle rate; words are dropped at random; the model ends as the running mean of its weights."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    biases = nn.Parameter(torch.tensor(BIASES))
    optimizer = torch.optim.AdamW(
        [
            {"params": [model.words.weight, biases], "weight_decay": 0.0},
            {"params": [p for n, p in model.named_parameters() if n != "words.weight"], "weight_decay": 0.01},
        ],
        lr=RATE,
        fused=True,
    )
    steps = epochs * (len(examples) // BATCH + 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.15)
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE))
    for epoch in range(epochs):
        model.train()
        started, total, seen = time.monotonic(), 0.0, 0
        for batch in plan(examples, rng):
            ids, owners, places, classes, weights, chosen, moods = collate(batch)
            aimed, whole = model(drop_words(ids), owners, places)
            losses = -(classes * (aimed + chosen[:, None] * biases).log_softmax(-1)).sum(-1)
            used = moods.sum(-1)
            mood = -(moods * whole.log_softmax(-1)).sum(-1)
            loss = (losses * weights).sum() / weights.sum().clamp(min=1) + MOOD * mood.sum() / used.sum().clamp(min=1)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            mean.update_parameters(model)
            total, seen = total + loss.item(), seen + 1
        score = evaluate(mean.module, held)
        took = time.monotonic() - started
        print(f"epoch {epoch + 1}: loss {total / seen:.4f}, held-out {score:.4f}, {took:.0f} s", flush=True)
    model.load_state_dict(mean.module.state_dict())


@torch.inference_mode()
def predict(model: Student, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Logits of the examples' targets and of the examples, in order."""
    model.eval()
    aimed, whole = [], []
    for at in range(0, len(examples), 256):
        ids, owners, places, *_ = collate(examples[at : at + 256])
        first, second = model(ids, owners, places)
        aimed.append(first.numpy())
        whole.append(second.numpy())
    return np.concatenate(aimed), np.concatenate(whole)


def evaluate(model: Student, held: Sequence[Example]) -> float:
    """Macro-F1 on held-out targets that were chosen."""
    truth = np.concatenate([part.classes.argmax(1) for part in held])
    return macro_f1(truth, (predict(model, held)[0] + np.float32(BIASES)).argmax(1))


def save(model: Student, words: Sequence[str], path: Path) -> None:
    """Write the network's file: word vectors in whole numbers of a byte, the rest in half floats."""
    table = model.words.weight.detach().numpy()
    scales = np.maximum(np.abs(table).max(1), 1e-6) / 127
    np.savez_compressed(
        path,
        words=np.round(table / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float16),
        lexicon=np.frombuffer("\n".join(words).encode(), np.uint8),
        **{name: value.astype(np.float16) for name, value in model.weights().items()},
    )


def main() -> None:
    """Train, report, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--version", default="1")
    args = parser.parse_args()
    kept = judged(args.data)
    soft = [record for record in read_labelled(args.work / "labelled.jsonl.gz") if record["article"] not in kept]
    gold, headlines, held, elsewhere = (
        read_labelled(args.work / f"{name}.jsonl.gz") for name in ("gold", "headlines", "held", "held-headlines")
    )
    words = choose_words(count_words([*soft, *gold, *headlines]))
    lexicon = WordList(words)
    examples = make_examples(soft, lexicon, weight=1.0, chosen=False)
    examples += make_examples(gold, lexicon, weight=GOLD, chosen=True)
    examples += make_examples(headlines, lexicon, weight=HEADLINES, chosen=True)
    held_examples = make_examples(held, lexicon, weight=1.0, chosen=True)
    print(f"{len(words)} words, {len(examples)} sentences, {len(held_examples)} held out", flush=True)
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    model = Student(start_vectors(words, args.work, args.seed))
    train(model, examples, args.epochs, args.seed, held_examples)
    scores = [
        evaluate(model, part) for part in (held_examples, make_examples(elsewhere, lexicon, weight=1.0, chosen=True))
    ]
    print("held-out macro-F1 {:.4f}, of headlines {:.4f}".format(*scores))
    args.output.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), args.work / "student.pt")
    save(model, words, args.output / "weights.npz")
    write_card(args.output, "newsbeam-sentiment-fast", NEUTRAL, args.version)


if __name__ == "__main__":
    main()
