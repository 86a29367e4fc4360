# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The rows of a sender's windows, as the sender itself had them when it sent what the capture shows."""

from reconstruct.flow_control import OfferedWindow
from reconstruct.recorder import Recorder
from reconstruct.sender_event import HEARD, SenderEvent, SenderSink
from reconstruct.seq import UNKNOWN

_UNKNOWN = UNKNOWN
_HEARD = HEARD


class SenderWindows(SenderSink):
    """Follows what a sender has in flight and what its peer lets it send, in the order of the sender's own events.

    A tap away from the sender sees an ACK before the sender does, so what a row said when its segment passed the tap
    was yet to come: each event's row is written again, and the event handed on to `sink`.
    """

    def __init__(self, recorder: Recorder) -> None:
        """Make a follower that writes to the rows of a recorder."""
        SenderSink.__init__(self)
        self.recorder = recorder
        self.offered = OfferedWindow()
        self.sink: SenderSink | None = None
        self.una = self.next = _UNKNOWN

    def begin(self, sink: SenderSink, una: int, highest: int, offered: OfferedWindow) -> None:
        """Begin with a sender as its first event finds it: SND.UNA, SND.NXT and the window offered to it."""
        self.sink = sink
        self.taken = 0
        self.una = una
        self.next = highest
        self.offered.copy(offered)

    def take(self, event: SenderEvent) -> None:
        """Bring the windows up to the next event of the sender."""
        self.taken += 1
        if event.what == _HEARD:
            if event.ack >= self.una:
                self.offered.offer(event.seq, event.ack, event.window, event.window)
            self.una = max(self.una, event.ack)
        else:
            self.next = max(self.next, event.end)
        if event.row >= 0:
            flight = self.next - self.una if self.una != _UNKNOWN else _UNKNOWN
            self.recorder.patch_flight(event.row, flight, self.offered.snd_wnd)
        if self.sink is not None:
            self.sink.take(event)

    def allowance(self) -> int:
        """Return what the next sink says."""
        return self.sink.allowance() if self.sink is not None else _UNKNOWN

    def finish(self) -> None:
        """Take that no event follows."""
        if self.sink is not None:
            self.sink.finish()
