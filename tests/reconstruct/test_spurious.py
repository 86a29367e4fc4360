"""Which retransmissions were not needed: by D-SACK, by the echoed timestamp, by an answer that came too soon."""

from dataclasses import replace

import pytest

from reconstruct.endpoint import Endpoint
from reconstruct.recorder import Recorder
from reconstruct.segment import Segment
from reconstruct.sender_model import LOSS, NEEDED, OPEN, RECOVERY, UNNEEDED
from reconstruct.seq import UNKNOWN
from reconstruct.spurious import decide, judge
from reconstruct.states import State
from reconstruct.vocabulary import EventKind, SegmentKind
from tests.reconstruct.replaying import CLIENT, MS, Replayed
from tests.reconstruct.resending import NEAR, PLAIN, STAMPED, TAPS, Tap

VERDICT = 6  # the cell of a kept retransmission


def marked(replayed: Replayed) -> list[int | None]:
    """Return the frames of the rows that are marked as not needed; it is what is counted, too."""
    frames = [row["frame"] for row in replayed.rows() if row["spurious"] == 1]
    assert replayed.direction(CLIENT)["spurious_retransmissions"] == len(frames)
    return frames


def verdicts(replayed: Replayed) -> list[int]:
    """Return what is known of the client's retransmissions, oldest first."""
    model = replayed.client.model
    return [model.entry(index, VERDICT) for index in range(model.resent_count)]


def twice(tap: Tap) -> str:
    """Return a segment of 100 bytes (frame 6) and its retransmission 210 ms later (frame 7)."""
    return tap.sent(2000, 101, 201) + tap.sent(2210, 101, 201)


# The rows


@TAPS
def test_only_retransmissions_can_be_unneeded(tap: Tap) -> None:
    replayed = tap.replay(twice(tap))
    assert [row["spurious"] for row in replayed.rows()] == [None] * 6 + [0]
    assert verdicts(replayed) == [0]


@TAPS
def test_what_was_acknowledged_already_is_not_needed_at_once(tap: Tap) -> None:
    late = tap.sent(2000, 101, 201) + tap.heard(2000 + tap.peer_ms, 201) + tap.sent(2210, 101, 201)
    replayed = tap.replay(late)
    assert (marked(replayed), verdicts(replayed)) == ([8], [UNNEEDED])


AT_SERVER = Tap(0, 10)  # in the server's host


def test_what_comes_twice_to_where_nothing_can_be_lost_any_more_is_not_needed() -> None:
    replayed = AT_SERVER.replay(twice(AT_SERVER))
    assert (marked(replayed), verdicts(replayed)) == ([7], [UNNEEDED])


def test_what_comes_for_the_first_time_to_the_peer_is_needed_as_far_as_is_known() -> None:
    lines = AT_SERVER.sent(2000, 201, 301) + AT_SERVER.sent(2210, 101, 201)
    partly = AT_SERVER.sent(2000, 201, 301) + AT_SERVER.sent(2210, 101, 301)
    assert [marked(AT_SERVER.replay(text)) for text in (lines, partly)] == [[], []]


def test_the_sender_goes_on_after_a_timeout_that_the_peer_sees_was_not_needed() -> None:
    # It has yet to hear of it: until then it sends again in slow start.
    plain = replace(AT_SERVER, sacking=False)
    lines = plain.flight() + plain.sent(2210, 101, 201) + plain.sent(2211, 201, 301)
    replayed = plain.replay(lines)
    assert replayed.kinds()[-2:] == ["rto-retransmission", "slow-start-retransmission"]
    assert marked(replayed) == [11, 12]


@pytest.mark.parametrize("before", range(60, 68))
def test_a_mark_is_made_where_the_table_of_rows_is_full(before: int) -> None:
    # The table begins with room for 64 rows; seven of them are here before the repeated acknowledgments.
    repeated = "".join(NEAR.heard(2020 + number, 201) for number in range(before - 7))
    replayed = NEAR.replay(NEAR.sent(2000, 101, 201), NEAR.heard(2010, 201), repeated, NEAR.sent(2210, 101, 201))
    assert marked(replayed) == [before + 1]


@TAPS
def test_without_rows_it_is_only_counted(tap: Tap) -> None:
    late = tap.sent(2000, 101, 201) + tap.heard(2000 + tap.peer_ms, 201) + tap.sent(2210, 101, 201)
    replayed = Replayed(tap.opened() + late, keep=False)
    assert (replayed.client.spurious, replayed.rows()) == (1, [])


# The echoed timestamp (RFC 3522 3.2)


@STAMPED
def test_an_echo_older_than_the_retransmission_proves_it_unneeded(tap: Tap) -> None:
    # A whole round trip later: only the echo can tell.
    answer = 2210 + 2 * tap.peer_ms
    assert marked(tap.replay(twice(tap), tap.heard(answer, 201, echo=2000))) == [7]
    needed = tap.replay(twice(tap), tap.heard(answer, 201, echo=2210))
    assert (marked(needed), verdicts(needed)) == ([], [NEEDED])


@STAMPED
def test_the_clock_of_the_timestamps_may_wrap(tap: Tap) -> None:
    lines = tap.sent(1500, 101, 101, tsval=0x70000000) + tap.sent(1600, 101, 101, tsval=0xE0000000)  # frames 6 and 7
    lines += tap.sent(2000, 101, 201, tsval=0xFFFFFFF0) + tap.sent(2210, 101, 201, tsval=5)
    answer = 2210 + 2 * tap.peer_ms
    assert marked(tap.replay(lines, tap.heard(answer, 201, echo=0xFFFFFFF0))) == [9]
    assert marked(tap.replay(lines, tap.heard(answer, 201, echo=5))) == []


@STAMPED
def test_a_timeout_that_the_echo_disproves_ends_its_episode(tap: Tap) -> None:
    plain = replace(tap, sacking=False)
    lines = plain.flight() + plain.sent(2210, 101, 201)
    answer = 2210 + 2 * plain.peer_ms
    undone = plain.replay(lines, plain.heard(answer, 201, echo=2000))
    assert (undone.client.model.state, undone.client.model.backoff) == (OPEN, 0)  # RFC 4015 (3.2), RFC 5682 (3.1)
    assert undone.client.model.high_seq == UNKNOWN
    assert len(undone.events(EventKind.UNDO)) == 1
    kept = plain.replay(lines, plain.heard(answer, 201, echo=2210))
    assert (kept.client.model.state, kept.client.model.high_seq) == (LOSS, 601)


# How soon the answer comes


@PLAIN
def test_an_answer_sooner_than_half_the_shortest_round_trip_is_to_the_first_copy(tap: Tap) -> None:
    half_ms = tap.peer_ms / 2  # between tap and server
    assert marked(tap.replay(twice(tap), tap.heard(2210 + half_ms - 0.001, 201))) == [7]
    between = tap.replay(twice(tap), tap.heard(2210 + half_ms, 201))
    assert (marked(between), verdicts(between)) == ([], [0])
    whole = tap.replay(twice(tap), tap.heard(2210 + tap.peer_ms, 201))
    assert (marked(whole), verdicts(whole)) == ([], [NEEDED])


@TAPS
def test_a_sack_block_too_soon_is_to_the_first_copy(tap: Tap) -> None:
    # The tail is probed while the head is missing: the block for it was on its way.
    soon = tap.heard(2026 + tap.peer_ms / 4, 101, "501:601", echo=2000)
    assert marked(tap.replay(tap.flight(), tap.sent(2026, 501, 601), soon)) == [11]
    late = tap.replay(tap.flight(), tap.sent(2026, 501, 601), tap.heard(2026 + tap.peer_ms, 101, "501:601", echo=2000))
    assert (marked(late), verdicts(late)) == ([], [NEEDED])


@TAPS
def test_a_sack_block_beside_a_retransmission_says_nothing_of_it(tap: Tap) -> None:
    beside = tap.heard(2026.1, 101, "201:301", echo=2000)
    assert verdicts(tap.replay(tap.flight(), tap.sent(2026, 501, 601), beside)) == [0]


@STAMPED
def test_a_hole_that_was_filled_earlier_shows_that_what_lies_above_it_had_come(tap: Tap) -> None:
    # The receiver answers at once what fills the hole at 101, sent at 2013 ms: [201, 301) had come by then.
    plain = replace(tap, sacking=False)
    asked = "".join(plain.heard(2001 + i + plain.peer_ms, 101) for i in range(3))
    lines = plain.flight() + asked + plain.sent(2013, 101, 201) + plain.sent(2014, 201, 301)  # frames 14 and 15
    answer = 2014 + 2 * plain.peer_ms
    assert marked(plain.replay(lines, plain.heard(answer, 301, echo=2013))) == [15]
    needed = plain.replay(lines, plain.heard(answer, 301, echo=2014))
    assert (marked(needed), verdicts(needed)) == ([], [NEEDED, NEEDED])


# F-RTO (RFC 5682)


def timed_out(tap: Tap) -> str:
    """Return a flight of five (frames 6 to 10) and the timeout of its first segment (frame 11)."""
    return tap.flight() + tap.sent(2210, 101, 201)


def undone(replayed: Replayed) -> bool:
    """Return whether the timeout was taken back."""
    model = replayed.client.model
    assert len(replayed.events(EventKind.UNDO)) == (1 if model.state == OPEN else 0)
    return model.state == OPEN


@TAPS
def test_an_acknowledgment_of_what_was_sent_once_takes_a_timeout_back(tap: Tap) -> None:
    plain = replace(tap, sacking=False)
    first = plain.heard(2210 + plain.peer_ms, 201)  # after a whole round trip: the retransmission may have come
    assert not undone(plain.replay(timed_out(plain), first))
    replayed = plain.replay(timed_out(plain), first, plain.heard(2211 + plain.peer_ms, 301))
    assert undone(replayed)
    assert marked(replayed) == ([] if tap.stamped else [11])  # an echoed timestamp is the better proof


@TAPS
def test_without_sack_an_acknowledgment_that_covers_the_timeout_shows_nothing(tap: Tap) -> None:
    both = (2210 + tap.peer_ms, 301)
    assert not undone(replace(tap, sacking=False).replay(timed_out(tap), tap.heard(*both)))
    assert undone(tap.replay(timed_out(tap), tap.heard(*both)))


@TAPS
def test_a_sack_of_what_was_sent_once_takes_a_timeout_back(tap: Tap) -> None:
    replayed = tap.replay(timed_out(tap), tap.heard(2210 + tap.peer_ms, 101, "201:301", echo=2001))
    assert undone(replayed)


@TAPS
def test_what_sack_reported_before_the_timeout_shows_nothing_after_it(tap: Tap) -> None:
    lines = tap.flight() + tap.heard(2011, 101, "201:301") + tap.sent(2230, 101, 201)
    replayed = tap.replay(lines, tap.heard(2230 + tap.peer_ms, 301))
    assert replayed.kinds()[-2] == "rto-retransmission"
    assert not undone(replayed)


@TAPS
@pytest.mark.parametrize("sacks", ["", "601:701"])
def test_what_came_before_the_timeout_s_segment_shows_that_it_was_lost(tap: Tap, sacks: str) -> None:
    # New text goes out after it, and a duplicate acknowledgment answers that.
    new = tap.sent(2211, 601, 701) + tap.heard(2211 + tap.peer_ms, 101, sacks, echo=2211)
    replayed = tap.replay(timed_out(tap), new, tap.heard(2222 + tap.peer_ms, 301))
    assert not undone(replayed)
    assert replayed.client.model.frto == 0


@TAPS
def test_a_timeout_that_interrupts_a_recovery_is_not_taken_back(tap: Tap) -> None:
    asked = "".join(tap.heard(2001 + i + tap.peer_ms, 101) for i in range(3)) + tap.sent(2013, 101, 201)
    replayed = tap.replay(tap.flight(), asked, tap.sent(2300, 101, 201), tap.heard(2300 + tap.peer_ms, 401))
    assert replayed.kinds()[-2] == "rto-retransmission"
    assert not undone(replayed)


# D-SACK (RFC 2883 4)


@TAPS
def test_a_d_sack_below_the_acknowledgment_marks_a_probe_that_arrived_twice(tap: Tap) -> None:
    answer = 2210 + tap.peer_ms / 2
    lines = twice(tap) + tap.heard(answer, 201, "101:201", echo=2210)
    assert marked(tap.replay(lines)) == [7]


@TAPS
def test_a_d_sack_inside_the_second_block_counts_too(tap: Tap) -> None:
    # RFC 2883 (4), case 2: the first block lies in the second; the head is still missing.
    answer = tap.heard(2026 + tap.peer_ms, 101, "501:601 301:601", echo=2000)
    assert marked(tap.replay(tap.flight(), tap.sent(2026, 501, 601), answer)) == [11]


@TAPS
@pytest.mark.parametrize("blocks", ["501:601 301:551", "501:601 551:651"])
def test_a_first_block_that_leaves_the_second_is_none(tap: Tap, blocks: str) -> None:
    answer = tap.heard(2026 + tap.peer_ms / 2, 101, blocks, echo=2000)
    assert marked(tap.replay(tap.flight(), tap.sent(2026, 501, 601), answer)) == []


@PLAIN
def test_a_d_sack_marks_the_newest_undecided_retransmission_and_no_other(tap: Tap) -> None:
    plain = replace(tap, sacking=False)
    lines = plain.sent(2000, 101, 201) + plain.sent(2001, 201, 301)  # frames 6 and 7
    lines += plain.sent(2210, 101, 201) + plain.sent(2630, 101, 201)  # frames 8 and 9, nothing decides between them
    d_sack = plain.heard(2630 + plain.peer_ms / 2, 101, "0:0")  # an empty block changes nothing
    replayed = plain.replay(lines, d_sack)
    assert verdicts(replayed) == [0, 0]
    client, recorder, segment = replayed.client, replayed.recorder, replayed.last
    segment.sack_edges[0], segment.sack_edges[1] = (client.isn + 101) % 2**32, (client.isn + 201) % 2**32
    segment.ack = 201
    judge(client, recorder, segment, UNKNOWN)
    assert verdicts(replayed) == [0, UNNEEDED]
    judge(client, recorder, segment, UNKNOWN)
    assert verdicts(replayed) == [UNNEEDED, UNNEEDED]
    judge(client, recorder, segment, UNKNOWN)
    assert client.spurious == 2


@TAPS
def test_a_d_sack_after_a_copy_that_the_path_made_marks_nothing(tap: Tap) -> None:
    copy = tap.sent(2000, 101, 201) + tap.sent(2000.1, 101, 201) + tap.heard(2000 + tap.peer_ms, 201)
    d_sack = tap.heard(2000.1 + tap.peer_ms, 201, "101:201")
    replayed = tap.replay(copy, d_sack)
    assert replayed.kinds()[6] == "network-duplicate"
    assert marked(replayed) == []


@TAPS
def test_a_d_sack_for_what_was_needed_marks_nothing(tap: Tap) -> None:
    needed = twice(tap) + tap.heard(2210 + tap.peer_ms, 201)
    replayed = tap.replay(needed, tap.heard(2211 + tap.peer_ms, 201, "101:201"))
    assert (marked(replayed), verdicts(replayed)) == ([], [NEEDED])


@TAPS
def test_sack_blocks_tell_how_far_data_arrived(tap: Tap) -> None:
    replayed = tap.replay(tap.flight(), tap.heard(2020, 101, "301:401 201:251"))
    assert replayed.client.model.sacked_to == 401


# The functions


def test_without_a_round_trip_no_answer_is_too_soon() -> None:
    sender, segment = Endpoint(State.ESTABLISHED), Segment()
    segment.ack, segment.time_ns = 201, 5 * MS
    sender.model.note_resent(101, 201, UNKNOWN, 5 * MS, -1, SegmentKind.TAIL_LOSS_PROBE)
    judge(sender, Recorder(True, True), segment, 101)
    sender.sample(MS, MS)
    sender.reset(State.ESTABLISHED)
    sender.model.note_resent(101, 201, UNKNOWN, 5 * MS, -1, SegmentKind.TAIL_LOSS_PROBE)
    judge(sender, Recorder(True, True), segment, 101)
    assert (sender.model.entry(0, VERDICT), sender.spurious) == (0, 0)


@pytest.mark.parametrize(("start", "end"), [(1, 101), (201, 301)])
def test_an_acknowledgment_judges_only_what_it_covers_first(start: int, end: int) -> None:
    sender, segment = Endpoint(State.ESTABLISHED), Segment()
    sender.sample(10 * MS, 10 * MS)
    segment.ack, segment.time_ns = 201, 5 * MS
    sender.model.note_resent(start, end, UNKNOWN, 5 * MS, -1, SegmentKind.TAIL_LOSS_PROBE)
    sender.model.note_resent(101, 201, UNKNOWN, 5 * MS, -1, SegmentKind.TAIL_LOSS_PROBE)
    judge(sender, Recorder(True, True), segment, 101)
    assert [sender.model.entry(index, VERDICT) for index in (0, 1)] == [0, UNNEEDED]


@pytest.mark.parametrize(
    ("state", "kind", "after"),
    [
        (LOSS, SegmentKind.RTO_RETRANSMISSION, OPEN),
        (LOSS, SegmentKind.SLOW_START_RETRANSMISSION, LOSS),
        (RECOVERY, SegmentKind.RTO_RETRANSMISSION, RECOVERY),
    ],
)
def test_only_an_unneeded_timeout_takes_its_own_episode_back(state: int, kind: SegmentKind, after: int) -> None:
    sender = Endpoint(State.ESTABLISHED)
    sender.model.state = state
    sender.model.note_resent(101, 201, UNKNOWN, 0, -1, kind)
    decide(sender, Recorder(True, True), 0, UNNEEDED)
    assert (sender.model.state, sender.spurious) == (after, 1)


def test_what_was_needed_is_not_counted() -> None:
    sender = Endpoint(State.ESTABLISHED)
    sender.model.state = LOSS
    sender.model.note_resent(101, 201, UNKNOWN, 0, -1, SegmentKind.RTO_RETRANSMISSION)
    decide(sender, Recorder(True, True), 0, NEEDED)
    assert (sender.model.entry(0, VERDICT), sender.model.state, sender.spurious) == (NEEDED, LOSS, 0)


def test_marks_reach_the_row_of_the_retransmission_only() -> None:
    late = NEAR.sent(2000, 101, 201) + NEAR.heard(2010, 201) + NEAR.sent(2210, 101, 201)
    rows = NEAR.replay(late, NEAR.sent(2300, 201, 301), NEAR.sent(2510, 201, 301)).rows()
    assert [row["spurious"] for row in rows[5:]] == [None, None, 1, None, 0]
