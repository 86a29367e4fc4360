# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What one end sent and heard, kept until it is worth looking at: many events at once, or all of a short connection."""

from array import array

from reconstruct.flow_control import OfferedWindow
from reconstruct.segment import OPTION_TIMESTAMPS, Segment
from reconstruct.sender_event import HEARD, SENT, SenderEvent, SenderSink
from reconstruct.seq import UNKNOWN, unwrap

FULL = 64  # events that wait at most: enough that the code that looks at them stays in the processor's cache

_UNKNOWN = UNKNOWN
_SENT, _HEARD = SENT, HEARD
_TIMESTAMPS = OPTION_TIMESTAMPS
_FIRST_ROOM = 8  # events: a short connection has no more
_CELLS = 13  # 64-bit words of an event without SACK blocks
_MOST_CELLS = _CELLS + 8  # four blocks (RFC 2018 3)
_EVENT = SenderEvent()  # filled and taken before anything else happens


class Transcript:
    """The events of one end from its first text on, in the order of the capture.

    `begun` is 1 from then on; `flow` and `server` say whose it is. How it began: `first` is the offset of its first
    text, `una` its SND.UNA, `offered` the window offered to it, `mss` the payload of a full segment, `window` its first
    congestion window in segments, `seen` 1 if the capture has both SYNs, `sack`, `timestamps` and `ecn` what both
    agreed to; `near_ns` and `far_ns` are the parts of the handshake's round trip between the tap and the end, and
    between the tap and its peer (`UNKNOWN`: not seen). `count` events are kept.
    """

    def __init__(self) -> None:
        """Make a transcript that has not begun."""
        self.offered = OfferedWindow()
        self.cells = array("q", bytes(8 * _CELLS * _FIRST_ROOM))
        self.room = _CELLS * _FIRST_ROOM
        self.reset()

    def reset(self) -> None:
        """Forget everything, and keep the room."""
        self.begun = self.count = self.used = 0
        self.flow = self.server = 0
        self.first = self.una = _UNKNOWN
        self.mss = self.window = self.seen = self.sack = self.timestamps = self.ecn = 0
        self.near_ns = self.far_ns = _UNKNOWN

    def trip_ns(self) -> int:
        """Return the round trip of the handshake, `UNKNOWN` where not both parts were seen."""
        return self.near_ns + self.far_ns if self.near_ns != _UNKNOWN and self.far_ns != _UNKNOWN else _UNKNOWN

    def _reserve(self) -> int:
        """Make room for an event; return the index of its first cell."""
        if self.used + _MOST_CELLS > self.room:
            larger = array("q", bytes(16 * self.room))
            for cell in range(self.used):
                larger[cell] = self.cells[cell]
            self.cells = larger
            self.room *= 2
        return self.used

    def note_sent(self, segment: Segment, highest: int, row: int) -> None:
        """Note that the end sent a segment; `highest` is its SND.NXT before it, `row` the row of its windows or -1."""
        at = self._reserve()
        self.cells[at] = _SENT
        self.cells[at + 9] = segment.kind
        self.cells[at + 10] = 1 if segment.end > highest else 0
        self._note(at, segment, row)
        self.used = at + _CELLS

    def note_heard(self, segment: Segment, isn: int, window: int, row: int) -> None:
        """Note that the end, whose ISN is `isn`, heard an acknowledgment that offers a `window` of so many bytes."""
        at = self._reserve()
        self.cells[at] = _HEARD
        self.cells[at + 9] = window
        self.cells[at + 10] = segment.sack_blocks
        self._note(at, segment, row)
        self.used = at + _CELLS
        for edge in range(2 * segment.sack_blocks):
            self.cells[self.used] = unwrap(segment.sack_edges[edge] - isn, segment.ack)
            self.used += 1

    def _note(self, at: int, segment: Segment, row: int) -> None:
        """Keep what the events of both kinds have."""
        self.cells[at + 1] = segment.frame
        self.cells[at + 2] = segment.time_ns
        self.cells[at + 3] = row
        self.cells[at + 4] = segment.seq
        self.cells[at + 5] = segment.end
        self.cells[at + 6] = segment.ack
        self.cells[at + 7] = segment.payload_len
        self.cells[at + 8] = segment.flags
        if segment.options & _TIMESTAMPS:
            self.cells[at + 11] = segment.tsval
            self.cells[at + 12] = segment.tsecr
        else:
            self.cells[at + 11] = self.cells[at + 12] = _UNKNOWN
        self.count += 1

    def tell(self, sink: SenderSink) -> None:
        """Tell a sink of all events, and forget them."""
        event = _EVENT
        at = 0
        while at < self.used:
            at = self._load(event, at)
            sink.take(event)
        self.used = self.count = 0

    def _load(self, event: SenderEvent, at: int) -> int:
        """Fill a cursor from the cells of an event; return where the next one begins."""
        event.what = self.cells[at]
        event.frame = self.cells[at + 1]
        event.time_ns = event.tap_ns = self.cells[at + 2]
        event.row = self.cells[at + 3]
        event.seq = self.cells[at + 4]
        event.end = self.cells[at + 5]
        event.ack = self.cells[at + 6]
        event.payload_len = self.cells[at + 7]
        event.flags = self.cells[at + 8]
        event.tsval = self.cells[at + 11]
        event.tsecr = self.cells[at + 12]
        event.lost = event.doubt = event.blocks = 0
        if event.what == _SENT:
            event.kind = self.cells[at + 9]
            event.fresh = self.cells[at + 10]
            return at + _CELLS
        event.window = self.cells[at + 9]
        event.blocks = self.cells[at + 10]
        for edge in range(2 * event.blocks):
            event.edges[edge] = self.cells[at + _CELLS + edge]
        return at + _CELLS + 2 * event.blocks
