# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One end of a connection: the RFC's variables as a capture shows them, and what is counted of its segments."""

from reconstruct.congestion.replay import CongestionReplay
from reconstruct.flow_control import OfferedWindow
from reconstruct.reassembly import Stream
from reconstruct.rtt import RttEstimator
from reconstruct.scoreboard import Scoreboard
from reconstruct.segment import OPTION_TIMESTAMPS
from reconstruct.sender_event import SenderSink
from reconstruct.sender_model import SenderModel
from reconstruct.sender_order import SenderOrder
from reconstruct.sender_windows import SenderWindows
from reconstruct.seq import UNKNOWN
from reconstruct.states import NO_MOVE, next_state
from reconstruct.troubles import Troubles
from reconstruct.window_scale import ScaleGuess

NO_EVENT = -1
NOT_OFFERED = -1  # a window shift that no SYN of this end told
CUT_OFF = -2  # a window shift that the snap length may have cut from the SYN
TIMESTAMPS_LENGTH = 12  # bytes of the option with its padding, RFC 7323 (A)
_UNKNOWN = UNKNOWN
_NO_MOVE = NO_MOVE
_NO_EVENT = NO_EVENT
_NOT_OFFERED = NOT_OFFERED
_TIMESTAMPS, _TIMESTAMPS_LENGTH = OPTION_TIMESTAMPS, TIMESTAMPS_LENGTH


class Endpoint:
    """The transmission control block (RFC 9293 3.3.1) of one end.

    `isn` is the wire number of offset 0 (`based` says whether it is known), `snd_una` the highest acknowledgment that
    the peer sent (`UNKNOWN` before the first), `fin_end` the offset after its FIN (`UNKNOWN` before it), `offered` the
    window that the peer offers to it, `shift` by how many bits its own window fields are scaled (`UNKNOWN` where
    the capture missed the SYN). `undo_state` and `undo_event` are the state before its last move and what moved it.

    `outside_from` and `outside_end` bound the newest text of it that was refused as outside the window, `unsent_ack` is
    the newest acknowledgment to it that was refused and `unsent_edge` the right edge which that one told: where the two
    ends agree, the capture has a gap. `reset_at` is what the peer had sent when a reset came from there.

    `troubles` counts what the peer's window did to it, None while nothing did; `guess` weighs by how many bits its own
    windows are scaled where no SYN tells, `syn_window` is the window of its newest SYN until another one was compared
    with it (-1: none), `scale_denied` counts what the negotiated shift does not explain, and `scale_least` and
    `scale_most` are the shifts that do.
    """

    def __init__(self, state: int) -> None:
        """Make an end of which nothing is seen yet."""
        self.stream = Stream()
        self.offered = OfferedWindow()
        self.board = Scoreboard()
        self.model = SenderModel()
        self.rtt: RttEstimator | None = None
        self.follower: CongestionReplay | None = None
        self.order: SenderOrder | None = None
        self.windows: SenderWindows | None = None
        self.troubles: Troubles | None = None
        self.guess: ScaleGuess | None = None
        self.reset(state)

    def reset(self, state: int) -> None:
        """Forget everything and begin in `state`; its outstanding segments must have been released."""
        self.state = state
        self.undo_state = state
        self.undo_event = _NO_EVENT
        self.undo_row = self.undo_since = _UNKNOWN
        self.fin_pending = 0
        self.based = self.isn = 0
        self.snd_una = self.fin_end = _UNKNOWN
        self.shift = _UNKNOWN
        self.stream.reset()
        self.offered.reset()
        self.board.reset()
        self.model.reset()
        if self.rtt is not None:
            self.rtt.reset()
        self.sink: SenderSink | None = None
        if self.troubles is not None:
            self.troubles.reset()
        self.guess = None
        self.asked = 0
        self.answer_from_ns = self.reset_at = _UNKNOWN
        self._forget_gaps()
        self._start_opening()
        self._start_counting()

    def _forget_gaps(self) -> None:
        if self.model.gaps is not None:
            self.model.gaps.reset()
        self.model.told_nxt = _UNKNOWN
        self.outside_from = self.outside_end = self.unsent_ack = self.unsent_edge = _UNKNOWN

    def _start_opening(self) -> None:
        self.syns = self.bare_syns = self.syn_options = self.syn_ecn = self.syn_payload = 0
        self.syn_data_taken = self.syn_data_sent = 0
        self.mss = _UNKNOWN
        self.window_scale = _NOT_OFFERED
        self.syn_ns = _UNKNOWN
        self.initial_window = self.initial_phase = 0
        self.initial_tsval = self.initial_until_ns = _UNKNOWN
        self.syn_window = -1
        self.scale_denied = 0
        self.scale_least = self.scale_most = _UNKNOWN

    def _start_counting(self) -> None:
        self.segments = self.data_segments = self.payload = self.fins = 0
        self.fast = self.recovery = self.timeouts = self.slow_start = self.tail_probes = self.unexplained = 0
        self.spurious = self.network_duplicates = 0
        self.syn_retransmissions = self.out_of_order = 0
        self.dup_acks = self.dup_acks_now = self.window_probes = self.keep_alives = 0
        self.flight_max = self.invalid_segments = self.oversized_segments = self.stale_resets = 0
        self.missing_frame = self.invalid_frame = self.oversized_frame = 0

    def sample(self, newest_ns: int, oldest_ns: int) -> None:
        """Count the round trip of the newest segment acknowledged; smooth with that of the oldest, as Linux does."""
        if self.rtt is None:
            self.rtt = RttEstimator()
        self.rtt.add(newest_ns)
        self.rtt.smooth(oldest_ns)

    def srtt_ns(self) -> int:
        """Return the smoothed round-trip time, `UNKNOWN` before the first sample."""
        return self.rtt.srtt_ns if self.rtt is not None else _UNKNOWN

    def start_at(self, isn: int, offset: int) -> None:
        """Number this end's bytes from the wire number `isn`, with the capture beginning at `offset`."""
        self.isn = isn
        self.based = 1
        self.stream.start_at(offset)

    def renumber(self, isn: int) -> None:
        """Number from another ISN and forget every older offset; the outstanding segments must have been released."""
        self.stream.reset()
        self.board.reset()
        self.offered.renumber()
        self.fin_end = self.reset_at = _UNKNOWN
        self.fins = self.initial_window = self.initial_phase = 0
        self._forget_gaps()
        self.start_at(isn, 0)

    def move(self, event: int) -> int:
        """Apply an event by the transition table; return 1 if the state changed."""
        target = next_state(self.state, event)
        if target == _NO_MOVE:
            return 0
        self.undo_state = self.state
        self.undo_event = event
        self.state = target
        return 1

    def undo(self) -> None:
        """Take the last move back."""
        self.state = self.undo_state
        self.undo_event = _NO_EVENT

    def flight(self) -> int:
        """Return the bytes outstanding, `UNKNOWN` before the first acknowledgment."""
        if self.snd_una == _UNKNOWN:
            return _UNKNOWN
        return self.stream.highest - self.snd_una

    def scaled(self, window: int) -> int:
        """Return a window field of this end in bytes, `UNKNOWN` where the capture missed the shift, unless it is 0."""
        if self.shift == _UNKNOWN:
            return 0 if window == 0 else _UNKNOWN
        return window << self.shift

    def need_troubles(self) -> Troubles:
        """Return the counters of what the peer's window did to this end."""
        if self.troubles is None:
            self.troubles = Troubles()
        return self.troubles

    def full_size(self, peer_mss: int) -> int:
        """Return the payload of a full segment of this end, to a peer whose SYN said `peer_mss` (or `UNKNOWN`).

        The longest that it sent, as that shows the path's limit too; what the options of its segments leave of the MSS
        (RFC 9293 3.7.1) where it never sent half of that, and as the most: what is longer was put together after it.
        """
        if peer_mss == _UNKNOWN:
            return self.offered.longest
        most = peer_mss - _TIMESTAMPS_LENGTH if self.syn_options & _TIMESTAMPS else peer_mss
        return min(self.offered.longest, most) if 2 * self.offered.longest >= most else most

    def unique_payload(self) -> int:
        """Return the payload bytes captured at least once."""
        control = 1 if self.syns > 0 else 0
        if self.fins > 0:
            control += 1
        return max(0, self.stream.unique - control)
