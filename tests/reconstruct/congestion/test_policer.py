"""A policed path: two stretches that lose a fifth at one rate are kept to, for 48 rounds."""

from reconstruct.congestion.policer import KEPT_ROUNDS, Policer

MSS = 1000
ROUND_US = 50_000


def lossy(policer: Policer, rounds: int, per_round: int, lost_each: int, start: int = 0) -> int:
    """Let so many rounds pass, each of which delivers and loses so many segments; return the last round."""
    for at in range(start + 1, start + rounds + 1):
        if not policer.in_use:
            policer.sample(at * ROUND_US, at * per_round, at * lost_each, lost_each, 0, 1, MSS)
    return start + rounds


def test_two_lossy_stretches_of_one_rate_are_a_policer() -> None:
    policer = Policer()
    # The first loss begins a stretch; after four rounds it has lost 25 of 100, more than 50 of 256. So has the next.
    lossy(policer, 9, 100, 25)
    assert policer.in_use == 1
    # 100 segments each 50 ms are 2 segments a ms: 2/1000 of a segment each us, times 2^24.
    assert policer.rate == (2 << 24) // 1000


def test_losses_below_a_fifth_are_no_policer() -> None:
    policer = Policer()
    lossy(policer, 14, 100, 15)
    assert (policer.in_use, policer.rate) == (0, 0)


def test_without_a_loss_nothing_is_sampled() -> None:
    policer = Policer()
    lossy(policer, 30, 100, 0)
    assert policer.sampling == 0


def test_a_sender_without_data_ends_the_sampling() -> None:
    policer = Policer()
    last = lossy(policer, 3, 100, 25)
    policer.sample((last + 1) * ROUND_US, 400, 100, 25, 1, 1, MSS)
    assert policer.sampling == 0


def test_a_stretch_that_lasts_too_long_is_given_up() -> None:
    policer = Policer()
    last = lossy(policer, 1, 100, 25)
    for at in range(last + 1, last + 18):  # 17 rounds without another loss; 16 are the most
        policer.sample(at * ROUND_US, at * 100, 25, 0, 0, 1, MSS)
    assert policer.sampling == 0


def test_stretches_of_different_rates_are_no_policer() -> None:
    policer = Policer()
    last = lossy(policer, 5, 100, 25)
    first = policer.rate
    for at in range(1, 6):  # 60 instead of 100 a round: more than an eighth less
        policer.sample((last + at) * ROUND_US, 500 + at * 60, 125 + at * 15, 15, 0, 1, MSS)
    assert first > 0
    assert policer.in_use == 0


def test_the_rate_is_kept_to_for_48_rounds() -> None:
    policer = Policer()
    lossy(policer, 9, 100, 25)
    assert [policer.kept_for() for _ in range(KEPT_ROUNDS)] == [0] * (KEPT_ROUNDS - 1) + [1]
