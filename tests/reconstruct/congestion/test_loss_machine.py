"""Scripts of one sender, event by event: what it has in flight, in which state it is, and what its windows do."""

import pytest

from reconstruct.congestion.pieces import MOST_PIECES
from reconstruct.congestion.sender_state import CWR, DISORDER, LOSS, OPEN, RECOVERY
from reconstruct.vocabulary import SegmentKind
from tests.reconstruct.congestion.sending import CUBIC, MSS, RENO, Sending

RTO, PROBE = SegmentKind.RTO_RETRANSMISSION, SegmentKind.TAIL_LOSS_PROBE


def in_recovery() -> Sending:
    """Return a sender of ten segments whose first was lost, as three SACKs have told."""
    sending = Sending()
    sending.send(0, 10)
    for number in range(3):
        sending.hear(50 + number, 0, (1, 2 + number))
    return sending


def test_slow_start_grows_by_each_delivered_segment() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.hear(50, 2)
    assert (sending.cwnd(), sending.state.in_flight()) == (12, 8)


def test_two_sacked_segments_are_disorder_three_a_loss() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.hear(50, 0, (1, 3))
    assert (sending.state.ca, sending.state.lost) == (DISORDER, 0)
    sending.hear(51, 0, (1, 4))
    assert (sending.state.ca, sending.state.lost) == (RECOVERY, 1)


def test_a_recovery_halves_reno_and_takes_three_tenths_from_cubic() -> None:
    sending = in_recovery()
    assert (sending.model(RENO).ssthresh, sending.model(CUBIC).ssthresh) == (5, 10 * 717 // 1024)
    # RFC 9937 (6.2): 10 - 3 SACKed - 1 lost in flight, and the first retransmission may go.
    assert sending.cwnd(RENO) == 7


def test_the_ack_of_everything_ends_the_recovery_at_the_threshold() -> None:
    sending = in_recovery()
    sending.resend(53, 0)
    sending.hear(100, 10)
    # 5 segments, and the 7 that this ACK delivers are a window of them: RFC 5681 (3.1).
    assert (sending.state.ca, sending.cwnd(RENO)) == (OPEN, 6)


def test_echoes_older_than_the_retransmission_take_the_recovery_back() -> None:
    sending = in_recovery()
    sending.resend(53, 0)
    sending.hear(60, 10, echo=0)
    assert sending.state.ca == OPEN
    assert sending.cwnd(RENO) >= 10


def test_a_dsack_for_every_retransmission_takes_the_recovery_back() -> None:
    sending = in_recovery()
    sending.resend(53, 0)
    sending.hear(60, 10)
    assert sending.cwnd(RENO) == 6  # half of ten, and a window was delivered
    sending.hear(110, 10, (0, 1))
    assert sending.cwnd(RENO) == 10


def test_without_sack_three_duplicates_are_a_loss() -> None:
    sending = Sending(sack=False)
    sending.send(0, 10)
    for number in range(3):
        sending.hear(50 + number, 0)
    assert (sending.state.ca, sending.state.lost) == (RECOVERY, 1)


def test_without_sack_a_partial_ack_is_the_next_loss() -> None:
    sending = Sending(sack=False)
    sending.send(0, 10)
    for number in range(3):
        sending.hear(50 + number, 0)
    sending.resend(53, 0)
    sending.hear(100, 4)
    assert (sending.state.ca, sending.state.lost) == (RECOVERY, 1)


def test_a_timeout_marks_everything_and_begins_with_one_segment() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.resend(260, 0, RTO)
    state = sending.state
    assert (state.ca, state.lost, state.retrans, sending.cwnd(RENO)) == (LOSS, 10, 1, 1)
    assert sending.model(RENO).ssthresh == 5


def test_after_a_timeout_slow_start_goes_to_the_threshold() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.resend(260, 0, RTO)
    sending.hear(310, 1)
    sending.resend(311, 1, SegmentKind.SLOW_START_RETRANSMISSION)
    sending.resend(311, 2, SegmentKind.SLOW_START_RETRANSMISSION)
    sending.hear(361, 10)
    # 9 segments are delivered: from 2 to the threshold of 5 in slow start, and the other 6 are a window of 5.
    assert (sending.state.ca, sending.cwnd(RENO)) == (OPEN, 6)


def test_an_answer_to_the_original_takes_a_timeout_back() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.resend(260, 0, RTO)
    sending.hear(262, 0, (1, 2))  # RFC 5682 (2.1): it delivers what was sent once
    assert (sending.state.ca, sending.state.lost) == (DISORDER, 0)
    assert sending.cwnd(RENO) == 10


def test_congestion_marks_reduce_once_a_window() -> None:
    sending = Sending(ecn=True)
    sending.send(0, 10)
    sending.hear(50, 1, ece=True)
    assert (sending.state.ca, sending.model(RENO).ssthresh) == (CWR, 5)
    sending.hear(51, 2, ece=True)
    assert sending.model(RENO).ssthresh == 5
    sending.send(52, 1)
    sending.hear(100, 11)
    assert (sending.state.ca, sending.cwnd(RENO)) == (OPEN, 6)  # half of ten, and a window was delivered


def test_marks_mean_nothing_where_ecn_was_not_negotiated() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.hear(50, 1, ece=True)
    assert sending.state.ca == OPEN


def test_a_probe_that_repaired_a_loss_reduces() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.hear(50, 9)
    sending.resend(350, 9, PROBE)
    sending.send(360, 1)
    sending.hear(410, 11)
    assert sending.cwnd(RENO) == sending.model(RENO).ssthresh < 19


def test_a_probe_that_was_not_needed_changes_nothing() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.hear(50, 9)
    sending.resend(350, 9, PROBE)
    sending.hear(351, 10)
    sending.hear(400, 10, (9, 10))
    assert sending.cwnd(RENO) == 20


def test_a_retransmission_that_a_timer_sent_begins_a_recovery() -> None:
    sending = Sending()
    sending.send(0, 3)
    sending.hear(50, 0, (1, 3))
    assert sending.state.ca == DISORDER
    sending.resend(65, 0)
    assert (sending.state.ca, sending.state.lost) == (RECOVERY, 1)


def test_a_lost_retransmission_is_lost_again() -> None:
    sending = in_recovery()
    sending.resend(53, 0)
    sending.send(54, 3)
    sending.hear(104, 0, (1, 13))
    assert (sending.state.lost, sending.state.retrans) == (1, 0)


def test_reordering_that_was_seen_makes_the_sender_wait() -> None:
    sending = Sending()
    sending.send(0, 10)
    sending.hear(50, 0, (2, 3))
    sending.hear(51, 0, (1, 3))  # it came after what was sent later
    sending.hear(52, 0, (1, 5))
    assert (sending.state.ca, sending.state.lost) == (DISORDER, 0)


def test_what_the_capture_missed_was_sent_too() -> None:
    sending = Sending()
    sending.send(0, 2)
    sending.hear(50, 4)
    assert (sending.state.out, sending.state.nxt) == (0, 1 + 4 * MSS)


@pytest.mark.parametrize("kind", [SegmentKind.KEEP_ALIVE, SegmentKind.ZERO_WINDOW_PROBE, SegmentKind.NETWORK_DUPLICATE])
def test_probes_and_copies_are_not_in_flight(kind: SegmentKind) -> None:
    sending = Sending()
    sending.send(0, 2)
    sending.resend(10, 0, kind)
    assert (sending.state.retrans, sending.state.ca) == (0, OPEN)


def test_a_window_of_too_many_segments_is_not_followed() -> None:
    sending = Sending()
    sending.replay.send_new(1, 2 + MSS * MOST_PIECES, 1 + MSS * MOST_PIECES)
    assert sending.replay.overflowed
    sending.send(5, 1)
    sending.hear(50, 1)
    sending.replay.finish()
    assert sending.replay.verdict.best == -1


def test_a_retransmission_in_smaller_segments_counts_for_more() -> None:
    sending = in_recovery()
    event = sending.event
    sending.resend(53, 0)
    out = sending.state.out
    sending.replay.mark_lost(sending.replay.pieces.head)
    event.what, event.kind, event.time_ns = 1, SegmentKind.RECOVERY_RETRANSMISSION, 110_000_000
    event.seq, event.end, event.payload_len = 1, 71, 70
    sending.replay.take(event)
    assert (sending.state.out, sending.state.lost, sending.state.retrans) == (out + 1, 2, 1)
