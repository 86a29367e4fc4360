"""What the fast decoder leaves: rare encapsulations and fragments, in plain Python.

A tunnel's id is put beside the VLAN ids, not into the key of connections: virtual networks with asymmetric routing and
keys of GRE have one id a direction, so that, as with VLANs, ids only tell connections apart whose numbers do not fit.
"""

from typing import TYPE_CHECKING

from analyzer.capture.decode import LINK_RAW, Decoder
from analyzer.capture.ledger import Skip
from reconstruct.segment import TUNNEL_SHIFT, Segment

if TYPE_CHECKING:
    from analyzer.capture.fragments import Fragments

MAX_ROUNDS = 8  # a tunnel in fragments within a tunnel in fragments ...: each round takes one apart


class SecondLook:
    """Decodes packets that the fast path gave back; the machinery is loaded when the first one comes."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._fragments: Fragments | None = None

    def decode(self, decoder: Decoder, link: int, frame: bytes, wire: int, skip: int, segment: Segment) -> int:
        """Decode a whole frame of which the fast decoder said `skip`; return a `Skip`, `NONE` for a TCP segment.

        `wire` is the frame's length on the wire. An encapsulation that nothing decodes is `UNKNOWN_LINK`.
        """
        data, limit = frame, wire
        for _ in range(MAX_ROUNDS):
            if skip == Skip.LONG_TAIL:
                from analyzer.capture.long_tail import Layer, find_ip

                found = find_ip(link, data, limit)
                if not isinstance(found, Layer):
                    return found
                if found.domain:
                    segment.vlan = _tags(segment.vlan) | found.domain << TUNNEL_SHIFT
                data, limit = found.data[found.start : found.end], found.limit - found.start
            elif skip == Skip.FRAGMENT:
                whole = self._add(data[decoder.fragment_at :], limit - decoder.fragment_at, segment)
                if whole is None:
                    return Skip.FRAGMENT
                data, limit = whole, len(whole)
            else:
                return skip
            link = LINK_RAW
            skip = decoder.decode_ip(data, 0, len(data), limit, segment)
        return Skip.UNKNOWN_LINK if skip in (Skip.LONG_TAIL, Skip.FRAGMENT) else skip

    def _add(self, packet: bytes, wire: int, segment: Segment) -> bytes | None:
        """Add an IP fragment; return the packet if it is whole now."""
        if self._fragments is None:
            from analyzer.capture.fragments import Fragments

            self._fragments = Fragments()
        return self._fragments.add(segment.time_ns, packet, wire, (segment.domain, segment.vlan))


def _tags(vlan: int) -> int:
    """Return the VLAN ids without the id of a tunnel, 0 for none."""
    return 0 if vlan < 0 else vlan & ((1 << TUNNEL_SHIFT) - 1)
