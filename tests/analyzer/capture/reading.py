"""Reads whole captures for the tests of all formats, and file objects that deliver little at a time."""

from dataclasses import dataclass
from typing import Any

from analyzer.capture.batch import PacketBatch
from analyzer.capture.open import open_capture
from analyzer.capture.reader import CaptureReader, Damage


@dataclass(frozen=True)
class Packet:
    """One row of a batch, with its bytes."""

    data: bytes
    wire: int
    time_ns: int
    link: int
    interface: int


@dataclass(frozen=True)
class Reading:
    """All that reading a capture gave."""

    reader: CaptureReader
    packets: list[Packet]

    @property
    def frames(self) -> list[bytes]:
        """The bytes of all packets."""
        return [packet.data for packet in self.packets]

    @property
    def times_ns(self) -> list[int]:
        """The times of all packets."""
        return [packet.time_ns for packet in self.packets]

    @property
    def damage(self) -> Damage:
        """The damage, which must be there."""
        assert self.reader.damage is not None
        return self.reader.damage


def packets_of(batch: PacketBatch) -> list[Packet]:
    """Copy the rows out of a batch."""
    return [
        Packet(
            bytes(batch.data[batch.start[i] : batch.start[i] + batch.captured[i]]),
            batch.wire[i],
            batch.time_ns[i],
            batch.link[i],
            batch.interface[i],
        )
        for i in range(batch.count)
    ]


def read(source: Any) -> Reading:
    """Read a capture to its end, or to its damage, and close it."""
    reader = open_capture(source)
    batch, packets = PacketBatch(), list[Packet]()
    while reader.next_batch(batch):
        assert batch.count > 0
        packets += packets_of(batch)
    assert not reader.next_batch(batch), "an ended reader stays at its end"
    reader.close()
    return Reading(reader, packets)


def read_whole(source: Any) -> Reading:
    """Read a capture that has no damage."""
    reading = read(source)
    assert reading.reader.damage is None
    return reading


class Trickle:
    """A file object that has nothing but `read`, and delivers `step` bytes at a time."""

    def __init__(self, data: bytes, step: int = 1) -> None:
        self.data = data
        self.step = step
        self.at = 0

    def read(self, count: int = -1) -> bytes:
        """Return the next bytes, at most `step`."""
        assert count > 0
        taken = self.data[self.at : self.at + min(count, self.step)]
        self.at += len(taken)
        return taken
