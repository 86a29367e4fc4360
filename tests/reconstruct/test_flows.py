"""The table of connections: which one a segment is of, where one begins, and what is kept of those that ended."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconstruct.records import FINISHED, HALF_OPEN
from reconstruct.segment import ACK, FIN, OPTION_MSS, OPTION_WINDOW_SCALE, RST, SYN, Segment
from reconstruct.states import State
from reconstruct.vocabulary import Closing, Opening
from tests.reconstruct.replaying import MS, Row, rows_of
from tests.reconstruct.tap import Pair, Tap, columns

S_NS = 1_000 * MS
PAIR = Pair()
V6 = Pair(version=6)
REUSED = replace(PAIR, isn=77, peer_isn=99)
SLOTS = 1024  # slots of a new table
CROWD = SLOTS * 3 // 5  # connections from which on the table is made anew


def pairs(count: int, **fields: int) -> list[Pair]:
    """Return as many pairs that differ in the client's port."""
    return [Pair(port=10_000 + index, **fields) for index in range(count)]


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


# Connections that ended


def ended(tap: Tap) -> Tap:
    """Let the connection PAIR end and be retired when another one begins."""
    tap.whole(PAIR)
    tap.syn(Pair(port=1))
    assert (tap.table.flows.count, tap.table.opened) == (1, 0)
    return tap


def hasty() -> Tap:
    """Return a tap that keeps no connection that ended longer than it must."""
    return Tap(max_live_connections=1, linger_ns=0)


def test_a_late_segment_of_a_finished_connection_is_counted_as_late() -> None:
    tap = ended(hasty())
    assert tap.table.records.kind(0) == FINISHED
    late = tap.client(PAIR, ACK, 2, 2)
    tap.server(PAIR, ACK, 2, 2)
    assert (tap.table.late, tap.table.first_late) == (2, late.frame)
    assert columns(tap.finish(), "segments") == [(6,), (1,)]


def test_a_late_syn_of_a_finished_connection_is_late_too() -> None:
    tap = ended(hasty())
    tap.syn(PAIR)
    tap.server(PAIR, SYN | ACK, 0, 1)
    assert (tap.table.late, tap.table.count) == (2, 2)


def test_a_syn_with_a_new_number_begins_anew_on_a_finished_connection() -> None:
    tap = ended(hasty())
    tap.handshake(REUSED)
    assert tap.table.late == 0
    assert columns(tap.finish(), "flow", "segments", "first_frame") == [(0, 6, 1), (1, 1, 7), (2, 3, 8)]


def test_the_server_of_a_finished_connection_may_begin_anew() -> None:
    tap = ended(hasty())
    tap.server(replace(PAIR, peer_isn=123_456), SYN, 0)
    assert columns(tap.finish(), "flow", "client_port") == [(0, 40000), (1, 1), (2, 80)]


def test_a_record_of_a_finished_connection_that_is_used_anew_is_given_back() -> None:
    tap = ended(hasty())
    used = tap.table.used
    tap.syn(REUSED)
    assert tap.table.used == used == 2
    assert tap.table.records.used == 2


def test_an_ended_connection_lingers_for_its_late_segments() -> None:
    tap = Tap(max_live_connections=1, linger_ns=S_NS)
    tap.whole(PAIR)
    tap.syn(Pair(port=1))
    tap.client(PAIR, ACK, 2, 2)
    assert (tap.table.late, tap.table.flows.count) == (0, 0)
    tap.wait(S_NS - 3 * MS)
    tap.syn(Pair(port=2))  # a second after the last segment but one packet's millisecond
    assert tap.table.flows.count == 0
    tap.wait(S_NS)
    tap.syn(Pair(port=3))
    assert tap.table.flows.count == 1


def test_nothing_lingers_when_twice_as_many_as_wanted_are_there() -> None:
    tap = Tap(max_live_connections=3, linger_ns=1_000 * S_NS)
    for pair in pairs(50):
        tap.whole(pair)
        assert tap.table.opened <= 6  # 2 * 3
    assert tap.table.flows.count == 50 - 6


def test_a_connection_that_came_back_to_life_is_not_retired() -> None:
    tap = hasty()
    tap.handshake(PAIR)
    tap.reset(PAIR)
    assert len(tap.table.queue) == 1
    tap.data(PAIR)  # the client still speaks: the reset was not its own
    tap.handshake(Pair(port=1))
    assert len(tap.table.queue) == 0
    tap.client(PAIR, ACK, 101, 1)
    assert tap.table.late == 0
    tap.reset(replace(PAIR, isn=(PAIR.isn + 100) % (1 << 32)))  # and now it ends after all
    tap.handshake(Pair(port=2))
    tap.handshake(Pair(port=3))
    tap.client(PAIR, ACK, 101, 1)
    assert tap.table.late == 1


def test_open_connections_stay_however_many_there_are() -> None:
    tap = Tap(max_live_connections=2, linger_ns=0)
    for pair in pairs(30):
        tap.handshake(pair)
    for pair in pairs(30):
        tap.data(pair)
    assert (tap.table.opened, tap.table.late) == (30, 0)
    assert columns(tap.finish(), "segments") == [(4,)] * 30


def test_open_connections_that_were_silent_for_long_are_finished_when_very_many_are_there() -> None:
    tap = Tap(max_live_connections=1, linger_ns=0, idle_ns=10 * S_NS)
    silent, busy = pairs(3), Pair(port=1)
    for pair in (*silent, busy):
        tap.handshake(pair)
    tap.wait(10 * S_NS)
    tap.data(busy)
    assert tap.table.opened == 4  # four times as many as wanted: the next one that opens needs their room
    tap.handshake(Pair(port=2))
    assert (tap.table.opened, tap.table.flows.count) == (2, 3)
    tap.client(silent[0], ACK, 1, 1)
    tap.data(busy)
    assert tap.table.late == 1
    rows = tap.finish()
    assert columns(rows, "segments", "closing") == [(3, Closing.OPEN)] * 3 + [(5, Closing.OPEN), (3, Closing.OPEN)]


def test_silent_connections_stay_while_there_are_not_very_many() -> None:
    tap = Tap(max_live_connections=2, linger_ns=0, idle_ns=10 * S_NS)
    for pair in pairs(7):  # less than 4 * 2
        tap.handshake(pair)
    tap.wait(100 * S_NS)
    tap.handshake(Pair(port=1))
    assert tap.table.opened == 8


# The table grows


def test_connections_are_found_after_the_table_has_grown() -> None:
    tap = Tap(max_live_connections=2, linger_ns=0)
    tap.handshake(PAIR)
    tap.whole(V6)
    crowd = pairs(2 * SLOTS)
    for pair in crowd:
        tap.syn(pair)
    assert tap.table.slot_mask + 1 == 4 * SLOTS  # 2050 fill 3/5 of 2048, not of 4096
    tap.data(PAIR)
    tap.client(V6, ACK, 2, 2)
    for pair in crowd[::100]:
        tap.server(pair, RST | ACK, 0, 1)
    assert tap.table.count == 2 + len(crowd)
    rows = tap.finish()
    assert rows[0]["segments"] == 4
    assert len(rows) == 2 + len(crowd)


def test_unanswered_syns_of_long_ago_are_finished_instead_of_growing_the_table() -> None:
    tap = Tap(forget_ns=S_NS)
    for index in range(10):
        for pair in pairs(CROWD // 2, low=100 + index):
            tap.syn(pair)
        tap.wait(S_NS)
    assert tap.table.slot_mask + 1 == SLOTS
    assert tap.table.records.used <= CROWD + 1
    assert tap.table.flows.count >= 8 * (CROWD // 2)
    rows = tap.finish()
    assert columns(rows, "flow", "opening") == [(index, Opening.HALF_OPEN) for index in range(10 * (CROWD // 2))]


def test_young_records_are_kept_when_the_table_grows() -> None:
    tap = Tap(forget_ns=S_NS)
    for pair in pairs(CROWD + 10):
        tap.syn(pair)
    assert (tap.table.slot_mask + 1, tap.table.flows.count) == (2 * SLOTS, 0)


def test_a_finished_connection_of_long_ago_is_forgotten_and_not_written_twice() -> None:
    tap = Tap(max_live_connections=1, linger_ns=0, forget_ns=S_NS)
    ended(tap)
    tap.wait(2 * S_NS)
    crowd = pairs(CROWD)
    for pair in crowd:
        tap.syn(pair)
    tap.client(PAIR, ACK, 2, 2)  # nobody remembers that it was late
    assert tap.table.late == 0
    rows = tap.finish()
    assert columns(rows, "flow", "segments") == [(0, 6), (1, 1), *[(2 + at, 1) for at in range(CROWD)], (2 + CROWD, 1)]
    assert rows[-1]["opening"] == Opening.MID_CAPTURE


# What is kept grows no faster than the capture


@pytest.mark.parametrize("count", [100, 200, 400])
def test_finished_connections_leave_nothing_but_a_record(count: int) -> None:
    tap = Tap(max_live_connections=4, linger_ns=0)
    for pair in pairs(count):
        tap.handshake(pair)
        tap.data(pair)
        tap.client(pair, FIN | ACK, 101, 1)
        tap.server(pair, FIN | ACK, 1, 102)
        tap.client(pair, ACK, 102, 2)
    table = tap.table
    assert table.late == 0
    assert len(table.live) + len(table.spare) + len(table.queue) <= 3 * 5  # 4 wanted, and the one that begins
    assert table.pool.used <= 5
    assert table.records.used <= count


def test_the_slots_are_at_least_a_fifth_full_once_the_table_has_grown() -> None:
    tap = Tap()
    for index, pair in enumerate(pairs(5000), start=1):
        tap.syn(pair)
        assert tap.table.used == index
        assert index * 5 <= (tap.table.slot_mask + 1) * 3 + 5
        assert tap.table.slot_mask + 1 <= max(SLOTS, 5 * index)
    assert tap.table.records.room <= 5000 * 5 // 4


# Whatever is kept in full, the rows are the same

SCRIPTS = {
    "whole": [(True, SYN, 0, 0), (False, SYN | ACK, 0, 1), (True, ACK, 1, 1), (True, FIN | ACK, 1, 1),
              (False, FIN | ACK, 1, 2), (True, ACK, 2, 2)],
    "reset": [(True, SYN, 0, 0), (False, SYN | ACK, 0, 1), (True, ACK, 1, 1), (True, RST | ACK, 1, 1)],
    "refused": [(True, SYN, 0, 0), (False, RST | ACK, 0, 1)],
    "unanswered": [(True, SYN, 0, 0), (True, SYN, 0, 0)],
    "alone": [(True, SYN, 0, 0)],
    "open": [(True, SYN, 0, 0), (False, SYN | ACK, 0, 1), (True, ACK, 1, 1)],
    "joined": [(True, ACK, 1, 1), (False, ACK, 1, 1)],
}  # fmt: skip
CONNECTIONS = st.lists(
    st.tuples(st.sampled_from(sorted(SCRIPTS)), st.integers(0, 3), st.sampled_from([4, 6])), min_size=1, max_size=25
)


def played(connections: list[tuple[str, int, int]], together: int, max_live: int) -> Tap:
    """Interleave connections, `together` at a time, each beginning where its port was used up before."""
    tap = Tap(max_live_connections=max_live, linger_ns=0)
    waiting = [
        (Pair(port=port + 10 * (at % together), version=version, isn=at << 20, peer_isn=at << 21), SCRIPTS[name])
        for at, (name, port, version) in enumerate(connections)
    ]
    for first in range(0, len(waiting), together):
        group = waiting[first : first + together]
        for step in range(6):
            for pair, script in group:
                if step < len(script):
                    from_client, flags, seq, ack = script[step]
                    tap.take(pair.segment(flags, seq, ack, from_client))
    return tap


def everything(tap: Tap) -> tuple[list[Row], list[Row]]:
    """Return the rows of connections and directions, by number."""
    flows = tap.finish()
    directions = sorted(rows_of(tap.table.directions), key=lambda row: (row["flow"] or 0, row["sender"] or 0))
    return flows, directions


@settings(deadline=None)
@given(CONNECTIONS, st.integers(1, 6), st.integers(1, 8))
def test_the_rows_are_the_same_however_few_are_kept_in_full(
    connections: list[tuple[str, int, int]], together: int, max_live: int
) -> None:
    few, all_of_them = played(connections, together, max_live), played(connections, together, 10_000)
    late = few.table.late
    rows, expected = everything(few), everything(all_of_them)
    if late == 0:
        assert rows == expected
    else:  # late segments are left out of the rows, and nothing else is
        assert len(rows[0]) <= len(expected[0])
        told = sum(row["segments"] or 0 for row in rows[0])
        assert told + late == sum(row["segments"] or 0 for row in expected[0]) == few.frame


@settings(deadline=None)
@given(CONNECTIONS, st.integers(1, 6), st.integers(1, 8))
def test_connections_are_numbered_as_they_appear_and_no_segment_is_lost(
    connections: list[tuple[str, int, int]], together: int, max_live: int
) -> None:
    tap = played(connections, together, max_live)
    late = tap.table.late
    rows = tap.finish()
    assert [row["flow"] for row in rows] == list(range(len(rows)))
    assert [row["first_frame"] for row in rows] == sorted(row["first_frame"] or 0 for row in rows)
    assert sum(row["segments"] or 0 for row in rows) + late == tap.frame
    assert tap.table.tally.connections == len(rows)
    assert tap.table.directions.count == 2 * len(rows)
