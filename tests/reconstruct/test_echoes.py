"""The half between the tap and an end: timestamps that go and come back, queues and idleness."""

from reconstruct.echoes import WAITING_ECHOES, Echoes
from reconstruct.seq import SEQ_MODULUS, UNKNOWN

US, MS = 1_000, 1_000_000  # ns
LEG_NS = 20 * MS


def test_the_first_echo_of_a_new_timestamp_completes_a_round_trip() -> None:
    echoes = Echoes()
    echoes.goes(100, 0)
    echoes.goes(100, MS)  # the same again says nothing new
    assert echoes.comes(1, 100, 20 * MS, UNKNOWN) == 20 * MS
    assert echoes.comes(2, 100, 25 * MS, UNKNOWN) == UNKNOWN
    assert (echoes.trips.samples, echoes.trips.min_ns) == (1, 20 * MS)


def test_timestamps_wrap() -> None:
    echoes = Echoes()
    for at, tsval in enumerate((SEQ_MODULUS - 1, 0, 1)):
        echoes.goes(tsval, at * MS)
    assert [echoes.comes(9, tsval, 30 * MS, UNKNOWN) for tsval in (SEQ_MODULUS - 1, 1)] == [30 * MS, 28 * MS]


def test_what_is_never_echoed_is_not_waited_for() -> None:
    # The end acknowledges two segments at once, and echoes the first of them (RFC 7323 4.3).
    echoes = Echoes()
    for at, tsval in enumerate((10, 20, 30)):
        echoes.goes(tsval, at * MS)
    assert echoes.comes(1, 20, 40 * MS, UNKNOWN) == 39 * MS
    assert echoes.comes(1, 10, 41 * MS, UNKNOWN) == UNKNOWN
    assert echoes.count == 1  # 30


def test_what_was_echoed_before_it_was_seen_is_not_waited_for() -> None:
    # The capture missed a segment with 10: the answer to it came by, and then another segment with 10.
    echoes = Echoes()
    echoes.comes(1, 10, 0, UNKNOWN)
    echoes.goes(10, MS)
    assert echoes.comes(2, 10, 2 * MS, UNKNOWN) == UNKNOWN
    echoes.goes(11, 3 * MS)
    assert echoes.comes(3, 11, 23 * MS, UNKNOWN) == 20 * MS


def test_no_more_timestamps_are_kept_than_there_is_room_for() -> None:
    echoes = Echoes()
    for tsval in range(WAITING_ECHOES + 5):
        echoes.goes(tsval, tsval * MS)
    assert echoes.count == WAITING_ECHOES
    answers = [echoes.comes(1, tsval, 100 * MS, UNKNOWN) for tsval in range(WAITING_ECHOES + 5)]
    assert answers == [(100 - at) * MS for at in range(WAITING_ECHOES)] + [UNKNOWN] * 5


def test_a_clock_that_was_set_back_gives_no_round_trip() -> None:
    echoes = Echoes()
    echoes.goes(1, 50 * MS)
    assert echoes.comes(1, 1, 40 * MS, UNKNOWN) == UNKNOWN
    assert echoes.trips.samples == 0


def busy(count: int) -> Echoes:
    """Return an end that answered each ms what passed the tap 20 ms before."""
    echoes = Echoes()
    for at in range(count):
        echoes.goes(at, at * MS)
        if at >= 20:
            echoes.comes(at - 10, at - 20, at * MS, LEG_NS)
    return echoes


def test_a_queue_on_the_way_makes_the_half_longer() -> None:
    echoes = busy(60)
    assert echoes.excess_ns == 0
    # Sent at 55 ms of its clock by the 10 ms from there to the tap at 65 ms; it comes 8.3 ms later.
    assert echoes.comes(55, 45, 73 * MS + 300 * US, LEG_NS) == 28 * MS + 300 * US
    assert echoes.excess_ns == 8 * MS + 300 * US


def test_an_end_that_idled_answers_late_but_its_clock_shows_no_queue() -> None:
    echoes = busy(60)
    assert echoes.comes(255, 45, 265 * MS, LEG_NS) == 220 * MS  # it spoke 200 ms after it had heard
    assert echoes.excess_ns < MS


def test_without_an_echo_the_clock_tells_the_queue_to_half_a_tick() -> None:
    echoes = busy(60)
    assert echoes.comes(50, 39, 68 * MS, LEG_NS) == UNKNOWN
    # 50 comes at 60 ms without a queue; clocks may drift by 122 ppm, which is 1.1 us since the last one.
    assert abs(echoes.excess_ns - 7_500 * US) < 2 * US


def test_after_a_reset_nothing_is_waited_for() -> None:
    echoes, fresh = busy(60), Echoes()
    echoes.reset()
    for name in ("first", "count", "newest", "echoed", "excess_ns"):
        assert getattr(echoes, name) == getattr(fresh, name)
    assert (echoes.trips.samples, echoes.clock.tick_ns) == (0, 0)
