"""The rows of windows of one sender, in its own order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer import rows
from analyzer.selection import rows_of_flow, rows_of_sender
from reconstruct.vocabulary import SegmentKind, Sender

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

Row = dict[str, int]
_LATE = (SegmentKind.OUT_OF_ORDER, SegmentKind.NETWORK_DUPLICATE)  # not in the order in which they were sent


def own_windows(analysis: Analysis, number: int, sender: int) -> list[Row]:
    """Return the rows of windows of one end of a connection in order; the capture is read again.

    Where the sender's order had to be rebuilt, its rows at what it heard are of another time than those at what it
    sent: there only the latter are in its own order, and are returned.
    """
    windows = list(rows.raw_rows(rows_of_sender(analysis.window_rows(number), sender)))
    windows.sort(key=lambda row: row["frame"])
    if not is_rebuilt(analysis, number, sender):
        return windows
    sent = rows.raw_rows(rows_of_sender(analysis.segment_rows(number), sender))
    own = {row["frame"] for row in sent if row["kind"] not in _LATE}
    return [row for row in windows if row["frame"] in own]


def is_rebuilt(analysis: Analysis, number: int, sender: int) -> bool:
    """Return whether the order of a sender's events is not that of the capture."""
    return any(row["rebuilt"] for row in rows.raw_rows(analysis.candidate_rows(number)) if row["sender"] == sender)


def busier(analysis: Analysis, number: int) -> Sender:
    """Return the end of a connection that sent more."""
    sent = {row["sender"]: row["unique_bytes"] for row in rows.raw_rows(rows_of_flow(analysis.direction_rows, number))}
    return max(Sender, key=lambda sender: sent.get(sender, 0))
