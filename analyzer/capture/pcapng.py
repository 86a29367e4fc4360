"""pcapng captures: sections of blocks, each section in its own byte order (draft-ietf-opsawg-pcapng).

This is the part that is not per packet: sections, interfaces with their clocks, statistics, comments.
"""

import struct
from array import array
from collections.abc import Iterator

from analyzer.capture.batch import PacketBatch
from analyzer.capture.blocks import STOP_CONTROL, BlockReader, Window
from analyzer.capture.pcapng_walk import (
    CLOCK_DIVIDE,
    CLOCK_NONE,
    CLOCK_SCALE,
    CLOCK_SHIFT,
    FAULT_CAPTURED,
    FAULT_INTERFACE,
    FAULT_LENGTH,
    FAULT_MAGIC,
    FAULT_RECORD,
    FAULT_TRAILER,
    INTERFACE,
    MAX_SECONDS,
    SECTION,
    STATISTICS,
    STRIDE,
    PcapngWalk,
)
from analyzer.capture.reader import MAX_COMMENTS, MAX_INTERFACES, Interface, printable, resolution_text
from analyzer.capture.stored import StreamDamage
from analyzer.errors import CaptureError

MAGIC = struct.pack(">I", SECTION)  # the same in both byte orders

_OPT_END, _OPT_COMMENT = 0, 1
_IF_NAME, _IF_DESCRIPTION, _IF_TSRESOL, _IF_TSOFFSET = 2, 3, 9, 14  # draft, section 4.2
_ISB_RECEIVED, _ISB_DROPPED, _ISB_OS_DROPPED = 4, 5, 7  # draft, section 4.6
_MICROSECONDS = 6  # if_tsresol where the option is missing
_NS_PER_S = 1_000_000_000
_NS_DIGITS = 9
_MAX_DIVISOR_DIGITS = 18  # the most that a divisor of 63 bits holds

_FAULTS = {
    FAULT_LENGTH: "a block length of {} cannot be",
    FAULT_TRAILER: "the block's two lengths differ (the second is {})",
    FAULT_MAGIC: "the section header has no byte-order magic",
    FAULT_INTERFACE: "interface {} was never described in this section",
    FAULT_CAPTURED: "a packet of {} bytes does not fit into its block",
    FAULT_RECORD: "a packet of {} bytes cannot be",
}


def clock_cells(tsresol: int, offset_s: int) -> tuple[int, int, int, int, int]:
    """Return the cells CLOCK, FIGURE, REST, LIMIT and OFFSET_NS for an interface's if_tsresol and if_tsoffset."""
    if abs(offset_s) > MAX_SECONDS:
        return CLOCK_NONE, 1, 1, 0, 0
    offset_ns = offset_s * _NS_PER_S
    limit_ns = MAX_SECONDS * _NS_PER_S - max(offset_ns, 0)
    digits = tsresol & 0x7F
    if tsresol & 0x80:
        return CLOCK_SHIFT, digits, 1, limit_ns, offset_ns
    if digits <= _NS_DIGITS:
        scale = 10 ** (_NS_DIGITS - digits)
        return CLOCK_SCALE, scale, 1, limit_ns // scale, offset_ns
    first = min(digits - _NS_DIGITS, _MAX_DIVISOR_DIGITS)
    rest = min(digits - _NS_DIGITS - first, _MAX_DIVISOR_DIGITS)  # 2**64 ticks are none after 36 digits
    return CLOCK_DIVIDE, 10**first, 10**rest, limit_ns, offset_ns


class PcapngReader(BlockReader):
    """A pcapng capture that is read once, front to back."""

    format = "pcapng"
    record_name = "block"

    def __init__(self, name: str, window: Window) -> None:
        """Read the blocks of a window that starts with a section header, which `first_section` passes."""
        self._pcapng = PcapngWalk()
        super().__init__(name, window, self._pcapng)

    @property
    def packet_comments(self) -> int:
        """Packets with a comment so far."""
        return self._pcapng.commented

    @property
    def untimed(self) -> int:
        """Packets without a time of their own so far."""
        return self._pcapng.untimed

    def first_section(self) -> None:
        """Read the first section header; without it nothing can be read, and reading ends in damage at byte 0."""
        batch, window, walk = PacketBatch(), self.window, self._pcapng
        while self.damage is None:
            batch.data = window.data
            walk.walk(batch, window.start, window.end)
            if walk.stop == STOP_CONTROL and self._control_passed():
                return
            self._go_on()

    def _fault_reason(self) -> str:
        return self._control_damage or _FAULTS[self._pcapng.fault].format(self._pcapng.figure)

    def _control(self, data: memoryview) -> int:
        """Handle the section, interface or statistics at the front, return its length."""
        length = self._pcapng.wanted
        order = ">" if self._pcapng.big else "<"
        kind, body = struct.unpack_from(order + "I", data)[0], data[8 : length - 4]
        {SECTION: self._section, INTERFACE: self._interface, STATISTICS: self._statistics}[kind](order, body)
        return length

    def _section(self, order: str, body: memoryview) -> None:
        """Start a section: its interfaces are numbered anew."""
        if len(body) < 16:
            raise StreamDamage(f"a section header of {len(body) + 12} bytes cannot be")
        major, minor = struct.unpack_from(order + "HH", body, 4)
        if (major, minor) not in ((1, 0), (1, 2)):  # 1.2 was written by some and means 1.0 (libpcap, sf-pcapng.c)
            raise StreamDamage(f"pcapng version {major}.{minor} is not supported, only 1.0 is")
        given = list(_options(order, body[16:]))
        self._keep_comments(given, self.comments)
        self._pcapng.base = self._pcapng.known

    def _interface(self, order: str, body: memoryview) -> None:
        """Add an interface, and its row to the table of the walk."""
        if len(body) < 8:
            raise StreamDamage(f"an interface description of {len(body) + 12} bytes cannot be")
        if len(self.interfaces) >= MAX_INTERFACES:
            raise StreamDamage(f"more than {MAX_INTERFACES} interfaces")
        link_type, _, snaplen = struct.unpack_from(order + "HHI", body)
        given = list(_options(order, body[8:]))
        first = dict(reversed(given))
        tsresol = first.get(_IF_TSRESOL, bytes([_MICROSECONDS]))[:1] or bytes([_MICROSECONDS])
        offset = _integer(order, first.get(_IF_TSOFFSET, b""), "q") or 0
        self._add_row([link_type, snaplen, *clock_cells(tsresol[0], offset), 0])
        resolution = resolution_text(tsresol[0] & 0x7F, 2 if tsresol[0] & 0x80 else 10)
        name, description = _text(first.get(_IF_NAME, b"")), _text(first.get(_IF_DESCRIPTION, b""))
        interface = Interface(name, description, link_type, snaplen, resolution)
        self._keep_comments(given, interface.comments)
        self.interfaces.append(interface)

    def _add_row(self, row: list[int]) -> None:
        """Put the cells of one more interface into the table."""
        walk = self._pcapng
        at = walk.known * STRIDE
        if at == len(walk.table):
            walk.table = array("q", bytes(walk.table) + bytes(8 * at))  # twice as large
        for index, cell in enumerate(row):
            walk.table[at + index] = cell
        walk.known += 1

    def _statistics(self, order: str, body: memoryview) -> None:
        """Take over an interface's counters; they count from the start, so the last ones stand."""
        if len(body) < 12:
            raise StreamDamage(f"interface statistics of {len(body) + 12} bytes cannot be")
        number = struct.unpack_from(order + "I", body)[0] + self._pcapng.base
        if number >= len(self.interfaces):
            return  # Wireshark passes over them too
        interface = self.interfaces[number]
        given = list(_options(order, body[12:]))
        self._keep_comments(given, interface.comments)
        counters = {code: _integer(order, value, "Q") for code, value in given}
        received = counters.get(_ISB_RECEIVED)
        drops = [n for n in (counters.get(_ISB_DROPPED), counters.get(_ISB_OS_DROPPED)) if n is not None]
        interface.received = interface.received if received is None else received
        interface.dropped = sum(drops) if drops else interface.dropped

    def _keep_comments(self, given: list[tuple[int, bytes]], kept: list[str]) -> None:
        """Add the comments among these options, as long as there is room."""
        new = [_text(value) for code, value in given if code == _OPT_COMMENT]
        kept.extend(new[: MAX_COMMENTS - len(kept)])


def _options(order: str, data: memoryview) -> Iterator[tuple[int, bytes]]:
    """Yield the code and the value of each option; raises `StreamDamage` for one that is longer than its block."""
    header = struct.Struct(order + "HH")
    at = 0
    while len(data) - at >= header.size:
        code, length = header.unpack_from(data, at)
        if code == _OPT_END:
            return
        if length > len(data) - at - header.size:
            raise StreamDamage(f"an option of {length} bytes does not fit into its block")
        at += header.size
        yield code, bytes(data[at : at + length])
        at += length + 3 & ~3


def _integer(order: str, value: bytes, letter: str) -> int | None:
    """Return the 64-bit number of an option, None where it has another length."""
    return int(struct.unpack(order + letter, value)[0]) if len(value) == 8 else None


def _text(value: bytes) -> str:
    """Return text of a capture so that it can be shown."""
    return printable(value.rstrip(b"\0").decode("utf-8", "replace"))


def open_pcapng(name: str, window: Window) -> PcapngReader:
    """Return the reader of a window that starts with a section header's type.

    Raises `CaptureError` where the first section header is cut or nothing that is read.
    """
    reader = PcapngReader(name, window)
    reader.first_section()
    if reader.damage is not None:
        raise CaptureError(f"{name}: {reader.damage.reason}")
    return reader
