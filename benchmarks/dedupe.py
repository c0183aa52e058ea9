"""Near copies among real articles and copies made of some of them as outlets make them; precision and recall on pairs.

    python -m benchmarks.dedupe ARTICLES.jsonl.gz [--copied 600] [--seed 1]

Every article of the file takes part, most of them beside others on the same event, which must stay apart. Of some,
copies are added: another headline and lead, a paragraph added, the tail cut, a sentence edited here and there, another
outlet's furniture, typography, and several of these at once. A pair is right if both come of one article. Pairs of the
file's own articles are listed for a person to read. Then what looks like a copy and is none.
"""

import argparse
import gzip
import itertools
import json
import random
from collections import Counter
from pathlib import Path

from benchmarks.made_copies import CHANGES, LOOK_ALIKES, MORE_CHANGES, Change, Paragraphs, quoting_reply, round_up
from benchmarks.measure import machine
from schemas.records import Article
from transforms.clean import clean_article
from transforms.dedupe.buckets import Original, pack, pairs_of, rows_of
from transforms.dedupe.copies import FEWEST_PARTS
from transforms.dedupe.exact import AGE, senior_id
from transforms.dedupe.sketch import near, sketch_text
from transforms.dedupe.stars import choose


def cluster(texts: list[str]) -> list[int]:
    """The text that stands for each, by the program's own steps; they were published one after another."""
    sketches = [sketch_text(text) for text in texts]
    nodes = [b"%016d" % place for place in range(len(texts))]
    ages = [AGE.pack(1_000_000 * place, 0) + node for place, node in enumerate(nodes)]
    made = zip(nodes, sketches, ages, strict=True)
    originals = [Original(node, sketch, age) for node, sketch, age in made if sketch]
    packets: dict[int, list[bytes]] = {}
    for part, packet in pack(*rows_of(originals, FEWEST_PARTS)):
        packets.setdefault(part, []).append(packet)
    seniors: dict[int, list[tuple[bytes, bytes, bool]]] = {}
    for pair in {pair for group in packets.values() for pair in pairs_of(group)}:
        senior, junior = sorted(map(int, pair[:2]), key=ages.__getitem__)
        if near(sketches[senior], sketches[junior]):  # type: ignore[arg-type]
            seniors.setdefault(junior, []).append((ages[senior], nodes[senior], False))
    every = ((ages[place], nodes[place], seniors.get(place, [])) for place in range(len(texts)))
    centres = {int(node): int(senior_id(senior)) for node, senior in choose(every)}
    return [centres.get(place, place) for place in range(len(texts))]


def clean(text: str, place: int) -> str:
    """The text as it comes to be compared."""
    blank = dict.fromkeys(("record_id", "url", "source", "title", "authors", "published_at"))
    kept = clean_article(Article("a", place, len(text), text=text, **blank)).kept  # type: ignore[arg-type]
    return kept.text if kept else ""


def pairs_among(found: list[int]) -> set[tuple[int, int]]:
    """The pairs of texts that one text stands for."""
    groups: dict[int, list[int]] = {}
    for place, first in enumerate(found):
        groups.setdefault(first, []).append(place)
    return {pair for group in groups.values() for pair in itertools.combinations(group, 2)}


def joined(texts: list[str]) -> bool:
    """Whether one stands for all of a few texts."""
    return len(set(cluster([clean(text, place) for place, text in enumerate(texts)]))) == 1


def measure_look_alikes(stories: list[Paragraphs], rng: random.Random) -> None:
    """What isn't a copy, and scans and the like, which are: how many pairs of each are joined."""
    print("| a text and… | pairs | joined | right |\n|---|---:|---:|---:|")
    for made in MORE_CHANGES:
        count = sum(_joined_change(made, *rng.sample(stories, 2), rng) for _ in range(50))
        print(f"| itself, {made.__name__} | 50 | {count} | 50 |")
    for form in LOOK_ALIKES:
        found = cluster([clean(form(rng), place) for place in range(40)])
        print(f"| the same form with other data, {form.__name__} | 780 | {len(pairs_among(found))} | 0 |")
    pages = [rng.sample(stories, 2) for _ in range(50)]
    apart = [not joined(["\n\n".join(left), "\n\n".join(right)]) for left, right in pages]
    count = 0
    for left, right in pages:
        found = cluster([clean("\n\n".join(parts), 0) for parts in (round_up(left, right), left, right)])
        count += found[1] == found[2]
    print(f"| another, beside a page that holds both | {sum(apart)} | {count} | 0 |")
    count = sum(joined(["\n\n".join(left[:6]), quoting_reply(left[:6], right[:3])]) for left, right in pages)
    print(f"| a reply that quotes it | 50 | {count} | 0 |")


def _joined_change(made: Change, parts: Paragraphs, other: Paragraphs, rng: random.Random) -> bool:
    return joined(["\n\n".join(parts), "\n\n".join(made(parts, other, rng))])


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
    pairs = pairs_among(cluster([clean(text, place) for place, text in enumerate(texts)]))
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
    print()
    measure_look_alikes([[part for part in texts[place].split("\n") if part.strip()] for place in long], rng)
    print(f"\nPairs among the file's own articles: {len(natural)}")
    for a, b in sorted(natural)[:200]:
        print(f"  {a} {texts[a][:100]!r}\n  {b} {texts[b][:100]!r}")


if __name__ == "__main__":
    main()
