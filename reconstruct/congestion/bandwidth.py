# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""BBR's estimate of a path's bandwidth: delivery rates, round by round, their maximum, and when the pipe is full."""

from reconstruct.congestion.policer import Policer
from reconstruct.congestion.sender_state import SenderState
from reconstruct.congestion.windowed_max import WindowedMax
from reconstruct.seq import UNKNOWN

SCALE = 24  # rates are segments/us times 2^24
MOST_RATE = 1 << 26  # four segments/us: what is faster is a burst that was joined
ROUNDS = 10  # rounds of the maximum filter
FULL_SHARE = 320  # of 256: while bandwidth grows by a quarter, the pipe is not full
FULL_ROUNDS = 3  # rounds without that growth

_UNKNOWN = UNKNOWN
_SCALE, _MOST_RATE, _ROUNDS, _FULL_SHARE, _FULL_ROUNDS = SCALE, MOST_RATE, ROUNDS, FULL_SHARE, FULL_ROUNDS
_NS_PER_US = 1_000


def interval_of(state: SenderState) -> int:
    """Return over how many us a delivery sample spans, 0 for none that counts.

    Source: draft-cheng-iccrg-delivery-rate-estimation-02 (3.3).
    """
    if state.sample_delivered < 0:
        return 0
    send_us = (state.sample_sent_ns - state.sample_first_ns) // _NS_PER_US
    ack_us = (state.delivered_ns - state.sample_delivered_ns) // _NS_PER_US
    interval_us = max(send_us, ack_us)
    if interval_us <= 0 or (state.min_rtt_ns != _UNKNOWN and interval_us < state.min_rtt_ns // _NS_PER_US):
        return 0
    return interval_us


class Bandwidth:
    """The bandwidth as a BBR sender sees it.

    A round ends when a segment is delivered that was sent after `round_end` segments had been; `round_start` is 1 at
    the acknowledgment that begins one. `full` is 1 once bandwidth stopped growing; `lost` counts lost segments.
    """

    def __init__(self) -> None:
        """Make an estimate of nothing."""
        self.most = WindowedMax()
        self.policer = Policer()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.most.reset(0, 0)
        self.policer.reset(0, 0, 0)
        self.rounds = self.round_start = self.round_end = 0
        self.full = self.full_rounds = self.full_rate = 0
        self.lost = 0

    def rate(self) -> int:
        """Return the bandwidth that the sender believes in, in segments/us times 2^24."""
        return self.policer.rate if self.policer.in_use else self.most.best

    def take(self, state: SenderState, interval_us: int, cycling: int) -> int:
        """Take an acknowledgment whose sample spans `interval_us`; `cycling` is 1 in PROBE_BW.

        Return 1 if the sender stops keeping to the rate of a policer.
        """
        self.round_start = 0
        self.lost += state.losses
        if interval_us <= 0:
            return 0
        if state.sample_delivered >= self.round_end:
            self.round_end = state.delivered
            self.rounds += 1
            self.round_start = 1
        freed = self._look_for_policer(state, cycling)
        rate = min(((state.delivered - state.sample_delivered) << _SCALE) // interval_us, _MOST_RATE)
        if not state.sample_app_limited or rate >= self.most.best:
            self.most.add(_ROUNDS, self.rounds, rate)
        if self.round_start and not self.full and not state.sample_app_limited:
            self._look_whether_full()
        return freed

    def _look_for_policer(self, state: SenderState, cycling: int) -> int:
        policer = self.policer
        if policer.in_use:
            if cycling and self.round_start and policer.kept_for():
                self.forget_policer(state)
                return 1
        else:
            policer.sample(
                state.delivered_ns // _NS_PER_US, state.delivered, self.lost, state.losses, state.sample_app_limited,
                self.round_start, state.mss,
            )  # fmt: skip
        return 0

    def _look_whether_full(self) -> None:
        if self.most.best >= (self.full_rate * _FULL_SHARE) >> 8:
            self.full_rate = self.most.best
            self.full_rounds = 0
        else:
            self.full_rounds += 1
            self.full = 1 if self.full_rounds >= _FULL_ROUNDS else 0

    def forget_policer(self, state: SenderState) -> None:
        """Forget what looked like a policer."""
        self.policer.reset(state.delivered_ns // _NS_PER_US, state.delivered, self.lost)

    def time_out(self, state: SenderState) -> None:
        """Note a retransmission timeout: a round begins, and what is full has to be found again."""
        self.full_rate = 0
        self.round_start = 1
        self.lost += 1
        if not self.policer.in_use:
            self.policer.sample(state.delivered_ns // _NS_PER_US, state.delivered, self.lost, 1, 0, 1, state.mss)

    def undo(self, state: SenderState) -> None:
        """Note that a recovery was unfounded: what is full has to be found again."""
        self.full_rate = self.full_rounds = 0
        self.forget_policer(state)
