"""Why bytes were sent again: every cause, the rule that says so, its figures, and what is near it and is none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.endpoint import Endpoint
from reconstruct.retransmission import explain, probe_ns, rto_ns
from reconstruct.rtt import INITIAL_RTO_NS, MIN_RTO_NS
from reconstruct.rules import Rule
from reconstruct.segment import ACK, Segment
from reconstruct.sender_model import LOSS, OPEN, RECOVERY
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import EventKind, SegmentKind
from tests.reconstruct.replaying import CLIENT, MS, Replayed
from tests.reconstruct.resending import FAR, NEAR, PLAIN, PROBE_NS, STAMPED, TAPS, TIMEOUT_NS, Tap

CAUSES = [
    "fast_retransmissions", "recovery_retransmissions", "rto_retransmissions", "slow_start_retransmissions",
    "tail_loss_probes", "syn_retransmissions", "other_retransmissions",
]  # fmt: skip


def dup_acks(tap: Tap, count: int) -> str:
    """Return so many duplicate acknowledgments of the flight's start, for its second segment and those after it."""
    return "".join(tap.heard(2001 + i + tap.peer_ms, 101) for i in range(count))


# Fast retransmission and the recovery after it (RFC 5681 3.2, RFC 6675 5)


@TAPS
def test_the_third_duplicate_ack_asks_for_a_fast_retransmission(tap: Tap) -> None:
    replayed = tap.replay(tap.flight(), dup_acks(tap, 3), tap.sent(2013, 101, 201))
    assert replayed.verdict() == ("fast-retransmission", Rule.FAST, 3, None)
    assert [row["a"] for row in replayed.events(EventKind.RECOVERY_ENTER)] == [601]
    assert (replayed.client.model.state, replayed.client.model.high_seq) == (RECOVERY, 601)


@TAPS
def test_what_sack_reports_above_it_asks_for_a_fast_retransmission(tap: Tap) -> None:
    sack = tap.heard(2001 + tap.peer_ms, 101, "201:301")
    replayed = tap.replay(tap.flight(), sack, tap.sent(2011, 101, 201))
    assert replayed.verdict() == ("fast-retransmission", Rule.FAST_BY_SACK, 1, 301)


@TAPS
def test_what_follows_below_the_end_of_the_episode_is_part_of_the_recovery(tap: Tap) -> None:
    resent = tap.sent(2013, 101, 201) + tap.sent(2014, 201, 301)
    replayed = tap.replay(tap.flight(), dup_acks(tap, 3), resent)
    assert replayed.verdict() == ("recovery-retransmission", Rule.IN_RECOVERY, 601, None)


@TAPS
def test_an_episode_ends_where_all_that_was_out_is_acknowledged(tap: Tap) -> None:
    lines = tap.flight() + dup_acks(tap, 3) + tap.sent(2013, 101, 201)
    partly = tap.replay(lines, tap.heard(2013 + tap.peer_ms, 600))
    assert (partly.client.model.state, partly.events(EventKind.RECOVERY_EXIT)) == (RECOVERY, [])
    fully = tap.replay(lines, tap.heard(2013 + tap.peer_ms, 601))
    assert fully.client.model.state == OPEN
    assert [row["frame"] for row in fully.events(EventKind.RECOVERY_EXIT)] == [15]  # 5 to open, 5 sent, 3, 1, and this


# Timeouts (RFC 6298 5) and what follows them


@TAPS
def test_the_timeout_doubles_each_time(tap: Tap) -> None:
    plain = replace(tap, sacking=False)
    # The timer of 212 ms began with the first segment of the flight; then 424 and 848 ms (RFC 6298 5.5).
    replayed = plain.replay(plain.flight(), *(plain.sent(at_ms, 101, 201) for at_ms in (2212, 2636, 3484)))
    assert [replayed.verdict(index) for index in (-3, -2, -1)] == [
        ("rto-retransmission", Rule.TIMEOUT, factor * TIMEOUT_NS, factor * TIMEOUT_NS) for factor in (1, 2, 4)
    ]
    assert [row["a"] for row in replayed.events(EventKind.RTO)] == [1, 2, 3]


@TAPS
def test_after_a_timeout_the_rest_is_sent_again_in_slow_start(tap: Tap) -> None:
    plain = replace(tap, sacking=False)
    loss = plain.flight() + plain.sent(2210, 101, 201) + plain.heard(2210 + tap.peer_ms, 201)
    replayed = plain.replay(loss, plain.sent(2220, 201, 301))
    assert replayed.verdict() == ("slow-start-retransmission", Rule.IN_LOSS, 601, None)
    assert (replayed.client.model.state, replayed.client.model.backoff) == (LOSS, 0)  # an ACK ends the backoff


def test_the_timer_begins_anew_where_progress_comes_to_the_sender() -> None:
    # The ACK passes the tap at 2104 ms and is at the sender 6 ms later: 2110 + 212 ms.
    lines = FAR.flight() + FAR.heard(2104, 201) + FAR.sent(2322, 201, 301)
    assert FAR.replay(lines).verdict()[:3] == ("rto-retransmission", Rule.TIMEOUT, TIMEOUT_NS)


@TAPS
def test_who_neither_sent_nor_heard_anything_was_woken_by_the_timer(tap: Tap) -> None:
    # A round trip of 500 ms leaves SRTT at 71 ms and RTTVAR at 126 ms: by the model 576 ms; yet none is below 210 ms.
    slow = tap.sent(1100, 101, 201) + tap.heard(1590 + tap.peer_ms, 201)
    lost = "".join(tap.sent(2000 + i, 201 + 100 * i, 301 + 100 * i) for i in range(4))
    asked = "".join(tap.heard(2001 + i + tap.peer_ms, 201) for i in range(3)) + tap.sent(2013, 201, 301)
    replayed = tap.replay(slow, lost, asked, tap.sent(2263, 201, 301))
    assert replayed.verdict() == ("rto-retransmission", Rule.NOTHING_HEARD, 250 * MS, 210 * MS)
    heard = tap.replay(slow, lost, asked, tap.heard(2150, 201), tap.sent(2263, 201, 301))
    assert heard.kinds()[-1] == "recovery-retransmission"


def test_far_from_its_sender_only_silence_shows_a_timeout_within_a_recovery() -> None:
    # How long the timer runs is known from the handshake there; SACK tells the sender what is lost once more.
    new = "".join(FAR.sent(2020 + 10 * i, 601 + 100 * i, 701 + 100 * i) for i in range(25))  # up to 2260 ms
    replayed = FAR.replay(FAR.flight(), dup_acks(FAR, 3), FAR.sent(2013, 101, 201), new, FAR.sent(2262, 101, 201))
    assert replayed.kinds()[-1] == "recovery-retransmission"
    near = NEAR.replay(NEAR.flight(), dup_acks(NEAR, 3), NEAR.sent(2013, 101, 201), new, NEAR.sent(2262, 101, 201))
    assert near.kinds()[-1] == "rto-retransmission"


def test_what_was_sent_before_the_end_of_an_episode_was_heard_of_belongs_to_it() -> None:
    # The last acknowledgment passes the tap at 2214 ms; what answers it cannot come within 6 ms, less 1/8.
    plain = replace(FAR, sacking=False)
    lines = plain.flight() + plain.sent(2210, 101, 201) + plain.heard(2214, 601)
    within = plain.replay(lines, plain.sent(2219, 201, 301))
    assert within.verdict() == ("slow-start-retransmission", Rule.IN_LOSS, 601, None)
    assert plain.replay(lines, plain.sent(2220, 201, 301)).kinds()[-1] != "slow-start-retransmission"
    recovery = FAR.flight() + dup_acks(FAR, 3) + FAR.sent(2013, 101, 201) + FAR.heard(2017, 601)
    assert FAR.replay(recovery, FAR.sent(2018, 201, 301)).kinds()[-1] == "recovery-retransmission"


STAMPED_FAR = Tap(4, 6, stamped=True)
TICKED = STAMPED_FAR.sent(1900, 101, 101)  # 900 ticks in 900 ms since the segment at 1000 ms


def test_a_timeout_that_the_way_to_the_tap_hid_is_told_by_the_sender_s_clock() -> None:
    # All five waited on the way and were acknowledged at the tap; the timer ran 296 ms after the last of them was sent.
    held = "".join(STAMPED_FAR.sent(2300 + i, 101 + 100 * i, 201 + 100 * i, tsval=2000 + i) for i in range(5))
    lines = held + STAMPED_FAR.heard(2304, 601) + STAMPED_FAR.sent(2305, 101, 201, tsval=2300)
    replayed = STAMPED_FAR.replay(TICKED, lines)
    assert replayed.verdict() == ("rto-retransmission", Rule.TIMEOUT, 296 * MS, TIMEOUT_NS)
    again = STAMPED_FAR.replay(TICKED, lines, STAMPED_FAR.sent(2306, 101, 201, tsval=2720))
    assert again.verdict() == ("rto-retransmission", Rule.TIMEOUT, 420 * MS, 2 * TIMEOUT_NS)


def test_a_probe_that_the_way_to_the_tap_hid_is_told_by_the_sender_s_clock() -> None:
    held = "".join(STAMPED_FAR.sent(2100 + i, 101 + 100 * i, 201 + 100 * i, tsval=2000 + i) for i in range(5))
    lines = held + STAMPED_FAR.heard(2104, 601) + STAMPED_FAR.sent(2105, 501, 601, tsval=2030)
    assert STAMPED_FAR.replay(TICKED, lines).verdict() == ("tail-loss-probe", Rule.TAIL_PROBE, 26 * MS, PROBE_NS)


def test_a_segment_alone_that_was_held_is_probed_after_the_timeout() -> None:
    held = STAMPED_FAR.sent(2300, 101, 201, tsval=2000) + STAMPED_FAR.heard(2304, 201)
    alone = STAMPED_FAR.replay(TICKED, held, STAMPED_FAR.sent(2305, 101, 201, tsval=2210))
    assert alone.verdict()[:3] == ("tail-loss-probe", Rule.TAIL_PROBE, 210 * MS)


# Tail loss probes (RFC 8985 7)


@TAPS
def test_the_last_segment_again_after_two_round_trips_is_a_probe(tap: Tap) -> None:
    replayed = tap.replay(tap.flight(), tap.sent(2026, 501, 601))  # 22 ms after 2004
    assert replayed.verdict() == ("tail-loss-probe", Rule.TAIL_PROBE, 22 * MS, PROBE_NS)
    assert [row["a"] for row in replayed.events(EventKind.TAIL_LOSS_PROBE)] == [22 * MS]
    assert replayed.client.model.state == OPEN


@TAPS
def test_one_segment_alone_waits_for_a_delayed_ack_before_it_is_probed(tap: Tap) -> None:
    replayed = tap.replay(tap.sent(2000, 101, 201), tap.sent(2210, 101, 201))
    assert replayed.verdict() == ("tail-loss-probe", Rule.TAIL_PROBE, 210 * MS, TIMEOUT_NS)


@TAPS
def test_what_follows_a_probe_without_an_answer_is_a_timeout(tap: Tap) -> None:
    replayed = tap.replay(*(tap.sent(at_ms, 101, 201) for at_ms in (2000, 2210, 2420)))
    assert replayed.kinds()[-2:] == ["tail-loss-probe", "rto-retransmission"]
    assert replayed.verdict()[1:] == (Rule.TIMEOUT, 210 * MS, TIMEOUT_NS)


@TAPS
def test_an_answered_probe_leaves_the_next_tail_its_own(tap: Tap) -> None:
    first = tap.sent(2000, 101, 201) + tap.sent(2210, 101, 201) + tap.heard(2210 + tap.peer_ms, 201)
    replayed = tap.replay(first, tap.sent(3000, 201, 301), tap.sent(3210, 201, 301))
    assert replayed.kinds()[-1] == "tail-loss-probe"


@TAPS
def test_the_last_segment_is_no_probe_where_sack_reports_a_loss(tap: Tap) -> None:
    sack = tap.heard(2003 + tap.peer_ms, 101, "401:501")
    assert tap.replay(tap.flight(), sack, tap.sent(2013, 501, 601)).kinds()[-1] != "tail-loss-probe"


@TAPS
def test_a_sender_without_sack_sends_no_probe(tap: Tap) -> None:
    without = replace(tap, sacking=False)
    alone = without.replay(without.sent(2000, 101, 201), without.sent(2210, 101, 201))
    assert alone.verdict() == ("rto-retransmission", Rule.TIMEOUT, 210 * MS, TIMEOUT_NS)


@TAPS
def test_new_bytes_behind_an_old_tail_make_no_hole_of_it(tap: Tap) -> None:
    both = tap.sent(2000, 101, 201) + tap.sent(2000, 201, 301)
    assert tap.replay(both, tap.sent(2300, 201, 351)).kinds()[-1] == "tail-loss-probe"


@TAPS
def test_a_timer_that_ran_out_early_is_told_as_what_nobody_asked_for(tap: Tap) -> None:
    without = replace(tap, sacking=False)
    early = without.replay(without.flight(), without.sent(2150, 101, 201))  # 146 ms after 2004, 212 ms are the timeout
    assert early.verdict() == ("rto-retransmission", Rule.UNASKED, 146 * MS, TIMEOUT_NS)


# Reordering and copies


@STAMPED
def test_an_older_timestamp_in_a_hole_is_reordering_however_late(tap: Tap) -> None:
    lines = tap.sent(2000, 201, 301) + tap.sent(2100, 101, 201, tsval=1999)
    assert tap.replay(lines).verdict() == ("out-of-order", Rule.SENT_EARLIER, 100, None)


@STAMPED
def test_a_newer_timestamp_in_a_hole_is_a_retransmission_however_soon(tap: Tap) -> None:
    replayed = tap.replay(tap.sent(2000, 201, 301), tap.sent(2001, 101, 201))
    assert replayed.verdict() == ("fast-retransmission", Rule.UNASKED, MS, TIMEOUT_NS)


@STAMPED
def test_a_hole_is_compared_with_the_segment_that_left_it(tap: Tap) -> None:
    # Later segments carry the tick of the one that fills the hole; the one that left it an earlier one.
    early = tap.sent(2000, 201, 301) + tap.sent(2002, 301, 401)
    assert tap.replay(early, tap.sent(2003, 101, 201, tsval=2002)).verdict()[1] == Rule.UNASKED
    assert tap.replay(early, tap.sent(2003, 101, 201, tsval=2000)).verdict()[0] == "out-of-order"


@PLAIN
def test_a_hole_filled_soon_without_timestamps_is_reordering(tap: Tap) -> None:
    lines = tap.sent(2000, 201, 301) + tap.sent(2001, 101, 201)
    # 7/8 of the round trip of 10 ms.
    assert tap.replay(lines).verdict() == ("out-of-order", Rule.HOLE_FILLED_SOON, MS, 8_750_000)


@TAPS
def test_the_age_of_a_hole_is_its_own_and_not_that_of_the_newest(tap: Tap) -> None:
    holes = tap.sent(2000, 201, 301) + tap.sent(2020, 401, 501)
    assert tap.replay(holes, tap.sent(2021, 101, 201)).verdict()[:2] == ("fast-retransmission", Rule.UNASKED)
    assert tap.replay(holes, tap.sent(2021, 301, 401, tsval=2019)).kinds()[-1] == "out-of-order"


@STAMPED
def test_a_retransmission_that_others_overtook_is_newer_than_what_left_its_hole(tap: Tap) -> None:
    lines = tap.sent(2000, 201, 301) + tap.sent(2020, 301, 401)
    replayed = tap.replay(lines, tap.sent(2021, 101, 201, tsval=2015))
    assert replayed.verdict()[:2] == ("fast-retransmission", Rule.UNASKED)


@STAMPED
def test_an_older_timestamp_on_bytes_seen_is_a_copy_that_the_path_made(tap: Tap) -> None:
    lines = tap.sent(2000, 101, 201) + tap.sent(2005, 201, 301) + tap.sent(2300, 101, 201, tsval=2000)
    replayed = tap.replay(lines)
    assert replayed.verdict() == ("network-duplicate", Rule.COPY, 100, None)
    assert (replayed.client.network_duplicates, replayed.direction(CLIENT)["retransmissions"]) == (1, 0)


@TAPS
def test_timestamp_and_ip_id_of_the_segment_before_make_a_copy(tap: Tap) -> None:
    twice = [tap.sent(at_ms, 101, 201, tsval=2000, ip_id=7) for at_ms in (2000, 2080)]
    assert tap.replay(*twice).verdict() == ("network-duplicate", Rule.COPY, 100, None)
    other = tap.sent(2300, 101, 201, ip_id=8)
    assert tap.replay(twice[0], other).kinds()[-1] == "tail-loss-probe"


def test_without_timestamps_a_timer_later_the_same_ip_id_makes_no_copy() -> None:
    tap = Tap(10, 0)
    twice = [tap.sent(at_ms, 101, 201, ip_id=7) for at_ms in (2000, 2300)]
    assert tap.replay(*twice).kinds()[-1] == "tail-loss-probe"


@TAPS
def test_the_same_again_sooner_than_any_timer_is_a_copy(tap: Tap) -> None:
    replayed = tap.replay(tap.sent(2000, 101, 201), tap.sent(2000.1, 101, 201))
    assert replayed.verdict() == ("network-duplicate", Rule.COPY_BY_TIME, 100, MS // 10)


@STAMPED
def test_the_same_again_with_a_newer_timestamp_is_no_copy(tap: Tap) -> None:
    replayed = tap.replay(tap.sent(2000, 101, 201), tap.sent(2005, 101, 201))
    assert replayed.verdict() == ("fast-retransmission", Rule.UNASKED, 5 * MS, TIMEOUT_NS)


@TAPS
def test_the_middle_of_a_flight_again_without_an_acknowledgment_is_unasked(tap: Tap) -> None:
    replayed = tap.replay(tap.flight(), tap.sent(2100, 201, 301))
    assert replayed.verdict() == ("fast-retransmission", Rule.UNASKED, 96 * MS, TIMEOUT_NS)  # 2004 was the last


# Fast Open, zero windows, captures of one side


def test_what_the_syn_ack_left_out_of_the_syn_is_sent_again_at_once() -> None:
    opening = "0.0 > S 0:10(10) win 64240 <FO 0011223344556677>\n0.01 < S. 0:0(0) ack {} win 65160\n"
    replayed = Replayed(opening.format(1) + "0.011 > . 1:11(10) ack 1 win 64240\n")
    assert replayed.verdict() == ("slow-start-retransmission", Rule.SYN_DATA_AGAIN, 10, None)  # RFC 7413 (4.2)
    taken = Replayed(opening.format(11) + "0.011 > . 1:11(10) ack 1 win 64240\n")
    assert taken.verdict()[1] != Rule.SYN_DATA_AGAIN


@TAPS
def test_a_byte_that_went_out_as_a_probe_makes_what_begins_with_it_no_retransmission(tap: Tap) -> None:
    closed = tap.heard(1500, 101, window=0) + tap.sent(1800, 101, 102)
    opened = tap.heard(1801 + tap.peer_ms, 101)
    replayed = tap.replay(closed, opened, tap.sent(2000, 101, 201))
    assert replayed.kinds()[-3:] == ["zero-window-probe", "zero-window-probe-ack", "new"]
    assert replayed.verdict()[1] == Rule.NEW_DATA


def alone() -> tuple[Endpoint, Endpoint, Segment]:
    """Return an end that sent [201, 301) of which nobody spoke, its peer, and [101, 201) sent afterwards."""
    sender, segment = Endpoint(State.ESTABLISHED), Segment()
    sender.start_at(0, 101)
    sender.stream.insert(201, 301)
    segment.seq, segment.end, segment.payload_len, segment.flags = 101, 201, 100, ACK
    segment.time_ns = 50 * MS
    return sender, Endpoint(State.ESTABLISHED), segment


@pytest.mark.parametrize(("gap_ns", "since_ns"), [(UNKNOWN, UNKNOWN), (20 * MS, 30 * MS)])
def test_without_acknowledgments_no_cause_can_be_told(gap_ns: int, since_ns: int) -> None:
    sender, receiver, segment = alone()
    if gap_ns != UNKNOWN:
        sender.model.note_gap(101, gap_ns, UNKNOWN, -1)
    explain(sender, receiver, segment, UNKNOWN, 0, 3 * MS)
    assert (segment.kind, segment.rule) == (SegmentKind.RETRANSMISSION, Rule.HOLE_FILLED_LATE)
    assert (segment.figure_a, segment.figure_b) == (since_ns, 3 * MS)


def test_bytes_seen_before_are_counted_where_no_cause_can_be_told() -> None:
    sender, receiver, segment = alone()
    segment.end = 241  # 40 of its 140 bytes were seen
    explain(sender, receiver, segment, UNKNOWN, 0, 3 * MS)
    assert (segment.kind, segment.rule) == (SegmentKind.RETRANSMISSION, Rule.BYTES_SEEN_BEFORE)
    assert (segment.figure_a, segment.figure_b) == (40, 140)


def test_an_end_whose_first_segments_the_capture_missed_has_waited_for_nothing_known() -> None:
    sender, receiver, segment = alone()
    sender.snd_una, receiver.segments = 101, 1
    explain(sender, receiver, segment, UNKNOWN, 0, 3 * MS)
    assert (segment.kind, segment.rule) == (SegmentKind.FAST_RETRANSMISSION, Rule.UNASKED)
    assert (segment.figure_a, segment.figure_b) == (0, INITIAL_RTO_NS)


# Timers


def sampled(samples_ms: list[int]) -> Endpoint:
    """Return an end with these round trips."""
    end = Endpoint(State.ESTABLISHED)
    for sample_ms in samples_ms:
        end.sample(sample_ms * MS, sample_ms * MS)
    return end


def test_timers_without_a_round_trip_are_the_initial_one() -> None:
    end = sampled([])
    assert rto_ns(end, 5 * MS) == probe_ns(end, 5 * MS) == INITIAL_RTO_NS  # RFC 6298 (2.1)
    end.sample(MS, MS)
    end.reset(State.ESTABLISHED)  # the estimator stays, without samples
    assert rto_ns(end, 5 * MS) == probe_ns(end, 5 * MS) == INITIAL_RTO_NS


def test_a_large_variation_counts_four_times() -> None:
    # RTTVAR is half the first sample: 300 + 4 * 150 ms (RFC 6298 2.2).
    assert rto_ns(sampled([300]), 0) == 900 * MS


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=20), st.integers(0, 10**9))
def test_the_probe_is_never_later_than_the_timeout(samples_ms: list[int], tap_ns: int) -> None:
    end = sampled(samples_ms)
    assert rto_ns(end, tap_ns) >= end.srtt_ns() + tap_ns + MIN_RTO_NS
    assert 0 <= probe_ns(end, tap_ns) <= rto_ns(end, tap_ns)


# The account


def test_retransmissions_are_the_sum_of_their_causes() -> None:
    lost = NEAR.flight() + dup_acks(NEAR, 3) + NEAR.sent(2013, 101, 201) + NEAR.sent(2014, 201, 301)
    probe = NEAR.heard(2024, 601) + NEAR.sent(3000, 601, 701) + NEAR.sent(3210, 601, 701)
    timeout = NEAR.heard(3221, 701) + "".join(NEAR.sent(4000, 701 + i * 100, 801 + i * 100) for i in (0, 1))
    rest = timeout + NEAR.sent(4300, 701, 801) + NEAR.heard(4310, 801) + NEAR.sent(4310, 801, 901)
    row = Replayed("0.0 > S 0:0(0) win 64240 <mss 1460,sackOK> id 0\n" + NEAR.opened() + lost + probe + rest)
    told = row.direction(CLIENT)
    assert [told[name] for name in CAUSES] == [1, 1, 1, 1, 1, 1, 0]
    assert told["retransmissions"] == 6
    unheard = "0.0 > . 1:101(100) ack 1 win 9\n0.2 > . 1:101(100) ack 1 win 9\n"
    other = Replayed(unheard).direction(CLIENT)
    assert ([other[name] for name in CAUSES], other["retransmissions"]) == ([0, 0, 0, 0, 0, 0, 1], 1)
