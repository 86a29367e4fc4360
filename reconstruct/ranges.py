# cython: annotation_typing=False
"""A set of half-open ranges [start, end) of offsets, sorted, bounded; when it is full it degrades and counts that."""

from array import array

MAX_RANGES = 4096  # ranges a set holds at most; 64 KiB; a window of 4,096 separate holes is no working connection
_MAX_RANGES = 4096
_FIRST_ROOM = 8  # ranges; most flows with a hole have one or two


class RangeSet:
    """Disjoint half-open ranges of offsets that do not touch each other.

    When `MAX_RANGES` are held and one more must be, the gap between the two lowest is closed: `forgotten` counts the
    offsets that are said to be in the set since then although nobody added them.
    """

    def __init__(self) -> None:
        """Make an empty set."""
        self.count = 0
        self.forgotten = 0
        self.room = _FIRST_ROOM
        self.starts = array("q", bytes(8 * _FIRST_ROOM))
        self.ends = array("q", bytes(8 * _FIRST_ROOM))

    def find(self, offset: int) -> int:
        """Return the index of the first range that ends above `offset` (`count` if none does)."""
        low = 0
        high = self.count
        if high > 0 and self.ends[high - 1] <= offset:  # most questions are about the newest range
            return high
        while low < high:
            middle = (low + high) // 2
            if self.ends[middle] > offset:
                high = middle
            else:
                low = middle + 1
        return low

    def covered(self, start: int, end: int) -> int:
        """Return how many offsets of [start, end) are in the set."""
        total = 0
        index = self.find(start)
        while index < self.count and self.starts[index] < end:
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
        while last < self.count and self.starts[last] <= end:
            held += max(0, min(end, self.ends[last]) - max(start, self.starts[last]))
            low = min(low, self.starts[last])
            high = max(high, self.ends[last])
            last += 1
        self._replace(first, last, low, high)
        return end - start - held

    def remove_below(self, offset: int) -> int:
        """Remove everything below `offset` and return how many offsets that were."""
        total = 0
        index = 0
        while index < self.count and self.ends[index] <= offset:
            total += self.ends[index] - self.starts[index]
            index += 1
        self._close(0, index)
        if self.count > 0 and self.starts[0] < offset:
            total += offset - self.starts[0]
            self.starts[0] = offset
        return total

    def _replace(self, first: int, last: int, low: int, high: int) -> None:
        """Put the one range [low, high) where those from `first` up to `last` stood."""
        if first == last and self.count == _MAX_RANGES:
            self._degrade(first, low, high)
        else:
            if first == last:
                self._open(first)
                last = first + 1
            self.starts[first] = low
            self.ends[first] = high
            self._close(first + 1, last)

    def _degrade(self, first: int, low: int, high: int) -> None:
        """Take in [low, high), which belongs before range `first`, in a full set: close the lowest gap there is."""
        if first == 0:
            self.forgotten += self.starts[0] - high
            self.starts[0] = low
        elif first == 1:
            self.forgotten += low - self.ends[0]
            self.ends[0] = high
        else:
            self.forgotten += self.starts[1] - self.ends[0]
            self.starts[1] = self.starts[0]
            self._close(0, 1)
            self._open(first - 1)
            self.starts[first - 1] = low
            self.ends[first - 1] = high

    def _open(self, index: int) -> None:
        """Make room for one range at `index`."""
        if self.count == self.room:
            self._grow()
        at = self.count
        while at > index:
            self.starts[at] = self.starts[at - 1]
            self.ends[at] = self.ends[at - 1]
            at -= 1
        self.count += 1

    def _close(self, first: int, last: int) -> None:
        """Take out the ranges from `first` up to `last`."""
        if first < last:
            while last < self.count:
                self.starts[first] = self.starts[last]
                self.ends[first] = self.ends[last]
                first += 1
                last += 1
            self.count = first

    def _grow(self) -> None:
        self.room *= 2
        starts = array("q", bytes(8 * self.room))
        ends = array("q", bytes(8 * self.room))
        for index in range(self.count):
            starts[index] = self.starts[index]
            ends[index] = self.ends[index]
        self.starts = starts
        self.ends = ends

    def first_start(self) -> int:
        """Return where the lowest range starts; the set must not be empty."""
        return self.starts[0]

    def first_end(self) -> int:
        """Return where the lowest range ends; the set must not be empty."""
        return self.ends[0]

    def pairs(self) -> list[tuple[int, int]]:
        """Return the ranges, lowest first."""
        return [(self.starts[index], self.ends[index]) for index in range(self.count)]
