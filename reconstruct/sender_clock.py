# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The clock of a sender as its timestamps show it at a tap: its tick, when it sent, when an ACK came to it."""

from reconstruct.seq import UNKNOWN

# Ticks of timestamp clocks, ns: RFC 7323 (5.4) leaves 1 ms to 1 s to the sender; Linux since 4.13 and FreeBSD tick in
# milliseconds, Linux 6.x on request in microseconds, older kernels with their timer (4 or 10 ms).
MICROSECOND_TICK, MILLISECOND_TICK, TICK_250_HZ, TICK_100_HZ = 1_000, 1_000_000, 4_000_000, 10_000_000

LEAST_TICKS = 8  # ticks that must have passed before the length of one is judged
LEAST_SPAN_NS = 20_000_000  # ns, in which delays along the path vary by much less than the next larger tick
CHECKED_SPAN_NS = 2_000_000_000  # ns, after which a clock that is none of the common ones shows
LONGEST_TICK_NS = 1_000_000_000  # ns, RFC 7323 (5.4): no clock ticks slower
MOST_TICKS = 1 << 32  # ticks after which the clock is learned anew: all times stay within 64 bits
WINDOW_NS = 16_000_000_000  # ns for which a bound counts, and once more as long: paths change
DRIFT_SHIFT = 13  # bits: bounds give way by 1/8192, 122 ppm, which is more than two crystals of 50 ppm each differ

_UNKNOWN = UNKNOWN
_MICROSECOND, _MILLISECOND, _HZ_250, _HZ_100 = MICROSECOND_TICK, MILLISECOND_TICK, TICK_250_HZ, TICK_100_HZ
_LEAST_TICKS, _LEAST_SPAN_NS, _CHECKED_SPAN_NS, _WINDOW_NS = LEAST_TICKS, LEAST_SPAN_NS, CHECKED_SPAN_NS, WINDOW_NS
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000
_LONGEST_NS, _MOST_TICKS, _DRIFT_SHIFT = LONGEST_TICK_NS, MOST_TICKS, DRIFT_SHIFT
_NONE = 1 << 61  # ns, above every minimum


class SenderClock:
    """What ties the timestamps of a sender to the time at the tap.

    `tick_ns` is the length of a tick (`UNKNOWN` until it shows). Times "at the tap" are those at which a segment passes
    the tap that is sent then and waits nowhere: the sender's own, later by the shortest way from it to the tap.
    `trip_ns` is the shortest time from an ACK at the tap to the data that answers it.

    `phase_ns` and `turn_ns`, worked out by `settle`, are what `sent_ns` and `heard_ns` add.
    """

    def __init__(self) -> None:
        """Make a clock that has shown nothing."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.tick_ns = _UNKNOWN
        self.tsval = self.ticks = 0
        self.first_ns = self.window_ns = self.drift_ns = _UNKNOWN
        self.check_ns = _LEAST_SPAN_NS
        self.trip_ns = self.phase_ns = self.turn_ns = _NONE
        self._forget_windows()

    def _forget_windows(self) -> None:
        self.sent_now = self.sent_before = _NONE
        self.most_now = self.most_before = _NONE
        self.least_now = self.least_before = -_NONE
        self.trip_now = self.trip_before = _NONE

    def take(self, tsval: int, tap_ns: int) -> int:
        """Take the timestamp of a segment; return 0 if an earlier segment had a later one."""
        if self.first_ns == _UNKNOWN or self.ticks > _MOST_TICKS:
            self.reset()
            self.first_ns = self.window_ns = self.drift_ns = tap_ns
            self.tsval = tsval
        step = (tsval - self.tsval) & _MASK32
        if step >= _HALF32:
            return 0
        self.ticks += step
        self.tsval = tsval
        self._drift(tap_ns)
        if tap_ns - self.first_ns >= self.check_ns and self.ticks >= _LEAST_TICKS:
            self._measure(tap_ns)
        if self.tick_ns != _UNKNOWN:
            self.sent_now = min(self.sent_now, tap_ns - self.ticks * self.tick_ns)
        return 1

    def _drift(self, tap_ns: int) -> None:
        """Let the bounds give way to a clock that runs slower or faster than that of the tap; forget what is old."""
        slip_ns = (tap_ns - self.drift_ns) >> _DRIFT_SHIFT
        if slip_ns > 0:
            self.drift_ns = tap_ns
            self.sent_now += slip_ns
            self.sent_before += slip_ns
            self.most_now += slip_ns
            self.most_before += slip_ns
            self.least_now -= slip_ns
            self.least_before -= slip_ns
        if tap_ns - self.window_ns >= _WINDOW_NS:
            self.window_ns = tap_ns
            self.sent_before, self.sent_now = self.sent_now, _NONE
            self.most_before, self.most_now = self.most_now, _NONE
            self.least_before, self.least_now = self.least_now, -_NONE
            self.trip_before, self.trip_now = self.trip_now, _NONE

    def _measure(self, tap_ns: int) -> None:
        """Judge the length of a tick: one of the common ones, or what a long time shows."""
        span_ns = tap_ns - self.first_ns
        self.check_ns = 2 * span_ns
        measured_ns = span_ns // self.ticks
        tick_ns = _common(measured_ns)
        if tick_ns != _UNKNOWN and abs(span_ns - self.ticks * tick_ns) > _CHECKED_SPAN_NS:
            tick_ns = _UNKNOWN
        if tick_ns == _UNKNOWN and span_ns >= _CHECKED_SPAN_NS:
            tick_ns = measured_ns
        if tick_ns != self.tick_ns and 0 < tick_ns <= _LONGEST_NS:
            self.tick_ns = tick_ns
            self._forget_windows()

    def answers(self, heard_ns: int, tap_ns: int) -> None:
        """Note that the segment taken last was sent after an ACK that passed the tap at `heard_ns`."""
        self.trip_now = min(self.trip_now, tap_ns - heard_ns)
        if self.tick_ns != _UNKNOWN:
            self.most_now = min(self.most_now, (self.ticks + 1) * self.tick_ns - heard_ns)

    def precedes(self, heard_ns: int) -> None:
        """Note that the segment taken last was sent before an ACK came that passed the tap at `heard_ns`."""
        if self.tick_ns != _UNKNOWN:
            least_ns = self.ticks * self.tick_ns - heard_ns
            if least_ns <= min(self.most_now, self.most_before):  # else the ACK was lost behind the tap
                self.least_now = max(self.least_now, least_ns)

    def settle(self) -> int:
        """Work out the bounds in force; return 1 if they tell when segments were sent and when ACKs were heard."""
        self.trip_ns = min(self.trip_now, self.trip_before)
        most_ns = min(self.most_now, self.most_before)
        self.phase_ns = min(self.sent_now, self.sent_before)
        if self.tick_ns == _UNKNOWN or most_ns >= _NONE or self.phase_ns >= _NONE:
            return 0
        self.turn_ns = max(self.least_now, self.least_before, self.trip_ns - self.phase_ns)
        self.turn_ns = min(self.turn_ns, most_ns) + self.phase_ns
        return 1

    def sent_ns(self) -> int:
        """Return when the tick began in which the segment taken last was sent, as at the tap."""
        return self.ticks * self.tick_ns + self.phase_ns

    def heard_ns(self, tap_ns: int) -> int:
        """Return when the sender had what passed the tap towards it, as at the tap."""
        return tap_ns + self.turn_ns


def _common(tick_ns: int) -> int:
    """Return the common tick that is within a quarter of a measured one, `UNKNOWN` if none is."""
    for common_ns in (_MICROSECOND, _MILLISECOND, _HZ_250, _HZ_100):
        if abs(tick_ns - common_ns) * 4 < common_ns:
            return common_ns
    return _UNKNOWN
