"""One narrow link with a queue, a delay, and losses by chance."""

from analyzer.whatif.network import Network
from tests.analyzer.whatif.meeting import MS, met


def test_without_a_narrow_link_a_packet_takes_half_a_round_trip() -> None:
    assert Network(met()).send(7 * MS, 1, 1001) == 12 * MS


def test_packets_wait_for_the_link() -> None:
    network = Network(met(rate=1_000_000))  # a segment of 1000 bytes takes 1 ms
    assert [network.send(0, start, start + 1000) for start in (1, 1001)] == [6 * MS, 7 * MS]
    assert network.send(10 * MS, 2001, 3001) == 16 * MS  # the link was idle by then


def test_what_does_not_fit_into_the_queue_is_lost() -> None:
    network = Network(met(rate=1_000_000, queue_bytes=2000))
    arrivals = [network.send(0, start, start + 1000) for start in (1, 1001, 2001, 3001)]
    # While the first is on the link it counts for what is left of it: two fit, the third would make 3000 bytes.
    assert [at is None for at in arrivals] == [False, False, True, True]
    assert network.dropped == 2


def test_the_same_bytes_are_lost_by_chance_as_often_as_they_were() -> None:
    network = Network(met(lost={1501: 2}))
    assert [network.send(0, 1001, 2001) for _ in range(3)] == [None, None, 5 * MS]
    assert network.send(0, 2001, 3001) == 5 * MS
    assert network.lost == 2
