"""The walk through the headers of a frame: what is missing, what is padding, and what dpkt cannot read."""

import struct
from collections.abc import Callable

import dpkt
import pytest

from analyzer.capture.ledger import Skip
from analyzer.capture.walk import MAX_DEPTH, NoPacketError, Walk


def reason(step: Callable[[], object]) -> Skip:
    """Return why a walk ended."""
    with pytest.raises(NoPacketError) as caught:
        step()
    return caught.value.skip


def test_numbers_are_read_ahead_in_either_order() -> None:
    walk = Walk(b"\x01\x02\x03\x04", 4)
    walk.skip(1)
    assert (walk.number(1, 2), walk.number(1, 2, "little")) == (0x0304, 0x0403)


def test_what_the_snap_length_cut_is_told_from_what_never_was() -> None:
    walk = Walk(b"abcd", 6)
    assert reason(lambda: walk.need(6)) == Skip.CUT_BY_SNAP_LENGTH
    assert reason(lambda: walk.need(7)) == Skip.NOT_IP


def test_a_length_narrows_what_is_inside_and_never_widens_it() -> None:
    walk = Walk(bytes(20), 30)
    walk.skip(2)
    walk.narrow(10)
    assert (walk.end, walk.limit) == (12, 12)
    walk.narrow(25)
    assert (walk.end, walk.limit) == (12, 12)


def test_a_length_beyond_the_capture_narrows_the_wire_alone() -> None:
    walk = Walk(bytes(20), 30)
    walk.narrow(25)
    assert (walk.end, walk.limit) == (20, 25)


def test_a_frame_has_a_bounded_number_of_headers() -> None:
    walk = Walk(bytes(100), 100)
    for _ in range(MAX_DEPTH):
        walk.skip(1)
    assert reason(lambda: walk.skip(1)) == Skip.UNKNOWN_LINK


@pytest.mark.parametrize(
    "failure",
    [
        dpkt.NeedData("too short"),
        dpkt.UnpackError("no sense"),
        struct.error("a format"),
        IndexError("past the end"),
        KeyError(17),
        ValueError("a number"),
        AttributeError("never read"),
        TypeError("bytes are no number"),
    ],
)
def test_whatever_dpkt_raises_means_that_there_is_no_packet(failure: Exception) -> None:
    def fail(_data: bytes) -> None:
        raise failure

    assert reason(lambda: Walk(b"abcd", 4).read(fail, 4)) == Skip.NOT_IP


def test_dpkt_gets_the_bytes_of_the_header_and_no_more() -> None:
    walk = Walk(b"abcdef", 6)
    walk.skip(1)
    assert walk.read(bytes.upper, 3) == b"BCD"
    assert walk.take(2) == b"bc"
