"""Make the table of common words of `transforms.runtime.words`, from unlabelled articles.

    python -m training.common_words ARTICLES.jsonl.gz

A word of the language is written small wherever no sentence begins; a name never is. The table holds the words that
`LEAST` or more articles write in lower case and that stand in capitals in the middle of a sentence, with no other
capital beside them, in at most `MOST` of their places. So "given" and "testimony" are in it, and "Grant", "House",
"Apple" and "Brown" are not, although they are words as well.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from pathlib import Path

from transforms.names.lexicon import PARTICLES
from transforms.runtime.words import TABLE

OUTPUT = Path(__file__).parent.parent / "transforms" / "runtime" / TABLE
LEAST = 8
MOST = 0.04
# Words that are given names, of virtues and days: their share in capitals says too little of them.
_GIVEN = """
rod chip norm miles tiger aura maxim alma kit skip sunny ban said hail lovely alba bella rosa luna stella gloria flora
hope faith grace sue chase mark will art guy joy mercy charity patience precious blessing gift innocent prosper
fortune wisdom happy lucky sunday monday friday prince young rich rusty sandy gene dick star crystal dawn summer
autumn angel destiny trinity honor constance prudence clemency goodluck comfort peace love victory glory favour
favor marvel royal major hunter page sage sky skye rocky lone golden olive ivy poppy willow cliff sonny buddy brook
brooks forest long strange savage moody noble swift sharp short small cash price stone wood woods fields marsh banks
waters rivers burns cross day knight pope archer carter porter mason potter weaver bishop judge sheriff mount van
gates foster wise best true hurt power powers reed flood frost winter winters
"""
GIVEN = frozenset(_GIVEN.split())
_SMALL = re.compile(r"\b[a-z]{3,}\b(?!['’.@])")
# Between two words in lower case: neither a sentence's first word nor part of a longer name.
_CAPITAL = re.compile(r"(?<=[a-z] )[A-Z][a-z]{2,}(?= [a-z])")


def count_words(path: Path) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Of each word in lower case: the articles that have it, its places, and those where it stands in capitals."""
    articles: Counter[str] = Counter()
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["content_original"]
            words = _SMALL.findall(text)
            small.update(words)
            articles.update(set(words))
            capital.update(word.lower() for word in _CAPITAL.findall(text))
    return articles, small, capital


def main() -> None:
    """Count and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    articles, small, capital = count_words(parser.parse_args().input)
    kept = sorted(
        word
        for word, count in articles.items()
        if count >= LEAST and word not in GIVEN | PARTICLES and capital[word] <= MOST * (small[word] + capital[word])
    )
    OUTPUT.write_text("\n".join([*kept, ""]), encoding="utf-8")
    print(f"{len(kept)} words in {OUTPUT}")


if __name__ == "__main__":
    main()
