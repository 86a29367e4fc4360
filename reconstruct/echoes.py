# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The half of a round trip between a tap and one end: from a timestamp that goes to it until it comes back echoed."""

from array import array

from reconstruct.rtt import RoundTrips
from reconstruct.seq import UNKNOWN
from reconstruct.timestamp_clock import TimestampClock

WAITING_ECHOES = 64  # timestamps on their way to an end and back; while so many are, further ones are not waited for

_UNKNOWN = UNKNOWN
_ROOM = WAITING_ECHOES
_ROOM_MASK = WAITING_ECHOES - 1
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000


class Echoes:
    """The round trips between the tap and an end, by timestamps (RFC 7323 3): first TSval to first TSecr.

    `trips` are the samples, which include what the end took to answer; `excess_ns` is how much longer than the shortest
    the half is now, because of queues. An end that had nothing to say answers late: its own clock tells then what was
    queueing and what was idleness.
    """

    def __init__(self) -> None:
        """Wait for nothing."""
        self.trips = RoundTrips()
        self.clock = TimestampClock()
        self.tsvals = array("q", bytes(8 * WAITING_ECHOES))
        self.times_ns = array("q", bytes(8 * WAITING_ECHOES))
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.trips.forget()
        self.clock.reset()
        self.first = self.count = 0
        self.newest = self.echoed = _UNKNOWN
        self.excess_ns = 0

    def goes(self, tsval: int, time_ns: int) -> None:
        """Note a timestamp that goes to the end; only a new one is waited for, that was not echoed unseen before."""
        if self.newest == _UNKNOWN or 0 < (tsval - self.newest) & _MASK32 < _HALF32:
            self.newest = tsval
            if self.count < _ROOM and (self.echoed == _UNKNOWN or 0 < (tsval - self.echoed) & _MASK32 < _HALF32):
                at = (self.first + self.count) & _ROOM_MASK
                self.tsvals[at] = tsval
                self.times_ns[at] = time_ns
                self.count += 1

    def comes(self, tsval: int, tsecr: int, time_ns: int, least_ns: int) -> int:
        """Take a segment of the end; return the round trip that its echo completes, `UNKNOWN` for none.

        `least_ns` is the shortest that this half ever was, as far as others know it.
        """
        self.clock.note(tsval, time_ns)
        if self.echoed == _UNKNOWN or 0 < (tsecr - self.echoed) & _MASK32 < _HALF32:
            self.echoed = tsecr
        while self.count > 0 and 0 < (tsecr - self.tsvals[self.first]) & _MASK32 < _HALF32:
            self._drop()  # never echoed: an older one stood for it, or its segment was lost
        sample_ns = _UNKNOWN
        if self.count > 0 and self.tsvals[self.first] == tsecr:
            sample_ns = time_ns - self.times_ns[self.first]
            self._drop()
        if sample_ns < 0:
            sample_ns = _UNKNOWN  # a clock that was set back gives no round trip
        else:
            self.trips.add(sample_ns)
        if least_ns != _UNKNOWN and self.clock.tick_ns > 0:
            self._judge_excess(sample_ns, least_ns)
        return sample_ns

    def _drop(self) -> None:
        self.first = (self.first + 1) & _ROOM_MASK
        self.count -= 1

    def _judge_excess(self, sample_ns: int, least_ns: int) -> None:
        """Say how much longer than the shortest the half is: by the echo, unless the clock shows that the end idled."""
        late_ns = self.clock.late_ns
        tick_ns = self.clock.tick_ns
        if sample_ns != _UNKNOWN and sample_ns - least_ns <= late_ns + tick_ns:
            excess_ns = sample_ns - least_ns
        elif sample_ns != _UNKNOWN or not -tick_ns <= self.excess_ns - late_ns <= tick_ns:
            excess_ns = late_ns - tick_ns // 2
        else:
            excess_ns = self.excess_ns
        self.excess_ns = excess_ns if excess_ns > 0 else 0
