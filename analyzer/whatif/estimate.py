"""The estimate: how long a transfer would have taken under another sender, beside what it really took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzer import rows
from analyzer.errors import UsageError
from analyzer.selection import rows_of_flow
from analyzer.whatif.circumstances import Circumstances
from analyzer.whatif.reading import circumstances_of, completion_ns
from analyzer.whatif.simulation import Simulation, Transfer
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, Sender

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

Row = dict[str, int]
USUAL_WINDOW = 10  # segments, RFC 6928 (2)


@dataclass(frozen=True)
class Question:
    """What is asked: another congestion control, initial window in segments, window of the peer in bytes.

    None leaves it as it was.
    """

    control: CongestionControl | None = None
    window: int | None = None
    rwnd: int | None = None


@dataclass(frozen=True)
class Estimate:
    """The answer; times in ns from the first byte to the acknowledgment of the last one that was.

    `same` is the simulation of the sender as it was: how far it is from `real_ns` tells what the estimate is worth.
    """

    sender: Sender
    met: Circumstances
    real_ns: int
    was: CongestionControl
    was_window: int
    asked: Question
    same: Transfer
    other: Transfer

    @property
    def error(self) -> float | None:
        """Return how far the simulation of the sender as it was is from the truth, as a share of it."""
        return None if self.same.completion_ns is None else self.same.completion_ns / self.real_ns - 1

    @property
    def change(self) -> float | None:
        """Return how much longer the other sender takes, as a share: of the simulated time of the sender as it was.

        What the simulation gets wrong it gets wrong for both, and most of that is not in their ratio.
        """
        if self.same.completion_ns is None or self.other.completion_ns is None:
            return None
        return self.other.completion_ns / self.same.completion_ns - 1

    @property
    def estimate_ns(self) -> int | None:
        """Return the estimated time: the real one, changed as the simulation changes."""
        return None if self.change is None else round(self.real_ns * (1 + self.change))


def estimate(analysis: Analysis, number: int, sender: Sender, asked: Question) -> Estimate:
    """Return the estimate for one end of a connection; raises `UsageError` where the capture shows too little."""
    direction = next(
        row for row in rows.raw_rows(rows_of_flow(analysis.direction_rows, number)) if row["sender"] == sender
    )
    if direction["unique_bytes"] <= 0:
        raise UsageError(f"the {sender.text} of connection {number} sent no data")
    met = circumstances_of(analysis, number, sender)
    was = _control(analysis, number, direction)
    window = _window(direction)
    same = Simulation(met, was, window).run()
    control, first = asked.control or was, asked.window or window
    changed = (control, first, asked.rwnd) != (was, window, None)
    other = Simulation(met, control, first, asked.rwnd).run() if changed else same
    return Estimate(sender, met, completion_ns(analysis, number, sender), was, window, asked, same, other)


def _control(analysis: Analysis, number: int, direction: Row) -> CongestionControl:
    """Return the congestion control that is named, else the one that fits best, else Linux's default since 2.6.19."""
    if direction["congestion_control"] not in (UNKNOWN, CongestionControl.UNKNOWN):
        return CongestionControl(direction["congestion_control"])
    for row in rows.raw_rows(analysis.candidate_rows(number)):
        if row["sender"] == direction["sender"] and row["best"]:
            return CongestionControl(row["control"])
    return CongestionControl.CUBIC


def _window(direction: Row) -> int:
    """Return the initial window: what was sent first, the usual one where that is less and may not have been all."""
    return max(direction["initial_window"], USUAL_WINDOW)
