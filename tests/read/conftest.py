from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from schemas.files import FileRange, InputFile
from schemas.records import RawRecord, Reject, Skipped
from transforms.read import ranges
from transforms.read.plan import plan_file
from transforms.read.ranges import divide, read_range

Found = RawRecord | Reject | Skipped
LIMIT = 1 << 20


@pytest.fixture(params=["at once", "divided"])
def read(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[Found]]:
    """Everything that is read of a file: at once, as a small one is, and divided, as a large one is."""
    folder = str(tmp_path_factory.mktemp("blocks"))

    def read_file(path: Path, *, limit: int = LIMIT, file_format: str = "") -> list[Found]:
        plan = plan_file(InputFile(str(path), path.stat().st_size), file_format=file_format, range_size=1000)
        if isinstance(plan, Reject):
            return [plan]
        monkeypatch.setattr(ranges, "SMALL", 1 << 40 if request.param == "at once" else 0)
        where = {"folder": folder, "range_size": 1000}
        found: list[Found] = []
        read_on = partial(read_range, max_record_size=limit, file_format=file_format)
        for part in plan:
            for piece in divide(part, max_record_size=limit, read=read_on, **where):
                if isinstance(piece, FileRange):
                    found += read_on(piece)
                else:
                    found.append(piece)
        places = [(item.source_file, item.source_offset) for item in found if not isinstance(item, Skipped)]
        assert len(places) == len(set(places)), "two records of one place"
        return found

    return read_file
