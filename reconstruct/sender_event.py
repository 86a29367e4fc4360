# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What happens at a sender, in its own order: it sends a segment, or it hears an acknowledgment."""

from array import array

from reconstruct.seq import UNKNOWN

SENT, HEARD = 1, 2  # what an event is

MAX_BLOCKS = 4  # SACK blocks of one segment, RFC 2018 (3)
EVENT_CELLS = 26  # 64-bit words of a kept event

_UNKNOWN = UNKNOWN
_FIRST_EDGE = 18


class SenderEvent:
    """One event of one sender: a cursor that is filled again for the next, never kept.

    `what` is `SENT` or `HEARD`; `frame` and `tap_ns` are of the segment in the capture (frame 0: it never came to the
    tap), `time_ns` is when it happened at the sender. `row` is the row of `windows` that describes the sender after it
    (-1: none is kept). Offsets are from the ISN of this sender.

    Of a segment that it sent: `seq` and `end` (SYN and FIN count), `payload_len`, `flags`, `kind` (`SegmentKind`),
    `fresh` (1: sends bytes for the first time), `tsval` and `tsecr` (`UNKNOWN`: no timestamps), `lost` (1: the capture
    missed it, or it was lost on its way to the tap), `ack` (what it acknowledges, offset from the ISN of the peer;
    `UNKNOWN`: nothing or not known) and `doubt` (how many events that were heard around it may have come before it or
    after it; 0: the order is certain).

    Of a segment that it heard: `ack`, `seq` and `end` (offsets from the ISN of the peer), `window` in bytes after
    scaling (`UNKNOWN` where the shift is), `blocks` and `edges` (the SACK blocks in the order of the option, D-SACK
    included), `payload_len`, `flags`, `tsval`, `tsecr`.
    """

    def __init__(self) -> None:
        """Make a cursor that shows nothing yet."""
        self.edges = array("q", bytes(16 * MAX_BLOCKS))
        self.what = self.frame = 0
        self.time_ns = self.tap_ns = 0
        self.row = -1
        self.seq = self.end = self.ack = self.payload_len = 0
        self.flags = self.kind = self.fresh = self.lost = self.doubt = 0
        self.window = self.tsval = self.tsecr = _UNKNOWN
        self.blocks = 0

    def store(self, cells: "array[int]", at: int) -> None:
        """Write the event into `EVENT_CELLS` words from index `at` on."""
        cells[at] = self.what
        cells[at + 1] = self.frame
        cells[at + 2] = self.time_ns
        cells[at + 3] = self.tap_ns
        cells[at + 4] = self.row
        cells[at + 5] = self.seq
        cells[at + 6] = self.end
        cells[at + 7] = self.ack
        cells[at + 8] = self.payload_len
        cells[at + 9] = self.flags
        cells[at + 10] = self.kind
        cells[at + 11] = self.fresh
        cells[at + 12] = self.lost
        cells[at + 13] = self.window
        cells[at + 14] = self.tsval
        cells[at + 15] = self.tsecr
        cells[at + 16] = self.doubt
        cells[at + 17] = self.blocks
        for edge in range(2 * self.blocks):
            cells[at + _FIRST_EDGE + edge] = self.edges[edge]

    def load(self, cells: "array[int]", at: int) -> None:
        """Become the event that `store` wrote there."""
        self.what = cells[at]
        self.frame = cells[at + 1]
        self.time_ns = cells[at + 2]
        self.tap_ns = cells[at + 3]
        self.row = cells[at + 4]
        self.seq = cells[at + 5]
        self.end = cells[at + 6]
        self.ack = cells[at + 7]
        self.payload_len = cells[at + 8]
        self.flags = cells[at + 9]
        self.kind = cells[at + 10]
        self.fresh = cells[at + 11]
        self.lost = cells[at + 12]
        self.window = cells[at + 13]
        self.tsval = cells[at + 14]
        self.tsecr = cells[at + 15]
        self.doubt = cells[at + 16]
        self.blocks = cells[at + 17]
        for edge in range(2 * self.blocks):
            self.edges[edge] = cells[at + _FIRST_EDGE + edge]


class SenderSink:
    """Whoever follows a sender: takes its events one after the other, in the sender's own order.

    `taken` counts them; a class that follows the sender for a purpose takes them in its own way.
    """

    def __init__(self) -> None:
        """Make a sink that has taken nothing."""
        self.taken = 0

    def take(self, event: SenderEvent) -> None:
        """Take the next event; the cursor belongs to the caller."""
        self.taken += 1

    def allowance(self) -> int:
        """Return how many bytes the sender may send now as far as this sink can tell, `UNKNOWN` if it cannot."""
        return _UNKNOWN

    def finish(self) -> None:
        """Take that no event follows."""
