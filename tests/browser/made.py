"""Analyses of any size, made of columns: what takes a replay minutes is there at once."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reconstruct.recorder import (
    DIRECTION_COLUMNS,
    EVENT_COLUMNS,
    FLOW_COLUMNS,
    SACK_COLUMNS,
    SEGMENT_COLUMNS,
    WINDOW_COLUMNS,
    RowStore,
)
from reconstruct.rules import Rule
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import Closing, EventKind, Limit, Opening, Phase, SegmentKind, Sender, Vantage
from tests.fake_analysis import MS, START_NS, FakeAnalysis, FakeFacts, FakeTotals

MSS = 1448  # bytes
GAP_NS = 100_000  # from one data segment to the next
RTT_NS = 20 * MS


def store(names: tuple[str, ...], rows: int, **columns: Any) -> RowStore:
    """Return a store with these columns, each an array or one cell for all rows; others hold 0."""
    cells = np.zeros((rows, len(names)), dtype=np.int64)
    for name, values in columns.items():
        cells[:, names.index(name)] = values
    made = RowStore(names)
    made.cells = array("q", cells.tobytes())
    made.count = made.capacity = rows
    return made


@dataclass
class Made(FakeAnalysis):
    """An analysis that hands out the stores it was given."""

    recorded_segments: RowStore = field(default_factory=lambda: RowStore(SEGMENT_COLUMNS))
    recorded_windows: RowStore = field(default_factory=lambda: RowStore(WINDOW_COLUMNS))

    def segment_rows(self, flow: int | None = None) -> RowStore:
        """Return all segments: there is one connection, or nobody asks for one."""
        return self.recorded_segments

    def sack_rows(self, flow: int | None = None) -> RowStore:
        """Return none."""
        return RowStore(SACK_COLUMNS)

    def window_rows(self, flow: int | None = None) -> RowStore:
        """Return all windows."""
        return self.recorded_windows


def transfer(segments: int, again: int, estimates: bool = False) -> Made:
    """Return an upload of many segments, an acknowledgment after every second one.

    Row `again`, a multiple of 3, is sent again.

    With `estimates` the windows carry what the congestion models tell: cwnd with its interval, ssthresh, phase, limit.
    """
    at = np.arange(segments)
    acks = at % 3 == 2  # two data segments, then the acknowledgment of both
    sent = np.cumsum(~acks) * MSS
    sequence = np.where(acks, 1, sent - MSS + 1)
    kind = np.where(acks, SegmentKind.ACK, SegmentKind.NEW)
    rule = np.where(acks, Rule.ACK_ADVANCES, Rule.NEW_DATA)
    kind[again], rule[again], sequence[again] = SegmentKind.FAST_RETRANSMISSION, Rule.FAST, sequence[again - 39]
    acknowledged = np.maximum(sent - 100 * MSS, 0) + 1
    ack = np.where(acks, acknowledged, 1)
    recorded = store(
        SEGMENT_COLUMNS, segments, frame=at + 1, time_ns=START_NS + at * GAP_NS, sender=np.where(acks, 1, 0),
        seq=sequence, ack=ack, len=np.where(acks, 0, MSS), flags=0x10, window=np.where(acks, 400_000, 64_240),
        kind=kind, rule=rule, rtt_ns=np.where(acks, RTT_NS + at % 7 * MS, UNKNOWN),
        figure_a=np.where(acks, 2 * MSS, UNKNOWN), figure_b=UNKNOWN, spurious=UNKNOWN,
        client_state=State.ESTABLISHED, server_state=State.ESTABLISHED,
    )  # fmt: skip
    return Made(
        capture=FakeFacts(packets=segments, segments=segments, connections=1, dropped=0,
                          last_time_ns=START_NS + segments * GAP_NS),
        skipped=[], totals=FakeTotals(1, {"handshake": 1}, {"open": 1}, int(sent[-1]), 1), finding_list=[],
        flow_rows=_flows(1, segments), direction_rows=_directions(1, int(sent[-1]), segments),
        event_rows=store(EVENT_COLUMNS, 1, frame=again + 1, time_ns=START_NS + again * GAP_NS,
                         event=EventKind.RECOVERY_ENTER, a=int(sent[again]), b=UNKNOWN, c=UNKNOWN),
        recorded_segments=recorded, recorded_windows=_windows(at, sent - acknowledged, estimates),
    )  # fmt: skip


def _windows(at: Any, flight: Any, estimates: bool) -> RowStore:
    """Return a row of windows for each segment; the phases and limits of a transfer that starts slowly."""
    known: Mapping[str, Any] = {}
    if estimates:
        third = len(at) // 3
        cwnd = np.minimum(10 * MSS + at * 40, flight.max() + 20 * MSS)
        known = {
            "cwnd": cwnd, "cwnd_low": cwnd - 4 * MSS, "cwnd_high": cwnd + 4 * MSS, "ssthresh": 60 * MSS,
            "phase": np.where(at < third, Phase.SLOW_START, Phase.CONGESTION_AVOIDANCE),
            "limit": np.select([at < third, at < 2 * third], [Limit.CWND, Limit.RWND], Limit.APPLICATION),
        }  # fmt: skip
    unknown = dict.fromkeys(("cwnd", "cwnd_low", "cwnd_high", "ssthresh", "phase", "limit"), UNKNOWN)
    return store(WINDOW_COLUMNS, len(at), frame=at + 1, time_ns=START_NS + at * GAP_NS, sender=Sender.CLIENT,
                 flight=flight, rwnd=400_000, srtt_ns=RTT_NS + at % 50 * 10_000, **{**unknown, **known})  # fmt: skip


def _flows(count: int, segments: int) -> RowStore:
    at = np.arange(count)
    return store(
        FLOW_COLUMNS, count, flow=at, ip_version=4, client_lo=0x0A000001 + at % 999, client_port=1024 + at % 60_000,
        server_lo=0x0A010001 + at % 40, server_port=443, role_known=1, first_frame=at + 1, last_frame=at + 1,
        first_time_ns=START_NS + at * MS, last_time_ns=START_NS + at * MS + 500 * MS, segments=segments,
        bytes=at % 1000 * MSS, opening=np.where(at % 50 == 49, Opening.REFUSED, Opening.HANDSHAKE),
        closing=np.where(at % 50 == 49, Closing.RST, Closing.FIN), client_state=State.CLOSED, server_state=State.CLOSED,
        syn_rtt_ns=RTT_NS, ack_rtt_ns=MS, vantage=Vantage.CLIENT, vlan=UNKNOWN,
    )  # fmt: skip


def _directions(count: int, sent: int, segments: int) -> RowStore:
    sender = np.arange(2 * count) % 2
    return store(DIRECTION_COLUMNS, 2 * count, flow=np.arange(2 * count) // 2, sender=sender, mss=1460,
                 unique_bytes=np.where(sender, 0, sent), bytes=np.where(sender, 0, sent),
                 data_segments=np.where(sender, 0, segments * 2 // 3), retransmissions=np.where(sender, 0, 1),
                 rtt_median_ns=np.where(sender, UNKNOWN, RTT_NS))  # fmt: skip


def many(connections: int) -> Made:
    """Return an analysis of very many connections, of which nobody recorded a segment."""
    facts = FakeFacts(connections=connections, segments=10**9, last_time_ns=START_NS + connections * MS)
    return Made(capture=facts, finding_list=[], flow_rows=_flows(connections, 8),
                direction_rows=_directions(connections, 1000, 8), event_rows=RowStore(EVENT_COLUMNS),
                totals=FakeTotals(connections, {"handshake": connections}, {"fin": connections}, 1, 1))  # fmt: skip
