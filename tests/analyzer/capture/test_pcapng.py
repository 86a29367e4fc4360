"""pcapng: sections, interfaces, statistics, comments, and what breaks them."""

import struct

import pytest

from analyzer.capture.reader import MAX_BLOCK_BYTES, MAX_COMMENTS, MAX_INTERFACES, Interface
from analyzer.errors import CaptureError
from tests.analyzer.capture.reading import read, read_whole
from tests.captures import (
    INTERFACE_BLOCK,
    NAME_RESOLUTION_BLOCK,
    NS_PER_S,
    SECRETS_BLOCK,
    START_NS,
    STATISTICS_BLOCK,
    block,
    enhanced_packet,
    interface,
    option,
    pcapng_file,
    section,
    spaced_times_ns,
    statistics,
)

FRAMES = [b"first frame", b"", b"the third"]
ORDERS = pytest.mark.parametrize("order", ["<", ">"])


@ORDERS
def test_packets_have_their_bytes_and_times(order: str) -> None:
    reading = read_whole(pcapng_file(FRAMES, order=order))
    assert reading.frames == FRAMES
    assert reading.times_ns == spaced_times_ns(3)
    assert reading.reader.format == "pcapng"


@ORDERS
def test_an_interface_has_its_name_and_everything_else(order: str) -> None:
    head = section(order) + interface(order, 113, 96, "eth0", "the wire", tsresol=9, comments=["left port"])
    expected = Interface("eth0", "the wire", 113, 96, "nanoseconds", comments=["left port"])
    assert read_whole(head).reader.interfaces == [expected]


@ORDERS
def test_every_interface_has_its_own_link_type_and_clock(order: str) -> None:
    head = section(order) + interface(order, 1) + interface(order, 101, tsresol=9) + interface(order, 113, tsresol=3)
    packets = [enhanced_packet(b"x", 5000 + number, order, number) for number in (2, 0, 1)]
    reading = read_whole(head + b"".join(packets))
    assert [(packet.interface, packet.link) for packet in reading.packets] == [(2, 113), (0, 1), (1, 101)]
    # 5002 ms, 5000 us, 5001 ns
    assert reading.times_ns == [5_002_000_000, 5_000_000, 5001]
    assert reading.reader.resolution == "mixed"


def test_sections_of_both_byte_orders_number_their_interfaces_on() -> None:
    data = b"".join(
        section(order) + interface(order, link, tsresol=9) + enhanced_packet(f"in {order}".encode(), 7, order)
        for order, link in (("<", 1), (">", 101), ("<", 113))
    )
    reading = read_whole(data)
    assert reading.frames == [b"in <", b"in >", b"in <"]
    assert [(packet.interface, packet.link) for packet in reading.packets] == [(0, 1), (1, 101), (2, 113)]
    assert reading.times_ns == [7, 7, 7]


def test_more_interfaces_than_the_first_table_holds_keep_their_rows() -> None:
    head = section() + b"".join(interface(link_type=number, tsresol=number % 10) for number in range(100))
    reading = read_whole(head + b"".join(enhanced_packet(b"x", 7, number=number) for number in range(100)))
    assert [packet.link for packet in reading.packets] == list(range(100))
    assert reading.times_ns == [7 * 10 ** (9 - number % 10) for number in range(100)]


@ORDERS
def test_drops_of_the_interface_and_the_system_count_together_and_the_last_ones_stand(order: str) -> None:
    early = statistics(order, received=5, dropped=1, os_dropped=1)
    late = statistics(order, received=500, dropped=20, os_dropped=3)
    [found] = read_whole(pcapng_file(FRAMES, order=order) + early + late).reader.interfaces
    assert (found.received, found.dropped) == (500, 23)


def test_counters_that_are_missing_are_unknown_and_take_nothing_back() -> None:
    two = section() + interface() + interface() + statistics(number=1, received=9, dropped=4) + statistics(number=1)
    assert [(i.received, i.dropped) for i in read_whole(two).reader.interfaces] == [(None, None), (9, 4)]


def test_statistics_of_an_interface_that_never_was_are_passed_over() -> None:
    assert read_whole(pcapng_file(FRAMES) + statistics(number=9, dropped=1) + enhanced_packet(b"x")).frames[3:] == [
        b"x"
    ]


def test_comments_of_sections_are_kept_and_those_of_packets_counted() -> None:
    head = section(comments=["made by hand", "twice"]) + interface()
    packets = [
        enhanced_packet(b"abc", comments=["odd"]),
        enhanced_packet(b"abcd", comments=["one", "two"]),
        enhanced_packet(b"abcd"),
    ]
    reader = read_whole(head + b"".join(packets) + section(comments=["second section"])).reader
    assert reader.comments == ["made by hand", "twice", "second section"]
    assert reader.packet_comments == 2


def test_text_cannot_steer_a_terminal() -> None:
    head = section(comments=["a\x1b[31mb\r\n\u202e"]) + interface(name="eth\x07\x9b0")
    reader = read_whole(head).reader
    assert reader.comments == [r"a\x1b[31mb\r\n\u202e"]
    assert reader.interfaces[0].name == r"eth\x07\x9b0"


def test_comments_and_interfaces_are_bounded() -> None:
    reader = read_whole(section(comments=["x"] * (MAX_COMMENTS + 1))).reader
    assert len(reader.comments) == MAX_COMMENTS
    reading = read(section() + interface() * (MAX_INTERFACES + 1))
    assert len(reading.reader.interfaces) == MAX_INTERFACES
    assert reading.damage.reason == "more than 65536 interfaces"


def test_blocks_of_other_kinds_are_stepped_over() -> None:
    others = block(NAME_RESOLUTION_BLOCK, b"1234") + block(SECRETS_BLOCK, bytes(40)) + block(0x7FFF, b"")
    packet = enhanced_packet(b"x")
    assert read_whole(section() + interface() + others + packet + others + packet).frames == [b"x", b"x"]


def test_a_length_without_the_padding_is_read_as_wireshark_reads_it() -> None:
    whole = enhanced_packet(b"abc")
    unpadded = struct.pack("<II", 6, len(whole) - 1) + whole[8:-4] + struct.pack("<I", len(whole) - 1)
    assert read_whole(section() + interface() + unpadded + whole).frames == [b"abc", b"abc"]


@ORDERS
def test_a_file_cut_anywhere_gives_the_packets_before_the_cut(order: str) -> None:
    head = section(order, comments=["cut"]) + interface(order, name="eth0")
    middle = statistics(order, dropped=1) + section(order) + interface(order)
    first, second = enhanced_packet(b"abc", 1, order), enhanced_packet(b"defgh", 2, order, comments=["hm"])
    whole = head + first + middle + second
    first_section = len(section(order, comments=["cut"]))
    for cut in range(first_section, len(whole)):
        reading = read(whole[:cut])
        assert reading.frames == [b"abc"][: cut >= len(head + first)]
        blocks = [len(section(order, comments=["cut"])), len(head), len(head + first)]
        blocks += [blocks[-1] + len(statistics(order, dropped=1))]
        blocks += [blocks[-1] + len(section(order)), blocks[-1] + len(section(order) + interface(order))]
        if cut in blocks:
            assert reading.reader.damage is None
        else:
            assert reading.damage.offset == max(end for end in blocks if end <= cut)
            assert reading.damage.packet == len(reading.packets)
            assert "cut short" in reading.damage.reason


@pytest.mark.parametrize("length", range(4, 28))
def test_a_cut_first_section_cannot_be_read(length: int) -> None:
    with pytest.raises(CaptureError, match=r"^<bytes>: cut short in the middle of a block"):
        read(section()[:length])


def damaged(bad: bytes) -> tuple[int, int, str]:
    """Put a bad block between two good packets; return the damage, with the offset from the bad block on."""
    head = pcapng_file([b"good"])
    reading = read(head + bad + enhanced_packet(b"never seen"))
    assert reading.frames == [b"good"]
    return reading.damage.offset - len(head), reading.damage.packet, reading.damage.reason


@pytest.mark.parametrize("claimed", [0, 1, 8, MAX_BLOCK_BYTES + 1, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF])
def test_a_block_length_that_cannot_be_is_damage(claimed: int) -> None:
    assert damaged(block(6, bytes(20), length=claimed)) == (0, 1, f"a block length of {claimed} cannot be")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (block(6, bytes(20), trailer=36), "the block's two lengths differ (the second is 36)"),
        (block(6, bytes(16)), "a block length of 28 cannot be"),
        (block(2, bytes(16)), "a block length of 28 cannot be"),
        (block(3, b""), "a block length of 12 cannot be"),
        (enhanced_packet(b"x", number=1), "interface 1 was never described in this section"),
        (enhanced_packet(b"x", number=0xFFFFFFFF), "interface 4294967295 was never described in this section"),
        (enhanced_packet(b"abcd", captured=5), "a packet of 5 bytes does not fit into its block"),
        (enhanced_packet(b"x", captured=0xFFFFFFFF), "a packet of 4294967295 bytes does not fit into its block"),
        (block(INTERFACE_BLOCK, b"1234"), "an interface description of 16 bytes cannot be"),
        (block(STATISTICS_BLOCK, b"12345678"), "interface statistics of 20 bytes cannot be"),
        (block(0x0A0D0D0A, struct.pack("<IHH", 0x1A2B3C4D, 1, 0)), "a section header of 20 bytes cannot be"),
        (block(0x0A0D0D0A, bytes(16)), "the section header has no byte-order magic"),
        (section(version=(2, 0)), "pcapng version 2.0 is not supported, only 1.0 is"),
        (interface()[:-4] + b"", "the block's two lengths differ"),
    ],
)
def test_a_block_that_contradicts_itself_is_damage(bad: bytes, reason: str) -> None:
    offset, packet, told = damaged(bad)
    assert (offset, packet) == (0, 1)
    assert told.startswith(reason)


def test_an_option_that_is_longer_than_its_block_is_damage() -> None:
    body = struct.pack("<HHI", 1, 0, 0) + struct.pack("<HH", 2, 9000) + b"eth0"
    assert damaged(block(INTERFACE_BLOCK, body))[2] == "an option of 9000 bytes does not fit into its block"


def test_an_option_that_is_longer_than_its_packet_block_spoils_only_itself() -> None:
    fixed = struct.pack("<IIIII", 0, 0, 0, 4, 4)
    bad = block(6, fixed + b"abcd" + struct.pack("<HH", 4, 9000) + option(1, b"lost"))
    reading = read_whole(section() + interface() + bad + enhanced_packet(b"next"))
    assert reading.frames == [b"abcd", b"next"]
    assert reading.reader.packet_comments == 0


def test_a_section_without_interfaces_has_none_of_the_section_before() -> None:
    reading = read(pcapng_file([b"good"]) + section() + enhanced_packet(b"bad"))
    assert reading.frames == [b"good"]
    assert reading.damage.reason == "interface 0 was never described in this section"


def test_the_option_clocks_of_wrong_length_are_not_used() -> None:
    head = section() + interface(extra=[(9, b""), (14, b"1234")])
    assert read_whole(head + enhanced_packet(b"x", START_NS // 1000)).times_ns == [START_NS]


def test_version_1_2_means_1_0() -> None:
    assert read_whole(section(version=(1, 2)) + interface() + enhanced_packet(b"x", 0)).times_ns == [0]


def test_an_offset_moves_the_times_also_before_1970() -> None:
    head = section() + interface(tsoffset_s=-3) + interface(tsoffset_s=1_700_000_000)
    data = head + enhanced_packet(b"x", 1, number=0) + enhanced_packet(b"x", 1, number=1)
    # one microsecond after the offset
    assert read_whole(data).times_ns == [-3 * NS_PER_S + 1000, START_NS + 1000]
