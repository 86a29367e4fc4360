# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""CUBIC whose slow start ends by HyStart++ (RFC 9406), as in Windows and many QUIC stacks, not by Linux's HyStart."""

from reconstruct.congestion.cubic import Cubic
from reconstruct.congestion.sender_state import SenderState
from reconstruct.seq import UNKNOWN

SAMPLES = 8  # round trips of a round before it tells (RFC 9406 4.2, N_RTT_SAMPLE)
LEAST_ETA_NS, MOST_ETA_NS = 4_000_000, 16_000_000  # ns (RFC 9406 4.3, MIN_RTT_THRESH and MAX_RTT_THRESH)
ETA_SHARE = 8  # parts of the round trip that it must grow by (RFC 9406 4.3, MIN_RTT_DIVISOR)
DIVISOR = 4  # segments delivered for each of growth in conservative slow start (RFC 9406 4.3, CSS_GROWTH_DIVISOR)
ROUNDS = 5  # of conservative slow start, before it ends slow start (RFC 9406 4.3, CSS_ROUNDS)
MOST_GROWTH = 8  # segments of growth for one acknowledgment of a sender that does not pace (RFC 9406 4.3, L)

_UNKNOWN = UNKNOWN
_SAMPLES, _LEAST_ETA_NS, _MOST_ETA_NS, _ETA_SHARE = SAMPLES, 4_000_000, 16_000_000, ETA_SHARE
_DIVISOR, _ROUNDS, _MOST_GROWTH = DIVISOR, ROUNDS, MOST_GROWTH


class CubicHystartPlus(Cubic):
    """The window of a CUBIC sender with HyStart++; `css_rounds` is not 0 while slow start is conservative.

    HyStart++ works in the first slow start only (RFC 9406 4.3); a later one ends at its threshold.
    """

    def start(self, window: int) -> None:
        """Begin with a window of so many segments."""
        Cubic.start(self, window)
        self.hystart = 0  # that of Linux
        self.watching = 1
        self.last_min_ns = self.this_min_ns = self.baseline_ns = _UNKNOWN
        self.samples = self.css_rounds = self.part = 0
        self.until = 0

    def after_ack(self, state: SenderState) -> None:
        """Take the round trip, then set the window."""
        if self.watching:
            if self.cwnd >= self.ssthresh:
                self.watching = self.css_rounds = 0
            elif state.rtt_ns != _UNKNOWN:
                self._take_sample(state)
        Cubic.after_ack(self, state)

    def _take_sample(self, state: SenderState) -> None:
        """Hold the round trips of this round against those of the last one (RFC 9406 4.2)."""
        if state.una > self.until:
            self._begin_css_round(state.nxt)
        if self.this_min_ns == _UNKNOWN or state.rtt_ns < self.this_min_ns:
            self.this_min_ns = state.rtt_ns
        self.samples += 1
        if self.samples >= _SAMPLES and self.css_rounds == 0:
            if self.last_min_ns != _UNKNOWN and self.this_min_ns >= self.last_min_ns + self._eta_ns():
                self.baseline_ns = self.this_min_ns
                self.css_rounds = 1
        elif self.samples >= _SAMPLES and self.this_min_ns < self.baseline_ns:
            self.css_rounds = self.part = 0  # the round trip shrank: it was no queue
            self.baseline_ns = _UNKNOWN

    def _begin_css_round(self, until: int) -> None:
        """Begin a round, which ends when what is sent by now is acknowledged; so many of them end slow start."""
        self.until = until
        self.last_min_ns, self.this_min_ns = self.this_min_ns, _UNKNOWN
        self.samples = 0
        if self.css_rounds > 0:
            if self.css_rounds > _ROUNDS - 1:
                self.ssthresh = self.cwnd
                self.css_rounds = 0
                self.watching = 0
                self.found = 2
            else:
                self.css_rounds += 1

    def _eta_ns(self) -> int:
        """Return by how much the round trip must grow (RFC 9406 4.2)."""
        return min(max(self.last_min_ns // _ETA_SHARE, _LEAST_ETA_NS), _MOST_ETA_NS)

    def grow(self, state: SenderState, acked: int) -> None:
        """Grow by what was delivered, by a quarter of it in conservative slow start (RFC 9406 4.2)."""
        if self.cwnd < self.ssthresh:
            acked = min(acked, _MOST_GROWTH)
        if self.css_rounds > 0:
            self.part += acked
            acked = self.part // _DIVISOR
            self.part -= acked * _DIVISOR
        if acked > 0:
            Cubic.grow(self, state, acked)

    def reduce(self, state: SenderState, undoable: int) -> None:
        """Begin to reduce the window: a loss ends the first slow start (RFC 9406 4.2)."""
        self.watching = self.css_rounds = 0
        Cubic.reduce(self, state, undoable)

    def forget(self, state: SenderState) -> None:
        """Forget what a timeout disproves."""
        self.watching = self.css_rounds = 0
        Cubic.forget(self, state)
