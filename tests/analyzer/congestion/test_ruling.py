"""What rules a congestion control out, and why none is named."""

import pytest

from analyzer.congestion.ruling import Candidate, Row, candidates_of, why_unknown
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, Contradiction

RENO, CUBIC, BBR = CongestionControl.RENO, CongestionControl.CUBIC, CongestionControl.BBR


def fared(control: CongestionControl, score: int, best: int = 0, chances: int = 100, **cells: int) -> Row:
    """Return how a model fared that nothing contradicts."""
    nothing = dict.fromkeys(("ended_frame", "against", "frame", "allowed", "seen"), UNKNOWN)
    return nothing | {"control": control, "score": score, "best": best, "chances": chances} | cells


def candidates(*rows: Row, named: int = 0) -> list[Candidate]:
    """Return the candidates of these rows."""
    return candidates_of(rows, named)


def test_where_one_is_named_the_others_are_ruled_out() -> None:
    against = {"against": Contradiction.BEYOND_WINDOW, "frame": 30, "allowed": 5, "seen": 9}
    reno, cubic = candidates(fared(RENO, 990, best=1), fared(CUBIC, 100, **against), named=RENO)
    assert (reno.ruled_out, reno.contradiction) == (False, None)
    assert (cubic.ruled_out, cubic.frame, cubic.allowed, cubic.seen) == (True, 30, 5, 9)


def test_where_none_is_named_only_those_that_were_given_up_are_ruled_out() -> None:
    told = candidates(fared(RENO, 990, best=1), fared(CUBIC, 980), fared(BBR, -300, ended_frame=80))
    assert [each.ruled_out for each in told] == [False, False, True]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([fared(RENO, 0, chances=1)], "put a window to the test once: that tells nothing"),
        ([fared(RENO, 990, best=1, chances=7)], "put a window to the test 7 times, and it takes 20 to tell"),
        ([fared(CUBIC, 440, best=1)], "no model explains what it sent: CUBIC, the nearest, fits 44 %"),
        ([fared(RENO, 990, best=1), fared(CUBIC, 980)], "Reno (99 %) and CUBIC (98 %) fit alike"),
    ],
)
def test_why_none_is_named_is_said(rows: list[Row], words: str) -> None:
    assert words in why_unknown(candidates(*rows))
