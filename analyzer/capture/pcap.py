# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""pcap captures: a file header, then records of a header and a packet (draft-ietf-opsawg-pcap).

Read are both byte orders, times in micro- and nanoseconds, the longer record header that A. Kuznetsov's patched
libpcap wrote, and the old minor versions whose two lengths stand the other way round.
"""

import struct
from dataclasses import dataclass

from analyzer.capture import integers
from analyzer.capture.batch import BATCH_PACKETS, PacketBatch
from analyzer.capture.blocks import STOP_FAULT, STOP_FULL, STOP_MORE, BlockReader, Window
from analyzer.capture.reader import MAX_RECORD_BYTES, Interface, resolution_text
from analyzer.errors import CaptureError

HEADER_BYTES = 24  # of the file
_MAX_RECORD_BYTES = MAX_RECORD_BYTES
_BATCH_PACKETS = BATCH_PACKETS
_NS_PER_S = 1_000_000_000


@dataclass(frozen=True)
class PcapLayout:
    """How the records of one file are written.

    `order` is "<" or ">", `digits` those of the fraction of a second (6 or 9), `record_bytes` the length of a record's
    header; `swapped` tells that the two lengths stand the other way round, `swap_odd` that they do where the first
    is larger than the second.
    """

    order: str
    digits: int
    record_bytes: int
    link_type: int
    snaplen: int
    swapped: bool
    swap_odd: bool


_MAGICS = {  # magic number: digits of the fraction, bytes of a record's header; libpcap's sf-pcap.c
    0xA1B2C3D4: (6, 16),
    0xA1B23C4D: (9, 16),
    0xA1B2CD34: (6, 24),  # Kuznetsov's: interface index, protocol and packet type follow
}
_RESERVED = 0x03FF0000  # bits of the link type's field that must be zero; the others tell of frame check sequences
_LINK_MASK = 0xFFFF
_AIX_LINKS = {6: 1, 9: 6, 15: 10, 24: 0}  # RFC 1573 ifType, as AIX writes it in version 2.2: LINKTYPE_ number


def byte_order(head: bytes) -> str | None:
    """Return "<" or ">" if the bytes are the magic number of a pcap file, None for anything else."""
    if len(head) < 4:
        return None
    return next((order for order in "<>" if struct.unpack(order + "I", head[:4])[0] in _MAGICS), None)


def parse_header(name: str, head: bytes, order: str) -> PcapLayout:
    """Return what the 24 bytes of a file's header tell; raises `CaptureError` for what no known writer means."""
    magic, major, minor, _, _, snaplen, link = struct.unpack(order + "IHHiIII", head)
    if major != 2:
        raise CaptureError(f"{name}: pcap version {major}.{minor} is not supported, only 2.x is")
    if link & _RESERVED:
        raise CaptureError(f"{name}: reserved bits of the link type are set (0x{link:08X})")
    digits, record_bytes = _MAGICS[magic]
    # AIX marks its files, whose times are in nanoseconds, only by the version and such a link type.
    aix = minor == 2 and link in _AIX_LINKS
    return PcapLayout(
        order=order,
        digits=9 if aix else digits,
        record_bytes=record_bytes,
        link_type=_AIX_LINKS[link] if aix else link & _LINK_MASK,
        snaplen=snaplen,
        swapped=minor < 3,
        swap_odd=minor == 3,
    )


class PcapWalk:
    """The loop over pcap records."""

    def __init__(self, layout: PcapLayout) -> None:
        """Walk over records of this layout."""
        self.stop = STOP_MORE
        self.wanted = 0
        self._data: bytes | bytearray = b"\0"
        self._big = layout.order == ">"
        self._header_bytes = layout.record_bytes
        self._captured_at, self._wire_at = (12, 8) if layout.swapped else (8, 12)
        self._swap_odd = layout.swap_odd
        self._fraction_ns = 10 ** (9 - layout.digits)
        self._link = layout.link_type

    def walk(self, batch: PacketBatch, start: int, end: int) -> int:
        """Add the packets of `batch.data[start:end]` to the batch and return where the first one not added starts."""
        self._data = batch.data
        at = start
        count = batch.count
        self.stop = STOP_FULL
        while count < _BATCH_PACKETS:
            body = at + self._header_bytes
            if body > end:
                self.stop, self.wanted = STOP_MORE, 0
                break
            captured = integers.u32_ordered(self._data, at + self._captured_at, self._big)
            wire = integers.u32_ordered(self._data, at + self._wire_at, self._big)
            if self._swap_odd and captured > wire:
                captured, wire = wire, captured
            if captured > _MAX_RECORD_BYTES:
                self.stop, self.wanted = STOP_FAULT, captured
                break
            if captured > end - body:
                self.stop, self.wanted = STOP_MORE, self._header_bytes + captured
                break
            batch.start[count] = body
            batch.captured[count] = captured
            batch.wire[count] = wire
            batch.time_ns[count] = (
                integers.u32_ordered(self._data, at, self._big) * _NS_PER_S
                + integers.u32_ordered(self._data, at + 4, self._big) * self._fraction_ns
            )
            batch.link[count] = self._link
            batch.interface[count] = 0
            count += 1
            at = body + captured
        batch.count = count
        return at


class PcapReader(BlockReader):
    """A pcap capture that is read once, front to back."""

    format = "pcap"

    def __init__(self, name: str, window: Window, layout: PcapLayout) -> None:
        """Read the records that follow the file's header."""
        super().__init__(name, window, PcapWalk(layout))
        resolution = resolution_text(layout.digits)
        self.interfaces.append(Interface("", "", layout.link_type, layout.snaplen, resolution))

    def _fault_reason(self) -> str:
        return f"a packet of {self._walk.wanted} bytes cannot be (at most {MAX_RECORD_BYTES} are accepted)"


def open_pcap(name: str, window: Window) -> PcapReader:
    """Return the reader of a window that starts with a pcap file's magic number.

    Raises `CaptureError` where the header is cut or nothing that is read, `StreamDamage` where the stream breaks.
    """
    if not window.hold(HEADER_BYTES):
        raise CaptureError(f"{name}: cut short in the file header: {window.held} of its {HEADER_BYTES} bytes are there")
    head = window.take(HEADER_BYTES)
    return PcapReader(name, window, parse_header(name, head, byte_order(head) or "<"))
