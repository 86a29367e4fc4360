"""Whole IP packets out of their fragments (RFC 791 3.2, RFC 8200 4.5), in bounded memory."""

from dataclasses import dataclass

from reconstruct.ranges import RangeSet

TIMEOUT_V4_NS = 30_000_000_000  # ns; Linux, net.ipv4.ipfrag_time
TIMEOUT_V6_NS = 60_000_000_000  # ns; RFC 8200 (4.5)
MAX_PACKETS = 4096  # packets in the making; each takes well below 2 KiB beside its bytes
MAX_BYTES = 4 << 20  # bytes of all packets in the making; Linux, net.ipv4.ipfrag_high_thresh
MAX_PACKET_BYTES = 65535  # RFC 791 (3.1): the total length has 16 bits

_FRAGMENT_HEADER = 44
_CHAINED = (0, 43, 60, 135)  # hop-by-hop, routing, destination options, mobility: what may precede a fragment header
_UNKNOWN_END = -1


@dataclass(frozen=True)
class _Fragment:
    """One fragment: `start` to `end` of the packet's fragmentable part; `data` is what the capture holds of it.

    `header` is what precedes that part, with the Next Header that the whole packet has.
    """

    key: tuple[object, ...]
    version: int
    header: bytes
    start: int
    end: int
    more: bool
    data: bytes


class _Pieces:
    """A packet in the making: which offsets have arrived (`total` of them, up to `last`), which the capture holds."""

    def __init__(self, time_ns: int) -> None:
        self.time_ns = time_ns
        self.header = b""
        self.end = _UNKNOWN_END
        self.last = self.total = 0
        self.arrived = RangeSet()
        self.captured = RangeSet()
        self.data = bytearray()
        self.dead = False

    def add(self, fragment: _Fragment) -> bool:
        """Put a fragment in its place; False where it contradicts those before it."""
        if self.end != _UNKNOWN_END and (fragment.end > self.end or (not fragment.more and fragment.end != self.end)):
            return False
        if not fragment.more:
            if self.last > fragment.end:
                return False
            self.end = fragment.end
        if fragment.start == 0:
            self.header = fragment.header
        self.last = max(self.last, fragment.end)
        self.total += self.arrived.add(fragment.start, fragment.end)
        until = fragment.start + len(fragment.data)
        self.captured.add(fragment.start, until)
        if len(self.data) < until:
            self.data.extend(bytes(until - len(self.data)))
        self.data[fragment.start : until] = fragment.data  # RFC 791 (3.2): the more recent copy is used
        return True

    def overlaps(self, fragment: _Fragment) -> bool:
        """Return whether some of the fragment's offsets arrived before."""
        return self.arrived.covered(fragment.start, fragment.end) > 0

    def repeats(self, fragment: _Fragment) -> bool:
        """Return whether all of the fragment's offsets arrived before, with the same bytes."""
        held = bytes(self.data[fragment.start : fragment.start + len(fragment.data)])
        return (
            self.arrived.covered(fragment.start, fragment.end) == fragment.end - fragment.start
            and held == fragment.data
            and (fragment.more or fragment.end == self.end)
        )

    def is_whole(self) -> bool:
        """Return whether every fragment has arrived."""
        return self.total == self.end

    def held(self) -> bytes:
        """Return the bytes before the first that the snap length cut off."""
        if self.captured.size() == 0 or self.captured.first_start() > 0:
            return b""
        return bytes(self.data[: self.captured.first_end()])


class Fragments:
    """Keeps fragments until their packets are whole, or given up: too old, too many, contradictory."""

    def __init__(self) -> None:
        """Hold no fragment yet."""
        self._packets: dict[tuple[object, ...], _Pieces] = {}
        self._bytes = 0

    @property
    def packets(self) -> int:
        """How many packets are in the making."""
        return len(self._packets)

    @property
    def held_bytes(self) -> int:
        """How many bytes of packets in the making are held."""
        return self._bytes

    def add(self, time_ns: int, packet: bytes, wire: int, tenant: tuple[int, int] = (0, -1)) -> bytes | None:
        """Add a fragment: an IP packet from its header on, `wire` bytes on the wire; return the packet if whole now.

        The packet's length field counts it in full. Where the snap length cut fragments, its bytes end before the first
        that is missing, as the bytes of a snapped packet do. `tenant` is the domain and VLAN, for these too tell apart.
        """
        fragment = _read(packet, wire, tenant)
        if fragment is None:
            return None
        pieces = self._pieces(time_ns, fragment)
        if pieces.dead:
            return None
        if fragment.version == 6 and pieces.overlaps(fragment):
            if not pieces.repeats(fragment):
                self._bury(pieces)
            return None
        before = len(pieces.data)
        good = pieces.add(fragment)
        self._bytes += len(pieces.data) - before
        if not good:
            self._bury(pieces)
            return None
        if pieces.is_whole():
            self._forget(fragment.key)
            return _assemble(fragment.version, pieces)
        self._shrink()
        return None

    def _pieces(self, time_ns: int, fragment: _Fragment) -> _Pieces:
        """Return the packet that a fragment belongs to; one that waited too long makes room for a new one."""
        timeout_ns = TIMEOUT_V4_NS if fragment.version == 4 else TIMEOUT_V6_NS
        pieces = self._packets.get(fragment.key)
        if pieces is not None and time_ns - pieces.time_ns > timeout_ns:
            self._forget(fragment.key)
            pieces = None
        if pieces is None:
            pieces = self._packets[fragment.key] = _Pieces(time_ns)
        return pieces

    def _bury(self, pieces: _Pieces) -> None:
        """Drop a packet with the fragments still to come (RFC 5722 4)."""
        self._bytes -= len(pieces.data)
        pieces.data = bytearray()
        pieces.dead = True

    def _forget(self, key: tuple[object, ...]) -> None:
        self._bytes -= len(self._packets.pop(key).data)

    def _shrink(self) -> None:
        """Give up the oldest packets until the bounds hold."""
        while len(self._packets) > MAX_PACKETS or self._bytes > MAX_BYTES:
            self._forget(next(iter(self._packets)))


def _read(packet: bytes, wire: int, tenant: tuple[int, int]) -> _Fragment | None:
    """Read a fragment's headers; None where they make no sense, or are cut."""
    if not packet:
        return None
    fragment = _read_v4(packet, wire, tenant) if packet[0] >> 4 == 4 else _read_v6(packet, wire, tenant)
    if fragment is None or fragment.end <= fragment.start or len(fragment.header) + fragment.end > MAX_PACKET_BYTES:
        return None
    if fragment.more and (fragment.end - fragment.start) % 8:  # RFC 8200 (4.5); RFC 791 counts in units of 8 bytes too
        return None
    return fragment


def _read_v4(packet: bytes, wire: int, tenant: tuple[int, int]) -> _Fragment | None:
    if len(packet) < 20:
        return None
    header = (packet[0] & 15) * 4
    length = int.from_bytes(packet[2:4], "big") or wire
    if header < 20 or length < header or len(packet) < header:
        return None
    flags = int.from_bytes(packet[6:8], "big")
    start = (flags & 0x1FFF) * 8
    key = (4, tenant, packet[12:20], packet[9], packet[4:6])  # RFC 791 (3.2): addresses, protocol, identification
    end = start + length - header
    return _Fragment(key, 4, packet[:header], start, end, bool(flags & 0x2000), packet[header:length])


def _read_v6(packet: bytes, wire: int, tenant: tuple[int, int]) -> _Fragment | None:
    if len(packet) < 48:
        return None
    length = 40 + (int.from_bytes(packet[4:6], "big") or wire - 40)
    at, named_at = 40, 6
    while packet[named_at] in _CHAINED and len(packet) >= at + 16:
        at, named_at = at + (packet[at + 1] + 1) * 8, at
    if packet[named_at] != _FRAGMENT_HEADER or len(packet) < at + 8 or length < at + 8:
        return None
    field = int.from_bytes(packet[at + 2 : at + 4], "big")
    start = field & 0xFFF8
    header = packet[:named_at] + packet[at : at + 1] + packet[named_at + 1 : at]
    key = (6, tenant, packet[8:40], packet[at + 4 : at + 8])  # RFC 8200 (4.5): addresses, identification
    return _Fragment(key, 6, header, start, start + length - at - 8, bool(field & 1), packet[at + 8 : length])


def _assemble(version: int, pieces: _Pieces) -> bytes | None:
    """Return the packet: the first fragment's header with the length of the whole, and what the capture holds."""
    header = bytearray(pieces.header)
    if len(header) + pieces.end > MAX_PACKET_BYTES:
        return None
    if version == 4:
        header[2:4] = (len(header) + pieces.end).to_bytes(2, "big")
        header[6:8] = (header[6] & 0x40, 0)
    else:
        header[4:6] = (len(header) - 40 + pieces.end).to_bytes(2, "big")
    return bytes(header) + pieces.held()
