"""Writing a report whole or not at all: under a temporary name beside its place, then renamed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analyzer.errors import UsageError

MARK = '<meta name="generator" content="tcpscope">'  # by which a folder is known as an earlier report
_INDEX = "index.html"
_MARK_WITHIN = 4_096  # bytes from the start of the page


def write_file(path: Path, text: str) -> None:
    """Write one file; raises `UsageError` where it cannot be written, and what stood there stays."""
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(0o666 & ~_mask())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder to write into, which takes the place of `path` at the end.

    An earlier report there is replaced; raises `UsageError` where anything else stands.
    """
    _check_replaceable(path)
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
        try:
            made = temporary / "new"
            made.mkdir(mode=0o777)
            yield made
            if path.exists():
                path.replace(temporary / "old")
            made.replace(path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _check_replaceable(path: Path) -> None:
    """Raise `UsageError` where something stands that no report wrote."""
    if not path.exists():
        return
    if not path.is_dir():
        raise UsageError(f"{path}: is a file, not a folder; name it .html for a report in one file")
    index = path / _INDEX
    with _told(path):
        if any(path.iterdir()) and not (index.is_file() and MARK in _start_of(index)):
            raise UsageError(f"{path}: holds other files; name an empty or a new folder")


def _start_of(index: Path) -> str:
    with index.open("rb") as stream:
        return stream.read(_MARK_WITHIN).decode("utf-8", "replace")


def _mask() -> int:
    """Return the mask of permissions, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system says about a file into one line."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error
