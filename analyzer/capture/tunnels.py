"""From an IP packet to the IP packet that it carries, through tunnel after tunnel."""

import zlib
from collections.abc import Callable

from analyzer.capture import links
from analyzer.capture.ledger import Skip
from analyzer.capture.walk import NoPacketError, Walk

# Protocols: IANA, "Assigned Internet Protocol Numbers"; ports: IANA, "Service Name and Transport Protocol Port Number".
_IN_IPV4, _UDP, _IN_IPV6, _GRE, _AH, _IPCOMP = 4, 17, 41, 47, 51, 108
_CHAINED = (0, 43, 60, 135)  # hop-by-hop, routing, destination options, mobility (RFC 8200 4)
_FRAGMENT_HEADER = 44
_VXLAN, _VXLAN_OLD, _GENEVE, _GTP_U, _TEREDO = 4789, 8472, 6081, 2152, 3544  # 8472: Linux, before the assignment
_ERSPAN_2, _ERSPAN_3 = 0x88BE, 0x22EB  # draft-foschiano-erspan
_BRIDGED, _WCCP = 0x6558, 0x883E
_DEFLATE, _FIRST_NEGOTIATED = 2, 256  # RFC 3173 (3.3): well-known and negotiated CPIs; nearly all mean DEFLATE
_MAX_INFLATED = _MAX_LENGTH = 65535  # bytes; RFC 791 (3.1)
_G_PDU = 255  # 3GPP TS 29.281 (5.1): the message that carries a packet


def follow(walk: Walk) -> None:
    """Move from an IP packet to the innermost one; a tunnel that carries none is why the walk ends."""
    while True:
        at, end, limit = walk.at, walk.end, walk.limit
        walk.packet_at = at
        protocol = _pass_ip(walk)
        step = _PROTOCOLS.get(protocol)
        if step is None or not step(walk):
            walk.at, walk.end, walk.limit = at, end, limit
            return


def _pass_ip(walk: Walk) -> int:
    """Pass an IP header and its extensions; return what follows, -1 where no tunnel can be seen."""
    is_ipv4 = walk.number(0, 1) >> 4 == 4
    if walk.at + (20 if is_ipv4 else 40) > walk.limit:
        raise NoPacketError(Skip.MALFORMED_IP)
    return _pass_ipv4(walk) if is_ipv4 else _pass_ipv6(walk)


def _pass_ipv4(walk: Walk) -> int:
    import dpkt

    size = (walk.number(0, 1) & 15) * 4
    if size < 20:
        return -1
    header = walk.read(dpkt.ip.IP, 20)
    if header.mf or header.offset:
        return -1
    if header.len:
        walk.narrow(header.len)
    walk.skip(size)
    return int(header.p)


def _pass_ipv6(walk: Walk) -> int:
    """Pass an IPv6 header with its extensions; dpkt's own walk along them trusts every length."""
    protocol, length = walk.number(6, 1), walk.number(4, 2)
    walk.skip(40)
    if length:
        walk.narrow(length)
    while protocol in _CHAINED or protocol == _FRAGMENT_HEADER:
        if protocol == _FRAGMENT_HEADER and walk.number(2, 2) & 0xFFF9:
            return -1
        size = 8 if protocol == _FRAGMENT_HEADER else (walk.number(1, 1) + 1) * 8
        protocol = walk.number(0, 1)
        walk.skip(size)
    return protocol


def _inner_ip(walk: Walk) -> bool:
    links.ip(walk)
    return True


def _authenticated(walk: Walk) -> bool:
    """Pass an authentication header (RFC 4302); what is not a tunnel within it, the decoder reads itself."""
    import dpkt

    header = walk.read(dpkt.ah.AH, 12)
    walk.skip((header.len + 2) * 4)  # RFC 4302 (2.2)
    step = _PROTOCOLS.get(header.nxt)
    return step is not None and step(walk)


def _compressed(walk: Walk) -> bool:
    """Inflate what IPComp made smaller (RFC 3173, RFC 2394): the packet in it, or one with the header before it."""
    inner, method = walk.number(0, 1), walk.number(2, 2)
    if walk.number(1, 1) or (method != _DEFLATE and method < _FIRST_NEGOTIATED):
        raise NoPacketError(Skip.UNKNOWN_LINK)
    walk.skip(4)
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)  # RFC 2394 (2): no header of zlib's
    try:
        data = inflating.decompress(walk.data[walk.at : walk.end], _MAX_INFLATED)
    except zlib.error:
        raise NoPacketError(Skip.UNKNOWN_LINK) from None
    if not inflating.eof:
        raise NoPacketError(Skip.CUT_BY_SNAP_LENGTH)
    packet = data if inner in (_IN_IPV4, _IN_IPV6) else _with_header(walk, inner, data)
    walk.data, walk.at, walk.end, walk.limit = packet, 0, len(packet), len(packet)
    links.ip(walk)
    return True


def _with_header(walk: Walk, protocol: int, payload: bytes) -> bytes:
    """Return the payload with the IP header that the walk passed last, without options and extensions."""
    if walk.data[walk.packet_at] >> 4 == 4:
        header = bytearray(walk.data[walk.packet_at : walk.packet_at + 20])
        header[0] = 0x45
        header[2:4] = min(20 + len(payload), _MAX_LENGTH).to_bytes(2, "big")
        header[9] = protocol
    else:
        header = bytearray(walk.data[walk.packet_at : walk.packet_at + 40])
        header[4:6] = len(payload).to_bytes(2, "big")
        header[6] = protocol
    return bytes(header) + payload


def _gre(walk: Walk) -> bool:
    """Pass GRE (RFC 2784, 2890), as PPTP has it too (RFC 2637).

    The key of a tunnel of IP identifies a flow, not a tenant (RFC 2890 1); that of NVGRE does (RFC 7637 3.2).
    """
    import dpkt

    flags, kind = walk.number(0, 2), walk.number(2, 2)
    if flags & dpkt.gre.GRE_RP:  # routing was deprecated by RFC 2784
        raise NoPacketError(Skip.UNKNOWN_LINK)
    fields = dpkt.gre.GRE_CP | dpkt.gre.GRE_KP | dpkt.gre.GRE_SP
    if flags & 7 == 1:
        fields = dpkt.gre.GRE_KP | dpkt.gre.GRE_SP | dpkt.gre.GRE_AP
    size = 4 + 4 * bin(flags & fields).count("1")
    header = walk.read(dpkt.gre.GRE, size)
    walk.skip(size)
    if kind == _BRIDGED and flags & dpkt.gre.GRE_KP:
        walk.domain = header.key >> 8 or walk.domain
    if kind == _ERSPAN_2:
        walk.skip(8 if flags & dpkt.gre.GRE_SP else 0)
        links.ethernet(walk)
    elif kind == _ERSPAN_3:
        walk.skip(20 if walk.number(11, 1) & 1 else 12)
        links.ethernet(walk)
    elif kind == _WCCP:
        walk.skip(0 if walk.number(0, 1) >> 4 == 4 else 4)
        links.ip(walk)
    elif kind in (dpkt.ethernet.ETH_TYPE_IP, dpkt.ethernet.ETH_TYPE_IP6):
        links.ip(walk)
    else:
        links.ethertype(walk, kind)
    return True


def _udp(walk: Walk) -> bool:
    """Look into UDP where a port is that of a tunnel; what does not look like that tunnel is UDP."""
    walk.need(8)
    source, port, length = walk.number(0, 2), walk.number(2, 2), walk.number(4, 2)
    step = _PORTS.get(port) or (_teredo if source == _TEREDO else None)
    if step is None:
        return False
    walk.skip(8)
    if length > 8:
        walk.narrow(length - 8)
    try:
        step(walk)
    except NoPacketError as error:
        if error.skip == Skip.CUT_BY_SNAP_LENGTH:
            raise
        raise NoPacketError(Skip.UDP) from error
    return True


def _vxlan(walk: Walk) -> None:
    """Pass VXLAN (RFC 7348 5); its network identifier separates tenants."""
    if not walk.number(0, 1) & 0x08:  # the flag that says that there is an identifier
        raise NoPacketError(Skip.UDP)
    walk.domain = walk.number(4, 3)
    walk.skip(8)
    links.ethernet(walk)


def _geneve(walk: Walk) -> None:
    """Pass GENEVE (RFC 8926 3.4); its network identifier separates tenants."""
    first, kind = walk.number(0, 1), walk.number(2, 2)
    if first >> 6:  # a version that is not known
        raise NoPacketError(Skip.UDP)
    walk.domain = walk.number(4, 3)
    walk.skip(8 + (first & 0x3F) * 4)
    links.ethertype(walk, kind)


def _gtp_u(walk: Walk) -> None:
    """Pass GTP-U (3GPP TS 29.281 5.1, 5.2); its tunnels have one id a direction, so none separates connections."""
    flags = walk.number(0, 1)
    if flags >> 5 != 1 or not flags & 0x10 or walk.number(1, 1) != _G_PDU:
        raise NoPacketError(Skip.UDP)
    if not flags & 7:
        walk.skip(8)
    else:
        extension = walk.number(11, 1) if flags & 4 else 0
        walk.skip(12)
        while extension:
            size = walk.number(0, 1) * 4
            if not size:
                raise NoPacketError(Skip.UDP)
            extension = walk.number(size - 1, 1)
            walk.skip(size)
    links.ip(walk)


def _teredo(walk: Walk) -> None:
    """Pass what may precede the IPv6 packet in Teredo (RFC 4380 5.1.1)."""
    if walk.number(0, 2) == 1:  # authentication: lengths of client id and value, then nonce and confirmation
        walk.skip(4 + walk.number(2, 1) + walk.number(3, 1) + 9)
    if walk.number(0, 2) == 0:  # origin
        walk.skip(8)
    if walk.number(0, 1) >> 4 != 6:
        raise NoPacketError(Skip.UDP)


_PROTOCOLS: dict[int, Callable[[Walk], bool]] = {
    _IN_IPV4: _inner_ip,
    _IN_IPV6: _inner_ip,
    _GRE: _gre,
    _AH: _authenticated,
    _IPCOMP: _compressed,
    _UDP: _udp,
}
_PORTS: dict[int, Callable[[Walk], None]] = {
    _VXLAN: _vxlan,
    _VXLAN_OLD: _vxlan,
    _GENEVE: _geneve,
    _GTP_U: _gtp_u,
    _TEREDO: _teredo,
}
