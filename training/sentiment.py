"""From the data to both shipped models of sentiment: `accurate`, an encoder, and `fast`, which learns from it.

    python -m training.sentiment DATA [--work DIR] [--device cpu|cuda]

`fast` goes where it ships from, `accurate` into the directory `accurate` below the working one. DATA holds `newsmtsc`,
`sentfin` and `articles` (see `training.sentiment_data`), and `tone`, `names-world` and `persent` (see
`training.sentiment_random`). Each step is a module of its own with fixed seeds, and leaves its files in the working
directory; a step whose files are there is not done again. The encoders want an accelerator: on one (H200) theirs took
some five minutes, and without they would take days. Results differ a little from one machine to another.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from transforms.sentiment.files import CARD

ROOT = Path(__file__).parent.parent
FAST = ROOT / "transforms" / "sentiment" / "fast_model"


def steps(data: Path, work: Path, device: str) -> list[tuple[Path, list[str]]]:
    """The steps in order: the file that each leaves, and its module with arguments."""
    places, on = (str(data), str(work)), ("--device", device)
    accurate = work / "accurate"
    unseen, priors = work / "unseen.npz", {engine: work / f"prior-{engine}.json" for engine in ("fast", "accurate")}
    return [
        (work / "teacher.pt", ["sentiment_teacher", *places, *on]),
        (work / "tuned.pt", ["sentiment_tune", *places, *on]),
        (work / "candidates.jsonl.gz", ["sentiment_sentences", *places]),
        (accurate / CARD, ["sentiment_four_bits", *places, str(accurate)]),
        (
            priors["accurate"],
            ["sentiment_prior", str(data), "accurate", str(accurate), str(priors["accurate"]), "--unseen", str(unseen)],
        ),
        (work / "labelled.jsonl.gz", ["sentiment_label", str(work), *on]),
        (work / "student.pt", ["sentiment_student", *places, str(FAST), "--version", "4"]),
        (priors["fast"], ["sentiment_prior", str(data), "fast", str(FAST), str(priors["fast"])]),
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Do what isn't done yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "sentiment")
    parser.add_argument("--device", default="cpu", help="what encoders are trained on, as torch names it")
    args = parser.parse_args(argv)
    args.work.mkdir(parents=True, exist_ok=True)
    # One thread: on a machine with other work, two in step are slower than one.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    for made, module in steps(args.data, args.work, args.device):
        if not made.exists():
            print(" ".join(module), flush=True)
            subprocess.run([sys.executable, "-m", f"training.{module[0]}", *module[1:]], check=True, env=environment)


if __name__ == "__main__":
    main()
