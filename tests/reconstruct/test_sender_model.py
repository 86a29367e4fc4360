"""What is known of a sender: the order of its segments, what it skipped, its rest, its episodes and what it resent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.sender_model import (
    IP_ID_STEP,
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
IP_IDS = 2**16


def stamped(tsval: int) -> SenderModel:
    """Return a sender whose last segment bore a timestamp."""
    model = SenderModel()
    model.note_sent(tsval, -1, 1)
    return model


def counting(last: int, pieces: int = 1) -> SenderModel:
    """Return a sender whose IP-ID counted up to `last` in as many segments as make it trusted."""
    model = SenderModel()
    for number in range(IP_ID_TRUSTED):
        before = (IP_ID_TRUSTED - 1 - number) * pieces  # a segment of several packets takes as many numbers
        model.note_sent(UNKNOWN, (last - before) % IP_IDS, pieces)
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
    model.note_sent(7, 50, 1)  # one segment shows nothing of how the IP-ID counts
    assert (model.order(7, 50), model.order(7, 51), model.order(8, 50)) == (OLDER, UNDECIDED, NEWER)
    fixed = SenderModel()
    fixed.note_sent(7, 0, 1)
    assert fixed.order(7, 0) == UNDECIDED  # RFC 6864 (4.1): an atomic datagram's may be 0 always


@pytest.mark.parametrize("segments", range(IP_ID_TRUSTED))
def test_an_ip_id_is_not_trusted_before_it_counted_for_a_while(segments: int) -> None:
    model = SenderModel()
    for ip_id in range(50, 50 + segments):
        model.note_sent(UNKNOWN, ip_id, 1)
    assert model.order(UNKNOWN, 40) == UNDECIDED
    assert model.skipped(60) == 0


# What was sent


@given(st.lists(st.integers(0, TICKS // 2 - 1), min_size=1, max_size=20))
def test_the_newest_timestamp_is_kept(tsvals: list[int]) -> None:
    model = SenderModel()
    for tsval in tsvals:
        model.note_sent(tsval, -1, 1)
    assert model.tsval == max(tsvals)


def test_what_a_segment_does_not_carry_is_not_noted() -> None:
    model = counting(50)
    model.tsval = 7
    model.note_sent(UNKNOWN, -1, 1)
    assert (model.tsval, model.ip_id, model.ip_id_trust) == (7, 50, IP_ID_TRUSTED)


@pytest.mark.parametrize("ip_id", [50, 49, 50 - IP_IDS // 2 + IP_IDS])
def test_the_ip_id_of_a_copy_or_an_older_segment_changes_nothing(ip_id: int) -> None:
    model = counting(50)
    model.note_sent(UNKNOWN, ip_id, 9)
    assert (model.ip_id, model.ip_id_pieces, model.ip_id_trust) == (50, 1, IP_ID_TRUSTED)


def test_an_ip_id_that_jumps_loses_its_trust() -> None:
    next_one, beyond = counting(50), counting(50)
    next_one.note_sent(UNKNOWN, 51, 1)
    beyond.note_sent(UNKNOWN, 52, 1)
    assert (next_one.ip_id_trust, beyond.ip_id_trust) == (IP_ID_TRUSTED, 0)
    assert (next_one.ip_id, beyond.ip_id) == (51, 52)


def test_an_ip_id_of_zero_counts_nothing() -> None:
    model = counting(50)
    model.note_sent(UNKNOWN, 0, 1)
    assert (model.ip_id, model.ip_id_trust) == (50, IP_ID_TRUSTED)


# What was skipped


@given(st.integers(IP_ID_TRUSTED * 40, IP_IDS - 1), st.integers(1, 40), st.integers(0, 200))
def test_the_ip_id_counts_what_was_sent_between(last: int, pieces: int, between: int) -> None:
    told = counting(last, pieces).skipped((last + pieces + between) % IP_IDS)
    assert told == (between if between <= IP_ID_STEP else 0)


def test_nothing_is_known_to_be_skipped_without_a_count() -> None:
    assert counting(50).skipped(-1) == 0
    assert SenderModel().skipped(60) == 0
    assert counting(50, pieces=0).skipped(60) == 0  # how many packets the last segment was is not known
    assert counting(50).skipped(49) == 0


# Rest, episodes


def test_a_sender_has_rested_after_the_shortest_of_all_timers() -> None:
    model = SenderModel()
    assert model.has_rested(10**12) == 0  # it sent nothing yet
    model.sent_ns = 1000
    assert model.has_rested(1000 + TIMEOUT_MIN_NS) == 1
    assert model.has_rested(999 + TIMEOUT_MIN_NS) == 0
    assert model.has_rested(0) == 0  # a clock that was set back


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


def test_a_model_that_is_used_again_knows_nothing() -> None:
    model = resent(20)
    model.note_sent(7, 50, 1)
    model.note_ack(5, 6)
    model.state, model.high_seq, model.probe_end, model.sacked_to = LOSS, 1, 2, 3
    model.sent_ns, model.gap_tsval = 4, 5
    model.reset()
    assert (model.state, model.backoff, model.resent_count, model.resent_high) == (OPEN, 0, 0, 0)
    numbers = (model.high_seq, model.probe_end, model.sacked_to, model.acked_ns, model.head_ns, model.sent_ns)
    assert {*numbers, model.tsval, model.gap_tsval} == {UNKNOWN}
    assert (model.ip_id, model.ip_id_trust, model.ip_id_pieces) == (-1, 0, 0)
    model.note_resent(1, 2, 3, 4, 5, 6)
    assert [model.entry(0, cell) for cell in range(7)] == [1, 2, 3, 4, 5, 6, 0]
