"""From the data to both shipped models of sentiment: the encoder behind `accurate`, and `fast`, which learns from it.

    python -m training.sentiment DATA [--work DIR] [--sentences N]

DATA holds `newsmtsc`, `sentfin` and `articles` (see `training.sentiment_data`). Each step is a module of its own with
fixed seeds, and leaves its files in the working directory; a step whose files are there is not done again. Everything
together takes about two hours of one core. Results differ in the last digits from one processor to another.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
FAST = ROOT / "transforms" / "sentiment" / "fast_model"
ACCURATE = ROOT / "models" / "sentiment-accurate"


def steps(data: Path, work: Path, sentences: int) -> list[tuple[Path, list[str]]]:
    """The steps in order: the file that each leaves, and its module with arguments."""
    first, second = work / "teacher-1.pt", work / "teacher-2.pt"
    return [
        (first, ["sentiment_teacher", str(data), str(work), "--seed", "1"]),
        (
            second,
            [
                *("sentiment_teacher", str(data), str(work), "--seed", "2"),
                *("--epochs", "2", "--rate", "6e-5", "--start", str(first)),
            ],
        ),
        (work / "candidates.jsonl.gz", ["sentiment_sentences", str(data), str(work)]),
        (work / "accurate" / "model.json", ["sentiment_export", str(work), str(second), str(work / "accurate")]),
        (
            work / "labelled.jsonl.gz",
            ["sentiment_label", str(work), str(work / "accurate"), "--limit", str(sentences)],
        ),
        (work / "student.pt", ["sentiment_student", str(work), str(FAST)]),
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Do what isn't done yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "sentiment")
    parser.add_argument("--sentences", type=int, default=44_000)
    args = parser.parse_args(argv)
    args.work.mkdir(parents=True, exist_ok=True)
    # One thread: on a machine with other work, two in step are slower than one.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    for made, module in steps(args.data, args.work, args.sentences):
        if not made.exists():
            print(" ".join(module), flush=True)
            subprocess.run([sys.executable, "-m", f"training.{module[0]}", *module[1:]], check=True, env=environment)


if __name__ == "__main__":
    main()
