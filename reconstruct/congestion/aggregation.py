# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""By how much acknowledgments come in lumps: what is delivered beyond the bandwidth since an epoch began (BBR)."""

ROUNDS = 5  # rounds of each of two maxima

_ROUNDS, _MOST, _SCALE, _LONGEST_US = ROUNDS, 1 << 20, 24, 1 << 30


class Aggregation:
    """The largest excess in segments, over the last five to ten rounds."""

    def __init__(self) -> None:
        """Make one that has seen nothing."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.begin(0)
        self.rounds = self.second = 0
        self.of_first = self.of_second = 0

    def begin(self, now_us: int) -> None:
        """Begin an epoch."""
        self.since_us = now_us
        self.acked = 0

    def most(self) -> int:
        """Return the largest excess."""
        return max(self.of_first, self.of_second)

    def take(self, now_us: int, acked: int, rate: int, cwnd: int, round_start: int) -> None:
        """Take an acknowledgment that delivered `acked` segments; `rate` is in segments/us times 2^24."""
        if round_start:
            self.rounds += 1
            if self.rounds >= _ROUNDS:
                self.rounds = 0
                self.second = 1 - self.second
                self._keep(0)
        expected = (rate * min(now_us - self.since_us, _LONGEST_US)) >> _SCALE
        if self.acked <= expected or self.acked + acked >= _MOST:
            self.begin(now_us)
            expected = 0
        self.acked = min(self.acked + acked, _MOST - 1)
        extra = min(self.acked - expected, cwnd)
        if extra > (self.of_second if self.second else self.of_first):
            self._keep(extra)

    def _keep(self, value: int) -> None:
        if self.second:
            self.of_second = value
        else:
            self.of_first = value
