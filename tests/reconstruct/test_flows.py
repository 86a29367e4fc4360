"""The table of connections: which one a segment is of, where one begins, and what is kept of a single SYN."""

from dataclasses import replace

import pytest

from reconstruct.records import HALF_OPEN
from reconstruct.segment import ACK, OPTION_MSS, OPTION_WINDOW_SCALE, RST, SYN, Segment
from reconstruct.states import State
from reconstruct.vocabulary import Closing, Opening
from tests.reconstruct.replaying import rows_of
from tests.reconstruct.tap import Pair, Tap, columns, pairs

PAIR = Pair()
V6 = Pair(version=6)
REUSED = replace(PAIR, isn=77, peer_isn=99)


# Keys


@pytest.mark.parametrize("pair", [PAIR, V6, replace(PAIR, domain=7), replace(PAIR, vlan=10)])
def test_both_directions_are_one_connection(pair: Pair) -> None:
    tap = Tap()
    tap.whole(pair)
    assert columns(tap.finish(), "flow", "segments", "opening", "closing") == [(0, 6, Opening.HANDSHAKE, Closing.FIN)]


CHANGES = ["port", "peer_port", "low", "peer_low", "high", "peer_high", "domain"]


@pytest.mark.parametrize("base", [PAIR, V6], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("field", CHANGES)
def test_every_part_of_the_key_separates_connections(base: Pair, field: str) -> None:
    tap, other = Tap(), replace(base, **{field: 1 << 14})
    tap.handshake(base)
    tap.handshake(other)
    tap.data(base)
    tap.data(other)
    assert columns(tap.finish(), "flow", "segments", "bytes") == [(0, 4, 100), (1, 4, 100)]


def test_an_ipv6_address_with_the_low_word_of_an_ipv4_address_is_another() -> None:
    tap = Tap(max_live_connections=1, linger_ns=0)
    for pair in (PAIR, V6):
        tap.syn(pair)
    for pair in (PAIR, V6):
        tap.server(pair, SYN | ACK, 0, 1)
        tap.client(pair, ACK, 1, 1)
    for pair in (PAIR, V6):
        tap.fins(pair)
    tap.handshake(REUSED)
    tap.data(REUSED)
    rows = tap.finish()
    assert columns(rows, "ip_version", "segments") == [(4, 6), (6, 6), (4, 4)]
    assert columns(rows, "client_hi", "client_lo") == [(0, 1)] * 3


def test_the_two_ends_may_have_one_address_or_even_one_port() -> None:
    tap = Tap()
    for pair in (Pair(low=2), Pair(low=2, port=80)):
        tap.handshake(pair)
    assert len(tap.finish()) == 2


def test_addresses_that_mirror_each_other_are_not_one_connection() -> None:
    tap = Tap()
    tap.handshake(Pair(low=1, peer_low=2, port=7, peer_port=9))
    tap.handshake(Pair(low=1, peer_low=2, port=9, peer_port=7))
    assert columns(tap.finish(), "client_port", "segments") == [(7, 3), (9, 3)]


# VLANs


def test_the_same_segments_on_another_vlan_are_the_same_connection() -> None:
    tap = Tap()
    for from_client, flags, seq, ack in ((True, SYN, 0, 0), (False, SYN | ACK, 0, 1), (True, ACK, 1, 1)):
        for vlan in (10, 20, -1):
            tap.take(replace(PAIR, vlan=vlan).segment(flags, seq, ack, from_client))
    assert columns(tap.finish(), "segments", "vlan") == [(9, 10)]


def test_numbers_that_do_not_fit_are_of_another_connection_on_another_vlan() -> None:
    tap, other = Tap(), replace(PAIR, vlan=20, isn=1 << 30, peer_isn=1 << 31)
    one = replace(PAIR, vlan=10)
    tap.handshake(one)
    tap.handshake(other)
    for _ in range(2):
        tap.data(one)
        tap.data(other)
    assert columns(tap.finish(), "segments", "vlan", "bytes") == [(5, 10, 100), (5, 20, 100)]


FAR = 1 << 26  # bytes; beyond the 32 MiB that count as near


@pytest.mark.parametrize("field", ["isn", "peer_isn"])
def test_one_number_far_away_separates_a_segment_without_syn(field: str) -> None:
    tap, one = Tap(), replace(PAIR, vlan=10)
    tap.handshake(one)
    tap.data(replace(one, vlan=20, **{field: 1_000_000_000 + FAR}))
    assert columns(tap.finish(), "segments", "vlan") == [(3, 10), (1, 20)]


def test_a_segment_without_ack_is_told_by_its_sequence_number_alone() -> None:
    tap, one = Tap(), replace(PAIR, vlan=10)
    tap.handshake(one)
    tap.client(replace(one, vlan=20, peer_isn=1 << 30), RST, 1)
    assert columns(tap.finish(), "segments", "closing") == [(4, Closing.RST)]


def test_what_an_end_was_not_heard_of_separates_nothing() -> None:
    tap, one = Tap(), replace(PAIR, vlan=10)
    tap.client(one, SYN, 0)
    tap.client(one, SYN, 0)
    tap.server(replace(one, vlan=20), RST | ACK, 0, 1)
    assert columns(tap.finish(), "segments", "opening") == [(3, Opening.REFUSED)]


def test_a_tenant_with_a_connection_of_its_own_keeps_it() -> None:
    tap = Tap()
    one, other = replace(PAIR, vlan=10), replace(PAIR, vlan=20, isn=1 << 30, peer_isn=1 << 31)
    tap.handshake(one)
    tap.handshake(other)
    # Numbers that would fit the first tenant's connection: of the second tenant even so.
    tap.client(replace(one, vlan=20), ACK, 1, 1)
    assert columns(tap.finish(), "segments", "vlan") == [(3, 10), (4, 20)]


# Reused ports


def test_a_syn_with_another_number_begins_another_connection() -> None:
    tap = Tap()
    tap.handshake(PAIR)
    tap.handshake(REUSED)
    assert columns(tap.finish(), "flow", "segments", "first_frame") == [(0, 3, 1), (1, 3, 4)]


def test_a_syn_sent_again_is_of_the_same_connection() -> None:
    tap = Tap()
    for _ in range(4):
        tap.syn(PAIR)
    tap.handshake(PAIR)
    assert columns(tap.finish(), "flow", "segments") == [(0, 7)]


def test_a_syn_of_the_server_with_another_number_turns_the_roles() -> None:
    tap = Tap()
    tap.whole(PAIR)
    tap.server(replace(PAIR, peer_isn=123_456), SYN, 0)
    assert columns(tap.finish(), "client_port", "server_port", "segments") == [(40000, 80, 6), (80, 40000, 1)]


def test_a_syn_ack_with_another_number_begins_nothing() -> None:
    tap = Tap()
    tap.handshake(PAIR)
    tap.server(replace(PAIR, peer_isn=123_456), SYN | ACK, 0, 1)
    assert columns(tap.finish(), "segments") == [(4,)]


def test_a_port_that_is_used_over_and_over_needs_one_slot() -> None:
    tap = Tap()
    for index in range(50):
        tap.whole(replace(PAIR, isn=1000 * index))
    assert (tap.table.count, tap.table.used, tap.table.opened, len(tap.table.live)) == (50, 1, 1, 1)
    assert columns(tap.finish(), "segments") == [(6,)] * 50


# Half-open


def test_a_single_syn_is_a_small_record_until_the_second_segment() -> None:
    tap = Tap()
    tap.syn(PAIR)
    assert (tap.table.opened, tap.table.records.used, tap.table.records.kind(0)) == (0, 1, HALF_OPEN)
    tap.server(PAIR, SYN | ACK, 0, 1)
    assert (tap.table.opened, tap.table.records.free) == (1, 0)
    tap.syn(REUSED)
    assert tap.table.records.used == 1  # the record was given back; the port is in use by a connection in full


def offering(pair: Pair) -> Segment:
    """Return a SYN with an MSS of 1400 and a scale of 7."""
    segment = pair.segment(SYN, 0, 0, True)
    segment.options, segment.mss, segment.window_scale = OPTION_MSS | OPTION_WINDOW_SCALE, 1400, 7
    return segment


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("vlan", [-1, 0, 0xFFF, 0x1000, (10 << 24) | (20 << 12) | 30])
def test_what_a_syn_said_is_in_the_rows(vlan: int, answered: bool) -> None:
    tap, pair = Tap(), replace(V6, vlan=vlan, high=-5, peer_high=5)
    syn = tap.take(offering(pair))
    if answered:
        tap.client(pair, RST, 1)
    (row,) = tap.finish()
    assert (row["first_frame"], row["first_time_ns"], row["segments"]) == (1, syn.time_ns, 1 + answered)
    assert (row["ip_version"], row["client_hi"], row["server_hi"], row["vlan"]) == (
        6,
        -5,
        5,
        None if vlan < 0 else vlan,
    )
    client = rows_of(tap.table.directions)[0]
    assert (client["mss"], client["window_scale"], client["sender"]) == (1400, 7, 0)


@pytest.mark.parametrize("plain", [True, False])
def test_a_syn_that_has_no_room_in_a_record_is_a_connection_in_full(plain: bool) -> None:
    tap = Tap()
    if plain:
        tap.syn(replace(PAIR, vlan=0x1000))  # two tags
    else:
        tap.client(PAIR, SYN, 0, payload_len=10)  # Fast Open
    assert (tap.table.opened, tap.table.records.used) == (1, 0)
    assert columns(tap.finish(), "opening", "segments") == [(Opening.HALF_OPEN, 1)]


def test_unanswered_syns_are_connections_by_the_end_of_the_capture() -> None:
    tap = Tap()
    for pair in pairs(300):
        tap.syn(pair)
    assert tap.table.flows.count == 0
    rows = tap.finish()
    assert columns(rows, "flow", "first_frame") == [(index, index + 1) for index in range(300)]
    assert {row["client_state"] for row in rows} == {State.SYN_SENT}
    assert tap.table.tally.connections == 300
