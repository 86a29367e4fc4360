"""Captures from files, pipes and strange file objects, and that no claimed length allocates anything."""

import io
import os
import struct
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from analyzer.capture.batch import PacketBatch
from analyzer.capture.open import open_capture
from analyzer.errors import CaptureError
from tests.analyzer.capture.reading import Trickle, packets_of, read, read_whole
from tests.captures import (
    block,
    enhanced_packet,
    interface,
    pcap_file,
    pcap_header,
    pcap_record,
    pcapng_file,
    section,
    snoop_header,
    snoop_record,
)

FRAMES = [b"first frame", b"", b"the third"]
FILES = {
    "pcap": pcap_file(FRAMES),
    "pcapng": pcapng_file(FRAMES),
    "snoop": snoop_header() + b"".join(snoop_record(frame) for frame in FRAMES),
}
EVERY_FORMAT = pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
MEBIBYTE = 1 << 20


@EVERY_FORMAT
@pytest.mark.parametrize("step", [1, 2, 3, 7, 64])
def test_a_file_object_with_read_only_may_deliver_any_few_bytes(data: bytes, step: int) -> None:
    reading = read_whole(Trickle(data, step))
    assert reading.frames == FRAMES
    assert (reading.reader.size, reading.reader.bytes_read) == (None, len(data))


@EVERY_FORMAT
def test_a_buffered_file_is_read_without_seeking(data: bytes) -> None:
    class Unseekable(io.BytesIO):
        def seek(self, *_: Any) -> int:
            raise AssertionError("seek was called")

        tell = seek

    assert read_whole(Unseekable(data)).frames == FRAMES


def test_a_file_of_the_caller_stays_open() -> None:
    file = io.BytesIO(FILES["pcap"])
    read_whole(file)
    assert not file.closed


def test_the_size_of_a_file_on_disk_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(FILES["pcap"])
    with path.open("rb") as file:
        assert read_whole(file).reader.size == len(FILES["pcap"])
    assert read_whole(path).reader.size == len(FILES["pcap"])


def test_a_pipe_yields_what_has_arrived() -> None:
    read_end, write_end = os.pipe()
    batch = PacketBatch()
    with os.fdopen(read_end, "rb") as pipe, os.fdopen(write_end, "wb", buffering=0) as feed:
        feed.write(pcap_header() + pcap_record(b"one") + pcap_record(b"two")[:5])
        reader = open_capture(pipe)
        assert reader.next_batch(batch)
        assert [packet.data for packet in packets_of(batch)] == [b"one"]
        feed.write(pcap_record(b"two")[5:])
        assert reader.next_batch(batch)
        assert [packet.data for packet in packets_of(batch)] == [b"two"]
        feed.close()
        assert not reader.next_batch(batch)
        assert reader.damage is None


def test_a_pipe_that_does_not_block_is_waited_for() -> None:
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    with os.fdopen(read_end, "rb") as pipe:

        def feed() -> None:
            with os.fdopen(write_end, "wb", buffering=0) as file:
                for at in range(0, len(FILES["pcapng"]), 50):
                    file.write(FILES["pcapng"][at : at + 50])

        late = threading.Timer(0.05, feed)
        late.start()
        assert read_whole(pipe).frames == FRAMES
        late.join()


class Failing(Trickle):
    """A file object on a disk that dies."""

    def read(self, count: int = -1) -> bytes:
        """Return bytes until there are no more, then fail."""
        if self.at == len(self.data):
            raise OSError(5, "Input/output error")
        return super().read(count)


def test_a_disk_that_fails_is_damage_after_what_was_read() -> None:
    reading = read(Failing(FILES["pcap"], 4096))
    assert reading.frames == FRAMES
    assert reading.damage.reason == "reading failed: Input/output error"


def test_a_file_object_of_text_is_refused() -> None:
    with pytest.raises(CaptureError, match=r"^<StringIO>: reading failed: the file object is not a binary file$"):
        open_capture(io.StringIO("text"))  # type: ignore[arg-type]  # the mistake under test


HUGE = {
    "pcap record": pcap_header() + pcap_record(b"x", captured=16 * MEBIBYTE),
    "pcap snaplen": pcap_header(snaplen=0xFFFFFFFF) + pcap_record(b"x", captured=0xFFFFFFFF),
    "pcapng block": section() + interface() + block(6, b"x", length=64 * MEBIBYTE),
    "pcapng section": block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    + block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1), length=64 * MEBIBYTE),
    "pcapng packet": section() + interface(snaplen=0xFFFFFFFF) + enhanced_packet(b"x", captured=0xFFFFFFFF),
    "snoop record": snoop_header() + struct.pack(">6I", 1, 1, 32 * MEBIBYTE, 0, 0, 0),
}


@pytest.mark.parametrize("data", HUGE.values(), ids=HUGE.keys())
def test_a_claimed_length_allocates_nothing(data: bytes) -> None:
    read(data)  # what is made once, in the first call, is not counted
    tracemalloc.start()
    reading = read(data)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reading.damage.packet == 0
    # two windows of 256 KiB and two batches of six columns of 32 KiB at most
    assert peak_bytes < 1 * MEBIBYTE
