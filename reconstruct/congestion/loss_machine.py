# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What one sender sends and hears, taken event by event in its own order: the machine that all models share."""

from reconstruct.congestion.pieces import DEAD, EVER_RESENT, RESENT, SACKED
from reconstruct.congestion.recovery import NEW_DATA_FIRST, Recovery
from reconstruct.congestion.sender_state import CWR, LOSS, OPEN, RECOVERY
from reconstruct.segment import ECE
from reconstruct.sender_event import SENT, SenderEvent
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

PROBE_SLACK_NS = 2_000_000  # ns, RFC 8985 (7.2) in Linux: two ticks of a millisecond clock
PROBE_DELAYED_ACK_NS = 200_000_000  # ns, RFC 8985 (7.2), WCDelAckT
JIFFY_NS = 4_000_000  # ns, a tick of Linux's timers at CONFIG_HZ=250

_UNKNOWN = UNKNOWN
_SENT, _ECE = SENT, ECE
_OPEN, _CWR, _RECOVERY, _LOSS, _NEW_DATA_FIRST = OPEN, CWR, RECOVERY, LOSS, NEW_DATA_FIRST
_SACKED, _DEAD, _RESENT, _EVER_RESENT = SACKED, DEAD, RESENT, EVER_RESENT
_PROBE_SLACK_NS, _PROBE_DELAYED_ACK_NS, _JIFFY_NS = PROBE_SLACK_NS, PROBE_DELAYED_ACK_NS, JIFFY_NS
_BY_TIMER, _TAIL_PROBE = int(SegmentKind.RTO_RETRANSMISSION), int(SegmentKind.TAIL_LOSS_PROBE)
_WINDOW_PROBE, _KEEP_ALIVE = int(SegmentKind.ZERO_WINDOW_PROBE), int(SegmentKind.KEEP_ALIVE)
_DUPLICATE, _OUT_OF_ORDER = int(SegmentKind.NETWORK_DUPLICATE), int(SegmentKind.OUT_OF_ORDER)
_INVALID = int(SegmentKind.INVALID)


class LossMachine(Recovery):
    """One sender: takes its events and tells all candidates what they mean.

    `sent_segments` counts the segments of new data, `sent_since` those since the last acknowledgment, which came at
    `heard_ns`; `ecn` is 1 where the connection negotiated it.
    """

    def __init__(self) -> None:
        """Make a sender that has sent nothing."""
        Recovery.__init__(self)
        self.reset_machine()

    def reset_machine(self) -> None:
        """Forget everything."""
        self.reset_recovery()
        self.sent_since = self.sent_segments = self.ecn = 0
        self.heard_ns = _UNKNOWN

    def take(self, event: SenderEvent) -> None:
        """Take the next event of the sender."""
        self.taken += 1
        if not self.overflowed:
            self.state.now_ns = event.time_ns
            if event.what == _SENT:
                self.take_sent(event)
            else:
                self.take_heard(event)

    def take_sent(self, event: SenderEvent) -> None:
        """Take a segment that the sender sent."""
        if event.end > event.seq and not _is_aside(event.kind):
            self._take_bytes(event)

    def _take_bytes(self, event: SenderEvent) -> None:
        state = self.state
        state.sent_frame = event.frame
        if event.seq < state.nxt:
            self._resend(event)
        if event.end > state.nxt:
            self._send(event)
        state.sent_ns = event.time_ns
        if event.tsval != _UNKNOWN:
            self.tsval = event.tsval
            self.tsval_ns = event.time_ns

    def _send(self, event: SenderEvent) -> None:
        """Take new data; what the capture missed before it was sent too."""
        state = self.state
        probe = 0
        if state.out == 0:
            if state.sent_ns != _UNKNOWN:
                self.candidates.resume(state, state.now_ns - state.sent_ns)
        else:
            probe = self._is_probe()
        start = max(event.seq, state.nxt)
        before = state.out
        if start > state.nxt:
            self.send_new(state.nxt, start, start - state.nxt)
        self.send_new(start, event.end, min(event.payload_len, event.end - start))
        self.sent_since += state.out - before
        self.sent_segments += state.out - before
        if state.is_reducing():
            state.prr_out += state.out - before
        if probe:
            self.probe_seq = state.nxt
            self.probe_resent = 0
        self.candidates.sent(state, 1 if self.probe_seq != _UNKNOWN and not self.probe_resent else 0)

    def _is_probe(self) -> int:
        """Return 1 if new data was sent as a tail loss probe (RFC 8985 7.3): no ACK released it."""
        state = self.state
        if self.probe_seq != _UNKNOWN or not self.has_sack or (state.ca != _OPEN and state.ca != _CWR):
            return 0
        last_ns = state.sent_ns
        if self.heard_ns != _UNKNOWN and self.heard_ns > last_ns:
            last_ns = self.heard_ns
        return 1 if state.srtt_ns != _UNKNOWN and state.now_ns - last_ns >= self.probe_ns() - _JIFFY_NS else 0

    def probe_ns(self) -> int:
        """Return the probe timeout (RFC 8985 7.2), never later than the retransmission timeout, in ns."""
        state = self.state
        slack_ns = _PROBE_DELAYED_ACK_NS if state.out == 1 else _PROBE_SLACK_NS
        return min(2 * state.srtt_ns + slack_ns, state.rto_ns)

    def _resend(self, event: SenderEvent) -> None:
        """Take bytes that were sent before, as far as they are outstanding: find out why, and note it."""
        state = self.state
        pieces = self.pieces
        piece = pieces.find(event.seq)
        if piece < pieces.tail and pieces.start(piece) < event.end:
            if event.kind == _BY_TIMER:
                self.time_out(piece)
            elif event.kind == _TAIL_PROBE and state.ca < _RECOVERY:
                self.probe_seq = state.nxt
                self.probe_resent = 1
            else:
                self._explain(piece)
            piece = self._recut(piece, event)
        while piece < pieces.tail and pieces.start(piece) < event.end:
            if pieces.flags(piece) & _SACKED == 0:
                self._resend_piece(piece, event)
            piece += 1

    def _recut(self, piece: int, event: SenderEvent) -> int:
        """Cut the pieces anew as they are sent again; return the first of them."""
        state = self.state
        pieces = self.pieces
        end = min(event.end, state.nxt)
        if pieces.start(pieces.head) < state.una:
            pieces.trim(state.una)
        exact = pieces.start(piece) == event.seq and pieces.end(piece) == end
        if not exact and event.payload_len <= state.mss and pieces.start(piece) <= event.seq:
            more = pieces.recut(piece, pieces.find(end - 1), event.seq, end)
            state.out += more
            state.lost += more
            return pieces.find(event.seq)
        return piece

    def _resend_piece(self, piece: int, event: SenderEvent) -> None:
        """Note that a piece is in flight again."""
        state = self.state
        flags = self.pieces.flags(piece)
        if flags & _RESENT == 0:
            state.retrans += 1
        self.pieces.stamp(piece, state.delivered, state.delivered_ns, state.first_ns)
        self.pieces.resend(piece, event.time_ns, flags | _RESENT | _EVER_RESENT)
        self.resent_count += 1
        self.undo_count = max(self.undo_count, 0) + 1
        if state.is_reducing():
            state.prr_out += 1
        if not self.has_resent:
            self.has_resent = 1
            self.resent_tsval = event.tsval

    def _explain(self, piece: int) -> None:
        """Find out why a piece is sent again that nothing had marked lost: RACK's timer has (RFC 8985 6.3)."""
        state = self.state
        before = self.losses
        if self._is_in_flight(piece) and self.has_sack and self.rack_ns != _UNKNOWN:
            self.detect_losses()
        if self._is_in_flight(piece):
            self.mark_lost(piece)
        if state.ca < _RECOVERY and self.losses > before:
            self.enter_recovery(0)
            state.acked = 1
            state.advanced = 0
            state.losses = self.losses - before
            state.prr_delivered += 1
            self.candidates.after_timer(state)
        if self.frto == _NEW_DATA_FIRST:
            self.frto = 0  # there was none to try

    def _is_in_flight(self, piece: int) -> int:
        return self.pieces.is_ordered(self.pieces.flags(piece))

    def take_heard(self, event: SenderEvent) -> None:
        """Take an acknowledgment that the sender heard."""
        state = self.state
        state.held = 1 if state.nxt + state.mss > state.una + state.wnd else 0
        self.candidates.close_opportunity(state, self.sent_since)
        self.sent_since = 0
        if event.ack > state.nxt:
            self.send_new(state.nxt, event.ack, event.ack - state.nxt)  # the capture missed it
        prior_una = state.una
        delivered = state.delivered
        losses = self.losses
        state.prior_in_flight = state.in_flight()
        self.begin_ack()
        state.ece = 1 if self.ecn and event.flags & _ECE else 0
        state.advanced = 1 if event.ack > prior_una else 0
        same = 1 if event.ack == prior_una and event.window == state.wnd and event.payload_len == 0 else 0
        if event.blocks > 0 and self.has_sack:
            self.take_blocks(event, prior_una)
        self._take_ack(event)
        if self.probe_seq != _UNKNOWN:
            self.answer_probe(event, same)
        if state.ca != _OPEN or self.newly_sacked or self.dsacked or state.ece or (same and state.out > 0):
            self.take_alert(event, same)
        state.acked = state.delivered - delivered
        state.losses = self.losses - losses
        if state.acked > 0:
            state.delivered_ns = state.now_ns
            if state.is_reducing():
                state.prr_delivered += state.acked
        self.candidates.after_ack(state)
        self.heard_ns = event.time_ns

    def _take_ack(self, event: SenderEvent) -> None:
        """Take SEG.ACK and the window."""
        state = self.state
        if event.ack >= state.una:
            state.wnd = event.window
        if state.advanced:
            state.una = event.ack
            self.timeouts = 0
        if state.advanced or self.newly_sacked:
            self.remove_acked(event)
        if self.dsack_seen or self.steps > 1:
            self.widen_for_dsack()


def _is_aside(kind: int) -> int:
    """Return 1 if a segment is none that the sender has in flight: a probe of its own kind, or a copy."""
    return 1 if kind in (_WINDOW_PROBE, _KEEP_ALIVE, _DUPLICATE, _OUT_OF_ORDER, _INVALID) else 0
