# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What the applications at both ends did with a connection: whose turn it was, how long they paused, how they left.

A turn begins where an end sends new text after the other; a request is a turn of the client's. What it takes to open
a connection besides TCP's handshake is seen in its first turns where TLS is spoken (RFC 8446 2, RFC 5246 7.3).
"""

from reconstruct.endpoint import Endpoint
from reconstruct.recorder import Recorder
from reconstruct.segment import ACK, FIN, RST, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.states import Event, State
from reconstruct.vocabulary import SegmentKind, Sign
from reconstruct.windows import Windows

WORTH_NOTING_NS = 1_000_000_000  # shorter pauses are those of a busy application, not of a pool or a forgotten socket
TOO_SOON_NS = 1_000_000  # round trips below are too near the jitter of a capture to tell who answered
ODD_HOPS = 2  # routers; routes change by one when a link fails over
CLIENT_HELLO = 0x160301  # record type, major version, handshake type (RFC 8446 5.1, 4)
HANDSHAKE_RECORD = 0x16

_UNKNOWN = UNKNOWN
_ACK, _FIN, _RST = ACK, FIN, RST
_WORTH_NOTING_NS, _TOO_SOON_NS, _ODD_HOPS = WORTH_NOTING_NS, TOO_SOON_NS, ODD_HOPS
_CLIENT_HELLO, _HANDSHAKE_RECORD = CLIENT_HELLO, HANDSHAKE_RECORD
_NOBODY, _SERVER, _CLIENT = -1, 0, 1
_ASKED_ALIVE = 1
_CLOSE_WAIT, _CLOSED, _SND_RST = int(State.CLOSE_WAIT), int(State.CLOSED), int(Event.SND_RST)
_NEW = int(SegmentKind.NEW)
_RESET, _UNREAD, _FOUND_DEAD = int(Sign.RESET), int(Sign.RESET_UNREAD), int(Sign.FOUND_DEAD)
_SIZE_PASSED = int(Sign.SIZE_PASSED)
_LATE, _UNASKED = int(Sign.RESET_LATE), int(Sign.RESET_UNASKED)
_HALF_CLOSED, _CLOSE_WAITED = int(Sign.HALF_CLOSED), int(Sign.CLOSE_WAIT)
_OTHER_TTL, _SOON, _DISOWNED = int(Sign.RESET_TTL), int(Sign.RESET_TOO_SOON), int(Sign.RESET_DISOWNED)
_STALE_RST, _STALE_FIN = int(Sign.STALE_RESET), int(Sign.STALE_FIN)
_STALE_SILENCE, _IDLE_RST = int(Sign.STALE_SILENCE), int(Sign.IDLE_RESET)


class Conduct(Windows):
    """The turns of both ends, and the signs of how they paused and left.

    `talker` is who sent text last, `turn_at` and `turn_ns` the offset and the time at which its turn began, `pause_ns`
    how long nobody had sent text before, `text_ns` when text was sent last. `turns` counts those of the client,
    `setup_turns` how many of them TLS took. `idle_ns` is the pause before the request that waits for its answer
    (`UNKNOWN` where none does), `request_frame` its frame; `longest_idle_ns` and `resumed` are about the pauses after
    which a request was answered; `stale_ns` is the shortest pause after which one failed, `fin_idle_ns` that after
    which the server closed. `reuse` is whose ports the connection took over, and how (`reconstruct.fit`),
    `reuse_gap_ns` how long after their last segment.
    """

    def __init__(self, number: int, recorder: Recorder, client_state: int, server_state: int) -> None:
        """Begin with these states and nobody's turn."""
        Windows.__init__(self, number, recorder, client_state, server_state)
        self.reset_conduct()

    def reset_conduct(self) -> None:
        """Forget the turns."""
        self.talker = _NOBODY
        self.turn_at = self.pause_ns = 0
        self.turns = self.setup_turns = self.resumed = 0
        self.text_ns = self.turn_ns = self.idle_ns = self.fin_idle_ns = _UNKNOWN
        self.request_frame = self.longest_idle_ns = 0
        self.stale_ns = _UNKNOWN
        self.reuse = 0
        self.reuse_gap_ns = 0

    def _note_stale(self, frame: int, sign: int, idle_ns: int) -> None:
        """Note that a pause was too long for the connection."""
        self.note_at(0, frame, sign, idle_ns)
        self.idle_ns = _UNKNOWN
        if self.stale_ns == _UNKNOWN or idle_ns < self.stale_ns:
            self.stale_ns = idle_ns

    def take_turn(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Begin a turn with the first new text that an end sends after the other."""
        from_client = segment.from_client
        answered = self.talker == _CLIENT
        self.talker = _CLIENT if from_client else _SERVER
        self.turn_at = segment.seq
        self.turn_ns = segment.time_ns
        self.pause_ns = segment.time_ns - self.text_ns if self.text_ns != _UNKNOWN else 0
        if from_client:
            self._request(sender, receiver, segment)
        elif answered and self.idle_ns != _UNKNOWN:
            if self.idle_ns > self.longest_idle_ns:
                self.longest_idle_ns = self.idle_ns
            self.resumed += 1
            self.idle_ns = _UNKNOWN

    def _request(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Count a request; one after a pause waits for its answer."""
        if self.turns == self.setup_turns:
            self._count_setup(segment.text_head)
        self.turns += 1
        self.idle_ns = _UNKNOWN
        paused = self.turns - self.setup_turns >= 2 and self.pause_ns >= _WORTH_NOTING_NS
        if paused and receiver.fin_end == _UNKNOWN:
            self.idle_ns = self.pause_ns
            self.request_frame = segment.frame
        elif paused:
            idle_ns = self.fin_idle_ns if self.fin_idle_ns != _UNKNOWN else self.pause_ns
            self._note_stale(segment.frame, _STALE_FIN, idle_ns)

    def _count_setup(self, head: int) -> None:
        """Tell the turns of a TLS handshake: a ClientHello, and in TLS 1.2 the client's keys."""
        if head & 0xFFFFFF == _CLIENT_HELLO or (self.turns == 1 and head >> 16 == _HANDSHAKE_RECORD):
            self.setup_turns += 1

    def note_leaving(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Note what a segment shows where an end has closed or does: called before anything has moved."""
        if segment.flags & _RST:
            if self.resets == 0:
                self._note_reset(sender, receiver, segment)
            self._note_silence(receiver, sender, segment)
            self._note_silence(sender, receiver, segment)
        elif segment.end > segment.seq:
            if segment.payload_len > 0 and segment.kind == _NEW:
                self._note_late_text(sender, receiver, segment)
            if segment.flags & _FIN and sender.fin_end == _UNKNOWN:
                self._note_fin(sender, segment)
            self._note_silence(sender, receiver, segment)

    def _note_late_text(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Note text after the peer's FIN, or after a reset in the sender's name."""
        if receiver.fin_end != _UNKNOWN and segment.ack >= receiver.fin_end:
            self.note(sender, segment, _HALF_CLOSED, segment.payload_len)
        if sender.state == _CLOSED and sender.undo_event == _SND_RST:
            self.note(sender, segment, _DISOWNED, segment.payload_len)

    def _note_fin(self, sender: Endpoint, segment: Segment) -> None:
        """Note how long a server had waited before it closed, and a request which that FIN met."""
        if sender is self.server and self.text_ns != _UNKNOWN and segment.payload_len == 0:
            self.fin_idle_ns = segment.time_ns - self.text_ns
            unheard = segment.ack < self.client.stream.highest  # else the request is what made it close
            if unheard and self.talker == _CLIENT and self.idle_ns != _UNKNOWN:
                self._note_stale(segment.frame, _STALE_FIN, self.idle_ns)

    def _note_silence(self, end: Endpoint, peer: Endpoint, segment: Segment) -> None:
        """Note how long an end had kept its side open after it acknowledged the FIN of its peer."""
        silent_ns = _silent_ns(end, peer, segment.time_ns)
        if silent_ns >= _WORTH_NOTING_NS:
            self.note(end, segment, _CLOSE_WAITED, silent_ns)
        end.silent_since_ns = segment.time_ns

    def _note_reset(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Note what the first reset of a connection cost, and whether it is its sender's."""
        if receiver.snd_una >= 1 or sender.snd_una >= 1:  # else there was no connection yet
            self._note_loss(sender, receiver, segment)
            if sender.asked == _ASKED_ALIVE:
                self.note(sender, segment, _FOUND_DEAD, max(0, segment.time_ns - sender.model.heard_ns))
            if sender is self.server:
                self._note_stale_reset(segment)
            self._note_misfit(sender, receiver, segment)

    def _note_loss(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Note the text that a reset threw away."""
        lost = _outstanding(sender) + _outstanding(receiver)
        unread = 0
        if segment.flags & _ACK and sender.fin_end == _UNKNOWN and self._is_turn_of(receiver):
            unread = receiver.snd_una - max(self.turn_at, 1) - (1 if receiver.snd_una == receiver.fin_end else 0)
        if lost > 0:
            # Its own text had left before its FIN, and comes before the reset; what came for it is what nobody reads.
            late = sender.fin_end != _UNKNOWN and _outstanding(receiver) > 0
            self.note(sender, segment, _LATE if late else _RESET, _outstanding(receiver) if late else lost)
        elif unread > 0:
            self.note(sender, segment, _UNREAD, unread)

    def count_stale_reset(self, sender: Endpoint, segment: Segment) -> None:
        """Count a reset below what was received, and note the text that an end had under way when it gave up.

        An end that has reset the connection answers acknowledgments that reach it later with resets of their numbers
        (RFC 9293 3.10.7.1): the first one tells what it knew.
        """
        sender.stale_resets += 1
        unheard = sender.stream.highest - segment.seq
        told = self.signs is not None and self.signs.count(_RESET, 1 if sender is self.server else 0) > 0
        first = sender.stale_resets == 1 and self.resets > 0 and not told
        if first and segment.flags & _ACK == 0 and unheard > 0 and sender.fin_end == _UNKNOWN:
            self.note(sender, segment, _RESET, unheard)

    def _is_turn_of(self, end: Endpoint) -> int:
        """Return 1 if an end sent text last."""
        return 1 if self.talker == (_CLIENT if end is self.client else _SERVER) else 0

    def _note_stale_reset(self, segment: Segment) -> None:
        """Note a reset by the server that a request after a pause met, or one that ended a pause."""
        if self.talker == _CLIENT and self.idle_ns != _UNKNOWN:
            self._note_stale(segment.frame, _STALE_RST, self.idle_ns)
        elif self.talker == _SERVER and self.turns - self.setup_turns >= 2 and self.client.fin_end == _UNKNOWN:
            idle_ns = segment.time_ns - self.text_ns
            if idle_ns >= _WORTH_NOTING_NS:
                self._note_stale(segment.frame, _IDLE_RST, idle_ns)

    def _note_misfit(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Note a reset that came from another distance than its sender's segments, or sooner than it can answer."""
        if sender.ttl >= 0 and segment.ttl != sender.ttl:
            hops = _hops(segment.ttl) - _hops(sender.ttl)
            if hops >= _ODD_HOPS or hops <= -_ODD_HOPS:
                self.note(sender, segment, _OTHER_TTL, hops if hops > 0 else -hops)
        trip_ns = self.tap_ns(sender)
        if receiver.rtt is not None and receiver.rtt.samples > 0 and receiver.rtt.min_ns < trip_ns:
            trip_ns = receiver.rtt.min_ns
        asked_ns = segment.time_ns - self.turn_ns
        # It answers the text: RFC 9293 3.10.7.1, case 2, a reset at SEG.ACK without ACK; nothing else was on its way.
        answers = segment.flags & _ACK == 0 and self._is_turn_of(receiver) and self.pause_ns >= _WORTH_NOTING_NS
        if answers and trip_ns >= _TOO_SOON_NS and asked_ns < trip_ns * 3 // 4:
            self.note(sender, segment, _SOON, trip_ns - asked_ns)

        quiet_ns = segment.time_ns - receiver.model.seen_ns if receiver.model.seen_ns != _UNKNOWN else 0
        unasked = segment.flags & _ACK == 0 and sender.asked != _ASKED_ALIVE and self._is_turn_of(sender)
        if unasked and quiet_ns >= _WORTH_NOTING_NS and quiet_ns >= 4 * trip_ns:
            self.note(sender, segment, _UNASKED, quiet_ns)  # what it answers never passed here

    def settle(self, now_ns: int) -> None:
        """Note what lasts until the connection is given up, or the capture ends: a request without answer, a leak."""
        self._settle_end(self.client, self.server, 0, now_ns)
        self._settle_end(self.server, self.client, 1, now_ns)
        if self.idle_ns != _UNKNOWN and self.talker == _CLIENT and self.resets == 0:
            unheard = _UNKNOWN != self.client.model.heard_ns < self.turn_ns and self.server.stream.missing == 0
            if unheard and self.text_ns - self.turn_ns >= _WORTH_NOTING_NS:
                self._note_stale(self.request_frame, _STALE_SILENCE, self.idle_ns)

    def _settle_end(self, end: Endpoint, peer: Endpoint, server: int, now_ns: int) -> None:
        """Note a silence after the peer's FIN that lasts, and that what seemed too large arrived in the end."""
        if 0 <= end.model.refused_end <= end.snd_una:
            self.note_at(server, self.request_frame, _SIZE_PASSED, end.snd_una)
        silent_ns = _silent_ns(end, peer, now_ns)
        if silent_ns >= _WORTH_NOTING_NS:
            self.note_at(server, end.silent_frame, _CLOSE_WAITED, silent_ns)


def _silent_ns(end: Endpoint, peer: Endpoint, now_ns: int) -> int:
    """Return how long an end has kept its side open and sent nothing since it acknowledged the FIN of its peer."""
    if end.state != _CLOSE_WAIT or peer.fin_end == _UNKNOWN or peer.snd_una < peer.fin_end:
        return 0
    # Holes before a FIN that has passed the tap keep the end from receiving it: silence begins with its acknowledgment.
    return now_ns - max(end.silent_since_ns, peer.model.acked_ns) if end.silent_since_ns != _UNKNOWN else 0


def _outstanding(end: Endpoint) -> int:
    """Return the bytes of text that an end sent and its peer did not acknowledge."""
    if end.snd_una < 0 or end.stream.highest <= end.snd_una:
        return 0
    control = 1 if end.fin_end == end.stream.highest else 0
    return end.stream.highest - max(end.snd_una, 1) - control


def _hops(ttl: int) -> int:
    """Return over how many routers a packet came, if its TTL began as 64, 128 or 255, the usual ones."""
    return (64 if ttl <= 64 else 128 if ttl <= 128 else 255) - ttl
