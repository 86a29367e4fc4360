"""The walk over a capture block by block: a window of bytes, and what readers of all formats share."""

from abc import ABC, abstractmethod
from typing import Protocol

from analyzer.capture.batch import PacketBatch
from analyzer.capture.reader import Damage, Interface
from analyzer.capture.stored import BLOCK_BYTES, ByteStream, StreamDamage

# Why a walk over the window stopped. (Plain integers: the compiled walks return them.)
STOP_FULL = 0  # the batch is full
STOP_MORE = 1  # the record at the position is not all there
STOP_CONTROL = 2  # a whole block that is no packet stands at the position
STOP_FAULT = 3  # what stands at the position cannot be a record


class Window:
    """The part of the stream that is in memory: `data[start:end]`, whose first byte is number `offset` of the stream.

    It grows only as bytes really arrive, so no length that a file claims allocates anything.
    """

    def __init__(self, stream: ByteStream, head: bytes = b"", capacity: int = BLOCK_BYTES) -> None:
        """Look at `stream`, whose first bytes were read already: they are `head`."""
        self.stream = stream
        self.data = bytearray(max(capacity, 2 * len(head)))
        self.data[: len(head)] = head
        self.start, self.end = 0, len(head)
        self._base = 0

    @property
    def offset(self) -> int:
        """The number in the stream of the byte at `start`."""
        return self._base + self.start

    @property
    def held(self) -> int:
        """The bytes that are there and not yet walked over."""
        return self.end - self.start

    def more(self) -> bool:
        """Add bytes to the window, moving those at its front out; False at the end of the stream.

        Raises `StreamDamage` where the stream breaks.
        """
        if len(self.data) - self.end < len(self.data) // 2:
            self._make_room()
        count = self.stream.fill(memoryview(self.data)[self.end :])
        self.end += count
        return count > 0

    def hold(self, count: int) -> bool:
        """Wait until `count` bytes are there; False if the stream ends before.

        Raises `StreamDamage` where the stream breaks.
        """
        while self.held < count:
            if not self.more():
                return False
        return True

    def take(self, count: int) -> bytes:
        """Return `count` bytes that are there and step over them."""
        self.start += count
        return bytes(memoryview(self.data)[self.start - count : self.start])

    def _make_room(self) -> None:
        """Move what is not walked over to the front, of a buffer twice as large where it is most of this one."""
        kept = memoryview(self.data)[self.start : self.end]
        target = self.data if len(kept) <= len(self.data) // 2 else bytearray(2 * len(self.data))
        memoryview(target)[: len(kept)] = kept
        self._base += self.start
        self.data, self.start, self.end = target, 0, len(kept)


class Walk(Protocol):
    """A loop over the packets of a window, made for speed; what it learns stands in its attributes."""

    stop: int
    wanted: int  # bytes of the record that is not all there, 0 if not even its header is

    def walk(self, batch: PacketBatch, start: int, end: int) -> int:
        """Add the packets of `batch.data[start:end]` to the batch and return where the first one not added starts."""


class BlockReader(ABC):
    """What the readers of all formats share: batches out of a window, damage, and counting."""

    format = ""
    record_name = "record"

    def __init__(self, name: str, window: Window, walk: Walk) -> None:
        """Read the packets after the file's header, which the window has passed already."""
        self.name = name
        self.interfaces: list[Interface] = []
        self.comments: list[str] = []
        self.damage: Damage | None = None
        self.window = window
        self._walk = walk
        self._control_damage = ""
        self._ended = False
        self._packets = 0

    @property
    def resolution(self) -> str:
        """The unit of the file's times; "mixed" where interfaces differ."""
        units = {interface.resolution for interface in self.interfaces}
        return units.pop() if len(units) == 1 else "mixed" if units else ""

    @property
    def compression(self) -> str | None:
        """The name of the compression, or None."""
        return self.window.stream.compression

    @property
    def bytes_read(self) -> int:
        """Bytes of the file, as stored, that were read so far."""
        return self.window.stream.bytes_read

    @property
    def size(self) -> int | None:
        """Bytes of the file as stored, None where that is not known."""
        return self.window.stream.size

    @property
    def packet_comments(self) -> int:
        """Packets with a comment so far; only pcapng has them."""
        return 0

    @property
    def untimed(self) -> int:
        """Records without a time so far; only pcapng has them."""
        return 0

    def next_batch(self, batch: PacketBatch) -> bool:
        """Fill the batch with at least one packet, or return False at the end; it stays valid until the next call."""
        batch.count = 0
        while not self._ended:
            window = self.window
            batch.data = window.data
            window.start = self._walk.walk(batch, window.start, window.end)
            if self._walk.stop == STOP_CONTROL and self._control_passed():
                continue
            if batch.count:
                self._packets += batch.count
                return True
            self._go_on()
        return False

    def _go_on(self) -> None:
        """Do what the walk needs before it can find another packet."""
        if self._walk.stop == STOP_FAULT:
            self._break_off(self._fault_reason())
        elif self._walk.stop == STOP_MORE:
            self._read_more()

    def _read_more(self) -> None:
        """Add bytes to the window, or end: cleanly only between two records."""
        try:
            if self.window.more():
                return
        except StreamDamage as damage:
            self._break_off(str(damage))
            return
        self._ended = True
        if self.window.held:
            self._break_off(self._cut_reason())

    def _control_passed(self) -> bool:
        """Handle a block that is no packet and step over it; False if it broke reading off."""
        try:
            self.window.start += self._control(memoryview(self.window.data)[self.window.start : self.window.end])
        except StreamDamage as damage:
            self._control_damage = str(damage)
            self._walk.stop = STOP_FAULT
            return False
        return True

    def _break_off(self, reason: str) -> None:
        """End reading with damage at the present position."""
        self._ended = True
        self.damage = Damage(self.window.offset, self._packets, reason)

    def _cut_reason(self) -> str:
        """Say that the file ends inside a record."""
        if not self._walk.wanted:
            return f"cut short in the middle of a {self.record_name} header"
        held = self.window.held
        return f"cut short in the middle of a {self.record_name}: {held} of its {self._walk.wanted} bytes are there"

    def close(self) -> None:
        """Close the file if it was opened for this reader."""
        self.window.stream.close()

    @abstractmethod
    def _fault_reason(self) -> str:
        """Say why what stands at the position cannot be a record."""

    def _control(self, data: memoryview) -> int:
        """Handle the whole block at the front of `data`, return its length; raises `StreamDamage` for a broken one."""
        raise AssertionError("this format has no blocks that are not packets")
