# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""From the bytes of a packet to a TCP segment: the fast path, without an object for any packet.

Lengths come from the IP header, so Ethernet padding is not payload and what the snap length cut counts in full. Where
the IP header's length is 0 (segmentation offload, RFC 791 knows no such length) the frame's length on the wire counts.
"""

from analyzer.capture import integers
from analyzer.capture.batch import PacketBatch
from analyzer.capture.ledger import Skip
from analyzer.capture.options import read_options
from reconstruct.segment import OPTION_TIMESTAMPS, Segment

# Link types of the fast path: https://www.tcpdump.org/linktypes.html
LINK_NULL, LINK_ETHERNET, LINK_LOOP, LINK_SLL, LINK_SLL2 = 0, 1, 108, 113, 276
LINK_RAW, LINK_RAW_OPENBSD, LINK_RAW_BSDI, LINK_IPV4, LINK_IPV6 = 101, 14, 12, 228, 229
LINK_NO_PACKET = -1  # the reader's mark for a record that holds no packet

_NULL, _ETHERNET, _LOOP, _SLL, _SLL2 = 0, 1, 108, 113, 276
_RAW, _RAW_OPENBSD, _RAW_BSDI, _IPV4_LINK, _IPV6_LINK = 101, 14, 12, 228, 229
_NO_PACKET_LINK = LINK_NO_PACKET
_IPV4, _IPV6 = 0x0800, 0x86DD  # EtherTypes
_VLAN, _QINQ, _QINQ_OLD = 0x8100, 0x88A8, 0x9100  # IEEE 802.1Q, 802.1ad, and what came before it
_MPLS, _MPLS_MULTICAST, _PPPOE, _BRIDGED = 0x8847, 0x8848, 0x8864, 0x6558
_BACKBONE, _CISCO_METADATA = 0x88E7, 0x8909  # IEEE 802.1ah; Cisco TrustSec
_LEAST_ETHERTYPE = 0x0600  # below it the field is a length (IEEE 802.3, 3.2.6)
_HOP_BY_HOP, _TCP, _UDP, _ROUTING, _FRAGMENT_HEADER, _AH, _ICMP = 0, 6, 17, 43, 44, 51, 1
_ICMP6, _DESTINATION, _IN_IPV4, _IN_IPV6, _GRE, _MOBILITY, _IPCOMP = 58, 60, 4, 41, 47, 135, 108
_UNREACHABLE, _QUENCH, _EXCEEDED, _PROBLEM, _LAST_ERROR6 = 3, 4, 11, 12, 4  # RFC 792; RFC 4443 (2.1)
_MAX_TAGS = 8  # VLAN tags and IPv6 extension headers that are followed
_VXLAN, _VXLAN_OLD, _GENEVE, _GTP_U, _TEREDO = 4789, 8472, 6081, 2152, 3544  # UDP ports of tunnels

_HALF32, _TWO32 = 1 << 31, 1 << 32
_PADDED_TIMESTAMPS = 0x0101080A  # NOP, NOP, kind 8, length 10 (RFC 7323, appendix A)
_TIMESTAMPS = OPTION_TIMESTAMPS

_OK = int(Skip.NONE)
_NOT_IP, _IS_UDP, _IS_ICMP, _OTHER = int(Skip.NOT_IP), int(Skip.UDP), int(Skip.ICMP), int(Skip.OTHER_PROTOCOL)
_FRAGMENT, _CUT = int(Skip.FRAGMENT), int(Skip.CUT_BY_SNAP_LENGTH)
_BAD_IP, _BAD_TCP = int(Skip.MALFORMED_IP), int(Skip.MALFORMED_TCP)
_NO_PACKET, _LONG_TAIL, _QUOTED = int(Skip.NO_PACKET), int(Skip.LONG_TAIL), int(Skip.QUOTED)


class Decoder:
    """Decodes the packets of one batch after another into one cursor.

    `fragment_at` is where the IP packet starts after `Skip.FRAGMENT`, in the bytes that were decoded.
    """

    def __init__(self) -> None:
        """Make a decoder that looks at nothing yet."""
        self.data: bytes | bytearray = b"\0"
        self.fragment_at = 0

    def open(self, batch: PacketBatch) -> None:
        """Look at the bytes of a batch that was just filled."""
        self.data = batch.data

    def decode(self, batch: PacketBatch, index: int, segment: Segment) -> int:
        """Decode packet `index` of the batch that `open` was given; return a `Skip`, `NONE` for a TCP segment.

        Everything in the cursor is set but `frame`. `LONG_TAIL` asks for another decoder.
        """
        at = batch.start[index]
        end = at + batch.captured[index]
        limit = at + batch.wire[index]
        link = batch.link[index]
        segment.time_ns = batch.time_ns[index]
        segment.domain = 0
        segment.vlan = -1
        if link == _ETHERNET:
            return self._ethernet(at, end, limit, segment)
        if link in (_RAW, _RAW_BSDI, _RAW_OPENBSD, _IPV4_LINK, _IPV6_LINK):
            return self._ip(at, end, limit, segment)
        return self._other_link(link, at, end, limit, segment)

    def decode_ip(self, data: bytes, start: int, end: int, limit: int, segment: Segment) -> int:
        """Decode an IP packet at `data[start:end]` that reached up to `limit` on the wire; return a `Skip`.

        `time_ns`, `domain` and `vlan` of the cursor are left as they are.
        """
        before = self.data
        self.data = data
        skip = self._ip(start, end, limit, segment)
        self.data = before
        return skip

    def _other_link(self, link: int, at: int, end: int, limit: int, segment: Segment) -> int:
        """Decode the link types that are less common than Ethernet and raw IP."""
        if link == _NO_PACKET_LINK:
            return _NO_PACKET
        if link == _SLL:
            return self._cooked(at, end, limit, at + 14, at + 16, segment)
        if link == _SLL2:
            return self._cooked(at, end, limit, at, at + 20, segment)
        if link in (_NULL, _LOOP):
            return self._loopback(at, end, limit, segment)
        return _LONG_TAIL

    def _loopback(self, at: int, end: int, limit: int, segment: Segment) -> int:
        """Decode BSD loopback: an address family whose number for IPv6 differs by system; the IP version tells more."""
        if end - at < 5:
            return _CUT
        version = self.data[at + 4] >> 4
        if version != 4 and version != 6:
            return _NOT_IP
        return self._ip(at + 4, end, limit, segment)

    def _cooked(self, at: int, end: int, limit: int, type_at: int, payload: int, segment: Segment) -> int:
        """Decode Linux cooked captures, version 1 and 2: the EtherType at `type_at`, the packet at `payload`."""
        if end < payload:
            return _CUT
        return self._network(integers.u16(self.data, type_at), payload, end, limit, segment)

    def _ethernet(self, at: int, end: int, limit: int, segment: Segment) -> int:
        if end - at < 14:
            return _CUT
        ethertype = integers.u16(self.data, at + 12)
        if ethertype in (_IPV4, _IPV6):
            return self._ip(at + 14, end, limit, segment)
        return self._network(ethertype, at + 14, end, limit, segment)

    def _network(self, ethertype: int, at: int, end: int, limit: int, segment: Segment) -> int:
        """Decode what an EtherType announces; tags are passed, their ids kept (12 bits each, the last three)."""
        tags = 0
        while ethertype in (_VLAN, _QINQ, _QINQ_OLD):
            if tags == _MAX_TAGS:
                return _LONG_TAIL
            if end - at < 4:
                return _CUT
            held = 0 if segment.vlan < 0 else segment.vlan & 0xFFFFFF
            segment.vlan = held << 12 | (integers.u16(self.data, at) & 0xFFF)
            ethertype = integers.u16(self.data, at + 2)
            at += 4
            tags += 1
        if ethertype in (_IPV4, _IPV6):
            return self._ip(at, end, limit, segment)
        if ethertype < _LEAST_ETHERTYPE or ethertype in (_MPLS, _MPLS_MULTICAST):
            return _LONG_TAIL
        if ethertype in (_PPPOE, _BRIDGED, _BACKBONE, _CISCO_METADATA):
            return _LONG_TAIL
        return _NOT_IP

    def _ip(self, at: int, end: int, limit: int, segment: Segment) -> int:
        if end <= at:
            return _CUT
        version = self.data[at] >> 4
        if version == 4:
            return self._ipv4(at, end, limit, segment)
        if version == 6:
            return self._ipv6(at, end, limit, segment)
        return _BAD_IP

    def _ipv4(self, at: int, end: int, limit: int, segment: Segment) -> int:
        """Decode an IPv4 header (RFC 791 3.1)."""
        if end - at < 20:
            return _CUT
        header = (self.data[at] & 15) * 4
        length = integers.u16(self.data, at + 2)
        if length == 0:
            length = limit - at
        if header < 20 or length < header:
            return _BAD_IP
        if integers.u16(self.data, at + 6) & 0x3FFF:
            self.fragment_at = at
            return _FRAGMENT
        segment.ip_version = 4
        segment.ecn = self.data[at + 1] & 3
        segment.ip_id = integers.u16(self.data, at + 4)
        segment.ttl = self.data[at + 8]
        segment.src_hi = 0
        segment.dst_hi = 0
        segment.src_lo = integers.u32(self.data, at + 12)
        segment.dst_lo = integers.u32(self.data, at + 16)
        if self.data[at + 9] == _TCP:
            return self._tcp(at + header, end, at + length, segment)
        if self.data[at + 9] == _AH:
            return self._extensions(_AH, at, at + header, end, at + length, segment)
        return self._not_tcp(self.data[at + 9], at + header, end)

    def _ipv6(self, at: int, end: int, limit: int, segment: Segment) -> int:
        """Decode an IPv6 header (RFC 8200 3); a payload length of 0 is a jumbogram or offload: the frame tells."""
        if end - at < 40:
            return _CUT
        length = integers.u16(self.data, at + 4)
        if length == 0:
            length = limit - at - 40
        segment.ip_version = 6
        segment.ecn = self.data[at + 1] >> 4 & 3
        segment.ip_id = -1
        segment.ttl = self.data[at + 7]
        segment.src_hi = self._u64(at + 8)
        segment.src_lo = self._u64(at + 16)
        segment.dst_hi = self._u64(at + 24)
        segment.dst_lo = self._u64(at + 32)
        if self.data[at + 6] == _TCP:
            return self._tcp(at + 40, end, at + 40 + length, segment)
        return self._extensions(self.data[at + 6], at, at + 40, end, at + 40 + length, segment)

    def _u64(self, at: int) -> int:
        """Return eight bytes as a signed word."""
        high = integers.u32(self.data, at)
        if high >= _HALF32:
            high -= _TWO32
        return high * _TWO32 + integers.u32(self.data, at + 4)

    def _extensions(self, protocol: int, packet: int, at: int, end: int, limit: int, segment: Segment) -> int:
        """Pass the extension headers of IPv6 (RFC 8200 4), or the authentication header of IPv4."""
        passed = 0
        while passed < _MAX_TAGS:
            if protocol == _TCP:
                return self._tcp(at, end, limit, segment)
            if protocol == _FRAGMENT_HEADER:
                if end - at < 8:
                    return _CUT
                if integers.u16(self.data, at + 2) & 0xFFF9:
                    self.fragment_at = packet
                    return _FRAGMENT
                size = 8
            elif protocol in (_HOP_BY_HOP, _ROUTING, _DESTINATION, _MOBILITY):
                if end - at < 2:
                    return _CUT
                size = (self.data[at + 1] + 1) * 8
            elif protocol == _AH:
                if end - at < 2:
                    return _CUT
                size = (self.data[at + 1] + 2) * 4  # RFC 4302 (2.2)
            else:
                return self._not_tcp(protocol, at, end)
            if end - at < size:
                return _CUT
            protocol = self.data[at]
            at += size
            passed += 1
        return _BAD_IP

    def _not_tcp(self, protocol: int, at: int, end: int) -> int:
        """Say what an IP packet carries instead of TCP; tunnels are for the other decoder."""
        if protocol == _UDP:
            return self._udp(at, end)
        if protocol in (_ICMP, _ICMP6):
            return self._icmp(protocol, at, end)
        if protocol in (_IN_IPV4, _IN_IPV6, _GRE, _IPCOMP):
            return _LONG_TAIL
        return _OTHER

    def _icmp(self, protocol: int, at: int, end: int) -> int:
        """Tell ICMP errors that quote a TCP header (RFC 792, RFC 4443 3) from the rest."""
        if end - at < 18:
            return _IS_ICMP
        kind = self.data[at]
        if protocol == _ICMP and kind in (_UNREACHABLE, _QUENCH, _EXCEEDED, _PROBLEM):
            return _QUOTED if self.data[at + 8] >> 4 == 4 and self.data[at + 17] == _TCP else _IS_ICMP
        if protocol == _ICMP6 and 0 < kind <= _LAST_ERROR6:
            return _QUOTED if self.data[at + 8] >> 4 == 6 and self.data[at + 14] == _TCP else _IS_ICMP
        return _IS_ICMP

    def _udp(self, at: int, end: int) -> int:
        if end - at < 8:
            return _IS_UDP
        port = integers.u16(self.data, at + 2)
        if port in (_VXLAN, _VXLAN_OLD, _GENEVE, _GTP_U, _TEREDO) or integers.u16(self.data, at) == _TEREDO:
            return _LONG_TAIL
        return _IS_UDP

    def _tcp(self, at: int, end: int, limit: int, segment: Segment) -> int:
        """Decode a TCP header (RFC 9293 3.1); `limit` is where the segment ends on the wire."""
        if limit - at < 20:
            return _BAD_TCP
        if end - at < 20:
            return _CUT
        header = (self.data[at + 12] >> 4) * 4
        if header < 20 or at + header > limit:
            return _BAD_TCP
        segment.sport = integers.u16(self.data, at)
        segment.dport = integers.u16(self.data, at + 2)
        segment.wire_seq = integers.u32(self.data, at + 4)
        segment.wire_ack = integers.u32(self.data, at + 8)
        segment.flags = (self.data[at + 12] & 1) << 8 | self.data[at + 13]
        segment.window = integers.u16(self.data, at + 14)
        segment.payload_len = limit - at - header
        if end > limit:
            end = limit
        segment.captured_len = end - at - header if end > at + header else 0
        segment.text_head = self._head(at + header) if segment.captured_len > 5 else 0
        segment.length_known = 1
        segment.options = 0
        segment.sack_blocks = 0
        segment.mss = segment.window_scale = 0
        segment.tsval = segment.tsecr = 0
        segment.fast_open_len = 0
        if header > 20:
            self._options(at + 20, at + header, end, segment)
        return _OK

    def _head(self, at: int) -> int:
        """Return the bytes of a payload that tell a TLS record and its handshake message (RFC 8446 5.1, 4)."""
        return integers.u16(self.data, at) << 8 | self.data[at + 5]

    def _options(self, at: int, stop: int, end: int, segment: Segment) -> None:
        """Decode the options; the form that nearly every data segment has, NOP NOP timestamps, goes first."""
        if stop - at == 12 and end >= stop and integers.u32(self.data, at) == _PADDED_TIMESTAMPS:
            segment.options = _TIMESTAMPS
            segment.tsval = integers.u32(self.data, at + 4)
            segment.tsecr = integers.u32(self.data, at + 8)
        else:
            read_options(self.data, at, stop, end, segment)
