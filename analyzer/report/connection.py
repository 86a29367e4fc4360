"""What the page of one connection carries: its rows as packed columns, its figures, its findings, its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analyzer import rows
from analyzer.report.cells import Rows
from analyzer.report.columns import Against, Column, pack
from analyzer.report.verdict import verdict
from reconstruct.recorder import SEGMENT_COLUMNS, WINDOW_COLUMNS
from reconstruct.rules import Rule
from reconstruct.seq import UNKNOWN

if TYPE_CHECKING:
    from analyzer.report.cells import Cells

_SEGMENTS_AGAINST = {
    "frame": Against.ROW_BEFORE,
    "time_ns": Against.ROW_BEFORE,
    "seq": Against.SENDER_END,
    "ack": Against.SENDER_BEFORE,
    "window": Against.SENDER_BEFORE,
    "rtt_ns": Against.SENDER_BEFORE,
    "figure_b": Against.ROW_BEFORE,
}
_WINDOWS_AGAINST = {
    "frame": Against.ROW_BEFORE,
    **dict.fromkeys(("flight", "rwnd", "cwnd", "cwnd_low", "cwnd_high", "ssthresh", "srtt_ns"), Against.SENDER_BEFORE),
}
# Of these a connection has a few different rows only.
_TOGETHER = ("sender", "len", "flags", "kind", "rule", "spurious", "client_state", "server_state")


@dataclass(frozen=True)
class Recorded:
    """One connection's rows of the three tables that are recorded when asked for."""

    segments: Rows
    windows: Rows
    events: Rows


def connection_data(
    flow: Mapping[str, Any], directions: Sequence[Mapping[str, Any]], findings: Sequence[Any], recorded: Recorded
) -> dict[str, Any]:
    """Return the data of one connection's page; times of its rows are ns since the first segment.

    `flow` and `directions` are rows of the public tables, `findings` those about this connection.
    """
    start_ns = int(recorded.segments["time_ns"][0]) if recorded.segments.count else 0
    return {
        "flow": dict(flow),
        "directions": [dict(direction) for direction in directions],
        "findings": [rows.finding_row(finding) for finding in findings],
        "verdict": verdict(flow, directions),
        "start_ns": str(start_ns),
        "tables": {
            "segments": _segments(recorded.segments, start_ns),
            "windows": _windows(recorded.windows),
            "events": _events(recorded.events, start_ns),
        },
    }


def _segments(segments: Rows, start_ns: int) -> dict[str, Any]:
    names = (name for name in SEGMENT_COLUMNS if name != "flow")
    made = {name: Column(segments[name], _SEGMENTS_AGAINST.get(name, Against.ZERO)) for name in names}
    made["time_ns"] = Column(segments["time_ns"] - start_ns, Against.ROW_BEFORE)
    made["figure_a"] = Column(_figure_a(segments))
    return pack(made, _TOGETHER)


def _figure_a(segments: Rows) -> Cells:
    """Return the first figures, null where it is what the segment acknowledges beyond the sender's one before."""
    import numpy as np

    figures = segments["figure_a"].copy()
    acks, senders = segments["ack"], segments["sender"]
    for sender in (0, 1):
        mine = np.flatnonzero((senders == sender) & (acks != UNKNOWN))
        implied = np.diff(acks[mine])
        same = (segments["rule"][mine[1:]] == Rule.ACK_ADVANCES) & (figures[mine[1:]] == implied)
        figures[mine[1:][same]] = UNKNOWN
    return figures


def _windows(windows: Rows) -> dict[str, Any]:
    """Return the windows without their times, which are those of the segments with the same frames."""
    names = (name for name in WINDOW_COLUMNS if name not in ("flow", "time_ns"))
    made = {name: Column(windows[name], _WINDOWS_AGAINST.get(name, Against.ZERO)) for name in names}
    made["srtt_ns"] = Column(_shown(windows["srtt_ns"]), Against.SENDER_BEFORE)
    return pack(made, ("sender", "phase", "limit"))


def _shown(spans_ns: Cells) -> Cells:
    """Return spans in whole microseconds: finer digits of a smoothed figure are noise that does not compress."""
    import numpy as np

    return np.where(spans_ns == UNKNOWN, UNKNOWN, (spans_ns + 500) // 1_000 * 1_000)


def _events(events: Rows, start_ns: int) -> dict[str, Any]:
    """Return the events; their details are told in words where they are the same for all."""
    made = {name: Column(events[name]) for name in ("sender", "event")}
    made |= {name: Column(events[name], Against.ROW_BEFORE) for name in ("frame", "a", "b", "c")}
    made["time_ns"] = Column(events["time_ns"] - start_ns, Against.ROW_BEFORE)
    return pack(made)
