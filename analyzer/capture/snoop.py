"""snoop captures, as Solaris writes them (RFC 1761)."""

import struct

from analyzer.capture.batch import BATCH_PACKETS, PacketBatch
from analyzer.capture.blocks import STOP_FAULT, STOP_FULL, STOP_MORE, BlockReader, Window
from analyzer.capture.reader import MAX_RECORD_BYTES, Interface, resolution_text
from analyzer.errors import CaptureError

MAGIC = b"snoop\0\0\0"
HEADER_BYTES = 16  # of the file
_VERSION = 2
_LINKS = {0: 1, 2: 6, 4: 1, 8: 10}  # RFC 1761 datalink type: LINKTYPE_ number (IEEE 802.3, 802.5, Ethernet, FDDI)
_RECORD = struct.Struct(">6I")  # wire length, captured length, record length, drops so far, seconds, microseconds


class SnoopWalk:
    """The loop over snoop records; plain Python, the format is rare."""

    def __init__(self, link_type: int) -> None:
        """Walk over records of this LINKTYPE_ number; `dropped` is what the last one counted."""
        self.stop = STOP_MORE
        self.wanted = 0
        self.dropped = 0
        self._link = link_type

    def walk(self, batch: PacketBatch, start: int, end: int) -> int:
        """Add the packets of `batch.data[start:end]` to the batch and return where the first one not added starts."""
        at = start
        self.stop = STOP_FULL
        while batch.count < BATCH_PACKETS:
            if end - at < _RECORD.size:
                self.stop, self.wanted = STOP_MORE, 0
                break
            wire, captured, length, dropped, seconds, micros = _RECORD.unpack_from(batch.data, at)
            if captured > MAX_RECORD_BYTES or not captured + _RECORD.size <= length <= 2 * MAX_RECORD_BYTES:
                self.stop, self.wanted = STOP_FAULT, length
                break
            if length > end - at:
                self.stop, self.wanted = STOP_MORE, length
                break
            self._add(batch, at + _RECORD.size, captured, wire)
            batch.time_ns[batch.count] = seconds * 1_000_000_000 + micros * 1000
            batch.count += 1
            self.dropped = dropped
            at += length
        return at

    def _add(self, batch: PacketBatch, start: int, captured: int, wire: int) -> None:
        """Put everything but the time into the batch's columns."""
        batch.start[batch.count] = start
        batch.captured[batch.count] = captured
        batch.wire[batch.count] = wire
        batch.link[batch.count] = self._link
        batch.interface[batch.count] = 0


class SnoopReader(BlockReader):
    """A snoop capture that is read once, front to back."""

    format = "snoop"

    def __init__(self, name: str, window: Window, link_type: int) -> None:
        """Read the records that follow the file's header."""
        self._snoop = SnoopWalk(link_type)
        super().__init__(name, window, self._snoop)
        self.interfaces.append(Interface("", "", link_type, 0, resolution_text(6)))

    def next_batch(self, batch: PacketBatch) -> bool:
        """Fill the batch with at least one packet, or return False at the end; it stays valid until the next call."""
        filled = super().next_batch(batch)
        self.interfaces[0].dropped = self._snoop.dropped
        return filled

    def _fault_reason(self) -> str:
        return f"a record of {self._walk.wanted} bytes cannot be"


def open_snoop(name: str, window: Window) -> SnoopReader:
    """Return the reader of a window that starts with a snoop file's magic number.

    Raises `CaptureError` where the header is cut or nothing that is read, `StreamDamage` where the stream breaks.
    """
    if not window.hold(HEADER_BYTES):
        raise CaptureError(f"{name}: cut short in the file header: {window.held} of its {HEADER_BYTES} bytes are there")
    version, link = struct.unpack_from(">II", window.take(HEADER_BYTES), len(MAGIC))
    if version != _VERSION:
        raise CaptureError(f"{name}: snoop version {version} is not supported, only {_VERSION} is")
    if link not in _LINKS:
        raise CaptureError(f"{name}: snoop data link type {link} is not supported")
    return SnoopReader(name, window, _LINKS[link])
