"""Which model is named, and when none is."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.congestion.candidates import Candidates
from reconstruct.congestion.identify import RULING_CHANCES, TELLING_CHANCES, TELLING_MARGIN, Verdict, rule_out
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl


def judged(*counts: tuple[int, int, int, int], sent: int = 1000) -> Verdict:
    """Return the verdict on models with these fits, overs, unders and raised segments."""
    candidates = Candidates()
    for model in candidates.models:
        model.alive = 0
    for model, (fits, overs, unders, raised) in zip(candidates.models, counts, strict=False):
        model.alive = 1
        model.fits, model.overs, model.unders, model.raised = fits, overs, unders, raised
    verdict = Verdict()
    verdict.judge(candidates, sent)
    return verdict


def test_the_model_that_is_never_contradicted_is_named() -> None:
    verdict = judged((500, 0, 0, 0), (100, 40, 360, 40))
    assert verdict.kind == CongestionControl.RENO
    assert verdict.confidence > 990_000


def test_what_was_sent_beyond_the_window_rules_a_model_out() -> None:
    assert judged((980, 20, 0, 20), (1000, 0, 0, 0)).kind == CongestionControl.CUBIC


def test_models_that_fit_alike_are_not_told_apart_but_give_a_window() -> None:
    verdict = judged((500, 0, 0, 0), (500, 0, 0, 0))
    assert (verdict.kind, verdict.best) == (CongestionControl.UNKNOWN, 0)


def test_a_few_chances_name_nothing() -> None:
    assert judged((TELLING_CHANCES - 1, 0, 0, 0), (0, 0, TELLING_CHANCES - 1, 0)).kind == CongestionControl.UNKNOWN


def test_a_model_that_explains_less_than_half_is_not_named() -> None:
    assert judged((40, 0, 60, 0), (0, 0, 100, 0)).kind == CongestionControl.UNKNOWN


def test_a_single_chance_gives_no_window() -> None:
    assert judged((1, 0, 0, 0), (1, 0, 0, 0)).best == -1


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_larger_margin_is_never_less_certain(one: int, other: int) -> None:
    less, more = sorted((one, other))
    first, second = (
        judged((1000, 0, 0, 0), (1000 - 10 * less, 0, 10 * less, 0)),
        judged((1000, 0, 0, 0), (1000 - 10 * more, 0, 10 * more, 0)),
    )
    if first.margin >= TELLING_MARGIN:
        assert first.confidence <= second.confidence < 1_000_000


def ruled_out(fits: int, unders: int) -> list[int]:
    """Return which models go on after Reno always fitted and CUBIC fitted so often."""
    candidates = Candidates()
    reno, cubic, bbr = candidates.models
    reno.fits, cubic.fits, cubic.unders, bbr.alive = fits + unders, fits, unders, 0
    rule_out(candidates, 0, 1000, 77)
    return [model.alive for model in candidates.models]


def test_a_model_far_behind_is_not_followed_any_further() -> None:
    assert ruled_out(RULING_CHANCES // 2, RULING_CHANCES // 2) == [1, 0, 0]


def test_a_model_that_may_still_be_right_goes_on() -> None:
    assert ruled_out(RULING_CHANCES - 20, 20) == [1, 1, 0]
    assert ruled_out(RULING_CHANCES // 4, RULING_CHANCES // 4) == [1, 1, 0]


def test_a_model_that_is_given_up_tells_where() -> None:
    candidates = Candidates()
    reno, cubic, _ = candidates.models
    reno.fits, cubic.overs = RULING_CHANCES, RULING_CHANCES
    rule_out(candidates, 0, 1000, 77)
    assert (reno.ended_frame, cubic.ended_frame) == (UNKNOWN, 77)
