"""The rows of windows of one sender, in its own order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer import rows
from analyzer.selection import rows_of_flow
from reconstruct.vocabulary import SegmentKind, Sender

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

Row = dict[str, int]


def own_windows(analysis: Analysis, number: int, sender: int) -> list[Row]:
    """Return the rows of windows of one end of a connection in order; the capture is read again.

    Where the sender's order had to be rebuilt, its rows at what it heard are of another time than those at what it
    sent: there only the latter are in its own order, and are returned.
    """
    windows = [row for row in rows.raw_rows(analysis.window_rows(number)) if row["sender"] == sender]
    windows.sort(key=lambda row: row["frame"])
    if not is_rebuilt(analysis, number, sender):
        return windows
    own = {row["frame"] for row in rows.raw_rows(analysis.segment_rows(number)) if _is_sent_in_order(row, sender)}
    return [row for row in windows if row["frame"] in own]


def is_rebuilt(analysis: Analysis, number: int, sender: int) -> bool:
    """Return whether the order of a sender's events is not that of the capture."""
    return any(row["rebuilt"] for row in rows.raw_rows(analysis.candidate_rows(number)) if row["sender"] == sender)


def busier(analysis: Analysis, number: int) -> Sender:
    """Return the end of a connection that sent more."""
    sent = {row["sender"]: row["unique_bytes"] for row in rows.raw_rows(rows_of_flow(analysis.direction_rows, number))}
    return max(Sender, key=lambda sender: sent.get(sender, 0))


def _is_sent_in_order(segment: Row, sender: int) -> bool:
    """Return whether a sender sent a segment, and it came to the tap in the order in which it did."""
    late = segment["kind"] in (SegmentKind.OUT_OF_ORDER, SegmentKind.NETWORK_DUPLICATE)
    return segment["sender"] == sender and not late
