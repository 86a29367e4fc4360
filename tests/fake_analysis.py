"""An analysis made by hand: two connections, for the tests of everything that shows or writes one.

Flow 0 is a whole connection of 10.0.0.1:40000 with 10.0.0.2:80: handshake, 100 bytes, one segment sent again,
a zero window, FIN both ways. Flow 1 is an IPv6 SYN that was refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analyzer.capture.reader import Damage, Interface
from analyzer.pairs import PairsSeen
from reconstruct.recorder import (
    CANDIDATE_COLUMNS,
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
from reconstruct.states import Event, State
from reconstruct.vocabulary import Closing, EventKind, Opening, SegmentKind, Sender, Vantage

START_NS = 1_700_000_000_000_000_000  # 2023-11-14T22:13:20Z
MS = 1_000_000  # ns
CLIENT, SERVER = Sender.CLIENT, Sender.SERVER
# 2001:db8::1 and 2001:db8::2 as two signed words
V6_HIGH = 0x20010DB8 << 32


def store_of(names: tuple[str, ...], rows: Sequence[Mapping[str, int]], default: int = 0) -> RowStore:
    """Return a store with these rows; a cell that is not named holds `default`."""
    store = RowStore(names)
    for row in rows:
        assert set(row) <= set(names)
        first = store.new_row()
        for at, name in enumerate(names):
            store.cells[first + at] = row.get(name, default)
    return store


def _flow_rows() -> list[dict[str, int]]:
    whole = {
        "flow": 0, "ip_version": 4, "client_lo": 0x0A000001, "client_port": 40000, "server_lo": 0x0A000002,
        "server_port": 80, "role_known": 1, "first_frame": 1, "last_frame": 9, "first_time_ns": START_NS,
        "last_time_ns": START_NS + 1_500 * MS, "segments": 8, "bytes": 100, "opening": Opening.HANDSHAKE,
        "closing": Closing.FIN, "client_state": State.TIME_WAIT, "server_state": State.CLOSED, "syn_rtt_ns": 35 * MS,
        "ack_rtt_ns": MS // 10, "vantage": Vantage.CLIENT, "vlan": UNKNOWN, "syn_cookie": UNKNOWN,
    }  # fmt: skip
    refused = {
        "flow": 1, "ip_version": 6, "client_hi": V6_HIGH, "client_lo": 1, "client_port": 50000, "server_hi": V6_HIGH,
        "server_lo": 2, "server_port": 443, "role_known": 1, "first_frame": 3, "last_frame": 5,
        "first_time_ns": START_NS + 2 * MS, "last_time_ns": START_NS + 3 * MS, "segments": 2,
        "opening": Opening.REFUSED, "closing": Closing.RST, "client_state": State.CLOSED, "server_state": UNKNOWN,
        "syn_rtt_ns": UNKNOWN, "ack_rtt_ns": UNKNOWN, "vantage": UNKNOWN, "vlan": 10 << 12 | 20, "domain": 7,
    }  # fmt: skip
    return [whole, refused]


def _direction_rows() -> list[dict[str, int]]:
    trips = [f"{of}rtt_{name}_ns" for of in ("", "peer_", "sender_") for name in ("min", "median", "p95")]
    scales = ("window_scale_unanswered", "window_scale_least", "window_scale_most")
    nothing = dict.fromkeys(
        (
            "sending_ns",
            "mss",
            "window_scale",
            "initial_window",
            "srtt_ns",
            "flight_max",
            "cwnd_max",
            "congestion_control_confidence",
            "isn",
            *scales,
            *trips,
        ),
        UNKNOWN,
    )
    options = {"mss": 1460, "window_scale": 7, "sack_permitted": 1, "timestamps": 1}
    return [
        nothing | options | {
            "flow": 0, "sender": CLIENT, "isn": 4_294_967_290,
            "segments": 5, "data_segments": 2, "bytes": 200, "unique_bytes": 100,
            "initial_window": 1, "retransmissions": 1, "other_retransmissions": 1, "zero_window_episodes": 1,
            "zero_window_ns": 250 * MS, "window_probes": 2, "rtt_samples": 1, "rtt_min_ns": 35 * MS,
            "rtt_median_ns": 35 * MS, "rtt_p95_ns": 35 * MS, "srtt_ns": 35 * MS, "flight_max": 100,
            "sending_ns": 400 * MS, "held_by_rwnd_ns": 250 * MS, "held_by_recovery_ns": 150 * MS, "idle_ns": 900 * MS,
        },
        nothing | options | {
            "flow": 0, "sender": SERVER, "isn": 7_000, "segments": 3, "rtt_samples": 0, "sender_rtt_min_ns": 35 * MS,
            "sender_rtt_median_ns": 35 * MS, "sender_rtt_p95_ns": 36 * MS,
        },
        nothing | {"flow": 1, "sender": CLIENT, "segments": 1, "mss": 1440},
        nothing | {"flow": 1, "sender": SERVER, "segments": 1, "sack_permitted": UNKNOWN, "timestamps": UNKNOWN},
    ]  # fmt: skip


def _segment(frame: int, at_ms: int, sender: int, flags: int, kind: int, rule: int, **cells: int) -> dict[str, int]:
    usual = {"flow": 0, "window": 64240, "rtt_ns": UNKNOWN, "figure_a": UNKNOWN, "figure_b": UNKNOWN}
    states = {"client_state": State.ESTABLISHED, "server_state": State.ESTABLISHED}
    placed = {"frame": frame, "time_ns": START_NS + at_ms * MS, "sender": sender, "flags": flags}
    return usual | states | placed | {"kind": kind, "rule": rule} | cells


def _segment_rows() -> list[dict[str, int]]:
    opening = {"client_state": State.SYN_SENT, "server_state": UNKNOWN}
    return [
        _segment(1, 0, CLIENT, 0x02, SegmentKind.NEW, Rule.SYN, ack=UNKNOWN, **opening),
        _segment(2, 35, SERVER, 0x12, SegmentKind.NEW, Rule.SYN_ACK, ack=1, rtt_ns=35 * MS,
                 server_state=State.SYN_RECEIVED),
        _segment(4, 36, CLIENT, 0x10, SegmentKind.ACK, Rule.ACK_ADVANCES, seq=1, ack=1, figure_a=1),
        _segment(6, 40, CLIENT, 0x18, SegmentKind.NEW, Rule.NEW_DATA, seq=1, ack=1, len=100),
        _segment(7, 340, CLIENT, 0x18, SegmentKind.RETRANSMISSION, Rule.BYTES_SEEN_BEFORE, seq=1, ack=1, len=100,
                 figure_a=100, figure_b=100, spurious=1),
        _segment(8, 375, SERVER, 0x11, SegmentKind.ACK, Rule.ACK_ADVANCES, seq=1, ack=101, figure_a=100, window=0,
                 client_state=State.CLOSE_WAIT, server_state=State.FIN_WAIT_1),
    ]  # fmt: skip


def _event_rows() -> list[dict[str, int]]:
    def event(
        frame: int, sender: int, kind: int, a: int = UNKNOWN, b: int = UNKNOWN, c: int = UNKNOWN
    ) -> dict[str, int]:
        placed = {"flow": 0, "frame": frame, "time_ns": START_NS + frame * MS, "sender": sender}
        return placed | {"event": kind, "a": a, "b": b, "c": c}

    return [
        event(1, CLIENT, EventKind.STATE, State.CLOSED, State.SYN_SENT, Event.SND_SYN),
        event(2, CLIENT, EventKind.STATE, State.SYN_SENT, State.ESTABLISHED, Event.RCV_SYN_ACK),
        event(2, SERVER, EventKind.STATE, UNKNOWN, State.SYN_RECEIVED, UNKNOWN),
        event(6, CLIENT, EventKind.ZERO_WINDOW_BEGIN, 0),
        event(7, CLIENT, EventKind.ZERO_WINDOW_END, 2, 250 * MS),
        event(7, CLIENT, EventKind.CAPTURE_GAP, 1460),
        event(8, SERVER, EventKind.RULE_VIOLATION, Rule.ACK_OF_UNSENT, 200, 101),
    ]


@dataclass
class FakeFinding:
    """A finding as the analysis gives it."""

    finding: str = "zero-window"
    severity: str = "warning"
    flow: int | None = 0
    first_frame: int = 6
    last_frame: int = 7
    frames: tuple[int, ...] = (6, 7)
    confidence: float = 1.0
    summary: str = "the server closed its window once, for 250 ms"
    advice: str = "read faster, or raise SO_RCVBUF on the server"
    filter: str = "tcp.stream eq 0 && tcp.analysis.zero_window"


@dataclass
class FakeSkipped:
    """One line of the ledger."""

    reason: str
    count: int
    first_frame: int


@dataclass
class FakeFacts:
    """What the capture is."""

    names: list[str] = field(default_factory=lambda: ["demo.pcapng"])
    formats: list[str] = field(default_factory=lambda: ["pcapng"])
    compressions: list[str] = field(default_factory=lambda: ["gzip"])
    link_types: list[str] = field(default_factory=lambda: ["Ethernet"])
    interfaces: list[Interface] = field(
        default_factory=lambda: [Interface("eth0", "uplink", 1, 262144, "nanoseconds", 12, 3)]
    )
    snaplen: int | None = 262144
    first_time_ns: int = START_NS
    last_time_ns: int = START_NS + 1_500 * MS
    packets: int = 12
    segments: int = 10
    connections: int = 2
    dropped: int | None = 3
    comments: list[str] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)


@dataclass
class FakeTotals:
    """Sums over all connections."""

    connections: int = 2
    openings: dict[str, int] = field(default_factory=lambda: {"handshake": 1, "refused": 1})
    closings: dict[str, int] = field(default_factory=lambda: {"fin": 1, "rst": 1})
    bytes: int = 100
    retransmissions: int = 1


@dataclass
class FakeAnalysis:
    """An analysis that is already done."""

    capture: FakeFacts = field(default_factory=FakeFacts)
    skipped: list[FakeSkipped] = field(default_factory=lambda: [FakeSkipped("ARP", 2, 11)])
    totals: FakeTotals = field(default_factory=FakeTotals)
    flow_rows: RowStore = field(default_factory=lambda: store_of(FLOW_COLUMNS, _flow_rows()))
    direction_rows: RowStore = field(default_factory=lambda: store_of(DIRECTION_COLUMNS, _direction_rows()))
    event_rows: RowStore = field(default_factory=lambda: store_of(EVENT_COLUMNS, _event_rows()))
    finding_list: list[Any] = field(default_factory=lambda: [FakeFinding()])
    listeners: list[Any] = field(default_factory=list)
    pairs: PairsSeen = field(default_factory=PairsSeen)
    partial: bool = False
    interrupted: bool = False

    def segment_rows(self, flow: int | None = None) -> RowStore:
        """Return the segments of flow 0; flow 1 has none here."""
        return store_of(SEGMENT_COLUMNS, _segment_rows() if flow in (None, 0) else [])

    def sack_rows(self, flow: int | None = None) -> RowStore:
        """Return one block: the server has bytes 51 to 101 of the client's, which frame 8 reports."""
        row = {"flow": 0, "frame": 8, "sender": SERVER, "start": 51, "end": 101}
        return store_of(SACK_COLUMNS, [row] if flow in (None, 0) else [])

    def window_rows(self, flow: int | None = None) -> RowStore:
        """Return one row in which everything that this release does not measure is unknown."""
        row = {"flow": 0, "frame": 6, "time_ns": START_NS + 40 * MS, "sender": CLIENT, "flight": 100, "rwnd": 64140}
        return store_of(WINDOW_COLUMNS, [row] if flow in (None, 0) else [], UNKNOWN)

    def candidate_rows(self, flow: int | None = None) -> RowStore:
        """Return no row: no model was held against what these connections sent."""
        return store_of(CANDIDATE_COLUMNS, [])
