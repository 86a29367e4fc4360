# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Round-trip times of one sender: the estimator of RFC 6298 as Linux has it, quantiles in bounded memory."""

from reconstruct.seq import UNKNOWN

INITIAL_RTO_NS = 1_000_000_000  # ns, RFC 6298 (2.1)
MIN_RTO_NS = 200_000_000  # ns, Linux's TCP_RTO_MIN; RFC 6298 (2.4) says 1 s
MAX_BACKOFF = 10  # doublings that reach the largest RTO
JIFFY_NS = 4_000_000  # ns, a tick of Linux's timers at CONFIG_HZ=250; other tick rates are 1 to 10 ms
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
_JIFFY_NS = JIFFY_NS


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


class RoundTrips:
    """Samples of one round trip, in bounded memory: how many (`samples`), the least (`min_ns`) and quantiles, in ns."""

    def __init__(self) -> None:
        """Hold no sample."""
        self.exact = [0] * 16
        self.forget()

    def forget(self) -> None:
        """Forget all samples."""
        self.min_ns = _UNKNOWN
        self.samples = 0
        self.histogram: RttHistogram | None = None

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


class RttEstimator(RoundTrips):
    """What a sender knows of its round trip, as Linux does: smoothed, its mean deviation and the timeout, in ns.

    The samples that are counted are the tap's, from there to the peer and back. `srtt_ns`, `rttvar_ns` and `rto_ns` are
    what `struct tcp_info` calls `tcpi_rtt`, `tcpi_rttvar` and, before any backoff, `tcpi_rto`. RFC 6298 (2.3) takes
    4 * RTTVAR for the timeout; Linux takes the largest 4 * RTTVAR of the last round trips, which falls by a quarter of
    its excess each round trip at most, and never less than its minimum RTO.

    Away from the sender a sample passes the tap before the sender has it: `heard_srtt_ns` and `heard_rto_ns` are what
    it had when it sent what passes now, as `recall` found them.
    """

    def __init__(self) -> None:
        """Make an estimator without a sample."""
        RoundTrips.__init__(self)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.forget()
        self.srtt_ns = self.rttvar_ns = _UNKNOWN
        self.rto_ns = _INITIAL_RTO_NS
        self.deviation_ns = self.largest_ns = self.variation_ns = 0
        self.round_end = self.heard_at_ns = _UNKNOWN
        self.heard_srtt_ns = self.before_srtt_ns = _UNKNOWN
        self.heard_rto_ns = self.before_rto_ns = _INITIAL_RTO_NS

    def smooth(self, sample_ns: int, una: int, nxt: int) -> None:
        """Take a sample that moved SND.UNA to `una` while SND.NXT was `nxt`; rounds of data are told by them."""
        if self.srtt_ns == _UNKNOWN:
            self.srtt_ns = sample_ns  # RFC 6298 (2.2)
            self.deviation_ns = 2 * sample_ns  # 4 * RTTVAR, where RTTVAR is half the sample
            self.largest_ns = self.variation_ns = max(self.deviation_ns, _MIN_RTO_NS)
            self.round_end = nxt
        else:
            error_ns = sample_ns - self.srtt_ns
            self.srtt_ns += error_ns >> 3  # RFC 6298 (2.3)
            self._deviate(error_ns)
            if una > self.round_end:
                self._end_round(nxt)
        self._conclude()

    def lift(self, leg_ns: int) -> None:
        """Take in that every round trip so far was this much longer: the tap did not know its part to the sender."""
        self.srtt_ns += leg_ns
        self.deviation_ns += 2 * leg_ns
        self.largest_ns = max(self.largest_ns, self.deviation_ns)
        self.variation_ns = max(self.variation_ns, self.largest_ns)
        self._conclude()

    def _conclude(self) -> None:
        """Set what follows from SRTT and the deviation."""
        self.rttvar_ns = self.deviation_ns >> 2
        # What RFC 6298 (2.4) floors is the sum; here it is the variation, so that RTO >= SRTT + 200 ms.
        jiffies = (self.srtt_ns + self.variation_ns + _JIFFY_NS - 1) // _JIFFY_NS
        self.rto_ns = min(jiffies * _JIFFY_NS, _MAX_RTO_NS)
        self.heard_srtt_ns = self.srtt_ns
        self.heard_rto_ns = self.rto_ns

    def remember(self, time_ns: int, leg_ns: int) -> None:
        """Keep what the sender has while the sample of this time is on the way to it, which takes `leg_ns` and back."""
        if time_ns > self.heard_at_ns:
            self.heard_at_ns = time_ns + leg_ns
            self.before_srtt_ns = self.srtt_ns
            self.before_rto_ns = self.rto_ns

    def recall(self, time_ns: int) -> None:
        """Set what the sender had heard when it sent what passes the tap at this time."""
        earlier = self.before_srtt_ns != _UNKNOWN and time_ns < self.heard_at_ns
        self.heard_srtt_ns = self.before_srtt_ns if earlier else self.srtt_ns
        self.heard_rto_ns = self.before_rto_ns if earlier else self.rto_ns

    def _deviate(self, error_ns: int) -> None:
        """Move the deviation by a sample so far above SRTT: by a quarter (RFC 6298 2.3).

        Linux lets a sample below SRTT raise it by 1/32 only: a path that becomes faster needs no longer timeout.
        """
        change_ns = (error_ns if error_ns > 0 else -error_ns) - (self.deviation_ns >> 2)
        if error_ns < 0 and change_ns > 0:
            change_ns >>= 3
        self.deviation_ns += change_ns
        self.largest_ns = max(self.largest_ns, self.deviation_ns)
        self.variation_ns = max(self.variation_ns, self.largest_ns)

    def _end_round(self, nxt: int) -> None:
        """End a round trip: what the timeout is made of falls by a quarter of its way to the largest of the round."""
        if self.largest_ns < self.variation_ns:
            self.variation_ns -= (self.variation_ns - self.largest_ns) >> 2
        self.round_end = nxt
        self.largest_ns = _MIN_RTO_NS
