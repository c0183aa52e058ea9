"""Make the table of names that nearly all articles take for one kind, from unlabelled articles.

    python -m training.known_names ARTICLES.jsonl.gz [--articles 9000]

The articles go through the chain of a run, with full names deciding on short ones. What stands in `LEAST` articles or
more and is of one kind in `AGREEMENT` of them goes into the table: it helps where an article says "Obama" alone.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from schemas.records import Document
from training.name_kinds import read_documents
from transforms.names import resolve_document
from transforms.names.countries import load_countries
from transforms.names.evidence import KINDS, KNOWN_TABLE, OTHER
from transforms.names.kinds import KIND_OF
from transforms.names.organisations import ORGANISATIONS
from transforms.names.places import SURE, load_gazetteer

OUTPUT = Path(__file__).parent.parent / "transforms" / "names" / KNOWN_TABLE
LEAST = 12
AGREEMENT = 0.9


def count_kinds(documents: Iterable[Document]) -> dict[str, Counter[int]]:
    """Name → how many articles have it as each kind."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for document in documents:
        resolved, text = resolve_document(document), document.article.text
        seen = {
            (text[part.start_char : part.end_char], KIND_OF.get(part.label, OTHER))
            for part in resolved.mentions or ()
            if part.entity is not None
        }
        for name, kind in seen:
            counts[name][kind] += 1
    return counts


def main() -> None:
    """Count and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path)
    parser.add_argument("--articles", type=int, default=9000)
    args = parser.parse_args()
    OUTPUT.write_text("", encoding="utf-8")
    write_table(count_kinds(read_documents(args.input, args.articles, seed=7)))


def write_table(counts: dict[str, Counter[int]]) -> None:
    """Write the names that are worth it."""
    strength, demonyms = load_gazetteer().strength, load_countries().demonyms
    lines = []
    for name, tally in sorted(counts.items()):
        kind, count = tally.most_common(1)[0]
        told = name in ORGANISATIONS or name in demonyms or strength.get(name, 0) >= SURE or kind == OTHER
        if sum(tally.values()) >= LEAST and count >= AGREEMENT * sum(tally.values()) and not told:
            lines.append(f"{name}\t{KINDS[kind]}\n")
    OUTPUT.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} names in {OUTPUT}")


if __name__ == "__main__":
    main()
