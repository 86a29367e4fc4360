# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What is counted of a connection's segments by their kinds, and the events that go with them."""

from reconstruct.endpoint import Endpoint
from reconstruct.held import SEND_BUFFER, HeldTime
from reconstruct.kinds import note_question
from reconstruct.lifecycle import Lifecycle
from reconstruct.merged import segments_in
from reconstruct.opening import is_tap_at_peer
from reconstruct.recorder import Recorder
from reconstruct.segment import AE, CWR, ECE, OPTION_TIMESTAMPS, SYN, Segment
from reconstruct.sender_model import UNNEEDED
from reconstruct.seq import UNKNOWN
from reconstruct.signs import Signs
from reconstruct.spurious import judge
from reconstruct.vocabulary import EventKind, Limit, SegmentKind, Sign

CE = 3  # the IP header's ECN field, RFC 3168 (5)
LONGEST_TRIP_NS = 1_000_000_000  # ns, RFC 6298 (2.1): what is taken for a round trip where none is known

LEAST_HELD_NS = 100_000_000  # ns, what a person notices: a limit that cost less is no ground for a diagnosis

_UNKNOWN = UNKNOWN
_LEAST_HELD_NS = LEAST_HELD_NS
_RWND, _APPLICATION, _NAGLE = int(Limit.RWND), int(Limit.APPLICATION), int(Limit.NAGLE)
_SEND_BUFFER = SEND_BUFFER
_RWND_LIMITED, _APPLICATION_LIMITED = int(Sign.RWND_LIMITED), int(Sign.APPLICATION_LIMITED)
_NAGLE_LIMITED, _SEND_BUFFER_LIMITED = int(Sign.NAGLE_LIMITED), int(Sign.SEND_BUFFER_LIMITED)
_LONGEST_TRIP_NS = LONGEST_TRIP_NS
_TIMESTAMPS = OPTION_TIMESTAMPS
_CE, _SYN, _ECE, _CWR, _ECN_FLAGS = CE, SYN, ECE, CWR, ECE | CWR | AE
_REPEATED = 2  # timeouts in a row
_RESENT_NS = 3  # the cell of a kept retransmission with its time
_LEAST_REFUSED = 1_000  # bytes; no link in use has so small an MTU (RFC 8200 5 wants 1,280, Ethernet has 1,500)
_UNNEEDED = UNNEEDED
_ASKED_NOTHING, _ASKED_ALIVE, _ASKED_WINDOW = 0, 1, 2
_PURE_ACK, _DUP_ACK, _NEW = int(SegmentKind.ACK), int(SegmentKind.DUP_ACK), int(SegmentKind.NEW)
_UPDATE = int(SegmentKind.WINDOW_UPDATE)
_KEEP_ALIVE, _PROBE = int(SegmentKind.KEEP_ALIVE), int(SegmentKind.ZERO_WINDOW_PROBE)
_FAST, _IN_RECOVERY = int(SegmentKind.FAST_RETRANSMISSION), int(SegmentKind.RECOVERY_RETRANSMISSION)
_BY_TIMER, _AFTER_TIMER = int(SegmentKind.RTO_RETRANSMISSION), int(SegmentKind.SLOW_START_RETRANSMISSION)
_TAIL_PROBE, _DUPLICATE = int(SegmentKind.TAIL_LOSS_PROBE), int(SegmentKind.NETWORK_DUPLICATE)
_RETRANSMISSION, _OUT_OF_ORDER = int(SegmentKind.RETRANSMISSION), int(SegmentKind.OUT_OF_ORDER)
_SYN_RETRANSMISSION = int(SegmentKind.SYN_RETRANSMISSION)
_RECOVERY_ENTER, _RTO = int(EventKind.RECOVERY_ENTER), int(EventKind.RTO)
_TAIL_LOSS_PROBE, _ZERO_WINDOW_PROBE = int(EventKind.TAIL_LOSS_PROBE), int(EventKind.ZERO_WINDOW_PROBE)
_UNDO = int(EventKind.UNDO)
_FIRST_SIGN = int(Sign.FAST_RETRANSMISSION)  # the signs of retransmissions stand in the order of their kinds
_TAIL_PROBE_SIGN, _RTO_SIGN = int(Sign.TAIL_LOSS_PROBE), int(Sign.RTO_RETRANSMISSION)
_SYN_SIGN, _SPURIOUS_SIGN = int(Sign.SYN_RETRANSMISSION), int(Sign.SPURIOUS)
_OUT_OF_ORDER_SIGN, _DUPLICATE_SIGN = int(Sign.OUT_OF_ORDER), int(Sign.NETWORK_DUPLICATE)
_PROBE_SIGN, _KEEP_ALIVE_SIGN = int(Sign.WINDOW_PROBE), int(Sign.KEEP_ALIVE)
_ALIVE, _ALIVE_SIGN = int(SegmentKind.KEEP_ALIVE_ACK), int(Sign.KEEP_ALIVE_ANSWER)
_UPDATE_LOST_SIGN = int(Sign.WINDOW_UPDATE_LOST)
_TAIL_LOSS_SIGN, _REPEATED_SIGN = int(Sign.TAIL_LOSS), int(Sign.REPEATED_TIMEOUT)
_SIZE_REFUSED_SIGN, _OVERTAKEN_SIGN = int(Sign.SIZE_REFUSED), int(Sign.OVERTAKEN)
_SIZE_CUT_SIGN = int(Sign.SIZE_CUT)
_MARK_SIGN, _ECHO_SIGN, _REDUCED_SIGN = int(Sign.CE_MARK), int(Sign.ECN_ECHO), int(Sign.WINDOW_REDUCED)


class Counting(Lifecycle):
    """The counters of both ends; `syn_rtt_ns` and `ack_rtt_ns` are the two parts of the handshake's round trip.

    `signs` is what a diagnosis may rest on, None as long as nothing happened.
    """

    def __init__(self, number: int, recorder: Recorder, client_state: int, server_state: int) -> None:
        """Begin with these states and no round trip."""
        Lifecycle.__init__(self, number, recorder, client_state, server_state)
        self.syn_rtt_ns = self.ack_rtt_ns = _UNKNOWN
        self.signs: Signs | None = None

    def note(self, end: Endpoint, segment: Segment, sign: int, figure: int) -> None:
        """Note a sign of an end at a segment."""
        self.note_at(end is self.server, segment.frame, sign, figure)

    def note_at(self, server: int, frame: int, sign: int, figure: int) -> None:
        """Note a sign of the client (0) or the server (1) at a frame."""
        if self.signs is None:
            self.signs = Signs()
        self.signs.note(sign, server, frame, figure)

    def note_spurious(self, receiver: Endpoint, segment: Segment, before: int) -> None:
        """Note that a segment proved retransmissions unneeded, of which `before` were known before it."""
        if receiver.spurious > before:
            self.note(receiver, segment, _SPURIOUS_SIGN, receiver.spurious - before)

    def note_limits(self, end: Endpoint) -> None:
        """Note what held an end back for long, with the frames around the longest span of it."""
        if end.follower is not None:
            replay = end.follower.replay
            held = replay.limits.held
            if replay.limits.signs is not None:
                if self.signs is None:
                    self.signs = Signs()
                self.signs.absorb(replay.limits.signs)
                replay.limits.signs = None
            self._note_limit(end, held, _RWND, _RWND_LIMITED)
            self._note_limit(end, held, _APPLICATION, _APPLICATION_LIMITED)
            self._note_limit(end, held, _NAGLE, _NAGLE_LIMITED)
            self._note_limit(end, held, _SEND_BUFFER, _SEND_BUFFER_LIMITED)

    def _note_limit(self, end: Endpoint, held: HeldTime, limit: int, sign: int) -> None:
        if held.total(limit) >= _LEAST_HELD_NS:
            if self.signs is None:
                self.signs = Signs()
            server = end is self.server
            self.signs.note(sign, server, held.first_frame(limit), held.longest(limit))
            self.signs.note(sign, server, held.last_frame(limit), held.total(limit) - held.longest(limit))

    def count(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Count a segment by its kind and note what it asks the peer for."""
        kind = segment.kind
        if kind in (_NEW, _PURE_ACK):
            sender.asked = _ASKED_NOTHING
            if receiver.asked != _ASKED_NOTHING:
                receiver.asked = _ASKED_NOTHING
            sender.dup_acks_now = 0
        else:
            self._count_rare(sender, receiver, segment)
        if sender.snd_una != _UNKNOWN and sender.stream.highest - sender.snd_una > sender.flight_max:
            sender.flight_max = sender.stream.highest - sender.snd_una
        if segment.ecn == _CE or segment.flags & _ECN_FLAGS:
            self._count_marks(sender, receiver, segment)

    def _count_marks(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Note a congestion mark, what tells its sender of it, and that this one has reduced its window (RFC 3168 6.1).

        With AccECN (RFC 9768) the flags count and tell neither.
        """
        seen = sender.syns > 0 and receiver.syns > 0
        counted = sender.counts_marks & receiver.counts_marks
        if segment.ecn == _CE and (not seen or counted or sender.syn_ecn & receiver.syn_ecn):
            self.note(sender, segment, _MARK_SIGN, segment.payload_len)
        if seen and segment.flags & _SYN == 0 and sender.syn_ecn & receiver.syn_ecn and not counted:
            if segment.flags & _ECE:
                self.note(receiver, segment, _ECHO_SIGN, segment.payload_len)
            if segment.flags & _CWR:
                self.note(sender, segment, _REDUCED_SIGN, segment.payload_len)

    def _count_rare(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        kind = segment.kind
        if kind != _UPDATE or receiver.asked != _ASKED_WINDOW:  # a window update may cross a probe on its way
            receiver.asked = _ASKED_NOTHING
        if kind == _DUP_ACK:
            sender.dup_acks += 1
            if receiver.stream.highest > segment.ack:  # else a D-SACK that comes late
                sender.dup_acks_now += 1
        elif kind == _SYN_RETRANSMISSION:
            sender.syn_retransmissions += 1
            self.note(sender, segment, _SYN_SIGN, segment.figure_b if segment.figure_b != _UNKNOWN else 0)
        elif _FAST <= kind <= _RETRANSMISSION:
            self._count_resent(sender, segment)
        elif kind == _DUPLICATE:
            sender.network_duplicates += 1
            self.note(sender, segment, _DUPLICATE_SIGN, segment.payload_len)
        elif kind == _OUT_OF_ORDER:
            sender.out_of_order += 1
            left_ns = sender.model.left_ns(segment.seq)
            open_ns = segment.time_ns - left_ns if left_ns != _UNKNOWN else 0
            self.note(sender, segment, _OUT_OF_ORDER_SIGN, max(0, open_ns))
            piece = max(sender.offered.longest, 1)
            self.note(sender, segment, _OVERTAKEN_SIGN, (sender.stream.highest - segment.end + piece - 1) // piece)
        elif kind == _KEEP_ALIVE:
            sender.keep_alives += 1
            idle_ns = segment.time_ns - sender.model.sent_ns if sender.model.sent_ns != _UNKNOWN else 0
            self.note(sender, segment, _KEEP_ALIVE_SIGN, max(0, idle_ns))
            self.ask(sender, segment, _ASKED_ALIVE)
        elif kind == _ALIVE:
            self.note(sender, segment, _ALIVE_SIGN, 0)
        elif kind == _PROBE:
            self._count_probe(sender, segment)

    def _count_probe(self, sender: Endpoint, segment: Segment) -> None:
        """Count a zero-window probe; one that comes after the window was reopened tells that the update got lost.

        Unless it crossed the update on the way: it may come for a round trip between the tap and its sender, of which
        1/4 is added for jitter.
        """
        sender.window_probes += 1
        sender.offered.probes += 1
        self.note(sender, segment, _PROBE_SIGN, sender.offered.probes)
        self.ask(sender, segment, _ASKED_WINDOW)
        troubles = sender.need_troubles()
        waited_ns = segment.time_ns - troubles.asked_ns if troubles.asked_ns != _UNKNOWN else _UNKNOWN
        troubles.asked_ns = segment.time_ns
        lost_frame = _UNKNOWN
        if sender.offered.closed_since_ns == _UNKNOWN and troubles.reopened_ns != _UNKNOWN:
            trip_ns = self.tap_ns(sender)
            crossing_ns = trip_ns * 5 // 4 if trip_ns > 0 else _LONGEST_TRIP_NS
            if not troubles.reopened_unheard and segment.time_ns - troubles.reopened_ns > crossing_ns:
                troubles.reopened_unheard = 1
                troubles.updates_lost += 1
                self.note(sender, segment, _UPDATE_LOST_SIGN, segment.time_ns - troubles.reopened_ns)
                lost_frame = troubles.reopened_frame
        self.event(sender, segment, _ZERO_WINDOW_PROBE, sender.offered.probes, lost_frame, waited_ns)

    def _count_resent(self, sender: Endpoint, segment: Segment) -> None:
        """Count a retransmission by its cause, in segments of the sender; keep it for what may prove it unneeded."""
        kind = segment.kind
        sign = _FIRST_SIGN + kind - _FAST
        waited = sign in (_RTO_SIGN, _TAIL_PROBE_SIGN) and segment.figure_a != _UNKNOWN
        self.note(sender, segment, sign, segment.figure_a if waited else segment.payload_len)
        if kind == _FAST:
            sender.fast += 1
            sender.recovery += segment.pieces - 1
            self.event(sender, segment, _RECOVERY_ENTER, sender.model.high_seq, _UNKNOWN, _UNKNOWN)
        elif kind == _IN_RECOVERY:
            sender.recovery += segment.pieces
        elif kind == _BY_TIMER:
            sender.timeouts += 1
            sender.slow_start += segment.pieces - 1
            self._count_timeout(sender, segment)
        elif kind == _AFTER_TIMER:
            sender.slow_start += segment.pieces
        elif kind == _TAIL_PROBE:
            sender.tail_probes += 1
            self.event(sender, segment, _TAIL_LOSS_PROBE, segment.figure_a, _UNKNOWN, _UNKNOWN)
        else:
            sender.unexplained += segment.pieces
        if segment.end < sender.model.refused_end and segment.seq <= sender.snd_una and kind != _TAIL_PROBE:
            self.note(sender, segment, _SIZE_CUT_SIGN, segment.payload_len)
        row = self.recorder.segments.count if self.recorder.wants(self.number) else -1
        tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
        sender.model.note_resent(segment.seq, segment.end, tsval, segment.time_ns, row, kind)
        at_peer = is_tap_at_peer(sender is self.client, self.server.near_ns, self.client.near_ns)
        if segment.end <= sender.snd_una or (sender.model.seen_before and at_peer):
            # It was acknowledged before, or came by where nothing can be lost any more; its row is yet to be written.
            sender.model.decide(sender.model.resent_count - 1, _UNNEEDED)
            sender.spurious += 1
            sender.needless_probes += 1 if kind == _TAIL_PROBE else 0
            self.note(sender, segment, _SPURIOUS_SIGN, 1)

    def _count_timeout(self, sender: Endpoint, segment: Segment) -> None:
        """Note what a timeout tells of the loss behind it: whether it was the tail, and whether nothing passes."""
        model = sender.model
        self.event(sender, segment, _RTO, model.backoff, segment.figure_a, _UNKNOWN)
        if model.sacked_to <= sender.snd_una and model.backoff < _REPEATED:
            self.note(sender, segment, _TAIL_LOSS_SIGN, max(segment.figure_a, 0))
        before_ns = model.entry(model.resent_count - 1, _RESENT_NS) if model.resent_count > 0 else _UNKNOWN
        if model.backoff >= _REPEATED and model.heard_ns < before_ns:  # else the peer heard it, and said so
            self.note(sender, segment, _REPEATED_SIGN, model.backoff)
            if segment.payload_len > max(sender.snd_una, _LEAST_REFUSED) and segment.end >= model.refused_end:
                model.refused_end = segment.end
                self.note(sender, segment, _SIZE_REFUSED_SIGN, segment.payload_len)

    def tap_ns(self, sender: Endpoint) -> int:
        """Return the shortest round trip between the tap and an end, 0 where nothing shows it."""
        return sender.near_ns if sender.near_ns != _UNKNOWN else 0

    def ask(self, sender: Endpoint, segment: Segment, question: int) -> None:
        """Note what a segment asks its peer, who answers after a round trip of the tap to there."""
        note_question(sender, segment, question, self.server.near_ns if sender is self.client else self.client.near_ns)

    def event(self, end: Endpoint, segment: Segment, event: int, a: int, b: int, c: int) -> None:
        """Record something that happened to an end at a segment, with its figures."""
        self.recorder.event(self.number, segment.frame, segment.time_ns, end is self.server, event, a, b, c)

    def count_merged(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Count how many segments of the sender's a captured one stands for that is longer than its receiver takes."""
        segment.pieces = segments_in(segment, receiver.mss)
        if segment.pieces > 1:
            sender.oversized_segments += 1
            if sender.oversized_frame == 0:
                sender.oversized_frame = segment.frame

    def judge_resent(self, receiver: Endpoint, segment: Segment, before: int) -> None:
        """Let an acknowledgment tell which retransmissions were not needed, and end an episode that was unfounded."""
        spurious = receiver.spurious
        judge(receiver, self.recorder, segment, before)
        self.note_spurious(receiver, segment, spurious)
        self.note_undo(receiver, segment)

    def note_undo(self, receiver: Endpoint, segment: Segment) -> None:
        """Record that an episode proved unfounded."""
        if receiver.model.undone:
            receiver.model.undone = 0
            receiver.model.note_end(segment.time_ns, segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN)
            self.event(receiver, segment, _UNDO, _UNKNOWN, _UNKNOWN, _UNKNOWN)
