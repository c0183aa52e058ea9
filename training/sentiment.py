"""From the data to both shipped models of sentiment: `fast`, taught by a small encoder, and `accurate`, a large one.

    python -m training.sentiment DATA [--work DIR] [--sentences N]

`fast` goes where it ships from, `accurate` into the directory `accurate` below the working one. DATA holds `newsmtsc`,
`sentfin` and `articles` (see `training.sentiment_data`), and `tone` (see `training.sentiment_random`). Each step is a
module of its own with fixed seeds, and leaves its files in the working directory; a step whose files are there is not
done again. Everything together takes about four hours of one core. Results differ a little from one processor to
another.
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
LARGE = ("--base", "mpnet", "--rate", "4e-5")


def steps(data: Path, work: Path, sentences: int) -> list[tuple[Path, list[str]]]:
    """The steps in order: the file that each leaves, and its module with arguments."""
    places = (str(data), str(work))
    teacher, labelling = work / "teacher-1.pt", work / "labelling"
    large, accurate = work / "large" / "teacher-1.pt", work / "accurate"
    large_places = (str(data), str(large.parent))
    limit = ("--limit", str(sentences))
    priors = {engine: work / f"prior-{engine}.json" for engine in ("fast", "accurate")}
    return [
        (teacher, ["sentiment_teacher", *places]),
        (work / "candidates.jsonl.gz", ["sentiment_sentences", *places]),
        (labelling / CARD, ["sentiment_export", *places, str(labelling), str(teacher), "--plain"]),
        (work / "labelled.jsonl.gz", ["sentiment_label", str(work), str(labelling), *limit]),
        (work / "student.pt", ["sentiment_student", str(work), str(FAST), "--version", "3"]),
        (priors["fast"], ["sentiment_prior", str(data), "fast", str(FAST), str(priors["fast"])]),
        (large, ["sentiment_teacher", *large_places, *LARGE]),
        (accurate / CARD, ["sentiment_export", *large_places, str(accurate), str(large)]),
        (priors["accurate"], ["sentiment_prior", str(data), "accurate", str(accurate), str(priors["accurate"])]),
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Do what isn't done yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "sentiment")
    parser.add_argument("--sentences", type=int, default=42_744)
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
