"""Trains the models that judge a page's blocks, `transforms/extract/blocks.npz`.

    python -m training.blocks ../shared/data                # write the models
    python -m training.blocks ../shared/data --folds 5      # only measure: train on all but one part, judge that part

Needs catboost (`pip install '.[train]'`). A block is true where most of its runs of four words stand in the true body;
each page weighs the same, each block by its words. The same data, seed and version give the same model.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from catboost import CatBoostClassifier

from benchmarks.pages import SETS, TruePage, fold_of, load_pages
from benchmarks.shingles import SHINGLE, WORD_RE, score, shingles, word_f1
from transforms.extract.blocks import Block, Described, describe, describe_chances, find_in, squeeze
from transforms.extract.body import MODEL, BlockModel, Models, best_threshold, join_blocks, judge
from transforms.extract.page import apply_rules, read_page

PARAMETERS = {
    "depth": 5,
    "learning_rate": 0.1,
    "l2_leaf_reg": 5,
    "rsm": 0.3,
    "border_count": 64,
    "random_seed": 0,
    "thread_count": 1,
    "allow_writing_files": False,
    "verbose": 0,
}
FIRST_TREES, SECOND_TREES, RULED_TREES = 120, 80, 150
INNER_FOLDS = 3
# What a block weighs beside its share of the words, so that short ones count.
LEAST_WEIGHT = 0.0005


class Example(NamedTuple):
    """A page's blocks and their numbers, the text that rules keep, which blocks are true, and what each weighs."""

    set_name: str
    page: TruePage
    blocks: list[Block]
    page_numbers: Described
    rules: str
    truth: np.ndarray
    weights: np.ndarray


def label(blocks: list[Block], body: str) -> tuple[np.ndarray, np.ndarray]:
    """Which blocks belong to a body, and what share of its words each has."""
    expected = shingles(body)
    words = WORD_RE.findall(body)
    running = f" {' '.join(words)} "
    lines = {" ".join(WORD_RE.findall(line)) for line in body.splitlines()}
    used: Counter[Any] = Counter()
    truth, weights = [], []
    for block in blocks:
        said = WORD_RE.findall(block.text)
        weights.append(min(len(said) / max(len(words), 1), 1.0))
        key = " ".join(said)
        if len(said) < SHINGLE:
            stands = bool(said) and (key in lines or (len(said) > 1 and f" {key} " in running))
            truth.append(stands and used[key] < max(1, running.count(f" {key} ")))
            used[key] += truth[-1]
        else:
            runs = shingles(block.text)
            hits = sum(min(count, max(0, expected[run] - used[run])) for run, count in runs.items())
            truth.append(hits * 2 >= runs.total())
            if truth[-1]:
                used.update(runs)
    return np.array(truth), np.array(weights, dtype=np.float32)


def load_examples(data: Path) -> list[Example]:
    """All pages of both sets that have blocks."""
    examples = []
    for name in SETS:
        for page in load_pages(data, name):
            content = read_page(page.html, url=page.url)
            if content.blocks:
                described = describe(content.blocks, content.hints)
                rules = apply_rules(content.tree)
                examples.append(
                    Example(name, page, content.blocks, described, rules, *label(content.blocks, page.body))
                )
    return examples


def train(examples: list[Example]) -> Models:
    """The models that fit the examples.

    The second learns from what first models said of pages that they had not seen.
    """
    plain = [each.page_numbers.rows for each in examples]
    unseen: dict[int, np.ndarray] = {}
    for fold in range(INNER_FOLDS):
        inside = [fold_of(f"{each.page.name} inner", INNER_FOLDS) == fold for each in examples]
        model = fit(
            [each for each, held in zip(examples, inside, strict=True) if not held],
            [rows for rows, held in zip(plain, inside, strict=True) if not held],
            FIRST_TREES,
        )
        unseen.update({i: model.predict(plain[i]) for i, held in enumerate(inside) if held})
    pages = [each.page_numbers for each in examples]
    second = [np.hstack([page.rows, describe_chances(page, unseen[i])]) for i, page in enumerate(pages)]
    ruled = [
        np.hstack([page.rows, describe_chances(page, find_in([squeeze(b.text) for b in each.blocks], each.rules))])
        for each, page in zip(examples, pages, strict=True)
    ]
    return Models(
        fit(examples, plain, FIRST_TREES), fit(examples, second, SECOND_TREES), fit(examples, ruled, RULED_TREES)
    )


def fit(examples: list[Example], rows: list[np.ndarray], trees: int) -> BlockModel:
    """One model of so many trees."""
    weights = np.concatenate([example.weights for example in examples]) + LEAST_WEIGHT
    model = CatBoostClassifier(**PARAMETERS, iterations=trees)
    truth = np.concatenate([example.truth for example in examples])
    model.fit(np.vstack(rows), truth, sample_weight=weights / weights.mean())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return convert(json.loads(path.read_text(encoding="utf-8")))


def convert(exported: dict[str, Any]) -> BlockModel:
    """CatBoost's JSON as arrays. A tree with fewer levels gets some that no row exceeds."""
    trees = exported["oblivious_trees"]
    depth = max(len(tree["splits"]) for tree in trees)
    features = np.zeros((len(trees), depth), dtype=np.int32)
    borders = np.full((len(trees), depth), np.inf, dtype=np.float32)
    values = np.zeros((len(trees), 1 << depth), dtype=np.float32)
    scale, (bias,) = exported["scale_and_bias"]
    for i, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            features[i, level], borders[i, level] = split["float_feature_index"], split["border"]
        values[i, : len(tree["leaf_values"])] = np.array(tree["leaf_values"]) * scale
    return BlockModel(features, borders, values, np.array(bias))


def measure(examples: list[Example], folds: int) -> None:
    """Print the scores of each page's text by models that never saw the page."""
    texts: dict[str, str] = {}
    asked: list[str] = []
    for fold in range(folds):
        models = train([each for each in examples if fold_of(each.page.name, folds) != fold])
        for each in examples:
            if fold_of(each.page.name, folds) == fold:

                def rules(each: Example = each) -> str:
                    asked.append(each.set_name)
                    return each.rules

                chances = judge(each.blocks, each.page_numbers, rules, models)
                threshold, _ = best_threshold(each.blocks, chances)
                kept = [block for block, chance in zip(each.blocks, chances, strict=True) if chance >= threshold]
                texts[each.page.name] = join_blocks(kept)
    for name in SETS:
        pairs = [(each.page.body, texts[each.page.name]) for each in examples if each.set_name == name]
        found = score(pairs)
        print(
            f"{name} {len(pairs)} pages  F1 {found.f1:.4f}  precision {found.precision:.4f}  "
            f"recall {found.recall:.4f}  words {word_f1(pairs):.4f}  "
            f"asked rules on {asked.count(name) / len(pairs):.0%}"
        )


def main() -> None:
    """Read the arguments, train, write or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, help="measure with so many parts instead of writing the model")
    options = parser.parse_args()
    examples = load_examples(options.data)
    if options.folds:
        measure(examples, options.folds)
        return
    models = train(examples)
    arrays = {
        f"{name}_{part}": array for name, model in models._asdict().items() for part, array in model._asdict().items()
    }
    np.savez_compressed(MODEL, **arrays)
    print(f"{MODEL}: {MODEL.stat().st_size} bytes from {len(examples)} pages")


if __name__ == "__main__":
    main()
