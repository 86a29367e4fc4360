# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Which segments no receiver would accept, each by the rule of RFC 9293 that says so.

A tap does not know what the receiver has got at this moment: a segment is refused only if no moment between the
receiver's last acknowledgment and everything captured so far would let it in.
"""

from reconstruct.endpoint import Endpoint
from reconstruct.flow_control import MAX_WINDOW_SHIFT
from reconstruct.rules import Rule
from reconstruct.segment import ACK, FIN, RST, SYN, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.states import State

ACCEPTABLE = -1

_UNKNOWN = UNKNOWN
_ACCEPTABLE = ACCEPTABLE
_ACK, _FIN, _RST, _SYN = ACK, FIN, RST, SYN
_MAX_SHIFT = MAX_WINDOW_SHIFT
_SYN_SENT = int(State.SYN_SENT)
_RESET_NOT_ACCEPTABLE, _RESET_IN_SYN_SENT = int(Rule.RESET_NOT_ACCEPTABLE), int(Rule.RESET_IN_SYN_SENT)
_ACK_BIT_OFF, _ACK_OF_UNSENT, _OUTSIDE_WINDOW = int(Rule.ACK_BIT_OFF), int(Rule.ACK_OF_UNSENT), int(Rule.OUTSIDE_WINDOW)
_BEFORE_ISN, _TEXT_AFTER_FIN = int(Rule.BEFORE_ISN), int(Rule.TEXT_AFTER_FIN)
_HANDSHAKE_ACK_WRONG, _STALE_RESET = int(Rule.HANDSHAKE_ACK_WRONG), int(Rule.STALE_RESET)
_SYN_OF_ANOTHER, _OLD_FIN = int(Rule.SYN_OF_ANOTHER), int(Rule.OLD_FIN)
_RESET_WITHOUT_ACK = int(Rule.RESET_WITHOUT_ACK)


def _refuse(segment: Segment, rule: int, figure_a: int, figure_b: int) -> int:
    segment.rule = rule
    segment.figure_a = figure_a
    segment.figure_b = figure_b
    return rule


def refused(sender: Endpoint, receiver: Endpoint, segment: Segment) -> int:
    """Return the rule by which the receiver drops the segment, `ACCEPTABLE` (-1) if it may take it.

    The rule and its figures are written into the segment too.
    """
    flags = segment.flags
    if flags & _RST:
        return _refused_reset(sender, receiver, segment)
    if flags & _ACK:
        if segment.ack > receiver.stream.highest and _unsent(receiver, segment):
            return _refused_ack(sender, receiver, segment)
    elif flags & _SYN == 0:
        return _refuse(segment, _ACK_BIT_OFF, _UNKNOWN, _UNKNOWN)
    if flags & _SYN:
        return _refused_syn(sender, receiver, segment)
    return _refused_text(sender, segment)


def _unsent(receiver: Endpoint, segment: Segment) -> int:
    """Return 1 if what the segment acknowledges cannot have been sent.

    An acknowledgment above what was captured is a hole in the capture as long as the window allowed the bytes. Where
    the text itself was refused as outside the window, the two ends agree: the capture missed what moved it.
    """
    if receiver.syns > 0 and receiver.state == _SYN_SENT:
        return 1  # only the SYN and its data can have been sent: RFC 9293 3.10.7.3, first
    if receiver.offered.right_edge == _UNKNOWN or receiver.segments == 0:
        return 0
    edge = receiver.offered.right_edge + 1  # a FIN may follow text that fills the window
    if receiver.outside_from <= segment.ack <= receiver.outside_end:
        return 0
    return 1 if segment.ack > edge else 0


def _refused_ack(sender: Endpoint, receiver: Endpoint, segment: Segment) -> int:
    """Refuse an acknowledgment of what was not sent, and remember it: text found there will prove a gap."""
    if receiver.syns > 0 and receiver.state == _SYN_SENT:
        return _refuse(segment, _ACK_OF_UNSENT, segment.ack, receiver.stream.highest)
    if segment.flags & _SYN == 0:
        receiver.unsent_ack = segment.ack
        receiver.unsent_edge = segment.ack + max(sender.scaled(segment.window), 0)
        if segment.seq > sender.stream.highest and segment.seq > sender.offered.right_edge:
            _note_outside(sender, segment)
    return _refuse(segment, _ACK_OF_UNSENT, segment.ack, receiver.offered.right_edge + 1)


def _note_outside(sender: Endpoint, segment: Segment) -> None:
    """Remember text outside the window: an acknowledgment of it will prove a gap in the capture."""
    if segment.seq > sender.outside_end or segment.end < sender.outside_from:
        sender.outside_from = segment.seq
        sender.outside_end = segment.end
    else:
        sender.outside_from = min(sender.outside_from, segment.seq)
        sender.outside_end = max(sender.outside_end, segment.end)


def _refused_syn(sender: Endpoint, receiver: Endpoint, segment: Segment) -> int:
    """Check a SYN: in a synchronized state for its number, in SYN-SENT for its ACK (RFC 9293 3.10.7.3, first)."""
    if segment.seq != 0:
        return _refuse(segment, _SYN_OF_ANOTHER, segment.seq, sender.snd_una)  # RFC 9293 3.10.7.4, RFC 5961 4
    if segment.flags & _ACK and receiver.state == _SYN_SENT and segment.ack < 1:
        return _refuse(segment, _HANDSHAKE_ACK_WRONG, segment.ack, receiver.stream.highest)
    return _ACCEPTABLE


def _refused_text(sender: Endpoint, segment: Segment) -> int:
    """Check the sequence numbers of a segment that is neither SYN nor RST (RFC 9293 3.10.7.4, first)."""
    if segment.seq < 0 and sender.syns > 0:
        return _refuse(segment, _BEFORE_ISN, -segment.seq, _UNKNOWN)
    if segment.seq > sender.stream.highest:
        edge = sender.offered.right_edge
        if edge != _UNKNOWN and segment.seq > edge:
            _note_outside(sender, segment)
            return _refuse(segment, _OUTSIDE_WINDOW, segment.seq, edge)
    if sender.fin_end != _UNKNOWN and segment.end > segment.seq >= sender.fin_end:
        return _refuse(segment, _TEXT_AFTER_FIN, segment.seq, sender.fin_end)
    if segment.flags & _FIN and segment.end < sender.snd_una and segment.end != sender.fin_end:
        return _refuse(segment, _OLD_FIN, segment.end, sender.snd_una)
    return _ACCEPTABLE


def _refused_reset(sender: Endpoint, receiver: Endpoint, segment: Segment) -> int:
    """Check a RST (RFC 9293 3.10.7.3, second, and 3.10.7.4, first; RFC 5961 3.2: only RCV.NXT resets)."""
    if receiver.state == _SYN_SENT:
        if segment.flags & _ACK == 0:
            return _refuse(segment, _RESET_WITHOUT_ACK, _UNKNOWN, _UNKNOWN)
        if segment.ack < 1 or segment.ack > receiver.stream.highest:
            return _refuse(segment, _RESET_IN_SYN_SENT, segment.ack, receiver.stream.highest)
        return _ACCEPTABLE
    if not sender.based:
        return _ACCEPTABLE
    low = sender.snd_una if sender.snd_una != _UNKNOWN else sender.stream.edge
    if segment.seq < low:
        # An end that is gone answers every segment with a reset at its SEG.ACK (RFC 9293 3.10.7.1): no violation.
        return _refuse(segment, _STALE_RESET, segment.seq, low)
    high = sender.stream.highest
    if segment.seq > high:
        if sender.segments == sender.invalid_segments:
            high = max(high, _unheard_edge(sender))
        if segment.seq > high:
            return _refuse(segment, _RESET_NOT_ACCEPTABLE, segment.seq, high)
    return _ACCEPTABLE


def _unheard_edge(sender: Endpoint) -> int:
    """Return how far an end can have sent of which nothing was captured, `UNKNOWN` where no window tells."""
    if sender.offered.right_edge != _UNKNOWN or sender.snd_una == _UNKNOWN:
        return sender.offered.right_edge
    return sender.snd_una + (sender.offered.last_offer << _MAX_SHIFT)  # the shift is unknown, but no larger
