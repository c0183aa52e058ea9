"""How often the language of a sentence is told rightly, by its length: `make bench-langid`.

Reads a folder of files `<ISO 639 code>.txt` with a sentence a line. A language that isn't told (NULL) counts as not
right. Also measured: how sure the right and the wrong answers are, the processor time for one, and how often passages
of six sentences are wrong.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from transforms.language import LanguageModel

FOLDER = "../shared/data/langid"
# Characters from which a sentence is held to the mark.
LONG = 60
# So many sentences make a passage.
PASSAGE = 6
BUCKETS = ((0, 20), (20, 40), (40, 60), (60, 100), (100, 10_000))


def read_sentences(folder: Path) -> list[tuple[str, str]]:
    """(language, sentence) of all files of a folder."""
    return [
        (file.stem, line.strip())
        for file in sorted(folder.glob("*.txt"))
        if len(file.stem) == 2
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def join_passages(sentences: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(language, passage) of `PASSAGE` sentences that follow each other in a file."""
    for language in sorted({language for language, _ in sentences}):
        own = [text for each, text in sentences if each == language]
        for i in range(0, len(own) - PASSAGE + 1, PASSAGE):
            yield language, " ".join(own[i : i + PASSAGE])


def main(argv: Sequence[str]) -> None:
    """Measure and print."""
    sentences = read_sentences(Path(argv[0] if argv else FOLDER))
    model = LanguageModel()
    model.detect("Warm up.")
    start = time.process_time()
    answers = [(language, text, *model.detect(text)) for language, text in sentences]
    seconds = time.process_time() - start
    print(f"{len(sentences):,} sentences, {1e6 * seconds / len(sentences):.0f} µs each\n")
    print("| characters | sentences | right | wrong | not told |\n|---|---|---|---|---|")
    for low, high in BUCKETS:
        part = [answer for answer in answers if low <= len(answer[1]) < high]
        print(f"| {low}–{high} | {len(part):,} | {_shares(part)} |")
    long = [answer for answer in answers if len(answer[1]) >= LONG]
    print(f"| {LONG} and more | {len(long):,} | {_shares(long)} |\n")
    print("| language | right | taken for |\n|---|---|---|")
    for language in sorted({answer[0] for answer in answers}):
        part = [answer for answer in long if answer[0] == language]
        wrong = Counter(str(answer[2]) for answer in part if answer[2] != language)
        print(f"| {language} | {1 - sum(wrong.values()) / max(len(part), 1):.1%} | {dict(wrong.most_common(4))} |")
    print("\n| confidence | answers | of them right |\n|---|---|---|")
    for low in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        high = {0.9: 0.95, 0.95: 1.01}.get(low, low + 0.1)
        part = [answer for answer in answers if answer[3] is not None and low <= answer[3] < high]
        right = sum(answer[0] == answer[2] for answer in part)
        print(f"| {low}–{min(high, 1):.2f} | {len(part):,} | {right / max(len(part), 1):.1%} |")
    passages = list(join_passages(sentences))
    wrong = Counter((language, found) for language, text in passages if (found := model.detect(text)[0]) != language)
    print(f"\nof {len(passages):,} passages of {PASSAGE} sentences {wrong.total()} wrong: {dict(wrong)}")


def _shares(answers: Sequence[tuple[str, str, str | None, float | None]]) -> str:
    count = max(len(answers), 1)
    right = sum(language == found for language, _, found, _ in answers)
    untold = sum(found is None for _, _, found, _ in answers)
    return f"{right / count:.2%} | {(len(answers) - right - untold) / count:.2%} | {untold / count:.2%}"


if __name__ == "__main__":
    main(sys.argv[1:])
