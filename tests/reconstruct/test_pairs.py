"""What connections between the same ends add up to: counts, levels over time, ports used again, and bounds."""

import pytest

from reconstruct.fit import REUSED_BY_ISN
from reconstruct.pairs import CLIENT_WAITS, LIVE, MOST_PAIRS, OPENED, SERVER_WAITS, SPANS, Pair
from reconstruct.segment import ACK
from reconstruct.seq import UNKNOWN
from tests.reconstruct.tap import Pair as Ends
from tests.reconstruct.tap import Tap, pairs

S = 1_000_000_000  # ns


def only(tap: Tap) -> Pair:
    """Return the one pair of a finished table."""
    (pair,) = tap.table.pairs.ranked()
    return pair


def test_connections_are_counted_once_each_whenever_they_are_finished() -> None:
    tap = Tap(max_live_connections=4, linger_ns=0)  # most are finished while the capture goes on
    for ends in pairs(20):
        tap.whole(ends)
    tap.finish()
    pair = only(tap)
    # Handshake: 1 ms to the SYN-ACK, 1 ms to its ACK; a connection takes six segments, 5 ms.
    assert (pair.connections, pair.short, pair.handshakes, pair.handshake_ns) == (20, 20, 20, 20 * 2_000_000)
    assert (pair.short_trips, pair.short_cost_ns, pair.short_life_ns) == (20, 20 * 2_000_000, 20 * 5_000_000)
    assert (pair.client_waits, pair.server_waits) == (20, 0)
    assert len(pair.short_frames) == 20


def test_a_connection_that_was_never_open_is_not_counted() -> None:
    tap = Tap()
    tap.syn(Ends())
    tap.finish()
    assert tap.table.pairs.ranked() == []


def test_levels_follow_what_is_open_and_what_waits() -> None:
    tap = Tap()
    first, second = pairs(2)
    tap.whole(first)
    tap.wait(10 * S)
    tap.handshake(second)
    tap.wait(100 * S)
    tap.data(second)
    tap.finish()
    pair = only(tap)
    assert [at for at, count in enumerate(pair.series(OPENED)) if count] == [0, 10]
    assert pair.series(LIVE)[9:12] == [0, 1, 1]
    waits = pair.series(CLIENT_WAITS)
    assert (waits[0], waits[59], waits[60], max(waits)) == (1, 1, 0, 1)  # 60 s of TIME-WAIT
    assert max(pair.series(SERVER_WAITS)) == 0


@pytest.mark.parametrize("limits", [{}, {"max_live_connections": 1, "linger_ns": 0}], ids=["in full", "as records"])
def test_a_port_that_is_used_again_waits_no_more(limits: dict[str, int]) -> None:
    tap = Tap(**limits)
    tap.whole(Ends())
    tap.whole(Ends(port=50_000))  # makes room where there is little
    tap.wait(20 * S)
    again = Ends(isn=70_000)
    tap.whole(again)
    tap.finish()
    pair = only(tap)
    assert (pair.reuses, pair.reuses_by_isn, pair.reuses_refused) == (1, 1, 0)
    assert 20 * S <= pair.shortest_reuse_ns < 21 * S
    waits = pair.series(CLIENT_WAITS)
    assert (waits[10], waits[30], waits[70]) == (2, 2, 1)  # not three: the first one ended with its reuse


def test_a_port_that_waited_long_enough_is_nobodys() -> None:
    tap = Tap()
    tap.whole(Ends())
    tap.wait(61 * S)
    tap.whole(Ends(isn=70_000))
    tap.finish()
    assert only(tap).reuses == 0


def test_a_reuse_that_nobody_answers_is_refused() -> None:
    tap = Tap()
    tap.whole(Ends())
    tap.syn(Ends(isn=70_000))
    tap.finish()
    pair = only(tap)
    assert (pair.reuses, pair.reuses_refused, pair.connections) == (1, 1, 1)
    assert REUSED_BY_ISN == 1


def test_a_connection_that_never_ended_is_taken_over_while_open() -> None:
    tap = Tap()
    tap.handshake(Ends())
    tap.data(Ends())
    tap.server(Ends(), ACK, 1, 101)
    tap.whole(Ends(isn=70_000))
    tap.finish()
    assert only(tap).reuses_while_open == 1


def test_long_captures_make_spans_wider_and_lose_no_connection() -> None:
    tap = Tap(max_live_connections=1, linger_ns=0)
    for number, ends in enumerate(pairs(10)):
        tap.whole(ends)
        tap.wait(100 * S * (number + 1))
    tap.finish()
    pair = only(tap)
    # 4,500 s to the last one, and 60 s of TIME-WAIT: 32 s a span are the first of which 256 suffice.
    assert tap.table.pairs.span_ns == 32 * S
    assert sum(pair.series(OPENED)) == 10
    assert pair.series(CLIENT_WAITS)[SPANS - 1] == 0


def test_pairs_are_bounded_and_those_with_many_connections_stay() -> None:
    tap = Tap()
    busy = Ends(peer_port=443)
    for port in range(3):
        tap.whole(Ends(port=60_000 + port, peer_port=443))
    for port in range(1, MOST_PAIRS + 1):
        tap.whole(Ends(peer_port=1_000 + port))
    tap.finish()
    account = tap.table.pairs
    assert len(account.by_key) <= MOST_PAIRS
    assert (account.ranked()[0].server_port, account.ranked()[0].connections) == (busy.peer_port, 3)
    assert account.other_connections == account.others == MOST_PAIRS + 1 - len(account.by_key)


def test_what_never_happened_is_unknown() -> None:
    tap = Tap()
    tap.whole(Ends())
    tap.finish()
    pair = only(tap)
    assert (pair.server_idle_ns, pair.stale_idle_ns, pair.shortest_reuse_ns) == (UNKNOWN, UNKNOWN, UNKNOWN)
