# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What the capture has shown of one sender's sequence space: in-order edge, what lies above it, what never came."""

from reconstruct.ranges import RangeSet


class Stream:
    """The captured part of one sender's sequence space, SYN and FIN counted as the offsets that they take.

    `edge` is the first offset not yet seen in order, `highest` the end of the highest segment, `unique` the number of
    offsets seen at least once, `missing` those that the peer acknowledged though the capture never showed them.
    """

    def __init__(self) -> None:
        """Make a stream of which nothing is seen."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.edge = self.highest = 0
        self.unique = self.missing = 0
        self.above: RangeSet | None = None

    def start_at(self, offset: int) -> None:
        """Begin at `offset`: what lies before it was sent before the capture began."""
        self.edge = self.highest = offset

    def insert(self, start: int, end: int) -> int:
        """Take in [start, end) and return how many of its offsets had not been seen."""
        if start == self.edge and (self.above is None or self.above.head == self.above.tail):
            fresh = end - start
            self.edge = end
        else:
            fresh = self._insert_beside(start, end)
        if end > self.highest:
            self.highest = end
        self.unique += fresh
        return fresh

    def _insert_beside(self, start: int, end: int) -> int:
        """Take in a segment that is old, above a hole, or below something that came early."""
        if start < self.edge:
            start = self.edge
        if end <= start:
            return 0
        if self.above is None:
            self.above = RangeSet()
        fresh = self.above.add(start, end)
        if start == self.edge:
            self._close_up(self.above)
        return fresh

    def _close_up(self, above: RangeSet) -> None:
        """Move the edge over what has become contiguous."""
        self.edge = above.first_end()
        above.remove_below(self.edge)

    def unseen(self, start: int, end: int) -> int:
        """Return how many offsets of [start, end) have not been seen."""
        if start < self.edge:
            start = self.edge
        if end <= start:
            return 0
        if self.above is None:
            return end - start
        return end - start - self.above.covered(start, end)

    def acknowledged(self, ack: int) -> int:
        """Note that the peer has everything below `ack`; return how many of these offsets were never captured."""
        if ack <= self.edge:
            return 0
        gap = self.unseen(self.edge, ack)
        if gap == 1 and self.unique == 0:
            gap = 0  # all that was seen is a keep-alive, one below what its sender goes on with (RFC 9293 3.8.4)
        self.missing += gap
        if self.above is not None:
            self.above.remove_below(ack)
        self.edge = ack
        if ack > self.highest:
            self.highest = ack
        if self.above is not None and self.above.head < self.above.tail and self.above.first_start() == ack:
            self._close_up(self.above)
        return gap
