# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Round-trip times of one sender: the estimator of RFC 6298, the minimum, and quantiles in bounded memory."""

from reconstruct.seq import UNKNOWN

CLOCK_GRANULARITY_NS = 1_000_000  # ns, G of RFC 6298 (2); Linux counts in microseconds and floors RTTVAR instead
INITIAL_RTO_NS = 1_000_000_000  # ns, RFC 6298 (2.1)
MIN_RTO_NS = 200_000_000  # ns, Linux's TCP_RTO_MIN; RFC 6298 (2.4) says 1 s
MAX_RTO_NS = 120_000_000_000  # ns, Linux's TCP_RTO_MAX; RFC 6298 (2.5) allows any value of at least 60 s
EXACT_SAMPLES = 16  # samples kept as they are; most short connections have fewer
BUCKETS_PER_OCTAVE = 16  # buckets for each doubling: a quantile is off by at most 1/32
BUCKETS = 640  # 32 exact ones up to 2^5 ns, then 38 octaves of 16: up to 2^43 ns, two and a half hours
_STRIDE = 16  # octaves
_UNKNOWN = UNKNOWN
_EXACT = EXACT_SAMPLES
_BUCKETS = BUCKETS
_PER_OCTAVE = BUCKETS_PER_OCTAVE
_INITIAL_RTO_NS = INITIAL_RTO_NS
_MIN_RTO_NS = MIN_RTO_NS
_MAX_RTO_NS = MAX_RTO_NS


class RttHistogram:
    """Counts of samples in buckets whose width is a sixteenth of their octave."""

    def __init__(self) -> None:
        """Make an empty histogram."""
        self.counts = [0] * 640
        self.total = 0

    def add(self, sample_ns: int) -> None:
        """Count one sample."""
        self.counts[bucket_of(sample_ns)] += 1
        self.total += 1

    def rank(self, rank: int) -> int:
        """Return the middle of the bucket that holds the sample of this 0-based rank, in ns."""
        below = 0
        for bucket in range(_BUCKETS):
            below += self.counts[bucket]
            if below > rank:
                return (bucket_floor(bucket) + bucket_floor(bucket + 1)) // 2
        return _UNKNOWN


def bucket_of(sample_ns: int) -> int:
    """Return the bucket of a sample: 16 buckets for each doubling, exact below 32 ns."""
    octave = 0
    while sample_ns >= _PER_OCTAVE << _STRIDE:  # most samples are milliseconds: 16 octaves at once, then one by one
        sample_ns >>= _STRIDE
        octave += _STRIDE
    while sample_ns >= 2 * _PER_OCTAVE:
        sample_ns >>= 1
        octave += 1
    return min(octave * _PER_OCTAVE + max(sample_ns, 0), _BUCKETS - 1)


def bucket_floor(bucket: int) -> int:
    """Return the smallest sample of a bucket, in ns."""
    if bucket < 2 * _PER_OCTAVE:
        return bucket
    octave = bucket // _PER_OCTAVE - 1
    return (bucket - octave * _PER_OCTAVE) << octave


class RttEstimator:
    """Smoothed round-trip time, its variation, the timeout that follows, the minimum and quantiles; all in ns."""

    def __init__(self) -> None:
        """Make an estimator without a sample."""
        self.exact = [0] * 16
        self.reset()

    def reset(self) -> None:
        """Forget all samples."""
        self.srtt_ns = self.rttvar_ns = self.min_ns = _UNKNOWN
        self.rto_ns = _INITIAL_RTO_NS
        self.samples = 0
        self.histogram: RttHistogram | None = None

    def smooth(self, sample_ns: int) -> None:
        """Feed the estimator of RFC 6298 (2.2, 2.3)."""
        if self.srtt_ns == _UNKNOWN:
            self.srtt_ns = sample_ns  # RFC 6298 (2.2)
            self.rttvar_ns = sample_ns // 2
        else:
            error_ns = sample_ns - self.srtt_ns
            deviation_ns = error_ns if error_ns > 0 else -error_ns
            self.rttvar_ns += (deviation_ns - self.rttvar_ns) >> 2  # RFC 6298 (2.3), RTTVAR first
            self.srtt_ns += error_ns >> 3
        # Linux floors 4 * RTTVAR at its minimum RTO instead of flooring the sum, so that RTO >= SRTT + 200 ms.
        self.rto_ns = min(self.srtt_ns + max(_MIN_RTO_NS, 4 * self.rttvar_ns), _MAX_RTO_NS)

    def add(self, sample_ns: int) -> None:
        """Count a sample for the minimum and the quantiles."""
        if self.samples == 0 or sample_ns < self.min_ns:
            self.min_ns = sample_ns
        if self.samples < _EXACT:
            self.exact[self.samples] = sample_ns
        else:
            histogram = self.histogram
            if histogram is None:
                histogram = self._begin_histogram()
            histogram.add(sample_ns)
        self.samples += 1

    def _begin_histogram(self) -> RttHistogram:
        histogram = RttHistogram()
        for index in range(_EXACT):
            histogram.add(self.exact[index])
        self.histogram = histogram
        return histogram

    def quantile(self, numerator: int, denominator: int) -> int:
        """Return the nearest-rank quantile in ns: exact up to 16 samples, else within 1/32; `UNKNOWN` without any."""
        if self.samples == 0:
            return _UNKNOWN
        rank = max(0, (self.samples * numerator + denominator - 1) // denominator - 1)
        if self.histogram is not None:
            middle_ns = self.histogram.rank(rank)
            return max(middle_ns, self.min_ns) if middle_ns != _UNKNOWN else _UNKNOWN
        return self._exact_rank(rank)

    def _exact_rank(self, rank: int) -> int:
        """Return the kept sample that has exactly `rank` others before it in order."""
        for index in range(self.samples):
            before = 0
            for other in range(self.samples):
                if self.exact[other] < self.exact[index] or (self.exact[other] == self.exact[index] and other < index):
                    before += 1
            if before == rank:
                return self.exact[index]
        return _UNKNOWN
