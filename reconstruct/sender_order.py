# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The order of events at a sender, rebuilt at a tap away from it.

What proves it, strongest first: the timestamp that a segment echoes (RFC 7323 3: the sender had heard that ACK, and
none with a later timestamp), the text that it acknowledges, the shortest way from tap to sender and back, the tick of
the sender's clock. What these leave open is decided by the window: a sender that its window limits sends when an ACK
lets it, and a burst, which ends with PSH where segmentation is offloaded, is sent at once.
"""

from reconstruct.event_queue import EventQueue
from reconstruct.segment import ACK, PSH
from reconstruct.sender_clock import SenderClock
from reconstruct.sender_event import HEARD, SENT, SenderEvent, SenderSink
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind
from reconstruct.window_level import WindowLevel

DIRECT_RATIO = 64  # the tap is in the sender when its part of the round trip is less than this part of the other
DIRECT_NS = 100_000  # ns in which a kernel answers: a shorter part of the round trip leaves nothing to rebuild
NOT_DIRECT_NS = 2_000_000  # ns after which a sender has processed what passed a tap inside it
NOT_DIRECT_SIGNS = 8  # segments that show that the tap is not in the sender after all
MOST_QUEUED = 4  # round trips that a queue before the tap is taken to hold at most where no timestamp tells
WAITED_SPACINGS = 3  # spacings of a busy link; a longer gap, even with a lost segment in it, means that it was idle
MOST_KEPT = 65_536  # ACKs that wait; above it the oldest is taken as heard
LATEST_NS = 1_000_000_000  # ns, RFC 6298 (2.1): no ACK is taken to need longer to the sender than an initial timeout
MOST_LOST = 256  # segments that are told of one gap; a larger gap is told in larger pieces
MOST_OPEN = 64  # segments of a burst: one write of 64 KiB in segments of 1,024 bytes; ACKs whose turn is weighed

_UNKNOWN = UNKNOWN
_ACK, _PSH = ACK, PSH
_SENT, _HEARD = SENT, HEARD
_NEW, _FAST = int(SegmentKind.NEW), int(SegmentKind.FAST_RETRANSMISSION)
_OUT_OF_ORDER, _DUPLICATE = int(SegmentKind.OUT_OF_ORDER), int(SegmentKind.NETWORK_DUPLICATE)
_DIRECT_RATIO, _DIRECT_NS = DIRECT_RATIO, DIRECT_NS
_NOT_DIRECT_NS, _NOT_DIRECT_SIGNS = NOT_DIRECT_NS, NOT_DIRECT_SIGNS
_MOST_KEPT, _MOST_LOST, _MOST_OPEN, _LATEST_NS = MOST_KEPT, MOST_LOST, MOST_OPEN, LATEST_NS
_MOST_QUEUED, _WAITED_SPACINGS = MOST_QUEUED, WAITED_SPACINGS
_MASK32, _HALF32 = 0xFFFFFFFF, 0x80000000
_BEFORE, _MAYBE, _AFTER = 0, 1, 2  # when an ACK was heard, beside a segment that was sent
_NEVER = 1 << 61  # ns
# Cursors that are filled and taken before anything else happens.
_HEARD_EVENT, _SENT_EVENT, _LOST_EVENT = SenderEvent(), SenderEvent(), SenderEvent()


class SenderOrder(SenderSink):
    """Takes the events of one sender as they pass the tap, gives them to `sink` as they happened at the sender.

    `direct` is 1 while the tap is in the sender itself: then nothing is held back. `doubt` of a released segment tells
    how many of the ACKs around it may have been heard after it or before. Segments that were lost before the tap are
    told as sent when the gap that they left shows, with `lost` 1 and frame 0; what fills the gap later is left out if
    it is the late original. `time_ns` of released events is by one clock, that of the tap as it reads at the sender.
    """

    def __init__(self) -> None:
        """Make an order that nothing was taken of yet."""
        SenderSink.__init__(self)
        self.sink: SenderSink | None = None
        self.clock = SenderClock()
        self.level = WindowLevel()
        self.acks, self.burst = EventQueue(), EventQueue()
        self.begin(None, 0, _UNKNOWN, _UNKNOWN)

    def begin(self, sink: SenderSink | None, mss: int, near_ns: int, far_ns: int) -> None:
        """Begin with another sender, whose full segments carry `mss` bytes.

        `near_ns` and `far_ns` are the parts of the handshake's round trip between the tap and the sender, and between
        the tap and its peer; `UNKNOWN` where the capture does not show them.
        """
        self.sink = sink
        self.taken = 0
        self.clock.reset()
        self.level.begin(mss)
        self.acks.clear()
        self.burst.clear()
        self.near_ns, self.far_ns = near_ns, far_ns
        self.direct = self.signs = 0
        self.shift_ns = 0
        self.hold_ns = _LATEST_NS
        if near_ns != _UNKNOWN and far_ns != _UNKNOWN:
            self.direct = 1 if near_ns * _DIRECT_RATIO < far_ns or near_ns < min(_DIRECT_NS, far_ns) else 0
            self.shift_ns = near_ns // 2
            self.hold_ns = _MOST_QUEUED * (near_ns + far_ns)
        self._forget()

    def _forget(self) -> None:
        """Know nothing of what was sent and heard."""
        self.next = self.now_ns = self.heard_tsval = self.text_heard = self.text_acked = self.text_edge = _UNKNOWN
        self.heard_ns = self.last_ns = _UNKNOWN
        self.spacing_ns = _NEVER
        self.payload = self.ready = self.stamped = self.repeats = 0
        self.tsval = self.tsecr = _UNKNOWN
        self.kind = self.proven = self.possible = 0
        self.start_ns = self.trip_ns = 0

    def take(self, event: SenderEvent) -> None:
        """Take the next event of the capture."""
        self.taken += 1
        if self.direct:
            self._pass(event)
        elif event.what == _HEARD:
            self._keep(event)
        elif event.kind not in (_OUT_OF_ORDER, _DUPLICATE):
            self._collect(event)

    def _keep(self, event: SenderEvent) -> None:
        """Let an ACK wait for its turn; `fresh` tells that what its peer sent before it all came by."""
        if self.acks.count >= _MOST_KEPT:
            self._hear(event.tap_ns)
        if self.text_edge == _UNKNOWN:
            self.text_edge = event.seq
        event.fresh = 1 if event.seq <= self.text_edge else 0
        if event.fresh:
            self.text_edge = max(self.text_edge, event.end)
        self.acks.push(event)

    def finish(self) -> None:
        """Release everything; no event follows."""
        self._release()
        if self.sink is not None:
            self.sink.finish()

    def _release(self) -> None:
        if self.burst.count > 0:
            self._close()
        while self.acks.count > 0:
            self._hear(_NEVER)

    def _give(self, event: SenderEvent) -> None:
        if self.sink is not None:
            self.sink.take(event)

    def _pass(self, event: SenderEvent) -> None:
        """Hand an event on as it is, unless it shows that its sender had not yet heard what passed the tap long ago."""
        if event.what == _HEARD:
            self.heard_tsval = event.tsval
            self.heard_ns = event.tap_ns
        elif event.tsecr != _UNKNOWN and self.heard_tsval != _UNKNOWN:
            late = (event.tsecr - self.heard_tsval) & _MASK32 >= _HALF32
            if late and event.tap_ns - self.heard_ns > _NOT_DIRECT_NS:
                self.signs += 1
                if self.signs == _NOT_DIRECT_SIGNS:
                    self.direct = 0
                    self.near_ns = _UNKNOWN
                    self._forget()
        self._give(event)

    def _collect(self, event: SenderEvent) -> None:
        """Add a segment to the burst that is open, or begin another."""
        if self.burst.count > 0 and not self._continues(event):
            self._close()
        self.burst.push(event)
        self.payload += event.payload_len
        self.tsval, self.tsecr, self.kind = event.tsval, event.tsecr, event.kind
        if event.flags & _PSH or event.tsval == _UNKNOWN or self.burst.count >= _MOST_OPEN:
            self._close()

    def _continues(self, event: SenderEvent) -> int:
        """Return 1 if a segment is of the burst before it: new text with the same timestamps."""
        if event.kind != _NEW or self.kind != _NEW:
            return 0
        return 1 if event.tsval == self.tsval and event.tsecr == self.tsecr else 0

    def _close(self) -> None:
        """Decide what was heard before the open burst, and release both."""
        event = _SENT_EVENT
        self.burst.pop(event)
        self._read_clock(event)
        waited = self._waited(event)
        self._weigh(event)
        first = self.acks.count
        if self.next != _UNKNOWN and event.seq > self.next:
            self._fill(event.tap_ns, event.seq, self.possible)
        while first - self.acks.count < self.proven:
            self._hear(event.tap_ns)
        self.level.expect(self.payload)
        while first - self.acks.count < self.possible and (not waited or self._passes(self.payload)):
            self._hear(event.tap_ns)
        self._release_burst(self._sent_ns(event, waited))
        self.level.settle()
        if self.trip_ns < _DIRECT_NS and self.trip_ns < self.far_ns and self.clock.trip_ns < _NEVER:
            self._release()
            self.direct = 1

    def _passes(self, payload: int) -> int:
        """Return 1 if so many bytes would pass the window, so that an ACK must have been heard before them."""
        room = self.sink.allowance() if self.sink is not None else _UNKNOWN
        if room != _UNKNOWN:
            return 1 if payload > room else 0
        return self.level.passes(payload)

    def _read_clock(self, event: SenderEvent) -> None:
        """Bring the clock up to a segment."""
        clock = self.clock
        self.stamped = 1 if event.tsval != _UNKNOWN and event.tsecr != 0 else 0
        self.ready = 0
        if self.stamped and clock.take(event.tsval, event.tap_ns):
            self.ready = clock.settle()
        if self.ready:
            self.start_ns = clock.sent_ns()
        if clock.trip_ns < _NEVER:
            self.trip_ns = clock.trip_ns
        else:
            self.trip_ns = self.near_ns if self.near_ns != _UNKNOWN else 0

    def _waited(self, event: SenderEvent) -> int:
        """Return 1 if a segment waited in a queue before the tap, so that its time does not tell when it was sent.

        Its timestamp tells that; without one, that it comes as close behind another as the slowest link allows.
        """
        gap_ns = event.tap_ns - self.last_ns if self.last_ns != _UNKNOWN else _NEVER
        self.last_ns = event.tap_ns
        if self.ready:
            return 1 if event.tap_ns >= self.start_ns + self.clock.tick_ns else 0
        if event.payload_len * 2 < self.level.piece:
            return 0
        self.spacing_ns = min(self.spacing_ns + (self.spacing_ns >> 6), gap_ns)
        return 1 if gap_ns < _WAITED_SPACINGS * self.spacing_ns else 0

    def _weigh(self, event: SenderEvent) -> None:
        """Count the ACKs that were heard before a segment: those that are `proven`, and those for which it is possible.

        What was heard before something that is proven is proven too: ACKs come to the sender in the order of the tap.
        """
        self.proven = self.possible = 0
        echoed = 0
        repeats = self.repeats
        index = 0
        while index < self.acks.count and index - self.proven < _MOST_OPEN:
            when = self._beside(event, index, echoed)
            if when == _AFTER:
                break
            index += 1
            self.possible = index
            if when == _BEFORE:
                self.proven = index
                echoed = echoed or self.acks.tsval(index - 1) == event.tsecr
            repeats = repeats + 1 if self.acks.blocks(index - 1) > 0 else 0
            if event.kind == _FAST and not self.stamped and repeats == 3 and index > self.proven:
                self.proven = index  # RFC 5681 (3.2): the third repetition sent it
                break
        if event.ack != _UNKNOWN:
            self.text_acked = event.ack

    def _beside(self, event: SenderEvent, index: int, echoed: int) -> int:
        """Say whether a waiting ACK was heard before a segment was sent, or after it, or whether both may be."""
        heard_ns = self.acks.tap_ns(index)
        tsval = self.acks.tsval(index)
        text = self.acks.end(index) > self.acks.seq(index)
        if event.ack != _UNKNOWN and self.acks.end(index) > event.ack and self.acks.fresh(index):
            return _AFTER  # it would have acknowledged that text
        if self.stamped and tsval != _UNKNOWN:
            ticks = (tsval - event.tsecr) & _MASK32
            if ticks >= _HALF32:
                return _BEFORE
            if ticks == 0 and not echoed and tsval != self.heard_tsval:
                self.clock.answers(heard_ns, event.tap_ns)
                return _BEFORE
            if ticks > 0 and not text and self.text_heard <= self.text_acked:
                self.clock.precedes(heard_ns)
                return _BEFORE if heard_ns + self.trip_ns + _LATEST_NS < event.tap_ns else _AFTER
        if text and event.ack != _UNKNOWN and self.acks.end(index) <= event.ack:
            return _BEFORE  # it acknowledges that text
        return self._by_time(event, heard_ns)

    def _by_time(self, event: SenderEvent, heard_ns: int) -> int:
        """Say by their times whether an ACK was heard before a segment was sent."""
        if heard_ns + self.trip_ns > event.tap_ns:
            return _AFTER
        if self.ready:
            at_ns = self.clock.heard_ns(heard_ns)
            if at_ns < self.start_ns:
                return _BEFORE
            return _AFTER if at_ns > self.start_ns + self.clock.tick_ns else _MAYBE
        return _BEFORE if heard_ns + self.trip_ns + self.hold_ns < event.tap_ns else _MAYBE

    def _hear(self, until_ns: int) -> None:
        """Release the ACK that has waited longest, as heard no later than a segment passed the tap."""
        event = _HEARD_EVENT
        self.acks.pop(event)
        at_ns = event.tap_ns + self.trip_ns
        if self.ready:
            at_ns = self.clock.heard_ns(event.tap_ns)
            if until_ns != _NEVER:
                at_ns = min(at_ns, self.start_ns + self.clock.tick_ns)
        self.now_ns = max(self.now_ns, min(at_ns, until_ns))
        if self.next != _UNKNOWN and event.ack > self.next:
            self._fill(event.tap_ns, event.ack, 0)
        if event.tsval != _UNKNOWN:
            self.heard_tsval = event.tsval
        if event.end > event.seq:
            self.text_heard = max(self.text_heard, event.end)
        self.repeats = self.repeats + 1 if event.blocks > 0 else 0
        self.level.heard(event.ack, event.blocks, self.next)
        event.time_ns = self.now_ns - self.shift_ns
        self._give(event)

    def _sent_ns(self, event: SenderEvent, waited: int) -> int:
        """Return when a burst was sent, as at the tap: between what was heard before it and when it passed."""
        if not waited:
            return max(self.now_ns, event.tap_ns)
        if not self.ready or self.now_ns >= self.start_ns:
            return self.now_ns if self.now_ns != _UNKNOWN else event.tap_ns
        return min(self.start_ns + self.clock.tick_ns // 2, event.tap_ns)  # nothing triggered it

    def _release_burst(self, sent_ns: int) -> None:
        """Release the segments of the burst, of which the first is in the cursor."""
        event = _SENT_EVENT
        doubt = self.possible - self.proven
        while True:
            if self.next != _UNKNOWN and event.seq > self.next:
                self._fill(event.tap_ns, event.seq, 0)
            event.doubt = doubt
            self._emit(event, sent_ns)
            if self.burst.count == 0:
                break
            self.burst.pop(event)
        self.payload = 0

    def _fill(self, tap_ns: int, until: int, possible: int) -> None:
        """Tell of segments that the tap never saw, up to an offset; `possible` ACKs may have been heard among them."""
        phantom = _LOST_EVENT
        first = self.acks.count
        size = max(self.level.piece, (until - self.next) // _MOST_LOST, 1)
        while self.next < until:
            phantom.seq = self.next
            phantom.end = min(self.next + size, until)
            phantom.payload_len = phantom.end - phantom.seq
            if first - self.acks.count < possible and self._passes(phantom.payload_len):
                self._hear(tap_ns)  # which may tell of lost segments itself
                continue
            phantom.what = _SENT
            phantom.tap_ns = tap_ns
            phantom.row = -1
            phantom.flags = _ACK
            phantom.kind = _NEW
            phantom.fresh = phantom.lost = 1
            phantom.ack = _UNKNOWN
            phantom.doubt = possible
            self._emit(phantom, self.now_ns if self.now_ns != _UNKNOWN else tap_ns)

    def _emit(self, event: SenderEvent, sent_ns: int) -> None:
        """Release a segment as sent at a time."""
        self.now_ns = sent_ns
        event.time_ns = sent_ns - self.shift_ns
        self.next = max(self.next, event.end)
        self.level.sent(event.payload_len)
        self._give(event)
