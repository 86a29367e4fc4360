"""The steps of a window, read from its rows."""

from analyzer.congestion.episodes import Ending, Row, Step, StepKind, Stretches, steps_of, stretches_of
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, Limit, Phase
from tests.analyzer.congestion.stories import MS, row

SLOW, AVOID, RECOVERY, LOSS = Phase.SLOW_START, Phase.CONGESTION_AVOIDANCE, Phase.RECOVERY, Phase.LOSS


def steps(*rows: Row, events: list[Row] | None = None, delays: bool = False) -> list[Step]:
    """Return the steps of these rows."""
    return steps_of(rows, events or [], delays)


def test_a_loss_ends_slow_start_and_begins_a_recovery() -> None:
    first, second = steps(row(4, 10, SLOW), row(20, 40, SLOW), row(21, 38, RECOVERY, 20), row(30, 20, AVOID, 20))
    assert first == Step(StepKind.SLOW_START, 4, 21, 10, 40, None, ending=Ending.LOSS)
    assert second == Step(StepKind.RECOVERY, 21, 30, 40, 20, 20)


def test_cubic_leaves_slow_start_without_a_loss_by_its_delay() -> None:
    (step,) = steps(row(4, 10, SLOW), row(20, 40, AVOID, 40), delays=True)
    assert (step.ending, step.last_frame) == (Ending.DELAY, 20)


def test_other_senders_leave_slow_start_at_a_threshold_that_they_had() -> None:
    (step,) = steps(row(4, 10, SLOW, 40), row(20, 40, AVOID, 40), delays=True)
    assert step.ending is Ending.THRESHOLD


def test_a_slow_start_that_is_not_over_says_so() -> None:
    (step,) = steps(row(4, 10, SLOW), row(9, 14, SLOW))
    assert (step.ending, step.last_frame, step.cwnd_after) == (Ending.CAPTURE, None, 14)


def test_a_recovery_whose_threshold_rises_again_was_taken_back() -> None:
    steps_told = steps(row(4, 40, AVOID, 30), row(5, 36, RECOVERY, 20), row(6, 40, AVOID, 30))
    assert [(step.kind, step.undone) for step in steps_told] == [(StepKind.RECOVERY, True)]


def test_the_timeouts_of_an_episode_are_counted() -> None:
    events = [{"frame": frame, "event": EventKind.RTO} for frame in (5, 7, 30)]
    told = steps(row(4, 40, AVOID), row(5, 1, LOSS, 20), row(7, 1, LOSS, 20), row(9, 2, AVOID, 20), events=events)
    (step,) = told
    assert (step.kind, step.timeouts, step.cwnd_before) == (StepKind.TIMEOUT, 2, 40)


def test_an_echo_of_congestion_cuts_the_window_bit_by_bit_in_one_step() -> None:
    rows = [row(4, 40, AVOID, 60), row(5, 39, AVOID, 20), row(6, 30, AVOID, 20), row(7, 20, AVOID, 20)]
    assert steps(*rows, row(9, 21, AVOID, 20)) == [Step(StepKind.CUT, 5, 7, 40, 20, 20)]


def test_a_window_that_shrinks_after_a_rest_is_told_with_the_pause() -> None:
    rest, begin = steps(row(4, 40_000, AVOID, 30_000, flight=0), row(504, 10_000, SLOW, 30_000))
    assert rest == Step(StepKind.IDLE_RESTART, 504, 504, 40_000, 10_000, 30_000, pause_ns=500 * MS)
    assert (begin.kind, begin.cwnd_before) == (StepKind.SLOW_START, 10_000)


def test_a_window_that_is_not_used_shrinks_without_a_rest() -> None:
    (step,) = steps(row(4, 40_000, AVOID, 30_000), row(5, 25_000, AVOID, 30_000))
    assert step.kind is StepKind.UNUSED


def test_rows_without_a_window_tell_nothing() -> None:
    assert steps(row(4, UNKNOWN, SLOW), row(5, UNKNOWN, SLOW)) == []


def test_stretches_of_a_limit_are_summed_up() -> None:
    held = {"limit": Limit.APPLICATION}
    rows = [row(0, 1, AVOID), row(60, 1, AVOID, **held), row(130, 1, AVOID, **held), row(140, 1, AVOID),
            row(200, 1, AVOID, **held), row(201, 1, AVOID)]  # fmt: skip
    # From 0 to 130 ms and from 140 to 200 ms: 190 ms; both last a round trip of 50 ms.
    assert stretches_of(rows, Limit.APPLICATION) == Stretches(2, 190 * MS, 130 * MS, (0, 130))


def test_stretches_of_less_than_a_round_trip_and_the_end_are_left_out() -> None:
    held = {"limit": Limit.APPLICATION}
    rows = [row(0, 1, AVOID), row(40, 1, AVOID, **held), row(50, 1, AVOID), row(500, 1, AVOID, **held)]
    assert stretches_of(rows, Limit.APPLICATION) == Stretches()
