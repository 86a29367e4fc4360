# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Events of one sender that wait for their turn."""

from array import array

from reconstruct.sender_event import EVENT_CELLS, SenderEvent

_CELLS = EVENT_CELLS
_FIRST_ROOM = 4  # events; a power of two, small: thousands of connections wait for a few
_ROOM_KEPT = 1_024  # events for which an empty queue keeps its room
_TAP, _SEQ, _END, _FRESH, _TSVAL, _BLOCKS = 3, 5, 6, 11, 14, 17


class EventQueue:
    """Events in one ring of 64-bit words that doubles when it is full; its room is kept for the next connection."""

    def __init__(self) -> None:
        """Make an empty queue without room."""
        self.cells = array("q")
        self.room = self.head = self.count = 0

    def clear(self) -> None:
        """Forget all events."""
        self.head = self.count = 0
        if self.room > _ROOM_KEPT:
            self.cells = array("q")
            self.room = 0

    def push(self, event: SenderEvent) -> None:
        """Add a copy of an event."""
        if self.count == self.room:
            self._grow()
        event.store(self.cells, ((self.head + self.count) & (self.room - 1)) * _CELLS)
        self.count += 1

    def _grow(self) -> None:
        """Double the room."""
        room = max(2 * self.room, _FIRST_ROOM)
        larger = array("q", bytes(8 * _CELLS * room))
        for index in range(self.count):
            old = ((self.head + index) & (self.room - 1)) * _CELLS
            for cell in range(_CELLS):
                larger[index * _CELLS + cell] = self.cells[old + cell]
        self.cells = larger
        self.room = room
        self.head = 0

    def pop(self, event: SenderEvent) -> None:
        """Take the oldest event out, into a cursor."""
        event.load(self.cells, self.head * _CELLS)
        self.head = (self.head + 1) & (self.room - 1)
        self.count -= 1

    def tap_ns(self, index: int) -> int:
        """Return when an event passed the tap; 0 is the oldest."""
        return self.cells[((self.head + index) & (self.room - 1)) * _CELLS + _TAP]

    def tsval(self, index: int) -> int:
        """Return the timestamp of an event."""
        return self.cells[((self.head + index) & (self.room - 1)) * _CELLS + _TSVAL]

    def seq(self, index: int) -> int:
        """Return the offset of the first byte of an event."""
        return self.cells[((self.head + index) & (self.room - 1)) * _CELLS + _SEQ]

    def end(self, index: int) -> int:
        """Return the offset after the bytes of an event."""
        return self.cells[((self.head + index) & (self.room - 1)) * _CELLS + _END]

    def blocks(self, index: int) -> int:
        """Return how many SACK blocks an event has."""
        return self.cells[((self.head + index) & (self.room - 1)) * _CELLS + _BLOCKS]

    def fresh(self, index: int) -> int:
        """Return 1 if an event is marked as fresh."""
        return self.cells[((self.head + index) & (self.room - 1)) * _CELLS + _FRESH]
