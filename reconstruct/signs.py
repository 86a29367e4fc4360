# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What a connection showed that a diagnosis may rest on: how often, how much, and in which frames."""

from array import array

from reconstruct.vocabulary import Sign

MAX_FRAMES = 20  # frames that are kept of one sign of one end, the first ones

_SIGNS = len(Sign)
_MAX_FRAMES = MAX_FRAMES
_CELLS = 3  # of a sign of an end: how often, the sum of its figures, the largest figure
_FIRST_ROOM = 8  # frames


class Signs:
    """The signs of both ends of a connection; made when the first one shows.

    A sign has a figure, whose meaning and unit `Sign` tells.
    """

    def __init__(self) -> None:
        """Make an account without a sign."""
        self.cells = array("q", bytes(8 * 2 * _SIGNS * _CELLS))
        self.kept = array("q", bytes(16 * _FIRST_ROOM))
        self.room = _FIRST_ROOM
        self.noted = 0

    def note(self, sign: int, server: int, frame: int, figure: int) -> None:
        """Count a sign of the client (0) or the server (1) at a frame."""
        slot = 2 * sign + server
        at = slot * _CELLS
        self.cells[at] += 1
        self.cells[at + 1] += figure
        if figure > self.cells[at + 2] or self.cells[at] == 1:
            self.cells[at + 2] = figure
        if self.cells[at] <= _MAX_FRAMES:
            if self.noted == self.room:
                self._grow()
            self.kept[2 * self.noted] = slot
            self.kept[2 * self.noted + 1] = frame
            self.noted += 1

    def absorb(self, other: "Signs") -> None:
        """Count what another account of the same connection has noted."""
        for slot in range(2 * _SIGNS):
            at = slot * _CELLS
            if other.cells[at] > 0:
                if other.cells[at + 2] > self.cells[at + 2] or self.cells[at] == 0:
                    self.cells[at + 2] = other.cells[at + 2]
                self.cells[at] += other.cells[at]
                self.cells[at + 1] += other.cells[at + 1]
        for index in range(other.noted):
            if self.noted == self.room:
                self._grow()
            self.kept[2 * self.noted] = other.kept[2 * index]
            self.kept[2 * self.noted + 1] = other.kept[2 * index + 1]
            self.noted += 1

    def _grow(self) -> None:
        larger = array("q", bytes(32 * self.room))
        larger[: 2 * self.room] = array("q", memoryview(self.kept))
        self.kept = larger
        self.room *= 2

    def count(self, sign: int, server: int) -> int:
        """Return how often an end showed a sign."""
        return self.cells[(2 * sign + server) * _CELLS]

    def total(self, sign: int, server: int) -> int:
        """Return the sum of a sign's figures."""
        return self.cells[(2 * sign + server) * _CELLS + 1]

    def most(self, sign: int, server: int) -> int:
        """Return the largest figure of a sign, 0 where it never showed."""
        return self.cells[(2 * sign + server) * _CELLS + 2]

    def frames(self, sign: int, server: int) -> list[int]:
        """Return the first frames of a sign of an end, `MAX_FRAMES` at most."""
        slot = 2 * sign + server
        return [self.kept[2 * index + 1] for index in range(self.noted) if self.kept[2 * index] == slot]
