"""Objects of a storage as files whose errors are one: Beam's readers fail with errors of many libraries, so that one
object that nobody may read would end the run.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from transforms.runtime.errors import StorageError

T = TypeVar("T")


class RemoteFile(io.BufferedIOBase):
    """An object as a file that can be read and moved about in.

    Args:
        path: where it lies, for messages.
        open_file: opens it, as one of Beam's file systems does.
        errors: what these raise for a storage that fails or keeps the object back.

    Raises:
        StorageError: one of those; also from the methods.
    """

    def __init__(self, path: str, open_file: Callable[[], Any], errors: tuple[type[Exception], ...]) -> None:
        super().__init__()
        self._path = path
        self._errors = errors
        self._file: Any = self._try(open_file)
        self._size = self.seek(0, os.SEEK_END)
        self.seek(0)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` further bytes; all without it.

        An answer that is shorter than the object says is asked for again from where it ended.
        """
        wanted = self._size - self.tell()
        if size is not None and size >= 0:
            wanted = min(wanted, size)
        found: bytes = self._try(self._file.read, wanted) if wanted > 0 else b""
        while len(found) < wanted:
            more: bytes = self._try(self._file.read, wanted - len(found))
            if not more:
                message = f"{self._path} ends {wanted - len(found)} bytes before its size of {self._size}"
                raise StorageError(message)
            found += more
        return found

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place, at most to the end."""
        return int(self._try(self._file.seek, offset, whence))

    def tell(self) -> int:
        """The place of the next byte."""
        return int(self._file.tell())

    def close(self) -> None:
        """Let go of what was fetched."""
        if not self.closed:
            file = getattr(self, "_file", None)
            if file is not None:
                file.close()
        super().close()

    def _try(self, call: Callable[..., T], *args: Any, **named: Any) -> T:
        try:
            return call(*args, **named)
        except self._errors as error:
            _fail(self._path, error)


def _fail(path: str, error: BaseException) -> NoReturn:
    # The client's message repeats the address with its whole query; the first line says what happened.
    said = " ".join(str(error).split())[:300]
    raise StorageError(f"{path}: {type(error).__name__}: {said}") from error
