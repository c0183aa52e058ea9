"""Poison: the article that makes a stage raise, exhaust memory, crash or run for ever is found and rejected alone.

A stage's DoFn is wrapped in `Guarded`. An error that a stage's function raises becomes a reject of the article at
hand; of a batch, each article is tried by itself. What takes the whole worker down can't be caught there, so each
worker notes what it has in hand (`hands`). Whoever watches over the run ends a worker that overstays its time or its
memory, and starts again. The next worker finds what the dead one held, tries each of these in a process of its own
(`trial`), with limits, and rejects what brings that down too. Nothing is rejected for having been at the wrong place:
only for what it does when it is alone. Reasons for a reject, of whichever stage, all of them worth another try:

- `failed`: an error that the stage doesn't know of.
- `timeout`: no result within the limit.
- `out_of_memory`: more than the limit, or than there is.
- `crashed`: it ended the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import xxhash
from apache_beam.internal import pickler

from schemas.files import FileRange
from schemas.records import Article, Document, RawRecord, Reject
from transforms.runtime.hands import Hand, held
from transforms.runtime.outcome import REJECTS, CountRejects, reject, reject_article
from transforms.runtime.trial import Ended, Limits, try_each
from transforms.runtime.verdicts import Verdicts

FAILED, OUT_OF_MEMORY = "failed", "out_of_memory"
Subject = Article | RawRecord | FileRange


@dataclass(frozen=True)
class Guard:
    """How a run is guarded.

    Args:
        folder: a directory of the worker's machine for notes of what is in hand; "" for none.
        limits: of one article by itself.
    """

    folder: str = ""
    limits: Limits = field(default_factory=Limits)


UNGUARDED = Guard()


def subject_of(item: Any) -> Subject:
    """What is to blame for an element of a stage: the record, article or part of a file."""
    found: Subject = item.article if isinstance(item, Document) else item
    return found


def key_of(subject: Subject) -> bytes:
    """16 bytes for the place of a record, or for a part of a file."""
    place = subject.start if isinstance(subject, FileRange) else subject.source_offset
    kind = f"range:{subject.stop}" if isinstance(subject, FileRange) else ""
    return xxhash.xxh3_128_digest(f"{subject.source_file}\0{place}\0{kind}".encode("utf-8", "surrogatepass"))


def reject_poison(subject: Subject, stage: str, ended: Ended) -> Reject:
    """The reject of what did that."""
    if isinstance(subject, Article):
        rejected: Reject = reject_article(subject, stage, ended.reason, ended.message, retryable=True).rejected  # type: ignore[assignment]
        return rejected
    whole = isinstance(subject, RawRecord)
    return reject(
        stage,
        ended.reason,
        ended.message,
        source_file=subject.source_file,
        source_offset=subject.source_offset if isinstance(subject, RawRecord) else max(subject.start, 0),
        payload=subject.payload if isinstance(subject, RawRecord) else b"",
        payload_size=None if whole else subject.size,  # type: ignore[union-attr]
        retryable=True,
        unit=subject.unit if isinstance(subject, RawRecord) else "",
    )


def describe_error(error: BaseException) -> Ended:
    """Why a stage gave nothing, from what it raised."""
    reason = OUT_OF_MEMORY if isinstance(error, MemoryError) else FAILED
    return Ended(reason, f"{type(error).__name__}: {error}"[:500])


class Watch:
    """Watches over one stage of one worker. Made in the worker, closed by it.

    Args:
        guard: how.
        stage: the stage's name, a word.
    """

    def __init__(self, guard: Guard, stage: str) -> None:
        self._guard, self._stage = guard, stage
        self._hand = Hand(guard.folder, stage)
        self._verdicts = Verdicts(guard.folder, stage)
        dead = [item for item in held(guard.folder) if item.stage == stage and item.is_dead()]
        self._suspects = frozenset(key for item in dead for key in item.keys)

    def is_suspect(self, subject: Subject) -> bool:
        """Whether a worker died with it in hand at this stage."""
        return bool(self._suspects) and key_of(subject) in self._suspects

    def work(self, call: Any, *args: Any, subjects: Sequence[Subject]) -> list[Any] | Ended:
        """What `call(*args)` gives, all of it, while the subjects are noted as in hand; or why there is nothing."""
        self._hand.take([key_of(subject) for subject in subjects])
        try:
            return list(call(*args) or ())
        except Exception as error:
            return describe_error(error)
        finally:
            self._hand.drop()

    def work_alone(
        self, call: Any, several: Sequence[Any], subjects: Sequence[Subject], setup: Any = None
    ) -> Iterator[list[Any] | Ended]:
        """The same for `call(one)` of each in turn, in a process apart, with limits, after `setup()` there.

        What brings the process down is known by its being in hand there; the rest goes on in another. Of those that
        gave nothing before, nothing is tried again.
        """
        keys = [key_of(subject) for subject in subjects]
        known = [self._verdicts.find(key) for key in keys]
        calls = [(one,) for one, ended in zip(several, known, strict=True) if ended is None]
        tried = try_each(call, calls, setup=setup, limits=self._guard.limits)
        for key, ended in zip(keys, known, strict=True):
            found = ended or next(tried)
            if isinstance(found, Ended) and ended is None:
                self._verdicts.note(key, found)
            yield found

    def close(self) -> None:
        """Let go of everything."""
        self._hand.close()


class _Fresh:
    """A DoFn as it was before it was set up, for another process."""

    def __init__(self, dofn: beam.DoFn) -> None:
        self._pickled = pickler.dumps(dofn)

    def setup(self) -> None:
        self._dofn = pickler.loads(self._pickled)
        self._dofn.setup()

    def process(self, element: Any) -> Any:
        return self._dofn.process(element)


class Guarded(beam.DoFn):
    """A stage's DoFn under guard: its elements are subjects, documents or lists of either.

    Args:
        inner: the DoFn; one that keeps nothing from one element to the next.
        stage: the stage's name, for rejects.
        guard: how.
    """

    def __init__(self, inner: beam.DoFn, stage: str, guard: Guard) -> None:
        self._inner, self._stage, self._guard = inner, stage, guard

    def setup(self) -> None:
        """Set the inner one up."""
        self._watch = Watch(self._guard, self._stage)
        self._rejects = CountRejects()
        self._fresh = _Fresh(self._inner)
        self._inner.setup()

    def start_bundle(self) -> None:
        """The inner one's."""
        self._inner.start_bundle()

    def process(self, element: Any) -> Iterator[Any]:
        """What the inner one makes of it; rejects of what it can't on `REJECTS`."""
        items = element if isinstance(element, list) else [element]
        suspects = [item for item in items if self._watch.is_suspect(subject_of(item))]
        alone = [[item] for item in suspects] if isinstance(element, list) else suspects
        blamed = [subject_of(item) for item in suspects]
        tried = self._watch.work_alone(self._fresh.process, alone, blamed, self._fresh.setup)
        for item, found in zip(suspects, tried, strict=True):
            yield from self._outcome(found, [item], element)
        rest = [item for item in items if item not in suspects] if suspects else items
        if rest:
            yield from self._work(rest, element)

    def _work(self, items: list[Any], element: Any) -> Iterator[Any]:
        argument = items if isinstance(element, list) else items[0]
        found = self._watch.work(self._inner.process, argument, subjects=[subject_of(item) for item in items])
        yield from self._outcome(found, items, element)

    def _outcome(self, found: list[Any] | Ended, items: list[Any], element: Any) -> Iterator[Any]:
        if not isinstance(found, Ended):
            yield from found
        elif len(items) > 1:
            for item in items:
                yield from self._work([item], element)
        else:
            rejected = reject_poison(subject_of(items[0]), self._stage, found)
            self._rejects.add(rejected)
            yield beam.pvalue.TaggedOutput(REJECTS, rejected)

    def teardown(self) -> None:
        """The inner one's."""
        self._inner.teardown()
        self._watch.close()
