# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""CUBIC (RFC 9438) with the whole numbers of Linux, and its end of slow start by delay, HyStart."""

from reconstruct.congestion.base import LEAST_SSTHRESH, CongestionModel
from reconstruct.congestion.sender_state import SenderState
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl

BETA = 717  # of 1024: the multiplicative decrease of 0.7 (RFC 9438 4.6)
SCALE = 410  # of 1024: C = 0.4 segments/s^3 (RFC 9438 5)
FRIENDLY = 15  # of 8: segments delivered for each one that Reno would grow, in windows (RFC 9438 4.3: 1/alpha)
JIFFY_NS = 4_000_000  # ns, a tick of Linux's clock at CONFIG_HZ=250, in which it counts an epoch
PAUSE_JIFFIES = 7  # jiffies, 1/32 s rounded down: while the window stays the same its growth is not computed again
UNTRUSTED_NS = 1_000_000_000  # ns, round trips of the first second of an epoch are not taken for the shortest
LEAST_COUNT = 2  # segments delivered for each one that it grows, at least
FIRST_COUNT = 20  # segments, at most, before the first loss

LOW_WINDOW = 16  # segments; HyStart waits for that many (RFC 9406 4.3 counts samples instead)
ACK_TRAIN_NS = 2_000_000  # ns between two ACKs of one train
DELAY_SAMPLES = 8  # samples of a round (RFC 9406 4.2, N_RTT_SAMPLE)
LEAST_DELAY_NS, MOST_DELAY_NS = 4_000_000, 16_000_000  # ns (RFC 9406 4.2, MIN_RTT_THRESH and MAX_RTT_THRESH)
TRAIN_SLACK_NS = 1_000_000  # ns; less where four bursts of 64 KiB are sent in less
TRAIN_BYTES = 4 * 65536

_UNKNOWN = UNKNOWN
_CUBIC = int(CongestionControl.CUBIC)
_BETA, _SCALE, _FRIENDLY, _LEAST_SSTHRESH = BETA, SCALE, FRIENDLY, LEAST_SSTHRESH
_JIFFY_NS, _PAUSE_JIFFIES, _UNTRUSTED_NS, _LEAST_COUNT, _FIRST_COUNT = (
    JIFFY_NS,
    PAUSE_JIFFIES,
    UNTRUSTED_NS,
    2,
    FIRST_COUNT,
)
_LOW_WINDOW, _ACK_TRAIN_NS, _DELAY_SAMPLES = LOW_WINDOW, ACK_TRAIN_NS, DELAY_SAMPLES
_LEAST_DELAY_NS, _MOST_DELAY_NS, _TRAIN_SLACK_NS, _TRAIN_BYTES = 4_000_000, 16_000_000, 1_000_000, TRAIN_BYTES
_NS_PER_S = 1_000_000_000
_MOST_TICKS = 1 << 18  # of 1/1024 s; the cube of more than four minutes would not fit into 64 bits
_MOST_CUBE = 1 << 20


def cubic_root(cube: int) -> int:
    """Return the largest whole number whose cube is not above `cube`, at most 2^20."""
    low, high = 0, _MOST_CUBE
    while low < high:
        middle = (low + high + 1) >> 1
        if middle * middle * middle <= cube:
            low = middle
        else:
            high = middle - 1
    return low


class Cubic(CongestionModel):
    """The window of a CUBIC sender; `exits` counts the ends of slow start by HyStart, `last_exit` tells the test."""

    def __init__(self) -> None:
        """Make a model of a sender that has sent nothing."""
        CongestionModel.__init__(self)
        self.kind = _CUBIC

    def start(self, window: int) -> None:
        """Begin with a window of so many segments."""
        CongestionModel.start(self, window)
        self.hystart = 1
        self._forget(0, 0)

    def forget(self, state: SenderState) -> None:
        """Forget everything: a timeout proves the path another."""
        self._forget(state.now_ns, state.nxt)

    def _forget(self, now_ns: int, until: int) -> None:
        self.last_max = self.last_cwnd = self.origin = self.root = 0
        self.every = 0
        self.last_ns = 0
        self.epoch_ns = _UNKNOWN
        self.shortest_ns = _UNKNOWN
        self.friendly = self.friendly_count = 0
        self.found = 0
        self._begin_round(now_ns, until)

    def _begin_round(self, now_ns: int, until: int) -> None:
        self.round_ns = self.train_ns = now_ns
        self.round_end = until
        self.round_min_ns = _UNKNOWN
        self.round_samples = 0

    def after_ack(self, state: SenderState) -> None:
        """Take the round trip, then set the window."""
        if state.rtt_ns != _UNKNOWN:
            self.take_round_trip(state)
        CongestionModel.after_ack(self, state)

    def take_round_trip(self, state: SenderState) -> None:
        """Take the newest round trip: the shortest of an epoch, and what HyStart looks at."""
        if self.epoch_ns == _UNKNOWN or state.now_ns - self.epoch_ns >= _UNTRUSTED_NS:
            if self.shortest_ns == _UNKNOWN or state.rtt_ns < self.shortest_ns:
                self.shortest_ns = max(state.rtt_ns, 1)
            if self.cwnd < self.ssthresh and not self.found and self.hystart:
                self._look_for_exit(state)

    def _look_for_exit(self, state: SenderState) -> None:
        """End slow start where ACKs come as a train of half a round trip, or the round trip grows (RFC 9406 4.2)."""
        if state.una > self.round_end:
            self._begin_round(state.now_ns, state.nxt)
        if self.cwnd >= _LOW_WINDOW:
            self._test_for_exit(state)

    def _test_for_exit(self, state: SenderState) -> None:
        if state.now_ns - self.train_ns <= _ACK_TRAIN_NS:
            self.train_ns = state.now_ns
            if 2 * (state.now_ns - self.round_ns) > self.shortest_ns + self._train_slack_ns(state):
                self.found = 1
        if self.round_min_ns == _UNKNOWN or state.rtt_ns < self.round_min_ns:
            self.round_min_ns = state.rtt_ns
        if self.round_samples < _DELAY_SAMPLES:
            self.round_samples += 1
        elif self.round_min_ns > self.shortest_ns + min(max(self.shortest_ns >> 3, _LEAST_DELAY_NS), _MOST_DELAY_NS):
            self.found = 2
        if self.found:
            self.ssthresh = self.cwnd

    def _train_slack_ns(self, state: SenderState) -> int:
        """Return what bursts of the sending host may add to a train, by the rate at which slow start is paced."""
        per_round = max(state.mss * max(self.cwnd, state.out) * 2, 1)
        if state.srtt_ns == _UNKNOWN:
            return _TRAIN_SLACK_NS
        return min(_TRAIN_SLACK_NS, _TRAIN_BYTES * state.srtt_ns // per_round)

    def grow(self, state: SenderState, acked: int) -> None:
        """Grow by what was delivered: all of it in slow start, by the cubic function beyond."""
        if self.cwnd < self.ssthresh:
            acked = self.slow_start(acked)
        if acked > 0:
            self._update(state, acked)
            self.avoid(self.every, acked)

    def _update(self, state: SenderState, acked: int) -> None:
        """Compute of how many delivered segments each makes the window grow by one."""
        self.friendly_count += acked
        now = state.now_ns // _JIFFY_NS
        if self.last_cwnd != self.cwnd or now - self.last_ns // _JIFFY_NS > _PAUSE_JIFFIES:
            self._compute(state, now, acked)

    def _compute(self, state: SenderState, now: int, acked: int) -> None:
        if self.epoch_ns == _UNKNOWN or now != self.last_ns // _JIFFY_NS:
            self.last_cwnd = self.cwnd
            self.last_ns = state.now_ns
            if self.epoch_ns == _UNKNOWN:
                self._begin_epoch(state.now_ns, acked)
            self.every = self.by_cube(state.now_ns)
        self._be_friendly()

    def _begin_epoch(self, now_ns: int, acked: int) -> None:
        """Begin to grow after a reduction: towards the window of the loss, and beyond (RFC 9438 4.2)."""
        self.epoch_ns = now_ns
        self.friendly_count = acked
        self.friendly = self.cwnd
        if self.last_max <= self.cwnd:
            self.root = 0
            self.origin = self.cwnd
        else:
            self.root = cubic_root((self.last_max - self.cwnd) * (1 << 40) // _SCALE)
            self.origin = self.last_max

    def by_cube(self, now_ns: int) -> int:
        """Return the segments of delivery for one of growth by the cubic function (RFC 9438 4.2, 4.4, 4.5)."""
        age_ns = (now_ns // _JIFFY_NS - self.epoch_ns // _JIFFY_NS) * _JIFFY_NS
        if self.shortest_ns != _UNKNOWN:
            age_ns += (self.shortest_ns + _JIFFY_NS - 1) // _JIFFY_NS * _JIFFY_NS
        off = (age_ns << 10) // _NS_PER_S - self.root  # in 1/1024 s
        size = min(off if off >= 0 else -off, _MOST_TICKS)
        grown = (_SCALE * size * size * size) >> 40
        target = self.origin + grown if off >= 0 else self.origin - grown
        every = self.cwnd // (target - self.cwnd) if target > self.cwnd else 100 * self.cwnd
        return min(every, _FIRST_COUNT) if self.last_max == 0 else every

    def _be_friendly(self) -> None:
        """Grow no slower than Reno would with this decrease (RFC 9438 4.3)."""
        each = max(self.cwnd * _FRIENDLY >> 3, 1)
        if self.friendly_count > each:
            steps = (self.friendly_count - 1) // each
            self.friendly_count -= steps * each
            self.friendly += steps
        if self.friendly > self.cwnd:
            self.every = min(self.every, self.cwnd // (self.friendly - self.cwnd))
        self.every = max(self.every, _LEAST_COUNT)

    def reduced(self) -> int:
        """Return 0.7 of the window; remember it, or less where it was smaller than the last (RFC 9438 4.6, 4.7)."""
        self.epoch_ns = _UNKNOWN
        self.last_max = self.cwnd * (1024 + _BETA) // 2048 if self.cwnd < self.last_max else self.cwnd
        return max(self.cwnd * _BETA >> 10, _LEAST_SSTHRESH)

    def resume(self, state: SenderState, idle_ns: int) -> None:
        """Let an epoch stand still while nothing was sent (RFC 9438 5.8)."""
        if self.epoch_ns != _UNKNOWN and idle_ns > 0:
            self.epoch_ns = min(self.epoch_ns + idle_ns, state.now_ns)
