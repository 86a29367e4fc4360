# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""How much a sender had in flight after its last bursts: what its window lets out, without a model of the window."""

from reconstruct.seq import UNKNOWN

MEMORY_SHIFT = 4  # the growth of the level is learned from about the last 16 ACKs: enough for one, less than a window

_UNKNOWN = UNKNOWN
_MEMORY = MEMORY_SHIFT


class WindowLevel:
    """The bytes in flight (`pipe`) and their level after a burst of a sender that its window limits.

    A sender whose window is full sends as an acknowledgment lets it: so a burst that would pass the level tells that an
    acknowledgment had come before it. The level follows what is certain, and grows with what is delivered as it lately
    did (by as much in slow start, by next to nothing in congestion avoidance). `pipe` counts a lost segment as in
    flight until everything is acknowledged; only its changes matter. `piece` is the largest payload of a segment.
    """

    def __init__(self) -> None:
        """Make a level of a sender that has sent nothing."""
        self.begin(0)

    def begin(self, piece: int) -> None:
        """Begin with a sender whose full segments carry `piece` bytes."""
        self.piece = piece
        self.una = _UNKNOWN
        self.pipe = self.level = self.before = self.sacked = self.most = 0
        self.risen = self.delivered = 0

    def sent(self, payload_len: int) -> None:
        """Take a segment that was sent."""
        self.piece = max(self.piece, payload_len)
        self.pipe += payload_len

    def heard(self, ack: int, blocks: int, highest: int) -> None:
        """Take an acknowledgment with so many SACK blocks; `highest` is SND.NXT."""
        delivered = 0
        if self.una == _UNKNOWN:
            self.una = ack
        elif ack > self.una:
            delivered = max(0, ack - self.una - self.sacked)
            self.sacked = max(0, self.sacked - (ack - self.una))
            self.una = ack
        elif blocks > 0:
            delivered = self.piece
            self.sacked += delivered
        if delivered > 0:
            self._deliver(delivered)
        if self.una == highest:
            self.pipe = self.sacked = 0

    def _deliver(self, delivered: int) -> None:
        """Take what came to the receiver out of flight, and let the level grow as it lately did."""
        self.pipe -= delivered
        if self.delivered > 0:
            self.level += delivered * min(self.risen, self.delivered) // self.delivered
        self.risen -= self.risen >> _MEMORY
        self.delivered += delivered - (self.delivered >> _MEMORY)

    def expect(self, payload: int) -> None:
        """Note that a burst of so many bytes follows what has been heard for certain."""
        self.most = self.pipe + payload

    def passes(self, payload: int) -> int:
        """Return 1 if so many bytes would pass the level by more than rounding."""
        return 1 if (self.pipe + payload - self.level) * 4 > self.piece else 0

    def settle(self) -> None:
        """Take the flight after a burst: at least this much is allowed, and no more than was certain before."""
        self.level = max(min(self.level, self.most), self.pipe)
        self.risen += max(0, self.level - self.before)
        self.before = self.level
