"""Stages: plain Python that decides about elements, and chains of them that share one process and one crossing.

A stage knows neither Beam nor how it is guarded: it can be made and called anywhere. `run_stages` calls several, one
after another, on a batch; what one of them raises on an element becomes a reject of that element alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

from schemas.files import ModelRun
from transforms.runtime.outcome import Outcome, describe_error, keep, reject_failed

Answer = TypeVar("Answer")


class Stage(Protocol):
    """One stage.

    `name` is what `rejects` calls it. `seconds` is how long it may take for one element by itself; None for the
    general limit.
    """

    name: str
    seconds: float | None

    def setup(self) -> None:
        """Load what is costly; called once, where the work is done."""

    def process(self, batch: Sequence[Any]) -> Sequence[Outcome[Any]]:
        """One outcome for each element, in their order."""


# Called with a stage when it begins.
Begin = Callable[[str, float | None], None]


def ignore(name: str, seconds: float | None) -> None:
    """For who doesn't want to know which stage is at work."""


def run_stages(stages: Sequence[Stage], batch: Sequence[Any], begin: Begin = ignore) -> list[Outcome[Any]]:
    """What becomes of each element of a batch in a row of stages: kept by all, or rejected or left out by one.

    Raises:
        MemoryError: what else could not be had then is unknown.
    """
    outcomes: list[Outcome[Any]] = [keep(element) for element in batch]
    for stage in stages:
        places = [place for place, outcome in enumerate(outcomes) if outcome.kept is not None]
        begin(stage.name, stage.seconds)
        for place, outcome in zip(places, _attempt(stage, [outcomes[place].kept for place in places]), strict=True):
            outcomes[place] = outcome
    return outcomes


def _attempt(stage: Stage, batch: list[Any]) -> list[Outcome[Any]]:
    if not batch:
        return []
    try:
        return list(stage.process(batch))
    except MemoryError:
        raise
    except Exception as error:  # whatever a library raises is the element's doing
        if len(batch) == 1:
            return [Outcome(rejected=reject_failed(batch[0], stage.name, describe_error(error)))]
    return [outcome for element in batch for outcome in _attempt(stage, [element])]


class Task(Protocol):
    """What a child process does for its parent."""

    def setup(self) -> Sequence[ModelRun]:
        """Load what is costly. Returns what runs the models that were loaded."""

    def run(self, request: Any, begin: Begin) -> Iterator[Any]:
        """Answers to a request, one or more. `begin` is called whenever another stage takes over."""


class StageChain(Generic[Answer]):
    """A task that runs stages on batches, one answer a batch.

    Args:
        make: gives the stages, in their order. Called by `setup`, so that only who runs them loads them.
        answer: makes the answer of the outcomes.
        first: the name of the first stage.
    """

    def __init__(
        self, make: Callable[[], Sequence[Stage]], answer: Callable[[list[Outcome[Any]]], Answer], first: str
    ) -> None:
        self._make, self._answer, self.first = make, answer, first

    def setup(self) -> list[ModelRun]:
        """Make the stages and set them up."""
        self._stages = tuple(self._make())
        for stage in self._stages:
            stage.setup()
        return [run for stage in self._stages for run in getattr(stage, "model_runs", ())]

    def run(self, request: Sequence[Any], begin: Begin) -> Iterator[Answer]:
        """The answer to a batch."""
        yield self._answer(run_stages(self._stages, request, begin))
