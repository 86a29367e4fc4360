# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What a sender has outstanding: when each segment was sent, in one pool shared by all flows."""

from array import array

from reconstruct.ranges import RangeSet
from reconstruct.seq import UNKNOWN

_UNKNOWN = UNKNOWN
_NONE = -1
_FIRST_ROOM = 1024  # entries of the pool at first


class SegmentPool:
    """Nodes of all scoreboards: `end` offset, `sent_ns`, `following` node. Nodes are given back and used again."""

    def __init__(self) -> None:
        """Make a pool without a node in use."""
        self.room = _FIRST_ROOM
        self.used = 0
        self.free = _NONE
        self.end = array("q", bytes(8 * _FIRST_ROOM))
        self.sent_ns = array("q", bytes(8 * _FIRST_ROOM))
        self.following = array("q", bytes(8 * _FIRST_ROOM))

    def take(self, end: int, sent_ns: int) -> int:
        """Return a node that holds a segment."""
        if self.free != _NONE:
            node = self.free
            self.free = self.following[node]
        else:
            if self.used == self.room:
                self._grow()
            node = self.used
            self.used += 1
        self.end[node] = end
        self.sent_ns[node] = sent_ns
        self.following[node] = _NONE
        return node

    def _grow(self) -> None:
        larger = [array("q", bytes(16 * self.room)) for _ in range(3)]
        for new, old in zip(larger, (self.end, self.sent_ns, self.following), strict=True):
            new[: self.room] = array("q", memoryview(old))
        self.end, self.sent_ns, self.following = larger
        self.room *= 2


class Scoreboard:
    """The outstanding segments of one sender, oldest first, and what was sent again or SACKed of them.

    `first_sent_ns` and `last_sent_ns` are the times of the oldest and the newest segment that give the last sample.
    """

    def __init__(self) -> None:
        """Make an empty scoreboard."""
        self.again: RangeSet | None = None
        self.sacked: RangeSet | None = None
        self.reset()

    def reset(self) -> None:
        """Forget everything; the nodes must have been released."""
        self.head = self.tail = self.passed = _NONE
        self.count = self.marked = 0
        self.again = self.sacked = None
        self.sacked_to = _UNKNOWN
        self.first_sent_ns = self.last_sent_ns = _UNKNOWN

    def sent(self, pool: SegmentPool, end: int, now_ns: int) -> None:
        """Note a segment that was sent for the first time."""
        node = pool.take(end, now_ns)
        if self.tail == _NONE:
            self.head = node
        else:
            pool.following[self.tail] = node
        self.tail = node
        self.count += 1

    def resent(self, seq: int, end: int) -> None:
        """Note a retransmission: what it covers gives no sample (RFC 6298 section 3, Karn's rule)."""
        if self.again is None:
            self.again = RangeSet()
        self.again.add(seq, end)
        self.marked = 1

    def reported(self, pool: SegmentPool, start: int, end: int) -> int:
        """Note a SACK block; return 1 if it completes a sample, of what lies above all that was reported before.

        The times of the sample are those of all blocks since the last `acknowledged`.
        """
        if self.sacked is None:
            self.sacked = RangeSet()
        self.marked = 1
        self.sacked.add(start, end)
        if end <= self.sacked_to:
            return 0
        self.sacked_to = end
        sampled = 0
        node = pool.following[self.passed] if self.passed != _NONE else self.head
        while node != _NONE and pool.end[node] <= end:
            if pool.end[node] > start and not _holds(self.again, pool.end[node]):
                sampled = 1
                self._take_time(pool.sent_ns[node])
            self.passed = node
            node = pool.following[node]
        return sampled

    def _take_time(self, sent_ns: int) -> None:
        """Widen the times of the sample by another segment."""
        if self.first_sent_ns == _UNKNOWN or sent_ns < self.first_sent_ns:
            self.first_sent_ns = sent_ns
        if sent_ns > self.last_sent_ns:
            self.last_sent_ns = sent_ns

    def begin(self) -> None:
        """Forget the times of the last sample."""
        self.first_sent_ns = self.last_sent_ns = _UNKNOWN

    def acknowledged(self, pool: SegmentPool, ack: int) -> int:
        """Drop what `ack` covers; return 1 if it completes a sample."""
        if self.marked:
            return self._acknowledged_in_part(pool, ack)
        node = self.head
        sampled = 0
        while node != _NONE and pool.end[node] <= ack:
            self.last_sent_ns = pool.sent_ns[node]
            if not sampled:
                self.first_sent_ns = self.last_sent_ns
                sampled = 1
            node = self._drop(pool, node)
        self.head = node
        if node == _NONE:
            self.tail = _NONE
        return sampled

    def _drop(self, pool: SegmentPool, node: int) -> int:
        """Give a node back and return the one after it."""
        following = pool.following[node]
        pool.following[node] = pool.free
        pool.free = node
        self.count -= 1
        return following

    def _acknowledged_in_part(self, pool: SegmentPool, ack: int) -> int:
        """Drop what `ack` covers where some of it was SACKed before, or sent again.

        What was SACKed gives no sample any more. An acknowledgment that covers anything sent again gives none at all,
        as in Linux: the segments above it were waiting for it.
        """
        clean = self.again is None or self.again.size() == 0 or self.again.first_start() >= ack
        sampled = 0
        first_ns = last_ns = _UNKNOWN
        node = self.head
        while node != _NONE and pool.end[node] <= ack:
            if clean and not _holds(self.sacked, pool.end[node]):
                last_ns = pool.sent_ns[node]
                if not sampled:
                    first_ns = last_ns
                    sampled = 1
            if node == self.passed:
                self.passed = _NONE
            node = self._drop(pool, node)
        self.head = node
        if node == _NONE:
            self.tail = _NONE
        if sampled:
            self.first_sent_ns, self.last_sent_ns = first_ns, last_ns
        self._forget_below(ack)
        return sampled

    def _forget_below(self, ack: int) -> None:
        """Drop the marks below SND.UNA."""
        self.marked = 0
        if self.again is not None:
            self.again.remove_below(ack)
            self.marked = 1 if self.again.size() > 0 else 0
        if self.sacked is not None:
            self.sacked.remove_below(ack)
            if self.sacked.size() > 0:
                self.marked = 1

    def release(self, pool: SegmentPool) -> None:
        """Give all nodes back to the pool."""
        if self.tail != _NONE:
            pool.following[self.tail] = pool.free
            pool.free = self.head
        self.head = self.tail = self.passed = _NONE
        self.count = 0


def _holds(marks: RangeSet | None, end: int) -> int:
    """Return 1 if the segment that ends at `end` is marked."""
    return 1 if marks is not None and marks.covered(end - 1, end) > 0 else 0
