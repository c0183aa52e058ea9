"""Rejects in Beam's metrics, for the runner's page; the ledger counts what was written."""

from __future__ import annotations

from typing import Any

from apache_beam.metrics import Metrics

from schemas.records import Reject

NAMESPACE = "newsbeam"


class CountRejects:
    """Counts rejects, all together and by stage and reason."""

    def __init__(self) -> None:
        self._total = Metrics.counter(NAMESPACE, "rejects")
        self._by_reason: dict[str, Any] = {}

    def add(self, rejected: Reject) -> None:
        """Count one."""
        name = f"rejects_{rejected.stage}_{rejected.reason}"
        if name not in self._by_reason:
            self._by_reason[name] = Metrics.counter(NAMESPACE, name)
        self._by_reason[name].inc()
        self._total.inc()
