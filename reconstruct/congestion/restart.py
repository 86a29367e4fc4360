# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Whether a sender began with a small window again after a rest (RFC 5681 4.1), as what it sends then shows it."""

LEAST_FLIGHT = 2  # segments of the first flight after a rest; one alone may be all that there was

_LEAST_FLIGHT = LEAST_FLIGHT
_NOTHING, _FIRST_FLIGHT, _ANSWERED = 0, 1, 2


class Restart:
    """One rest of one sender, from the segment that ends it until it is known what the window was then.

    The window was cut if the flight before the first acknowledgment fills what a cut leaves, no more, and that
    acknowledgment lets more go. A sender that keeps its window (`net.ipv4.tcp_slow_start_after_idle=0`) sends more at
    once; what comes later than that was not there to be sent. Windows are in segments.
    """

    def __init__(self) -> None:
        """Make a sender that has not rested."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.stage = _NOTHING
        self.frame = self.before = self.window = self.answered_ns = 0

    def begin(self, before: int, window: int, frame: int) -> None:
        """Take the segment that ends a rest, and the window before the rest and that which a cut leaves of it."""
        self.stage = _FIRST_FLIGHT if 0 < window < before else _NOTHING
        self.before, self.window, self.frame = before, window, frame

    def heard(self, flight: int, time_ns: int) -> None:
        """Take an acknowledgment, before which `flight` segments were out."""
        if self.stage == _FIRST_FLIGHT:
            self.stage = _ANSWERED if flight == self.window and flight >= _LEAST_FLIGHT else _NOTHING
            self.answered_ns = time_ns

    def sent(self, time_ns: int, prompt_ns: int) -> int:
        """Take new data; return in how many round trips the window is as large as before, 0 if it was not cut.

        What comes within `prompt_ns` of an acknowledgment was set off by it.
        """
        if self.stage != _ANSWERED:
            return 0
        self.stage = _NOTHING
        if time_ns - self.answered_ns > prompt_ns:
            return 0
        trips = 0
        while self.window << trips < self.before:  # slow start doubles it in each
            trips += 1
        return trips
