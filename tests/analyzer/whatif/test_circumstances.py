"""What a simulated sender finds."""

from tests.analyzer.whatif.meeting import MS, met


def test_what_the_application_writes_later_is_not_there_yet() -> None:
    found = met(writes=((50 * MS, 3001), (90 * MS, 5001)))
    # Until 50 ms there is what lies below 3001, until 90 ms what lies below 5001, then everything.
    assert [found.written(at * MS) for at in (0, 49, 50, 89, 90)] == [3001, 3001, 5001, 5001, 1_000_001]
    assert [found.next_write_ns(at * MS) for at in (0, 50, 90)] == [50 * MS, 90 * MS, None]


def test_the_window_opens_with_what_is_acknowledged() -> None:
    found = met(offers=((1, 5001), (2001, 9001)))
    assert [found.edge(ack, None) for ack in (1, 1001, 2001, 4001)] == [5001, 6001, 9001, 11_001]


def test_a_fixed_window_moves_with_the_acknowledgment() -> None:
    assert met(offers=((1, 5001),)).edge(2001, 3000) == 5001
