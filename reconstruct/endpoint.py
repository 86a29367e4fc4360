# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One end of a connection: the RFC's variables as a capture shows them, and what is counted of its segments."""

from reconstruct.echoes import Echoes
from reconstruct.flow_control import OfferedWindow
from reconstruct.follower import Follower
from reconstruct.reassembly import Stream
from reconstruct.rtt import MAX_BACKOFF, MAX_RTO_NS, RoundTrips, RttEstimator
from reconstruct.scoreboard import Scoreboard
from reconstruct.segment import OPTION_TIMESTAMPS
from reconstruct.sender_model import SenderModel
from reconstruct.seq import UNKNOWN
from reconstruct.states import NO_MOVE, next_state
from reconstruct.transcript import Transcript
from reconstruct.troubles import Troubles
from reconstruct.window_scale import ScaleGuess

NO_EVENT = -1
NOT_OFFERED = -1  # a window shift that no SYN of this end told
CUT_OFF = -2  # a window shift that the snap length may have cut from the SYN
TIMESTAMPS_LENGTH = 12  # bytes of the option with its padding, RFC 7323 (A)
AT_END_RATIO = 64  # a tap is in an end itself when that part of the round trip is less than this part of the other

_UNKNOWN = UNKNOWN
_NO_MOVE = NO_MOVE
_NO_EVENT = NO_EVENT
_NOT_OFFERED = NOT_OFFERED
_TIMESTAMPS, _TIMESTAMPS_LENGTH = OPTION_TIMESTAMPS, TIMESTAMPS_LENGTH
_AT_END_RATIO = AT_END_RATIO
_MAX_BACKOFF, _MAX_RTO_NS = MAX_BACKOFF, MAX_RTO_NS


class Endpoint:
    """The transmission control block (RFC 9293 3.3.1) of one end.

    `isn` is the wire number of offset 0 (`based` says whether it is known), `snd_una` the highest acknowledgment that
    the peer sent (`UNKNOWN` before the first), `fin_end` the offset after its FIN (`UNKNOWN` before it), `offered` the
    window that the peer offers to it, `shift` by how many bits its own window fields are scaled (`UNKNOWN` where
    the capture missed the SYN). `undo_state` and `undo_event` are the state before its last move and what moved it.

    `outside_from` and `outside_end` bound the newest text of it that was refused as outside the window, `unsent_ack` is
    the newest acknowledgment to it that was refused and `unsent_edge` the right edge which that one told: where the two
    ends agree, the capture has a gap. `reset_at` is what the peer had sent when a reset came from there.
    `silent_since_ns` and `silent_frame` tell when it received its peer's FIN, or sent anything after that; `ttl` is
    that of its last segment.

    `troubles` counts what the peer's window did to it, None while nothing did; `guess` weighs by how many bits its own
    windows are scaled where no SYN tells, `syn_window` is the window of its newest SYN until another one was compared
    with it (-1: none), `scale_denied` counts what the negotiated shift does not explain, and `scale_least` and
    `scale_most` are the shifts that do. `counts_marks` is 1 if its SYN speaks AccECN (RFC 9768), `needless_probes`
    counts the tail loss probes among its `spurious` retransmissions.

    `transcript` keeps what it sent and heard until `follower` looks at it, who is there from when that is full, or when
    the connection is finished.

    `rtt` measures the round trips between the tap and the peer, `echoes` those between the tap and this end, of which
    `near_ns` is the shortest that anything showed; `whole` counts their sums where the tap is not in this end itself.

    Of its newest SYN are `first_window`, `syn_tsval` (`UNKNOWN`: no timestamps), `syn_ttl`, and `syn_fast_open`, the
    length of the Fast Open cookie in bytes (0: a request, -1: no option); `syn_data_heard` is 1 once a SYN,ACK came
    to a SYN with data; `later_tsval` and `later_ns` of the first segment after it. `unheeded_acks` is how many ACKs of
    its SYN,ACK had arrived when it sent that again.
    """

    def __init__(self, state: int) -> None:
        """Make an end of which nothing is seen yet."""
        self.stream = Stream()
        self.offered = OfferedWindow()
        self.board = Scoreboard()
        self.model = SenderModel()
        self.rtt: RttEstimator | None = None
        self.transcript: Transcript | None = None
        self.follower: Follower | None = None
        self.troubles: Troubles | None = None
        self.guess: ScaleGuess | None = None
        self.whole: RoundTrips | None = None
        self.echoes: Echoes | None = None
        self.reset(state)

    def reset(self, state: int) -> None:
        """Forget everything and begin in `state`; its outstanding segments and follower must have been released."""
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
        if self.transcript is not None:
            self.transcript.reset()
        if self.troubles is not None:
            self.troubles.reset()
        self.guess = None
        self._forget_round_trips()
        self.asked = self.silent_frame = 0
        self.ttl = -1
        self.answer_from_ns = self.reset_at = self.silent_since_ns = _UNKNOWN
        self._forget_gaps()
        self._start_opening()
        self._start_counting()

    def _forget_round_trips(self) -> None:
        self.near_ns = _UNKNOWN
        if self.rtt is not None:
            self.rtt.reset()
        if self.whole is not None:
            self.whole.forget()
        if self.echoes is not None:
            self.echoes.reset()

    def _forget_gaps(self) -> None:
        if self.model.gaps is not None:
            self.model.gaps.reset()
        self.model.told_nxt = _UNKNOWN
        self.outside_from = self.outside_end = self.unsent_ack = self.unsent_edge = _UNKNOWN

    def _start_opening(self) -> None:
        self.syns = self.bare_syns = self.syn_options = self.syn_ecn = self.counts_marks = self.syn_payload = 0
        self.syn_data_taken = self.syn_data_sent = self.syn_data_heard = 0
        self.mss = _UNKNOWN
        self.window_scale = _NOT_OFFERED
        self.syn_ns = _UNKNOWN
        self.initial_window = self.initial_phase = 0
        self.initial_tsval = self.initial_until_ns = _UNKNOWN
        self.syn_window = self.first_window = self.syn_fast_open = -1
        self.syn_tsval = self.later_tsval = self.later_ns = _UNKNOWN
        self.syn_ttl = self.unheeded_acks = 0
        self.scale_denied = 0
        self.scale_least = self.scale_most = _UNKNOWN

    def _start_counting(self) -> None:
        self.segments = self.data_segments = self.payload = self.fins = 0
        self.fast = self.recovery = self.timeouts = self.slow_start = self.tail_probes = self.unexplained = 0
        self.spurious = self.needless_probes = self.network_duplicates = 0
        self.syn_retransmissions = self.out_of_order = 0
        self.dup_acks = self.dup_acks_now = self.window_probes = self.keep_alives = 0
        self.flight_max = self.invalid_segments = self.oversized_segments = self.stale_resets = 0
        self.missing_frame = self.invalid_frame = self.oversized_frame = 0

    def sample(self, newest_ns: int, oldest_ns: int, time_ns: int = 0) -> None:
        """Count the round trip of the newest segment acknowledged; smooth with that of the oldest, as Linux does.

        Both are those of the tap at `time_ns`; the sender's are longer by the way between it and the tap.
        """
        if self.rtt is None:
            self.rtt = RttEstimator()
        self.rtt.add(newest_ns)
        leg_ns = self.leg_ns()
        if leg_ns > 0:
            self.rtt.remember(time_ns, leg_ns)
        self.rtt.smooth(oldest_ns + leg_ns, self.snd_una, self.stream.highest)
        if leg_ns > 0:
            self._add_whole(newest_ns + leg_ns)

    def _add_whole(self, trip_ns: int) -> None:
        if self.whole is None:
            self.whole = RoundTrips()
        self.whole.add(trip_ns)

    def sample_by_timestamp(self, tsecr: int, time_ns: int) -> None:
        """Smooth with how long ago this end sent what its peer echoes; whole ticks do not count beside real samples.

        RFC 7323 (4.1): the echo tells which copy of a segment was acknowledged. Linux looks at it where nothing else
        gives a sample.
        """
        if self.echoes is not None and self.rtt is not None and self.rtt.samples > 0:
            trip_ns = self.echoes.clock.since_ns(tsecr, time_ns)
            if trip_ns != _UNKNOWN:
                self.rtt.remember(time_ns, self.leg_ns())
                leg_ns = 0 if self.is_tapped() or self.near_ns == _UNKNOWN else self.near_ns
                self.rtt.smooth(trip_ns + leg_ns, self.snd_una, self.stream.highest)

    def leg_ns(self) -> int:
        """Return the round trip between the tap and this end now, queues included; 0 at the end itself, or unknown."""
        if self.is_tapped() or self.near_ns == _UNKNOWN:
            return 0
        return self.near_ns + self.echoes.excess_ns if self.echoes is not None else self.near_ns

    def is_tapped(self) -> int:
        """Return 1 if the tap is in this end itself."""
        if self.near_ns == _UNKNOWN or self.rtt is None or self.rtt.samples == 0:
            return 0
        return 1 if self.near_ns * _AT_END_RATIO < self.rtt.min_ns else 0

    def note_near(self, trip_ns: int) -> None:
        """Take a round trip between the tap and this end."""
        if self.near_ns == _UNKNOWN:
            self.near_ns = max(trip_ns, 0)
            if self.rtt is not None and self.rtt.samples > 0:
                self.rtt.lift(self.leg_ns())
        elif trip_ns < self.near_ns:
            self.near_ns = max(trip_ns, 0)

    def recall(self, time_ns: int) -> None:
        """Set what this end had heard of its round trips when it sent what passes the tap at this time."""
        if self.rtt is not None and self.rtt.samples > 0:
            self.rtt.recall(time_ns)

    def hear(self, tsval: int, time_ns: int) -> None:
        """Note a timestamp of the peer that passes the tap on its way to this end."""
        if self.echoes is None:
            self.echoes = Echoes()
        self.echoes.goes(tsval, time_ns)

    def answer(self, tsval: int, tsecr: int, time_ns: int) -> None:
        """Take the timestamps of a segment of this end, which may complete a round trip between it and the tap."""
        if self.echoes is None:
            self.echoes = Echoes()
        trip_ns = self.echoes.comes(tsval, tsecr, time_ns, self.near_ns)
        if trip_ns != _UNKNOWN and (trip_ns < self.near_ns or self.near_ns == _UNKNOWN):
            self.note_near(trip_ns)

    def srtt_ns(self) -> int:
        """Return the smoothed round trip of this sender, `UNKNOWN` where not both of its parts were seen."""
        return self.rtt.srtt_ns if self.rtt is not None and self.near_ns != _UNKNOWN else _UNKNOWN

    def timeout_ns(self) -> int:
        """Return the retransmission timeout in force, backed off, `UNKNOWN` where the round trip is."""
        if self.rtt is None or self.srtt_ns() == _UNKNOWN:
            return _UNKNOWN
        return min(self.rtt.rto_ns << min(self.model.backoff, _MAX_BACKOFF), _MAX_RTO_NS)  # RFC 6298 (5.5)

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
