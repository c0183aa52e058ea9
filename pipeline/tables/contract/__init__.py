"""The contract of a run's tables, as checks that any run can be held to."""

from __future__ import annotations

from pipeline.tables.contract.finding import BREACH, OK, WARNING, Finding
from pipeline.tables.contract.hold import Limits, check_run

__all__ = ["BREACH", "OK", "WARNING", "Finding", "Limits", "check_run"]
