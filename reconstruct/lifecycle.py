# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""How both ends of a connection move through the states, as far as a tap can tell.

Both ends step on every segment at the moment when the tap sees it. The receiver has it only later, or never; a segment
that it sends afterwards may prove so. Then its last move is taken back, and made again when something proves it.
"""

from reconstruct.endpoint import Endpoint
from reconstruct.recorder import Recorder
from reconstruct.segment import ACK, FIN, RST, SYN, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.states import Event, State
from reconstruct.vocabulary import EventKind

# What became of the peer's FIN (`Endpoint.fin_pending`).
_NO_FIN, _FIN_ABOVE_HOLE, _FIN_ON_ITS_WAY = 0, 1, 2

_UNKNOWN = UNKNOWN
_ACK, _FIN, _RST, _SYN = ACK, FIN, RST, SYN
_STATE_EVENT = int(EventKind.STATE)
_CLOSED, _LISTEN, _TIME_WAIT = int(State.CLOSED), int(State.LISTEN), int(State.TIME_WAIT)
_SYN_SENT, _SYN_RECEIVED = int(State.SYN_SENT), int(State.SYN_RECEIVED)
_ESTABLISHED, _CLOSE_WAIT = int(State.ESTABLISHED), int(State.CLOSE_WAIT)
_SND_SYN, _RCV_SYN, _RCV_SYN_ACK = int(Event.SND_SYN), int(Event.RCV_SYN), int(Event.RCV_SYN_ACK)
_RCV_ACK_OF_SYN, _RCV_ACK_OF_FIN = int(Event.RCV_ACK_OF_SYN), int(Event.RCV_ACK_OF_FIN)
_SND_FIN, _RCV_FIN = int(Event.SND_FIN), int(Event.RCV_FIN)
_SND_RST, _RCV_RST = int(Event.SND_RST), int(Event.RCV_RST)


class Lifecycle:
    """Two endpoints and their states; `recorder` gets every move, `number` is the connection's."""

    def __init__(self, number: int, recorder: Recorder, client_state: int, server_state: int) -> None:
        """Begin with these states, of which the tap has not seen how they were reached."""
        self.recorder = recorder
        self.client = Endpoint(client_state)
        self.server = Endpoint(server_state)
        self.reset_ends(number, client_state, server_state)

    def reset_ends(self, number: int, client_state: int, server_state: int) -> None:
        """Forget both ends and begin with these states."""
        self.number = number
        self.client.reset(client_state)
        self.server.reset(server_state)
        self.simultaneous = self.refused = 0
        self.resets = 0

    def ended(self) -> int:
        """Return 1 if neither end has anything left to do."""
        return 1 if _is_over(self.client.state) and _is_over(self.server.state) else 0

    def step(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Step both ends on an acceptable segment: what it proves of the past, SENT, RECEIVED."""
        if segment.flags & _RST:
            self._step_reset(sender, receiver, segment)
        else:
            self._step_other(sender, receiver, segment)

    def _step_other(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        again = self._prove(sender, receiver, segment)
        if segment.flags & _SYN:
            self.move(sender, _SND_SYN, segment)
            self._prove_crossing(sender, receiver, segment)
        elif segment.flags & _FIN:
            self.move(sender, _SND_FIN, segment)
        self._receive(sender, receiver, segment)
        if again:
            self.move(sender, again, segment)

    def move(self, end: Endpoint, event: int, segment: Segment) -> None:
        """Apply an event to an end by the transition table and record the move."""
        before = end.state
        if end.move(event):
            end.undo_since = self.recorder.segments.count
            end.undo_row = self.recorder.event(
                self.number, segment.frame, segment.time_ns, end is self.server, _STATE_EVENT, before, end.state, event
            )

    def _undo(self, end: Endpoint) -> None:
        """Take the last move of an end back, in the rows too."""
        self.recorder.void_event(end.undo_row)
        self.recorder.patch_state(self.number, end.undo_since, end is self.server, end.undo_state)
        end.undo()

    def _prove(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> int:
        """Take back or make up the moves that it disproves or proves; return the event still on its way, or 0."""
        again = 0
        if sender.state == _CLOSED:
            again = self._prove_alive(sender, segment)
        if sender.state < _ESTABLISHED or segment.flags & _SYN:
            again = self._prove_opening(sender, receiver, segment) or again
        if receiver.fin_end != _UNKNOWN:
            self._prove_closing(sender, receiver, segment)
        return again

    def _prove_alive(self, sender: Endpoint, segment: Segment) -> int:
        """An end that still speaks had not received the reset, or was not the one that sent it.

        One that acknowledges what was sent after the reset had received that too, and did not take it.
        """
        if sender.undo_event == _RCV_RST:
            self._undo(sender)
            return 0 if sender.reset_at != _UNKNOWN and segment.ack > sender.reset_at else _RCV_RST
        if sender.undo_event == _SND_RST:
            self._undo(sender)
        return 0

    def _prove_opening(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> int:
        """Draw from what an end sends what it must have received; return the event still on its way, or 0."""
        if segment.flags & _SYN:
            if segment.flags & _ACK and sender.state == _LISTEN:
                self.move(sender, _RCV_SYN, segment)
            elif segment.flags & _ACK and sender.undo_event == _RCV_ACK_OF_SYN and sender.state == _ESTABLISHED:
                self._undo(sender)  # a SYN,ACK sent again: the ACK was lost, or dropped at a full accept queue
                if sender.syns == sender.bare_syns:
                    return _RCV_ACK_OF_SYN  # the first one, of a simultaneous open: the peer's crosses it
        elif sender.state == _SYN_SENT and segment.ack >= 1:
            self.move(sender, _RCV_SYN_ACK, segment)
        elif (
            sender.state == _SYN_RECEIVED
            and receiver.syn_payload == 0  # with Fast Open the server may send before the handshake is over (RFC 7413)
            and (segment.payload_len > 0 or segment.flags & _FIN or segment.ack > 1)
        ):
            self.move(sender, _RCV_ACK_OF_SYN, segment)
        return 0

    def _prove_crossing(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Tell crossing SYNs (RFC 9293 3.5): an end that sends a SYN without ACK had not received the other's."""
        first = segment.flags & _ACK == 0 and sender.syns == 0 and receiver.syns > 0
        if first and sender.undo_event == _RCV_SYN and sender.state == _SYN_RECEIVED:
            self._undo(sender)
            self.simultaneous = 1
            self.move(sender, _SND_SYN, segment)
            self.move(receiver, _RCV_SYN, segment)
            self.move(sender, _RCV_SYN, segment)

    def _prove_closing(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Tell crossing FINs: an end that sends its FIN without acknowledging the other's had not received it."""
        if segment.ack >= receiver.fin_end:
            if sender.fin_pending != _NO_FIN:
                self._take_fin(sender, segment)
        elif segment.flags & _FIN and sender.state == _CLOSE_WAIT and sender.undo_event == _RCV_FIN:
            self._undo(sender)
            sender.fin_pending = _FIN_ON_ITS_WAY

    def _take_fin(self, end: Endpoint, segment: Segment) -> None:
        """Let an end receive its peer's FIN."""
        end.fin_pending = _NO_FIN
        end.silent_since_ns = segment.time_ns
        end.silent_frame = segment.frame
        self.move(end, _RCV_FIN, segment)

    def _step_reset(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Step on an acceptable RST (RFC 9293 3.10.7.4, second)."""
        self.resets += 1
        if sender.segments == sender.invalid_segments and sender.undo_event == _RCV_SYN:
            self._undo(sender)  # nobody listened: the SYN made no connection (RFC 9293 3.10.7.1)
            sender.state = _CLOSED
            self.refused = 1
        else:
            self.move(sender, _SND_RST, segment)
        receiver.reset_at = sender.stream.highest
        self.move(receiver, _RCV_RST, segment)

    def _receive(self, sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
        """Let the receiver take SYN, ACK and FIN, in the order of RFC 9293 3.10.7.4."""
        if segment.flags & _SYN:
            self._receive_syn(receiver, segment)
        if receiver.fin_pending == _FIN_ON_ITS_WAY and segment.flags & _FIN == 0:
            self._take_fin(receiver, segment)
        if segment.flags & _ACK:
            if receiver.state == _SYN_RECEIVED and segment.ack >= 1:
                self.move(receiver, _RCV_ACK_OF_SYN, segment)
            if receiver.fin_end != _UNKNOWN and segment.ack >= receiver.fin_end:
                self.move(receiver, _RCV_ACK_OF_FIN, segment)
        if segment.flags & _FIN:
            receiver.fin_pending = _FIN_ABOVE_HOLE
        if receiver.fin_pending != _NO_FIN and sender.stream.edge >= sender.fin_end:
            self._take_fin(receiver, segment)

    def _receive_syn(self, receiver: Endpoint, segment: Segment) -> None:
        if segment.flags & _ACK == 0:
            self.move(receiver, _RCV_SYN, segment)
        else:
            if receiver.state == _CLOSED and receiver.undo_event < 0:
                self.move(receiver, _SND_SYN, segment)  # the capture missed the SYN that this SYN,ACK answers
            self.move(receiver, _RCV_SYN_ACK, segment)


def _is_over(state: int) -> int:
    return 1 if state in (_CLOSED, _TIME_WAIT) else 0
