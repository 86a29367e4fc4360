# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The loop over pcapng blocks that carry packets (draft-ietf-opsawg-pcapng), made for speed.

Blocks that say something about the packets (sections, interfaces, statistics) are left to the reader; those of other
kinds are stepped over here. A block that is a frame to Wireshark takes its place in the batch also where it holds no
packet, so that frame numbers agree.
"""

from array import array

from analyzer.capture import integers
from analyzer.capture.batch import BATCH_PACKETS, PacketBatch
from analyzer.capture.blocks import STOP_CONTROL, STOP_FAULT, STOP_FULL, STOP_MORE
from analyzer.capture.reader import LINK_NONE, MAX_BLOCK_BYTES, MAX_RECORD_BYTES

SECTION, INTERFACE, STATISTICS = 0x0A0D0D0A, 1, 5  # block types of the draft's section 10.1

# Cells of an interface in `PcapngWalk.table`; eight of them are a cache line. LIMIT is the latest time before OFFSET_NS
# is added: ticks for CLOCK_SCALE, nanoseconds for the others.
STRIDE = 8
LINK, SNAPLEN, CLOCK, FIGURE, REST, LIMIT, OFFSET_NS = 0, 1, 2, 3, 4, 5, 6

# Clocks, by what makes nanoseconds of their ticks.
CLOCK_NONE = 0  # nothing does: the interface's offset lies outside of what 64 bits hold
CLOCK_SCALE = 1  # ticks times `FIGURE`
CLOCK_DIVIDE = 2  # ticks by `FIGURE` and by `REST`
CLOCK_SHIFT = 3  # 2**-`FIGURE` seconds

FAULT_LENGTH, FAULT_TRAILER, FAULT_MAGIC, FAULT_INTERFACE, FAULT_CAPTURED, FAULT_RECORD = 1, 2, 3, 4, 5, 6

# s; the latest time that is believed, in the year 2255. 64 bits of nanoseconds end in 2262.
MAX_SECONDS = 9_000_000_000

_SECTION, _INTERFACE, _STATISTICS = SECTION, INTERFACE, STATISTICS
_OBSOLETE, _SIMPLE, _ENHANCED = 2, 3, 6
# Frames to Wireshark without being packets: systemd journal, custom blocks, sysdig events (wiretap/pcapng.c).
_JOURNAL, _CUSTOM, _CUSTOM_NOT_COPIED = 9, 0xBAD, 0x40000BAD
_SYSDIG, _SYSDIG_V2, _SYSDIG_V2_LARGE = 0x204, 0x216, 0x221

_STRIDE, _LINK, _SNAPLEN, _CLOCK, _FIGURE, _REST = STRIDE, LINK, SNAPLEN, CLOCK, FIGURE, REST
_LIMIT, _OFFSET_NS = LIMIT, OFFSET_NS
_CLOCK_SCALE, _CLOCK_DIVIDE, _CLOCK_SHIFT = CLOCK_SCALE, CLOCK_DIVIDE, CLOCK_SHIFT
_BATCH_PACKETS, _MAX_BLOCK_BYTES, _MAX_RECORD_BYTES, _LINK_NONE = (
    BATCH_PACKETS,
    MAX_BLOCK_BYTES,
    MAX_RECORD_BYTES,
    LINK_NONE,
)
_NS_PER_S = 1_000_000_000
_U_NS_PER_S, _U_MAX_SECONDS, _U_LOW_32, _U_ONE = 1_000_000_000, MAX_SECONDS, 0xFFFFFFFF, 1


class PcapngWalk:
    """The loop over pcapng blocks.

    `big` tells the byte order of the present section, `base` the number of its first interface over all sections and
    `known` the number of all interfaces so far, whose rows stand in `table`. After a fault `fault` is its code and
    `figure` the number at fault. `untimed` counts packets that were given the time of the one before.
    """

    def __init__(self) -> None:
        """Make a walk that stands before the first section."""
        self.stop = STOP_MORE
        self.wanted = 0
        self.untimed = self.commented = self.last_ns = 0
        self.big = 0
        self.fault = self.figure = 0
        self.base = self.known = 0
        self.table = array("q", bytes(8 * STRIDE))
        self._data: bytes | bytearray = b"\0"

    def _u16(self, at: int) -> int:
        """Return the 16-bit number at this position."""
        value = self._data[at + self.big]
        return value | self._data[at + 1 - self.big] << 8

    def _turn(self, at: int) -> int:
        """Take on the byte order of the magic number at this position; 0 if it is none."""
        magic = (self._data[at], self._data[at + 1], self._data[at + 2], self._data[at + 3])
        if magic == (0x4D, 0x3C, 0x2B, 0x1A):
            self.big = 0
        elif magic == (0x1A, 0x2B, 0x3C, 0x4D):
            self.big = 1
        else:
            return 0
        return 1

    def walk(self, batch: PacketBatch, start: int, end: int) -> int:
        """Add the packets of `batch.data[start:end]` to the batch and return where the first block left over starts."""
        self._data = batch.data
        at = start
        self.stop = STOP_FULL
        self.wanted = 0
        while batch.count < _BATCH_PACKETS:
            if end - at < 12:  # type, length and length again
                self.stop = STOP_MORE
                break
            kind = integers.u32_ordered(self._data, at, self.big)
            if kind == _SECTION and not self._turn(at + 8):
                self._fail(FAULT_MAGIC, 0)
                break
            raw = integers.u32_ordered(self._data, at + 4, self.big)
            length = raw + 3 & ~3  # some writers leave the padding out of the length; Wireshark reads them too
            if length < 12 or length > _MAX_BLOCK_BYTES:
                self._fail(FAULT_LENGTH, raw)
                break
            if length > end - at:
                self.stop, self.wanted = STOP_MORE, length
                break
            trailer = integers.u32_ordered(self._data, at + length - 4, self.big)
            if trailer != raw and trailer != length:
                self._fail(FAULT_TRAILER, trailer)
                break
            if kind in (_SECTION, _INTERFACE, _STATISTICS):
                self.stop, self.wanted = STOP_CONTROL, length
                break
            if not self._take(batch, kind, at, length):
                break
            at += length
        return at

    def _fail(self, fault: int, figure: int) -> int:
        """Stop the walk; returns 0."""
        self.stop, self.fault, self.figure = STOP_FAULT, fault, figure
        return 0

    def _take(self, batch: PacketBatch, kind: int, at: int, length: int) -> int:
        """Add the packet of a block if it holds one; 0 after a fault."""
        if kind == _ENHANCED:
            return self._timed(batch, at, length, 0)
        if kind == _SIMPLE:
            return self._simple(batch, at, length)
        if kind == _OBSOLETE:
            return self._timed(batch, at, length, 1)
        if kind in (_JOURNAL, _CUSTOM, _CUSTOM_NOT_COPIED):
            return self._add(batch, at + 8, length - 12, length - 12, -1)
        if kind in (_SYSDIG, _SYSDIG_V2, _SYSDIG_V2_LARGE):
            return self._add(batch, at + 8, length - 12, length - 12, -1)
        return 1

    def _timed(self, batch: PacketBatch, at: int, length: int, obsolete: int) -> int:
        """Add the packet of an enhanced or an obsolete packet block."""
        if length < 32:  # with no packet and no options
            return self._fail(FAULT_LENGTH, length)
        number = self._u16(at + 8) if obsolete else integers.u32_ordered(self._data, at + 8, self.big)
        if number >= self.known - self.base:
            return self._fail(FAULT_INTERFACE, number)
        number += self.base
        captured = integers.u32_ordered(self._data, at + 20, self.big)
        if captured > length - 32:
            return self._fail(FAULT_CAPTURED, captured)
        if captured > _MAX_RECORD_BYTES:
            return self._fail(FAULT_RECORD, captured)
        batch.time_ns[batch.count] = self._time_ns(
            integers.u32_ordered(self._data, at + 12, self.big),
            integers.u32_ordered(self._data, at + 16, self.big),
            number * _STRIDE,
        )
        padded = captured + 3 & ~3
        if padded < length - 32:
            self._count_comment(at + 28 + padded, at + length - 4)
        return self._add(batch, at + 28, captured, integers.u32_ordered(self._data, at + 24, self.big), number)

    def _simple(self, batch: PacketBatch, at: int, length: int) -> int:
        """Add the packet of a simple packet block: of the section's first interface, without a time."""
        if length < 16:
            return self._fail(FAULT_LENGTH, length)
        if self.known == self.base:
            return self._fail(FAULT_INTERFACE, 0)
        wire = integers.u32_ordered(self._data, at + 8, self.big)
        captured = wire if wire < length - 16 else length - 16
        snaplen = self.table[self.base * _STRIDE + _SNAPLEN]
        if snaplen and captured > snaplen:
            captured = snaplen
        if captured > _MAX_RECORD_BYTES:
            return self._fail(FAULT_RECORD, captured)
        batch.time_ns[batch.count] = self.last_ns
        self.untimed += 1
        return self._add(batch, at + 12, captured, wire, self.base)

    def _add(self, batch: PacketBatch, start: int, captured: int, wire: int, number: int) -> int:
        """Put everything but the time into the batch's columns; interface -1 marks what is no packet."""
        index = batch.count
        batch.start[index] = start
        batch.captured[index] = captured
        batch.wire[index] = wire
        batch.interface[index] = number
        if number < 0:
            batch.link[index] = _LINK_NONE
            batch.time_ns[index] = self.last_ns
        else:
            batch.link[index] = self.table[number * _STRIDE + _LINK]
            self.last_ns = batch.time_ns[index]
        batch.count = index + 1
        return 1

    def _time_ns(self, high: int, low: int, row: int) -> int:
        """Return the time of these ticks, cut to whole nanoseconds; one that 64 bits cannot hold is that before."""
        ticks = high << 32 | low
        clock = self.table[row + _CLOCK]
        figure = self.table[row + _FIGURE]
        rest = self.table[row + _REST]
        limit = self.table[row + _LIMIT]
        ns = good = 0
        if clock == _CLOCK_SCALE:
            good = ticks <= limit
            ns = ticks * figure
        elif clock == _CLOCK_DIVIDE:
            ns = ticks // figure // rest
            good = ns <= limit
        elif clock == _CLOCK_SHIFT and (figure > 31 or ticks >> figure <= _U_MAX_SECONDS):
            ns = self._shifted(ticks, figure)
            good = ns <= limit
        if not good:
            self.untimed += 1
            return self.last_ns
        whole = ns  # signed from here on: the offset may be negative
        return whole + self.table[row + _OFFSET_NS]

    def _shifted(self, ticks: int, bits: int) -> int:
        """Return ticks of 2**-bits seconds as whole nanoseconds; no step needs more than 64 bits."""
        if bits < 32:
            return (ticks >> bits) * _U_NS_PER_S + ((ticks & (_U_ONE << bits) - 1) * _U_NS_PER_S >> bits)
        shift = bits - 32 if bits < 95 else 63
        return (ticks >> 32) * _U_NS_PER_S + ((ticks & _U_LOW_32) * _U_NS_PER_S >> 32) >> shift

    def _count_comment(self, at: int, end: int) -> int:
        """Count the packet if a comment is among the options from `at` to `end`; broken ones are no comments."""
        while end - at >= 4:
            code = self._u16(at)
            if code == 0:
                break
            if code == 1:
                self.commented += 1
                break
            at += 4 + (self._u16(at + 2) + 3 & ~3)
        return 0
