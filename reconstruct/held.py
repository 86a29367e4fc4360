# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""How long each limit held one sender back; what is not decided yet waits until its next new data tells."""

from array import array

from reconstruct.recorder import WINDOW_COLUMNS, RowStore
from reconstruct.vocabulary import Limit

SEND_BUFFER, IDLE = len(Limit), len(Limit) + 1  # beside `Limit`, whose tables call both `application`
CLASSES = len(Limit) + 2
BY_CWND, BY_RWND, OPEN, AT_REST, SHUT, RECOVERING = range(6)  # how a sender looks between two of its events
ROWS_KEPT = 1 << 16  # rows whose limit the next new data decides; of a longer silence the first ones

_APPLICATION, _RECOVERY = int(Limit.APPLICATION), int(Limit.RECOVERY)
_CWND, _RWND = int(Limit.CWND), int(Limit.RWND)
_SEND_BUFFER, _IDLE, _CLASSES = SEND_BUFFER, IDLE, CLASSES
_BY_CWND, _BY_RWND, _OPEN, _AT_REST, _SHUT, _RECOVERING = BY_CWND, BY_RWND, OPEN, AT_REST, SHUT, RECOVERING
_LOOKS = 6
_ROWS_KEPT = ROWS_KEPT
_FIRST_ROOM = 64
_LIMIT = WINDOW_COLUMNS.index("limit")


class HeldTime:
    """Time of one sender by what held it back, in ns, with the frames around the longest span of each class.

    A stretch of time is known by how the sender looked in it: cwnd used up (`BY_CWND`), the peer's window used up
    (`BY_RWND`), neither (`OPEN`), nothing outstanding (`AT_REST`), nothing outstanding and the peer's window too small
    (`SHUT`), in loss recovery (`RECOVERING`). Whether data waited then, the next new data tells: what sets out although
    nothing let it go just now was not there before. Until then stretches wait, and `settle` gives them their class;
    the rows of `windows` that end them get it too. `last` is the class that most of the newest time had.
    """

    def __init__(self) -> None:
        """Make an account without time."""
        self.total_ns = [0] * 8
        self.longest_ns = [0] * 8
        self.longest_first = [0] * 8
        self.longest_last = [0] * 8
        self.settled_ns = [0] * 8
        self.head_ns = [0] * 6
        self.tail_ns = [0] * 6
        self.rows = array("q")
        self.rows_room = 0
        self.windows: RowStore | None = None
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        for limit in range(_CLASSES):
            self.total_ns[limit] = self.longest_ns[limit] = self.settled_ns[limit] = 0
            self.longest_first[limit] = self.longest_last[limit] = 0
        for look in range(_LOOKS):
            self.head_ns[look] = self.tail_ns[look] = 0
        self.last = _APPLICATION
        self.span = -1
        self.span_ns = self.span_first = 0
        self.since_frame = 0
        self.rows_count = self.rows_head = 0
        self.row_ns = -1
        self.row_look = _OPEN

    def total(self, limit: int) -> int:
        """Return the time of a class in ns: a `Limit`, `SEND_BUFFER` or `IDLE`."""
        return self.total_ns[limit]

    def longest(self, limit: int) -> int:
        """Return how long the longest span of a class was, in ns."""
        return self.longest_ns[limit]

    def first_frame(self, limit: int) -> int:
        """Return the frame at which the longest span of a class begins, 0 if there is none."""
        return self.longest_first[limit]

    def last_frame(self, limit: int) -> int:
        """Return the frame at which the longest span of a class ends, 0 if there is none."""
        return self.longest_last[limit]

    def sending_ns(self) -> int:
        """Return how long the sender had data outstanding, or waiting for a window."""
        together_ns = 0
        for limit in range(_IDLE):
            together_ns += self.total_ns[limit]
        return together_ns

    def open_ns(self) -> int:
        """Return the waiting time in which data would have gone out."""
        return self.head_ns[_OPEN]

    def spend(self, limit: int, span_ns: int, first_frame: int, last_frame: int) -> None:
        """Count time whose class is known, between two frames."""
        if span_ns > 0:
            self.total_ns[limit] += span_ns
            self._extend(limit, span_ns, first_frame, last_frame)

    def _extend(self, limit: int, span_ns: int, first_frame: int, last_frame: int) -> None:
        """Make the current span longer, or begin one of another class."""
        if limit != self.span:
            self.span = limit
            self.span_ns = 0
            self.span_first = first_frame
        self.span_ns += span_ns
        if self.span_ns > self.longest_ns[limit]:
            self.longest_ns[limit] = self.span_ns
            self.longest_first[limit] = self.span_first
            self.longest_last[limit] = last_frame

    def note_row(self, look: int, span_ns: int, row: int, opened: int) -> None:
        """Keep for a row (-1: there is none) how the sender looked in the longest stretch that it ends."""
        if span_ns > self.row_ns:
            self.row_ns = span_ns
            self.row_look = look
        if row >= 0:
            self._keep_row(row)
        if opened:
            self.rows_head = self.rows_count

    def tell_row(self, row: int) -> None:
        """Give a row (-1: there is none) the class of the newest time."""
        if row >= 0 and self.windows is not None:
            limit = self.last if self.last < _SEND_BUFFER else _APPLICATION
            self.windows.cells[row * self.windows.width + _LIMIT] = limit
            self.row_ns = -1

    def _keep_row(self, row: int) -> None:
        if self.rows_count < _ROWS_KEPT:
            if self.rows_count == self.rows_room:
                self.rows_room = max(2 * self.rows_room, _FIRST_ROOM)
                larger = array("q", bytes(8 * self.rows_room))
                for index in range(self.rows_count):
                    larger[index] = self.rows[index]
                self.rows = larger
            self.rows[self.rows_count] = row * _LOOKS + self.row_look
            self.rows_count += 1
        self.row_ns = -1

    def wait(self, look: int, span_ns: int, opened: int) -> None:
        """Keep a stretch of time; `opened`: the sender would have sent in it what it had."""
        if opened:
            for index in range(_LOOKS):
                self.head_ns[index] += self.tail_ns[index]
                self.tail_ns[index] = 0
            self.head_ns[look] += span_ns
        else:
            self.tail_ns[look] += span_ns

    def settle(self, why: int, frame: int) -> None:
        """Give what waits its class at a frame; `why` is that of the time in which data would have gone out."""
        for limit in range(_CLASSES):
            self.settled_ns[limit] = 0
        self._settle_head(why)
        self.settled_ns[_CWND] += self.tail_ns[_BY_CWND]
        self.settled_ns[_RWND] += self.tail_ns[_BY_RWND] + self.tail_ns[_SHUT]
        most = -1
        for limit in range(_CLASSES):
            if self.settled_ns[limit] > 0 and (most < 0 or self.settled_ns[limit] > self.settled_ns[most]):
                most = limit
        if most >= 0 and most != _IDLE:
            self.last = most
        self.settled_ns[self.last] += self.tail_ns[_OPEN] + self.tail_ns[_AT_REST]  # too short to be a pause
        for limit in range(_CLASSES):
            self.total_ns[limit] += self.settled_ns[limit]
        if most >= 0:
            self._extend(most, self.settled_ns[most], self.since_frame, frame)
        self._settle_rows(why)
        for look in range(_LOOKS):
            self.head_ns[look] = self.tail_ns[look] = 0
        self.since_frame = frame

    def _settle_head(self, why: int) -> None:
        """Give what came before the newest pause, and the pause itself, their classes."""
        self.settled_ns[why] += self.head_ns[_OPEN]
        self.settled_ns[_IDLE] += self.head_ns[_AT_REST]
        if why in (_APPLICATION, _SEND_BUFFER):  # nothing waited to be sent before
            self.settled_ns[why] += self.head_ns[_BY_CWND] + self.head_ns[_BY_RWND]
            self.settled_ns[_IDLE] += self.head_ns[_SHUT]
        else:
            self.settled_ns[_CWND] += self.head_ns[_BY_CWND]
            self.settled_ns[_RWND] += self.head_ns[_BY_RWND] + self.head_ns[_SHUT]

    def _settle_rows(self, why: int) -> None:
        """Write the classes into the rows that wait for them."""
        windows = self.windows
        if windows is not None:
            for index in range(self.rows_count):
                look = self.rows[index] % _LOOKS
                limit = self._class_of(look, why, index < self.rows_head)
                windows.cells[self.rows[index] // _LOOKS * windows.width + _LIMIT] = limit
        self.rows_count = self.rows_head = 0

    def _class_of(self, look: int, why: int, before: int) -> int:
        """Return the `Limit` of a stretch by its look; `before`: it is no later than the newest pause."""
        if look == _RECOVERING:
            return _RECOVERY
        if before and (look == _AT_REST or why in (_APPLICATION, _SEND_BUFFER)):
            return _APPLICATION
        limit = why if before else self.last
        if look == _BY_CWND:
            limit = _CWND
        elif look in (_BY_RWND, _SHUT):
            limit = _RWND
        return limit if limit < _SEND_BUFFER else _APPLICATION

    def forget_rest(self) -> None:
        """Drop the waiting time in which nothing was outstanding: nothing follows it."""
        self.head_ns[_AT_REST] = self.tail_ns[_AT_REST] = 0
        self.head_ns[_SHUT] = self.tail_ns[_SHUT] = 0
