"""IP fragments: in any order, lost, repeated, overlapping, cut, too many and too old."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.capture.fragments import (
    MAX_BYTES,
    MAX_PACKETS,
    TIMEOUT_V4_NS,
    TIMEOUT_V6_NS,
    Fragments,
)
from tests.packets import MORE, TCP, extension, fragment_header, ipv4, ipv6, tcp

SEGMENT = tcp(payload=bytes(range(100)))  # 120 bytes: with 48 a fragment, pieces at 0, 48 and 96
FRAGMENT_KIND = 44


def pieces4(content: bytes = SEGMENT, size: int = 48, ident: int = 7, options: bytes = b"") -> list[bytes]:
    """Return an IPv4 packet in fragments of `size` bytes; options are not copied to the later ones."""
    cuts = range(0, len(content), size)
    return [
        ipv4(
            content[at : at + size],
            ident=ident,
            flags=MORE if at + size < len(content) else 0,
            offset=at,
            options=b"" if at else options,
        )
        for at in cuts
    ]


def pieces6(content: bytes = SEGMENT, size: int = 48, ident: int = 7, before: bytes = b"") -> list[bytes]:
    """Return an IPv6 packet in fragments of `size` bytes; `before` is a hop-by-hop header."""
    listed = []
    for at in range(0, len(content), size):
        header = fragment_header(TCP, at, at + size < len(content), ident)
        listed.append(ipv6(before + header + content[at : at + size], 0 if before else FRAGMENT_KIND))
    return listed


def add(fragments: Fragments, packets: list[bytes], time_ns: int = 0) -> list[bytes | None]:
    """Add whole fragments, all at one time."""
    return [fragments.add(time_ns, packet, len(packet)) for packet in packets]


WHOLE4, WHOLE6 = ipv4(SEGMENT, flags=0), ipv6(SEGMENT)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]])
def test_the_last_missing_fragment_makes_the_packet_whole(order: list[int]) -> None:
    for listed, whole in ((pieces4(), WHOLE4), (pieces6(), WHOLE6)):
        fragments = Fragments()
        assert add(fragments, [listed[index] for index in order]) == [None, None, whole]
        assert (fragments.packets, fragments.held_bytes) == (0, 0)


def test_the_options_of_the_first_fragment_are_those_of_the_packet() -> None:
    options = b"\x01" * 8
    assert add(Fragments(), pieces4(options=options)[::-1])[-1] == ipv4(SEGMENT, flags=0, options=options)


def test_headers_before_the_fragment_header_stay_and_it_goes() -> None:
    whole = ipv6(extension(TCP) + SEGMENT, 0)
    assert add(Fragments(), pieces6(before=extension(FRAGMENT_KIND)))[-1] == whole


def test_a_missing_fragment_keeps_the_packet_waiting() -> None:
    fragments = Fragments()
    assert add(fragments, [pieces4()[0], pieces4()[2]]) == [None, None]
    assert (fragments.packets, fragments.held_bytes) == (1, 120)


def test_packets_of_other_names_are_not_mixed() -> None:
    one, other = pieces4(ident=1), pieces4(bytes(120), ident=2)
    interleaved = [packet for pair in zip(one, other, strict=True) for packet in pair]
    assert [whole for whole in add(Fragments(), interleaved) if whole] == [
        ipv4(SEGMENT, flags=0, ident=1),
        ipv4(bytes(120), flags=0, ident=2),
    ]


def test_fragments_of_two_tenants_are_not_mixed() -> None:
    fragments, packets = Fragments(), pieces4(size=64)
    assert fragments.add(0, packets[0], len(packets[0]), (0, 5)) is None
    assert fragments.add(0, packets[1], len(packets[1]), (0, 6)) is None
    assert fragments.add(0, packets[1], len(packets[1]), (0, 5)) == WHOLE4


def test_a_repeated_fragment_changes_nothing() -> None:
    for listed, whole in ((pieces4(), WHOLE4), (pieces6(), WHOLE6)):
        assert add(Fragments(), [listed[0], listed[0], listed[2], listed[1]]) == [None, None, None, whole]


def test_of_overlapping_fragments_of_ipv4_the_more_recent_bytes_are_used() -> None:
    # RFC 791 (3.2): bytes 0-48 with ones, then 40-120 as they are, so the ones stay in 0-40
    first = ipv4(b"\x01" * 48, flags=MORE)
    rest = ipv4(SEGMENT[40:], flags=0, offset=40)
    assert add(Fragments(), [first, rest]) == [None, ipv4(b"\x01" * 40 + SEGMENT[40:], flags=0)]


def test_overlapping_fragments_of_ipv6_are_dropped_with_those_that_follow() -> None:
    # RFC 5722 (4)
    first, second, third = pieces6()
    overlapping = ipv6(fragment_header(TCP, 40, more=True, ident=7) + bytes(16), FRAGMENT_KIND)
    fragments = Fragments()
    assert add(fragments, [first, overlapping, second, third, first]) == [None] * 5
    assert fragments.held_bytes == 0


def test_a_fragment_beyond_the_end_spoils_its_packet() -> None:
    fragments = Fragments()
    beyond = ipv4(bytes(8), flags=MORE, offset=400)
    first, second, third = pieces4()
    assert add(fragments, [third, beyond, first, second]) == [None] * 4
    assert fragments.held_bytes == 0


def test_an_end_before_what_arrived_spoils_the_packet() -> None:
    # 8 bytes at 48, then an end after 16: as many bytes as the end says have arrived, and not one of the first 8
    beyond, early_end = ipv4(bytes(8), flags=MORE, offset=48), ipv4(bytes(8), flags=0, offset=8)
    fragments = Fragments()
    assert add(fragments, [beyond, early_end, *pieces4()]) == [None] * 5
    assert fragments.held_bytes == 0


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        ipv4(bytes(7), flags=MORE),  # RFC 791 (3.2): all but the last are multiples of 8 bytes
        ipv4(b"", flags=MORE),
        ipv4(bytes(8), flags=MORE, header=16),
        ipv4(bytes(8), flags=MORE, length=12),
        ipv4(bytes(16), flags=0, offset=65528),  # ends beyond 65535
        ipv4(bytes(8), flags=MORE)[:19],
        ipv4(bytes(8), flags=MORE, options=bytes(12))[:24],
        ipv6(fragment_header(TCP, 0, more=True) + bytes(9), FRAGMENT_KIND),
        ipv6(fragment_header(TCP, 0, more=True) + bytes(8), TCP),
        ipv6(fragment_header(TCP, 0, more=True), FRAGMENT_KIND)[:44],
        ipv6(extension(FRAGMENT_KIND, 200) + bytes(8), 0),
        b"\x50" + bytes(60),
    ],
)
def test_a_fragment_that_makes_no_sense_is_dropped(packet: bytes) -> None:
    fragments = Fragments()
    assert fragments.add(0, packet, len(packet)) is None
    assert (fragments.packets, fragments.held_bytes) == (0, 0)


def test_headers_and_pieces_together_must_fit_into_a_packet() -> None:
    # 65512 bytes fit behind 20 bytes of header, not behind the 60 of the first fragment
    first = ipv4(bytes(8), flags=MORE, options=bytes(40))
    last = ipv4(bytes(65504), flags=0, offset=8)
    assert add(Fragments(), [last, first]) == [None, None]


@pytest.mark.parametrize(
    ("listed", "timeout_ns"), [(pieces4(), TIMEOUT_V4_NS), (pieces6(), TIMEOUT_V6_NS)], ids=["IPv4", "IPv6"]
)
def test_a_packet_is_given_up_after_its_time(listed: list[bytes], timeout_ns: int) -> None:
    in_time, too_late = Fragments(), Fragments()
    add(in_time, listed[:2])
    add(too_late, listed[:2])
    assert add(in_time, listed[2:], timeout_ns)[0] is not None
    assert add(too_late, listed[2:], timeout_ns + 1) == [None]
    assert too_late.held_bytes == 120  # what came late may begin another packet


def test_a_clock_that_goes_back_gives_nothing_up() -> None:
    fragments = Fragments()
    add(fragments, pieces4()[:2], 100 * TIMEOUT_V4_NS)
    assert add(fragments, pieces4()[2:], 0) == [WHOLE4]


@pytest.mark.parametrize("snap", [20, 33, 48, 60])
def test_a_cut_fragment_counts_with_its_full_length(snap: int) -> None:
    first, second, third = pieces4()
    fragments = Fragments()
    assert fragments.add(0, first, len(first)) is None
    assert fragments.add(0, second[:snap], len(second)) is None
    whole = fragments.add(0, third, len(third))
    # The header says 20 + 120; the bytes end before the first one that the capture lacks.
    assert whole == WHOLE4[: 20 + 48 + (snap - 20)]


def test_a_cut_first_fragment_hides_what_comes_behind_it() -> None:
    first, second, third = pieces6()
    fragments = Fragments()
    assert fragments.add(0, second, len(second)) is None
    assert fragments.add(0, first[:70], len(first)) is None
    assert fragments.add(0, third, len(third)) == WHOLE6[: 40 + 70 - 48]


def test_a_fragment_seen_again_in_full_fills_what_was_cut() -> None:
    first, second, third = pieces4()
    fragments = Fragments()
    fragments.add(0, first[:30], len(first))
    add(fragments, [second, first])
    assert fragments.add(0, third, len(third)) == WHOLE4


def test_packets_in_the_making_are_bounded_in_number_and_the_oldest_goes_first() -> None:
    fragments = Fragments()
    for ident in range(MAX_PACKETS + 10):
        fragments.add(ident, pieces4(size=64, ident=ident)[0], 84)
    assert fragments.packets == MAX_PACKETS
    last = pieces4(size=64, ident=9)[1]
    assert fragments.add(0, last, len(last)) is None, "its first half was given up"
    last = pieces4(size=64, ident=MAX_PACKETS)[1]
    assert fragments.add(0, last, len(last)) == ipv4(SEGMENT, flags=0, ident=MAX_PACKETS)


def test_packets_in_the_making_are_bounded_in_bytes() -> None:
    fragments = Fragments()
    for ident in range(200):
        packet = ipv4(bytes(8), flags=MORE, offset=65000, ident=ident)  # makes room for all that is before it
        fragments.add(ident, packet, len(packet))
        assert fragments.held_bytes <= MAX_BYTES
    assert fragments.packets == MAX_BYTES // 65008


def test_thousands_of_the_smallest_fragments_make_a_packet() -> None:
    content = bytes(65000)
    listed = pieces4(content, size=8)
    random.Random(4).shuffle(listed)
    wholes = [whole for whole in add(Fragments(), listed) if whole]
    assert wholes == [ipv4(content, flags=0)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.booleans(), st.integers(0, 320)), max_size=30))
@settings(max_examples=200)
def test_any_fragments_give_packets_that_say_their_true_length(listed: list[tuple[int, int, bool, int]]) -> None:
    fragments = Fragments()
    for start, units, more, snap in listed:
        packet = ipv4(bytes(8 * units), flags=MORE if more else 0, offset=8 * start)
        whole = fragments.add(0, packet[: 20 + snap], len(packet))
        if whole is not None:
            assert 20 <= len(whole) <= int.from_bytes(whole[2:4], "big")
            assert int.from_bytes(whole[6:8], "big") & 0x3FFF == 0
    assert fragments.packets <= 1


@given(st.binary(max_size=100), st.integers(0, 70000))
def test_any_bytes_are_taken_without_an_error(packet: bytes, wire: int) -> None:
    fragments = Fragments()
    fragments.add(0, packet, wire)
    assert fragments.packets <= 1


@given(st.permutations(range(3)), st.integers(8, 120), st.booleans())
def test_any_order_of_cuts_gives_the_packet_that_was_sent(order: list[int], size: int, newer: bool) -> None:
    size = size // 8 * 8
    listed = pieces6(size=size) if newer else pieces4(size=size)
    shuffled = [listed[index] for index in order if index < len(listed)] + listed[3:]
    wholes = [whole for whole in add(Fragments(), shuffled) if whole]
    if len(listed) > 1:
        assert wholes == [WHOLE6 if newer else WHOLE4]
