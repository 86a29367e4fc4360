# cython: annotation_typing=False
"""Typed columns for the rows that leave the core: one 64-bit integer a cell, rows one after the other.

A row store is handed to NumPy or Arrow as one buffer; nothing here makes an object per row. `UNKNOWN` in a cell is
null in every output. Names of columns end in their unit; enumerations are the integers of `vocabulary`.
"""

from array import array

FLOW_COLUMNS = (
    "flow", "ip_version", "client_hi", "client_lo", "client_port", "server_hi", "server_lo", "server_port",
    "role_known", "first_frame", "last_frame", "first_time_ns", "last_time_ns", "segments", "bytes", "opening",
    "closing", "client_state", "server_state", "syn_rtt_ns", "ack_rtt_ns", "vantage", "one_sided", "client_heard",
    "server_heard", "vlan", "domain",
)  # fmt: skip
DIRECTION_COLUMNS = (
    "flow", "sender", "segments", "data_segments", "bytes", "unique_bytes", "mss", "window_scale", "sack_permitted",
    "timestamps", "ecn", "fast_open", "initial_window", "retransmissions", "fast_retransmissions",
    "recovery_retransmissions", "rto_retransmissions", "slow_start_retransmissions", "tail_loss_probes",
    "syn_retransmissions", "other_retransmissions", "spurious_retransmissions", "out_of_order", "network_duplicates",
    "dup_acks", "zero_window_episodes", "zero_window_ns", "window_probes", "keep_alives", "rtt_samples", "rtt_min_ns",
    "rtt_median_ns", "rtt_p95_ns", "srtt_ns", "flight_max", "missing_bytes", "invalid_segments",
)  # fmt: skip
SEGMENT_COLUMNS = (
    "frame", "time_ns", "flow", "sender", "seq", "ack", "len", "flags", "window", "kind", "spurious", "client_state",
    "server_state", "rtt_ns", "rule", "figure_a", "figure_b",
)  # fmt: skip
WINDOW_COLUMNS = (
    "flow", "frame", "time_ns", "sender", "flight", "rwnd", "cwnd", "cwnd_low", "cwnd_high", "ssthresh", "phase",
    "srtt_ns", "limit",
)  # fmt: skip
EVENT_COLUMNS = ("flow", "frame", "time_ns", "sender", "event", "a", "b", "c")

_INITIAL_ROWS = 64


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
        larger[: self.width * self.count] = array("q", memoryview(self.cells)[: self.width * self.count])
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
        return tuple(self.cells[first : first + self.width])

    def buffer(self) -> memoryview:
        """Return the cells in use as one flat view of signed 64-bit integers."""
        return memoryview(self.cells)[: self.width * self.count]

    def clear(self) -> None:
        """Forget all rows and keep the room."""
        self.count = 0
