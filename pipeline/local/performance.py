"""How fast a run was and how much memory it took, for `_run.json`."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import psutil
from apache_beam.metrics import MetricsFilter

from pipeline.chains import UNDATED
from schemas.tables import MANIFEST
from transforms.runtime.files import replace_json
from transforms.runtime.metrics import NAMESPACE
from transforms.runtime.run_files import read_manifest
from transforms.runtime.storage import join

POLL_SECONDS = 0.5


@contextlib.contextmanager
def watch_memory() -> Iterator[dict[str, Any]]:
    """While this lasts, look at the memory of this process and those it started; the answer fills at the end.

    The answer has `seconds` and `peak_memory_bytes`: the highest sum of the processes' resident sets that was seen.
    Pages that processes share count once for each.
    """
    found: dict[str, Any] = {}
    done = threading.Event()
    peak = [0]
    thread = threading.Thread(target=_watch, args=(done, peak), daemon=True)
    started = time.monotonic()
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join(timeout=2)
        found.update(seconds=round(time.monotonic() - started, 3), peak_memory_bytes=peak[0])


def _watch(done: threading.Event, peak: list[int]) -> None:
    own = psutil.Process()
    while True:
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in (own, *own.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        peak[0] = max(peak[0], total)
        if done.wait(POLL_SECONDS):
            return


def undated(result: Any) -> dict[str, int]:
    """How many articles of a finished job have no date, by why, as its counters tell."""
    counters = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    found: Counter[str] = Counter()
    for counter in counters:
        if counter.key.metric.name.startswith(UNDATED):
            found[counter.key.metric.name.removeprefix(UNDATED)] += counter.result
    return dict(found.most_common())


def record_figures(
    output: str, work: str, run_id: str, figures: Mapping[str, Any], without_date: Mapping[str, int]
) -> None:
    """Add what is known at its end to a finished run's `_run.json`, which is replaced in one step.

    The sections are `performance` and `undated`: articles without a date, by why.

    The run is finished without it: what keeps it from being written is left to its next reader to not find.
    """
    manifest = read_manifest(output)
    if manifest is None or manifest["run_id"] != run_id:
        return
    seconds = max(float(figures["seconds"]), 0.001)
    manifest["performance"] = {
        **figures,
        "records_per_second": round(manifest["ledger"]["records"] / seconds, 1),
        "cores": os.cpu_count(),
    }
    manifest["undated"] = dict(without_date)
    replace_json(join(output, MANIFEST), manifest, folder=work)
