"""Segments of many connections given to a flow table, one after the other."""

from dataclasses import dataclass

from reconstruct.flows import FlowTable
from reconstruct.recorder import Recorder
from reconstruct.segment import ACK, FIN, RST, SYN, Segment
from reconstruct.seq import SEQ_MODULUS
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Tally
from tests.reconstruct.replaying import MS, Row, rows_of


@dataclass(frozen=True)
class Pair:
    """The two ends of a connection as the wire shows them, and the numbers that they begin with."""

    port: int = 40000
    peer_port: int = 80
    low: int = 1
    peer_low: int = 2
    high: int = 0
    peer_high: int = 0
    version: int = 4
    domain: int = 0
    vlan: int = -1
    isn: int = SEQ_MODULUS - 2  # wraps after the first byte
    peer_isn: int = 5_000

    def segment(self, flags: int, seq: int, ack: int, from_client: bool) -> Segment:
        """Return a segment; `seq` and `ack` count from the ISNs."""
        segment = Segment()
        segment.ip_version, segment.domain, segment.vlan = self.version, self.domain, self.vlan
        mine, peers = (self.high, self.low, self.port), (self.peer_high, self.peer_low, self.peer_port)
        isns = (self.isn, self.peer_isn)
        if not from_client:
            mine, peers, isns = peers, mine, isns[::-1]
        segment.src_hi, segment.src_lo, segment.sport = mine
        segment.dst_hi, segment.dst_lo, segment.dport = peers
        segment.flags, segment.window = flags, 60_000
        segment.wire_seq = (isns[0] + seq) % SEQ_MODULUS
        segment.wire_ack = (isns[1] + ack) % SEQ_MODULUS if flags & ACK else 0
        return segment


class Tap:
    """A flow table and the capture that it reads: a packet every millisecond."""

    def __init__(self, **limits: int) -> None:
        """Make a tap whose table has these settings."""
        self.table = FlowTable(ReplaySettings(**limits), Recorder(True, True), Tally())
        self.frame = self.now_ns = 0

    def take(self, segment: Segment) -> Segment:
        """Give the table one segment."""
        self.frame += 1
        self.now_ns += MS
        segment.frame, segment.time_ns = self.frame, self.now_ns
        self.table.step(segment)
        return segment

    def client(self, pair: Pair, flags: int, seq: int, ack: int = 0, payload_len: int = 0) -> Segment:
        """Let the client send."""
        return self._sent(pair.segment(flags, seq, ack, True), payload_len)

    def server(self, pair: Pair, flags: int, seq: int, ack: int = 0, payload_len: int = 0) -> Segment:
        """Let the server send."""
        return self._sent(pair.segment(flags, seq, ack, False), payload_len)

    def _sent(self, segment: Segment, payload_len: int) -> Segment:
        segment.payload_len = segment.captured_len = payload_len
        return self.take(segment)

    def syn(self, pair: Pair) -> None:
        """Let the client ask for a connection."""
        self.client(pair, SYN, 0)

    def handshake(self, pair: Pair) -> None:
        """Open a connection: three segments."""
        self.syn(pair)
        self.server(pair, SYN | ACK, 0, 1)
        self.client(pair, ACK, 1, 1)

    def data(self, pair: Pair) -> None:
        """Let the client send its first hundred bytes."""
        self.client(pair, ACK, 1, 1, payload_len=100)

    def fins(self, pair: Pair) -> None:
        """Close a connection that carried nothing: three segments."""
        self.client(pair, FIN | ACK, 1, 1)
        self.server(pair, FIN | ACK, 1, 2)
        self.client(pair, ACK, 2, 2)

    def reset(self, pair: Pair) -> None:
        """Reset a connection that carried nothing: one segment."""
        self.client(pair, RST | ACK, 1, 1)

    def whole(self, pair: Pair) -> None:
        """Open a connection and close it: six segments."""
        self.handshake(pair)
        self.fins(pair)

    def wait(self, time_ns: int) -> None:
        """Let nothing happen for a while."""
        self.now_ns += time_ns

    def finish(self) -> list[Row]:
        """End the capture and return the rows of the connections, in order of their numbers."""
        self.table.finish()
        return sorted(rows_of(self.table.flows), key=_number)


def _number(row: Row) -> int:
    number = row["flow"]
    assert number is not None
    return number


def columns(rows: list[Row], *names: str) -> list[tuple[int | None, ...]]:
    """Return some columns of rows."""
    return [tuple(row[name] for name in names) for row in rows]


def pairs(count: int, **fields: int) -> list[Pair]:
    """Return as many pairs that differ in the client's port."""
    return [Pair(port=10_000 + index, **fields) for index in range(count)]
