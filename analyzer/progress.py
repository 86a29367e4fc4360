"""How far the reading is, on standard error: a bar on a terminal, else a line now and then; at first nothing.

Reading the same capture again starts over.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from analyzer.terminal import units

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

QUIET_S = 1.0  # before anything is shown
REDRAWN_EVERY_S = 0.1
LINE_EVERY_S = 10.0  # where standard error is no terminal


class Progress:
    """Called with the bytes that were read and all there are (None: not known); a context that clears up after it."""

    def __init__(self, file: TextIO | None = None) -> None:
        """Take the file to write to: standard error by default."""
        self._file = sys.stderr if file is None else file
        self._terminal = self._file is not None and self._file.isatty()
        self._next_s = time.monotonic() + (QUIET_S if self._terminal else LINE_EVERY_S)
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def __call__(self, done: int, size: int | None) -> None:
        """Show how far it is, if it is time to."""
        now_s = time.monotonic()
        if now_s < self._next_s or self._file is None:
            return
        if self._terminal:
            self._next_s = now_s + REDRAWN_EVERY_S
            self._draw(done, size)
        else:
            self._next_s = now_s + LINE_EVERY_S
            self._file.write(f"tcpscope: {_words(done, size)}\n")
            self._file.flush()

    def clear(self) -> None:
        """Remove the bar, so that other things can be printed; it comes back when it is called again."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _draw(self, done: int, size: int | None) -> None:
        """Draw the bar."""
        if self._bar is None:
            self._bar = _new_bar(self._file)
            self._task = self._bar.add_task("reading", total=size)
            self._bar.start()
        assert self._task is not None  # made together with the bar
        self._bar.update(self._task, completed=done, total=size, refresh=True)


def _words(done: int, size: int | None) -> str:
    """Return how far it is in words."""
    if not size:
        return f"{units.size(done)} read"
    return f"{units.size(done)} of {units.size(size)} read ({min(done * 100 // size, 100)} %)"


def _new_bar(file: TextIO) -> Bar:
    """Return a bar that vanishes when it is stopped, and that nothing but a call redraws."""
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
        console=Console(file=file),
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
