"""The whole analysis of a capture, events and all, for the commands that look into connections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.errors import UsageError

if TYPE_CHECKING:
    from analyzer.analysis import Analysis
    from analyzer.progress import Progress
    from analyzer.settings import Settings


SMALL_BYTES = 16 << 20  # of captures; as packets of headers alone a quarter million segments, some 100 MB as rows


@dataclass(frozen=True)
class Whole:
    """An analysis; `interrupted` where Ctrl-C ended the pipe that it comes from; clear `progress` before printing."""

    analysis: Analysis
    interrupted: bool
    progress: Progress
    captures: Sequence[Any]

    def again(self) -> Any:
        """Return the first capture, to be read by others from its start."""
        capture = self.captures[0]
        if not isinstance(capture, str):
            capture.seek(0)
        return capture


@contextmanager
def whole(
    captures: Sequence[str], numbers: Sequence[int] = (), settings: Settings | None = None, record: bool = False
) -> Iterator[Whole]:
    """Analyze captures that are read again later, pipes too; raises `UsageError` for a connection that is not there.

    With `record` small captures are not: what is asked for of all connections is kept from the first reading.
    """
    from analyzer.analysis import analyze
    from analyzer.progress import Progress
    from analyzer.standard_input import replayable

    with Progress() as progress, replayable(captures, progress) as sources:
        recorded = record and _small(sources.captures)
        analysis = analyze(*sources.captures, settings=settings, progress=progress, record=recorded)
        if analysis.interrupted:
            raise KeyboardInterrupt  # half an account of a connection would look like a whole one
        for number in numbers:
            _check_number(number, analysis.capture.connections)
        yield Whole(analysis, sources.interrupted, progress, sources.captures)


def _small(captures: Sequence[Any]) -> bool:
    """Return whether all captures are files that stay small in memory, compressed ones as well."""
    paths = [Path(capture) for capture in captures if isinstance(capture, str)]
    files = [path for path in paths if path.is_file()]
    return len(files) == len(captures) and sum(path.stat().st_size for path in files) <= SMALL_BYTES


def _check_number(number: int, connections: int) -> None:
    """Raise `UsageError` where there is no connection of that number."""
    if number < connections:
        return
    if connections == 0:
        raise UsageError(f"there is no connection {number}: the capture has none")
    numbered = (
        "the only one is 0" if connections == 1 else f"the {connections:,} connections are 0 to {connections - 1}"
    )
    raise UsageError(f"there is no connection {number}: {numbered}")
