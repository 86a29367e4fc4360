# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""From the 32-bit numbers of a segment to offsets from the ISNs of both ends."""

from reconstruct.endpoint import Endpoint
from reconstruct.segment import ACK, FIN, RST, SYN, Segment
from reconstruct.seq import UNKNOWN, unwrap

_UNKNOWN = UNKNOWN
_ACK, _FIN, _SYN, _SYN_OR_RST = ACK, FIN, SYN, SYN | RST
_MASK = 0xFFFFFFFF


def locate(sender: Endpoint, receiver: Endpoint, segment: Segment) -> None:
    """Turn the segment's wire numbers into offsets from the ISNs (RFC 9293 3.4).

    Where the capture missed the SYN, the first segment's number is offset 1. A SYN with another number than the one
    before counts anew as long as the peer acknowledged nothing: the first one came from nobody's connection.
    """
    if segment.flags & _SYN_OR_RST == _SYN and (sender.snd_una <= 0 or (segment.wire_seq - sender.isn) & _MASK == 0):
        segment.seq = 0
    elif not sender.based:
        segment.seq = 1
    else:
        segment.seq = unwrap(segment.wire_seq - sender.isn, sender.stream.highest)
    segment.end = segment.seq + segment.payload_len
    if segment.flags & _SYN:
        segment.end += 1
    if segment.flags & _FIN:
        segment.end += 1
    segment.ack = _UNKNOWN
    if segment.flags & _ACK:
        segment.ack = unwrap(segment.wire_ack - receiver.isn, receiver.stream.highest) if receiver.based else 1
