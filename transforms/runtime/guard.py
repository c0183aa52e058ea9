"""The guard: whatever an article does to the stages, it is rejected alone, and the run goes on, on every runner.

Stages that follow one another run as one task in a child of the worker (`sandbox`). A batch that brings its child down
is tried again element by element, and the element that does it alone is rejected, with the stage that was at work and
one of the four reasons of `outcome`. The worker lives on, so no runner need know of it.
"""

from __future__ import annotations

import contextlib
import math
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import apache_beam as beam
import msgspec
from apache_beam.metrics import Metrics
from apache_beam.utils.shared import Shared

from schemas.files import ModelRun
from schemas.records import Reject
from transforms.runtime.metrics import NAMESPACE, CountRejects
from transforms.runtime.outcome import CRASHED, KEPT, REJECTS, Failed, reject_failed
from transforms.runtime.sandbox import Limits, Sandbox, SandboxError, Sandboxes
from transforms.runtime.stage import StageChain, Task

RUNS = "runs"


@dataclass(frozen=True)
class Guard:
    """How a run is guarded; all its tasks share the children of a worker process.

    Args:
        limits: of an element at a stage.
        children: of one worker process, at most.
        storage: Beam's options, where the children have to do with remote storage.
        idle_seconds: how long after a bundle its children wait for another one, before they end and free their memory.
    """

    limits: Limits = field(default_factory=Limits)
    children: int = 1
    storage: Mapping[str, Any] = field(default_factory=dict)
    idle_seconds: float = math.inf
    shared: Shared = field(default_factory=Shared)

    def acquire(self) -> Sandboxes:
        """The children of this worker process."""
        found: Sandboxes = self.shared.acquire(self._make)
        return found

    def _make(self) -> Sandboxes:
        return Sandboxes(self.children, self.limits, self.storage, self.idle_seconds)


class Caller:
    """A task, to be called in a sandbox. Travels to the workers.

    Args:
        task: what is called.
        guard: the run's.
        stage: the one to blame until the child says which is at work.
        answer: the type of the task's answers.
    """

    def __init__(self, task: Task, guard: Guard, stage: str, answer: Any) -> None:
        self._task, self._guard, self._stage, self._answer = pickle.dumps(task), guard, stage, answer
        self.model_runs: list[ModelRun] = []
        self._own: Sandbox | None = None

    def setup(self) -> None:
        """Find this process's sandboxes."""
        self._sandboxes = self._guard.acquire()
        self._decoder = msgspec.msgpack.Decoder(self._answer)

    def begin_bundle(self) -> None:
        """A bundle begins, in which there may be calls."""
        self._sandboxes.begin_bundle()

    def end_bundle(self) -> None:
        """The bundle has ended."""
        self._sandboxes.end_bundle()

    def call(self, request: Any, *, alone: bool = False) -> list[Any]:
        """The answers to a request; `alone`: it is a single element, to be blamed for what comes of it.

        Raises:
            SandboxError: nothing, or not all, came of it.
        """
        with self._sandboxes.borrow() as sandbox:
            run = sandbox.run_alone if alone else sandbox.run
            answers, self.model_runs = run(self._task, pickle.dumps(request), self._stage)
            try:
                return [self._decoder.decode(answer) for answer in answers]
            except msgspec.MsgspecError as error:
                sandbox.close()
                raise SandboxError(self._stage, Failed(CRASHED, f"its process gave no sense: {error}")) from None

    def stream(self, request: Any) -> Iterator[Any]:
        """The answers to a request for a single element as they come, from a process that is this caller's alone.

        Raises:
            SandboxError: nothing, or nothing more, comes of it.
        """
        if self._own is None:
            self._own = Sandbox(self._guard.limits, self._guard.storage)
            self._decoder = msgspec.msgpack.Decoder(self._answer)
        for answer in self._own.stream_alone(self._task, pickle.dumps(request), self._stage):
            try:
                yield self._decoder.decode(answer)
            except msgspec.MsgspecError as error:
                self._own.close()
                raise SandboxError(self._stage, Failed(CRASHED, f"its process gave no sense: {error}")) from None

    def close(self) -> None:
        """End the process of `stream`, if there is one; the next request starts another."""
        if self._own is not None:
            self._own.close()

    def decode(self, answers: Sequence[bytes]) -> list[Any]:
        """Answers that came before an error, up to the first that makes no sense."""
        found = []
        with contextlib.suppress(msgspec.MsgspecError):
            for answer in answers:
                found.append(self._decoder.decode(answer))  # noqa: PERF401, those before it stand
        return found


class Answer(Protocol):
    """What a chain of stages answers to a batch."""

    rejects: tuple[Reject, ...]

    def outputs(self) -> Iterator[tuple[str, Any]]:
        """What goes on: the output's tag, the element."""

    def counts(self) -> Mapping[str, int]:
        """What is counted in Beam's metrics: counter → by how much."""


class CallStages(beam.DoFn):
    """Batches → what the answers hold, each on the output of its tag; rejects on `REJECTS`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def setup(self) -> None:
        """Find the sandboxes, make the counters."""
        self._caller.setup()
        self._rejects = CountRejects()

    def start_bundle(self) -> None:
        """What runs the models is said once a bundle."""
        self._runs_sent = False
        self._caller.begin_bundle()

    def finish_bundle(self) -> None:
        """The children may rest."""
        self._caller.end_bundle()

    def process(self, batch: list[Any]) -> Iterator[Any]:
        """Call the stages, element by element where the batch comes to nothing."""
        try:
            answers = self._caller.call(batch)
        except SandboxError:
            for element in batch:
                yield from self.process_alone(element)
        else:
            yield from self._send(answers)
        yield from self.send_runs()

    def send_runs(self) -> Iterator[Any]:
        """What runs the models, unless this bundle has said it."""
        if not self._runs_sent:
            yield from (beam.pvalue.TaggedOutput(RUNS, run) for run in self._caller.model_runs)
            self._runs_sent = True

    def process_alone(self, element: Any) -> Iterator[Any]:
        """Call the stages on one element; whatever it does to them is its reject."""
        try:
            answers = self._caller.call([element], alone=True)
        except SandboxError as error:
            yield self.reject(reject_failed(element, error.stage, error.failed))
        else:
            yield from self._send(answers)

    def _send(self, answers: list[Answer]) -> Iterator[Any]:
        for answer in answers:
            for name, count in answer.counts().items():
                Metrics.counter(NAMESPACE, name).inc(count)
            yield from map(self.reject, answer.rejects)
            for tag, element in answer.outputs():
                yield element if tag == KEPT else beam.pvalue.TaggedOutput(tag, element)

    def reject(self, rejected: Reject) -> Any:
        """The output of a reject, counted."""
        self._rejects.add(rejected)
        return beam.pvalue.TaggedOutput(REJECTS, rejected)


@dataclass
class Sandboxed(beam.PTransform):
    """Elements through a chain of stages in a sandbox: what is kept (`kept`), rejects (`rejects`), and more by tag.

    Args:
        chain: the stages, and how their outcomes become an answer.
        answer: the type of that answer, an `Answer`.
        guard: the run's.
        size_of: the size of an element; a batch is as many as have `batch_size`.
        batch_size: measured alike.
        tags: of outputs beside `kept` and `rejects`.
    """

    chain: StageChain[Any]
    answer: Any
    guard: Guard
    size_of: Callable[[Any], int]
    batch_size: int
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, elements: beam.PCollection[Any]) -> Any:
        """Batch, then call."""
        call = CallStages(Caller(self.chain, self.guard, self.chain.first, self.answer))
        batch = beam.BatchElements(self.batch_size, self.batch_size, element_size_fn=self.size_of)
        return elements | "Batch" >> batch | "Call" >> beam.ParDo(call).with_outputs(REJECTS, *self.tags, main=KEPT)
