# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What every congestion control has in common: a window, a threshold, and what the loss recovery of Linux does to them.

A model is told what happened by its hooks, each with the `SenderState` that all models share; it never sees a segment.
"""

from reconstruct.congestion.sender_state import DISORDER, DUP_THRESH, LOSS, OPEN, RECOVERY, SenderState
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, Contradiction, Phase

NO_SSTHRESH = 0x7FFFFFFF  # segments, Linux's TCP_INFINITE_SSTHRESH: no threshold yet
LEAST_SSTHRESH = 2  # segments, RFC 5681 (4)
INITIAL_WINDOW = 10  # segments, RFC 6928 (2)
DEFER_SHARE = 3  # Linux's tcp_tso_win_divisor: a burst smaller than a third of the window may wait for more room

_UNKNOWN = UNKNOWN
_NO_SSTHRESH, _LEAST_SSTHRESH, _INITIAL_WINDOW, _DEFER_SHARE = 0x7FFFFFFF, 2, 10, DEFER_SHARE
_OPEN, _DISORDER, _RECOVERY, _LOSS, _DUP_THRESH = OPEN, DISORDER, RECOVERY, LOSS, DUP_THRESH
_IN_SLOW_START, _AVOIDING = int(Phase.SLOW_START), int(Phase.CONGESTION_AVOIDANCE)
_NAMELESS = int(CongestionControl.UNKNOWN)
_IN_RECOVERY, _IN_LOSS = int(Phase.RECOVERY), int(Phase.LOSS)
_BEYOND, _SHORT = int(Contradiction.BEYOND_WINDOW), int(Contradiction.SHORT_OF_WINDOW)


class CongestionModel:
    """The window of one candidate, in segments.

    `largest` is the largest window before an acknowledgment. `raised` counts segments that the sender sent beyond the
    model's window: each proves the model wrong there, and the window is raised to what was seen. `fits`, `overs` and
    `unders` count the chances to send of which the window was used up, overdrawn, and left over.

    `against` tells how the sender contradicted the model most (`Contradiction`, `UNKNOWN`: never), with the segment
    in frame `against_frame`: `allowed` is what the model had let it do, `seen` what it did. `ended_frame` is where the
    model was given up (`UNKNOWN`: it was not).
    """

    def __init__(self) -> None:
        """Make a model of a sender that has sent nothing."""
        self.kind = _NAMELESS
        self.start(_INITIAL_WINDOW)

    def start(self, window: int) -> None:
        """Begin with a window of so many segments."""
        self.alive = 1
        self.cwnd = window
        self.initial_window = window
        self.ssthresh = _NO_SSTHRESH
        self.count = 0
        self.prior_cwnd = self.prior_ssthresh = 0
        self.limited = 0
        self.most_out = self.most_used = 0
        self.usage_seq = 0
        self.used_ns = _UNKNOWN
        self.fits = self.overs = self.unders = self.raised = 0
        self.largest = window
        self.restarts = 1
        self.rested_cwnd = self.rested_ssthresh = 0
        self.unraised = self.off = 0
        self.against = self.against_frame = self.allowed = self.seen = self.ended_frame = _UNKNOWN

    def contradict(self, how: int, frame: int, allowed: int, seen: int) -> None:
        """Keep the gravest contradiction: more than the window allows tells most, then how far off it is."""
        off = seen - allowed if seen > allowed else allowed - seen
        graver = self.against == _UNKNOWN or how < self.against or (how == self.against and off > self.off)
        if graver and frame > 0:
            self.against, self.against_frame, self.allowed, self.seen = how, frame, allowed, seen
            self.off = off

    def close_opportunity(self, state: SenderState, sent: int) -> None:
        """Note before an acknowledgment how the window was used while `sent` segments of new data went out."""
        in_flight = state.in_flight()
        self.largest = max(self.largest, self.cwnd)
        self.rested_cwnd = self.unraised = 0
        limited = 1 if in_flight >= self.cwnd else 0
        if sent > 0 or limited:
            self._validate(state, limited)
        if sent > 0 and state.ca != _LOSS:
            if in_flight > self.cwnd + 1:
                self.overs += 1
            elif in_flight >= self.cwnd - 1:
                self.fits += 1
            elif not state.held:
                self.unders += 1
                self.contradict(_SHORT, state.sent_frame, self.cwnd, in_flight)

    def _validate(self, state: SenderState, limited: int) -> None:
        """Note whether the window held the sender back; that holds for a window of data (RFC 7661, RFC 2861)."""
        if state.una >= self.usage_seq or limited or (not self.limited and state.out > self.most_out):
            self.limited = limited
            self.most_out = state.out
            self.usage_seq = state.nxt
        if self.is_limited():
            self.most_used = 0
            self.used_ns = state.sent_ns
        else:
            self.most_used = max(self.most_used, state.out)
            if state.sent_ns - self.used_ns >= state.rto_ns and state.ca == _OPEN and self.used_ns != _UNKNOWN:
                self._shrink_unused(state)

    def _shrink_unused(self, state: SenderState) -> None:
        """Take back what the application did not use for a timeout (RFC 2861 3.1), unless the peer's window held it."""
        used = max(self.most_used, _INITIAL_WINDOW)
        if used < self.cwnd and not state.held and self.restarts:
            self.ssthresh = self.kept_ssthresh()
            self.cwnd = (self.cwnd + used) >> 1
        self.most_used = 0
        self.used_ns = state.sent_ns

    def is_limited(self) -> int:
        """Return 1 if the window may grow: it held the sender back, or slow start would double what is used."""
        if self.limited:
            return 1
        return 1 if self.cwnd < self.ssthresh and self.cwnd < 2 * self.most_out else 0

    def kept_ssthresh(self) -> int:
        """Return the threshold that remembers three quarters of the window (RFC 2861 3.1)."""
        return max(self.ssthresh, (self.cwnd >> 1) + (self.cwnd >> 2))

    def chances(self) -> int:
        """Return how often the model could be held against what was sent."""
        return self.fits + self.overs + self.unders

    def score(self, sent: int) -> int:
        """Return how well the model fits a sender of `sent` segments, in thousandths; only a perfect one has 1000.

        What was sent beyond the window counts most: the model forbids it.
        """
        chances = max(self.chances(), 1)
        return 1000 * (self.fits - 2 * self.overs) // chances - 10_000 * self.raised // max(sent, 1)

    def sent(self, state: SenderState, excess: int) -> None:
        """Note that new data went out; `excess` segments of it may pass the window (a probe)."""
        over = state.in_flight() - excess - self.cwnd
        if over > 0 and state.in_flight() <= self.rested_cwnd:
            # It did not restart: the administrator may keep Linux from it (tcp_slow_start_after_idle).
            self.restarts = 0
            self.cwnd = self.rested_cwnd
            self.ssthresh = self.rested_ssthresh
        elif over > 0 and state.ca <= _DISORDER:
            self.raised += over
            self.overs += 1
            if self.unraised == 0:
                self.unraised = self.cwnd
            self.cwnd += over
            self.contradict(_BEYOND, state.sent_frame, self.unraised, self.cwnd)

    def after_ack(self, state: SenderState) -> None:
        """Set the window after an acknowledgment that was taken in whole."""
        if state.is_reducing():
            self._reduce_by_rate(state)
        elif (state.advanced or (state.acked > 0 and state.reordering > _DUP_THRESH)) and self.is_limited():
            self.grow(state, state.acked)

    def after_timer(self, state: SenderState) -> None:
        """Set the window after RACK's timer began a recovery: as after an ACK that delivers one segment, in Linux."""
        self._reduce_by_rate(state)

    def _reduce_by_rate(self, state: SenderState) -> None:
        """Set the window by proportional rate reduction (RFC 9937, with Linux's divisor)."""
        if state.acked > 0 and self.prior_cwnd > 0:
            in_flight = state.in_flight()
            room = self.ssthresh - in_flight
            if room < 0:
                more = (self.ssthresh * state.prr_delivered + self.prior_cwnd - 1) // self.prior_cwnd - state.prr_out
            else:
                more = max(state.prr_delivered - state.prr_out, state.acked)
                if state.advanced and state.losses == 0:
                    more += 1
                more = min(room, more)
            self.cwnd = in_flight + max(more, 0 if state.prr_out > 0 else 1)

    def grow(self, state: SenderState, acked: int) -> None:
        """Grow by `acked` delivered segments; a model says how."""

    def slow_start(self, acked: int) -> int:
        """Grow by `acked` segments, not past the threshold; return what is left of them (RFC 5681 3.1)."""
        grown = min(self.cwnd + acked, self.ssthresh)
        acked -= grown - self.cwnd
        self.cwnd = grown
        return acked

    def avoid(self, window: int, acked: int) -> None:
        """Grow by one segment for each `window` delivered (RFC 5681 3.1, equation 3 in whole segments)."""
        if self.count >= window:
            self.count = 0
            self.cwnd += 1
        self.count += acked
        if self.count >= window:
            steps = self.count // window
            self.count -= steps * window
            self.cwnd += steps

    def reduced(self) -> int:
        """Return the threshold after a loss; a model says which."""
        return self.cwnd

    def reduce(self, state: SenderState, undoable: int) -> None:
        """Begin to reduce the window: a loss or, if not `undoable`, an echo of congestion."""
        self.prior_ssthresh = self.kept_ssthresh() if undoable else 0
        self.prior_cwnd = self.cwnd
        self.count = 0
        self.ssthresh = self.reduced()

    def end_reduction(self, state: SenderState) -> None:
        """End the reduction: the window is what it was reduced to."""
        if self.ssthresh < _NO_SSTHRESH:
            self.cwnd = self.ssthresh
            self.used_ns = state.now_ns

    def time_out(self, state: SenderState, first: int) -> None:
        """Note a retransmission timeout after the losses were marked; `first` is 1 if it is the episode's first."""
        if first:
            self.prior_ssthresh = self.kept_ssthresh()
            self.prior_cwnd = self.cwnd
            self.ssthresh = self.reduced()
            self.forget(state)
        self.cwnd = state.in_flight() + 1
        self.count = 0
        self.used_ns = state.now_ns

    def forget(self, state: SenderState) -> None:
        """Forget what a timeout disproves; a model says what."""

    def undo(self, state: SenderState) -> None:
        """Take the last reduction back: it was unfounded."""
        if self.prior_ssthresh > 0:
            self.cwnd = max(self.cwnd, self.prior_cwnd)
            self.ssthresh = max(self.ssthresh, self.prior_ssthresh)
        self.used_ns = state.now_ns

    def restart(self, state: SenderState, idle_ns: int) -> None:
        """Shrink the window after `idle_ns` without anything to send, if that is longer than a timeout (RFC 5681 4.1).

        It is halved for each timeout, not below the initial window.
        """
        if idle_ns > state.rto_ns and self.restarts:
            self.rested_cwnd = self.cwnd
            self.rested_ssthresh = self.ssthresh
            least = min(_INITIAL_WINDOW, self.cwnd)
            self.ssthresh = self.kept_ssthresh()
            idle_ns -= state.rto_ns
            while idle_ns > 0 and self.cwnd > least:
                self.cwnd >>= 1
                idle_ns -= state.rto_ns
            self.cwnd = max(self.cwnd, least)
            self.most_used = 0
            self.used_ns = state.now_ns

    def resume(self, state: SenderState, idle_ns: int) -> None:
        """Note that the sender sends again from an empty pipe; a model says what that means to it."""

    def phase(self, state: SenderState) -> int:
        """Return the phase of the sender."""
        if state.ca == _RECOVERY:
            return _IN_RECOVERY
        if state.ca == _LOSS:
            return _IN_LOSS
        return _IN_SLOW_START if self.cwnd < self.ssthresh else _AVOIDING
