"""The sending end: the loss recovery that the replay has, with one model that really decides what is sent."""

from __future__ import annotations

from collections.abc import Callable

from analyzer.whatif.circumstances import Circumstances
from analyzer.whatif.receiver import Answer
from reconstruct.congestion.base import CongestionModel
from reconstruct.congestion.bbr import BURST_BYTES, BURST_SHIFT, SLOW_BYTES, Bbr
from reconstruct.congestion.cubic import Cubic
from reconstruct.congestion.loss_machine import LossMachine
from reconstruct.congestion.pieces import DEAD, RESENT, SACKED
from reconstruct.congestion.reno import Reno
from reconstruct.congestion.sender_state import CWR, OPEN, RECOVERY
from reconstruct.segment import ACK
from reconstruct.sender_event import HEARD, SENT, SenderEvent
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, SegmentKind

MODELS: dict[CongestionControl, Callable[[], CongestionModel]] = {
    CongestionControl.RENO: Reno,
    CongestionControl.CUBIC: Cubic,
    CongestionControl.BBR: Bbr,
}
TIMER_SLACK_NS = 2_000_000  # ns, RFC 8985 (6.3): what Linux adds to the reordering timer
MOST_BACKOFF = 9  # doublings of a timeout of 200 ms until Linux's largest, 120 s
APART_NS = 1_000  # ns between two packets of a burst; RACK tells them apart by when they were sent
NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


class Sender:
    """One sender of `met.end - met.first` bytes; `put` is called with each packet: when it is sent, first byte, end.

    `resent` counts what it sent again, `timeouts` how often its timer ran out, `most` is its largest window in
    segments. `wake_ns` is when it wants to be woken (None: not at all).
    """

    def __init__(
        self, met: Circumstances, control: CongestionControl, window: int, put: Callable[[int, int, int], None]
    ) -> None:
        """Begin with a congestion window of so many segments."""
        self._met = met
        self._put = put
        self.model = MODELS[control]()
        self._machine = LossMachine()
        self._machine.candidates.models = [self.model]
        self._machine.candidates.count = 1
        self._machine.has_sack, self._machine.has_timestamps = int(met.sack), int(met.timestamps)
        self._begin(met)
        self._machine.candidates.start(window)
        self._event = SenderEvent()
        self.resent = self.timeouts = 0
        self.most = window
        self._armed_ns: int | None = None
        self._probed_ns: int | None = None
        self._reorder_ns: int | None = None
        self._release_ns = self._last_ns = 0
        self.wake_ns: int | None = None

    def _begin(self, met: Circumstances) -> None:
        """Take where the handshake leaves the sender."""
        machine, state = self._machine, self._machine.state
        state.mss = met.mss
        state.una = state.nxt = met.first
        machine.timer.sample(met.base_ns, met.first, met.first)
        state.srtt_ns = state.min_rtt_ns = met.base_ns
        state.rto_ns = machine.timer.rto_ns

    @property
    def una(self) -> int:
        """Return what is acknowledged."""
        return self._machine.state.una

    def hear(self, now_ns: int, answer: Answer, edge: int) -> None:
        """Take an acknowledgment with the right edge that goes with it."""
        event, state = self._event, self._machine.state
        una = state.una
        event.what, event.time_ns, event.row, event.frame = HEARD, now_ns, -1, 0
        event.ack, event.window, event.flags, event.payload_len = answer.ack, edge - answer.ack, ACK, 0
        event.blocks = len(answer.blocks)
        for at, (start, end) in enumerate(answer.blocks):
            event.edges[2 * at], event.edges[2 * at + 1] = start, end
        event.tsval = event.tsecr = UNKNOWN
        self._machine.take(event)
        if state.una > una:
            self._arm(now_ns)
        suspects = state.sacked > 0 and state.lost == 0 and state.ca < RECOVERY
        self._reorder_ns = now_ns + state.min_rtt_ns // 4 + TIMER_SLACK_NS if suspects and self._met.sack else None

    def offer(self, edge: int) -> None:
        """Take the window of the handshake."""
        self._machine.state.wnd = edge - self._machine.state.una

    def wake(self, now_ns: int) -> None:
        """Let the timers run out that are due."""
        if self._reorder_ns is not None and now_ns >= self._reorder_ns:
            self._reorder_ns = None
            self._send_head(now_ns, SegmentKind.FAST_RETRANSMISSION)
        if self._probed_ns is not None and now_ns >= self._probed_ns:
            self._probed_ns = None
            self._probe(now_ns)
        elif self._armed_ns is not None and now_ns >= self._armed_ns:
            self.timeouts += 1
            self._send_head(now_ns, SegmentKind.RTO_RETRANSMISSION)
            self._arm(now_ns, probe=False)

    def go_on(self, now_ns: int) -> None:
        """Send what the windows and the pacer let out now, and settle when to be woken."""
        while now_ns >= self._release_ns and self._has_room() and self._send_burst(now_ns):
            pass
        self.most = max(self.most, self.model.cwnd)
        timers = [each for each in (self._armed_ns, self._probed_ns, self._reorder_ns) if each is not None]
        if self._release_ns > now_ns and self._has_room():
            timers.append(self._release_ns)
        self.wake_ns = min(timers, default=None)

    def _has_room(self) -> bool:
        return self._machine.state.in_flight() < self.model.cwnd

    def _send_burst(self, now_ns: int) -> int:
        """Send a burst, a segment where nothing paces; return the bytes."""
        sent = 0
        for _ in range(self._burst()):
            size = self._send_next(now_ns) if self._has_room() else 0
            if not size:
                break
            sent += size
        pacing = self._pacing()
        if pacing > 0:
            self._release_ns = max(self._release_ns, now_ns - NS_PER_MS) + sent * NS_PER_S // pacing
        return sent

    def _pacing(self) -> int:
        """Return the rate in bytes/s at which the model lets packets go, 0 for one that does not pace."""
        return self.model.pacing if isinstance(self.model, Bbr) else 0

    def _burst(self) -> int:
        """Return how many segments are handed to the network at once."""
        pacing = self._pacing()
        least = 1 if pacing < SLOW_BYTES else 2
        return max(min(pacing >> BURST_SHIFT, BURST_BYTES) // self._met.mss, least)

    def _send_next(self, now_ns: int) -> int:
        """Send what was lost, else what is new; return the bytes."""
        state = self._machine.state
        if state.lost > state.retrans:
            piece = self._lost_piece()
            if piece >= 0:
                return self._resend(now_ns, piece, SegmentKind.RECOVERY_RETRANSMISSION)
        return self._send_new(now_ns)

    def _lost_piece(self) -> int:
        """Return the oldest piece that is lost and not sent again, -1 where there is none."""
        pieces = self._machine.pieces
        for piece in range(pieces.head, pieces.tail):
            if pieces.flags(piece) & (DEAD | RESENT | SACKED) == DEAD:
                return piece
        return -1

    def _send_new(self, now_ns: int) -> int:
        """Send new data if there is some and the peer takes it; return the bytes."""
        state, met = self._machine.state, self._met
        end = min(state.nxt + met.mss, met.end, met.written(now_ns))
        if met.most_flight is not None and end - state.una > met.most_flight:
            return 0
        if state.out == 0:
            end = min(end, state.una + state.wnd)  # less than a segment is sent where nothing else opens the window
        if end <= state.nxt or end > state.una + state.wnd:
            return 0
        start = state.nxt
        rested = state.out == 0
        self._tell_sent(now_ns, start, end, SegmentKind.NEW, 1)
        if rested or state.ca in (OPEN, CWR):
            self._arm(now_ns, restart=rested)
        return end - start

    def _send_head(self, now_ns: int, kind: SegmentKind) -> None:
        """Send the oldest outstanding piece again."""
        pieces = self._machine.pieces
        for piece in range(pieces.head, pieces.tail):
            if pieces.flags(piece) & SACKED == 0:
                self._resend(now_ns, piece, kind)
                return

    def _resend(self, now_ns: int, piece: int, kind: SegmentKind) -> int:
        start, end = self._machine.pieces.start(piece), self._machine.pieces.end(piece)
        self.resent += 1
        self._tell_sent(now_ns, start, end, kind, 0)
        return end - start

    def _tell_sent(self, now_ns: int, start: int, end: int, kind: SegmentKind, fresh: int) -> None:
        event = self._event
        self._last_ns = max(now_ns, self._last_ns + APART_NS)
        event.what, event.time_ns, event.row, event.frame = SENT, self._last_ns, -1, 0
        event.seq, event.end, event.payload_len, event.kind, event.fresh = start, end, end - start, int(kind), fresh
        event.flags, event.tsval, event.tsecr, event.lost, event.doubt = ACK, UNKNOWN, UNKNOWN, 0, 0
        self._machine.take(event)
        self._put(self._last_ns, start, end)

    def _probe(self, now_ns: int) -> None:
        """Send a tail loss probe (RFC 8985 7.3): new data, else the last piece again."""
        if not self._send_new(now_ns):
            pieces = self._machine.pieces
            if pieces.head < pieces.tail:
                self._resend(now_ns, pieces.tail - 1, SegmentKind.TAIL_LOSS_PROBE)
        self._probed_ns = None
        self._arm(now_ns, probe=False)

    def _arm(self, now_ns: int, probe: bool = True, restart: bool = True) -> None:
        """Set the retransmission timer (RFC 6298 5), and before it the probe where one may be sent (RFC 8985 7.2)."""
        state = self._machine.state
        self._probed_ns = None
        if state.out == 0:
            self._armed_ns = None
            return
        if restart or self._armed_ns is None:
            self._armed_ns = now_ns + (state.rto_ns << min(self._machine.timeouts, MOST_BACKOFF))
        if probe and self._met.sack and state.ca in (OPEN, CWR) and self._machine.probe_seq == UNKNOWN:
            self._probed_ns = now_ns + self._machine.probe_ns()
