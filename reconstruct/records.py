# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Small records of connections: those that are a single SYN so far, and those that are finished.

Ten words each, so that millions of unanswered SYNs fit into memory: addresses (4), ports and flow number, time, domain,
sequence numbers, frame, and the rest of the SYN.
"""

from array import array

from reconstruct.connection import Connection
from reconstruct.fit import is_beyond
from reconstruct.segment import ACK, SYN, Segment
from reconstruct.states import State

RECORD_WORDS = 10  # 64-bit words
HALF_OPEN, FINISHED, FREE = 0, 1, 2  # what a record is
LARGEST_TAG = 0xFFF  # the largest VLAN id that a record has room for: of one tag (IEEE 802.1Q), not of several

_SYN, _ACK = SYN, ACK
_WORDS = RECORD_WORDS
_HALF_OPEN, _FINISHED, _FREE = HALF_OPEN, FINISHED, FREE
_FIRST_ROOM = 256  # records
_NOTHING = array("q", [0])
_MASK16, _MASK32 = 0xFFFF, 0xFFFFFFFF
_KIND_SHIFT = 45
_HOLDER_SHIFT = 32
_TIME_WAIT = int(State.TIME_WAIT)
_NOT_REUSED, _BY_ISN, _UNLAWFULLY = 0, 1, 3  # see `reconstruct.fit`
_BASED = 1 << 32
_VERSION_6 = 1 << 48
_TAG_SHIFT = 49
_TTL_SHIFT, _COOKIE_SHIFT = 40, 48  # above the frame, of which there are fewer than 2^40
_FRAME_MASK = (1 << 40) - 1


class Records:
    """Records in one buffer that grows by a quarter; freed ones are used again."""

    def __init__(self) -> None:
        """Make an empty store."""
        self.room = _FIRST_ROOM
        self.used = 0
        self.free = -1
        self.buffer = array("q", bytes(8 * _WORDS * _FIRST_ROOM))
        self.cells = self.buffer

    def _grow(self) -> None:
        """Grow in place: the memory is moved by the system, not copied beside the old one."""
        more = self.room // 4
        self.cells = _NOTHING  # a buffer that somebody looks at cannot grow
        self.buffer.frombytes(bytes(8 * _WORDS * more))
        self.cells = self.buffer
        self.room += more

    def take(self) -> int:
        """Return the number of a record to fill."""
        if self.free >= 0:
            record = self.free
            self.free = self.cells[record * _WORDS]
            return record
        if self.used == self.room:
            self._grow()
        self.used += 1
        return self.used - 1

    def give_back(self, record: int) -> None:
        """Free a record."""
        self.cells[record * _WORDS] = self.free
        self.cells[record * _WORDS + 9] = _FREE << _KIND_SHIFT
        self.free = record

    def kind(self, record: int) -> int:
        """Return what a record is."""
        return self.cells[record * _WORDS + 9] >> _KIND_SHIFT

    def flow(self, record: int) -> int:
        """Return the number of the record's connection."""
        return self.cells[record * _WORDS + 4] >> 32

    def time_ns(self, record: int) -> int:
        """Return when the record's connection was last heard."""
        return self.cells[record * _WORDS + 5]

    def domain(self, record: int) -> int:
        """Return the domain of the record's connection."""
        return self.cells[record * _WORDS + 6]

    def load_key(self, record: int, segment: Segment) -> None:
        """Fill in addresses and ports of a segment."""
        at = record * _WORDS
        segment.src_hi = self.cells[at]
        segment.src_lo = self.cells[at + 1]
        segment.dst_hi = self.cells[at + 2]
        segment.dst_lo = self.cells[at + 3]
        segment.sport = self.cells[at + 4] & _MASK16
        segment.dport = self.cells[at + 4] >> 16 & _MASK16

    def put_syn(self, segment: Segment, flow: int, domain: int) -> int:
        """Keep the SYN that begins a connection."""
        record = self.take()
        at = record * _WORDS
        cells = self.cells
        cells[at] = segment.src_hi
        cells[at + 1] = segment.src_lo
        cells[at + 2] = segment.dst_hi
        cells[at + 3] = segment.dst_lo
        cells[at + 4] = segment.sport | segment.dport << 16 | flow << 32
        cells[at + 5] = segment.time_ns
        cells[at + 6] = domain
        version = _VERSION_6 if segment.ip_version == 6 else 0
        cells[at + 7] = segment.wire_seq | segment.window << 32 | version | (segment.vlan + 1) << _TAG_SHIFT
        cells[at + 8] = segment.frame | segment.ttl << _TTL_SHIFT | segment.fast_open_len << _COOKIE_SHIFT
        options = segment.options | segment.mss << 12 | segment.window_scale << 28
        cells[at + 9] = options | segment.flags << 36
        return record

    def load_syn(self, record: int, segment: Segment) -> None:
        """Fill a segment with the SYN that a record keeps."""
        self.load_key(record, segment)
        at = record * _WORDS
        cells = self.cells
        segment.time_ns = cells[at + 5]
        segment.wire_seq = cells[at + 7] & _MASK32
        segment.window = cells[at + 7] >> 32 & _MASK16
        segment.ip_version = 6 if cells[at + 7] & _VERSION_6 else 4
        segment.frame = cells[at + 8] & _FRAME_MASK
        segment.ttl = cells[at + 8] >> _TTL_SHIFT & 0xFF
        segment.fast_open_len = cells[at + 8] >> _COOKIE_SHIFT
        segment.options = cells[at + 9] & 0xFFF
        segment.mss = cells[at + 9] >> 12 & _MASK16
        segment.window_scale = cells[at + 9] >> 28 & 0xFF
        segment.flags = cells[at + 9] >> 36 & 0x1FF
        segment.payload_len = segment.captured_len = segment.text_head = 0
        segment.wire_ack = 0
        segment.sack_blocks = 0
        segment.vlan = (cells[at + 7] >> _TAG_SHIFT) - 1

    def put_finished(self, connection: Connection) -> int:
        """Keep what tells late segments of a finished connection from a new one."""
        record = self.take()
        at = record * _WORDS
        cells = self.cells
        cells[at] = connection.client_hi
        cells[at + 1] = connection.client_lo
        cells[at + 2] = connection.server_hi
        cells[at + 3] = connection.server_lo
        cells[at + 4] = connection.client_port | connection.server_port << 16 | connection.number << 32
        cells[at + 5] = connection.last_time_ns
        cells[at + 6] = connection.domain
        version = _VERSION_6 if connection.ip_version == 6 else 0
        cells[at + 7] = connection.client.isn | (_BASED if connection.client.based else 0) | version
        cells[at + 8] = connection.server.isn | (_BASED if connection.server.based else 0)
        holder = 1 if connection.client.state == _TIME_WAIT else 0
        if connection.server.state == _TIME_WAIT:
            holder += 2
        last = connection.client.isn + connection.client.stream.highest & _MASK32
        cells[at + 9] = last | holder << _HOLDER_SHIFT | _FINISHED << _KIND_SHIFT
        return record

    def holder(self, record: int) -> int:
        """Return who holds a finished connection in TIME-WAIT: 1 for the client, 2 for the server, 3 for both."""
        return self.cells[record * _WORDS + 9] >> _HOLDER_SHIFT & 3

    def reuse(self, record: int, segment: Segment, side: int) -> int:
        """Say how a SYN from `side` takes over the ports of a finished connection, as far as its number tells."""
        if side != 1 or self.holder(record) == 0:
            return _NOT_REUSED
        return _BY_ISN if is_beyond(segment.wire_seq, self.cells[record * _WORDS + 9] & _MASK32) else _UNLAWFULLY

    def matches(self, record: int, segment: Segment, domain: int) -> int:
        """Return 1 if a segment is of the record's connection and from the end named first, 2 if from the other."""
        at = record * _WORDS
        cells = self.cells
        if cells[at + 6] != domain or (cells[at + 7] & _VERSION_6 != 0) != (segment.ip_version == 6):
            return 0
        ports = cells[at + 4] & _MASK32
        if ports == segment.sport | segment.dport << 16 and (
            cells[at] == segment.src_hi and cells[at + 1] == segment.src_lo
            and cells[at + 2] == segment.dst_hi and cells[at + 3] == segment.dst_lo
        ):  # fmt: skip
            return 1
        if ports == segment.dport | segment.sport << 16 and (
            cells[at] == segment.dst_hi and cells[at + 1] == segment.dst_lo
            and cells[at + 2] == segment.src_hi and cells[at + 3] == segment.src_lo
        ):  # fmt: skip
            return 2
        return 0

    def reopens(self, record: int, segment: Segment, side: int) -> int:
        """Return 1 if a SYN from `side` (1 or 2, as `matches` says) is not that of the finished connection.

        An end that was never heard of has no number to differ from: its first SYN is of the same connection.
        """
        word = self.cells[record * _WORDS + 6 + side]
        return 1 if word & _BASED and word & _MASK32 != segment.wire_seq else 0

    def hear(self, record: int, segment: Segment, side: int) -> None:
        """Learn from a late segment of `side` what an end that was not heard of begins with."""
        at = record * _WORDS + 6 + side
        if not self.cells[at] & _BASED:
            before = 0 if segment.flags & _SYN else 1
            self.cells[at] |= (segment.wire_seq - before & _MASK32) | _BASED
        peer = record * _WORDS + 9 - side
        if segment.flags & _ACK and not self.cells[peer] & _BASED:
            self.cells[peer] |= (segment.wire_ack - 1 & _MASK32) | _BASED
