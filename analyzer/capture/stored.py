"""The bytes of a capture as they are stored: a file, a pipe or memory, read without ever seeking."""

import io
import os
import select
import stat
from collections.abc import Callable
from typing import BinaryIO, Protocol

BLOCK_BYTES = 256 << 10  # bytes of a read: fits the second-level cache; larger ones were measured to be no faster


class StreamDamage(Exception):
    """The bytes end or break here; those delivered before are good. Its text is the reason, half a sentence."""


class ByteStream(Protocol):
    """A source of a capture's bytes."""

    compression: str | None

    @property
    def bytes_read(self) -> int:
        """Bytes taken from storage so far."""

    @property
    def size(self) -> int | None:
        """Bytes in storage, None where that is not known."""

    def fill(self, view: memoryview) -> int:
        """Put the bytes that have arrived, at least one, at the front of the view and count them; 0 at the end.

        Raises `StreamDamage` where the bytes break, after all good ones were delivered.
        """

    def close(self) -> None:
        """Close what was opened for this stream."""


class Stored:
    """A binary file object as a `ByteStream`: it delivers what a pipe holds now instead of waiting for more."""

    compression: str | None = None

    def __init__(self, file: BinaryIO | io.RawIOBase, owned: bool, size: int | None = None) -> None:
        """Read from `file`, and close it at the end if it is `owned`."""
        self._file = file
        self._owned = owned
        self._read_into = _reading(file)
        self.bytes_read = 0
        self.size = _regular_size(file) if size is None else size

    def fill(self, view: memoryview) -> int:
        """Read what is there, waiting for the first byte only."""
        try:
            count = self._read_into(view)
            while count is None:  # a descriptor that somebody else made non-blocking has nothing yet
                select.select([self._file], [], [])
                count = self._read_into(view)
        except OSError as error:
            raise StreamDamage(f"reading failed: {error.strerror or error}") from error
        except ValueError as error:  # a closed file, or one without a descriptor to wait on
            raise StreamDamage(f"reading failed: {error}") from error
        self.bytes_read += count
        return count

    def close(self) -> None:
        """Close the file if it is ours."""
        if self._owned:
            self._file.close()


def _reading(file: BinaryIO | io.RawIOBase) -> Callable[[memoryview], int | None]:
    """Return the read of this file object that waits least."""
    if isinstance(file, io.BufferedReader):
        return _buffered_reading(file)
    if isinstance(file, io.BufferedIOBase):
        return file.readinto1
    if isinstance(file, io.RawIOBase):
        return file.readinto
    read: Callable[[int], object] = getattr(file, "read1", file.read)  # of a stranger: it may return anything

    def read_into(view: memoryview) -> int | None:
        data = read(len(view))
        if data is None:
            return None
        if not isinstance(data, (bytes, bytearray, memoryview)) or len(data) > len(view):
            raise ValueError("the file object is not a binary file")
        view[: len(data)] = data
        return len(data)

    return read_into


def _buffered_reading(file: io.BufferedReader) -> Callable[[memoryview], int | None]:
    """Return a read that gives what Python has buffered without waiting for more, as `readinto1` does not."""

    def read_into(view: memoryview) -> int | None:
        data = file.read1(len(view))
        if not data:  # the end, or nothing yet on a descriptor that does not block: only the other read tells which
            return file.readinto1(view[:1])
        view[: len(data)] = data
        return len(data)

    return read_into


def _regular_size(file: BinaryIO | io.RawIOBase) -> int | None:
    """Return the size of a plain file; None for pipes, devices and other file objects."""
    raw = file.raw if isinstance(file, io.BufferedReader) else file
    if not isinstance(raw, io.FileIO):
        return None
    status = os.fstat(raw.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None
