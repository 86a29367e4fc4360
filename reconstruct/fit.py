# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Whether a segment fits the sequence space of the connection that its addresses name."""

from reconstruct.connection import Connection
from reconstruct.segment import ACK, SYN, Segment
from reconstruct.seq import unwrap

FIT = 1 << 25  # bytes; a segment whose numbers are within 32 MiB of a connection's is of it

_SYN, _ACK = SYN, ACK
_FIT = FIT


def renews(connection: Connection, segment: Segment) -> int:
    """Return 1 if a SYN without ACK has another number than what its sender began with."""
    end = connection.client if connection.is_from_client(segment) else connection.server
    return 1 if end.based and end.isn != segment.wire_seq else 0


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
