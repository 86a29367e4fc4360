"""Standard input as a capture: a pipe that can be read once, kept in a temporary file where it is read again."""

import io
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from analyzer.errors import CaptureError, UsageError
from analyzer.source import STANDARD_INPUT

NAME = "standard input"
_BLOCK_BYTES = 1 << 20  # of a read; a pipe holds 64 KiB unless somebody enlarged it
Progress = Callable[[int, int | None], None]


@dataclass
class Replayable:
    """Captures of which each can be read several times; `interrupted` where Ctrl-C ended a pipe."""

    captures: list[str | BinaryIO | io.RawIOBase]
    interrupted: bool = False


def check_standard_input(captures: Sequence[str]) -> None:
    """Raise `TcpscopeError` where standard input is to be read and cannot be."""
    if STANDARD_INPUT not in captures:
        return
    if captures.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input (-) can be read once only")
    if sys.stdin is None or sys.stdin.closed:
        raise CaptureError(f"{NAME}: is closed")
    if sys.stdin.isatty():
        raise UsageError("standard input is a terminal; pipe a capture into it: tcpdump -U -w - | tcpscope ... -")


@contextmanager
def replayable(captures: Sequence[str], progress: Progress) -> Iterator[Replayable]:
    """Yield the captures, standard input as a file: itself where it is one, else a temporary copy.

    Ctrl-C ends the copying, and what came until then is the capture.
    """
    check_standard_input(captures)
    if STANDARD_INPUT not in captures:
        yield Replayable([*captures])
        return
    with _file() as file:
        file.name = NAME
        interrupted = not _is_file(sys.stdin.fileno()) and _copy(sys.stdin.fileno(), file, progress)
        yield Replayable([file if capture == STANDARD_INPUT else capture for capture in captures], interrupted)


def _is_file(descriptor: int) -> bool:
    """Return whether a descriptor is of a plain file."""
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


def _file() -> io.FileIO:
    """Return standard input where it is a plain file, else an empty temporary file."""
    if _is_file(sys.stdin.fileno()):
        return io.FileIO(sys.stdin.fileno(), closefd=False)
    import tempfile

    return tempfile.TemporaryFile(buffering=0)


def _copy(descriptor: int, file: io.FileIO, progress: Progress) -> bool:
    """Copy a pipe to its end and return to the start of the copy; True where Ctrl-C came first."""
    copied, interrupted = 0, False
    try:
        while block := os.read(descriptor, _BLOCK_BYTES):
            file.write(block)
            copied += len(block)
            progress(copied, None)
    except KeyboardInterrupt:
        interrupted = True
    file.seek(0)
    return interrupted
