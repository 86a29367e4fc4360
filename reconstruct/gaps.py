# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""When the holes in a sender's stream were left, and by which segment: the newest ones."""

from array import array

from reconstruct.seq import UNKNOWN

GAPS_KEPT = 16  # holes of one sender whose age is known; of older ones it is known that they are older

_UNKNOWN = UNKNOWN
_KEPT, _CELLS = GAPS_KEPT, 4


class Gaps:
    """The segments that began above everything seen before them, each with what it left out below itself.

    `count` is how many there were. Of the newest ones are known: the offset where the hole starts, the time, the
    timestamp and the IP-ID of the segment that left it.
    """

    def __init__(self) -> None:
        """Know no gap."""
        self.cells = array("q")
        self.count = self.room = 0

    def reset(self) -> None:
        """Forget everything."""
        self.count = 0

    def note(self, start: int, time_ns: int, tsval: int, ip_id: int) -> None:
        """Keep a gap that begins at `start`; `tsval` is `UNKNOWN` and `ip_id` -1 where its segment has none."""
        if self.room == 0:
            self.room = _KEPT
            self.cells = array("q", bytes(8 * _CELLS * _KEPT))
        at = self.count % _KEPT * _CELLS
        cells = self.cells
        cells[at] = start
        cells[at + 1] = time_ns
        cells[at + 2] = tsval
        cells[at + 3] = ip_id
        self.count += 1

    def _find(self, offset: int) -> int:
        """Return the first cell of the gap that left out `offset`, of the oldest one kept where it is older; or -1."""
        if self.count == 0:
            return -1
        oldest = max(0, self.count - _KEPT)
        number = self.count - 1
        while number > oldest and self.cells[number % _KEPT * _CELLS] > offset:
            number -= 1
        return number % _KEPT * _CELLS

    def knows(self, offset: int) -> int:
        """Return 1 if the very gap that left out `offset` is kept."""
        at = self._find(offset)
        return 1 if at >= 0 and self.cells[at] <= offset else 0

    def left_ns(self, offset: int) -> int:
        """Return when the hole at `offset` was left at the latest, `UNKNOWN` where no gap is known."""
        at = self._find(offset)
        return self.cells[at + 1] if at >= 0 else _UNKNOWN

    def tsval(self, offset: int) -> int:
        """Return the timestamp of the segment that left out `offset`, `UNKNOWN` where it is not known."""
        at = self._find(offset)
        return self.cells[at + 2] if at >= 0 else _UNKNOWN

    def ip_id(self, offset: int) -> int:
        """Return the IP-ID of the segment that left out `offset`, -1 where it is not known."""
        at = self._find(offset)
        return self.cells[at + 3] if at >= 0 else -1
