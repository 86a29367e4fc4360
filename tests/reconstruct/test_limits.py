"""What held a sender back, by scripts of what it sent and heard; a round trip is 10 ms unless said."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.held import CLASSES, IDLE
from reconstruct.limits import Limits
from reconstruct.recorder import Recorder
from reconstruct.segment import ACK, FIN, PSH
from reconstruct.sender_event import HEARD
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Limit, SegmentKind
from tests.reconstruct.replaying import MS
from tests.reconstruct.sending import MSS, WINDOW, Sending

RTO, FAST, TAIL_PROBE = (
    SegmentKind.RTO_RETRANSMISSION,
    SegmentKind.FAST_RETRANSMISSION,
    SegmentKind.TAIL_LOSS_PROBE,
)
PROBE, KEEP_ALIVE = SegmentKind.ZERO_WINDOW_PROBE, SegmentKind.KEEP_ALIVE


def acknowledged_bursts(sending: Sending, size: int, rounds: int, window: int = WINDOW) -> Sending:
    """Send a burst of full segments each time that the last one is acknowledged, every 10 ms from 20 ms on."""
    for number in range(rounds):
        if number > 0:
            sending.heard(20 + 10 * number, 1 + MSS * size * number, window)
        sending.burst(20 + 10 * number, size * number, size)
    return sending


def test_a_sender_that_fills_the_window_is_held_back_by_it() -> None:
    sending = acknowledged_bursts(Sending(window=3 * MSS), 3, 4, 3 * MSS)
    assert sending.account() == {"rwnd": 30.0}


def test_what_acknowledgments_set_off_waited_for_cwnd_where_nobody_knows_cwnd() -> None:
    assert acknowledged_bursts(Sending(), 3, 4).account() == {"cwnd": 30.0}


def test_a_known_cwnd_that_is_used_up_comes_before_the_window() -> None:
    # Linux asks for room in cwnd first, and only then for room in the window.
    assert acknowledged_bursts(Sending(3 * MSS, room=0), 3, 4, 3 * MSS).account() == {"cwnd": 30.0}


def test_acknowledgments_that_set_off_data_again_and_again_below_all_limits_make_room_in_the_send_buffer() -> None:
    # The first refill is too small to tell, the next two could be chance; two more are not.
    assert acknowledged_bursts(Sending(room=40), 3, 6).account() == {"application": 30.0, "send-buffer": 20.0}


def test_data_that_nothing_set_off_was_not_there_before() -> None:
    # Of the 15 ms, 10 pass until the acknowledgment; then there is nothing to be sent for 5, which is no sending time.
    sending = Sending().burst(20, 0, 2).heard(30, 1 + 2 * MSS).burst(35, 2, 2)
    assert sending.account() == {"application": 10.0, "idle": 5.0}


def test_a_window_that_was_full_did_not_matter_to_data_that_was_written_later() -> None:
    sending = Sending(window=3 * MSS).burst(20, 0, 2).pushed(20, 1 + 2 * MSS, 1 + 3 * MSS)
    sending.heard(30, 1 + 2 * MSS, 3 * MSS).pushed(33, 1 + 3 * MSS, 101 + 3 * MSS)
    assert sending.account() == {"application": 13.0}


def test_the_answer_to_a_request_was_not_there_before() -> None:
    sending = Sending().pushed(20, 1, 101).heard(30, 101, payload=300).pushed(30, 101, 201)
    assert sending.account() == {"application": 10.0}


def test_a_small_segment_waits_for_the_acknowledgment_of_a_small_one() -> None:
    sending = Sending().pushed(20, 1, 101).heard(30, 101).pushed(30.02, 101, 201)
    assert {name: round(ms) for name, ms in sending.account().items()} == {"nagle": 10}


def test_an_acknowledgment_that_was_delayed_makes_that_wait_a_stall() -> None:
    sending = Sending().pushed(20, 1, 101).heard(70, 101).pushed(70.02, 101, 201)
    (stall,) = sending.stalls()
    # The small segment, its acknowledgment and the one that waited are the frames 1 to 3.
    assert (stall["frame"], stall["b"], stall["c"]) == (3, 1, 2)
    assert stall["a"] == round(50.02 * MS)


def test_an_acknowledgment_that_came_at_once_makes_none() -> None:
    assert Sending().pushed(20, 1, 101).heard(30, 101).pushed(30.02, 101, 201).stalls() == []


def test_who_sends_a_small_segment_while_one_is_outstanding_has_switched_nagle_off() -> None:
    sending = Sending().pushed(20, 1, 101).pushed(25, 101, 201)
    sending.heard(35, 201).pushed(35.02, 201, 301)
    assert "nagle" not in sending.account()


def test_a_fin_does_not_wait_for_small_segments() -> None:
    sending = Sending().pushed(20, 1, 101).heard(30, 101).sent(30.02, 101, 202, ACK | PSH | FIN)
    assert "nagle" not in sending.account()


def test_from_the_first_retransmission_until_all_is_acknowledged_that_was_out_then_the_sender_recovers() -> None:
    sending = Sending().burst(20, 0, 4)
    for at_ms in (30, 31, 32):
        sending.heard(at_ms, 1)
    sending.again(32, 1, 1 + MSS, FAST).heard(42, 1 + 4 * MSS).burst(42, 4, 1)
    # Three duplicate acknowledgments take 12 ms, the retransmission a round trip.
    assert sending.account() == {"cwnd": 12.0, "recovery": 10.0}


def test_the_wait_for_a_timer_is_recovery() -> None:
    sending = Sending().burst(20, 0, 2).again(230, 1, 1 + MSS, RTO).heard(240, 1 + 2 * MSS).burst(240, 2, 1)
    assert sending.account() == {"recovery": 220.0}


def test_the_wait_for_a_tail_loss_probe_of_new_data_is_recovery() -> None:
    sending = Sending().burst(20, 0, 2)
    sending._send(45, 1 + 2 * MSS, 1 + 3 * MSS, ACK, TAIL_PROBE, True)
    assert sending.account() == {"recovery": 25.0}


def test_a_timer_that_runs_out_while_the_window_is_full_takes_nothing_from_the_window() -> None:
    sending = Sending(window=2 * MSS).burst(20, 0, 2).again(230, 1, 1 + MSS, RTO).heard(240, 1 + 2 * MSS)
    assert sending.burst(240, 2, 1).account() == {"rwnd": 220.0}


def test_a_closed_window_holds_data_back_although_nothing_is_outstanding() -> None:
    sending = Sending(window=2 * MSS).burst(20, 0, 2).heard(30, 1 + 2 * MSS, 0)
    sending.again(250, 2 * MSS, 2 * MSS, PROBE).heard(260, 1 + 2 * MSS, 0)
    sending.heard(300, 1 + 2 * MSS).burst(300, 2, 2)
    assert sending.account() == {"rwnd": 280.0}


def test_a_window_that_stays_closed_to_the_end_held_back_who_probed_it() -> None:
    sending = Sending(window=2 * MSS).burst(20, 0, 2).heard(30, 1 + 2 * MSS, 0)
    assert sending.again(250, 2 * MSS, 2 * MSS, PROBE).account() == {"rwnd": 230.0}


def test_a_closed_window_holds_back_nobody_who_has_nothing_to_send() -> None:
    sending = Sending(window=2 * MSS).burst(20, 0, 2).heard(30, 1 + 2 * MSS, 0).heard(300, 1 + 2 * MSS)
    assert sending.account() == {"application": 10.0}


def test_a_segment_cut_to_fill_the_window_waited_for_it() -> None:
    # 300 bytes are less than half of the largest window: only the timer sends them (RFC 9293 3.8.6.2.1, override).
    sending = Sending(window=2 * MSS).burst(20, 0, 2).heard(30, 1 + 2 * MSS, 300)
    assert sending.pushed(240, 1 + 2 * MSS, 301 + 2 * MSS).account() == {"rwnd": 220.0}


def test_a_burst_that_linux_puts_off_until_the_window_has_room_for_it_waits_for_the_window() -> None:
    # Four segments are answered by four; then there is room for three, and Linux waits for the fourth.
    sending = Sending(window=8 * MSS).burst(20, 0, 8).heard(30, 1 + 4 * MSS, 8 * MSS).burst(30, 8, 4)
    sending.heard(40, 1 + 8 * MSS, 8 * MSS).burst(40, 12, 4)
    sending.heard(43, 1 + 10 * MSS, 8 * MSS).heard(46, 1 + 12 * MSS, 8 * MSS).burst(46, 16, 4)
    assert sending.account() == {"rwnd": 26.0}


def paced(sending: Sending) -> Sending:
    """Send two full segments every 2 ms, six times, without waiting for an acknowledgment."""
    for number in range(6):
        sending.burst(20 + 2 * number, 2 * number, 2)
    return sending


def test_bursts_in_step_that_nothing_sets_off_follow_a_clock() -> None:
    assert paced(Sending()).account() == {"pacing": 10.0}


def test_writes_in_step_that_end_with_a_small_segment_are_the_applications() -> None:
    sending = Sending()
    for number in range(6):
        start = 1 + 1100 * number
        sending.sent(20 + 2 * number, start, start + MSS).pushed(20 + 2 * number, start + MSS, start + 1100)
    assert sending.account() == {"application": 10.0}


def test_the_clock_of_a_paced_sender_comes_before_the_window() -> None:
    # It fills the window at 30 ms; 2 ms later it might have sent again, 3 ms later the acknowledgment comes.
    sending = paced(Sending(window=12 * MSS)).heard(33, 1 + 2 * MSS, 12 * MSS).burst(33, 12, 2)
    assert sending.account() == {"pacing": 12.0, "rwnd": 1.0}


def test_nothing_waits_behind_a_fin() -> None:
    sending = Sending(window=2 * MSS).burst(20, 0, 2).finished(20, 1 + 2 * MSS).heard(30, 2 + 2 * MSS)
    assert sending.account() == {"application": 10.0}


def test_what_the_end_of_the_capture_cuts_off_keeps_its_limit() -> None:
    assert Sending(window=2 * MSS).burst(20, 0, 2).heard(30, 1 + MSS, MSS).account() == {"rwnd": 10.0}


def test_a_keep_alive_ends_no_pause() -> None:
    sending = Sending().burst(20, 0, 1).heard(30, 1 + MSS).again(5000, MSS, MSS, KEEP_ALIVE).heard(5010, 1 + MSS)
    assert sending.burst(6000, 1, 1).account() == {"application": 10.0, "idle": 5970.0}


def test_a_sender_that_never_sends_has_no_sending_time() -> None:
    assert Sending().heard(20, 1).heard(500, 1).account() == {}


def test_each_row_tells_what_held_the_sender_back_since_the_one_before() -> None:
    sending = acknowledged_bursts(Sending(window=2 * MSS), 2, 2, 2 * MSS)
    # Two segments of the first burst; the acknowledgment; two of the second burst.
    assert sending.rows() == [None, "application", "rwnd", "rwnd", "rwnd"]


def test_rows_of_a_silence_are_told_by_what_ended_it() -> None:
    sending = Sending(window=2 * MSS).burst(20, 0, 2).heard(30, 1 + MSS, 2 * MSS).heard(31, 1 + 2 * MSS, 2 * MSS)
    sending.burst(90, 2, 1)
    assert sending.rows()[-3:] == ["application"] * 3


def test_the_frames_of_a_limit_are_those_around_its_longest_span() -> None:
    sending = acknowledged_bursts(Sending(window=2 * MSS), 2, 3, 2 * MSS)
    sending.account()
    # From the first segment of the first burst, frame 1, to the first of the last, frame 7.
    assert (sending.limits.held.first_frame(Limit.RWND), sending.limits.held.last_frame(Limit.RWND)) == (1, 7)


def test_after_a_reset_nothing_is_left() -> None:
    sending = acknowledged_bursts(Sending(window=2 * MSS), 2, 3, 2 * MSS)
    sending.limits.reset()
    fresh = Limits(Recorder(False, False))
    names = ["una", "highest", "edge", "begun", "look", "trip_ns", "small_end", "high_seq", "taken"]
    assert {name: getattr(sending.limits, name) for name in names} == {name: getattr(fresh, name) for name in names}
    assert sending.account() == {}


AGAIN = {"fast": FAST, "timer": RTO, "probe": PROBE, "tail probe": TAIL_PROBE, "keep-alive": KEEP_ALIVE}
STEPS = st.tuples(
    st.sampled_from(["new", "small", "ack", "update", "late", *AGAIN]),
    st.integers(0, 40),  # ms since the step before
    st.integers(0, 5),  # segments that an acknowledgment leaves outstanding, or of the window
    st.sampled_from([UNKNOWN, 0, 3]),
)


def follow(sending: Sending, steps: list[tuple[str, int, int, int]]) -> int:
    """Let a sender do and hear all this, whether it makes sense or not; return how many ms that takes."""
    at_ms, una, highest, window = 20, 1, 1, WINDOW
    for what, wait_ms, count, room in steps:
        at_ms += wait_ms
        sending.limits.room = room
        if what in ("new", "small"):
            size = MSS if what == "new" else 100
            sending.pushed(at_ms, highest, highest + size)
            highest += size
        elif what == "ack":
            una = max(una, highest - count * MSS)
            sending.heard(at_ms, una, window)
        elif what == "update":
            window = count * MSS
            sending.heard(at_ms, una, window)
        elif what == "late":
            sending.heard(at_ms - 5, una, window)  # a clock that goes back
        else:
            sending.again(at_ms, una, min(highest, una + MSS), AGAIN[what])
    return at_ms - 20


@given(st.lists(STEPS, max_size=40))
def test_no_time_is_counted_twice(steps: list[tuple[str, int, int, int]]) -> None:
    sending = Sending()
    passed_ms = follow(sending, steps)
    account = sending.account()
    # A clock that goes back and on again lets 5 ms pass once more.
    again_ms = 5 * sum(what == "late" for what, *_ in steps)
    assert sum(account.values()) <= passed_ms + again_ms + 1e-6
    assert sending.limits.held.sending_ns() == sum(sending.limits.held.total(limit) for limit in range(IDLE))
    assert all(sending.limits.held.total(limit) >= 0 for limit in range(CLASSES))


@given(st.lists(STEPS, max_size=40))
def test_every_row_after_the_first_data_has_a_limit(steps: list[tuple[str, int, int, int]]) -> None:
    sending = Sending()
    follow(sending, steps)
    sending.account()
    begun = next((index for index, step in enumerate(steps) if step[0] in ("new", "small")), len(steps))
    assert None not in sending.rows()[1 + begun :]


def test_a_peer_that_acknowledged_at_once_where_the_tap_is_delayed_nothing() -> None:
    # At the peer's tap the acknowledgment passes at once; that its way to the sender takes long is no delay of it.
    sending = Sending()
    sending.limits.far_ns = 0
    sending.pushed(20, 1, 101)
    sending.event.ack, sending.event.window, sending.event.payload_len = 101, WINDOW, 0
    sending.event.what, sending.event.frame = HEARD, 2
    sending.event.time_ns, sending.event.tap_ns = 70 * MS, 20 * MS
    sending.limits.take(sending.event)
    assert sending.pushed(70.02, 101, 201).stalls() == []


def test_times_that_are_rebuilt_are_trusted_to_a_tick_of_the_senders_clock() -> None:
    sending = Sending()
    sending.limits.away = 1
    sending.pushed(20, 1, 101).heard(30, 101).pushed(30.9, 101, 201)
    assert {name: round(ms) for name, ms in sending.account().items()} == {"nagle": 11}


def test_a_probe_tells_that_the_sender_did_not_hear_of_the_open_window() -> None:
    # The update of frame 4 was lost behind the tap; the probe that looks like a keep-alive goes on with the others.
    sending = Sending(window=2 * MSS).burst(20, 0, 2).heard(30, 1 + 2 * MSS, 0)
    sending.again(230, 2 * MSS, 2 * MSS, PROBE).heard(300, 1 + 2 * MSS)
    sending.again(630, 2 * MSS, 2 * MSS, KEEP_ALIVE).heard(640, 1 + 2 * MSS).burst(640, 2, 2)
    assert sending.account() == {"rwnd": 620.0}
