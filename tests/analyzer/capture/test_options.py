"""TCP options: every one that is known, whole, cut by the snap length, or malformed."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.capture.options import read_options
from reconstruct.segment import (
    OPTION_AO,
    OPTION_FAST_OPEN,
    OPTION_FAST_OPEN_EXPERIMENTAL,
    OPTION_MD5,
    OPTION_MPTCP,
    OPTION_MSS,
    OPTION_SACK,
    OPTION_SACK_PERMITTED,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
    OPTIONS_CUT,
    OPTIONS_MALFORMED,
    Segment,
)

MSS, SCALE, SACK_PERMITTED = b"\x02\x04\x05\xb4", b"\x03\x03\x07", b"\x04\x02"
TIMESTAMPS = b"\x08\x0a" + struct.pack("!II", 0xFFFFFFFF, 0x80000001)
NOP, END = b"\x01", b"\x00"


def sack(*edges: int) -> bytes:
    """Return a SACK option; the edges are wire numbers, left and right of each block."""
    return bytes([5, 2 + 4 * len(edges)]) + struct.pack(f"!{len(edges)}I", *edges)


def read(options: bytes, captured: int | None = None) -> Segment:
    """Read options that stand amid other bytes; `captured` of them are in the capture."""
    segment = Segment()
    around = b"\x02\x04\xff\xff"
    size = len(options)
    read_options(around + options + around, 4, 4 + size, 4 + (size if captured is None else captured), segment)
    return segment


def blocks(segment: Segment) -> list[int]:
    """Return the edges of the SACK blocks."""
    return [segment.sack_edges[edge] for edge in range(2 * segment.sack_blocks)]


def test_the_options_of_a_syn_are_read() -> None:
    segment = read(MSS + SACK_PERMITTED + TIMESTAMPS + NOP + SCALE)
    assert segment.options == OPTION_MSS | OPTION_SACK_PERMITTED | OPTION_TIMESTAMPS | OPTION_WINDOW_SCALE
    assert (segment.mss, segment.window_scale) == (1460, 7)
    assert (segment.tsval, segment.tsecr) == (0xFFFFFFFF, 0x80000001)


def test_a_window_scale_above_14_is_kept_as_it_was_sent() -> None:
    assert read(b"\x03\x03\xff").window_scale == 255


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_up_to_four_sack_blocks_are_read_in_their_order(count: int) -> None:
    edges = [0xFFFFFF00, 0x00000010, 500, 600, 300, 400, 100, 200][: 2 * count]
    segment = read(NOP + NOP + sack(*edges))
    assert segment.options == OPTION_SACK
    assert blocks(segment) == edges


def test_more_sack_blocks_than_a_header_can_hold_are_not_kept() -> None:
    assert blocks(read(sack(*range(10)))) == list(range(8))


def test_a_d_sack_is_the_first_block_wherever_it_lies() -> None:
    # RFC 2883 (4.1): the first block is below the cumulative acknowledgment, or (4.2) inside the second
    assert blocks(read(sack(100, 200, 500, 600))) == [100, 200, 500, 600]
    assert blocks(read(sack(520, 540, 500, 600))) == [520, 540, 500, 600]


@pytest.mark.parametrize("size", [2, 3, 9, 11, 17])
def test_a_sack_option_of_a_wrong_length_is_passed(size: int) -> None:
    segment = read(bytes([5, size]) + bytes(size - 2) + MSS)
    assert (segment.options, segment.sack_blocks) == (OPTION_MSS, 0)


@pytest.mark.parametrize("size", [0, 8, 16])
def test_fast_open_has_a_request_or_a_cookie(size: int) -> None:
    segment = read(bytes([34, 2 + size]) + bytes(size))
    assert (segment.options, segment.fast_open_len) == (OPTION_FAST_OPEN, size)


@pytest.mark.parametrize("size", [0, 8, 16])
def test_experimental_fast_open_is_known_by_its_magic(size: int) -> None:
    segment = read(bytes([254, 4 + size]) + b"\xf9\x89" + bytes(size))
    assert (segment.options, segment.fast_open_len) == (OPTION_FAST_OPEN_EXPERIMENTAL, size)


@pytest.mark.parametrize("option", [b"\xfe\x04\x12\x34", b"\xfe\x02", b"\xfe\x03\xf9"])
def test_another_experiment_is_not_fast_open(option: bytes) -> None:
    assert read(option).options == 0


@pytest.mark.parametrize(
    ("option", "bit"),
    [
        (b"\x13\x12" + bytes(16), OPTION_MD5),
        (b"\x1d\x10" + bytes(14), OPTION_AO),
        (b"\x1d\x04\x01\x02", OPTION_AO),
        (b"\x1e\x0c" + bytes(10), OPTION_MPTCP),
        (b"\x1e\x03\x20", OPTION_MPTCP),
    ],
)
def test_md5_ao_and_mptcp_are_seen(option: bytes, bit: int) -> None:
    assert read(option + MSS).options == bit | OPTION_MSS


@pytest.mark.parametrize(
    "option",
    [b"\x02\x03\x05", b"\x02\x05\x05\xb4\x00", b"\x03\x04\x07\x00", b"\x04\x03\x00", b"\x08\x0b" + bytes(9)],
)
def test_an_option_of_a_wrong_length_is_passed_and_the_next_one_read(option: bytes) -> None:
    assert read(option + b"\x13\x12" + bytes(16)).options == OPTION_MD5


def test_an_unknown_option_is_passed() -> None:
    assert read(b"\xc8\x05abc" + MSS).options == OPTION_MSS


def test_nothing_is_read_behind_the_end_of_the_list() -> None:
    assert read(SCALE + END + MSS).options == OPTION_WINDOW_SCALE


def test_of_two_equal_options_the_last_one_counts() -> None:
    assert read(MSS + b"\x02\x04\x02\x18").mss == 536


@pytest.mark.parametrize("bad", [b"\x02\x00", b"\x02\x01", b"\x02\x05\x05\xb4", b"\x02", b"\x08\x0a" + bytes(7)])
def test_a_length_that_cannot_be_ends_the_list(bad: bytes) -> None:
    assert read(SCALE + bad).options == OPTION_WINDOW_SCALE | OPTIONS_MALFORMED


def test_what_the_snap_length_cuts_is_marked_and_not_read() -> None:
    options = SCALE + NOP + MSS + TIMESTAMPS
    bits = [OPTION_WINDOW_SCALE, OPTION_MSS, OPTION_TIMESTAMPS]
    for captured in range(len(options)):
        whole = sum(bit for bit, end in zip(bits, (3, 8, 18), strict=True) if captured >= end)
        assert read(options, captured).options == whole | OPTIONS_CUT
    assert read(options).options == sum(bits)


def test_an_end_before_the_cut_makes_the_cut_harmless() -> None:
    assert read(SCALE + END + bytes(8), 4).options == OPTION_WINDOW_SCALE


def test_a_length_past_the_header_is_malformed_even_where_the_capture_is_cut() -> None:
    assert read(b"\x02\x20\x05\xb4", 2).options == OPTIONS_MALFORMED


@given(st.binary(max_size=40), st.integers(0, 40))
def test_any_bytes_are_read_without_an_error(options: bytes, captured: int) -> None:
    segment = read(options, min(captured, len(options)))
    assert 0 <= segment.sack_blocks <= 4
    assert 0 <= segment.fast_open_len <= 38
    assert not (segment.options & OPTIONS_CUT and segment.options & OPTIONS_MALFORMED)
    if captured >= len(options):
        assert not segment.options & OPTIONS_CUT


@given(st.lists(st.sampled_from([MSS, SCALE, SACK_PERMITTED, TIMESTAMPS, NOP, sack(1, 2)]), max_size=4))
def test_whole_options_are_found_in_any_order(listed: list[bytes]) -> None:
    bits = {MSS: OPTION_MSS, SCALE: OPTION_WINDOW_SCALE, SACK_PERMITTED: OPTION_SACK_PERMITTED}
    bits |= {TIMESTAMPS: OPTION_TIMESTAMPS, NOP: 0, sack(1, 2): OPTION_SACK}
    assert read(b"".join(listed)).options == sum(bits[option] for option in set(listed))
