"""What the page of one connection carries: its rows as packed columns, its figures, its findings, its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analyzer import rows
from analyzer.report.cells import Rows
from analyzer.report.columns import Against, Column, pack_each
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
    **dict.fromkeys(("flight", "rwnd", "cwnd", "cwnd_low", "cwnd_high", "ssthresh"), Against.SENDER_BEFORE),
}
_NOT_DRAWN = ("rttvar_ns",)
# A timer runs in milliseconds at best: Linux counts it in jiffies, which are one to ten of them.
_SHOWN_IN_NS = {"srtt_ns": 1_000, "rto_ns": 1_000_000}
# Of these a connection has a few different rows only.
_TOGETHER = ("sender", "len", "flags", "kind", "rule", "spurious", "client_state", "server_state")


@dataclass(frozen=True)
class Recorded:
    """Rows of the tables that are recorded when asked for, sorted by connection, and the events."""

    segments: Rows
    windows: Rows
    sacks: Rows
    events: Rows


@dataclass(frozen=True)
class Packed:
    """The tables of one connection; times are ns since `start_ns`, its first segment."""

    start_ns: int
    tables: dict[str, dict[str, Any]]


def packed_connections(recorded: Recorded, flows: Sequence[int]) -> Iterator[Packed]:
    """Yield the tables of each of some connections; all of them are worked on at once."""
    import numpy as np

    segments, starts = recorded.segments.of_flows(flows)
    times = segments["time_ns"]
    first = np.array([times[at] if at < stop else 0 for at, stop in pairwise(starts)], dtype=np.int64)
    events, event_starts = recorded.events.of_flows(flows)
    every = {
        "segments": _segments(segments, starts, first),
        "windows": _windows(*recorded.windows.of_flows(flows)),
        "sacks": _sacks(*recorded.sacks.of_flows(flows)),
        "events": _events(events, event_starts, first),
    }
    for start_ns, *tables in zip(first.tolist(), *every.values(), strict=True):
        yield Packed(start_ns, dict(zip(every, tables, strict=True)))


def connection_data(
    flow: Mapping[str, Any], directions: Sequence[Mapping[str, Any]], findings: Sequence[Any], packed: Packed
) -> dict[str, Any]:
    """Return the data of one connection's page.

    `flow` and `directions` are rows of the public tables, `findings` those about this connection.
    """
    return {
        "flow": dict(flow),
        "directions": [dict(direction) for direction in directions],
        "findings": [rows.finding_row(finding) for finding in findings],
        "verdict": verdict(flow, directions),
        "start_ns": str(packed.start_ns),
        "tables": packed.tables,
    }


def _since(times: Cells, starts: Cells, first: Cells) -> Column:
    """Return times as ns since the first segment of their connection."""
    import numpy as np

    return Column(times - np.repeat(first, np.diff(starts)), Against.ROW_BEFORE)


def _segments(segments: Rows, starts: Cells, first: Cells) -> Iterator[dict[str, Any]]:
    names = (name for name in SEGMENT_COLUMNS if name != "flow")
    made = {name: Column(segments[name], _SEGMENTS_AGAINST.get(name, Against.ZERO)) for name in names}
    made["time_ns"] = _since(segments["time_ns"], starts, first)
    made["figure_a"] = Column(_figure_a(segments))
    return pack_each(made, starts, _TOGETHER)


def _figure_a(segments: Rows) -> Cells:
    """Return the first figures, null where it is what the segment acknowledges beyond the sender's one before."""
    import numpy as np

    figures = segments["figure_a"].copy()
    acks, senders, flows = segments["ack"], segments["sender"], segments["flow"]
    for sender in (0, 1):
        mine = np.flatnonzero((senders == sender) & (acks != UNKNOWN))
        here, before = mine[1:], mine[:-1]
        implied = (figures[here] == acks[here] - acks[before]) & (flows[here] == flows[before])
        figures[here[implied & (segments["rule"][here] == Rule.ACK_ADVANCES)]] = UNKNOWN
    return figures


def _windows(windows: Rows, starts: Cells) -> Iterator[dict[str, Any]]:
    """Return the windows without their times, which are those of the segments with the same frames."""
    names = (name for name in WINDOW_COLUMNS if name not in ("flow", "time_ns", *_NOT_DRAWN))
    made = {name: Column(windows[name], _WINDOWS_AGAINST.get(name, Against.ZERO)) for name in names}
    for name, unit_ns in _SHOWN_IN_NS.items():
        made[name] = Column(_rounded(windows[name], unit_ns), Against.SENDER_BEFORE)
    return pack_each(made, starts, ("sender", "phase", "limit"))


def _sacks(sacks: Rows, starts: Cells) -> Iterator[dict[str, Any]]:
    """Return the SACK blocks: mostly the next ones begin where the last ones did."""
    made = {
        "frame": Column(sacks["frame"], Against.ROW_BEFORE),
        "sender": Column(sacks["sender"]),
        "start": Column(sacks["start"], Against.SENDER_BEFORE),
        "len": Column(sacks["end"] - sacks["start"], Against.SENDER_BEFORE),
    }
    return pack_each(made, starts)


def _rounded(spans_ns: Cells, unit_ns: int) -> Cells:
    """Return spans in whole units: finer digits of a smoothed figure are noise that does not compress."""
    import numpy as np

    return np.where(spans_ns == UNKNOWN, UNKNOWN, (spans_ns + unit_ns // 2) // unit_ns * unit_ns)


def _events(events: Rows, starts: Cells, first: Cells) -> Iterator[dict[str, Any]]:
    """Return the events; their details are told in words where they are the same for all."""
    made = {name: Column(events[name]) for name in ("sender", "event")}
    made |= {name: Column(events[name], Against.ROW_BEFORE) for name in ("frame", "a", "b", "c")}
    made["time_ns"] = _since(events["time_ns"], starts, first)
    return pack_each(made, starts)
