"""What stands between the start of a frame and its IP packet, by link type (https://www.tcpdump.org/linktypes.html)."""

from collections.abc import Callable

from analyzer.capture.ledger import Skip
from analyzer.capture.walk import NoPacketError, Walk

_IPV4, _IPV6 = 0x0800, 0x86DD
_VLANS = (0x8100, 0x88A8, 0x9100)  # IEEE 802.1Q, 802.1ad, and what came before it
_MPLS = (0x8847, 0x8848)  # RFC 5332: unicast, and upstream-assigned or multicast
_PPPOE_SESSION = 0x8864  # RFC 2516
_BRIDGED, _BACKBONE, _CISCO_METADATA = 0x6558, 0x88E7, 0x8909  # RFC 1701; IEEE 802.1ah; Cisco TrustSec
_PPP_OF_GRE = 0x880B  # RFC 2637
_LEAST_ETHERTYPE = 0x0600  # below it the field is a length (IEEE 802.3, 3.2.6)
_SAP_IP, _SAP_SNAP = 0x06, 0xAA  # IEEE 802.2
_CISCO_OUI, _BRIDGED_OUI = 0x00000C, 0x0080C2  # RFC 2684: bridged Ethernet has the OUI of IEEE 802.1
_PPP_IPV4, _PPP_IPV6, _PPP_MPLS = 0x0021, 0x0057, 0x0281  # IANA, "PPP DLL Protocol Numbers"
_NLPID_IPV4, _NLPID_IPV6, _NLPID_SNAP = 0xCC, 0x8E, 0x80  # RFC 2427
_RADIOTAP_TSFT, _RADIOTAP_FLAGS, _RADIOTAP_EXTENDED, _RADIOTAP_PADDED = 1, 2, 1 << 31, 0x20  # radiotap.org
_NFLOG_PAYLOAD = 9  # NFULA_PAYLOAD, linux/netfilter/nfnetlink_log.h
_ERF_ETHERNET = (2, 11, 16, 20)  # TYPE_ETH, and with colour, DSM or hash in the header


def ip(walk: Walk) -> None:
    """Stand at an IP packet."""
    walk.need(1)
    if walk.data[walk.at] >> 4 not in (4, 6):
        raise NoPacketError(Skip.NOT_IP)


def ethertype(walk: Walk, kind: int) -> None:
    """Go on at what an EtherType announces."""
    if kind in (_IPV4, _IPV6):
        ip(walk)
    elif kind < _LEAST_ETHERTYPE:
        walk.narrow(kind)
        llc(walk)
    elif kind in _VLANS:
        inner = walk.number(2, 2)
        walk.skip(4)
        ethertype(walk, inner)
    elif kind in _ETHERTYPES:
        _ETHERTYPES[kind](walk)
    else:
        raise NoPacketError(Skip.NOT_IP)


def ethernet(walk: Walk) -> None:
    """Pass an Ethernet header."""
    kind = walk.number(12, 2)
    walk.skip(14)
    ethertype(walk, kind)


def llc(walk: Walk) -> None:
    """Pass IEEE 802.2 LLC, with SNAP where it is there (RFC 1042)."""
    import dpkt

    sap = walk.number(0, 1)
    if sap != _SAP_SNAP:
        if sap != _SAP_IP:
            raise NoPacketError(Skip.NOT_IP)
        walk.skip(3)
        ip(walk)
        return
    header = walk.read(dpkt.llc.LLC, 8)
    if not header.is_snap:
        raise NoPacketError(Skip.NOT_IP)
    walk.skip(8)
    if header.oui == _BRIDGED_OUI and header.type in (1, 7):  # RFC 2684 (5.2): with FCS or without
        walk.skip(2)
        ethernet(walk)
    else:
        ethertype(walk, header.type)


def mpls(walk: Walk) -> None:
    """Pass a stack of MPLS labels (RFC 3032); labels differ by direction, so none separates connections."""
    import dpkt

    bottom = False
    while not bottom:
        bottom = bool(walk.read(dpkt.ethernet.MPLSlabel, 4).s)
        walk.skip(4)
    first = walk.number(0, 1)
    if first >> 4 in (4, 6):  # RFC 4928 (3): nothing but IP starts so
        return
    if walk.number(0, 2) == 0:  # RFC 4448 (4.6): the control word of a pseudowire
        walk.skip(4)
    ethernet(walk)


def pppoe(walk: Walk) -> None:
    """Pass the header of a PPPoE session (RFC 2516 4)."""
    import dpkt

    header = walk.read(dpkt.pppoe.PPPoE, 6)
    if header.code != dpkt.pppoe.PPPoE_SESSION:
        raise NoPacketError(Skip.NOT_IP)
    walk.skip(6)
    walk.narrow(header.len)
    ppp_protocol(walk)


def ppp(walk: Walk) -> None:
    """Pass PPP, with or without the address and control fields of HDLC (RFC 1662 3.1, 3.2)."""
    if walk.number(0, 1) == 0xFF:
        walk.skip(2)
    ppp_protocol(walk)


def ppp_protocol(walk: Walk) -> None:
    """Pass PPP's protocol field, of one byte where it is compressed (RFC 1661 6.5)."""
    import dpkt

    compressed = walk.number(0, 1) & dpkt.ppp.PFC_BIT
    protocol = walk.read(dpkt.pppoe.PPP, 1 if compressed else 2).p
    walk.skip(1 if compressed else 2)
    if protocol == _PPP_MPLS:
        mpls(walk)
    elif protocol in (_PPP_IPV4, _PPP_IPV6):
        ip(walk)
    else:
        raise NoPacketError(Skip.NOT_IP)


def cisco_hdlc(walk: Walk) -> None:
    """Pass Cisco's HDLC: address, control, EtherType."""
    kind = walk.number(2, 2)
    walk.skip(4)
    ethertype(walk, kind)


def _ppp_or_cisco(walk: Walk) -> None:
    """Pass link type 50: PPP in HDLC framing, or Cisco's HDLC."""
    (cisco_hdlc if walk.number(0, 1) in (0x0F, 0x8F) else ppp)(walk)


def frame_relay(walk: Walk) -> None:
    """Pass Frame Relay: RFC 2427, or Cisco's encapsulation with an EtherType."""
    size = 2
    while not walk.number(size - 1, 1) & 1 and size < 4:  # Q.922: the lowest bit ends the address
        size += 1
    if walk.number(size, 1) != 3:  # not an unnumbered information frame: Cisco's
        kind = walk.number(size, 2)
        walk.skip(size + 2)
        ethertype(walk, kind)
        return
    padding = 0 if walk.number(size + 1, 1) else 1
    network = walk.number(size + 1 + padding, 1)
    walk.skip(size + 2 + padding)
    if network == _NLPID_SNAP:
        kind = walk.number(3, 2)
        walk.skip(5)
        ethertype(walk, kind)
    elif network in (_NLPID_IPV4, _NLPID_IPV6):
        ip(walk)
    else:
        raise NoPacketError(Skip.NOT_IP)


def wireless(walk: Walk, aligned: bool = False) -> None:
    """Pass the header of an IEEE 802.11 data frame; `aligned` headers are padded to four bytes."""
    import dpkt

    control, flags = walk.number(0, 1), walk.number(1, 1)
    if control >> 2 & 3 != dpkt.ieee80211.DATA_TYPE or control & 0x40:  # no data in the frame: null functions
        raise NoPacketError(Skip.NOT_IP)
    if flags & 0x40:  # encrypted
        raise NoPacketError(Skip.UNKNOWN_LINK)
    quality = bool(control & 0x80)
    size = 24 + (6 if flags & 3 == 3 else 0) + (2 if quality else 0)
    header = walk.read(dpkt.ieee80211.IEEE80211, size)
    if quality and walk.number(size - 2, 1) & 0x80:  # several frames in one: A-MSDU
        raise NoPacketError(Skip.UNKNOWN_LINK)
    size += 4 if quality and header.order else 0  # HT Control
    walk.skip((size + 3) // 4 * 4 if aligned else size)
    llc(walk)


def radiotap(walk: Walk) -> None:
    """Pass radiotap, whose flags tell whether the 802.11 header is padded."""
    size = walk.number(2, 2, "little")
    present = walk.number(4, 4, "little")
    field, word = 8, present
    while word & _RADIOTAP_EXTENDED and field + 4 <= size:
        word = walk.number(field, 4, "little")
        field += 4
    if present & _RADIOTAP_TSFT:
        field = (field + 7) // 8 * 8 + 8
    aligned = bool(present & _RADIOTAP_FLAGS and field < size and walk.number(field, 1) & _RADIOTAP_PADDED)
    walk.skip(max(size, 8))
    wireless(walk, aligned)


def _monitor(walk: Walk) -> None:
    """Pass the header of Prism (119) or AVS (163), which look alike but for the order of their bytes."""
    if walk.number(0, 4) >> 12 == 0x80211:  # the cookie of AVS
        walk.skip(walk.number(4, 4))
    else:
        walk.skip(walk.number(4, 4, "little"))
    wireless(walk)


def _per_packet_information(walk: Walk) -> None:
    """Pass PPI, which names the link type of what follows."""
    size, link = walk.number(2, 2, "little"), walk.number(4, 4, "little")
    walk.skip(max(size, 8))
    if link not in LINKS:
        raise NoPacketError(Skip.UNKNOWN_LINK)
    LINKS[link](walk)


def _nflog(walk: Walk) -> None:
    """Find the packet among the attributes of NFLOG; their byte order is that of the machine that wrote them."""
    walk.skip(4)
    order = "little" if walk.number(0, 2, "little") <= walk.number(0, 2) else "big"
    size, kind = walk.number(0, 2, order), walk.number(2, 2, order)
    while kind & 0x7FFF != _NFLOG_PAYLOAD:
        if size < 4:
            raise NoPacketError(Skip.NOT_IP)
        walk.need((size + 3) // 4 * 4)
        walk.at += (size + 3) // 4 * 4
        size, kind = walk.number(0, 2, order), walk.number(2, 2, order)
    walk.narrow(size)
    walk.skip(4)
    ip(walk)


def _pflog(walk: Walk) -> None:
    """Pass OpenBSD's pflog header, whose length lacks its padding."""
    walk.skip((walk.number(0, 1) + 3) // 4 * 4)
    ip(walk)


def _erf(walk: Walk) -> None:
    """Pass a record header of ERF, with its extension headers, for the types that hold Ethernet."""
    kind = walk.number(8, 1)
    walk.skip(16)
    more = kind & 0x80
    while more:
        more = walk.number(0, 1) & 0x80
        walk.skip(8)
    if kind & 0x7F not in _ERF_ETHERNET:
        raise NoPacketError(Skip.UNKNOWN_LINK)
    walk.skip(2)
    ethernet(walk)


def _token_ring(walk: Walk) -> None:
    """Pass Token Ring, with source routing where the source address says so (IEEE 802.5)."""
    route = walk.number(14, 1) & 0x1F if walk.number(8, 1) & 0x80 else 0
    walk.skip(14 + route)
    llc(walk)


def _after(count: int, step: Callable[[Walk], None]) -> Callable[[Walk], None]:
    """Return a step that passes `count` bytes first."""

    def skip_and_go(walk: Walk) -> None:
        walk.skip(count)
        step(walk)

    return skip_and_go


def _cooked(type_at: int, size: int) -> Callable[[Walk], None]:
    """Return the step for Linux cooked captures; protocols below 5 are Linux's own numbers, not lengths."""

    def pass_header(walk: Walk) -> None:
        kind = walk.number(type_at, 2)
        walk.skip(size)
        if kind == 1:  # ETH_P_802_3: an Ethernet frame without its type
            raise NoPacketError(Skip.NOT_IP)
        (llc if kind == 4 else lambda inner: ethertype(inner, kind))(walk)  # ETH_P_802_2

    return pass_header


_ETHERTYPES: dict[int, Callable[[Walk], None]] = {
    **dict.fromkeys(_MPLS, mpls),
    _PPPOE_SESSION: pppoe,
    _BRIDGED: ethernet,
    _BACKBONE: _after(4, ethernet),
    _CISCO_METADATA: lambda walk: _metadata(walk),
    _PPP_OF_GRE: ppp,
}


def _metadata(walk: Walk) -> None:
    """Pass Cisco's metadata: version, a count of 4-byte words, options, the EtherType of what follows."""
    kind = walk.number(6, 2)
    walk.skip(8)
    ethertype(walk, kind)


LINKS: dict[int, Callable[[Walk], None]] = {
    1: ethernet,
    6: _token_ring,
    9: ppp,
    10: _after(13, llc),  # FDDI: frame control and two addresses
    50: _ppp_or_cisco,
    51: pppoe,
    100: llc,  # RFC 2684 over ATM
    104: cisco_hdlc,
    105: wireless,
    106: llc,
    107: frame_relay,
    113: _cooked(14, 16),
    117: _pflog,
    119: _monitor,
    127: radiotap,
    163: _monitor,
    192: _per_packet_information,
    197: _erf,
    204: _after(1, ppp),
    205: _after(1, cisco_hdlc),
    206: _after(1, frame_relay),
    239: _nflog,
    276: _cooked(0, 20),
    **dict.fromkeys((0, 108), _after(4, ip)),
    **dict.fromkeys((12, 14, 101, 228, 229), ip),
}
