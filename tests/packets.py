"""Builds packets for the tests from the inside out: `ethernet(ipv4(tcp(payload=b"data")))`.

Checksums are 0: nothing in tcpscope reads them. A length that is not given is the true one.
"""

import ipaddress
import struct

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
IPV4, IPV6 = 0x0800, 0x86DD
CLIENT, SERVER = "192.0.2.1", "198.51.100.2"  # RFC 5737
CLIENT6, SERVER6 = "2001:db8::1", "2001:db8::2"  # RFC 3849
MACS = bytes.fromhex("02005e00000202005e000001")
ACK = 0x010
MORE, DONT = 1, 2  # bits of IPv4's flags field


def tcp(
    sport: int = 40000,
    dport: int = 80,
    seq: int = 1000,
    ack: int = 2000,
    flags: int = ACK,
    window: int = 500,
    options: bytes = b"",
    payload: bytes = b"",
    header: int | None = None,
) -> bytes:
    """Return a TCP segment; `header` replaces the true length of the header, in bytes."""
    size = 20 + len(options) if header is None else header
    field = size // 4 << 12 | flags
    return struct.pack("!HHIIHHHH", sport, dport, seq, ack, field, window, 0, 0) + options + payload


def udp(payload: bytes, sport: int = 40000, dport: int = 53, length: int | None = None) -> bytes:
    """Return a UDP datagram."""
    return struct.pack("!HHHH", sport, dport, 8 + len(payload) if length is None else length, 0) + payload


def ipv4(
    payload: bytes,
    protocol: int = TCP,
    src: str = CLIENT,
    dst: str = SERVER,
    options: bytes = b"",
    length: int | None = None,
    header: int | None = None,
    ident: int = 7,
    flags: int = DONT,
    offset: int = 0,
    ttl: int = 64,
    ecn: int = 0,
) -> bytes:
    """Return an IPv4 packet; `header` replaces the header's length and `offset` is a fragment's, both in bytes."""
    size = 20 + len(options) if header is None else header
    total = 20 + len(options) + len(payload) if length is None else length
    place = flags << 13 | offset // 8
    fixed = struct.pack("!BBHHHBBH", 0x40 | size // 4, ecn, total, ident, place, ttl, protocol, 0)
    return fixed + ipaddress.IPv4Address(src).packed + ipaddress.IPv4Address(dst).packed + options + payload


def ipv6(
    payload: bytes,
    protocol: int = TCP,
    src: str = CLIENT6,
    dst: str = SERVER6,
    length: int | None = None,
    ttl: int = 64,
    ecn: int = 0,
) -> bytes:
    """Return an IPv6 packet; `protocol` is the next header."""
    fixed = struct.pack("!IHBB", 6 << 28 | ecn << 20, len(payload) if length is None else length, protocol, ttl)
    return fixed + ipaddress.IPv6Address(src).packed + ipaddress.IPv6Address(dst).packed + payload


def extension(following: int, units: int = 0) -> bytes:
    """Return an IPv6 extension header of 8 * (`units` + 1) bytes."""
    return bytes([following, units]) + bytes(6 + 8 * units)


def fragment_header(following: int, offset: int, more: bool, ident: int = 99) -> bytes:
    """Return IPv6's fragment header; `offset` in bytes."""
    return struct.pack("!BBHI", following, 0, offset | more, ident)


def authentication_header(following: int, icv_bytes: int = 12) -> bytes:
    """Return an authentication header (RFC 4302 2)."""
    return struct.pack("!BBHII", following, (12 + icv_bytes) // 4 - 2, 0, 1, 1) + bytes(icv_bytes)


def ethernet(payload: bytes, ethertype: int = IPV4) -> bytes:
    """Return an Ethernet frame."""
    return MACS + struct.pack("!H", ethertype) + payload


def tagged(payload: bytes, *tags: tuple[int, int], ethertype: int = IPV4) -> bytes:
    """Return an Ethernet frame with tags of (EtherType, VLAN id), outermost first."""
    inner = [kind for kind, _ in tags[1:]] + [ethertype]
    listed = [struct.pack("!HH", vlan | 0x6000, kind) for (_, vlan), kind in zip(tags, inner, strict=True)]
    return ethernet(b"".join(listed) + payload, tags[0][0])
