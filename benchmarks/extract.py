"""Measures extraction on real pages, beside trafilatura by itself.

    python -m benchmarks.extract ../shared/data [--set aeb] [--part 0/2] [--hop]

Per set: F1 of the article-extraction benchmark, precision, recall, the words' F1, and milliseconds a page from bytes to
fields (trafilatura's are from bytes to text). Then titles that are exact, and exact but for typography, and dates that
are right to the day, in UTC or as the page writes it, of those that the set knows. The models have learned from these
pages: for their scores on pages that they never saw, run `python -m training.blocks ../shared/data --folds 5`.
"""

from __future__ import annotations

import argparse
import logging
import pickle
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import trafilatura

from benchmarks.pages import SETS, TruePage, fold_of, load_pages
from benchmarks.shingles import score, word_f1
from schemas.records import Page, RawRecord
from transforms.extract import ExtractPages
from transforms.extract.page import extract_page
from transforms.parse.dates import parse_date
from transforms.runtime.outcome import Outcome
from transforms.runtime.sandbox import Limits, Sandbox
from transforms.runtime.stage import StageChain

TYPOGRAPHY = str.maketrans("‘’“”–—\xa0", "''\"\"-- ")


def ours(page: TruePage) -> str:
    """The body by `extract_page`."""
    return extract_page(page.html, url=page.url).text


def rules(page: TruePage) -> str:
    """The body by trafilatura as it comes, comments left out."""
    return trafilatura.extract(page.html, include_comments=False) or ""


def fast_rules(page: TruePage) -> str:
    """The body by trafilatura's fast mode."""
    return trafilatura.extract(page.html, include_comments=False, fast=True) or ""


def measure(name: str, pages: list[TruePage], extract: Callable[[TruePage], str]) -> None:
    """Print one extractor's scores and time."""
    extract(pages[0])
    start = time.process_time()
    pairs = [(page.body, extract(page)) for page in pages]
    milliseconds = 1000 * (time.process_time() - start) / len(pages)
    found = score(pairs)
    print(
        f"  {name:22} F1 {found.f1:.4f}  precision {found.precision:.4f}  recall {found.recall:.4f}  "
        f"words {word_f1(pairs):.4f}  {milliseconds:6.2f} ms/page"
    )


def fold(title: str | None) -> str:
    """A title with plain quotes, dashes and spaces."""
    return " ".join((title or "").translate(TYPOGRAPHY).split())


def is_day(page: Page, day: str) -> bool:
    """Whether the time of publication that would be taken is on a day, in UTC or as written."""
    latest = datetime.now(UTC)
    taken = next((value for value in page.published_at if parse_date(value, latest=latest)), None)
    moment = parse_date(taken, latest=latest)
    return moment is not None and (moment.date().isoformat() == day or (taken or "").startswith(day))


def measure_fields(pages: list[TruePage]) -> None:
    """Print how many titles and dates are right."""
    found = {page.name: extract_page(page.html, url=page.url) for page in pages}
    titled = [page for page in pages if page.title]
    dated = [page for page in pages if page.published_on]
    if titled:
        exact = sum(found[page.name].title == " ".join((page.title or "").split()) for page in titled)
        folded = sum(fold(found[page.name].title) == fold(page.title) for page in titled)
        share, rest = exact / len(titled), folded / len(titled)
        print(f"  titles: {share:.1%} exact, {rest:.1%} but for typography, of {len(titled)}")
    if dated:
        right = sum(is_day(found[page.name], (page.published_on or "")[:10]) for page in dated)
        stated = sum(bool(found[page.name].published_at) for page in dated)
        print(f"  dates: {right / len(dated):.1%} right, {stated / len(dated):.1%} found, of {len(dated)}")


def texts_of(outcomes: list[Outcome[RawRecord]]) -> list[str]:
    """The answer of a chain of extraction alone."""
    return [outcome.kept.page.text for outcome in outcomes if outcome.kept and outcome.kept.page]


def measure_hop() -> None:
    """Print what the way to the process and back adds, in milliseconds a page of 150 KB with nothing to extract."""
    html = b"<!--" + b"x" * 150_000 + b"-->"
    sandbox, task = Sandbox(Limits()), pickle.dumps(StageChain(partial(tuple, (ExtractPages(),)), texts_of, "extract"))
    request = [RawRecord("page", 0, "html", html)]
    here = seconds(lambda: extract_page(html))
    there = seconds(lambda: sandbox.run(task, pickle.dumps(request), "extract"))
    sandbox.close()
    print(f"process: {1000 * (there - here):+.2f} ms/page")


def seconds(call: Callable[[], object], *, rounds: int = 5, repeats: int = 200) -> float:
    """Seconds that a call takes once warm, in the best of some rounds: others use the machine too."""
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        times.append((time.perf_counter() - start) / repeats)
    return min(times)


def main() -> None:
    """Read the arguments, measure every set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", choices=SETS, action="append")
    parser.add_argument("--part", default="0/1", help="only this of so many parts of each set, e.g. 0/2")
    parser.add_argument("--hop", action="store_true", help="measure the way to the process too")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    part, parts = map(int, options.part.split("/"))
    for name in options.set or SETS:
        pages = [page for page in load_pages(options.data, name) if fold_of(page.name, parts) == part]
        print(f"{name}: {len(pages)} pages")
        for label, extract in (("newsbeam", ours), ("trafilatura", rules), ("trafilatura, fast", fast_rules)):
            measure(label, pages, extract)
        measure_fields(pages)
    if options.hop:
        measure_hop()


if __name__ == "__main__":
    main()
