"""The congestion story in sentences."""

import pytest

from analyzer.congestion.episodes import Ending, Step, StepKind, Stretches
from analyzer.congestion.ruling import Candidate
from analyzer.congestion.story import Story
from analyzer.congestion.words import application_words, bounds_words, ruling_words, step_words, verdict_words
from reconstruct.vocabulary import CongestionControl, Contradiction, Sender

MS = 1_000_000  # ns


def candidate(how: Contradiction | None, allowed: int, seen: int, ended: int | None = None) -> Candidate:
    """Return CUBIC, ruled out by frame 9."""
    return Candidate(CongestionControl.CUBIC, False, True, 50, 120, ended, how, 9, allowed, seen)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (Contradiction.BEYOND_WINDOW, "frame 9 made it 9,000 bytes in flight, CUBIC would have allowed 5,000"),
        (
            Contradiction.SHORT_OF_WINDOW,
            "frame 9 was the last of its burst with 9,000 bytes in flight, CUBIC would have gone on to 5,000",
        ),
        (
            Contradiction.AHEAD_OF_PACE,
            "frame 9 left 9.00 µs after the burst before it, CUBIC would have let it go after 5.00 µs",
        ),
        (None, "it fits 12 % of what was sent"),
    ],
)
def test_a_candidate_is_ruled_out_in_words(how: Contradiction | None, words: str) -> None:
    assert ruling_words(candidate(how, 5000, 9000, 20)) == f"Not CUBIC: {words}. It was given up at frame 20."


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            Step(StepKind.SLOW_START, 4, 20, 14480, 40000, ending=Ending.DELAY),
            "Slow start from frame 4 until frame 20: window 14.5 kB → 40.0 kB, ended without a loss, by HyStart.",
        ),
        (
            Step(StepKind.RECOVERY, 20, 30, 40000, 20000, 20000),
            "Recovery, frames 20 to 30: window 40.0 kB → 20.0 kB, ssthresh 20.0 kB.",
        ),
        (
            Step(StepKind.TIMEOUT, 20, None, 40000, None, 20000, timeouts=3),
            "Timeout, from frame 20 to the end, 3 in a row: window 40.0 kB before it, ssthresh 20.0 kB.",
        ),
        (
            Step(StepKind.RECOVERY, 20, 21, 40000, 40000, 20000, undone=True),
            "Recovery, frames 20 to 21: window 40.0 kB → 40.0 kB, ssthresh 20.0 kB; taken back, it was unfounded.",
        ),
        (
            Step(StepKind.IDLE_RESTART, 50, 50, 40000, 14480, pause_ns=500 * MS),
            "Restart after a rest of 500 ms, frame 50: window 40.0 kB → 14.5 kB.",
        ),
        (Step(StepKind.DRAIN, 5, 9, 3000, 2000), "Drain, frames 5 to 9: window 3.00 kB → 2.00 kB."),
    ],
)
def test_a_step_is_a_short_sentence(step: Step, words: str) -> None:
    assert step_words(step) == words


def test_a_verdict_is_told_with_its_confidence() -> None:
    story = Story(Sender.CLIENT, CongestionControl.CUBIC, 0.995, initial_window=10)
    assert list(verdict_words(story)) == ["CUBIC, 99.5% sure.", "First flight of 10 segments."]


def test_an_unknown_one_is_told_with_the_reason_and_whose_window_it_is() -> None:
    reno = Candidate(CongestionControl.RENO, True, False, 7, 1000, None, None, None, None, None)
    story = Story(Sender.CLIENT, CongestionControl.UNKNOWN, unknown_because="so", candidates=[reno])
    assert list(verdict_words(story)) == [
        "Congestion control unknown: so.",
        "The window told here is that of Reno, which fits best.",
    ]


def test_a_window_that_cannot_be_told_has_a_reason_and_a_lower_bound() -> None:
    story = Story(Sender.CLIENT, CongestionControl.UNKNOWN, unobservable_because="so", flight_max=3000)
    (words,) = verdict_words(story)
    assert words == "Its congestion window cannot be told: so. It had at least 3.00 kB in flight."
    assert list(bounds_words(story)) == []


def test_what_is_bounded_instead_of_known_is_said() -> None:
    away = Story(Sender.CLIENT, CongestionControl.RENO, rebuilt=True, half_width=0.041, unconfirmed=True, flight_max=9)
    rebuilt, unconfirmed = bounds_words(away)
    assert "is bounded to within 4.1%" in rebuilt
    assert unconfirmed.endswith("it was at least 9 B.")


def test_an_application_that_held_its_sender_back_is_told_and_none_is_not() -> None:
    story = Story(Sender.CLIENT, CongestionControl.RENO)
    assert application_words(story) is None
    story.application = Stretches(2, 190 * MS, 130 * MS, (4, 30))
    told = application_words(story)
    assert told is not None
    assert "2 times, 190 ms in all, the longest of 130 ms in frames 4 to 30." in told
