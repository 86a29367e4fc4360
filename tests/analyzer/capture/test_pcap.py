"""pcap: every byte order and resolution, old versions, cut and corrupt files."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.capture.batch import BATCH_PACKETS
from analyzer.capture.reader import MAX_RECORD_BYTES, Damage, Interface
from analyzer.errors import CaptureError
from tests.analyzer.capture.reading import read, read_whole
from tests.captures import PCAP_MODIFIED, START_NS, pcap_file, pcap_header, pcap_record

FRAMES = [b"first frame", b"", b"the third"]
ORDERS = pytest.mark.parametrize("order", ["<", ">"])
HEADER_BYTES, RECORD_BYTES = 24, 16


@ORDERS
@pytest.mark.parametrize("nano", [False, True])
def test_packets_have_their_bytes_times_and_lengths(order: str, nano: bool) -> None:
    times_ns = [START_NS + 123_456_789, START_NS, START_NS + 999_999_999]
    reading = read_whole(pcap_file(FRAMES, times_ns, order, nano))
    unit_ns = 1 if nano else 1000
    assert reading.frames == FRAMES
    assert reading.times_ns == [time_ns // unit_ns * unit_ns for time_ns in times_ns]
    assert [packet.wire for packet in reading.packets] == [len(frame) for frame in FRAMES]
    assert reading.reader.format == "pcap"
    assert reading.reader.resolution == ("nanoseconds" if nano else "microseconds")


@ORDERS
def test_the_file_header_describes_the_only_interface(order: str) -> None:
    reading = read_whole(pcap_file(FRAMES, order=order, link_type=101, snaplen=96))
    assert reading.reader.interfaces == [Interface("", "", 101, 96, "microseconds")]
    assert {(packet.link, packet.interface) for packet in reading.packets} == {(101, 0)}


@ORDERS
def test_the_longer_record_header_of_the_modified_format_is_read(order: str) -> None:
    head = pcap_header(order, magic=PCAP_MODIFIED)
    records = [pcap_record(frame, order=order, extra=bytes(8)) for frame in FRAMES]
    assert read_whole(head + b"".join(records)).frames == FRAMES


def test_a_packet_keeps_the_length_it_had_on_the_wire() -> None:
    [packet] = read_whole(pcap_header() + pcap_record(b"cut by the snap length", wire=1500)).packets
    assert (packet.wire, packet.data) == (1500, b"cut by the snap length")


@ORDERS
def test_before_version_2_3_the_two_lengths_stand_the_other_way_round(order: str) -> None:
    record = struct.pack(order + "IIII", 5, 0, 1500, 4) + b"data"
    [packet] = read_whole(pcap_header(order, version=(2, 2)) + record).packets
    assert (packet.wire, packet.data) == (1500, b"data")


def test_in_version_2_3_the_smaller_length_is_the_captured_one() -> None:
    swapped = struct.pack("<IIII", 5, 0, 1500, 4) + b"data"
    straight = struct.pack("<IIII", 5, 0, 4, 1500) + b"data"
    reading = read_whole(pcap_header(version=(2, 3)) + swapped + straight)
    assert [(packet.wire, packet.data) for packet in reading.packets] == [(1500, b"data")] * 2


def test_aix_counts_nanoseconds_and_names_ethernet_otherwise() -> None:
    record = struct.pack(">IIII", 5, 123_456_789, 4, 4) + b"data"
    reading = read_whole(pcap_header(">", version=(2, 2), link_type=6) + record)  # RFC 1573: ifType 6 is Ethernet
    assert (reading.packets[0].link, reading.times_ns) == (1, [5_123_456_789])


@given(st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF), st.booleans(), st.sampled_from("<>"))
def test_times_are_whole_numbers_even_with_a_fraction_over_a_second(
    seconds: int, fraction: int, nano: bool, order: str
) -> None:
    data = pcap_header(order, nano) + struct.pack(order + "IIII", seconds, fraction, 0, 0)
    assert read_whole(data).times_ns == [seconds * 10**9 + fraction * (1 if nano else 1000)]


def test_bits_that_tell_of_a_frame_check_sequence_are_no_part_of_the_link_type() -> None:
    assert read_whole(pcap_file(FRAMES, link_type=0x44000001)).packets[0].link == 1


def test_reserved_bits_of_the_link_type_are_refused() -> None:
    with pytest.raises(CaptureError, match=r"^<bytes>: reserved bits of the link type are set \(0x00300001\)$"):
        read(pcap_header(link_type=0x00300001))


def test_an_archaic_version_is_refused() -> None:
    with pytest.raises(CaptureError, match=r"^<bytes>: pcap version 1.4 is not supported, only 2.x is$"):
        read(pcap_header(version=(1, 4)))


@pytest.mark.parametrize("length", range(4, HEADER_BYTES))
def test_a_cut_file_header_is_told_with_its_length(length: int) -> None:
    with pytest.raises(CaptureError, match=rf"cut short in the file header: {length} of its 24 bytes are there"):
        read(pcap_header()[:length])


def test_a_file_that_ends_after_its_header_has_no_packets() -> None:
    assert read_whole(pcap_header()).packets == []


@ORDERS
@pytest.mark.parametrize("nano", [False, True])
def test_a_file_cut_anywhere_gives_the_packets_before_the_cut(order: str, nano: bool) -> None:
    whole = pcap_file(FRAMES, order=order, nano=nano)
    packets = read_whole(whole).packets
    ends = [HEADER_BYTES]
    for frame in FRAMES:
        ends.append(ends[-1] + RECORD_BYTES + len(frame))
    for cut in range(HEADER_BYTES, len(whole)):
        reading = read(whole[:cut])
        passed = [end for end in ends if end <= cut]
        assert reading.packets == packets[: len(passed) - 1]
        if cut in ends:
            assert reading.reader.damage is None
        else:
            assert (reading.damage.offset, reading.damage.packet) == (passed[-1], len(passed) - 1)


def test_a_cut_packet_is_told_with_its_lengths() -> None:
    damage = read(pcap_file([b"abcd", b"efgh"])[:-1]).damage
    # 24 bytes of file header and 16 + 4 of the first record; the second is 20 bytes long
    assert damage == Damage(44, 1, "cut short in the middle of a record: 19 of its 20 bytes are there")


def test_a_cut_record_header_is_told() -> None:
    damage = read(pcap_header() + pcap_record(b"")[:-1]).damage
    assert damage == Damage(24, 0, "cut short in the middle of a record header")


@ORDERS
@pytest.mark.parametrize("claimed", [MAX_RECORD_BYTES + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_a_length_beyond_every_packet_is_damage_at_its_record(order: str, claimed: int) -> None:
    good, bad = pcap_record(b"good", order=order), pcap_record(b"bad", order=order, captured=claimed)
    reading = read(pcap_header(order) + good + bad + good)
    assert reading.frames == [b"good"]
    assert (reading.damage.offset, reading.damage.packet) == (44, 1)
    assert str(claimed) in reading.damage.reason


def test_a_snaplen_is_no_reason_to_refuse_a_longer_packet() -> None:
    assert read_whole(pcap_file([bytes(300)], snaplen=16)).frames == [bytes(300)]


def test_more_packets_than_a_batch_holds_all_come() -> None:
    frames = [index.to_bytes(4, "big") for index in range(2 * BATCH_PACKETS + 1)]
    assert read_whole(pcap_file(frames)).frames == frames


def test_a_packet_larger_than_every_buffer_is_read() -> None:
    frames = [b"a", bytes(range(256)) * 8192, b"z"]  # 2 MiB
    assert read_whole(pcap_file(frames)).frames == frames
