"""SYN cookies: signs add up, single ones do not convict, and proof of memory clears."""

import pytest

from analyzer.cookies import Around, Verdict, _judge_minute
from reconstruct.vocabulary import CookieSign

CALM = Around(missed=0.02, jitter=0.04, lags_even=True, answers_options=True, shows_acks=True)


def judged(given: Around | None = None, **signs: int) -> Verdict:
    """Return the verdict on a minute with these signs."""
    return _judge_minute([signs.get(sign.name.lower(), 0) for sign in CookieSign], given or CALM)


@pytest.mark.parametrize(
    "signs",
    [
        {"not_resent": 1},
        {"lag_fits": 1},
        {"bare": 400},
        {"isn_same": 1},
        {"code_fits": 1},
        {"no_window": 50},
        {"byte_fits": 400},
        {"lag_fits": 3, "lag_none": 200},
    ],
)
def test_no_single_weak_sign_convicts(signs: dict[str, int]) -> None:
    assert judged(None, answers=400, **signs).probability < 0.5


@pytest.mark.parametrize(
    "signs",
    [{"not_resent": 10}, {"lag_fits": 8}, {"isn_same": 2}, {"code_fits": 6}, {"lag_fits": 3, "not_resent": 3}],
)
def test_signs_that_agree_convict(signs: dict[str, int]) -> None:
    assert judged(None, answers=400, **signs).probability > 0.9


def test_a_few_connections_that_were_remembered_before_the_onset_do_not_acquit() -> None:
    assert judged(answers=500, resent=17, not_resent=400).text == "active"


def test_syn_acks_that_come_again_acquit() -> None:
    assert judged(answers=18, resent=17).probability < 0.001


def test_a_capture_without_any_ack_cannot_tell_what_was_left_unanswered() -> None:
    filtered = Around(missed=0.02, jitter=0.04, lags_even=True, answers_options=True, shows_acks=False)
    assert judged(filtered, answers=400, not_resent=400).probability < 0.01


def test_a_path_with_jitter_makes_lags_weigh_less() -> None:
    shaky = Around(missed=0.02, jitter=0.5, lags_even=True, answers_options=True, shows_acks=True)
    assert judged(shaky, answers=5, lag_fits=5).probability < 0.1 < judged(answers=5, lag_fits=5).probability


def test_reasons_come_with_the_heaviest_first() -> None:
    reasons = judged(answers=400, lag_fits=20, not_resent=400, bare=400).reasons
    assert [reason.split()[0] for reason in reasons] == ["the", "400", "400"]
