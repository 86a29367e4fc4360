# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One connection: two endpoints, and the replay of every segment through both."""

from reconstruct.acceptance import refused
from reconstruct.conduct import Conduct
from reconstruct.endpoint import Endpoint
from reconstruct.follower import Followers
from reconstruct.journal import record_segment, record_window
from reconstruct.kinds import OLD_DATA, classify
from reconstruct.lost_copies import explain_late
from reconstruct.offsets import locate
from reconstruct.opening import count_first_flight, note_first_ack, note_syn, note_timestamps
from reconstruct.recorder import Recorder
from reconstruct.retransmission import explain, may_probe
from reconstruct.round_trip import time_ack, time_sack
from reconstruct.rules import Rule
from reconstruct.scoreboard import SegmentPool
from reconstruct.segment import ACK, FIN, OPTION_TIMESTAMPS, RST, SYN, Segment
from reconstruct.sender_feed import begin_transcript, finish_end, look, release_end
from reconstruct.sender_model import LOSS
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.spurious import judge_timeout
from reconstruct.states import State
from reconstruct.transcript import FULL
from reconstruct.vocabulary import EventKind, SegmentKind

MAX_UNHEARD_OUTSTANDING = 64  # segments; nothing acknowledges them where the capture shows one direction only

LEAST_SYN_TIMER_NS = 500_000_000  # ns; a SYN,ACK is sent again after 1 s at the earliest (RFC 6298 2.1, Linux too)

_UNKNOWN = UNKNOWN
_LEAST_SYN_TIMER_NS = LEAST_SYN_TIMER_NS
_NO_ROW = -1
_OLD_DATA = OLD_DATA
_FULL = FULL
_ACK, _FIN, _RST, _SYN, _TIMESTAMPS = ACK, FIN, RST, SYN, OPTION_TIMESTAMPS
_SYN_OR_RST = SYN | RST
_FIN_SYN_RST = FIN | SYN | RST
_MASK = 0xFFFFFFFF
_ESTABLISHED = int(State.ESTABLISHED)
_CLOSED, _LISTEN = int(State.CLOSED), int(State.LISTEN)
_MAX_UNHEARD = MAX_UNHEARD_OUTSTANDING
_ASKED_CHALLENGE = 3
_COUNTING, _COUNTED = 0, 2
_LOSS = LOSS
_PROBE, _KEEP_ALIVE = int(SegmentKind.ZERO_WINDOW_PROBE), int(SegmentKind.KEEP_ALIVE)
_NEW, _INVALID, _DUPLICATE = int(SegmentKind.NEW), int(SegmentKind.INVALID), int(SegmentKind.NETWORK_DUPLICATE)
_RECOVERY_EXIT = int(EventKind.RECOVERY_EXIT)
_CAPTURE_GAP = int(EventKind.CAPTURE_GAP)
_RULE_VIOLATION = int(EventKind.RULE_VIOLATION)
_STALE_RESET, _OUTSIDE_WINDOW = int(Rule.STALE_RESET), int(Rule.OUTSIDE_WINDOW)


class Connection(Conduct):
    """A connection in full: who its ends are, when it lived, and both endpoints.

    Addresses are as in `Segment`; `syn_rtt_ns` and `ack_rtt_ns` are the two parts of the handshake's round trip as seen
    at the tap (`UNKNOWN` where one of the segments is missing), `acked_ns` when the SYN,ACK was first
    acknowledged. `before_*` are the ISNs, and the time of the SYN,ACK, of the connection that had these addresses and
    ports just before.
    """

    def __init__(
        self,
        number: int,
        recorder: Recorder,
        pool: SegmentPool,
        settings: ReplaySettings,
        followers: Followers | None = None,
    ) -> None:
        """Make a connection that has not begun; `pool` and `followers` are shared with others."""
        Conduct.__init__(self, number, recorder, _CLOSED, _LISTEN)
        self.pool = pool
        self.followers = followers if followers is not None else Followers(recorder)
        self.reordering_ns = settings.reordering_ns
        self.max_outstanding = settings.max_outstanding
        self.reset(number)

    def reset(self, number: int) -> None:
        """Become another connection, which has not begun."""
        self.client.board.release(self.pool)
        self.server.board.release(self.pool)
        self.release()
        self.reset_ends(number, _CLOSED, _LISTEN)
        self.client_hi = self.client_lo = self.server_hi = self.server_lo = 0
        self.client_port = self.server_port = 0
        self.ip_version = 4
        self.domain = 0
        self.vlan = self.slot = self.queued = -1
        self.role_known = 0
        self.first_frame = self.last_frame = self.segments = 0
        self.first_time_ns = self.last_time_ns = _UNKNOWN
        self.syn_rtt_ns = self.ack_rtt_ns = self.acked_ns = _UNKNOWN
        self.before_client_isn = self.before_server_isn = self.before_ns = _UNKNOWN
        self.signs = None
        self.reset_conduct()

    def begin(self, segment: Segment) -> None:
        """Decide the roles by the first segment: the client is who sends the SYN, or receives the SYN,ACK.

        Where the capture missed both, the end with the lower port is judged to be the server.
        """
        if segment.flags & _SYN:
            self.role_known = 1
            from_client = 0 if segment.flags & _ACK else 1
        else:
            from_client = 1 if segment.sport >= segment.dport else 0
            self.client.state = self.server.state = _ESTABLISHED
        if from_client:
            self._set_ends(segment.src_hi, segment.src_lo, segment.sport, segment.dst_hi, segment.dst_lo, segment.dport)
        else:
            self._set_ends(segment.dst_hi, segment.dst_lo, segment.dport, segment.src_hi, segment.src_lo, segment.sport)
        self.ip_version = segment.ip_version
        self.vlan = segment.vlan
        self.first_frame = segment.frame
        self.first_time_ns = segment.time_ns

    def _set_ends(self, hi: int, lo: int, port: int, peer_hi: int, peer_lo: int, peer_port: int) -> None:
        self.client_hi, self.client_lo, self.client_port = hi, lo, port
        self.server_hi, self.server_lo, self.server_port = peer_hi, peer_lo, peer_port

    def load_key(self, segment: Segment) -> None:
        """Fill addresses and ports into a segment, as from the client."""
        segment.src_hi, segment.src_lo, segment.sport = self.client_hi, self.client_lo, self.client_port
        segment.dst_hi, segment.dst_lo, segment.dport = self.server_hi, self.server_lo, self.server_port
        segment.ip_version = self.ip_version

    def is_from_client(self, segment: Segment) -> int:
        """Return 1 if the client sent the segment; both ends of a connection to itself are the client."""
        if segment.sport != self.client_port or segment.src_lo != self.client_lo or segment.src_hi != self.client_hi:
            return 0
        return 1

    def replay(self, segment: Segment) -> None:
        """Replay one segment of this connection: offsets, kind, states, counters and windows."""
        segment.from_client = self.is_from_client(segment)
        if segment.from_client:
            sender, receiver = self.client, self.server
        else:
            sender, receiver = self.server, self.client
        self.segments += 1
        self.last_frame = segment.frame
        self.last_time_ns = segment.time_ns
        segment.rtt_ns = _UNKNOWN
        segment.pieces = 1
        locate(sender, receiver, segment)
        if segment.seq > sender.stream.highest and sender.unsent_ack <= segment.seq <= sender.unsent_edge:
            self._confirm_gap(sender, segment)
        if refused(sender, receiver, segment) >= 0:
            self._refuse(sender, receiver, segment)
        else:
            if segment.flags & _SYN or not sender.based or not receiver.based:
                self._number(sender, receiver, segment)
            classify(sender, receiver, segment)
            if segment.kind == _OLD_DATA:
                head_ns = self.pool.sent_ns[sender.board.head] if sender.board.head >= 0 else _UNKNOWN
                sender.recall(segment.time_ns)
                explain(sender, receiver, segment, head_ns, self.tap_ns(sender), self.soonest_ns())
            elif segment.kind == _NEW and sender.model.may_be_late(segment.seq, segment.time_ns):
                sender.recall(segment.time_ns)
                explain_late(sender, receiver, segment, self.tap_ns(sender), self.soonest_ns())
            self._take(sender, receiver, segment)
        sender.segments += 1
        if self.recorder.keep_rows and self.recorder.wants(self.number):
            record_segment(self.recorder, self.number, self.client, self.server, segment)

    def soonest_ns(self) -> int:
        """Return how soon after a hole a retransmission may come by: a round trip, of which 1/8 is left for jitter."""
        if self.client.near_ns == _UNKNOWN or self.server.near_ns == _UNKNOWN:
            return self.reordering_ns
        return (self.client.near_ns + self.server.near_ns) * 7 // 8

    def _confirm_gap(self, sender: Endpoint, segment: Segment) -> None:
        """Take in an acknowledgment that was refused as of nothing sent: its sender goes on there, so it was true."""
        ack = sender.unsent_ack
        if ack > sender.stream.highest:
            self._note_gap(sender, segment, sender.stream.acknowledged(ack))
            sender.board.acknowledged(self.pool, ack)
            sender.snd_una = ack
            sender.offered.right_edge = max(sender.offered.right_edge, sender.unsent_edge)

    def _note_gap(self, end: Endpoint, segment: Segment, missing: int) -> None:
        """Note that the capture missed bytes of an end."""
        if end.missing_frame == 0:
            end.missing_frame = segment.frame
        self.event(end, segment, _CAPTURE_GAP, missing, _UNKNOWN, _UNKNOWN)

    def _number(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Number the ends from what an acceptable segment tells, where `_locate` has supposed it."""
        if segment.flags & _SYN_OR_RST == _SYN:
            if not sender.based:
                sender.start_at(segment.wire_seq, 0)
                sender.snd_una = 0
            elif (segment.wire_seq - sender.isn) & _MASK:
                sender.board.release(self.pool)
                sender.renumber(segment.wire_seq)
                sender.snd_una = 0
                receiver.fin_pending = 0
                receiver.offered.snd_wl1 = _UNKNOWN
        elif not sender.based:
            sender.start_at((segment.wire_seq - 1) & _MASK, 1)
        if segment.flags & _ACK and not receiver.based:
            receiver.start_at((segment.wire_ack - 1) & _MASK, 1)

    def _refuse(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Count a segment that no receiver would accept; it moves nothing."""
        segment.kind = _INVALID
        sender.invalid_segments += 1
        self.ask(sender, segment, _ASKED_CHALLENGE)
        if segment.rule == _STALE_RESET:
            self.count_stale_reset(sender, segment)
        else:
            if sender.invalid_frame == 0:
                sender.invalid_frame = segment.frame
            if segment.rule == _OUTSIDE_WINDOW and receiver.shift == 0 and receiver.window_scale >= 0:
                self.deny_scale(receiver, segment)  # it offered scaling, and its peer sends as if that were in force
            self.event(sender, segment, _RULE_VIOLATION, segment.rule, segment.figure_a, segment.figure_b)

    def _take(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Let an acceptable segment act on both ends."""
        flight = sender.stream.highest
        if segment.flags & _RST == 0 and segment.end > segment.seq:
            self._send_text(sender, receiver, segment)
            if segment.payload_len > 0 and sender.stream.highest != flight:
                self.note_text(sender, receiver, segment)
        if segment.flags & _FIN_SYN_RST or sender.state != _ESTABLISHED or receiver.state != _ESTABLISHED:
            self._send_control(sender, receiver, segment)
        changed = 0
        if segment.flags & _ACK and segment.flags & _RST == 0:
            changed = self._take_ack(sender, receiver, segment)
        if segment.flags & _SYN_OR_RST == 0:  # those have an IP-ID of 0, and a SYN kept as a record has none
            tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
            if segment.end == segment.seq:
                sender.model.note_empty(segment.seq, segment.time_ns, tsval, segment.ip_id, sender.stream.highest)
            sender.ttl = segment.ttl
            sender.model.note_sent(tsval, segment.ip_id, segment.pieces, segment.time_ns)
        sender.model.note_last(segment.seq, segment.end, segment.ip_id, segment.time_ns)
        if segment.options & _TIMESTAMPS and segment.flags & _ACK:  # a SYN that was kept as a record has lost its own
            sender.answer(segment.tsval, segment.tsecr, segment.time_ns)
            receiver.hear(segment.tsval, segment.time_ns)
        self.count(sender, receiver, segment)
        self._tell(sender, receiver, segment, flight, changed)

    def _tell(self, sender: Endpoint, receiver: Endpoint, segment: Segment, highest: int, changed: int) -> None:
        """Record the windows that changed, and tell who follows the two ends; `highest` is SND.NXT before."""
        sent_row = heard_row = _NO_ROW
        if self.recorder.keep_rows and self.recorder.wants(self.number):
            if sender.stream.highest != highest:
                sent_row = self.recorder.windows.count
                record_window(self.recorder, self.number, sender, sender is self.server, segment)
            if changed:
                heard_row = self.recorder.windows.count
                record_window(self.recorder, self.number, receiver, receiver is self.server, segment)
        if segment.flags & _SYN_OR_RST == 0:
            if segment.flags & _ACK and receiver.transcript is not None and receiver.transcript.begun:
                receiver.transcript.note_heard(segment, receiver.isn, sender.scaled(segment.window), heard_row)
                if receiver.transcript.count >= _FULL:
                    look(receiver, self.followers)
            # A zero-window probe of Linux has no text; one that looks like a keep-alive tells as much.
            if segment.end > segment.seq or segment.kind == _PROBE or segment.kind == _KEEP_ALIVE:
                self._tell_sent(sender, receiver, segment, highest, sent_row)

    def _tell_sent(self, sender: Endpoint, receiver: Endpoint, segment: Segment, highest: int, row: int) -> None:
        """Let the transcript of an end, which begins with its first text, have what it sent."""
        if segment.payload_len > 0 and (sender.transcript is None or not sender.transcript.begun):
            from_client = sender is self.client
            near_ns = self.ack_rtt_ns if from_client else self.syn_rtt_ns
            far_ns = self.syn_rtt_ns if from_client else self.ack_rtt_ns
            begin_transcript(sender, receiver, segment, self.number, 0 if from_client else 1, near_ns, far_ns)
        if sender.transcript is not None and sender.transcript.begun:
            sender.transcript.note_sent(segment, highest, row)
            if sender.transcript.count >= _FULL:
                look(sender, self.followers)

    def finish(self) -> None:
        """Settle what could not be settled while the connection went on."""
        finish_end(self.client, self.followers)
        self.note_limits(self.client)
        finish_end(self.server, self.followers)
        self.note_limits(self.server)

    def release(self) -> None:
        """Give back who followed the ends: what they found is written."""
        release_end(self.client, self.followers)
        release_end(self.server, self.followers)

    def _send_text(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Take the sequence numbers that a segment occupies."""
        highest = sender.stream.highest
        gap = segment.seq - highest
        if gap > 0:
            self._note_hole(sender, segment, max(highest, sender.model.told_nxt))
        if segment.end > highest and sender.initial_phase != _COUNTED and segment.payload_len > 0:
            count_first_flight(sender, segment, gap)
        sender.stream.insert(segment.seq, segment.end)
        if segment.end > highest and segment.kind == _NEW:
            limit = self.max_outstanding if receiver.segments > 0 else _MAX_UNHEARD
            if sender.board.count < limit:
                sender.board.sent(self.pool, segment.end, segment.time_ns)
        elif segment.kind != _DUPLICATE:
            sender.board.resent(segment.seq, segment.end)
        sender.model.sent_ns = segment.time_ns
        sender.model.sent_tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
        if segment.payload_len > 0:
            if segment.payload_len > receiver.mss:
                self.count_merged(sender, receiver, segment)
            sender.data_segments += segment.pieces
            sender.payload += segment.payload_len
            if segment.end > highest and segment.from_client != self.talker:
                self.take_turn(sender, receiver, segment)
            self.text_ns = segment.time_ns

    def _note_hole(self, sender: Endpoint, segment: Segment, start: int) -> None:
        """Keep who left a hole, unless it was known before; the first new text after a timeout tells what was out."""
        if sender.model.state == _LOSS and sender.stream.highest <= sender.model.high_seq < segment.seq:
            sender.model.high_seq = segment.seq
        if segment.seq > start:
            tsval = segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN
            sender.model.note_gap(start, segment.time_ns, tsval, segment.ip_id)

    def _send_control(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Step the states; take what SYN and FIN say."""
        self.note_leaving(sender, receiver, segment)
        if segment.flags & _FIN and segment.flags & _SYN_OR_RST == 0:
            sender.fins += 1
            if sender.fin_end == _UNKNOWN:
                sender.fin_end = segment.end  # a stream ends once: a later FIN of another number proves nothing
        if segment.flags & _SYN_OR_RST == 0 and segment.flags & _ACK:
            self._note_handshake_ack(sender, receiver, segment)
            note_timestamps(sender, receiver, segment)
        self.step(sender, receiver, segment)
        if segment.flags & _SYN and segment.flags & _RST == 0:
            if sender.syns > 0 and sender is self.server and segment.flags & _ACK:
                self._note_answer_again(sender, receiver, segment)
            note_syn(sender, receiver, segment)
            if segment.flags & _ACK and receiver.syns > 0 and self.syn_rtt_ns == _UNKNOWN and not self.simultaneous:
                self.syn_rtt_ns = segment.time_ns - receiver.syn_ns
                sender.note_near(self.syn_rtt_ns)

    def _note_answer_again(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Note a SYN,ACK that comes again although its ACK passed the tap long enough ago to have arrived."""
        since_ns = segment.time_ns - self.acked_ns
        # Sooner than its timer can run out it is a copy, or it answers a SYN that came again.
        alone = receiver.syn_ns <= sender.syn_ns and segment.time_ns - sender.syn_ns >= _LEAST_SYN_TIMER_NS
        if alone and self.acked_ns != _UNKNOWN and self.syn_rtt_ns != _UNKNOWN and since_ns > self.syn_rtt_ns:
            sender.unheeded_acks = receiver.segments - receiver.syns

    def _note_handshake_ack(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Take the second part of the handshake's round trip from the first ACK of the SYN,ACK."""
        if self.ack_rtt_ns == _UNKNOWN and sender is self.client and receiver.syns > 0 and receiver.snd_una < 1:
            self.ack_rtt_ns = segment.time_ns - receiver.syn_ns
            self.acked_ns = segment.time_ns
            sender.note_near(self.ack_rtt_ns)

    def _take_ack(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> int:
        """Take acknowledgment and window; return 1 if the receiver's SND.UNA or SND.WND changed."""
        ack = segment.ack
        changed = 0
        if receiver.model.frto:
            before = receiver.spurious
            judge_timeout(receiver, self.recorder, segment, may_probe(receiver, sender))
            self.note_spurious(receiver, segment, before)
            self.note_undo(receiver, segment)
        if segment.flags & _SYN == 0:  # one that comes again asks for nothing
            receiver.model.heard_ns = segment.time_ns
        if receiver.snd_una == _UNKNOWN or ack > receiver.snd_una:
            self._acknowledge(sender, receiver, segment)
            changed = 1
        elif segment.sack_blocks > 0:
            time_sack(self.pool, sender, receiver, segment)
            self.judge_resent(receiver, segment, receiver.snd_una)
        if ack >= receiver.snd_una:
            changed |= self.take_offer(sender, receiver, segment, changed)
        return changed

    def _acknowledge(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Move SND.UNA of the receiver; what the acknowledgment covers but nobody saw is missing in the capture."""
        ack = segment.ack
        if receiver.initial_phase == _COUNTING and receiver.initial_window > 0 and ack > 1:
            note_first_ack(receiver, segment, self.tap_ns(receiver))
        if ack > receiver.stream.edge:
            missing = receiver.stream.acknowledged(ack)
            if missing > 0 and receiver.segments > 0:
                self._note_gap(receiver, segment, missing)
        before = receiver.snd_una
        receiver.snd_una = ack
        receiver.model.una_before = before
        if receiver.board.count > 0:
            time_ack(self.pool, sender, receiver, segment)
        if receiver.model.note_ack(ack, segment.time_ns):
            receiver.model.note_end(segment.time_ns, segment.tsval if segment.options & _TIMESTAMPS else _UNKNOWN)
            self.event(receiver, segment, _RECOVERY_EXIT, _UNKNOWN, _UNKNOWN, _UNKNOWN)
        if receiver.model.resent_count > 0 or segment.sack_blocks > 0:
            self.judge_resent(receiver, segment, before)
