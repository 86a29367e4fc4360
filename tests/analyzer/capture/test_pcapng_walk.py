"""The walk over pcapng blocks: all kinds of packet blocks, and clocks of every resolution."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyzer.capture.pcapng_walk import MAX_SECONDS
from analyzer.capture.reader import LINK_NONE
from tests.analyzer.capture.reading import Packet, read_whole
from tests.captures import (
    NS_PER_S,
    START_NS,
    block,
    custom_block,
    enhanced_packet,
    interface,
    obsolete_packet,
    section,
    simple_packet,
)

ORDERS = pytest.mark.parametrize("order", ["<", ">"])
MAX_NS = MAX_SECONDS * NS_PER_S


@ORDERS
def test_an_obsolete_packet_block_is_a_packet(order: str) -> None:
    head = section(order) + interface(order) + interface(order, 101, tsresol=9)
    packet = obsolete_packet(b"old", START_NS, order, number=1, wire=99)
    assert read_whole(head + packet).packets == [Packet(b"old", 99, START_NS, 101, 1)]


@ORDERS
def test_a_simple_packet_has_the_first_interface_and_the_time_of_the_packet_before(order: str) -> None:
    head = section(order) + interface(order, 1, tsresol=9) + interface(order, 101)
    data = head + simple_packet(b"abc", order) + enhanced_packet(b"d", 5, order) + simple_packet(b"efghi", order)
    reading = read_whole(data)
    assert reading.frames == [b"abc", b"d", b"efghi"]
    assert reading.times_ns == [0, 5, 5]
    assert {(packet.link, packet.interface) for packet in reading.packets} == {(1, 0)}
    assert reading.reader.untimed == 2


def test_a_simple_packet_is_cut_by_the_snap_length_of_its_interface() -> None:
    data = section() + interface(snaplen=5) + simple_packet(b"abcde", wire=1500)
    assert [(packet.data, packet.wire) for packet in read_whole(data).packets] == [(b"abcde", 1500)]


@pytest.mark.parametrize("kind", [9, 0xBAD, 0x40000BAD, 0x204, 0x216, 0x221])
def test_what_is_a_frame_to_wireshark_has_its_number_but_no_link_type(kind: int) -> None:
    packet = enhanced_packet(b"x", 7)
    reading = read_whole(section() + interface(tsresol=9) + packet + block(kind, b"12345678") + packet)
    assert [packet.link for packet in reading.packets] == [1, LINK_NONE, 1]
    assert reading.times_ns == [7, 7, 7]


def test_a_frame_without_any_interface_belongs_to_none() -> None:
    [packet] = read_whole(section() + custom_block(b"data")).packets
    assert (packet.link, packet.interface, packet.time_ns) == (LINK_NONE, -1, 0)


def exact_ns(tsresol: int, offset_s: int, ticks: int) -> int:
    """Return the time by arithmetic without limits (draft-ietf-opsawg-pcapng, if_tsresol and if_tsoffset)."""
    units: int = (2 if tsresol & 0x80 else 10) ** (tsresol & 0x7F)
    return ticks * NS_PER_S // units + offset_s * NS_PER_S


@given(
    tsresol=st.integers(0, 255),
    offset_s=st.integers(-MAX_SECONDS, MAX_SECONDS) | st.just(0),
    ticks=st.integers(0, 2**64 - 1) | st.integers(0, 63).map(lambda bits: (1 << bits) - 1),
    order=st.sampled_from("<>"),
)
@example(tsresol=0x9F, offset_s=0, ticks=2**64 - 1, order="<")
@example(tsresol=0xA0, offset_s=0, ticks=2**64 - 1, order="<")
@example(tsresol=0xFF, offset_s=0, ticks=2**64 - 1, order=">")
@example(tsresol=0x80 | 63, offset_s=0, ticks=2**64 - 1, order="<")
@example(tsresol=27, offset_s=0, ticks=2**64 - 1, order="<")
@example(tsresol=28, offset_s=0, ticks=10**19, order="<")
@example(tsresol=29, offset_s=0, ticks=2**64 - 1, order="<")
@example(tsresol=0x7F, offset_s=0, ticks=2**64 - 1, order="<")
@example(tsresol=9, offset_s=0, ticks=MAX_NS, order="<")
@example(tsresol=9, offset_s=1, ticks=MAX_NS, order="<")
@example(tsresol=0, offset_s=-MAX_SECONDS, ticks=0, order="<")
@example(tsresol=0x80, offset_s=0, ticks=MAX_SECONDS + 1, order="<")
def test_times_of_every_resolution_are_exact_or_not_used(tsresol: int, offset_s: int, ticks: int, order: str) -> None:
    head = section(order) + interface(order, tsresol=tsresol, tsoffset_s=offset_s)
    reading = read_whole(head + enhanced_packet(b"", ticks, order))
    expected = exact_ns(tsresol, offset_s, ticks)
    believed = expected <= MAX_NS and expected - offset_s * NS_PER_S <= MAX_NS
    assert reading.times_ns == [expected if believed else 0]
    assert reading.reader.untimed == (not believed)


@pytest.mark.parametrize("offset_s", [2**63 - 1, -(2**63), MAX_SECONDS + 1])
def test_an_offset_that_no_clock_has_leaves_packets_without_a_time(offset_s: int) -> None:
    reading = read_whole(section() + interface(tsoffset_s=offset_s) + enhanced_packet(b"x", 1))
    assert (reading.times_ns, reading.reader.untimed) == ([0], 1)


@ORDERS
@pytest.mark.parametrize("size", range(9))
def test_a_comment_is_found_behind_a_packet_of_any_length(order: str, size: int) -> None:
    head = section(order) + interface(order)
    fixed = struct.pack(order + "IIIII", 0, 0, 0, size, size) + bytes(size) + bytes(-size % 4)
    flags = struct.pack(order + "HHI", 2, 4, 1)  # epb_flags come first
    comment = struct.pack(order + "HH", 1, 3) + b"hm\0\0"
    data = head + block(6, fixed + flags + comment, order) + block(6, fixed + flags + bytes(4) + comment, order)
    reader = read_whole(data).reader
    assert reader.packet_comments == 1, "after the end mark no option counts"
