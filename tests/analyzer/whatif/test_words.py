"""The estimate in words."""

from dataclasses import replace

import pytest

from analyzer.whatif.estimate import Estimate, Question
from analyzer.whatif.simulation import Transfer
from analyzer.whatif.words import asked_words, assumptions, check_words, transfer_words, verdict_words
from reconstruct.vocabulary import CongestionControl, Sender
from tests.analyzer.whatif.meeting import MS, met

RENO, BBR = CongestionControl.RENO, CongestionControl.BBR


def told(same_ms: int | None = 1000, other_ms: int | None = 500, asked: Question | None = None) -> Estimate:
    """Return an estimate of a transfer that took a second."""
    same, other = (Transfer(None if each is None else each * MS, 3, 1, 40_000, 0) for each in (same_ms, other_ms))
    return Estimate(Sender.CLIENT, met(), 1000 * MS, RENO, 10, asked or Question(BBR), same, other)


def test_the_answer_says_that_it_is_an_estimate() -> None:
    words = "An estimate: with BBR it would have taken about 500 ms instead of 1.00 s, 50% less."
    assert verdict_words(told()) == words
    assert verdict_words(told(other_ms=1500)).endswith("about 1.50 s instead of 1.00 s, 50% more.")
    assert verdict_words(told(other_ms=1010)).endswith("it would have taken about as long, 1.00 s.")
    assert verdict_words(told(other_ms=None)) == "No estimate: the simulated transfer does not end."


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Question(), "the same sender"),
        (Question(BBR), "BBR"),
        (Question(window=32), "an initial window of 32 segments"),
        (Question(BBR, 32, 65_536), "BBR with an initial window of 32 segments and a receive window of 65.5 kB"),
    ],
)
def test_what_is_asked_is_said(asked: Question, words: str) -> None:
    assert asked_words(told(asked=asked)) == words


def test_what_it_is_worth_is_said() -> None:
    assert check_words(told(1050)) == "The sender as it was, simulated in the same way, is 5.0% off the real time."
    assert check_words(told(1500)).endswith("take the estimate for a direction at most.")
    assert "worth nothing" in check_words(told(None))


def test_a_transfer_is_told_with_its_figures() -> None:
    assert transfer_words(told().same) == "1.00 s, 3 sent again, 1 timeout, largest window 40.0 kB"
    assert transfer_words(told(None).same).startswith("no end")


def test_every_assumption_is_told() -> None:
    plain = " ".join(assumptions(told()))
    for words in ("No link slowed it down", "never seen to overflow", "always had something to send", "nobody else"):
        assert words in plain
    found = met(rate=1_250_000, queue_bytes=50_000, lost={1: 2}, writes=((5, 9),), most_flight=9000)
    full = " ".join(assumptions(replace(told(asked=Question(rwnd=5000)), met=found)))
    for words in ("carries 10.0 Mbit/s", "queue holds 50.0 kB", "2 segments lost", "paused 1 time", "than 9.00 kB in"):
        assert words in full
    assert "pauses of the reader" not in full
