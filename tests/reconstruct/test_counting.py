"""What is counted of a connection's segments: each kind once, in its own counter, with its event."""

from reconstruct.vocabulary import EventKind
from tests.reconstruct.resending import TAPS, Tap


def dup_acks(tap: Tap, count: int) -> str:
    """Return so many acknowledgments of 101, which all repeat that of the opening."""
    return "".join(tap.heard(2001 + i + tap.peer_ms, 101) for i in range(count))


@TAPS
def test_a_retransmission_is_counted_by_its_cause_alone(tap: Tap) -> None:
    replayed = tap.replay(tap.flight(), dup_acks(tap, 3), tap.sent(2013, 101, 201))
    end = replayed.client
    assert (end.fast, end.recovery, end.timeouts, end.slow_start, end.unexplained) == (1, 0, 0, 0, 0)
    assert len(replayed.events(EventKind.RECOVERY_ENTER)) == 1


@TAPS
def test_duplicate_acks_are_counted_for_the_end_that_sends_them(tap: Tap) -> None:
    replayed = tap.replay(tap.flight(), dup_acks(tap, 3))
    assert (replayed.server.dup_acks, replayed.client.dup_acks) == (3, 0)


@TAPS
def test_an_acknowledgment_that_advances_ends_the_duplicates_in_a_row(tap: Tap) -> None:
    replayed = tap.replay(tap.flight(), dup_acks(tap, 3), tap.heard(2020 + tap.peer_ms, 601))
    assert (replayed.server.dup_acks, replayed.server.dup_acks_now) == (3, 0)
