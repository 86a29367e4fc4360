# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""A set of half-open ranges [start, end) of offsets, sorted, bounded; when it is full it degrades and counts that."""

from array import array

MAX_RANGES = 4096  # ranges a set holds at most; 64 KiB; a window of 4,096 separate holes is no working connection
_MAX_RANGES = 4096
_FIRST_ROOM = 8  # ranges; most flows with a hole have one or two


class RangeSet:
    """Disjoint half-open ranges of offsets that do not touch each other.

    They stand at indices `head` up to `tail`: holes are filled from the lowest one on, so taking ranges out at the
    front costs nothing. When `MAX_RANGES` are held and one more must be, the lowest gap is closed: `forgotten` counts
    the offsets that are said to be in the set since then although nobody added them.
    """

    def __init__(self) -> None:
        """Make an empty set."""
        self.head = self.tail = 0
        self.forgotten = 0
        self.room = _FIRST_ROOM
        self.starts = array("q", bytes(8 * _FIRST_ROOM))
        self.ends = array("q", bytes(8 * _FIRST_ROOM))

    def size(self) -> int:
        """Return how many ranges the set holds."""
        return self.tail - self.head

    def find(self, offset: int) -> int:
        """Return the index of the first range that ends above `offset` (`tail` if none does)."""
        low = self.head
        high = self.tail
        if high > low and self.ends[high - 1] <= offset:  # most questions are about the newest range
            return high
        while low < high:
            middle = (low + high) // 2
            if self.ends[middle] > offset:
                high = middle
            else:
                low = middle + 1
        return low

    def covered(self, start: int, end: int) -> int:
        """Return how many offsets of [start, end) are in the set; none are where it ends before it starts."""
        total = 0
        if start >= end:
            return 0
        index = self.find(start)
        while index < self.tail and self.starts[index] < end:
            total += min(end, self.ends[index]) - max(start, self.starts[index])
            index += 1
        return total

    def add(self, start: int, end: int) -> int:
        """Add [start, end) and return how many of its offsets are new to the set."""
        if start >= end:
            return 0
        first = self.find(start - 1)  # a range that ends at start touches it and is merged
        last = first
        held = 0
        low = start
        high = end
        while last < self.tail and self.starts[last] <= end:
            held += max(0, min(end, self.ends[last]) - max(start, self.starts[last]))
            low = min(low, self.starts[last])
            high = max(high, self.ends[last])
            last += 1
        if first < last:
            self.starts[first] = low
            self.ends[first] = high
            self._close(first + 1, last)
        elif self.tail - self.head == _MAX_RANGES:
            self._degrade(first, low, high)
        else:
            self._insert(first, low, high)
        return end - start - held

    def remove_below(self, offset: int) -> int:
        """Remove everything below `offset` and return how many offsets that were."""
        total = 0
        index = self.head
        while index < self.tail and self.ends[index] <= offset:
            total += self.ends[index] - self.starts[index]
            index += 1
        self._close(self.head, index)
        if self.head < self.tail and self.starts[self.head] < offset:
            total += offset - self.starts[self.head]
            self.starts[self.head] = offset
        return total

    def _degrade(self, first: int, low: int, high: int) -> None:
        """Take in [low, high), which belongs before range `first`, in a full set: close the lowest gap there is."""
        head = self.head
        if first == head:
            self.forgotten += self.starts[head] - high
            self.starts[head] = low
        elif first == head + 1:
            self.forgotten += low - self.ends[head]
            self.ends[head] = high
        else:
            self.forgotten += self.starts[head + 1] - self.ends[head]
            self.starts[head + 1] = self.starts[head]
            self._close(head, head + 1)
            self._insert(first, low, high)

    def _insert(self, index: int, low: int, high: int) -> None:
        """Put a range before the one at `index`."""
        if self.tail == self.room:
            index -= self._make_room()
        at = self.tail
        while at > index:
            self.starts[at] = self.starts[at - 1]
            self.ends[at] = self.ends[at - 1]
            at -= 1
        self.starts[index] = low
        self.ends[index] = high
        self.tail += 1

    def _close(self, first: int, last: int) -> None:
        """Take out the ranges from `first` up to `last`."""
        if first == self.head:
            self.head = last
        elif first < last:
            while last < self.tail:
                self.starts[first] = self.starts[last]
                self.ends[first] = self.ends[last]
                first += 1
                last += 1
            self.tail = first
        if self.head == self.tail:
            self.head = self.tail = 0

    def _make_room(self) -> int:
        """Move the ranges to the front, of larger arrays if they fill most of these; return how far they moved."""
        starts = self.starts
        ends = self.ends
        moved = self.head
        if 2 * (self.tail - moved) > self.room:
            self.room *= 2
            starts = array("q", bytes(8 * self.room))
            ends = array("q", bytes(8 * self.room))
        for index in range(moved, self.tail):
            starts[index - moved] = self.starts[index]
            ends[index - moved] = self.ends[index]
        self.starts = starts
        self.ends = ends
        self.head = 0
        self.tail -= moved
        return moved

    def first_start(self) -> int:
        """Return where the lowest range starts; the set must not be empty."""
        return self.starts[self.head]

    def first_end(self) -> int:
        """Return where the lowest range ends; the set must not be empty."""
        return self.ends[self.head]

    def pairs(self) -> list[tuple[int, int]]:
        """Return the ranges, lowest first."""
        return [(self.starts[index], self.ends[index]) for index in range(self.head, self.tail)]
