"""Worker machines: how many processors a type has, and which quotas of a region they count against.

Metrics as Compute Engine's `regions.get` names them: https://cloud.google.com/compute/resource-usage
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Work that is bound by processors, one process and one copy of the model for each: 4 GB a processor hold it with room.
MACHINE_TYPE = "n2-standard-4"
MAX_WORKERS = 10
# The system, the image with its models, and a file or two; what is shuffled lies with the service.
DISK_GB = 50

# Series whose processors are counted apart from all others.
OWN_METRIC = {"n2", "n2d", "c2", "c2d", "c3", "c3d", "c4", "t2d", "t2a", "m1", "m2", "m3", "n4"}
SHARED_CORE = {"f1-micro": 1, "g1-small": 1, "e2-micro": 2, "e2-small": 2, "e2-medium": 2}


@dataclass(frozen=True)
class Fleet:
    """The workers of a job: how many at most, of what kind, with what disk, and whether with public addresses."""

    workers: int
    machine_type: str
    disk_gb: int
    public_ips: bool


def processors(machine_type: str) -> int | None:
    """The processors of a machine type (`n2-standard-4`, `custom-8-32768`); None for a name of no known form."""
    if machine_type in SHARED_CORE:
        return SHARED_CORE[machine_type]
    if found := re.fullmatch(r"(?:[a-z]\w*-)?custom-(\d+)-\d+(?:-ext)?", machine_type):
        return int(found[1])
    if found := re.fullmatch(r"[a-z]\w*-[a-z]+-(\d+)(?:-\w+)?", machine_type):
        return int(found[1])
    return None


def processor_metric(machine_type: str) -> str:
    """The quota that a machine type's processors count against."""
    series = machine_type.partition("-")[0]
    return f"{series.upper()}_CPUS" if series in OWN_METRIC else "CPUS"


def demand(fleet: Fleet) -> dict[str, int]:
    """Metric → what the whole fleet takes of it."""
    found = {"INSTANCES": fleet.workers, "DISKS_TOTAL_GB": fleet.workers * fleet.disk_gb}
    count = processors(fleet.machine_type)
    if count is not None:
        found[processor_metric(fleet.machine_type)] = fleet.workers * count
    if fleet.public_ips:
        found["IN_USE_ADDRESSES"] = fleet.workers
    return found


def affordable(fleet: Fleet, free: Mapping[str, float]) -> int:
    """The most workers of the fleet's kind, up to its own number, that the free quota holds.

    Args:
        fleet: what is asked for.
        free: metric → what is left of it; what isn't named has no limit.
    """
    each = {metric: needed / fleet.workers for metric, needed in demand(fleet).items()}
    limits = [int(free[metric] // needed) for metric, needed in each.items() if metric in free]
    return max(0, min([fleet.workers, *limits]))
