"""A sender whose segments and acknowledgments are told one by one, with all models beside each other."""

from reconstruct.congestion.base import CongestionModel
from reconstruct.congestion.replay import CongestionReplay
from reconstruct.congestion.sender_state import SenderState
from reconstruct.recorder import Recorder
from reconstruct.segment import ACK, ECE
from reconstruct.sender_event import HEARD, SENT, SenderEvent
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

MS = 1_000_000  # ns
MSS = 100  # bytes
WINDOW = 1_000_000  # bytes: more than anything here fills
ROUND_TRIP_MS = 50
RENO, CUBIC = 0, 1


class Sending:
    """A sender with a round trip of 50 ms and segments of 100 bytes; segment n holds the offsets from 1 + 100 n."""

    def __init__(self, *, sack: bool = True, ecn: bool = False, window: int = 10, seen: bool = True) -> None:
        """Begin at SND.UNA 1 with a congestion window of so many segments."""
        self.recorder = Recorder(keep_events=False, keep_rows=False)
        self.replay = CongestionReplay(self.recorder)
        self.replay.begin(MSS, window, seen)
        self.replay.has_sack, self.replay.ecn = int(sack), int(ecn)
        self.replay.begin_at(1, WINDOW, ROUND_TRIP_MS * MS)
        self.event = SenderEvent()
        self.next = 0
        self.peer_window = WINDOW

    @property
    def state(self) -> SenderState:
        """What all models are told."""
        return self.replay.state

    def model(self, index: int = RENO) -> CongestionModel:
        """Return one of the models."""
        return self.replay.candidates.models[index]

    def send(self, at_ms: float, count: int = 1) -> None:
        """Send so many segments of new data."""
        for _ in range(count):
            self._sent(at_ms, self.next, SegmentKind.NEW)
            self.next += 1

    def resend(self, at_ms: float, number: int, kind: SegmentKind = SegmentKind.FAST_RETRANSMISSION) -> None:
        """Send a segment again."""
        self._sent(at_ms, number, kind)

    def _sent(self, at_ms: float, number: int, kind: SegmentKind) -> None:
        event = self.event
        event.what, event.time_ns, event.kind, event.row = SENT, int(at_ms * MS), int(kind), -1
        event.seq, event.end, event.payload_len = 1 + MSS * number, 1 + MSS * (number + 1), MSS
        event.tsval, event.flags = int(at_ms), ACK
        self.replay.take(event)

    def hear(self, at_ms: float, ack: int, *sacked: tuple[int, int], ece: bool = False, echo: int = UNKNOWN) -> None:
        """Hear that all segments below number `ack` arrived, and those of each half-open range `sacked`."""
        event = self.event
        event.what, event.time_ns, event.row = HEARD, int(at_ms * MS), -1
        event.ack, event.window, event.payload_len = 1 + MSS * ack, self.peer_window, 0
        event.flags, event.tsecr, event.blocks = ACK | (ECE if ece else 0), echo, len(sacked)
        for block, (first, end) in enumerate(sacked):
            event.edges[2 * block], event.edges[2 * block + 1] = 1 + MSS * first, 1 + MSS * end
        self.replay.take(event)

    def cwnd(self, index: int = RENO) -> int:
        """Return the window of one model in segments."""
        return self.model(index).cwnd
