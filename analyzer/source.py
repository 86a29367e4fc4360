"""A capture that may have to be read twice: once for the account, once more for the rows that someone asks for."""

import os
from typing import BinaryIO

from analyzer.errors import UsageError

STANDARD_INPUT = "-"


class Source:
    """What a user named as a capture: a path, bytes, or a binary file object."""

    def __init__(self, named: str | os.PathLike[str] | bytes | BinaryIO) -> None:
        """Remember where a file object stands, so that it can be read from there again."""
        self._named = named
        self._reads = 0
        self._start: int | None = None
        if not isinstance(named, (str, os.PathLike, bytes, bytearray, memoryview)):
            self._start = named.tell() if named.seekable() else None

    def again(self) -> str | os.PathLike[str] | bytes | BinaryIO:
        """Return the capture to be read from its start.

        Raises `UsageError` the second time where it was a pipe: what a pipe delivered is gone.
        """
        self._reads += 1
        named = self._named
        if self._reads == 1 or isinstance(named, (bytes, bytearray, memoryview)):
            return named
        if isinstance(named, (str, os.PathLike)):
            if named == STANDARD_INPUT:
                raise UsageError("a pipe cannot be read twice; save the capture to a file first")
            return named
        if self._start is None:
            raise UsageError("this file object cannot be read twice: it cannot seek")
        named.seek(self._start)
        return named
