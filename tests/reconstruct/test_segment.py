"""The cursor: what it shows before anything was decoded, and that bits of flags and options are apart."""

import pytest

from reconstruct import segment as names
from reconstruct.segment import ACK, AE, CWR, ECE, FIN, MAX_SACK_BLOCKS, PSH, RST, SYN, URG, Segment
from reconstruct.seq import UNKNOWN
from tests.drill import read_script, segments_of

OPTION_BITS = {name: value for name, value in vars(names).items() if name.startswith("OPTION")}


def test_the_flags_are_the_nine_bits_of_the_header() -> None:
    # RFC 9293 3.1: FIN is the lowest; ECE and CWR are of RFC 3168, AE of RFC 9768, above them
    assert [1 << bit for bit in range(9)] == [FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE]


def test_every_option_has_a_bit_of_its_own_and_all_have_room_in_twelve() -> None:
    assert sorted(OPTION_BITS.values()) == [1 << bit for bit in range(12)]


def test_a_new_cursor_shows_nothing_and_claims_nothing() -> None:
    segment = Segment()
    assert (segment.vlan, segment.ip_id, segment.domain) == (-1, -1, 0)
    assert (segment.figure_a, segment.figure_b, segment.rtt_ns) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert (segment.flags, segment.options, segment.sack_blocks, segment.payload_len) == (0, 0, 0, 0)


def test_a_cursor_has_room_for_the_edges_of_four_blocks() -> None:
    segment = Segment()
    assert MAX_SACK_BLOCKS == 4  # RFC 2018 (3)
    assert len(segment.sack_edges) == 8
    segment.sack_edges[7] = 0xFFFFFFFF
    with pytest.raises(IndexError):
        segment.sack_edges[8] = 0


def test_two_cursors_share_no_edges() -> None:
    one, other = Segment(), Segment()
    one.sack_edges[0] = 7
    assert other.sack_edges[0] == 0


def test_a_script_fills_wire_numbers_that_wrap() -> None:
    text = "client 192.0.2.1:1 isn 4294967295\nserver 192.0.2.2:2 isn 4294967290\n0.0 < . 3:3(0) ack 1 win 9 <sack 1:5>"
    (segment,) = segments_of(read_script(text))
    assert (segment.wire_seq, segment.wire_ack) == (4294967293, 0)  # 4294967290 + 3; 4294967295 + 1 - 2^32
    assert list(segment.sack_edges[:2]) == [0, 4]
