"""The table of connections: what is kept of those that ended or fell silent, and how the table grows."""

from dataclasses import replace

import pytest

from reconstruct.records import FINISHED
from reconstruct.segment import ACK, FIN, RST, SYN
from reconstruct.vocabulary import Closing, Opening
from tests.reconstruct.replaying import MS
from tests.reconstruct.tap import Pair, Tap, columns, pairs

S_NS = 1_000 * MS
PAIR = Pair()
V6 = Pair(version=6)
REUSED = replace(PAIR, isn=77, peer_isn=99)
SLOTS = 1024  # slots of a new table
CROWD = SLOTS * 3 // 5  # connections from which on the table is made anew


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
