"""Where a run's processor time goes, stage by stage: of the articles' child process, and of the run's own.

    python -m benchmarks.stages ARTICLES.jsonl.gz [--articles 3000]

The whole job runs on real articles in this process and one child. This process is looked at every few milliseconds of
its processor time, and the time given to the room whose code is running, or to Beam. The child's stages are measured
once more on the same articles, alone; the rest of the child's time is its start, its pipe and the rows' packing.
"""

from __future__ import annotations

import argparse
import resource
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from threadpoolctl import threadpool_limits

from benchmarks.against_script import take
from benchmarks.measure import machine
from benchmarks.scale import measure_stages
from pipeline import checks
from pipeline.describe import describe_job
from pipeline.graph import Job, build
from pipeline.local import runner
from pipeline.options import parse_flags

INTERVAL = 0.005
ROOT = Path(__file__).parent.parent
ROOMS, RUNTIME = str(ROOT / "transforms"), str(ROOT / "transforms" / "runtime")
BEAM, CALLS = "Beam, its start included", "calls of the child"


class Profile(NamedTuple):
    """Processor seconds of `articles` articles: the child's stages, the rest of the child, the run's own rooms."""

    articles: int
    stages: dict[str, float]
    child: float
    rooms: dict[str, float]


class Sampler:
    """Looks at what this thread does, again and again while its process uses the processor; Unix."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __enter__(self) -> Sampler:
        self._before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)

    def _look(self, _: int, frame: FrameType | None) -> None:
        self.seen[room_of(frame)] += 1

    def shares(self) -> dict[str, float]:
        """Room → its share of all samples, the largest first."""
        return {room: count / self.seen.total() for room, count in self.seen.most_common()}


def room_of(frame: FrameType | None) -> str:
    """The room of `transforms` that a frame works for: that of the nearest caller in one, or Beam."""
    found = BEAM
    while frame:
        name = frame.f_code.co_filename
        if name.startswith(RUNTIME):
            # What a room has the runtime do is the room's; what the guard does is nobody else's.
            found = CALLS
        elif name.startswith(ROOMS):
            return Path(name).relative_to(ROOMS).parts[0].removesuffix(".py")
        elif found != BEAM and "apache_beam" in name:
            return found
        frame = frame.f_back
    return found


def profile(source: str, wanted: int) -> Profile:
    """Run the job on the first articles of a gzipped file of JSON lines."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump.jsonl"
        count = take(source, dump, wanted)
        job = describe(dump, Path(folder) / "out")
        pipeline = beam.Pipeline(runner=runner.local_runner(1), options=PipelineOptions([]))
        build(pipeline, job)
        sandboxes = job.guard.acquire()
        child, own, sampler = children_seconds(), time.process_time(), Sampler()
        with threadpool_limits(1), sampler:
            pipeline.run().wait_until_finish()
        own = time.process_time() - own
        # The child's time is known once it has ended.
        sandboxes.close()
        child = children_seconds() - child
        stages = measure_stages(job, dump)
    rooms = {room: share * own for room, share in sampler.shares().items()}
    return Profile(count, dict(stages), child - stages.total(), rooms)


def describe(dump: Path, output: Path) -> Job:
    """The job that `newsbeam run` would do."""
    options = parse_flags(["--input", str(dump), "--output", str(output)])
    return describe_job(
        options, [str(dump)], str(output), checks.check_models(options), checks.check_sentiment(options)
    )


def children_seconds() -> float:
    """Processor seconds of the children of this process that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def print_profile(found: Profile) -> None:
    """Print a Markdown table, in milliseconds an article."""
    rows = [("child", stage, seconds) for stage, seconds in found.stages.items()]
    rows += [("child", "its start, its pipe", found.child)]
    rows += [("run", room, seconds) for room, seconds in found.rooms.items()]
    total = sum(seconds for *_, seconds in rows)
    print("| process | stage | processor ms an article | share |\n|---|---|---:|---:|")
    for process, stage, seconds in rows:
        if seconds / total >= 0.001:
            print(f"| {process} | {stage} | {seconds / found.articles * 1e3:.2f} | {seconds / total:.1%} |")
    print(f"| both | all | {total / found.articles * 1e3:.2f} | 100% |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="gzipped JSON lines with the text in `content_original`")
    parser.add_argument("--articles", type=int, default=3000)
    args = parser.parse_args()
    found = profile(args.input, args.articles)
    print(f"{machine()}; one worker, one thread, {found.articles:,} articles\n")
    print_profile(found)


if __name__ == "__main__":
    main()
