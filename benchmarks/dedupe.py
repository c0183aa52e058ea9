"""Near copies among real articles and copies made of some of them as outlets make them; precision and recall on pairs.

    python -m benchmarks.dedupe ARTICLES.jsonl.gz [--copied 600] [--seed 1]

Every article of the file takes part, most of them beside others on the same event, which must stay apart. Of some,
copies are added: another headline and lead, a paragraph added, the tail cut, a sentence edited here and there, another
outlet's furniture, typography, and several of these at once. A pair is right if both come of one article. Pairs of the
file's own articles are listed for a person to read.
"""

import argparse
import gzip
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import machine
from schemas.records import Article
from transforms.clean import clean_article
from transforms.dedupe.buckets import Original, pack, pairs_of, rows_of
from transforms.dedupe.sketch import near, sketch_text

Paragraphs = list[str]
FURNITURE = (
    "Share this article on Facebook and Twitter.",
    "Sign up for our morning newsletter to get the day's top stories in your inbox.",
    "© 2021 The Daily Example. All rights reserved. This material may not be published or redistributed.",
    "Reporting by our correspondents; editing by the desk.",
    "Follow our live coverage for the latest developments as they happen.",
)


def other_lead(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """Another headline and first paragraph."""
    return [other[0][:90], " ".join(other[0].split()[:40]), *parts[1:]]


def added(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """A paragraph of another story somewhere."""
    at = rng.randrange(len(parts) + 1)
    return [*parts[:at], rng.choice(other), *parts[at:]]


def cut(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """The tail cut: two thirds to nine tenths are left."""
    words = sum(len(part.split()) for part in parts) * rng.uniform(0.65, 0.9)
    kept = itertools.takewhile(lambda total: total[1] <= words, _running(parts))
    return [part for part, _ in kept] or parts[:1]


def _running(parts: Paragraphs) -> list[tuple[str, int]]:
    return list(zip(parts, itertools.accumulate(len(part.split()) for part in parts), strict=True))


def edited(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """One word in fifty is another."""
    words = " ".join(other).split()
    return [" ".join(rng.choice(words) if rng.random() < 0.02 else w for w in part.split()) for part in parts]


def furnished(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """Another outlet's furniture around and between."""
    return [*rng.sample(FURNITURE, 1), *parts[:2], *rng.sample(FURNITURE, 1), *parts[2:], *rng.sample(FURNITURE, 2)]


def typeset(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """Quotes, dashes and spaces of another house."""
    return [re.sub(r"[“”]", '"', part).replace("’", "'").replace("—", " - ").replace(". ", ".  ") for part in parts]


def several(parts: Paragraphs, other: Paragraphs, rng: random.Random) -> Paragraphs:
    """A cut tail, an added paragraph and furniture at once."""
    return furnished(added(cut(parts, other, rng), other, rng), other, rng)


CHANGES: tuple[Callable[[Paragraphs, Paragraphs, random.Random], Paragraphs], ...] = (
    *(other_lead, added, cut, edited, furnished, typeset, several),
)


def cluster(texts: list[str]) -> list[int]:
    """The least member of each text's cluster, by the program's own steps."""
    sketches = [sketch_text(text) for text in texts]
    packets: dict[int, list[bytes]] = {}
    originals = [Original(b"%016d" % place, sketch) for place, sketch in enumerate(sketches) if sketch]
    for part, packet in pack(*rows_of(originals)):
        packets.setdefault(part, []).append(packet)
    roots = list(range(len(texts)))

    def root(place: int) -> int:
        while roots[place] != place:
            place = roots[place]
        return place

    for group in packets.values():
        for left, right in pairs_of(group):
            a, b = int(left), int(right)
            if near(sketches[a], sketches[b]):  # type: ignore[arg-type]
                low, high = sorted((root(a), root(b)))
                roots[high] = low
    return [root(place) for place in range(len(texts))]


def clean(text: str, place: int) -> str:
    """The text as it comes to be compared."""
    blank = dict.fromkeys(("record_id", "url", "source", "title", "authors", "published_at"))
    kept = clean_article(Article("a", place, len(text), text=text, **blank)).kept  # type: ignore[arg-type]
    return kept.text if kept else ""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--copied", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with gzip.open(args.input, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["content_original"] for line in lines]
    story, change = list(range(len(texts))), [""] * len(texts)
    own = len(texts)
    # A paragraph of one with many is no whole article.
    long = [place for place, text in enumerate(texts) if len(text.split("\n")) > 12]
    for place in rng.sample(range(own), args.copied):
        parts = [part for part in texts[place].split("\n") if part.strip()]
        other = [part for part in texts[rng.choice(long)].split("\n") if part.strip()]
        for made in rng.sample(CHANGES, 3):
            texts.append("\n\n".join(made(parts, other, rng)))
            story.append(place)
            change.append(made.__name__)
    found = cluster([clean(text, place) for place, text in enumerate(texts)])
    groups: dict[int, list[int]] = {}
    for place, first in enumerate(found):
        groups.setdefault(first, []).append(place)
    pairs = {pair for group in groups.values() for pair in itertools.combinations(group, 2)}
    right = {pair for pair in pairs if story[pair[0]] == story[pair[1]]}
    of_story: dict[int, list[int]] = {}
    for place, origin in enumerate(story):
        of_story.setdefault(origin, []).append(place)
    wanted = {pair for group in of_story.values() for pair in itertools.combinations(group, 2)}
    natural = {pair for pair in pairs if max(pair) < own}
    false = pairs - right - natural
    precision, recall = len(right) / max(len(right) + len(false), 1), len(right) / len(wanted)
    print(f"{machine()}; {own:,} articles and {len(texts) - own:,} copies of {args.copied}, seed {args.seed}\n")
    print("| pairs | found | right | precision | recall | F1 |\n|---:|---:|---:|---:|---:|---:|")
    f1 = 2 * precision * recall / (precision + recall)
    print(
        f"| {len(wanted):,} | {len(right | false):,} | {len(right):,} | {precision:.4f} | {recall:.4f} | {f1:.4f} |\n"
    )
    missed = Counter(change[b] for a, b in wanted - right if change[a] == "")
    made = Counter(name for name in change if name)
    print("| change | copies | not joined to their original |\n|---|---:|---:|")
    for name, number in sorted(made.items()):
        print(f"| {name} | {number} | {missed[name]} |")
    print(f"\nPairs among the file's own articles: {len(natural)}")
    for a, b in sorted(natural)[:200]:
        print(f"  {a} {texts[a][:100]!r}\n  {b} {texts[b][:100]!r}")


if __name__ == "__main__":
    main()
