"""What the fast decoder leaves: rare encapsulations and fragments, in plain Python."""

from typing import TYPE_CHECKING

from analyzer.capture.decode import Decoder
from analyzer.capture.ledger import Skip
from reconstruct.segment import Segment

if TYPE_CHECKING:
    from analyzer.capture.fragments import Fragments


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
        if skip == Skip.LONG_TAIL:
            from analyzer.capture.long_tail import find_ip

            layer = find_ip(link, frame, wire)
            if layer is None:
                return Skip.UNKNOWN_LINK
            segment.domain = layer.domain
            data, limit = layer.data, layer.limit
            skip = decoder.decode_ip(data, layer.start, layer.end, limit, segment)
        if skip == Skip.FRAGMENT:
            return self._reassemble(decoder, data[decoder.fragment_at :], limit - decoder.fragment_at, segment)
        return Skip.UNKNOWN_LINK if skip == Skip.LONG_TAIL else skip

    def _reassemble(self, decoder: Decoder, packet: bytes, wire: int, segment: Segment) -> int:
        """Add an IP fragment; decode the packet if it is whole now."""
        if self._fragments is None:
            from analyzer.capture.fragments import Fragments

            self._fragments = Fragments()
        whole = self._fragments.add(segment.time_ns, packet, wire)
        if whole is None:
            return Skip.FRAGMENT
        return decoder.decode_ip(whole, 0, len(whole), len(whole), segment)
