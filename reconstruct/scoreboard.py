# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What a sender has outstanding: when each segment was sent, in one pool shared by all flows."""

from array import array

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
    """The outstanding segments of one sender, oldest first."""

    def __init__(self) -> None:
        """Make an empty scoreboard."""
        self.reset()

    def reset(self) -> None:
        """Forget everything; the nodes must have been released."""
        self.head = self.tail = _NONE
        self.count = 0
        self.ambiguous_below = _UNKNOWN
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

    def resent(self, highest: int) -> None:
        """Note a retransmission: what is outstanding now gives no sample (RFC 6298 section 3, Karn's rule).

        Segments above the one that was sent again are acknowledged late when it fills the hole, so they say nothing
        about the path either.
        """
        self.ambiguous_below = highest

    def acknowledged(self, pool: SegmentPool, ack: int) -> int:
        """Drop what `ack` covers; return 1 if it completes a sample.

        `first_sent_ns` and `last_sent_ns` are then the times of the oldest and the newest segment that it covers.
        """
        node = self.head
        sampled = 0
        while node != _NONE and pool.end[node] <= ack:
            if pool.end[node] > self.ambiguous_below:
                self.last_sent_ns = pool.sent_ns[node]
                if not sampled:
                    self.first_sent_ns = self.last_sent_ns
                    sampled = 1
            following = pool.following[node]
            pool.following[node] = pool.free
            pool.free = node
            self.count -= 1
            node = following
        self.head = node
        if node == _NONE:
            self.tail = _NONE
        return sampled

    def release(self, pool: SegmentPool) -> None:
        """Give all nodes back to the pool."""
        if self.tail != _NONE:
            pool.following[self.tail] = pool.free
            pool.free = self.head
        self.head = self.tail = _NONE
        self.count = 0
