# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What held a sender back: for all the time in which it was sending, why nothing more went out.

At every event of the sender the question is why no further segment is sent; the first of these that is true answers it:
cwnd used up, the peer's window used up, loss recovery, and otherwise neither. What that means is told by the next new
data: set off by an acknowledgment, it had waited for cwnd, for Nagle's algorithm or for room in the send buffer; in
step with the bursts before, for the sender's clock; else the application had not written it.
"""

from reconstruct.held import AT_REST, BY_CWND, BY_RWND, OPEN, RECOVERING, SEND_BUFFER, SHUT, HeldTime
from reconstruct.pace import Pace
from reconstruct.recorder import Recorder
from reconstruct.segment import FIN, PSH, RST, SYN
from reconstruct.sender_event import SENT, SenderEvent, SenderSink
from reconstruct.seq import UNKNOWN
from reconstruct.signs import Signs
from reconstruct.vocabulary import EventKind, Limit, SegmentKind, Sign

PROMPT_MIN_NS = 100_000  # ns; a kernel answers an acknowledgment in tens of microseconds, a capture adds its own
PROMPT_MAX_NS = 300_000  # ns; within that a process that waits for the acknowledgment is woken, and writes
PROMPT_AWAY_NS = 1_000_000  # ns, where times are rebuilt from timestamps: a tick of most clocks (RFC 7323 5.4)
PROMPT_SHARE = 8  # of the least round trip: what comes that soon after an acknowledgment was set off by it
DELAYED_ACK_MIN_NS = 30_000_000  # ns over the least round trip; Linux delays 40 ms (TCP_DELACK_MIN), others up to 500
STREAK = 3  # times in a row that pure acknowledgments set off new data although nothing known held it back
WINDOW_SHARE = 3  # Linux's tcp_tso_win_divisor: with less than a third of a window left, a burst waits for room
HALVED_WINDOW = 536  # bytes; Linux sends no more at once than half of the largest window, if that is above this

_UNKNOWN = UNKNOWN
_NO_EDGE = (1 << 63) - 1
_SENT = SENT
_FIN, _PSH, _SYN_OR_RST, _PSH_OR_FIN = FIN, PSH, SYN | RST, PSH | FIN
_PROMPT_MIN_NS, _PROMPT_MAX_NS, _PROMPT_SHARE = PROMPT_MIN_NS, PROMPT_MAX_NS, PROMPT_SHARE
_PROMPT_AWAY_NS = PROMPT_AWAY_NS
_DELAYED_ACK_MIN_NS, _STREAK = DELAYED_ACK_MIN_NS, STREAK
_WINDOW_SHARE, _HALVED_WINDOW = WINDOW_SHARE, HALVED_WINDOW
_BY_CWND, _BY_RWND, _OPEN, _AT_REST, _SHUT, _RECOVERING = BY_CWND, BY_RWND, OPEN, AT_REST, SHUT, RECOVERING
_CWND, _RWND, _APPLICATION = int(Limit.CWND), int(Limit.RWND), int(Limit.APPLICATION)
_NAGLE, _RECOVERY, _PACING, _SEND_BUFFER = int(Limit.NAGLE), int(Limit.RECOVERY), int(Limit.PACING), SEND_BUFFER
_PROBE, _KEEP_ALIVE = int(SegmentKind.ZERO_WINDOW_PROBE), int(SegmentKind.KEEP_ALIVE)
_FAST, _RETRANSMISSION = int(SegmentKind.FAST_RETRANSMISSION), int(SegmentKind.RETRANSMISSION)
_BY_TIMER, _TAIL_PROBE = int(SegmentKind.RTO_RETRANSMISSION), int(SegmentKind.TAIL_LOSS_PROBE)
_STALL = int(EventKind.NAGLE_STALL)
_STALL_SIGN, _TINYGRAM_SIGN = int(Sign.NAGLE_STALL), int(Sign.TINYGRAM)


class Limits(SenderSink):
    """Follows one sender and keeps account of what held it back.

    The owner sets before each event `room`, the segments that cwnd allows after it beyond those in flight (`UNKNOWN`
    where nobody knows cwnd: then what acknowledgments set off had waited for cwnd), and `clocked`, whether its
    congestion control spaces what it sends. `held` is the account; `away` becomes 1 where times are rebuilt; `signs` is
    what a diagnosis may rest on, None as long as nothing showed.
    """

    def __init__(self, recorder: Recorder) -> None:
        """Follow a sender that has sent nothing; its rows and events go to a recorder."""
        SenderSink.__init__(self)
        self.recorder = recorder
        self.held = HeldTime()
        self.held.windows = recorder.windows
        self.pace = Pace()
        self.flow = self.server = 0
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.taken = 0
        self.signs: Signs | None = None
        self.held.reset()
        self.pace.reset()
        self.mss = self.room = self.edge = _UNKNOWN
        self.una = self.highest = self.largest = self.widest = 0
        self.begun = self.finished = self.probed = 0
        self.look, self.spare = _AT_REST, _UNKNOWN
        self.now_ns = self.now_frame = 0
        self.heard_tap_ns = self.heard_frame = 0
        self.after_ack = self.heard_payload = self.freed = 0
        self.small_end = self.small_tap_ns = self.small_frame = 0
        self.away = self.clocked = self.sends_small = self.pushed = self.full = self.streak = 0
        self.high_seq = self.timed_end = self.trip_ns = self.far_ns = _UNKNOWN
        self.timed_ns = self.timed_tap_ns = _UNKNOWN

    def begin(self, flow: int, server: int, mss: int) -> None:
        """Begin with a sender: whose it is, and the payload of a full segment (`UNKNOWN`: the largest will show)."""
        self.reset()
        self.flow = flow
        self.server = server
        self.mss = mss

    def begin_at(self, una: int, window: int, trip_ns: int, far_ns: int) -> None:
        """Take where it stands: SND.UNA, SND.WND in bytes, the round trip of the handshake, and the tap's to the peer.

        All but the first are `UNKNOWN` where the capture does not show them.
        """
        self.una = self.highest = una
        self.trip_ns = trip_ns
        self.far_ns = far_ns
        if window != _UNKNOWN:
            self.edge = una + window
            self.widest = window

    def take(self, event: SenderEvent) -> None:
        """Take the next event of the sender."""
        self.taken += 1
        if event.time_ns != event.tap_ns:
            self.away = 1
        if event.what != _SENT:
            self._heard(event)
        elif event.flags & _SYN_OR_RST == 0:
            self._sent(event)
        self.now_ns = event.time_ns
        self.now_frame = event.frame
        self.spare = self.room

    def note(self, sign: int, frame: int, figure: int) -> None:
        """Note a sign of the sender at a frame."""
        if self.signs is None:
            self.signs = Signs()
        self.signs.note(sign, self.server, frame, figure)

    def end(self) -> None:
        """Settle what still waits: the sender has nothing more to say."""
        if self.begun:
            self._look_around()
        if self.finished or self.look in (_OPEN, _AT_REST) or (self.look == _SHUT and not self.probed):
            self.held.forget_rest()
            self.held.wait(_OPEN, 0, 1)  # had anything waited, it would have gone out
            self.held.settle(_APPLICATION, self.now_frame)
        else:
            self.held.settle(_CWND, self.now_frame)

    def prompt_ns(self) -> int:
        """Return how soon after an acknowledgment something was set off by it."""
        most_ns = _PROMPT_AWAY_NS if self.away else _PROMPT_MAX_NS
        if self.trip_ns == _UNKNOWN:
            return most_ns
        return min(max(self.trip_ns // _PROMPT_SHARE, _PROMPT_MIN_NS), most_ns)

    def _heard(self, event: SenderEvent) -> None:
        if self.begun:
            self._look_around()
            self._elapse(event, max(0, event.time_ns - self.now_ns))
        before = self.una
        if event.ack > before:
            self._acknowledged(event)
        self.freed = 1 if before < self.small_end <= event.ack else 0
        if event.ack >= self.una:
            self.edge = _UNKNOWN
            if event.window != _UNKNOWN:
                self.edge = event.ack + event.window
                self.widest = max(self.widest, event.window)
        self.after_ack = 1
        self.heard_payload = 1 if event.payload_len > 0 else 0
        self.heard_tap_ns = event.tap_ns
        self.heard_frame = event.frame

    def _acknowledged(self, event: SenderEvent) -> None:
        """Move SND.UNA: round trip, end of recovery."""
        self.una = event.ack
        self.highest = max(self.highest, event.ack)  # more than the capture saw
        if self.timed_end != _UNKNOWN and event.ack >= self.timed_end:
            trip_ns = event.time_ns - self.timed_ns
            if trip_ns >= 0 and (self.trip_ns == _UNKNOWN or trip_ns < self.trip_ns):
                self.trip_ns = trip_ns
            far_ns = event.tap_ns - self.timed_tap_ns
            if far_ns >= 0 and (self.far_ns == _UNKNOWN or far_ns < self.far_ns):
                self.far_ns = far_ns
            self.timed_end = _UNKNOWN
        if self.high_seq != _UNKNOWN and event.ack >= self.high_seq:
            self.high_seq = _UNKNOWN

    def _look_around(self) -> None:
        """Find what kept the sender from one more full segment since the last event, as Linux asks: cwnd, then rwnd.

        That is asked at the next event, as most segments of a burst leave no time to account for.
        """
        closed = 1 if self._free() < self._least_segment() or (self.probed and not self.after_ack) else 0
        if self.una >= self.highest:
            self.look = _SHUT if closed else _AT_REST
        elif self.high_seq == _UNKNOWN and self.spare != _UNKNOWN and self.spare <= 0:
            self.look = _BY_CWND
        elif closed:
            self.look = _BY_RWND
        elif self.high_seq != _UNKNOWN:
            self.look = _RECOVERING
        else:
            self.look = self._deferred()

    def _free(self) -> int:
        """Return the bytes that the peer's window has room for; without limit where nobody knows it."""
        return self.edge - self.highest if self.edge != _UNKNOWN else _NO_EDGE

    def _full_size(self) -> int:
        """Return the payload of a full segment."""
        return self.mss if self.mss != _UNKNOWN else max(self.largest, 1)

    def _least_segment(self) -> int:
        """Return the payload that the peer's window must have room for (RFC 9293 3.8.6.2.1: MSS, or half a window)."""
        size = self._full_size()
        return min(size, self.widest // 2 if self.widest > _HALVED_WINDOW else self.widest)

    def _deferred(self) -> int:
        """Return which window Linux lets a burst wait for until it has room for more of it, `OPEN` if for none.

        With less room than a third of the window and than the usual burst it waits for the next acknowledgments.
        """
        burst = self.pace.burst
        free = self._free()
        for_cwnd = 0
        if self.spare != _UNKNOWN:
            room = self.spare * self._full_size()
            for_cwnd = 1 if room < min(burst, (room + self.highest - self.una) // _WINDOW_SHARE) else 0
            if for_cwnd and room < free:
                return _BY_CWND
        if free < min(burst, self.widest // _WINDOW_SHARE):
            return _BY_RWND
        return _BY_CWND if for_cwnd else _OPEN

    def _elapse(self, event: SenderEvent, span_ns: int) -> None:
        """Count the time since the last event by how the sender looked in it."""
        if self.look == _RECOVERING:
            self.held.note_row(_RECOVERING, span_ns, event.row, 0)
            self.held.spend(_RECOVERY, span_ns, self.now_frame, event.frame)
        elif self.look == _OPEN or self.look == _AT_REST:
            self._wait(self.look, span_ns, 1 if span_ns > self.prompt_ns() else 0, event)
        else:
            paced_ns = min(self.pace.until_ns(), event.time_ns) - self.now_ns
            if paced_ns > 0:  # the clock of a paced sender comes before both windows
                self.held.spend(_PACING, paced_ns, self.now_frame, event.frame)
                span_ns -= paced_ns
            self._wait(self.look, span_ns, 0, event)

    def _wait(self, look: int, span_ns: int, opened: int, event: SenderEvent) -> None:
        self.held.wait(look, span_ns, opened)
        self.held.note_row(look, span_ns, event.row, opened)

    def _sent(self, event: SenderEvent) -> None:
        span_ns = max(0, event.time_ns - self.now_ns)
        if not self.begun:
            self._begin(event)
        elif event.fresh and event.end > event.seq and event.kind != _PROBE:
            self._send_new(event, span_ns)
        else:
            self._look_around()
            self._send_other(event, span_ns)
        self.after_ack = 0

    def _send_other(self, event: SenderEvent, span_ns: int) -> None:
        """Take what is not new data: a probe, a retransmission, a copy."""
        if event.kind == _PROBE or (event.kind == _KEEP_ALIVE and self.probed):
            # Data waits, whatever the window looks like: the sender may not have heard of it.
            self._wait(_SHUT if self.una >= self.highest else _BY_RWND, span_ns, 0, event)
            self.highest = max(self.highest, event.end)
            self.probed = 1
        elif _FAST <= event.kind <= _RETRANSMISSION:
            self._send_again(event, span_ns)
        else:
            self._elapse(event, span_ns)

    def _begin(self, event: SenderEvent) -> None:
        """Begin with the first data, whatever it is."""
        if event.end > event.seq:
            self.begun = 1
            self.held.since_frame = event.frame
            self.pace.begin(event.time_ns, self.after_ack)
            self._note_new(event)

    def _send_again(self, event: SenderEvent, span_ns: int) -> None:
        """Take a retransmission: what a timer sends had waited for the timer; from then on the sender recovers."""
        if event.kind in (_BY_TIMER, _TAIL_PROBE) and self.look != _BY_RWND:
            self._wait_for_timer(event, span_ns)
        else:
            self._elapse(event, span_ns)
        if event.kind == _FAST or event.kind == _BY_TIMER or (event.kind < _TAIL_PROBE and self.high_seq == _UNKNOWN):
            self.high_seq = self.highest
        self.timed_end = _UNKNOWN  # RFC 6298 section 3, Karn's rule

    def _wait_for_timer(self, event: SenderEvent, span_ns: int) -> None:
        self.held.note_row(_RECOVERING, span_ns, event.row, 0)
        self.held.spend(_RECOVERY, span_ns, self.now_frame, event.frame)

    def _send_new(self, event: SenderEvent, span_ns: int) -> None:
        prompt = 1 if span_ns <= self.prompt_ns() else 0
        if prompt and not self.after_ack:
            self.held.tell_row(event.row)
            self.held.spend(self.held.last, span_ns, self.now_frame, event.frame)
        else:
            self._look_around()
            self.pace.begin(event.time_ns, prompt)
            self._settle(event, span_ns, prompt)
        self._note_new(event)

    def _settle(self, event: SenderEvent, span_ns: int, prompt: int) -> None:
        """Decide what held the sender back before this new data."""
        if not prompt and self._is_cut(event):
            self._wait(_SHUT, span_ns, 0, event)
            self.held.settle(_RWND, event.frame)
        else:
            self._settle_uncut(event, span_ns, prompt)

    def _settle_uncut(self, event: SenderEvent, span_ns: int, prompt: int) -> None:
        if event.kind == _TAIL_PROBE and self.look != _BY_RWND:
            self._wait_for_timer(event, span_ns)
        elif not prompt and self._had_room(event):
            self._wait(self.look, span_ns, 1, event)  # for all that was left of the windows: it was not there before
        else:
            self._elapse(event, span_ns)
        why = self._cause(event, prompt)
        if why == _NAGLE:
            self._note_stall(event)
        self.held.settle(why, event.frame)

    def _is_cut(self, event: SenderEvent) -> int:
        """Return 1 if the segment fills the window to the byte: only a window timer sends such a one unasked."""
        if event.end != self.edge or self.look == _BY_CWND:
            return 0
        return 1 if self.mss != _UNKNOWN and event.payload_len < self.mss else 0

    def _had_room(self, event: SenderEvent) -> int:
        """Return 1 if what looked used up had room for this segment."""
        if self.look == _BY_CWND:
            return 1 if self.spare > 0 else 0
        return 1 if self.look in (_BY_RWND, _SHUT) and event.end < self.edge else 0

    def _cause(self, event: SenderEvent, prompt: int) -> int:
        """Return why this segment did not set out while both windows were open."""
        if not prompt:
            self.streak = 0
            return self._cause_unasked()
        if event.payload_len == 0 or (self.heard_payload and self.una >= self.highest):
            return _APPLICATION  # a FIN, or the answer to what was heard
        if self._was_held_by_nagle(event):
            return _NAGLE
        if self.room == _UNKNOWN:
            return _CWND
        if self.clocked or self.pace.is_paced():
            return _PACING
        if self.heard_payload:
            return _APPLICATION
        # Nothing but room in the send buffer makes a process write at acknowledgments; any buffer holds two segments.
        buffered = self.highest - self.una + max(event.payload_len, self.pace.burst)
        self.streak = self.streak + 1 if buffered >= 2 * self._full_size() else 0
        if self.streak >= _STREAK:
            return _SEND_BUFFER
        return self.held.last if self.held.last != _NAGLE else _APPLICATION

    def _cause_unasked(self) -> int:
        """Return what data waited for that nothing heard set off: the sender's clock, or the application."""
        if self.look == _AT_REST or self.look == _SHUT:
            return _APPLICATION
        # Where a full segment without PSH is the last of a burst, more was written behind it.
        if self.full and (self.clocked or not self.pushed or self.pace.fits()):
            self.pace.keep()
            return _PACING
        self.pace.drop()
        return _APPLICATION

    def _was_held_by_nagle(self, event: SenderEvent) -> int:
        """Return 1 if a small segment waited until a small one was acknowledged (RFC 9293 3.7.4; Minshall's form)."""
        if self.mss == _UNKNOWN or event.payload_len >= self.mss or event.flags & _FIN or self.sends_small:
            return 0
        if event.flags & _PSH == 0 or not self.freed or self.small_end != self.highest:
            return 0  # without PSH it is cut off, by a window or by room in the send buffer
        return 1 if self.held.open_ns() > 0 else 0

    def _note_stall(self, event: SenderEvent) -> None:
        """Record a stall if the peer delayed the acknowledgment that Nagle's algorithm waited for."""
        late_ns = self.heard_tap_ns - self.small_tap_ns
        if self.far_ns != _UNKNOWN and late_ns - self.far_ns >= _DELAYED_ACK_MIN_NS:
            held_ns = event.tap_ns - self.small_tap_ns
            self.recorder.event(
                self.flow, event.frame, event.tap_ns, self.server, _STALL, held_ns, self.small_frame, self.heard_frame
            )
            self.note(_STALL_SIGN, event.frame, late_ns - self.far_ns)

    def _note_new(self, event: SenderEvent) -> None:
        """Remember what the next data is judged by."""
        self.pace.sent += event.payload_len
        self.largest = max(self.largest, event.payload_len)
        self.pushed = 1 if event.flags & _PSH_OR_FIN else 0
        self.full = 1 if self.mss == _UNKNOWN or event.payload_len >= self.mss else 0
        if not self.full and event.payload_len > 0 and self.pushed:  # else it was cut to what was left of a window
            if self.small_end > self.una and event.flags & _FIN == 0:
                self.sends_small = 1  # with one outstanding: Nagle's algorithm is off (TCP_NODELAY)
                self.note(_TINYGRAM_SIGN, event.frame, event.payload_len)
            self.small_end, self.small_tap_ns, self.small_frame = event.end, event.tap_ns, event.frame
        self.highest = max(self.highest, event.end)
        self.probed = 0
        if event.flags & _FIN:
            self.finished = 1
        if self.timed_end == _UNKNOWN:
            self.timed_end = event.end
            self.timed_ns = event.time_ns
            self.timed_tap_ns = event.tap_ns
