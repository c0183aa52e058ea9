"""The local runner with several workers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import AsList
from apache_beam.testing.util import assert_that, equal_to

from pipeline.local.runner import local_runner, set_workers

ELEMENTS = 40
# Long enough for Beam's workers to send on what they have, if they did so by time.
SECONDS = 0.06


@dataclass(frozen=True)
class Slow:
    """An element that takes a while to write, in the middle of which other threads work."""

    number: int

    def __reduce__(self) -> tuple[Any, ...]:
        time.sleep(SECONDS)
        return Slow, (self.number,)


def slow_ones(count: int) -> list[Slow]:
    """As many slow elements."""
    return [Slow(place) for place in range(count)]


def number(element: Slow, others: list[int]) -> int:
    """The element's number, if it is one."""
    assert others == [0]
    return element.number


def test_elements_that_take_long_to_write_come_whole_with_several_workers() -> None:
    options = PipelineOptions([])
    set_workers(options, 2)
    with beam.Pipeline(runner=local_runner(2), options=options) as pipeline:
        side = pipeline | "Side" >> beam.Create([0])
        # One element first, so that one worker writes them all.
        slow = pipeline | "One" >> beam.Create([ELEMENTS]) | "Slow" >> beam.FlatMap(slow_ones)
        numbers = slow | "Read" >> beam.Map(number, AsList(side | "Wait" >> beam.Reshuffle()))
        total = numbers | "Count" >> beam.combiners.Count.Globally()
        assert_that(numbers, equal_to(list(range(ELEMENTS))), label="each is there")
        assert_that(total, equal_to([ELEMENTS]), label="none is lost")
        again = slow | "Again" >> beam.Map(number, AsList(numbers | "First" >> beam.Filter(lambda one: one == 0)))
        assert_that(again, equal_to(list(range(ELEMENTS))), label="each is there again")
