# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Whether a path is policed: two lossy stretches of equal rate, which BBRv1 then keeps to for a while."""

LEAST_ROUNDS, MOST_ROUNDS = 4, 16  # rounds of one stretch
LOSS_SHARE = 50  # of 256: a stretch with as many of its segments lost counts
RATE_SHARE = 8  # two stretches are of equal rate within an eighth
RATE_SLACK_BYTES = 500  # bytes/s, 4 kbit/s: or within that
KEPT_ROUNDS = 48  # rounds for which the rate is kept to

_LEAST_ROUNDS, _MOST_ROUNDS, _LOSS_SHARE, _RATE_SHARE = LEAST_ROUNDS, MOST_ROUNDS, LOSS_SHARE, RATE_SHARE
_RATE_SLACK_BYTES, _KEPT_ROUNDS = RATE_SLACK_BYTES, KEPT_ROUNDS
_US_PER_MS = 1_000
_US_PER_S = 1_000_000
_SCALE = 24


class Policer:
    """The long-term sampling of BBRv1; `rate` is in segments/us times 2^24, `in_use` 1 while the sender keeps to it."""

    def __init__(self) -> None:
        """Make one that has seen nothing."""
        self.reset(0, 0, 0)

    def reset(self, now_us: int, delivered: int, lost: int) -> None:
        """Forget every stretch."""
        self.rate = self.in_use = self.sampling = 0
        self._begin(now_us, delivered, lost)

    def _begin(self, now_us: int, delivered: int, lost: int) -> None:
        self.since_ms = now_us // _US_PER_MS
        self.delivered = delivered
        self.lost = lost
        self.rounds = 0

    def kept_for(self) -> int:
        """Count a round in which the rate is kept to; return 1 if that was the last."""
        self.rounds += 1
        return 1 if self.rounds >= _KEPT_ROUNDS else 0

    def sample(
        self, now_us: int, delivered: int, lost: int, losses: int, app_limited: int, round_start: int, mss: int
    ) -> None:
        """Take an acknowledgment; `losses` segments were judged lost with it, `lost` in all."""
        if not self.sampling and losses > 0:
            self._begin(now_us, delivered, lost)
            self.sampling = 1
        if self.sampling:
            self.rounds += round_start
            if app_limited or self.rounds > _MOST_ROUNDS:
                self.reset(now_us, delivered, lost)
            elif self.rounds >= _LEAST_ROUNDS and losses > 0:
                self._look_for_end(now_us, delivered, lost, mss)

    def _look_for_end(self, now_us: int, delivered: int, lost: int, mss: int) -> None:
        """End a stretch that lost enough."""
        got = delivered - self.delivered
        span_ms = now_us // _US_PER_MS - self.since_ms
        if got > 0 and (lost - self.lost) << 8 >= _LOSS_SHARE * got and span_ms > 0:
            self._end((got << _SCALE) // (span_ms * _US_PER_MS), now_us, delivered, lost, mss)

    def _end(self, rate: int, now_us: int, delivered: int, lost: int, mss: int) -> None:
        """Keep to the mean of two stretches with equal rates; else begin the next stretch."""
        difference = abs(rate - self.rate)
        slack = (_RATE_SLACK_BYTES << _SCALE) // (_US_PER_S * mss)
        if self.rate and (difference * _RATE_SHARE <= self.rate or difference <= slack):
            self.rate = (rate + self.rate) >> 1
            self.in_use = 1
            self.rounds = 0
        else:
            self.rate = rate
            self._begin(now_us, delivered, lost)
