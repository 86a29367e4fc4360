# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""BBR version 1 (draft-cardwell-iccrg-bbr-congestion-control-00) with the whole numbers of Linux."""

from reconstruct.congestion.aggregation import Aggregation
from reconstruct.congestion.bandwidth import MOST_RATE, SCALE, Bandwidth, interval_of
from reconstruct.congestion.base import DEFER_SHARE, CongestionModel
from reconstruct.congestion.pacer import Pacer
from reconstruct.congestion.sender_state import LOSS, OPEN, RECOVERY, SenderState
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, Contradiction, Phase

UNIT = 256  # gains are in 256ths
HIGH_GAIN = 739  # of 256: 2/ln 2, which doubles the rate each round
DRAIN_GAIN = 88  # of 256: its inverse
WINDOW_GAIN = 512  # of 256: two bandwidth-delay products
PROBE_GAIN, YIELD_GAIN = 320, 192  # of 256: 1.25 and 0.75
CYCLE = 8  # phases of PROBE_BW
SHORTEST_NS = 10_000_000_000  # ns that a shortest round trip counts
PROBE_RTT_NS = 200_000_000  # ns at least with few segments out
FEWEST = 4  # segments: the least window, and that of PROBE_RTT
MARGIN_PERCENT = 99  # of the rate is what it paces at
AGGREGATE_US = 100_000  # us of bandwidth at most that aggregation adds
BURST_SHIFT = 10  # a burst is what is paced in 1/1024 s
BURST_BYTES = 65_536 - 1 - 320  # bytes of a burst at most: what one segment handed to a network card holds
MOST_US = 1 << 24  # us, 17 s: longer round trips are pauses
FASTER, SLOWER = 290, 220  # of 256: beyond 1.13 a burst was sent with a gain of 1.25, below 0.86 with 0.75
LATE = 166  # of 256: below 0.65 something else held it
IDLE_NS = 1_000_000  # ns that a sender which has something to send may be late
SLOW_BYTES = 150_000  # bytes/s: slower senders may send single segments

_UNKNOWN = UNKNOWN
_BBR = int(CongestionControl.BBR)
_AHEAD, _BEHIND = int(Contradiction.AHEAD_OF_PACE), int(Contradiction.BEHIND_PACE)
_OPEN, _RECOVERY, _LOSS = OPEN, RECOVERY, LOSS
_UNIT, _SCALE, _HIGH_GAIN, _DRAIN_GAIN, _WINDOW_GAIN = 256, SCALE, HIGH_GAIN, DRAIN_GAIN, WINDOW_GAIN
_PROBE_GAIN, _YIELD_GAIN, _CYCLE = PROBE_GAIN, YIELD_GAIN, CYCLE
_FEWEST, _MARGIN_PERCENT = FEWEST, MARGIN_PERCENT
_SHORTEST_NS, _PROBE_RTT_NS = 10_000_000_000, PROBE_RTT_NS
_AGGREGATE_US = AGGREGATE_US
_BURST_SHIFT, _BURST_BYTES, _SLOW_BYTES, _MOST_BURST = BURST_SHIFT, BURST_BYTES, SLOW_BYTES, 127
_ROUND_UP = (1 << SCALE) - 1
_MOST_RATE, _MOST_US = MOST_RATE, MOST_US
_PACE_DOWN, _PACE_REST = 10, SCALE - 10
_NS_PER_US, _US_PER_S = 1_000, 1_000_000
_IDLE_NS, _DEFER_SHARE = IDLE_NS, DEFER_SHARE
_SETTLED = 3  # initial windows that two round trips of slow start deliver
_FASTER, _SLOWER, _LATE = FASTER, SLOWER, LATE
_CRUISES, _PROBES, _YIELDS, _LAGS, _CRUISING = 0, 1, 2, 3, 2
_STARTUP, _DRAIN = int(Phase.STARTUP), int(Phase.DRAIN)
_PROBE_BW, _PROBE_RTT = int(Phase.PROBE_BW), int(Phase.PROBE_RTT)


class Bbr(CongestionModel):
    """The window of a BBR sender, which follows its estimates of bandwidth and of the shortest round trip."""

    def __init__(self) -> None:
        """Make a model of a sender that has sent nothing."""
        self.bandwidth = Bandwidth()
        self.lumps = Aggregation()
        self.pacer = Pacer()
        CongestionModel.__init__(self)
        self.kind = _BBR

    def start(self, window: int) -> None:
        """Begin with a window of so many segments."""
        CongestionModel.start(self, window)
        self.mode = _STARTUP
        self.pacing_gain = self.window_gain = _HIGH_GAIN
        self.bandwidth.reset()
        self.shortest_ns = self.shortest_at_ns = _UNKNOWN
        self.pacing = 0
        self.pacing_seen = 0
        self.cycle = 0
        self.cycle_ns = 0
        self.saved = 0
        self.ca_before = _OPEN
        self.conserving = 0
        self.probe_until_ns = _UNKNOWN
        self.probe_round = 0
        self.idle_restart = 0
        self.lumps.reset()
        self.pacer.reset()
        self.seen_before = _CRUISES

    def close_opportunity(self, state: SenderState, sent: int) -> None:
        """Note before an acknowledgment how the window was used; the window never limits growth here."""
        in_flight = state.in_flight()
        # A burst that does not fit into the window waits for room, up to a third of it (Linux: tcp_tso_win_divisor).
        room = self.cwnd - in_flight - min(self._burst(state), self.cwnd // _DEFER_SHARE)
        if room > 1 and self._has_nothing_to_send(state):
            state.app_limited = max(state.delivered + in_flight, 1)

    def _has_nothing_to_send(self, state: SenderState) -> int:
        """Return 1 if neither the offered window nor the pacer nor a loss keeps the sender from sending more."""
        if state.lost > state.retrans or state.wnd == _UNKNOWN or state.now_ns - self.pacer.departure_ns < _IDLE_NS:
            return 0
        return 1 if state.wnd - (state.nxt - state.una) > self._burst(state) * state.mss else 0

    def restart(self, state: SenderState, idle_ns: int) -> None:
        """Keep the window: BBR does not shrink it after idle time."""

    def resume(self, state: SenderState, idle_ns: int) -> None:
        """Note that the sender sends again from an empty pipe."""
        if state.app_limited:
            self.idle_restart = 1
            self.lumps.begin(state.now_ns // _NS_PER_US)
            if self.mode == _PROBE_BW:
                self._pace(state, self.bandwidth.rate(), _UNIT)
            elif self.mode == _PROBE_RTT:
                self._end_probe_rtt(state)

    def after_ack(self, state: SenderState) -> None:
        """Take an acknowledgment: the estimates first, then pace and window."""
        if state.app_limited and state.delivered > state.app_limited:
            state.app_limited = 0
        interval_us = interval_of(state)
        if self.bandwidth.take(state, interval_us, self.mode == _PROBE_BW):
            self._begin_cycle(state)
        if self.bandwidth.round_start:
            self.conserving = 0
        if state.acked > 0 and interval_us > 0:
            now_us = state.delivered_ns // _NS_PER_US
            self.lumps.take(now_us, state.acked, self.bandwidth.rate(), self.cwnd, self.bandwidth.round_start)
        if self.mode == _PROBE_BW and self._is_phase_over(state):
            self._advance(state)
        self._look_whether_drained(state)
        self._take_round_trip(state)
        self._set_gains()
        rate = self.bandwidth.rate()
        self._pace(state, rate, self.pacing_gain)
        self._set_window(state, rate)

    def _is_phase_over(self, state: SenderState) -> int:
        """Return 1 if a phase of the cycle of PROBE_BW ends."""
        whole = state.delivered_ns - self.cycle_ns > self.shortest_ns
        if self.pacing_gain == _UNIT:
            return 1 if whole else 0
        in_flight = self._in_network(state, state.prior_in_flight)
        if self.pacing_gain > _UNIT:
            full = state.losses > 0 or in_flight >= self._inflight(state, self.bandwidth.most.best, self.pacing_gain)
            return 1 if whole and full else 0
        return 1 if whole or in_flight <= self._inflight(state, self.bandwidth.most.best, _UNIT) else 0

    def _advance(self, state: SenderState) -> None:
        self.cycle = (self.cycle + 1) % _CYCLE
        self.cycle_ns = state.delivered_ns

    def _begin_cycle(self, state: SenderState) -> None:
        """Begin PROBE_BW in a phase that the sender draws: any but that which yields."""
        self.mode = _PROBE_BW
        self.cycle = 1
        self._advance(state)

    def _look_whether_drained(self, state: SenderState) -> None:
        if self.mode == _STARTUP and self.bandwidth.full:
            self.mode = _DRAIN
            self.ssthresh = self._inflight(state, self.bandwidth.most.best, _UNIT)
        if self.mode == _DRAIN:
            in_flight = self._in_network(state, state.in_flight())
            if in_flight <= self._inflight(state, self.bandwidth.most.best, _UNIT):
                self._begin_cycle(state)

    def _in_network(self, state: SenderState, in_flight: int) -> int:
        """Return what will be in the network when the segment sent last leaves the pacer."""
        wait_us = max(0, self.pacer.departure_ns - state.now_ns) // _NS_PER_US
        delivered = (self.bandwidth.most.best * wait_us) >> _SCALE
        if self.pacing_gain > _UNIT:
            in_flight += self._burst(state)
        return max(0, in_flight - delivered)

    def _take_round_trip(self, state: SenderState) -> None:
        """Keep the shortest round trip of ten seconds; without a new one by then, look for it with few segments out."""
        now_ns = state.now_ns
        expired = self.shortest_at_ns != _UNKNOWN and now_ns > self.shortest_at_ns + _SHORTEST_NS
        if state.rtt_ns >= 0 and (self.shortest_ns == _UNKNOWN or state.rtt_ns <= self.shortest_ns or expired):
            self.shortest_ns = state.rtt_ns
            self.shortest_at_ns = now_ns
        if expired and not self.idle_restart and self.mode != _PROBE_RTT:
            self.mode = _PROBE_RTT
            self._save(state)
            self.probe_until_ns = _UNKNOWN
        if self.mode == _PROBE_RTT:
            self._probe_round_trip(state)
        if state.acked > 0:
            self.idle_restart = 0

    def _probe_round_trip(self, state: SenderState) -> None:
        state.app_limited = max(state.delivered + state.in_flight(), 1)
        if self.probe_until_ns == _UNKNOWN:
            if state.in_flight() <= _FEWEST:
                self.probe_until_ns = state.now_ns + _PROBE_RTT_NS
                self.probe_round = 0
                self.bandwidth.round_end = state.delivered
        else:
            if self.bandwidth.round_start:
                self.probe_round = 1
            if self.probe_round:
                self._end_probe_rtt(state)

    def _end_probe_rtt(self, state: SenderState) -> None:
        if self.probe_until_ns != _UNKNOWN and state.now_ns > self.probe_until_ns:
            self.shortest_at_ns = state.now_ns
            self.cwnd = max(self.cwnd, self.saved)
            if self.bandwidth.full:
                self._begin_cycle(state)
            else:
                self.mode = _STARTUP

    def _set_gains(self) -> None:
        if self.mode == _STARTUP:
            self.pacing_gain = self.window_gain = _HIGH_GAIN
        elif self.mode == _DRAIN:
            self.pacing_gain, self.window_gain = _DRAIN_GAIN, _HIGH_GAIN
        elif self.mode == _PROBE_RTT:
            self.pacing_gain = self.window_gain = _UNIT
        else:
            self.window_gain = _WINDOW_GAIN
            self.pacing_gain = _UNIT
            if not self.bandwidth.policer.in_use:
                self.pacing_gain = _PROBE_GAIN if self.cycle == 0 else _YIELD_GAIN if self.cycle == 1 else _UNIT

    def _pace(self, state: SenderState, rate: int, gain: int) -> None:
        """Set the pacing rate in bytes/s; before the pipe is full it only rises."""
        if not self.pacing_seen and state.srtt_ns != _UNKNOWN:
            self.pacing_seen = 1
            first = min((self.cwnd << _SCALE) // max(state.srtt_ns // _NS_PER_US, 1), _MOST_RATE)
            self.pacing = self._paced(state, first, _HIGH_GAIN)
        paced = self._paced(state, rate, gain)
        if self.bandwidth.full or paced > self.pacing:
            self.pacing = paced

    def _paced(self, state: SenderState, rate: int, gain: int) -> int:
        return ((rate * state.mss * gain >> 8 >> _PACE_DOWN) * (_US_PER_S // 100 * _MARGIN_PERCENT)) >> _PACE_REST

    def _burst(self, state: SenderState) -> int:
        """Return how many segments are handed to the network at once."""
        least = 1 if self.pacing < _SLOW_BYTES else 2
        return min(max(min(self.pacing >> _BURST_SHIFT, _BURST_BYTES) // state.mss, least), _MOST_BURST)

    def _product(self, rate: int, gain: int) -> int:
        """Return the bandwidth-delay product times a gain, in segments."""
        if self.shortest_ns == _UNKNOWN:
            return self.initial_window
        return ((rate * min(self.shortest_ns // _NS_PER_US, _MOST_US) * gain >> 8) + _ROUND_UP) >> _SCALE

    def _inflight(self, state: SenderState, rate: int, gain: int) -> int:
        return self._quantized(state, self._product(rate, gain))

    def _quantized(self, state: SenderState, window: int) -> int:
        """Leave room for bursts in flight at both ends and in the network; an even number, two more when it probes."""
        window += 3 * self._burst(state)
        window = (window + 1) & ~1
        if self.mode == _PROBE_BW and self.cycle == 0:
            window += 2
        return window

    def _set_window(self, state: SenderState, rate: int) -> None:
        """Move the window towards its target."""
        if state.acked > 0 and not self._recovers(state):
            target = self._quantized(state, self._product(rate, self.window_gain) + self._aggregated(rate))
            if self.bandwidth.full:
                self.cwnd = min(self.cwnd + state.acked, target)
            elif self.cwnd < target or state.delivered + 1 < self.initial_window:  # the SYN counts
                self.cwnd += state.acked
            self.cwnd = max(self.cwnd, _FEWEST)
        if self.mode == _PROBE_RTT:
            self.cwnd = min(self.cwnd, _FEWEST)

    def _aggregated(self, rate: int) -> int:
        """Return the room for acknowledgments that come in lumps."""
        if not self.bandwidth.full:
            return 0
        return min(self.lumps.most(), (rate * _AGGREGATE_US) >> _SCALE)

    def _recovers(self, state: SenderState) -> int:
        """Take losses off the window and conserve packets in the first round of recovery; return 1 if that sets it."""
        if state.losses > 0:
            self.cwnd = max(self.cwnd - state.losses, 1)
        before, self.ca_before = self.ca_before, state.ca
        if state.ca == _RECOVERY and before != _RECOVERY:
            self.conserving = 1
            self.bandwidth.round_end = state.delivered
            self.cwnd = state.in_flight() + state.acked
        elif before >= _RECOVERY and state.ca < _RECOVERY:
            self.cwnd = max(self.cwnd, self.saved)
            self.conserving = 0
        if self.conserving:
            self.cwnd = max(self.cwnd, state.in_flight() + state.acked)
        return self.conserving

    def _save(self, state: SenderState) -> None:
        """Remember the window from before a recovery or PROBE_RTT."""
        if self.ca_before < _RECOVERY and self.mode != _PROBE_RTT:
            self.saved = self.cwnd
        else:
            self.saved = max(self.saved, self.cwnd)

    def reduce(self, state: SenderState, undoable: int) -> None:
        """Remember the window: it is restored after the episode."""
        self._save(state)

    def after_timer(self, state: SenderState) -> None:
        """Leave the window alone: no acknowledgment came."""

    def end_reduction(self, state: SenderState) -> None:
        """Keep the window: `after_ack` restores it."""

    def time_out(self, state: SenderState, first: int) -> None:
        """Note a retransmission timeout: the window restarts, and what is full has to be found again."""
        if first:
            self._save(state)
        self.ca_before = _LOSS
        self.bandwidth.time_out(state)
        self.cwnd = state.in_flight() + 1

    def undo(self, state: SenderState) -> None:
        """Note that a recovery was unfounded: the window stays, what is full has to be found again."""
        self.bandwidth.undo(state)

    def sent(self, state: SenderState, excess: int) -> None:
        """Note that new data went out; the pacer holds the next until the rate allows it."""
        if self.shortest_ns == _UNKNOWN:
            self.shortest_ns = state.min_rtt_ns
            self.shortest_at_ns = state.now_ns
        over = state.in_flight() - excess - self.cwnd
        if over > 0:
            self.raised += over
        if self.pacing > 0:
            quota = self.pacer.take(state.now_ns, state.nxt, self.pacing)
            if quota > 0 and self.mode == _PROBE_BW:
                self._learn_phase(self.pacing_gain * quota >> 8)
            if self.pacer.overs + self.pacer.unders > self.overs + self.unders:
                self._note_pace(state)
            self.fits, self.unders, self.overs = self.pacer.fits, self.pacer.unders, self.pacer.overs

    def _note_pace(self, state: SenderState) -> None:
        """Note that a burst left at another time; in the first round trips the rate is not known well enough."""
        if self.pacer.due_ns > 0 and state.delivered > _SETTLED * self.initial_window:
            how = _AHEAD if self.pacer.waited_ns < self.pacer.due_ns else _BEHIND
            self.contradict(how, state.sent_frame, self.pacer.due_ns, self.pacer.waited_ns)

    def _learn_phase(self, gain: int) -> None:
        """Learn from the gain of the last burst in which phase the sender is: it began the cycle where it liked.

        One burst may be late and the next be let go earlier for it, so two must agree.
        """
        seen = _CRUISES
        if gain > _FASTER:
            seen = _PROBES
        elif gain < _SLOWER:
            seen = _YIELDS if gain > _LATE else _LAGS
        if seen == self.seen_before and not self.bandwidth.policer.in_use:
            if seen == _PROBES and self.cycle != 0:
                self.cycle = 0
                self.cycle_ns = self.pacer.burst_ns
            elif seen == _YIELDS and self.cycle != 1:
                self.cycle = 1
                self.cycle_ns = self.pacer.burst_ns
            elif seen == _CRUISES and self.cycle < _CRUISING:
                self.cycle = _CRUISING
                self.cycle_ns = self.pacer.burst_ns
        self.seen_before = seen

    def phase(self, state: SenderState) -> int:
        """Return the phase of the sender."""
        return self.mode
