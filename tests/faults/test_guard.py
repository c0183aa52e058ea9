"""The guard by itself: what a stage raises, what a dead worker held, and what comes of it when it is alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner
from pipeline.local.supervisor import Watcher
from schemas.files import FileRange
from schemas.records import Article, Document
from transforms.runtime.guard import Guard, Guarded, Watch, key_of, reject_poison
from transforms.runtime.hands import MOST_KEYS, Hand, held
from transforms.runtime.outcome import KEPT, REJECTS
from transforms.runtime.trial import Ended, Limits, try_alone, try_each
from transforms.runtime.verdicts import Verdicts

SHORT = Limits(seconds=1.0, memory=200 << 20)


class Fragile(beam.DoFn):
    """Fails as the text says, once it is set up."""

    def setup(self) -> None:
        self.ready = True

    def process(self, element: Any) -> Iterator[str]:
        assert self.ready
        for item in element if isinstance(element, list) else [element]:
            yield from fail(getattr(item, "article", item).text)


def fail(how: str) -> Iterator[str]:
    if how == "raise":
        raise ValueError("not this one")
    if how == "hoard":
        raise MemoryError
    if how == "hang":
        while True:
            pass
    if how == "memory":
        hoard = [b"x" * (16 << 20)]
        while True:
            hoard.append(hoard[0] * (len(hoard) + 1))
    if how in ("crash", "kill"):
        os.kill(os.getpid(), signal.SIGSEGV if how == "crash" else signal.SIGKILL)
    yield how


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("raise", "failed"),
        ("hang", "timeout"),
        ("memory", "out_of_memory"),
        ("kill", "out_of_memory"),
        ("crash", "crashed"),
    ],
)
def test_a_trial_tells_how_it_ended(how: str, reason: str) -> None:
    limits = SHORT if how == "hang" else replace(SHORT, seconds=30.0)
    ended = try_alone(fail, how, limits=limits)
    assert isinstance(ended, Ended)
    assert ended.reason == reason
    assert ended.message


def test_a_trial_of_the_innocent_gives_what_it_gives() -> None:
    assert try_alone(fail, "well", limits=SHORT) == ["well"]


def fail_where(how: str) -> Iterator[tuple[str, int]]:
    """What `fail` gives, and in which process."""
    for found in fail(how):
        yield found, os.getpid()


def test_trials_share_a_process_until_one_brings_it_down() -> None:
    hows = ["a", "raise", "b", "crash", "c", "hoard", "d", "hang"]
    found = list(try_each(fail_where, [(how,) for how in hows], limits=SHORT))
    ends = {how: end.reason for how, end in zip(hows, found, strict=True) if isinstance(end, Ended)}
    assert ends == {"raise": "failed", "crash": "crashed", "hoard": "out_of_memory", "hang": "timeout"}
    gave = {how: end[0] for how, end in zip(hows, found, strict=True) if not isinstance(end, Ended)}
    assert [name for name, _ in gave.values()] == ["a", "b", "c", "d"]
    process = {how: where for how, (_, where) in gave.items()}
    assert process["a"] == process["b"]
    assert len({process["a"], process["c"], process["d"]}) == 3


def end_now() -> None:
    os._exit(3)


def test_a_trial_that_cannot_begin_blames_no_article() -> None:
    with pytest.raises(RuntimeError, match="before the first"):
        try_alone(fail, "well", limits=SHORT, setup=end_now)


def fail_on_record(log: str, how: str) -> Iterator[str]:
    """What `fail` does, once it is noted."""
    with Path(log).open("a", encoding="utf-8") as lines:
        lines.write(how + "\n")
    yield from fail(how)


def test_what_a_trial_found_holds_for_the_next_worker(make_article: Any, tmp_path: Path) -> None:
    hows = ["crash", "well", "raise"]
    subjects = [make_article(source_offset=place) for place in range(3)]
    log = tmp_path / "log"
    for _ in range(2):
        watch = Watch(Guard(str(tmp_path), SHORT), "clean")
        first, second, third = watch.work_alone(partial(fail_on_record, str(log)), hows, subjects)
        watch.close()
        assert isinstance(first, Ended)
        assert isinstance(third, Ended)
        assert (first.reason, second, third.reason) == ("crashed", ["well"], "failed")
    assert sorted(log.read_text().split()) == ["crash", "raise", "well", "well"]
    # Another stage knows nothing of it, and a note that was cut off is none.
    (note,) = tmp_path.glob(f"clean-{key_of(subjects[0]).hex()}*")
    note.write_text(note.read_text()[:9])
    assert Verdicts(str(tmp_path), "clean").find(key_of(subjects[0])) is None
    assert Verdicts(str(tmp_path), "clean").find(key_of(subjects[2])) == third
    assert Verdicts(str(tmp_path), "names").find(key_of(subjects[2])) is None


def a_dead_hand(folder: Path, stage: str, keys: list[bytes]) -> None:
    """What a worker leaves that is killed with something in hand."""
    code = "import os, sys; from transforms.runtime.hands import Hand; h = Hand(sys.argv[1], sys.argv[2]); "
    code += "h.take([bytes.fromhex(k) for k in sys.argv[3:]]); os.kill(os.getpid(), 9)"
    command = [sys.executable, "-c", code, str(folder), stage, *(key.hex() for key in keys)]
    assert subprocess.run(command, check=False).returncode == -9


@pytest.mark.parametrize("batched", [False, True])
def test_the_poisonous_are_rejected_and_their_neighbours_come_out(
    make_article: Any, tmp_path: Path, batched: bool
) -> None:
    texts = ["a", "raise", "b", "hoard", "crash", "c"]
    articles = [make_article(text=text, source_offset=place) for place, text in enumerate(texts)]
    # Of the two that a worker died with, one is innocent; the one that another stage died with is not asked about.
    a_dead_hand(tmp_path, "names", [key_of(articles[4]), key_of(articles[0])])
    a_dead_hand(tmp_path, "other", [key_of(articles[2])])
    elements: list[Any] = [[Document(article) for article in articles]] if batched else articles
    with beam.Pipeline(runner=local_runner(1)) as pipeline:
        guarded = beam.ParDo(Guarded(Fragile(), "names", Guard(str(tmp_path), SHORT)))
        found = pipeline | beam.Create(elements) | guarded.with_outputs(REJECTS, main=KEPT)
        assert_that(found[KEPT], equal_to(["a", "b", "c"]), label="kept")
        rejects = found[REJECTS] | beam.Map(
            lambda item: (item.source_offset, item.stage, item.reason, item.retryable, item.payload)
        )
        expected = [
            (1, "names", "failed", True, b"raise"),
            (3, "names", "out_of_memory", True, b"hoard"),
            (4, "names", "crashed", True, b"crash"),
        ]
        assert_that(rejects, equal_to(expected), label="rejects")


def test_a_hand_is_never_seen_half_closed(tmp_path: Path) -> None:
    code = "import sys; from transforms.runtime.hands import Hand; h = Hand(sys.argv[1], 'clean')\nprint(flush=True)\n"
    code += "while True: h.take([b'k' * 16]); h.drop()"
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seen = []
        while len(seen) < 3000 and time.monotonic() < began + 60:
            seen += held(str(tmp_path))
        process.kill()
    assert len(seen) > 100
    assert all(item.since > began and item.keys == {b"k" * 16} for item in seen)


def test_a_hand_is_seen_while_it_holds_something(tmp_path: Path, make_article: Any) -> None:
    hand = Hand(str(tmp_path), "clean")
    assert list(held(str(tmp_path))) == []
    keys = [key_of(make_article(source_offset=place)) for place in range(3)]
    hand.take(keys)
    (item,) = held(str(tmp_path))
    assert (item.pid, item.stage, item.keys) == (os.getpid(), "clean", frozenset(keys))
    assert not item.is_dead()
    assert 0 <= time.monotonic() - item.since < 60
    hand.drop()
    assert list(held(str(tmp_path))) == []
    hand.close()
    assert list(tmp_path.iterdir()) == []


def test_a_hand_holds_no_more_than_fits(tmp_path: Path, make_article: Any) -> None:
    hand = Hand(str(tmp_path), "clean")
    hand.take([key_of(make_article(source_offset=place)) for place in range(5000)])
    (item,) = held(str(tmp_path))
    assert len(item.keys) == MOST_KEYS


def test_a_worker_that_overstays_its_time_is_ended(tmp_path: Path) -> None:
    code = "import sys, time; from transforms.runtime.hands import Hand; h = Hand(sys.argv[1], 'names'); "
    code += "h.take([b'k' * 16]); "
    process = subprocess.Popen(
        [sys.executable, "-c", code + "print(flush=True); time.sleep(60)", str(tmp_path)], stdout=-1
    )
    assert process.stdout
    process.stdout.readline()
    watcher = Watcher(str(tmp_path), seconds=0.2, memory=1 << 40)
    time.sleep(0.3)
    watcher.look()
    assert process.poll() is None
    watcher.look()
    assert process.wait(10) == -signal.SIGKILL
    process.stdout.close()
    (item,) = held(str(tmp_path))
    assert item.is_dead()


def test_a_part_of_a_file_is_rejected_at_its_place() -> None:
    part = FileRange("f", "jsonl", 4096, 8192, "f", 9000)
    rejected = reject_poison(part, "read", Ended("crashed", "by SIGSEGV"))
    assert (rejected.source_file, rejected.source_offset, rejected.payload_size) == ("f", 4096, 9000)
    assert rejected.payload_sha256 is None
    other = FileRange("f", "jsonl", 4096, 9000, "f", 9000)
    assert key_of(part) != key_of(other)


def test_keys_are_of_places() -> None:
    blank = dict.fromkeys(("record_id", "url", "source", "title", "authors", "published_at"))
    one, two = (Article("f", 1, 1, text=text, **blank) for text in "ab")  # type: ignore[arg-type]
    assert key_of(one) == key_of(two)
    assert key_of(one) != key_of(Article("g", 1, 1, text="a", **blank))  # type: ignore[arg-type]
