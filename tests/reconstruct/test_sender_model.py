"""What is known of a sender: the order of its segments, what it skipped, its rest, its episodes and what it resent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.sender_model import (
    IP_ID_PROVEN,
    IP_ID_RUN,
    IP_ID_TRUSTED,
    LOSS,
    NEEDED,
    NEWER,
    OLDER,
    OPEN,
    RECOVERY,
    RESENT_KEPT,
    TIMEOUT_MIN_NS,
    UNDECIDED,
    UNNEEDED,
    SenderModel,
)
from reconstruct.seq import UNKNOWN

TICKS = 2**32
MS = 1_000_000  # ns
IP_IDS = 2**16


def stamped(tsval: int) -> SenderModel:
    """Return a sender whose last segment bore a timestamp."""
    model = SenderModel()
    model.note_sent(tsval, -1, 1, 0)
    return model


def counting(last: int, pieces: int = 1) -> SenderModel:
    """Return a sender whose IP-ID counted up to `last` in segments after rests, as many as make it trusted."""
    model = SenderModel()
    for number in range(IP_ID_TRUSTED):
        before = (IP_ID_TRUSTED - 1 - number) * pieces  # a segment of several packets takes as many numbers
        model.note_sent(UNKNOWN, (last - before) % IP_IDS, pieces, number * TIMEOUT_MIN_NS)
    return model


def resent(count: int) -> SenderModel:
    """Return a sender that sent so many segments again: number n is [10 n, 10 n + 5)."""
    model = SenderModel()
    for number in range(count):
        model.note_resent(10 * number, 10 * number + 5, number, 2 * number, 3 * number, 4)
    return model


# Order


@given(st.integers(0, TICKS - 1), st.integers(1, TICKS // 2 - 1))
def test_a_timestamp_that_ticked_decides_the_order_around_its_wrap(tsval: int, ticks: int) -> None:
    assert stamped(tsval).order((tsval + ticks) % TICKS, -1) == NEWER
    assert stamped(tsval).order((tsval - ticks) % TICKS, -1) == OLDER


@given(st.integers(IP_ID_TRUSTED, IP_IDS - 1), st.integers(1, IP_IDS // 2 - 1))
def test_an_ip_id_that_counts_decides_the_order_around_its_wrap(last: int, step: int) -> None:
    model = counting(last)
    assert model.order(UNKNOWN, (last + step) % IP_IDS) == NEWER
    assert model.order(UNKNOWN, (last - step) % IP_IDS) == OLDER


def test_nothing_decides_without_timestamp_and_ip_id() -> None:
    model = SenderModel()
    assert model.order(UNKNOWN, -1) == UNDECIDED
    assert model.order(7, -1) == UNDECIDED
    assert stamped(7).order(UNKNOWN, -1) == UNDECIDED
    assert stamped(7).order(7, -1) == UNDECIDED  # the same tick
    assert counting(50).order(UNKNOWN, -1) == UNDECIDED  # IPv6


def test_in_the_same_tick_the_ip_id_decides() -> None:
    model = counting(50)
    model.tsval = 7
    assert (model.order(7, 51), model.order(7, 49), model.order(8, 49)) == (NEWER, OLDER, NEWER)


def test_the_same_ip_id_and_timestamp_twice_in_a_row_is_a_copy() -> None:
    model = SenderModel()
    model.note_sent(7, 50, 1, 0)  # one segment shows nothing of how the IP-ID counts
    assert (model.order(7, 50), model.order(7, 51), model.order(8, 50)) == (OLDER, UNDECIDED, NEWER)
    fixed = SenderModel()
    fixed.note_sent(7, 0, 1, 0)
    assert fixed.order(7, 0) == UNDECIDED  # RFC 6864 (4.1): an atomic datagram's may be 0 always


@pytest.mark.parametrize("segments", range(IP_ID_TRUSTED))
def test_an_ip_id_is_not_trusted_before_it_counted_for_a_while(segments: int) -> None:
    model = SenderModel()
    for ip_id in range(50, 50 + segments):
        model.note_sent(UNKNOWN, ip_id, 1, 0)
    assert model.order(UNKNOWN, 40) == UNDECIDED
    assert model.skipped(60, 64) == 0


# What was sent


@given(st.lists(st.integers(0, TICKS // 2 - 1), min_size=1, max_size=20))
def test_the_newest_timestamp_is_kept(tsvals: list[int]) -> None:
    model = SenderModel()
    for tsval in tsvals:
        model.note_sent(tsval, -1, 1, 0)
    assert model.tsval == max(tsvals)


def test_what_a_segment_does_not_carry_is_not_noted() -> None:
    model = counting(50)
    model.tsval = 7
    model.note_sent(UNKNOWN, -1, 1, 0)
    assert (model.tsval, model.ip_id, model.ip_id_trust) == (7, 50, IP_ID_TRUSTED)


@pytest.mark.parametrize("ip_id", [50, 49, 50 - IP_IDS // 2 + IP_IDS])
def test_the_ip_id_of_a_copy_or_an_older_segment_changes_nothing(ip_id: int) -> None:
    model = counting(50)
    model.note_sent(UNKNOWN, ip_id, 9, 0)
    assert (model.ip_id, model.ip_id_pieces, model.ip_id_trust) == (50, 1, IP_ID_TRUSTED)


def test_an_ip_id_that_jumps_loses_its_trust() -> None:
    next_one, beyond = counting(50), counting(50)
    next_one.note_sent(UNKNOWN, 51, 1, 0)
    beyond.note_sent(UNKNOWN, 52, 1, 0)
    assert (next_one.ip_id_trust, beyond.ip_id_trust) == (IP_ID_TRUSTED, 0)
    assert (next_one.ip_id, beyond.ip_id) == (51, 52)


def test_an_ip_id_of_zero_counts_nothing() -> None:
    model = counting(50)
    model.note_sent(UNKNOWN, 0, 1, 0)
    assert (model.ip_id, model.ip_id_trust) == (50, IP_ID_TRUSTED)


# What was skipped


@given(st.integers(IP_ID_TRUSTED * 40, IP_IDS - 1), st.integers(1, 40), st.integers(0, 200))
def test_the_ip_id_counts_what_was_sent_between(last: int, pieces: int, between: int) -> None:
    told = counting(last, pieces).skipped((last + pieces + between) % IP_IDS, 64)
    assert told == (between if between <= 64 else 0)


def test_nothing_is_known_to_be_skipped_without_a_count() -> None:
    assert counting(50).skipped(-1, 64) == 0
    assert SenderModel().skipped(60, 64) == 0
    assert counting(50, pieces=0).skipped(60, 64) == 0  # how many packets the last segment was is not known
    assert counting(50).skipped(49, 64) == 0


def in_a_row(count: int, step_ns: int) -> SenderModel:
    """Return a sender of so many segments, whose IP-ID goes on by one."""
    model = SenderModel()
    for number in range(count):
        model.note_sent(UNKNOWN, 100 + number, 1, number * step_ns)
    return model


def test_an_ip_id_that_went_on_over_rests_is_the_connection_s_own() -> None:
    # Each rest is a proof, and being trusted is one; other connections would have counted meanwhile.
    assert in_a_row(2, TIMEOUT_MIN_NS).skipped(103, 64) == 0
    assert in_a_row(3, TIMEOUT_MIN_NS).skipped(104, 64) == 1
    assert in_a_row(3, TIMEOUT_MIN_NS - 1).skipped(104, 64) == 0


def test_a_long_run_is_as_good_as_rests() -> None:
    for count, told in ((IP_ID_RUN - 1, 0), (IP_ID_RUN, 1)):
        assert in_a_row(count, 1).skipped(100 + count + 1, 64) == told


def test_an_ip_id_that_jumped_is_half_as_well_proven() -> None:
    model = in_a_row(3, TIMEOUT_MIN_NS)
    assert model.ip_id_proof == IP_ID_PROVEN
    model.note_sent(UNKNOWN, 200, 1, 3 * TIMEOUT_MIN_NS)
    assert (model.ip_id_proof, model.skipped(203, 64)) == (1, 0)


# Rest, episodes


def test_text_may_be_late_after_the_shortest_of_all_timers() -> None:
    model = SenderModel()
    assert model.may_be_late(1, 10**12) == 0  # it sent nothing yet
    model.seen_ns = 1000
    assert model.may_be_late(1, 1000 + TIMEOUT_MIN_NS) == 1
    assert model.may_be_late(1, 999 + TIMEOUT_MIN_NS) == 0
    assert model.may_be_late(1, 0) == 0  # a clock that was set back


def test_text_below_what_is_known_of_may_be_late_at_once() -> None:
    told, lost = SenderModel(), SenderModel()
    told.note_empty(101, 5, 7, 8, 51)
    lost.high_seq = 101
    for model in (told, lost):
        assert (model.may_be_late(100, 5), model.may_be_late(101, 5)) == (1, 0)


def test_an_empty_segment_leaves_a_hole_where_text_is_missing_below_it() -> None:
    model = SenderModel()
    model.seen_ns = 3
    model.note_empty(51, 5, 7, 8, 51)
    assert (model.told_nxt, model.gaps) == (UNKNOWN, None)
    model.note_empty(101, 5, 7, 8, 51)
    assert (model.told_nxt, model.told_since_ns) == (101, 3)
    model.note_empty(101, 6, 7, 9, 51)
    model.note_empty(201, 7, 9, 10, 51)
    assert model.gaps is not None
    assert [model.gaps.left_ns(offset) for offset in (51, 100, 101)] == [5, 5, 7]


def with_gap(tsval: int, ip_id: int) -> SenderModel:
    """Return a sender whose IP-ID counts, and that left a hole at 101."""
    model = counting(50)
    model.note_gap(101, 5, tsval, ip_id)
    return model


def test_what_fills_a_hole_is_older_or_newer_than_what_left_it() -> None:
    model = with_gap(7, 50)
    told = [model.order_beside_gap(101, *stamp) for stamp in ((8, 49), (6, 51), (7, 51), (7, 49), (UNKNOWN, 51))]
    assert told == [NEWER, OLDER, NEWER, OLDER, NEWER]


def test_without_stamps_nothing_is_told_of_what_fills_a_hole() -> None:
    assert SenderModel().order_beside_gap(101, 8, 51) == UNDECIDED
    assert with_gap(UNKNOWN, -1).order_beside_gap(101, 8, 51) == UNDECIDED
    assert with_gap(7, 50).order_beside_gap(101, 7, 0) == UNDECIDED
    unproven = SenderModel()
    unproven.note_gap(101, 5, UNKNOWN, 50)
    assert unproven.order_beside_gap(101, UNKNOWN, 51) == UNDECIDED


def test_a_hole_older_than_all_that_are_kept_may_have_been_left_earlier_still() -> None:
    model = with_gap(7, 50)
    assert (model.order_beside_gap(100, 6, -1), model.order_beside_gap(100, 8, -1)) == (UNDECIDED, NEWER)


@pytest.mark.parametrize(
    ("state", "ack", "ended"), [(OPEN, 900, 0), (LOSS, 599, 0), (LOSS, 600, 1), (RECOVERY, 601, 1)]
)
def test_an_episode_ends_at_high_seq(state: int, ack: int, ended: int) -> None:
    model = SenderModel()
    model.state, model.high_seq, model.backoff, model.head_ns = state, 600, 3, 5
    assert model.note_ack(ack, 70) == ended
    assert model.state == (OPEN if ended else state)
    assert (model.backoff, model.head_ns, model.acked_ns) == (0, UNKNOWN, 70)


@pytest.mark.parametrize(("ack", "left"), [(599, 600), (600, UNKNOWN), (601, UNKNOWN)])
def test_a_probe_is_answered_by_what_covers_it(ack: int, left: int) -> None:
    model = SenderModel()
    model.probe_end = 600
    model.note_ack(ack, 70)
    assert model.probe_end == left


def test_an_unfounded_episode_leaves_nothing() -> None:
    model = SenderModel()
    model.state, model.high_seq, model.backoff = LOSS, 600, 3
    model.undo()
    assert (model.state, model.high_seq, model.backoff) == (OPEN, UNKNOWN, 0)


# What was sent again


@given(st.integers(0, 3 * RESENT_KEPT))
def test_the_newest_retransmissions_are_kept_in_order_and_their_number_is_bounded(count: int) -> None:
    model = resent(count)
    kept = [model.entry(index, 0) // 10 for index in range(model.resent_count)]
    assert kept == list(range(count - len(kept), count))
    assert min(count, RESENT_KEPT // 2) <= len(kept) <= RESENT_KEPT
    assert model.resent_high == (10 * count - 5 if count else 0)


def test_the_room_doubles_up_to_its_bound_and_then_the_older_half_goes() -> None:
    assert [resent(count).resent_room for count in (0, 1, 16, 17, 33, 512)] == [0, 16, 16, 32, 64, 512]
    full, over = resent(RESENT_KEPT), resent(RESENT_KEPT + 1)
    assert (full.resent_count, over.resent_count, over.resent_room) == (512, 257, 512)
    assert over.entry(0, 0) == 10 * 256


def test_a_retransmission_is_kept_with_all_that_was_noted() -> None:
    model = resent(40)
    assert [model.entry(39, cell) for cell in range(7)] == [390, 395, 39, 78, 117, 4, 0]
    model.decide(39, NEEDED)
    model.decide(38, UNNEEDED)
    assert [model.entry(index, 6) for index in (37, 38, 39)] == [0, UNNEEDED, NEEDED]


def test_verdicts_move_with_what_is_kept() -> None:
    model = resent(RESENT_KEPT)
    model.decide(RESENT_KEPT - 1, UNNEEDED)
    model.note_resent(1, 2, 3, 4, 5, 6)
    assert [model.entry(index, 6) for index in (254, 255, 256)] == [0, UNNEEDED, 0]


def test_the_highest_end_stays_whatever_is_sent_again_below_it() -> None:
    model = resent(3)
    model.note_resent(0, 5, 0, 0, 0, 4)
    assert model.resent_high == 25


# The sender's own clock


def ticking() -> SenderModel:
    """Return a sender whose clock ticks in milliseconds and that last sent text at tick 100, at 100 ms."""
    model = SenderModel()
    for tick in range(0, 101, 10):
        model.note_sent(tick, -1, 1, tick * MS)
    model.sent_tsval, model.sent_ns = 100, 100 * MS
    return model


def test_a_silence_that_the_way_to_the_tap_swallowed_is_told_by_the_clock() -> None:
    # Sent 300 ms after the text before, it comes a millisecond after that.
    assert ticking().hidden_ns(400, 101 * MS) == 300 * MS
    late = TIMEOUT_MIN_NS // MS
    assert [ticking().hidden_ns(400, (400 - less) * MS) for less in (late, late + 1)] == [0, 300 * MS]
    assert ticking().hidden_ns(90, 101 * MS) == 0  # sent before that text


def test_without_a_clock_no_silence_is_hidden() -> None:
    untold, unstamped = SenderModel(), ticking()
    untold.sent_tsval, untold.sent_ns = 100, 100 * MS
    unstamped.sent_tsval = UNKNOWN
    assert [model.hidden_ns(400, 101 * MS) for model in (untold, unstamped)] == [0, 0]
    assert ticking().hidden_ns(UNKNOWN, 101 * MS) == 0


# The end of an episode


def ended(state: int = LOSS) -> SenderModel:
    """Return a sender whose episode up to 600 ended at 50 ns with the timestamp 7."""
    model = SenderModel()
    model.state, model.high_seq = state, 600
    assert model.note_ack(600, 50) == 1
    model.note_end(50, 7)
    return model


def test_what_a_sender_sent_before_it_heard_of_the_end_is_within_the_episode() -> None:
    model = ended()
    assert (model.state, model.ended_state, model.frto) == (OPEN, LOSS, 0)
    # What it echoes tells; in the same tick the round trip to it, 80 ns less 1/8.
    assert [model.was_within(500, tsecr, 60, 80) for tsecr in (6, 8)] == [1, 0]
    assert [model.was_within(500, tsecr, time_ns, 80) for tsecr in (7, UNKNOWN) for time_ns in (119, 120)] == [1, 0] * 2
    assert model.was_within(600, 6, 60, 80) == 0
    assert SenderModel().was_within(500, 6, 60, 80) == 0


def test_the_echo_is_compared_around_its_wrap() -> None:
    model = ended()
    model.note_end(50, 1)
    assert [model.was_within(500, tsecr, 60, 80) for tsecr in (TICKS - 1, 2)] == [1, 0]


def test_an_episode_taken_back_ended_too() -> None:
    model = SenderModel()
    model.state, model.high_seq, model.frto, model.backoff = LOSS, 600, 1, 2
    model.undo()
    assert (model.state, model.ended_state, model.ended_high, model.frto) == (OPEN, LOSS, 600, 0)
    assert (model.high_seq, model.backoff, model.undone) == (UNKNOWN, 0, 1)


def test_a_model_that_is_used_again_knows_nothing() -> None:
    model = resent(20)
    model.note_sent(7, 50, 1, 9)
    model.note_gap(1, 2, 3, 4)
    model.note_empty(9, 2, 3, 4, 5)
    model.note_ack(5, 6)
    model.state, model.high_seq, model.probe_end, model.sacked_to = LOSS, 1, 2, 3
    model.sent_ns, model.heard_ns = 4, 5
    model.note_ack(5, 6)
    model.note_end(6, 7)
    model.frto = 1
    model.reset()
    assert (model.state, model.backoff, model.resent_count, model.resent_high) == (OPEN, 0, 0, 0)
    assert (model.frto, model.ended_state, model.gaps, model.ip_id_proof, model.ip_id_run) == (0, OPEN, None, 0, 0)
    assert model.clock is None
    numbers = (model.high_seq, model.probe_end, model.sacked_to, model.acked_ns, model.head_ns, model.sent_ns)
    later = (model.heard_ns, model.seen_ns, model.told_nxt, model.told_since_ns, model.ended_high, model.ended_ns)
    assert {*numbers, *later, model.tsval, model.sent_tsval, model.una_before, model.ended_tsval} == {UNKNOWN}
    assert (model.ip_id, model.ip_id_trust, model.ip_id_pieces) == (-1, 0, 0)
    model.note_resent(1, 2, 3, 4, 5, 6)
    assert [model.entry(0, cell) for cell in range(7)] == [1, 2, 3, 4, 5, 6, 0]
