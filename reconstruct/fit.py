# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Whether a segment fits the sequence space of the connection that its addresses name."""

from reconstruct.connection import Connection
from reconstruct.segment import ACK, OPTION_TIMESTAMPS, SYN, Segment
from reconstruct.seq import UNKNOWN, unwrap
from reconstruct.states import State

# Whose ports a connection took over, and why a host may let it (RFC 9293 3.6.1, RFC 6191 2).
NOT_REUSED = 0
REUSED_BY_ISN, REUSED_BY_TIME = 1, 2  # out of TIME-WAIT: the number, or the timestamp, is beyond that of the last one
REUSED_UNLAWFULLY, REUSED_WHILE_OPEN = 3, 4  # out of TIME-WAIT by neither; of a connection that did not end

FIT = 1 << 25  # bytes; a segment whose numbers are within 32 MiB of a connection's is of it

_SYN, _ACK, _TIMESTAMPS = SYN, ACK, OPTION_TIMESTAMPS
_NOT_REUSED, _BY_ISN, _BY_TIME, _UNLAWFULLY, _WHILE_OPEN = 0, 1, 2, 3, 4
_ESTABLISHED, _TIME_WAIT = int(State.ESTABLISHED), int(State.TIME_WAIT)
_MASK, _HALF = 0xFFFFFFFF, 1 << 31
_UNKNOWN = UNKNOWN
_FIT = FIT


def renews(connection: Connection, segment: Segment) -> int:
    """Return 1 if a SYN without ACK has another number than what its sender began with."""
    end = connection.client if connection.is_from_client(segment) else connection.server
    return 1 if end.based and end.isn != segment.wire_seq else 0


def reuse_of(connection: Connection, segment: Segment) -> int:
    """Say how a SYN takes over the ports of the connection before it: `NOT_REUSED` where nobody held them any more."""
    client, server = connection.client, connection.server
    if client.state == _TIME_WAIT or server.state == _TIME_WAIT:
        end = client if connection.is_from_client(segment) else server
        if is_beyond(segment.wire_seq, end.isn + end.stream.highest):
            return _BY_ISN
        told = end.model.sent_tsval
        if segment.options & _TIMESTAMPS and told != _UNKNOWN and is_beyond(segment.tsval, told):
            return _BY_TIME
        return _UNLAWFULLY
    if client.state >= _ESTABLISHED and server.state >= _ESTABLISHED and client.segments > 0 and server.segments > 0:
        return _WHILE_OPEN
    return _NOT_REUSED


def is_beyond(wire: int, last: int) -> int:
    """Return 1 if a number of 32 bits is beyond the last one, in the arithmetic of sequence numbers."""
    ahead = (wire - last) & _MASK
    return 1 if 0 < ahead < _HALF else 0


def fits(connection: Connection, segment: Segment) -> int:
    """Return 1 if a segment of another VLAN is where the connection's sequence space is."""
    if connection.is_from_client(segment):
        sender, receiver = connection.client, connection.server
    else:
        sender, receiver = connection.server, connection.client
    if segment.flags & _SYN:
        return 1 if not sender.based or sender.isn == segment.wire_seq else 0
    if sender.based and not _near(segment.wire_seq - sender.isn, sender.stream.highest):
        return 0
    if receiver.based and segment.flags & _ACK:
        return _near(segment.wire_ack - receiver.isn, receiver.stream.highest)
    return 1


def _near(wire: int, highest: int) -> int:
    distance = unwrap(wire, highest) - highest
    return 1 if -_FIT <= distance <= _FIT else 0


def domain_of_vlan(segment: Segment) -> int:
    """Return the domain of the connections that are apart from others because of their VLAN."""
    return segment.domain ^ -(2 + segment.vlan)
