"""Events of one sender made by hand, and the account that `Limits` keeps of them."""

from reconstruct.held import IDLE, SEND_BUFFER
from reconstruct.limits import Limits
from reconstruct.recorder import WINDOW_COLUMNS, Recorder
from reconstruct.segment import ACK, FIN, PSH
from reconstruct.sender_event import HEARD, SENT, SenderEvent
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, Limit, SegmentKind
from tests.reconstruct.replaying import MS, Row, rows_of

MSS = 1000  # bytes
WINDOW = 60_000  # bytes
NAMES = {limit: limit.text for limit in Limit} | {SEND_BUFFER: "send-buffer", IDLE: "idle"}


class Sending:
    """A sender of full segments of `MSS` bytes; a round trip takes 10 ms. SND.UNA is 1, the handshake is over."""

    def __init__(self, window: int = WINDOW, room: int = UNKNOWN) -> None:
        """Begin with a window of the peer and, where cwnd is known, segments to spare."""
        self.recorder = Recorder(True, True)
        self.limits = Limits(self.recorder)
        self.limits.begin(0, 0, MSS)
        self.limits.begin_at(1, window, 10 * MS, 10 * MS)
        self.limits.room = room
        self.event = SenderEvent()
        self.frame = 0

    def sent(self, at_ms: float, start: int, end: int, flags: int = ACK) -> "Sending":
        """Send new data."""
        return self._send(at_ms, start, end, flags, SegmentKind.NEW, True)

    def pushed(self, at_ms: float, start: int, end: int) -> "Sending":
        """Send the end of what the application wrote."""
        return self.sent(at_ms, start, end, ACK | PSH)

    def finished(self, at_ms: float, start: int) -> "Sending":
        """Send a FIN."""
        return self.sent(at_ms, start, start + 1, ACK | FIN)

    def again(self, at_ms: float, start: int, end: int, kind: SegmentKind) -> "Sending":
        """Send something that is no new data."""
        return self._send(at_ms, start, end, ACK, kind, False)

    def burst(self, at_ms: float, first: int, count: int) -> "Sending":
        """Send so many full segments at once, from the segment number `first` (0 begins at offset 1)."""
        for number in range(first, first + count):
            self.sent(at_ms, 1 + MSS * number, 1 + MSS * (number + 1))
        return self

    def heard(self, at_ms: float, ack: int, window: int = WINDOW, payload: int = 0) -> "Sending":
        """Hear an acknowledgment."""
        event = self.event
        event.what, event.ack, event.window, event.payload_len, event.flags = HEARD, ack, window, payload, ACK
        event.kind, event.fresh = SegmentKind.ACK, 0
        return self._take(at_ms)

    def _send(self, at_ms: float, start: int, end: int, flags: int, kind: SegmentKind, fresh: bool) -> "Sending":
        event = self.event
        control = 1 if flags & FIN else 0
        event.what, event.seq, event.end, event.payload_len = SENT, start, end, end - start - control
        event.flags, event.kind, event.fresh = flags, kind, int(fresh)
        return self._take(at_ms)

    def _take(self, at_ms: float) -> "Sending":
        self.frame += 1
        self.event.frame = self.frame
        self.event.time_ns = self.event.tap_ns = round(at_ms * MS)
        store = self.recorder.windows
        first = store.new_row()
        for column in range(store.width):
            store.cells[first + column] = UNKNOWN
        self.event.row = first // store.width
        self.limits.take(self.event)
        return self

    def account(self) -> dict[str, float]:
        """Return the ms that each class had, those without any left out."""
        self.limits.end()
        held = self.limits.held
        return {name: held.total(limit) / MS for limit, name in NAMES.items() if held.total(limit) > 0}

    def rows(self) -> list[str | None]:
        """Return the limit of each event's row."""
        column = WINDOW_COLUMNS.index("limit")
        cells = [self.recorder.windows.row(row)[column] for row in range(self.recorder.windows.count)]
        return [None if cell == UNKNOWN else Limit(cell).text for cell in cells]

    def stalls(self) -> list[Row]:
        """Return the stalls of Nagle's algorithm."""
        return [row for row in rows_of(self.recorder.events) if row["event"] == EventKind.NAGLE_STALL]
