"""What a worker has in hand: a small file that outlives the worker, by which whoever looks knows what brought it down.

Each step of a worker has a file of its own, mapped into memory, so that taking an article in hand and letting it go
costs about a microsecond and no system call. Layout, little-endian: a byte, whether something is in hand; `HEAD` (since
when on the machine's monotonic clock, how many keys); the keys of 16 bytes. The byte is written last, for whoever looks
at that very moment.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

SUFFIX = ".hand"
HEAD = struct.Struct("<dI")
KEYS = 1 + HEAD.size  # where they begin
KEY_SIZE = 16
MOST_KEYS = 4000
SIZE = KEYS + KEY_SIZE * MOST_KEYS


class Held(NamedTuple):
    """What a hand held: the process and stage, since when (monotonic seconds), and the keys."""

    pid: int
    born: float
    stage: str
    since: float
    keys: frozenset[bytes]

    def is_dead(self) -> bool:
        """Whether its process is gone."""
        try:
            process = psutil.Process(self.pid)
            return process.status() == psutil.STATUS_ZOMBIE or abs(process.create_time() - self.born) > 1
        except psutil.Error:
            return True


class Hand:
    """The hand of this process at one stage; without a folder it leaves no trace.

    Args:
        folder: a directory of this machine.
        stage: a word without a dash.
    """

    def __init__(self, folder: str, stage: str) -> None:
        self._map: mmap.mmap | None = None
        self._path: Path | None = None
        if not folder or not Path(folder).is_dir():
            return
        born = psutil.Process().create_time()
        self._path = Path(folder) / f"{os.getpid()}-{born!r}-{stage}-{uuid.uuid4().hex[:8]}{SUFFIX}"
        with self._path.open("wb+") as file:
            file.truncate(SIZE)
            self._map = mmap.mmap(file.fileno(), SIZE)

    def take(self, keys: Sequence[bytes]) -> None:
        """Take articles in hand."""
        if self._map is not None:
            some = b"".join(keys[:MOST_KEYS])
            self._map[KEYS : KEYS + len(some)] = some
            HEAD.pack_into(self._map, 1, time.monotonic(), len(some) // KEY_SIZE)
            self._map[0] = 1

    def drop(self) -> None:
        """Let them go."""
        if self._map is not None:
            self._map[0] = 0

    def close(self) -> None:
        """Leave nothing behind."""
        if self._map is not None and self._path is not None:
            self._map.close()
            self._map = None
            with contextlib.suppress(OSError):
                self._path.unlink()


def held(folder: str) -> Iterator[Held]:
    """All hands that hold something, those of dead processes too."""
    for path in Path(folder).glob(f"*{SUFFIX}") if folder else ():
        with contextlib.suppress(OSError, ValueError, struct.error):
            pid, born, stage, _ = path.name.split("-")
            content = path.read_bytes()
            since, count = HEAD.unpack_from(content, 1)
            keys = (content[at : at + KEY_SIZE] for at in range(KEYS, KEYS + KEY_SIZE * count, KEY_SIZE))
            if content[0]:
                yield Held(int(pid), float(born), stage, since, frozenset(keys))
