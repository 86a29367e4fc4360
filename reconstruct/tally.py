# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What all connections of a capture add up to, and which of them are worth showing first."""

from array import array

from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Closing, Name, Opening

EVIDENCE = 20  # frames of evidence that a finding names at most

# What `worst` weighs: each retransmission costs about a round trip; the rest is set beside it by how much it hurts.
RETRANSMISSION_POINTS = 10
HELD_NS_PER_POINT = 10_000_000  # ns of zero window
RESET_POINTS = 30
NO_CONNECTION_POINTS = 50  # nobody answered, or the answer was no
INVALID_POINTS = 5

_UNKNOWN = UNKNOWN
_EVIDENCE = EVIDENCE
_RETRANSMISSION_POINTS, _HELD_NS_PER_POINT = RETRANSMISSION_POINTS, HELD_NS_PER_POINT
_RESET_POINTS, _NO_CONNECTION_POINTS, _INVALID_POINTS = RESET_POINTS, NO_CONNECTION_POINTS, INVALID_POINTS
_SPARE = 64  # rows kept beyond twice the limit before the table is cut back

_F_SEGMENTS, _F_BYTES = FLOW_COLUMNS.index("segments"), FLOW_COLUMNS.index("bytes")
_F_OPENING, _F_CLOSING = FLOW_COLUMNS.index("opening"), FLOW_COLUMNS.index("closing")
_F_FIRST_FRAME, _F_ONE_SIDED = FLOW_COLUMNS.index("first_frame"), FLOW_COLUMNS.index("one_sided")
_F_FIRST_TIME, _F_LAST_TIME = FLOW_COLUMNS.index("first_time_ns"), FLOW_COLUMNS.index("last_time_ns")
_F_SYN_RTT, _F_ACK_RTT = FLOW_COLUMNS.index("syn_rtt_ns"), FLOW_COLUMNS.index("ack_rtt_ns")
_D_RETRANSMISSIONS = DIRECTION_COLUMNS.index("retransmissions")
_D_OUT_OF_ORDER, _D_ZERO_WINDOW = DIRECTION_COLUMNS.index("out_of_order"), DIRECTION_COLUMNS.index("zero_window_ns")
_D_EPISODES = DIRECTION_COLUMNS.index("zero_window_episodes")
_D_MISSING, _D_INVALID = DIRECTION_COLUMNS.index("missing_bytes"), DIRECTION_COLUMNS.index("invalid_segments")
_D_OVERSIZED, _D_STALE = DIRECTION_COLUMNS.index("oversized_segments"), DIRECTION_COLUMNS.index("stale_resets")
_D_MISSING_FRAME, _D_INVALID_FRAME = DIRECTION_COLUMNS.index("missing_frame"), DIRECTION_COLUMNS.index("invalid_frame")
_D_OVERSIZED_FRAME = DIRECTION_COLUMNS.index("oversized_frame")
_RESET = int(Closing.RST)
_HALF_OPEN, _REFUSED = int(Opening.HALF_OPEN), int(Opening.REFUSED)


class Sort(Name):
    """What comes first in a table of connections: `RTT` is that of the handshake, `FIRST` the order of appearance."""

    WORST = 0
    BYTES = 1
    DURATION = 2
    RTT = 3
    RETRANSMISSIONS = 4
    SEGMENTS = 5
    FIRST = 6


_WORST, _BYTES, _DURATION, _RTT = int(Sort.WORST), int(Sort.BYTES), int(Sort.DURATION), int(Sort.RTT)
_RETRANSMISSIONS, _SEGMENTS = int(Sort.RETRANSMISSIONS), int(Sort.SEGMENTS)


class Evidence:
    """How many connections showed something, how much of it in all, and the first frames of the first few."""

    def __init__(self) -> None:
        """Make an empty account."""
        self.connections = 0
        self.total = 0
        self.frames: list[int] = []

    def note(self, amount: int, frame: int) -> None:
        """Count a connection that shows `amount` of it."""
        self.connections += 1
        self.total += amount
        if len(self.frames) < _EVIDENCE:
            self.frames.append(frame)


class Tally:
    """Totals over finished connections; with a `limit`, only that many rows are kept, the first ones by `sort`."""

    def __init__(self, sort: int = 0, limit: int = -1) -> None:
        """Count everything; keep `limit` connections (-1: all)."""
        self.sort = sort
        self.limit = limit
        self.openings = array("q", bytes(8 * len(Opening)))
        self.closings = array("q", bytes(8 * len(Closing)))
        self.connections = self.segments = self.payload = self.retransmissions = self.out_of_order = 0
        self.held = self.held_ns = 0
        self.one_sided, self.missing, self.invalid, self.oversized = Evidence(), Evidence(), Evidence(), Evidence()
        self.scores = array("q", bytes(8 * (2 * max(limit, 0) + _SPARE)))
        self.kept = 0
        self.threshold = self.threshold_bytes = self.threshold_flow = _UNKNOWN

    def add(self, flows: RowStore, directions: RowStore) -> None:
        """Add the connection whose rows were written last; drop them again if others come first."""
        flow = (flows.count - 1) * flows.width
        one = (directions.count - 2) * directions.width
        other = one + directions.width
        self._add_flow(flows.cells, flow)
        self._add_direction(directions.cells, one)
        self._add_direction(directions.cells, other)
        if self.limit >= 0:
            self._rank(flows, directions, flow, one, other)

    def _add_flow(self, cells: "array[int]", at: int) -> None:
        self.connections += 1
        self.segments += cells[at + _F_SEGMENTS]
        self.payload += cells[at + _F_BYTES]
        self.openings[cells[at + _F_OPENING]] += 1
        self.closings[cells[at + _F_CLOSING]] += 1
        if cells[at + _F_ONE_SIDED] == 1:
            self.one_sided.note(1, cells[at + _F_FIRST_FRAME])

    def _add_direction(self, cells: "array[int]", at: int) -> None:
        self.retransmissions += cells[at + _D_RETRANSMISSIONS]
        self.out_of_order += cells[at + _D_OUT_OF_ORDER]
        self.held += cells[at + _D_EPISODES]
        self.held_ns += cells[at + _D_ZERO_WINDOW]
        if cells[at + _D_MISSING] > 0:
            self.missing.note(cells[at + _D_MISSING], cells[at + _D_MISSING_FRAME])
        violations = cells[at + _D_INVALID] - cells[at + _D_STALE]
        if violations > 0:
            self.invalid.note(violations, cells[at + _D_INVALID_FRAME])
        if cells[at + _D_OVERSIZED] > 0:
            self.oversized.note(cells[at + _D_OVERSIZED], cells[at + _D_OVERSIZED_FRAME])

    def _rank(self, flows: RowStore, directions: RowStore, flow: int, one: int, other: int) -> None:
        """Keep the rows just written if they may be among the first."""
        score = self._score(flows.cells, flow, directions.cells, one, other)
        if self.limit == 0 or (score <= self.threshold and self._behind(score, flows.cells, flow)):
            flows.count -= 1
            directions.count -= 2
        else:
            self.scores[self.kept] = score
            self.kept += 1
            if self.kept == len(self.scores):
                self.cut(flows, directions)

    def _behind(self, score: int, cells: "array[int]", at: int) -> int:
        """Return 1 if a connection comes after the last one that was kept."""
        if score < self.threshold:
            return 1
        if cells[at + _F_BYTES] != self.threshold_bytes:
            return 1 if cells[at + _F_BYTES] < self.threshold_bytes else 0
        return 1 if cells[at] > self.threshold_flow else 0

    def _score(self, flow: "array[int]", at: int, direction: "array[int]", one: int, other: int) -> int:
        """Return a number that is the larger the earlier a connection comes."""
        if self.sort == _WORST:
            return _points(direction, one) + _points(direction, other) + _ends(flow, at)
        if self.sort == _BYTES:
            return flow[at + _F_BYTES]
        if self.sort == _DURATION:
            return flow[at + _F_LAST_TIME] - flow[at + _F_FIRST_TIME]
        if self.sort == _RTT:
            known = flow[at + _F_SYN_RTT] != _UNKNOWN and flow[at + _F_ACK_RTT] != _UNKNOWN
            return flow[at + _F_SYN_RTT] + flow[at + _F_ACK_RTT] if known else -1
        if self.sort == _RETRANSMISSIONS:
            return direction[one + _D_RETRANSMISSIONS] + direction[other + _D_RETRANSMISSIONS]
        if self.sort == _SEGMENTS:
            return flow[at + _F_SEGMENTS]
        return -flow[at]

    def cut(self, flows: RowStore, directions: RowStore) -> None:
        """Keep only the first `limit` connections, in order: by score, then bytes, then number."""
        keys: list[tuple[int, int, int, int]] = []
        for row in range(self.kept):
            at = row * flows.width
            keys.append((-self.scores[row], -flows.cells[at + _F_BYTES], flows.cells[at], row))
        keys.sort()
        del keys[self.limit :]
        kept_flows: list[tuple[int, ...]] = []
        kept_directions: list[tuple[int, ...]] = []
        for key in keys:
            kept_flows.append(flows.row(key[3]))
            kept_directions.append(directions.row(2 * key[3]))
            kept_directions.append(directions.row(2 * key[3] + 1))
        flows.refill(kept_flows)
        directions.refill(kept_directions)
        self.kept = len(keys)
        for row in range(self.kept):
            self.scores[row] = -keys[row][0]
        if self.kept == self.limit and self.limit > 0:
            last = keys[self.limit - 1]
            self.threshold = -last[0]
            self.threshold_bytes = -last[1]
            self.threshold_flow = last[2]


def _points(direction: "array[int]", one: int) -> int:
    """Return how much trouble a direction had."""
    points = direction[one + _D_RETRANSMISSIONS] * _RETRANSMISSION_POINTS
    points += direction[one + _D_ZERO_WINDOW] // _HELD_NS_PER_POINT
    return points + (direction[one + _D_INVALID] - direction[one + _D_STALE]) * _INVALID_POINTS


def _ends(flow: "array[int]", at: int) -> int:
    """Return how badly a connection began or ended."""
    points = _RESET_POINTS if flow[at + _F_CLOSING] == _RESET else 0
    if flow[at + _F_OPENING] == _HALF_OPEN or flow[at + _F_OPENING] == _REFUSED:
        points += _NO_CONNECTION_POINTS
    return points
