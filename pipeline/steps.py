"""One record, step by step through the stages that a run would put it through: for `trace` and `inspect`."""

from __future__ import annotations

import pickle

import msgspec

from pipeline.chains import ReadingSettings
from pipeline.stages import preparation
from pipeline.step_task import CLEAN, Steps, StepTask
from schemas.records import RawRecord
from transforms.runtime.outcome import reject_failed
from transforms.runtime.sandbox import Limits, Sandbox, SandboxError


class StepByStep:
    """Puts records through the stages, in a child process. To be closed.

    Args:
        reading: as of a run.
        until: the name of the last stage, `parse` or `clean`.
        seconds: for one record at a stage.
    """

    def __init__(self, reading: ReadingSettings, until: str = CLEAN, seconds: float = 60.0) -> None:
        stages = preparation(reading)
        last = [stage.name for stage in stages].index(until)
        self._task = pickle.dumps(StepTask(stages[: last + 1]))
        self._first = stages[0].name
        self._sandbox = Sandbox(Limits(seconds=seconds))

    def run(self, record: RawRecord) -> Steps:
        """How far a record comes."""
        try:
            (answer,), _ = self._sandbox.run_alone(self._task, pickle.dumps(record), self._first)
        except SandboxError as error:
            return Steps(reject=reject_failed(record, error.stage, error.failed))
        return msgspec.msgpack.decode(answer, type=Steps)

    def close(self) -> None:
        """End the child."""
        self._sandbox.close()
