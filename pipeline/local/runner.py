"""Running on this machine: Beam's in-process runner with a thread for each child process, watched and stoppable.

Beam's `DirectRunner` would first try to download another runner; this one is chosen by hand.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import psutil
from apache_beam.metrics import monitoring_infos
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions
from apache_beam.runners.portability.fn_api_runner import fn_runner, worker_handlers
from apache_beam.transforms.environments import EmbeddedPythonEnvironment, EmbeddedPythonGrpcEnvironment

POLL_SECONDS = 0.5
# Milliseconds. Beam sends on what its workers and its server have written by a thread of its own every second, wherever
# the writing of an element is just then: parts of one went to different workers, and what is written meanwhile can be
# lost. So by size alone, which is between elements.
NEVER_BY_TIME = -1
# Starting a worker takes seconds; each should have this many bytes of input to be worth it.
BYTES_PER_WORKER = 512 << 10


class Counters:
    """The job's Beam counters while it runs: the sum over all bundles of what each reported last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bundles: dict[str, Mapping[str, int]] = defaultdict(dict)

    def update(self, bundle: str, counters: Mapping[str, int]) -> None:
        """Take a bundle's counters; they replace what it reported before."""
        with self._lock:
            self._bundles[bundle] = counters

    def totals(self) -> Counter[str]:
        """Counter name → value, a little behind the truth."""
        with self._lock:
            total: Counter[str] = Counter()
            for counters in self._bundles.values():
                total.update(counters)
            return total


def read_counters(infos: Any) -> dict[str, int]:
    """The counters of this project among a worker's monitoring infos, summed over its steps."""
    found: Counter[str] = Counter()
    for info in infos:
        if monitoring_infos.is_user_monitoring_info(info) and monitoring_infos.is_counter(info):
            namespace, name = monitoring_infos.parse_namespace_and_name(info)
            if namespace == "newsbeam":
                found[name] += monitoring_infos.extract_counter_value(info)
    return dict(found)


def local_runner(workers: int) -> fn_runner.FnApiRunner:
    """A runner with a thread for each worker, which waits for its child; a single one needs no thread of its own."""
    if workers == 1:
        return fn_runner.FnApiRunner(EmbeddedPythonEnvironment.default(), progress_request_frequency=POLL_SECONDS)
    threads = EmbeddedPythonGrpcEnvironment.default()
    threads.data_buffer_time_limit_ms = NEVER_BY_TIME
    return fn_runner.FnApiRunner(threads, progress_request_frequency=POLL_SECONDS)


def set_workers(options: PipelineOptions, workers: int) -> None:
    """Tell Beam's own options of the number of workers, and their libraries to use one thread each."""
    options.view_as(DirectOptions).direct_num_workers = workers
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # Arrow's own allocators keep what is freed, which the models could use.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def default_workers(input_bytes: int | None) -> int:
    """As many as there are cores to use, but no more than the input is worth."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return cores if input_bytes is None else max(1, min(cores, input_bytes // BYTES_PER_WORKER))


@contextlib.contextmanager
def watch(counters: Counters) -> Iterator[None]:
    """While this lasts, bundles of `local_runner` report to `counters`, and its server sends nothing on by time.

    Beam asks its workers for progress but gives the answers to nobody; its requester is replaced by one that does.
    """

    class Requester(fn_runner.ProgressRequester):
        def __init__(self, handler: Any, instruction: str, frequency: float, callback: Any = None) -> None:
            super().__init__(handler, instruction, frequency, callback or self.report)
            self._bundle = instruction

        def report(self, progress: Any) -> None:
            counters.update(self._bundle, read_counters(progress.monitoring_infos))

    original, limit = fn_runner.ProgressRequester, worker_handlers.DATA_BUFFER_TIME_LIMIT_MS
    setattr(fn_runner, "ProgressRequester", Requester)  # noqa: B010, mypy takes the name for a type
    worker_handlers.DATA_BUFFER_TIME_LIMIT_MS = NEVER_BY_TIME
    try:
        yield
    finally:
        setattr(fn_runner, "ProgressRequester", original)  # noqa: B010
        worker_handlers.DATA_BUFFER_TIME_LIMIT_MS = limit


def kill_children() -> None:
    """End all processes that this one has started, at once."""
    children = psutil.Process().children(recursive=True)
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(children, timeout=5)
