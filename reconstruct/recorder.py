# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Typed columns for the rows that leave the core: one 64-bit integer a cell, rows one after the other.

A row store is handed to NumPy or Arrow as one buffer; nothing here makes an object per row. `UNKNOWN` in a cell is
null in every output. Names of columns end in their unit; enumerations are the integers of `vocabulary`.
"""

from array import array
from collections.abc import Callable
from typing import Any

from reconstruct.seq import UNKNOWN

FLOW_COLUMNS = (
    "flow", "ip_version", "client_hi", "client_lo", "client_port", "server_hi", "server_lo", "server_port",
    "role_known", "first_frame", "last_frame", "first_time_ns", "last_time_ns", "segments", "bytes", "opening",
    "closing", "client_state", "server_state", "syn_rtt_ns", "ack_rtt_ns", "vantage", "one_sided", "client_heard",
    "server_heard", "vlan", "domain", "syn_cookie",
)  # fmt: skip
DIRECTION_COLUMNS = (
    "flow", "sender", "segments", "data_segments", "bytes", "unique_bytes", "mss", "window_scale", "sack_permitted",
    "timestamps", "ecn", "fast_open", "initial_window", "retransmissions", "fast_retransmissions",
    "recovery_retransmissions", "rto_retransmissions", "slow_start_retransmissions", "tail_loss_probes",
    "syn_retransmissions", "other_retransmissions", "spurious_retransmissions", "out_of_order", "network_duplicates",
    "dup_acks", "zero_window_episodes", "zero_window_ns", "window_probes", "keep_alives", "rtt_samples", "rtt_min_ns",
    "rtt_median_ns", "rtt_p95_ns", "srtt_ns", "flight_max", "missing_bytes", "invalid_segments", "oversized_segments",
    "stale_resets", "missing_frame", "invalid_frame", "oversized_frame",
    "zero_window_longest_ns", "window_updates_lost", "window_full_episodes", "window_shrinks", "window_shrunk_bytes",
    "silly_openings", "silly_segments", "window_scale_unanswered", "window_scale_denied", "window_scale_least",
    "window_scale_most", "sending_ns", "held_by_cwnd_ns", "held_by_rwnd_ns", "held_by_application_ns",
    "held_by_nagle_ns", "held_by_recovery_ns", "held_by_pacing_ns", "held_by_send_buffer_ns", "idle_ns",
    "cwnd_max", "congestion_control", "congestion_control_confidence",
    "peer_rtt_min_ns", "peer_rtt_median_ns", "peer_rtt_p95_ns", "sender_rtt_min_ns", "sender_rtt_median_ns",
    "sender_rtt_p95_ns", "needless_probes", "isn",
)  # fmt: skip
SEGMENT_COLUMNS = (
    "frame", "time_ns", "flow", "sender", "seq", "ack", "len", "flags", "window", "kind", "spurious", "client_state",
    "server_state", "rtt_ns", "rule", "figure_a", "figure_b",
)  # fmt: skip
WINDOW_COLUMNS = (
    "flow", "frame", "time_ns", "sender", "flight", "rwnd", "cwnd", "cwnd_low", "cwnd_high", "ssthresh", "phase",
    "srtt_ns", "limit", "rttvar_ns", "rto_ns",
)  # fmt: skip
CANDIDATE_COLUMNS = (
    "flow", "sender", "control", "best", "chances", "score", "rebuilt", "ended_frame", "against", "frame", "allowed",
    "seen",
)  # fmt: skip
SACK_COLUMNS = ("flow", "frame", "sender", "start", "end")
EVENT_COLUMNS = ("flow", "frame", "time_ns", "sender", "event", "a", "b", "c")

NOT_KEPT = -1  # the row of an event that nobody asked for
VOID = -1  # the flow of an event that was taken back

_INITIAL_ROWS = 64
_UNKNOWN = UNKNOWN
_NOT_KEPT = NOT_KEPT
_VOID = VOID
_SEGMENT_FLOW = SEGMENT_COLUMNS.index("flow")
_CLIENT_STATE = SEGMENT_COLUMNS.index("client_state")
_SPURIOUS = SEGMENT_COLUMNS.index("spurious")
_CWND = WINDOW_COLUMNS.index("cwnd")
_SERVER_STATE = SEGMENT_COLUMNS.index("server_state")
_FLIGHT, _RWND = WINDOW_COLUMNS.index("flight"), WINDOW_COLUMNS.index("rwnd")


class RowStore:
    """A table of 64-bit integers, row after row in one buffer that doubles when it is full.

    `names` are the columns; `count` the rows; `cells` the buffer, of which count * width cells are in use.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        """Make an empty table with these columns."""
        self.names = names
        self.width = len(names)
        self.count = 0
        self.capacity = _INITIAL_ROWS
        self.cells = array("q", bytes(8 * self.width * _INITIAL_ROWS))

    def grow(self) -> None:
        """Double the room."""
        self.capacity *= 2
        larger = array("q", bytes(8 * self.width * self.capacity))
        used = 8 * self.width * self.count  # bytes: cell by cell, the copies took longer than the replay
        memoryview(larger).cast("B")[:used] = memoryview(self.cells).cast("B")[:used]
        self.cells = larger

    def new_row(self) -> int:
        """Add a row and return the index of its first cell; the caller fills all of its cells."""
        if self.count == self.capacity:
            self.grow()
        self.count += 1
        return (self.count - 1) * self.width

    def row(self, index: int) -> tuple[int, ...]:
        """Return one row's cells."""
        first = index * self.width
        return tuple([self.cells[first + column] for column in range(self.width)])

    def append(self, row: tuple[int, ...]) -> None:
        """Add a row with these cells."""
        first = self.new_row()
        for column, cell in enumerate(row):
            self.cells[first + column] = cell

    def refill(self, rows: list[tuple[int, ...]]) -> None:
        """Hold these rows and no others."""
        self.count = 0
        for row in rows:
            self.append(row)

    def buffer(self) -> memoryview:
        """Return the cells in use as one flat view of signed 64-bit integers."""
        return memoryview(self.cells)[: self.width * self.count]

    def clear(self) -> None:
        """Forget all rows and keep the room."""
        self.count = 0


class Recorder:
    """Takes rows while the replay runs, as far as they are asked for.

    `keep_events` and `keep_rows` (segments, their SACK blocks, windows and candidates) switch the tables on; with
    `only` set to a flow's number only its rows are kept. `sacks` has a row for each block, in the segment's order: who
    sent the segment, and the offsets of the other end's bytes that it reports. `models` makes other candidates of
    congestion control than the usual three, in their places (None: those). A voided event row has flow -1 and is left
    out by whoever reads the table.
    """

    def __init__(self, keep_events: bool, keep_rows: bool, only: int = UNKNOWN) -> None:
        """Make empty tables."""
        self.keep_events = keep_events
        self.keep_rows = keep_rows
        self.only = only
        self.events = RowStore(EVENT_COLUMNS)
        self.segments = RowStore(SEGMENT_COLUMNS)
        self.windows = RowStore(WINDOW_COLUMNS)
        self.candidates = RowStore(CANDIDATE_COLUMNS)
        self.models: Callable[[], list[Any]] | None = None
        self.sacks = RowStore(SACK_COLUMNS)

    def event(self, flow: int, frame: int, time_ns: int, sender: int, event: int, a: int, b: int, c: int) -> int:
        """Add an event and return its row, `NOT_KEPT` if it is not asked for."""
        if not self.keep_events or (self.only != _UNKNOWN and flow != self.only):
            return _NOT_KEPT
        store = self.events
        first = store.new_row()
        store.cells[first] = flow
        store.cells[first + 1] = frame
        store.cells[first + 2] = time_ns
        store.cells[first + 3] = sender
        store.cells[first + 4] = event
        store.cells[first + 5] = a
        store.cells[first + 6] = b
        store.cells[first + 7] = c
        return first // store.width

    def void_event(self, row: int) -> None:
        """Take an event back."""
        if row != _NOT_KEPT:
            self.events.cells[row * self.events.width] = _VOID

    def wants(self, flow: int) -> int:
        """Return 1 if the rows of a flow's segments and windows are asked for."""
        return 1 if self.keep_rows and (self.only == _UNKNOWN or flow == self.only) else 0

    def patch_spurious(self, row: int) -> None:
        """Mark a segment's row as a retransmission that was not needed; row -1 is one that is not recorded."""
        if row != _NOT_KEPT:
            self.segments.cells[row * self.segments.width + _SPURIOUS] = 1

    def patch_window(self, row: int, cwnd: int, low: int, high: int, ssthresh: int, phase: int) -> None:
        """Write the estimates of a sender's congestion control into a row of its windows."""
        at = row * self.windows.width
        self.windows.cells[at + _CWND] = cwnd
        self.windows.cells[at + _CWND + 1] = low
        self.windows.cells[at + _CWND + 2] = high
        self.windows.cells[at + _CWND + 3] = ssthresh
        self.windows.cells[at + _CWND + 4] = phase

    def candidate(self, row: int, figures: tuple[int, ...]) -> None:
        """Add how a model fared, from the column `control` on; `row` is one of its sender's rows of windows."""
        flow, _, _, sender = self.windows.row(row)[:4]
        self.candidates.append((flow, sender, *figures))

    def patch_flight(self, row: int, flight: int, rwnd: int) -> None:
        """Write what a sender had in flight, and the window offered to it, into a row of its windows."""
        self.windows.cells[row * self.windows.width + _FLIGHT] = flight
        self.windows.cells[row * self.windows.width + _RWND] = rwnd

    def patch_state(self, flow: int, since: int, server: int, state: int) -> None:
        """Correct one end's state in the flow's segment rows from row `since` on."""
        store = self.segments
        column = _SERVER_STATE if server else _CLIENT_STATE
        for row in range(since, store.count):
            if store.cells[row * store.width + _SEGMENT_FLOW] == flow:
                store.cells[row * store.width + column] = state
