"""Compressed captures: every kind, in members, cut and broken anywhere."""

import bz2
import gzip
import lzma
import random
import tracemalloc
from collections.abc import Callable

import lz4.frame
import pytest
import zstandard

from analyzer.capture.batch import PacketBatch
from analyzer.capture.open import open_capture
from analyzer.capture.reader import Damage
from analyzer.errors import CaptureError
from tests.analyzer.capture.reading import Trickle, packets_of, read, read_whole
from tests.captures import pcap_file, pcap_header, pcapng_file

Compress = Callable[[bytes], bytes]
KINDS: dict[str, Compress] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
    "lz4": lambda data: bytes(lz4.frame.compress(data)),
}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
_RANDOM = random.Random(1)  # a fixed seed: the same bytes in every run
FRAMES = [_RANDOM.randbytes(60) for _ in range(400)]
CAPTURE = pcap_file(FRAMES)
LARGE_FRAMES = [_RANDOM.randbytes(60) for _ in range(4000)]
LARGE = pcap_file(LARGE_FRAMES)  # 304,024 bytes
IN_BLOCKS = KINDS | {  # of at most 128 KiB
    "bzip2": lambda data: bz2.compress(data, 1),
    "lz4": lambda data: bytes(lz4.frame.compress(data, block_size=lz4.frame.BLOCKSIZE_MAX64KB)),
}
MEBIBYTE = 1 << 20


@EVERY_KIND
@pytest.mark.parametrize("capture", [CAPTURE, pcapng_file(FRAMES)], ids=["pcap", "pcapng"])
def test_a_compressed_capture_is_known_by_its_magic_number(kind: str, capture: bytes) -> None:
    stored = KINDS[kind](capture)
    reading = read_whole(stored)
    assert reading.frames == FRAMES
    assert reading.reader.compression == kind
    assert (reading.reader.bytes_read, reading.reader.size) == (len(stored), len(stored))


@EVERY_KIND
def test_members_that_follow_one_another_are_one_capture(kind: str) -> None:
    compress = KINDS[kind]
    assert read_whole(compress(CAPTURE[:1000]) + compress(CAPTURE[1000:])).frames == FRAMES


@EVERY_KIND
def test_a_compressed_pipe_may_deliver_single_bytes(kind: str) -> None:
    compress = KINDS[kind]
    small = pcap_file(FRAMES[:5])
    assert read_whole(Trickle(compress(small[:100]) + compress(small[100:]))).frames == FRAMES[:5]


@EVERY_KIND
def test_a_compressed_capture_cut_anywhere_gives_packets_and_then_damage(kind: str) -> None:
    stored = IN_BLOCKS[kind](LARGE)
    for percent in range(50, 100, 7):
        reading = read(stored[: len(stored) * percent // 100])
        # Random bytes hardly compress, so half of the file holds about half of the packets; all but the last block,
        # which is a third of the capture at most, were read.
        assert len(reading.frames) > len(LARGE_FRAMES) * (percent - 40) // 100
        assert reading.frames == LARGE_FRAMES[: len(reading.frames)]
        # 24 bytes of file header, then records of 16 + 60
        damage = Damage(24 + 76 * len(reading.frames), len(reading.frames), f"the {kind} data is cut short")
        assert reading.damage == damage


@EVERY_KIND
def test_a_broken_stream_is_damage_after_what_was_good(kind: str) -> None:
    compress = KINDS[kind]
    second = compress(CAPTURE[12_000:])[:6] + b"\xff" * 500  # a magic number, and nothing that could follow it
    reading = read(compress(CAPTURE[:12_000]) + second)
    # 12,000 bytes are the file header and 157 records of 76 bytes, and a part of one
    assert reading.frames == FRAMES[:157]
    assert f"the {kind} data is damaged" in reading.damage.reason
    assert "\n" not in reading.damage.reason


def test_a_wrong_checksum_costs_the_last_packets_only() -> None:
    stored = bytearray(gzip.compress(CAPTURE, mtime=0))
    stored[-8] ^= 0xFF  # RFC 1952 (2.3.1): CRC32, then the length
    reading = read(bytes(stored))
    # the last piece of 64 bytes holds parts of two records at most
    assert len(reading.frames) >= len(FRAMES) - 2
    assert "the gzip data is damaged" in reading.damage.reason


def test_zeros_behind_a_member_are_padding() -> None:
    assert read_whole(gzip.compress(CAPTURE) + bytes(1000)).frames == FRAMES


@EVERY_KIND
def test_a_stream_with_nothing_in_it_is_no_capture(kind: str) -> None:
    with pytest.raises(CaptureError, match=rf"^<bytes>: 0 bytes are too few for a capture \(inside {kind}\)$"):
        read(KINDS[kind](b""))


@EVERY_KIND
def test_only_the_magic_number_is_cut_short(kind: str) -> None:
    with pytest.raises(CaptureError, match=rf"^<bytes>: the {kind} data is cut short$"):
        read(KINDS[kind](CAPTURE)[:6])


def test_compressed_twice_is_refused() -> None:
    with pytest.raises(CaptureError, match="compressed twice"):
        read(gzip.compress(bz2.compress(CAPTURE)))


@EVERY_KIND
def test_what_inflates_to_a_lot_takes_little_memory(kind: str) -> None:
    frame = bytes(1 * MEBIBYTE)
    stored = KINDS[kind](pcap_file([frame] * 64))
    batch, count = PacketBatch(), 0
    tracemalloc.start()
    reader = open_capture(stored)
    while reader.next_batch(batch):
        count += batch.count
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (count, reader.damage) == (64, None)
    # a window of some records, the output of one piece of input (32 MiB of zstd), 8 MiB of the decompressor's own
    assert peak_bytes < 64 * MEBIBYTE


def test_a_bomb_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.capture.compressed.BOMB_BYTES", MEBIBYTE)
    bomb = gzip.compress(pcap_header()) + gzip.compress(bytes(8 * MEBIBYTE), 9)  # zeros shrink to a thousandth
    reading = read(bomb)
    assert reading.damage.reason == "the gzip data inflates to more than 200 times its size"
    # 200 times the 8 KiB that are stored, and one piece of 1 KiB; a record of length 0 is 16 bytes
    assert 100_000 < len(reading.packets) < 4 * MEBIBYTE // 16


def test_packets_come_before_the_rest_of_the_stream_is_there() -> None:
    compressor = zstandard.ZstdCompressor().compressobj()
    arrived = compressor.compress(pcap_file([b"early"])) + compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    class Waiting(Trickle):
        def read(self, count: int = -1) -> bytes:
            assert self.at < len(self.data), "asked for more than has arrived"
            return super().read(count)

    batch = PacketBatch()
    assert open_capture(Waiting(arrived, 4096)).next_batch(batch)  # type: ignore[arg-type]  # has `read` only
    assert [packet.data for packet in packets_of(batch)] == [b"early"]
