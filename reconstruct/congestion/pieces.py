# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The outstanding segments of one sender: a ring with a moving head, in the order of their bytes and of their sending.

Every operation costs the same however large the window is, or as much as the segments that it settles for good.
"""

from array import array

SACKED, DEAD, RESENT, EVER_RESENT, APP_LIMITED = 1, 2, 4, 8, 16  # flags of a piece; DEAD is judged lost

MOST_PIECES = 1 << 17  # pieces: a window of 131,072 segments; a sender with more is not followed any further

_SACKED, _DEAD, _RESENT = SACKED, DEAD, RESENT
_MOST_PIECES = MOST_PIECES
_FIRST_ROOM = 16  # pieces
_KEPT_ROOM = 1024  # pieces; a larger ring is given back when its sender is forgotten
_FIRST_NUMBER = 1 << 20  # of a piece; leaves numbers below for what is cut in two
_FARTHEST_CUT = 1024  # pieces from the head; cutting farther away would cost more than it tells
_NONE = -1
_CELLS = 10
_START, _END, _SENT, _FLAGS, _SKIP, _OLDER, _NEWER = 0, 1, 2, 3, 4, 5, 6
_DELIVERED, _DELIVERED_NS, _FIRST_NS = 7, 8, 9


class Piece:
    """A cursor on one piece: what `Pieces` says of it, in fields of the same names."""

    def __init__(self) -> None:
        """Make a cursor on nothing."""
        self.start = self.end = self.sent_ns = self.flags = self.delivered = self.delivered_ns = self.first_ns = 0


class Pieces:
    """Pieces `head` to `tail` (half-open) by number: bytes, when each was last sent, and what became of it.

    `oldest` and `newest` are the ends of the order of sending, which holds what is neither SACKed nor judged lost, or
    is sent again since. `shown` is the piece that `show` looked at.
    """

    def __init__(self) -> None:
        """Make an empty ring."""
        self.room = 0
        self.mask = 0
        self.cells = array("q")
        self.shown = Piece()
        self.reset()

    def reset(self) -> None:
        """Forget all pieces."""
        self.head = self.tail = _FIRST_NUMBER
        self.oldest = self.newest = _NONE
        if self.room > _KEPT_ROOM or self.room == 0:
            self.room = _FIRST_ROOM
            self.mask = _FIRST_ROOM - 1
            self.cells = array("q", bytes(8 * _CELLS * _FIRST_ROOM))

    def push(self, start: int, end: int, sent_ns: int, delivered: int, delivered_ns: int, first_ns: int) -> int:
        """Append a piece that is sent for the first time; return 0 if there are too many."""
        if self.tail - self.head == self.room:
            if self.room >= _MOST_PIECES:
                return 0
            self._grow()
        piece = self.tail
        self.tail = piece + 1
        at = (piece & self.mask) * _CELLS
        self.cells[at] = start
        self.cells[at + 1] = end
        self.cells[at + 2] = sent_ns
        self.cells[at + 3] = 0
        self.cells[at + 4] = piece
        self.cells[at + 7] = delivered
        self.cells[at + 8] = delivered_ns
        self.cells[at + 9] = first_ns
        self._append(piece, at)
        return 1

    def _grow(self) -> None:
        larger = array("q", bytes(16 * _CELLS * self.room))
        mask = 2 * self.room - 1
        for piece in range(self.head, self.tail):
            old = (piece & self.mask) * _CELLS
            new = (piece & mask) * _CELLS
            for cell in range(_CELLS):
                larger[new + cell] = self.cells[old + cell]
        self.cells = larger
        self.room *= 2
        self.mask = mask

    def _append(self, piece: int, at: int) -> None:
        """Put a piece at the young end of the order of sending."""
        self.cells[at + _OLDER] = self.newest
        self.cells[at + _NEWER] = _NONE
        if self.newest == _NONE:
            self.oldest = piece
        else:
            self.cells[(self.newest & self.mask) * _CELLS + _NEWER] = piece
        self.newest = piece

    def _unlink(self, at: int) -> None:
        """Take a piece out of the order of sending."""
        older = self.cells[at + _OLDER]
        newer = self.cells[at + _NEWER]
        if older == _NONE:
            self.oldest = newer
        else:
            self.cells[(older & self.mask) * _CELLS + _NEWER] = newer
        if newer == _NONE:
            self.newest = older
        else:
            self.cells[(newer & self.mask) * _CELLS + _OLDER] = older

    def is_ordered(self, flags: int) -> int:
        """Return 1 if a piece with these flags stands in the order of sending."""
        return 1 if flags & _SACKED == 0 and (flags & _DEAD == 0 or flags & _RESENT) else 0

    def pop(self) -> None:
        """Drop the head."""
        at = (self.head & self.mask) * _CELLS
        if self.is_ordered(self.cells[at + _FLAGS]):
            self._unlink(at)
        self.head += 1

    def set_flags(self, piece: int, flags: int) -> None:
        """Change what became of a piece; the order of sending follows."""
        at = (piece & self.mask) * _CELLS
        before = self.is_ordered(self.cells[at + _FLAGS])
        after = self.is_ordered(flags)
        if before and not after:
            self._unlink(at)
        elif after and not before:
            self._append(piece, at)
        self.cells[at + _FLAGS] = flags
        if flags & _SACKED:
            self.cells[at + _SKIP] = piece + 1

    def resend(self, piece: int, sent_ns: int, flags: int) -> None:
        """Note that a piece was sent again: it is the newest in the order of sending."""
        at = (piece & self.mask) * _CELLS
        if self.is_ordered(self.cells[at + _FLAGS]):
            self._unlink(at)
        self.cells[at + _FLAGS] = flags
        self.cells[at + _SENT] = sent_ns
        if self.is_ordered(flags):
            self._append(piece, at)

    def stamp(self, piece: int, delivered: int, delivered_ns: int, first_ns: int) -> None:
        """Write what was delivered when a piece was sent."""
        at = (piece & self.mask) * _CELLS
        self.cells[at + _DELIVERED] = delivered
        self.cells[at + _DELIVERED_NS] = delivered_ns
        self.cells[at + _FIRST_NS] = first_ns

    def recut(self, first: int, last: int, start: int, end: int) -> int:
        """Make one piece of `start` to `end`, which the pieces `first` to `last` hold; return how many came to be more.

        A sender cuts anew what it sends again where its options take another room. Only what is judged lost is cut.
        """
        flags = _DEAD
        for piece in range(first, last + 1):
            flags |= self.flags(piece)
            if self.flags(piece) & (_SACKED | _RESENT) or self.flags(piece) & _DEAD == 0:
                return 0
        low, high = self.start(first), self.end(last)
        below = 1 if low < start else 0
        above = 1 if end < high else 0
        more = below + above - (last - first)
        if first - self.head > _FARTHEST_CUT or self.head < more or self.tail - self.head + more > self.room:
            return 0
        self._shift(first, more)
        if above:
            self._write(last, end, high, flags)
        self._write(last - above, start, end, flags)
        if below:
            self._write(last - above - 1, low, start, flags)
        return more

    def _shift(self, first: int, by: int) -> None:
        """Number the pieces below `first` anew, so many less."""
        if by > 0:
            for piece in range(self.head, first):
                self._move(piece, piece - by)
        elif by < 0:
            for below in range(first - self.head):
                self._move(first - 1 - below, first - 1 - below - by)
        self.head -= by

    def _move(self, piece: int, number: int) -> None:
        """Give a piece another number."""
        old = (piece & self.mask) * _CELLS
        new = (number & self.mask) * _CELLS
        for cell in range(_CELLS):
            self.cells[new + cell] = self.cells[old + cell]
        self.cells[new + _SKIP] = number + 1 if self.cells[new + _FLAGS] & _SACKED else number
        if self.is_ordered(self.cells[new + _FLAGS]):
            older = self.cells[new + _OLDER]
            newer = self.cells[new + _NEWER]
            if older == _NONE:
                self.oldest = number
            else:
                self.cells[(older & self.mask) * _CELLS + _NEWER] = number
            if newer == _NONE:
                self.newest = number
            else:
                self.cells[(newer & self.mask) * _CELLS + _OLDER] = number

    def _write(self, piece: int, start: int, end: int, flags: int) -> None:
        """Write a piece that is judged lost."""
        at = (piece & self.mask) * _CELLS
        self.cells[at + _START] = start
        self.cells[at + _END] = end
        self.cells[at + _FLAGS] = flags
        self.cells[at + _SKIP] = piece

    def trim(self, start: int) -> None:
        """Drop the bytes of the head below `start`: they are acknowledged."""
        at = (self.head & self.mask) * _CELLS
        self.cells[at + _START] = max(self.cells[at + _START], start)

    def unsacked(self, piece: int) -> int:
        """Return the first piece from `piece` on that was not SACKed, `tail` if there is none."""
        found = piece
        while found < self.tail and self.cells[(found & self.mask) * _CELLS + _SKIP] != found:
            found = self.cells[(found & self.mask) * _CELLS + _SKIP]
        while piece < found:  # the next look takes one step
            at = (piece & self.mask) * _CELLS
            piece = self.cells[at + _SKIP]
            self.cells[at + _SKIP] = found
        return found

    def find(self, offset: int) -> int:
        """Return the piece that holds the byte at `offset`: `head` for those before it, `tail` for those after all."""
        low = self.head
        high = self.tail
        while low < high:
            middle = (low + high) >> 1
            if self.cells[(middle & self.mask) * _CELLS + _END] <= offset:
                low = middle + 1
            else:
                high = middle
        return low

    def renege(self) -> int:
        """Forget all SACKs: the receiver has dropped what it reported (RFC 2018 8); return how many there were."""
        dropped = 0
        for piece in range(self.head, self.tail):
            at = (piece & self.mask) * _CELLS
            self.cells[at + _SKIP] = piece
            if self.cells[at + _FLAGS] & _SACKED:
                dropped += 1
                self.set_flags(piece, self.cells[at + _FLAGS] & ~_SACKED)
                self.cells[at + _SKIP] = piece
        return dropped

    def show(self, piece: int) -> None:
        """Fill the cursor `shown` with a piece."""
        at = (piece & self.mask) * _CELLS
        shown = self.shown
        shown.start = self.cells[at + _START]
        shown.end = self.cells[at + _END]
        shown.sent_ns = self.cells[at + _SENT]
        shown.flags = self.cells[at + _FLAGS]
        shown.delivered = self.cells[at + _DELIVERED]
        shown.delivered_ns = self.cells[at + _DELIVERED_NS]
        shown.first_ns = self.cells[at + _FIRST_NS]

    def start(self, piece: int) -> int:
        """Return the offset of a piece's first byte."""
        return self.cells[(piece & self.mask) * _CELLS + _START]

    def end(self, piece: int) -> int:
        """Return the offset after a piece's last byte."""
        return self.cells[(piece & self.mask) * _CELLS + _END]

    def sent_ns(self, piece: int) -> int:
        """Return when a piece was last sent."""
        return self.cells[(piece & self.mask) * _CELLS + _SENT]

    def flags(self, piece: int) -> int:
        """Return what became of a piece."""
        return self.cells[(piece & self.mask) * _CELLS + _FLAGS]

    def newer(self, piece: int) -> int:
        """Return the next piece in the order of sending, -1 after the last."""
        return self.cells[(piece & self.mask) * _CELLS + _NEWER]
