# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The clock behind one sender's timestamps (RFC 7323), as a tap sees it: its tick, and how late each segment came."""

from reconstruct.seq import UNKNOWN

DRIFT_PER_S_NS = 122_000  # ns a second, 122 ppm: what two ordinary quartz clocks drift apart at the most
FIRST_LOOK_NS = 20_000_000  # ns after which the tick is judged for the first time, then after each doubling

_UNKNOWN = UNKNOWN
_FIRST_LOOK_NS = FIRST_LOOK_NS
_DRIFT_SHIFT = 13  # 2^-13 is 122 ppm
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000
_US, _MS = 1_000, 1_000_000  # ns


class TimestampClock:
    """A linear clock through the least delayed segments of a sender.

    `tick_ns` is how long a tick is, 0 while that is not known. `late_ns` tells how much later than the least delayed
    ones the newest segment came, which says what it waited on the way to the tap, less than a tick too much.
    """

    def __init__(self) -> None:
        """Make a clock that nothing is known of."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.first_ns = self.first_tsval = _UNKNOWN
        self.tick_ns = self.late_ns = 0
        self.origin_ns = self.seen_ns = 0
        self.look_ns = _FIRST_LOOK_NS

    def note(self, tsval: int, time_ns: int) -> None:
        """Take the timestamp of a segment that its sender sent now."""
        if self.first_ns == _UNKNOWN:
            self.first_ns = time_ns
            self.first_tsval = tsval
        ticks = (tsval - self.first_tsval) & _MASK32
        elapsed_ns = time_ns - self.first_ns
        if ticks < _HALF32 and elapsed_ns >= self.seen_ns:
            if elapsed_ns >= self.look_ns:
                self._judge_tick(ticks, elapsed_ns)
            if self.tick_ns > 0:
                self._follow(elapsed_ns - ticks * self.tick_ns, elapsed_ns - self.seen_ns)
            self.seen_ns = elapsed_ns

    def _follow(self, lag_ns: int, since_ns: int) -> None:
        """Take how far a segment lags behind the clock, so long after the one before.

        Where a queue never empties the least delay is not seen again, so the drift of two clocks is allowed for.
        """
        self.origin_ns = min(lag_ns, self.origin_ns + (since_ns >> _DRIFT_SHIFT))
        self.late_ns = lag_ns - self.origin_ns

    def _judge_tick(self, ticks: int, elapsed_ns: int) -> None:
        """Choose the tick among those that are in use: 1 us, 1 ms, 4 ms and 10 ms (RFC 7323 5.4 allows up to 1 s).

        A queue that grows makes ticks look longer, so the nearest one is taken by its magnitude.
        """
        self.look_ns = 2 * elapsed_ns
        seen_ns = elapsed_ns // ticks if ticks > 0 else 0
        tick_ns = 0
        if 0 < seen_ns < 32 * _US:
            tick_ns = _US
        elif 300 * _US < seen_ns < 2_500 * _US:
            tick_ns = _MS
        elif 2_500 * _US <= seen_ns < 6_500 * _US:
            tick_ns = 4 * _MS
        elif 6_500 * _US <= seen_ns < 25 * _MS:
            tick_ns = 10 * _MS
        if tick_ns != self.tick_ns:
            self.tick_ns = tick_ns
            self.origin_ns = min(0, elapsed_ns - ticks * tick_ns)
            self.late_ns = 0

    def since_ns(self, tsval: int, time_ns: int) -> int:
        """Return how long ago the clock showed a value, in whole ticks, at least one; `UNKNOWN` if nobody knows."""
        ticks = (tsval - self.first_tsval) & _MASK32
        if self.tick_ns == 0 or ticks >= _HALF32:
            return _UNKNOWN
        ago = (time_ns - self.first_ns - self.origin_ns) // self.tick_ns - ticks
        return max(ago, 1) * self.tick_ns if ago >= 0 else _UNKNOWN
