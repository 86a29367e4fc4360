"""Events of a sender written in its own order, shown to a tap some way off, and released by `SenderOrder`."""

from dataclasses import dataclass, field

from reconstruct.segment import ACK, PSH
from reconstruct.sender_event import HEARD, SENT, SenderEvent, SenderSink
from reconstruct.sender_order import SenderOrder
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

MS = 1_000_000  # ns
START_NS = 1_700_000_000 * 1_000 * MS
MSS = 1_000  # bytes


@dataclass(frozen=True)
class Told:
    """What a sink was told of one event."""

    what: int
    frame: int
    time_ns: int
    seq: int
    end: int
    ack: int
    lost: int
    doubt: int
    tsval: int

    @property
    def name(self) -> str:
        """Return the event in short: `S` and its first offset (`L` where it was lost), `H` and its ACK."""
        if self.what == HEARD:
            return f"H{self.ack}"
        return f"{'L' if self.lost else 'S'}{self.seq}"


class Listener(SenderSink):
    """Remembers all that it takes."""

    def __init__(self) -> None:
        """Make a listener that has heard nothing."""
        super().__init__()
        self.told: list[Told] = []
        self.finished = 0
        self.window = UNKNOWN

    def take(self, event: SenderEvent) -> int:  # type: ignore[override] # in C it is a number
        """Remember an event."""
        self.told.append(
            Told(
                event.what, event.frame, event.time_ns, event.seq, event.end, event.ack, event.lost, event.doubt,
                event.tsval,
            )
        )  # fmt: skip
        return 0

    def allowance(self) -> int:
        """Return what a window of `window` bytes lets out, `UNKNOWN` if none is set."""
        if self.window == UNKNOWN:
            return UNKNOWN
        sent = max(one.end for one in self.told if one.what == SENT)
        return self.window - (sent - max((one.ack for one in self.told if one.what == HEARD), default=1))

    def finish(self) -> int:  # type: ignore[override] # in C it is a number
        """Remember that it was the last."""
        self.finished += 1
        return 0

    def names(self) -> str:
        """Return all events in short."""
        return " ".join(told.name for told in self.told)


@dataclass
class Path:
    """A sender and a tap `way_ms` from it in either direction; times are those of the sender, in ms."""

    way_ms: float = 10.0
    far_ms: float = 40.0
    tick_ms: float = 1.0
    stamps: bool = True
    first_tsval: int = 5_000
    seen: list[tuple[int, SenderEvent]] = field(default_factory=list)

    def sent(
        self, at_ms: float, seq: int, tsecr: int = 0, length: int = MSS, late_ms: float = 0.0, push: bool = True,
        kind: SegmentKind = SegmentKind.NEW, ack: int = 1,
    ) -> None:  # fmt: skip
        """Let the sender send text; `late_ms` is what the segment waits on its way to the tap."""
        event = self._event(SENT, at_ms + self.way_ms + late_ms)
        event.seq, event.end, event.payload_len = seq, seq + length, length
        event.kind, event.ack = int(kind), ack
        event.fresh = 1 if kind == SegmentKind.NEW else 0
        event.flags = ACK | PSH if push else ACK
        if self.stamps:
            event.tsval, event.tsecr = self.first_tsval + int(at_ms / self.tick_ms), tsecr

    def heard(self, at_ms: float, ack: int, tsval: int = 0, blocks: int = 0, text: int = 0, seq: int = 1) -> None:
        """Let the sender hear an ACK with `text` bytes."""
        event = self._event(HEARD, at_ms - self.way_ms)
        event.seq, event.end, event.payload_len = seq, seq + text, text
        event.ack, event.blocks, event.window, event.flags = ack, blocks, 60_000, ACK
        if self.stamps:
            event.tsval, event.tsecr = tsval, 1

    def _event(self, what: int, tap_ms: float) -> SenderEvent:
        event = SenderEvent()
        event.what = what
        event.time_ns = event.tap_ns = START_NS + round(tap_ms * MS)
        self.seen.append((event.tap_ns, event))
        return event

    def capture(self) -> list[SenderEvent]:
        """Return the events as the tap sees them, numbered."""
        events = [event for _, event in sorted(self.seen, key=lambda pair: pair[0])]
        for frame, event in enumerate(events, 1):
            event.frame = frame
        return events

    def order(self) -> tuple[SenderOrder, Listener]:
        """Return an order for this path, and who listens to it."""
        order, listener = SenderOrder(), Listener()
        order.begin(listener, MSS, round(2 * self.way_ms * MS), round(self.far_ms * MS))
        return order, listener

    def released(self) -> Listener:
        """Return a listener that was told of everything."""
        order, listener = self.order()
        for event in self.capture():
            order.take(event)
        order.finish()
        return listener


def unknown_legs(events: list[SenderEvent]) -> Listener:
    """Return a listener to an order that no handshake told where the tap is."""
    order, listener = SenderOrder(), Listener()
    order.begin(listener, MSS, UNKNOWN, UNKNOWN)
    for event in events:
        order.take(event)
    order.finish()
    return listener
