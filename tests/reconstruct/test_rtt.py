"""Round-trip times: the estimator against the words of RFC 6298, quantiles against sorted samples."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.rtt import (
    BUCKETS,
    EXACT_SAMPLES,
    INITIAL_RTO_NS,
    JIFFY_NS,
    MAX_RTO_NS,
    MIN_RTO_NS,
    RttEstimator,
    RttHistogram,
    bucket_floor,
    bucket_of,
)
from reconstruct.seq import UNKNOWN

MS = 1_000_000  # ns
LARGEST_NS = (1 << 43) - 1  # what the last bucket ends with: 31 * 2^38 + 2^38 - 1
SAMPLES = st.one_of(st.integers(0, 100), st.integers(0, 400 * MS), st.integers(0, LARGEST_NS))
FRACTIONS = st.sampled_from([(0, 1), (1, 20), (1, 2), (19, 20), (99, 100), (1, 1)])


def estimator(samples: list[int]) -> RttEstimator:
    """Return an estimator that was given these samples."""
    made = RttEstimator()
    for sample_ns in samples:
        made.add(sample_ns)
        made.smooth(sample_ns, 0, 0)
    return made


def nearest_rank(samples: list[int], numerator: int, denominator: int) -> int:
    """Return the smallest sample that at least this fraction of all samples does not exceed."""
    return sorted(samples)[max(1, ceil(Fraction(len(samples) * numerator, denominator))) - 1]


# RFC 6298


@given(st.lists(SAMPLES, min_size=1, max_size=40).map(sorted))
def test_while_the_path_slows_down_the_estimate_is_that_of_rfc_6298(samples: list[int]) -> None:
    alpha, beta = Fraction(1, 8), Fraction(1, 4)  # RFC 6298 (2.3)
    srtt, rttvar = Fraction(samples[0]), Fraction(samples[0], 2)  # (2.2)
    for sample in samples[1:]:
        rttvar = (1 - beta) * rttvar + beta * abs(srtt - sample)  # (2.3): RTTVAR before SRTT
        srtt = (1 - alpha) * srtt + alpha * sample
    made = estimator(samples)
    # Rounding down loses less than 1 ns a step, of which 1/8 goes on each time: 8 ns at most; RTTVAR takes these over.
    assert 0 <= srtt - made.srtt_ns <= 8
    assert abs(rttvar - made.rttvar_ns) <= 12


@given(st.lists(SAMPLES, min_size=1, max_size=40))
def test_the_timeout_is_at_least_200_ms_above_the_round_trip_in_whole_ticks(samples: list[int]) -> None:
    made = estimator(samples)
    assert made.rto_ns % JIFFY_NS == 0
    assert made.rto_ns >= min(made.srtt_ns + max(MIN_RTO_NS, 4 * made.rttvar_ns), MAX_RTO_NS)


def test_a_sample_below_the_smoothed_time_raises_the_deviation_by_an_eighth_of_the_usual() -> None:
    steady = [80 * MS] * 100  # RTTVAR fades to nothing
    slower, faster = estimator([*steady, 144 * MS]), estimator([*steady, 16 * MS])
    assert (slower.srtt_ns, faster.srtt_ns) == (88 * MS, 72 * MS)  # an eighth of 64 ms to either side
    assert slower.rttvar_ns == pytest.approx(16 * MS, rel=0.001)  # a quarter of 64 ms
    assert faster.rttvar_ns == pytest.approx(2 * MS, rel=0.001)  # Linux: an eighth of that


def test_the_timeout_falls_by_a_quarter_of_its_excess_each_round_trip() -> None:
    made = RttEstimator()
    made.smooth(300 * MS, 1, 1)
    assert made.rto_ns == 900 * MS  # 300 + 4 * 150
    for nxt in (100, 200, 300):  # SND.UNA passes what SND.NXT was: a round each
        made.smooth(300 * MS, nxt, nxt)
    # Round 1 has the first deviation of 600 ms as its largest. Of rounds 2 and 3 the largest are 337.5 and 253.1 ms
    # (the deviation falls by a quarter each time): 600 - 262.5 / 4 = 534.4, then 534.4 - 281.3 / 4 = 464.1.
    assert made.variation_ns == pytest.approx(464.06 * MS, rel=0.0001)
    assert made.rto_ns == 768 * MS  # 764.06 in ticks of 4 ms


def test_what_passes_the_tap_was_sent_before_the_newest_sample_was_heard() -> None:
    made = estimator([20 * MS])
    made.remember(1000 * MS, 50 * MS)  # this sample passes the tap 50 ms before what answers it
    made.smooth(420 * MS, 0, 0)
    made.remember(1010 * MS, 50 * MS)
    made.smooth(420 * MS, 0, 0)
    made.recall(1049 * MS)
    assert (made.heard_srtt_ns, made.heard_rto_ns) == (20 * MS, 220 * MS)
    made.recall(1050 * MS)
    assert (made.heard_srtt_ns, made.heard_rto_ns) == (made.srtt_ns, made.rto_ns)
    assert made.srtt_ns == 70 * MS + 350 * MS // 8  # 20 + 400 / 8, then an eighth of what is missing to 420


def test_a_part_of_the_way_that_becomes_known_is_added_to_what_was_measured() -> None:
    whole, lifted = estimator([50 * MS]), estimator([30 * MS])
    lifted.lift(20 * MS)
    assert (lifted.srtt_ns, lifted.rttvar_ns, lifted.rto_ns) == (whole.srtt_ns, whole.rttvar_ns, whole.rto_ns)
    assert (lifted.min_ns, lifted.samples) == (30 * MS, 1)  # what the tap saw stays


def test_before_the_first_sample_the_timeout_is_a_second() -> None:
    made = RttEstimator()
    assert made.rto_ns == INITIAL_RTO_NS == 1_000 * MS  # RFC 6298 (2.1)
    assert (made.srtt_ns, made.rttvar_ns, made.min_ns, made.quantile(1, 2)) == (UNKNOWN,) * 4


def test_the_first_sample_sets_the_variation_to_its_half() -> None:
    made = estimator([300 * MS])
    assert (made.srtt_ns, made.rttvar_ns) == (300 * MS, 150 * MS)
    assert made.rto_ns == 900 * MS  # 300 + 4 * 150


def test_a_steady_path_has_the_round_trip_and_the_floor_as_its_timeout() -> None:
    made = estimator([20 * MS] * 60)
    assert made.rto_ns == 20 * MS + MIN_RTO_NS == 220 * MS


def test_the_timeout_has_a_ceiling() -> None:
    assert estimator([100_000 * MS]).rto_ns == MAX_RTO_NS  # 100 s + 4 * 50 s


# The minimum and quantiles


@given(st.lists(SAMPLES, min_size=1, max_size=60))
def test_the_minimum_is_that_of_all_samples(samples: list[int]) -> None:
    made = estimator(samples)
    assert (made.min_ns, made.samples) == (min(samples), len(samples))


@given(st.lists(SAMPLES, min_size=1, max_size=EXACT_SAMPLES), FRACTIONS)
def test_quantiles_of_few_samples_are_exact(samples: list[int], fraction: tuple[int, int]) -> None:
    assert estimator(samples).quantile(*fraction) == nearest_rank(samples, *fraction)


@given(st.lists(SAMPLES, min_size=EXACT_SAMPLES + 1, max_size=80), FRACTIONS)
def test_quantiles_of_many_samples_are_within_a_thirty_second(samples: list[int], fraction: tuple[int, int]) -> None:
    exact = nearest_rank(samples, *fraction)
    assert abs(estimator(samples).quantile(*fraction) - exact) * 32 <= exact


@given(st.lists(SAMPLES, min_size=1, max_size=40), FRACTIONS)
def test_no_quantile_is_below_the_minimum(samples: list[int], fraction: tuple[int, int]) -> None:
    assert estimator(samples).quantile(*fraction) >= min(samples)


def test_the_median_of_equal_samples_at_the_end_of_their_bucket_is_the_minimum() -> None:
    # 2^20 - 1 is the last of 31 << 15 up to 2^20; the middle of that bucket is 1,032,192.
    assert estimator([(1 << 20) - 1] * 17).quantile(1, 2) == (1 << 20) - 1


def test_the_sixteen_samples_kept_as_they_are_are_in_the_histogram_too() -> None:
    assert estimator([10] * 16).histogram is None
    made = estimator([10] * 16 + [20])
    assert made.histogram is not None
    assert made.histogram.total == 17
    assert [made.quantile(16, 17), made.quantile(1, 1)] == [10, 20]


@pytest.mark.parametrize("count", [1, 40])
def test_beyond_the_last_rank_nothing_is_known(count: int) -> None:
    assert estimator([5] * count).quantile(2, 1) == UNKNOWN


def test_after_a_reset_all_samples_are_forgotten() -> None:
    made = estimator([5 * MS] * 40)
    made.reset()
    assert (made.samples, made.histogram, made.srtt_ns, made.min_ns) == (0, None, UNKNOWN, UNKNOWN)
    assert (made.rto_ns, made.quantile(1, 2)) == (INITIAL_RTO_NS, UNKNOWN)
    made.add(9)
    assert (made.min_ns, made.quantile(1, 2)) == (9, 9)


# Buckets


@given(st.integers(0, LARGEST_NS))
def test_a_sample_lies_in_its_bucket_and_that_is_a_sixteenth_wide(sample_ns: int) -> None:
    bucket = bucket_of(sample_ns)
    low, high = bucket_floor(bucket), bucket_floor(bucket + 1)
    assert low <= sample_ns < high
    assert (high - low) * 16 <= max(low, 16)


def test_buckets_follow_each_other_without_a_gap() -> None:
    floors = [bucket_floor(bucket) for bucket in range(BUCKETS)]
    assert floors == sorted(set(floors))
    assert [bucket_of(low) for low in floors] == list(range(BUCKETS))
    assert [bucket_of(low - 1) for low in floors[1:]] == list(range(BUCKETS - 1))


@pytest.mark.parametrize(
    ("sample_ns", "bucket"),
    [
        (0, 0),
        (31, 31),
        (32, 32),
        (33, 32),  # two a bucket from 32 on
        (-5, 0),
        ((16 << 16) - 1, 16 * 15 + 31),  # just below 2^20: octave 15, the last of its 16 buckets
        (16 << 16, 16 * 16 + 16),  # 2^20: octave 16, the first of its buckets
        (LARGEST_NS, BUCKETS - 1),
        (LARGEST_NS + 1, BUCKETS - 1),
        ((1 << 62) + 1, BUCKETS - 1),
    ],
)
def test_samples_are_put_into_the_bucket_of_their_octave(sample_ns: int, bucket: int) -> None:
    assert bucket_of(sample_ns) == bucket


def test_a_histogram_tells_the_middle_of_a_bucket_by_rank() -> None:
    histogram = RttHistogram()
    for sample_ns in (1_000, 5, 1_000):  # 1000 is 31 << 5 + 8: from 992 to 1024, middle 1008
        histogram.add(sample_ns)
    assert [histogram.rank(rank) for rank in range(4)] == [5, 1008, 1008, UNKNOWN]
