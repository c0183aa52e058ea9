"""The profile by stage: whose time a sample is, and the table's arithmetic."""

from __future__ import annotations

import sys
from collections.abc import Callable

import apache_beam
import pytest

from benchmarks import stages
from benchmarks.stages import BEAM, Profile, Sampler, print_profile, room_of
from tests.conftest import ROOT

BEAM_FILE = apache_beam.__file__
GUARD = str(ROOT / "transforms" / "runtime" / "guard.py")
PARQUET = str(ROOT / "transforms" / "runtime" / "parquet.py")


def calling(path: str, inner: Callable[[], str]) -> Callable[[], str]:
    """A function of the file at `path` that calls `inner`."""
    names: dict[str, Callable[[], str]] = {"inner": inner}
    exec(compile("def call(): return inner()", path, "exec"), names)
    return names["call"]


def seen(*paths: str) -> str:
    """The room of a frame of the last of these files, which was called from the one before, and so on."""
    call: Callable[[], str] = calling(paths[-1], lambda: room_of(sys._getframe(1)))
    for path in reversed(paths[:-1]):
        call = calling(path, call)
    return call()


def source(name: str) -> str:
    return str(ROOT / "transforms" / name)


@pytest.mark.parametrize(
    ("paths", "room"),
    [
        ([BEAM_FILE], BEAM),
        ([BEAM_FILE, source("dedupe/near.py")], "dedupe"),
        ([BEAM_FILE, source("dedupe/near.py"), "/usr/lib/numpy.py"], "dedupe"),
        ([source("write/sink.py"), BEAM_FILE, source("dedupe/near.py")], "dedupe"),
        ([BEAM_FILE, source("selection.py")], "selection"),
        ([BEAM_FILE, source("write/sink.py"), PARQUET], "write"),
        ([BEAM_FILE, GUARD], stages.CALLS),
        ([source("read/text.py"), BEAM_FILE, GUARD], stages.CALLS),
        (["/elsewhere/transforms/dedupe/near.py"], BEAM),
    ],
)
def test_time_is_that_of_the_nearest_room(paths: list[str], room: str) -> None:
    assert seen(*paths) == room


def test_samples_are_shares_of_the_whole() -> None:
    sampler = Sampler()
    sampler.seen.update({"write": 1, BEAM: 3})
    assert sampler.shares() == {BEAM: 0.75, "write": 0.25}
    assert Sampler().shares() == {}


def test_a_busy_process_is_looked_at() -> None:
    with Sampler() as sampler:
        while sampler.seen.total() < 3:
            sum(range(1000))
    assert set(sampler.seen) == {BEAM}


def test_the_table_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    print_profile(Profile(100, {"parse": 0.1, "entities": 0.5}, child=0.2, rooms={BEAM: 0.15, "write": 0.05}))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in capsys.readouterr().out.splitlines()[2:]]
    assert rows == [
        ["child", "parse", "1.00", "10.0%"],
        ["child", "entities", "5.00", "50.0%"],
        ["child", "its start, its pipe", "2.00", "20.0%"],
        ["run", BEAM, "1.50", "15.0%"],
        ["run", "write", "0.50", "5.0%"],
        ["both", "all", "10.00", "100%"],
    ]
