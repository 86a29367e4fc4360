"""snoop: the format of Solaris (RFC 1761)."""

import struct

import pytest

from analyzer.capture.reader import Interface
from analyzer.errors import CaptureError
from tests.analyzer.capture.reading import Packet, read, read_whole
from tests.captures import START_NS, snoop_header, snoop_record

HEADER_BYTES, RECORD_BYTES = 16, 24


def test_packets_have_their_bytes_times_and_lengths() -> None:
    data = snoop_header() + snoop_record(b"abc", START_NS + 1000) + snoop_record(b"defg", START_NS, wire=1500)
    reading = read_whole(data)
    assert reading.packets == [Packet(b"abc", 3, START_NS + 1000, 1, 0), Packet(b"defg", 1500, START_NS, 1, 0)]
    assert (reading.reader.format, reading.reader.resolution) == ("snoop", "microseconds")


def test_the_last_record_tells_all_drops() -> None:
    data = snoop_header(8) + snoop_record(b"a", dropped=2) + snoop_record(b"b", dropped=7)
    assert read_whole(data).reader.interfaces == [Interface("", "", 10, 0, "microseconds", dropped=7)]


def test_a_file_cut_anywhere_gives_the_packets_before_the_cut() -> None:
    whole = snoop_header() + snoop_record(b"abc") + snoop_record(b"defg")
    second = HEADER_BYTES + RECORD_BYTES + 4  # "abc" is padded to four bytes
    for cut in range(HEADER_BYTES, len(whole)):
        reading = read(whole[:cut])
        assert reading.frames == [b"abc"][: cut >= second]
        if cut in (HEADER_BYTES, second):
            assert reading.reader.damage is None
        else:
            assert reading.damage.offset == (second if cut > second else HEADER_BYTES)


@pytest.mark.parametrize(
    ("captured", "length"), [(3, 0), (3, 26), (0xFFFFFFFF, 28), (0xFFFFFFFF, 0xFFFFFFFF), (3, 0xFFFFFFFF)]
)
def test_a_length_that_cannot_be_is_damage(captured: int, length: int) -> None:
    bad = struct.pack(">6I", 3, captured, length, 0, 0, 0) + b"abc\0"
    reading = read(snoop_header() + snoop_record(b"good") + bad)
    assert reading.frames == [b"good"]
    assert reading.damage.reason == f"a record of {length} bytes cannot be"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (snoop_header(version=1), "snoop version 1 is not supported, only 2 is"),
        (snoop_header(link_type=9), "snoop data link type 9 is not supported"),
        (snoop_header()[:-1], "cut short in the file header: 15 of its 16 bytes are there"),
    ],
)
def test_a_header_that_is_not_read_is_refused(header: bytes, reason: str) -> None:
    with pytest.raises(CaptureError, match=f"^<bytes>: {reason}$"):
        read(header)
