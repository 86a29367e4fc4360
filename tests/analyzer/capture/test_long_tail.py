"""The long tail: every encapsulation leads to the IP packet in it, or to the reason why there is none."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.capture.ledger import Skip
from analyzer.capture.links import LINKS
from analyzer.capture.long_tail import Layer, find_ip
from analyzer.capture.walk import MAX_DEPTH
from tests.packets import (
    CLIENT6,
    IPV4,
    IPV6,
    MACS,
    MORE,
    TCP,
    UDP,
    authentication_header,
    ethernet,
    extension,
    fragment_header,
    ipv4,
    ipv6,
    tagged,
    tcp,
    udp,
)

ETHERNET, PPP, FDDI, PPP_HDLC, PPPOE, RAW, CISCO_HDLC, WIRELESS = 1, 9, 10, 50, 51, 101, 104, 105
FRAME_RELAY, PFLOG, PRISM, RADIOTAP, AVS, PPI, ERF, NFLOG, SLL, SLL2 = 107, 117, 119, 127, 163, 192, 197, 239, 113, 276
GRE, IN_IPV4, IN_IPV6, AH, IPCOMP = 47, 4, 41, 51, 108
PACKET, PACKET6 = ipv4(tcp(payload=b"inner")), ipv6(tcp(payload=b"inner"))
BRIDGED = ethernet(PACKET)
ROUTED = b"\x10\x40" + MACS[:6] + b"\x82" + MACS[7:] + b"\x06\x30" + bytes(4)  # six bytes of source routing
SUBHEADER = bytes(11) + b"\x01" + bytes(8)
SNAP = b"\xaa\xaa\x03\x00\x00\x00"


def type_of(packet: bytes) -> bytes:
    """Return the EtherType of an IP packet."""
    return struct.pack("!H", IPV4 if packet[0] >> 4 == 4 else IPV6)


def label(number: int, bottom: bool) -> bytes:
    """Return an MPLS label stack entry."""
    return struct.pack("!I", number << 12 | bottom << 8 | 64)


def pppoe(protocol: bytes, packet: bytes, code: int = 0) -> bytes:
    """Return a PPPoE header with PPP behind it."""
    return struct.pack("!BBHH", 0x11, code, 9, len(protocol) + len(packet)) + protocol + packet


def wireless(packet: bytes, control: int = 0x08, flags: int = 1, between: bytes = b"") -> bytes:
    """Return an IEEE 802.11 frame; `between` is what stands between its addresses and LLC."""
    return bytes([control, flags]) + bytes(22) + between + SNAP + type_of(packet) + packet


def radiotap(frame: bytes, *fields: bytes, present: int = 0) -> bytes:
    """Return radiotap with the fields that `present` names."""
    listed = b"".join(fields)
    return struct.pack("<BBHI", 0, 0, 8 + len(listed), present) + listed + frame


def attribute(kind: int, value: bytes, order: str = "<") -> bytes:
    """Return an attribute of NFLOG, padded."""
    return struct.pack(order + "HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def vxlan(vni: int, frame: bytes = BRIDGED, flags: int = 8) -> bytes:
    """Return VXLAN in UDP in IP."""
    return ipv4(udp(struct.pack("!II", flags << 24, vni << 8) + frame, dport=4789), UDP)


def geneve(vni: int, kind: int = 0x6558, content: bytes = BRIDGED, options: bytes = b"", first: int = 0) -> bytes:
    """Return GENEVE in UDP in IP."""
    header = struct.pack("!BBHI", first | len(options) // 4, 0, kind, vni << 8)
    return ipv4(udp(header + options + content, dport=6081), UDP)


def gtp(content: bytes, flags: int = 0x30, kind: int = 255, more: bytes = b"") -> bytes:
    """Return GTP-U in UDP in IP; `more` is what the flags announce."""
    header = struct.pack("!BBHI", flags, kind, len(more) + len(content), 1234)
    return ipv4(udp(header + more + content, dport=2152, sport=2152), UDP)


def gre(content: bytes, kind: int = IPV4, flags: int = 0, fields: bytes = b"") -> bytes:
    """Return GRE in IP."""
    return ipv4(struct.pack("!HH", flags, kind) + fields + content, GRE)


def teredo(before: bytes = b"") -> bytes:
    """Return IPv6 in UDP in IPv4 as Teredo has it."""
    return ipv4(udp(before + PACKET6, sport=3544, dport=51413), UDP)


def deflated(content: bytes) -> bytes:
    """Return raw DEFLATE."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def ipcomp(content: bytes, following: int) -> bytes:
    """Return IPComp with DEFLATE (RFC 3173 3.1)."""
    return struct.pack("!BBH", following, 0, 2) + deflated(content)


FRAMES = {
    "MPLS": (ETHERNET, ethernet(label(16, True) + PACKET, 0x8847)),
    "MPLS, two labels, multicast": (ETHERNET, ethernet(label(16, False) + label(17, True) + PACKET6, 0x8848)),
    "MPLS, pseudowire": (ETHERNET, ethernet(label(16, True) + BRIDGED, 0x8847)),
    "MPLS, pseudowire with control word": (ETHERNET, ethernet(label(16, True) + bytes(4) + BRIDGED, 0x8847)),
    "MPLS in VLAN": (ETHERNET, tagged(label(16, True) + PACKET, (0x8100, 5), ethertype=0x8847)),
    "PPPoE": (ETHERNET, ethernet(pppoe(b"\x00\x21", PACKET), 0x8864)),
    "PPPoE, IPv6": (ETHERNET, ethernet(pppoe(b"\x00\x57", PACKET6), 0x8864)),
    "PPPoE, compressed protocol": (ETHERNET, ethernet(pppoe(b"\x21", PACKET), 0x8864)),
    "PPPoE in QinQ": (ETHERNET, tagged(pppoe(b"\x00\x21", PACKET), (0x88A8, 5), (0x8100, 6), ethertype=0x8864)),
    "PPPoE, bare": (PPPOE, pppoe(b"\x00\x21", PACKET)),
    "PPP": (PPP, b"\xff\x03\x00\x21" + PACKET),
    "PPP, compressed": (PPP, b"\x21" + PACKET),
    "PPP, IPv6 without address": (PPP, b"\x00\x57" + PACKET6),
    "PPP, MPLS": (PPP, b"\xff\x03\x02\x81" + label(16, True) + PACKET),
    "PPP, direction before": (204, b"\x01\xff\x03\x00\x21" + PACKET),
    "PPP in HDLC": (PPP_HDLC, b"\xff\x03\x00\x21" + PACKET),
    "PPP in HDLC, Cisco's": (PPP_HDLC, b"\x0f\x00\x08\x00" + PACKET),
    "Cisco HDLC": (CISCO_HDLC, b"\x8f\x00\x86\xdd" + PACKET6),
    "Cisco HDLC, direction before": (205, b"\x00\x0f\x00\x08\x00" + PACKET),
    "Frame Relay": (FRAME_RELAY, b"\x18\x41\x03\xcc" + PACKET),
    "Frame Relay, IPv6, direction before": (206, b"\x00\x18\x41\x03\x8e" + PACKET6),
    "Frame Relay, SNAP": (FRAME_RELAY, b"\x18\x41\x03\x00\x80\x00\x00\x00\x08\x00" + PACKET),
    "Frame Relay, Cisco's": (FRAME_RELAY, b"\x18\x41\x08\x00" + PACKET),
    "Frame Relay, address of four": (FRAME_RELAY, b"\x18\x40\x00\x41\x03\xcc" + PACKET),
    "SNAP": (ETHERNET, ethernet(SNAP + b"\x08\x00" + PACKET, 8 + len(PACKET))),
    "SNAP, bridged": (100, b"\xaa\xaa\x03\x00\x80\xc2\x00\x07\x00\x00" + BRIDGED),
    "LLC, IP": (ETHERNET, ethernet(b"\x06\x06\x03" + PACKET, 3 + len(PACKET))),
    "FDDI": (FDDI, b"\x50" + MACS + SNAP + b"\x08\x00" + PACKET),
    "Token Ring": (6, b"\x10\x40" + MACS + SNAP + b"\x08\x00" + PACKET),
    "Token Ring, routed": (6, ROUTED + SNAP + b"\x08\x00" + PACKET),
    "802.1ah": (ETHERNET, tagged(bytes(4) + BRIDGED, (0x88A8, 5), ethertype=0x88E7)),
    "TrustSec": (ETHERNET, ethernet(b"\x01\x01\x00\x01\x00\x0a\x08\x00" + PACKET, 0x8909)),
    "802.11": (WIRELESS, wireless(PACKET)),
    "802.11, IPv6 from the access point": (WIRELESS, wireless(PACKET6, flags=2)),
    "802.11, ad hoc": (WIRELESS, wireless(PACKET, flags=0)),
    "802.11, four addresses": (WIRELESS, wireless(PACKET, flags=3, between=bytes(6))),
    "802.11, QoS": (WIRELESS, wireless(PACKET, 0x88, between=bytes(2))),
    "802.11, QoS and HT control": (WIRELESS, wireless(PACKET, 0x88, 0x81, between=bytes(6))),
    "802.11, QoS, four addresses": (WIRELESS, wireless(PACKET, 0x88, 3, between=bytes(8))),
    "radiotap": (RADIOTAP, radiotap(wireless(PACKET))),
    "radiotap, padded header": (RADIOTAP, radiotap(wireless(PACKET, 0x88, between=bytes(4)), b"\x20", present=2)),
    "radiotap, time and flags": (
        RADIOTAP,
        radiotap(wireless(PACKET, 0x88, between=bytes(4)), bytes(8), b"\x20\x00", present=3),
    ),
    "radiotap, more present words": (
        RADIOTAP,
        radiotap(wireless(PACKET, 0x88, between=bytes(4)), bytes(4), b"\x20", present=1 << 31 | 2),
    ),
    "Prism": (PRISM, struct.pack("<II", 0x44, 144) + bytes(136) + wireless(PACKET)),
    "AVS": (AVS, struct.pack("!II", 0x80211001, 64) + bytes(56) + wireless(PACKET)),
    "Prism link with AVS in it": (PRISM, struct.pack("!II", 0x80211001, 64) + bytes(56) + wireless(PACKET)),
    "PPI": (PPI, struct.pack("<BBHI", 0, 0, 12, WIRELESS) + bytes(4) + wireless(PACKET)),
    "pflog": (PFLOG, bytes([61, 2]) + bytes(62) + PACKET),
    "NFLOG": (NFLOG, b"\x02\x00\x00\x00" + attribute(1, b"abc") + attribute(9, PACKET)[:-3]),
    "NFLOG, big-endian": (NFLOG, b"\x0a\x00\x00\x00" + attribute(10, b"\0", ">") + attribute(9, PACKET6, ">")[:-3]),
    "ERF": (ERF, bytes(8) + b"\x02" + bytes(7) + bytes(2) + BRIDGED),
    "ERF, extension headers": (ERF, bytes(8) + b"\x82" + bytes(7) + b"\x80" + bytes(15) + bytes(2) + BRIDGED),
    "cooked MPLS": (SLL, bytes(14) + b"\x88\x47" + label(16, True) + PACKET),
    "cooked LLC": (SLL, bytes(14) + b"\x00\x04" + SNAP + b"\x08\x00" + PACKET),
    "cooked 2 PPPoE": (SLL2, b"\x88\x64" + bytes(18) + pppoe(b"\x00\x21", PACKET)),
    "IPv4 in IPv4": (RAW, ipv4(PACKET, IN_IPV4)),
    "IPv6 in IPv4": (ETHERNET, ethernet(ipv4(PACKET6, IN_IPV6))),
    "IPv4 in IPv6": (RAW, ipv6(PACKET, IN_IPV4)),
    "IPv6 in IPv6 behind extension headers": (RAW, ipv6(extension(60) + extension(IN_IPV6, 1) + PACKET6, 0)),
    "IPv4 in an atomic fragment": (RAW, ipv6(fragment_header(IN_IPV4, 0, more=False) + PACKET, 44)),
    "IPv4 behind options": (RAW, ipv4(PACKET, IN_IPV4, options=bytes(12))),
    "IPv4 in AH": (RAW, ipv4(authentication_header(IN_IPV4) + PACKET, AH)),
    "IPv6 in AH": (RAW, ipv6(authentication_header(IN_IPV6) + PACKET6, AH)),
    "GRE": (RAW, gre(PACKET)),
    "GRE, IPv6": (RAW, gre(PACKET6, IPV6)),
    "GRE, checksum, key and sequence": (RAW, gre(PACKET, flags=0xB000, fields=bytes(12))),
    "GRE, bridged": (RAW, gre(BRIDGED, 0x6558)),
    "GRE, MPLS": (RAW, gre(label(16, True) + PACKET, 0x8847)),
    "GRE, PPTP": (RAW, gre(b"\xff\x03\x00\x21" + PACKET, 0x880B, 0x3081, struct.pack("!HHII", 9, 7, 1, 2))),
    "GRE, PPTP without acknowledgment": (RAW, gre(b"\x21" + PACKET, 0x880B, 0x3001, struct.pack("!HHI", 9, 7, 1))),
    "GRE, ERSPAN I": (RAW, gre(BRIDGED, 0x88BE)),
    "GRE, ERSPAN II": (RAW, gre(bytes(8) + BRIDGED, 0x88BE, 0x1000, bytes(4))),
    "GRE, ERSPAN III": (RAW, gre(bytes(12) + BRIDGED, 0x22EB, 0x1000, bytes(4))),
    "GRE, ERSPAN III with its subheader": (RAW, gre(SUBHEADER + BRIDGED, 0x22EB, 0x1000, bytes(4))),
    "GRE, WCCP": (RAW, gre(PACKET, 0x883E)),
    "GRE, WCCP 2": (RAW, gre(bytes(4) + PACKET, 0x883E)),
    "VXLAN": (ETHERNET, ethernet(vxlan(5))),
    "GENEVE": (RAW, geneve(5)),
    "GENEVE, IP and options": (RAW, geneve(5, IPV6, PACKET6, bytes(8))),
    "GTP-U": (RAW, gtp(PACKET)),
    "GTP-U, sequence number": (RAW, gtp(PACKET6, 0x32, more=bytes(4))),
    "GTP-U, extension header": (RAW, gtp(PACKET, 0x34, more=b"\0\0\0\x85" + b"\x01\x10\x00\x00")),
    "Teredo": (RAW, teredo()),
    "Teredo, origin": (RAW, teredo(bytes(8))),
    "Teredo, authentication and origin": (RAW, teredo(b"\x00\x01\x02\x01" + bytes(12) + bytes(8))),
    "VXLAN in GRE in IPv6": (RAW, ipv6(struct.pack("!HH", 0, IPV4) + vxlan(5), GRE)),
}
EVERY_FRAME = pytest.mark.parametrize(("link", "frame"), FRAMES.values(), ids=FRAMES.keys())
TRAILER = bytes(6)


def found(link: int, frame: bytes, wire: int | None = None) -> Layer:
    """Return the layer, which must be there."""
    layer = find_ip(link, frame, len(frame) if wire is None else wire)
    assert isinstance(layer, Layer)
    return layer


def inside(packet: bytes) -> bytes:
    """Return the packet that a raw IP packet carries."""
    layer = found(RAW, packet)
    return layer.data[layer.start : layer.end]


@EVERY_FRAME
def test_the_packet_is_found(link: int, frame: bytes) -> None:
    layer = found(link, frame)
    assert layer.data[layer.start : layer.end] in (PACKET, PACKET6)
    assert layer.limit == layer.end == len(frame)


@EVERY_FRAME
def test_a_cut_frame_gives_the_packet_with_its_length_on_the_wire(link: int, frame: bytes) -> None:
    start = found(link, frame).start
    for captured in range(len(frame)):
        layer = find_ip(link, frame[:captured], len(frame))
        if captured > start + 60:
            assert isinstance(layer, Layer)
        if isinstance(layer, Layer) and layer.start == start:
            assert (layer.end, layer.limit) == (captured, len(frame))
        else:
            assert layer != Skip.UNKNOWN_LINK


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (ETHERNET, ethernet(pppoe(b"\x00\x21", PACKET) + TRAILER, 0x8864)),
        (ETHERNET, ethernet(SNAP + b"\x08\x00" + PACKET + TRAILER, 8 + len(PACKET))),
        (ETHERNET, ethernet(ipv4(PACKET, IN_IPV4) + TRAILER)),
        (RAW, ipv6(PACKET, IN_IPV4) + TRAILER),
        (RAW, vxlan(5) + TRAILER),
        (NFLOG, b"\x02\x00\x00\x00" + attribute(9, PACKET) + attribute(1, b"")),
    ],
)
def test_what_follows_the_packet_is_not_its(link: int, frame: bytes) -> None:
    layer = found(link, frame)
    assert layer.data[layer.start : layer.end] == PACKET
    assert layer.limit == layer.end


@pytest.mark.parametrize(
    ("packet", "domain"),
    [
        (vxlan(0xABCDEF), 0xABCDEF),
        (geneve(0xABCDEF), 0xABCDEF),
        (gre(BRIDGED, 0x6558, 0x2000, struct.pack("!I", 0x12345678)), 0x123456),  # RFC 7637 (3.2): 24 bits of the key
        (gre(vxlan(9)), 9),
        (vxlan(3, ethernet(vxlan(9))), 9),
        (vxlan(3, ethernet(gre(PACKET))), 3),
        (gre(PACKET, flags=0x2000, fields=b"\0\0\0\x07"), 0),
        (gtp(PACKET), 0),
        (ipv4(PACKET, IN_IPV4), 0),
    ],
)
def test_the_domain_is_the_id_of_the_innermost_tunnel_that_separates_tenants(packet: bytes, domain: int) -> None:
    assert found(RAW, packet).domain == domain


def test_packets_of_ipcomp_are_inflated() -> None:
    assert inside(ipv4(ipcomp(PACKET, IN_IPV4), IPCOMP)) == PACKET
    assert inside(ipv4(authentication_header(IPCOMP) + ipcomp(PACKET6, IN_IPV6), AH)) == PACKET6


def test_segments_of_ipcomp_get_the_header_before_them() -> None:
    segment = tcp(payload=bytes(1000))
    assert inside(ipv4(ipcomp(segment, TCP), IPCOMP, options=bytes(4))) == ipv4(segment)
    assert inside(ipv6(ipcomp(segment, TCP), IPCOMP)) == ipv6(segment)


def test_ipcomp_that_cannot_be_inflated_has_its_reason() -> None:
    whole = ipv4(ipcomp(PACKET, IN_IPV4), IPCOMP)
    assert find_ip(RAW, whole[:-8], len(whole)) == Skip.CUT_BY_SNAP_LENGTH
    assert find_ip(RAW, ipv4(b"\x04\x00\x00\x02" + b"\xff" * 30, IPCOMP), 54) == Skip.UNKNOWN_LINK
    assert find_ip(RAW, ipv4(b"\x04\x00\x00\x03" + bytes(30), IPCOMP), 54) == Skip.UNKNOWN_LINK  # LZS


def test_ipcomp_that_inflates_without_end_is_given_up() -> None:
    bomb = ipv4(ipcomp(bytes(1 << 20), IN_IPV4), IPCOMP)
    assert find_ip(RAW, bomb, len(bomb)) == Skip.CUT_BY_SNAP_LENGTH


@pytest.mark.parametrize(
    ("link", "frame", "expected"),
    [
        (147, PACKET, Skip.UNKNOWN_LINK),  # reserved for private use
        (ETHERNET, ethernet(bytes(46), 0x0806), Skip.NOT_IP),
        (ETHERNET, ethernet(b"\x42\x42\x03" + bytes(35), 38), Skip.NOT_IP),  # spanning tree
        (ETHERNET, ethernet(b"\xaa\xab\x03" + bytes(35), 38), Skip.NOT_IP),
        (ETHERNET, ethernet(pppoe(b"\xc0\x21", bytes(10)), 0x8864), Skip.NOT_IP),  # LCP
        (ETHERNET, ethernet(pppoe(b"\x00\x21", PACKET, code=0xA7), 0x8864), Skip.NOT_IP),  # the session's end
        (ETHERNET, ethernet(pppoe(b"\x00\x21", b"\x75" + bytes(20)), 0x8864), Skip.NOT_IP),
        (ETHERNET, ethernet(label(16, True) + ethernet(bytes(46), 0x0806), 0x8847), Skip.NOT_IP),
        (FRAME_RELAY, b"\x18\x41\x03\xb1" + bytes(20), Skip.NOT_IP),
        (WIRELESS, wireless(PACKET, 0x80), Skip.NOT_IP),  # a beacon
        (WIRELESS, wireless(PACKET, 0x48), Skip.NOT_IP),  # a null function
        (WIRELESS, wireless(PACKET, flags=0x41), Skip.UNKNOWN_LINK),  # encrypted
        (WIRELESS, wireless(PACKET, 0x88, between=b"\x80\x00"), Skip.UNKNOWN_LINK),  # A-MSDU
        (PPI, struct.pack("<BBHI", 0, 0, 8, 147) + PACKET, Skip.UNKNOWN_LINK),
        (PFLOG, bytes([4, 2]) + bytes(60), Skip.NOT_IP),
        (NFLOG, b"\x02\x00\x00\x00" + struct.pack("<HH", 0, 1) + bytes(8), Skip.NOT_IP),
        (ERF, bytes(8) + b"\x01" + bytes(60), Skip.UNKNOWN_LINK),
        (SLL, bytes(14) + b"\x00\x01" + bytes(40), Skip.NOT_IP),
        (RAW, gre(PACKET, flags=0x4000, fields=bytes(8)), Skip.UNKNOWN_LINK),
        (RAW, gre(bytes(20), 0x0806), Skip.NOT_IP),
        (RAW, ipv4(bytes(20), IN_IPV4), Skip.NOT_IP),
        (RAW, vxlan(5, flags=0), Skip.UDP),
        (RAW, vxlan(5, ethernet(bytes(46), 0x0806)), Skip.UDP),
        (RAW, geneve(5, first=0x40), Skip.UDP),
        (RAW, gtp(PACKET, kind=1), Skip.UDP),
        (RAW, gtp(PACKET, 0x50), Skip.UDP),
        (RAW, gtp(PACKET, 0x34, more=b"\0\0\0\x85" + bytes(4)), Skip.UDP),  # an extension header of no length
        (RAW, ipv4(udp(b"\x45" + bytes(30), dport=3544), UDP), Skip.UDP),
    ],
)
def test_what_carries_no_packet_has_its_reason(link: int, frame: bytes, expected: Skip) -> None:
    assert find_ip(link, frame, len(frame)) == expected


@pytest.mark.parametrize(
    "packet",
    [
        PACKET,
        ipv4(PACKET[:24], IN_IPV4, flags=MORE),
        ipv6(fragment_header(IN_IPV4, 0, more=True) + PACKET[:24], 44),
        ipv4(udp(PACKET, dport=53), UDP),
        ipv4(authentication_header(TCP) + tcp(), AH),
        ipv4(PACKET, IN_IPV4, header=16),
    ],
)
def test_what_is_no_tunnel_is_left_to_the_fast_decoder(packet: bytes) -> None:
    assert found(RAW, packet) == Layer(packet, 0, len(packet), len(packet), 0)


def test_tunnels_within_tunnels_are_followed_to_a_depth_and_no_deeper() -> None:
    packet = PACKET
    for _ in range(MAX_DEPTH - 1):
        packet = ipv4(packet, IN_IPV4)
    assert inside(packet) == PACKET
    packet = ipv4(ipv4(packet, IN_IPV4), IN_IPV4)
    assert find_ip(RAW, packet, len(packet)) == Skip.UNKNOWN_LINK


def test_a_link_type_within_itself_ends() -> None:
    frame = struct.pack("<BBHI", 0, 0, 8, PPI) * 1000
    assert find_ip(PPI, frame, len(frame)) == Skip.UNKNOWN_LINK


@given(st.sampled_from(sorted(LINKS)), st.binary(max_size=200), st.integers(0, 2000))
def test_any_bytes_give_a_layer_within_bounds_or_a_reason(link: int, frame: bytes, more: int) -> None:
    layer = find_ip(link, frame, len(frame) + more)
    if isinstance(layer, Layer):
        assert 0 <= layer.start <= layer.end <= len(layer.data)


@given(st.sampled_from(sorted(FRAMES)), st.integers(0, 400), st.integers(0, 255), st.integers(0, 60))
def test_a_changed_byte_raises_nothing(name: str, at: int, value: int, cut: int) -> None:
    link, frame = FRAMES[name]
    changed = bytearray(frame)
    changed[at % len(frame)] = value
    layer = find_ip(link, bytes(changed[: len(frame) - cut]), len(frame))
    assert isinstance(layer, (Layer, Skip))


def test_addresses_of_the_inner_packet_are_the_inner_ones() -> None:
    packet = inside(ipv4(ipv6(tcp(), src=CLIENT6), IN_IPV6, src="203.0.113.9"))
    assert packet[8:24].hex().startswith("20010db8")
