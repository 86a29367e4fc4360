"""The second look: what the fast decoder gave back becomes a segment, or gets its final reason."""

import struct

import pytest

from analyzer.capture.ledger import Skip
from analyzer.capture.second_look import MAX_ROUNDS
from reconstruct.segment import TUNNEL_SHIFT
from tests.analyzer.capture.decoding import Both, both
from tests.packets import (
    ICMP,
    IPV6,
    MORE,
    TCP,
    UDP,
    authentication_header,
    ethernet,
    fragment_header,
    ipv4,
    ipv6,
    tagged,
    tcp,
    udp,
)

RAW, PPP = 101, 9
GRE, IN_IPV4, AH = 47, 4, 51
SEGMENT = tcp(payload=bytes(100))  # 120 bytes
PACKET = ipv4(SEGMENT)


def vxlan(vni: int, frame: bytes) -> bytes:
    """Return VXLAN in UDP in IP."""
    return ipv4(udp(struct.pack("!II", 8 << 24, vni << 8) + frame, dport=4789), UDP)


def halves(content: bytes, protocol: int = TCP, size: int = 64) -> list[bytes]:
    """Return an IPv4 packet in two fragments."""
    return [
        ipv4(content[:size], protocol, flags=MORE),
        ipv4(content[size:], protocol, flags=0, offset=size),
    ]


def test_a_segment_in_a_tunnel_is_a_segment_with_the_inner_addresses() -> None:
    skip, segment = both(ethernet(ipv4(ipv6(SEGMENT), 41)))
    assert skip == Skip.NONE
    assert (segment.ip_version, segment.src_hi, segment.src_lo) == (6, 0x20010DB8 << 32, 1)
    assert (segment.payload_len, segment.captured_len) == (100, 100)


def test_a_snapped_segment_in_a_tunnel_counts_in_full() -> None:
    frame = ethernet(ipv4(PACKET, IN_IPV4))
    skip, segment = both(frame[: 14 + 20 + 20 + 20 + 10], wire=len(frame))
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 100, 10)


def test_a_length_of_0_in_a_tunnel_is_told_by_the_frame() -> None:
    # wire 1014: 14 of Ethernet, 4 of MPLS, 40 of headers, so 956 bytes of payload
    frame = ethernet(b"\x00\x01\x01\x40" + ipv4(tcp(payload=bytes(30)), length=0), 0x8847)
    skip, segment = both(frame, wire=1014)
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 956, 30)


def test_the_id_of_a_tunnel_stands_above_the_vlan_ids_and_is_in_no_key() -> None:
    inner = ethernet(PACKET)
    assert both(ethernet(vxlan(0xFFFFFF, inner)))[1].vlan == 0xFFFFFF << TUNNEL_SHIFT
    tags = tagged(vxlan(7, inner), (0x88A8, 5), (0x8100, 6))
    skip, segment = both(tags)
    assert (skip, segment.vlan, segment.domain) == (Skip.NONE, 7 << TUNNEL_SHIFT | 5 << 12 | 6, 0)


def test_the_vlan_outside_a_tunnel_without_an_id_is_kept() -> None:
    assert both(tagged(ipv4(PACKET, IN_IPV4), (0x8100, 6)))[1].vlan == 6


def test_fragments_become_a_segment_at_the_last_of_them() -> None:
    decoders, (first, second) = Both(), halves(SEGMENT)
    assert decoders.decode(ethernet(first))[0] == Skip.FRAGMENT
    skip, segment = decoders.decode(ethernet(second))
    assert (skip, segment.sport, segment.payload_len, segment.captured_len) == (Skip.NONE, 40000, 100, 100)


def test_fragments_of_ipv6_become_a_segment() -> None:
    decoders = Both()
    first = ipv6(fragment_header(TCP, 0, more=True) + SEGMENT[:64], 44)
    second = ipv6(fragment_header(TCP, 64, more=False) + SEGMENT[64:], 44)
    assert decoders.decode(ethernet(second, IPV6))[0] == Skip.FRAGMENT
    skip, segment = decoders.decode(ethernet(first, IPV6))
    assert (skip, segment.ip_version, segment.payload_len) == (Skip.NONE, 6, 100)


def test_snapped_fragments_count_in_full() -> None:
    decoders, (first, second) = Both(), [ethernet(half) for half in halves(SEGMENT)]
    decoders.decode(first[:64], wire=len(first))
    skip, segment = decoders.decode(second[:40], wire=len(second))
    # of the first 64 bytes of the segment 64 - 14 - 20 were captured: its header and 10 bytes
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 100, 10)


def test_padding_behind_a_fragment_is_no_part_of_it() -> None:
    decoders, (first, second) = Both(), halves(tcp(payload=bytes(50)))
    decoders.decode(ethernet(first))
    skip, segment = decoders.decode(ethernet(second) + bytes(20))
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 50, 50)


def test_fragments_in_a_tunnel_become_a_segment() -> None:
    decoders, (first, second) = Both(), halves(SEGMENT)
    assert decoders.decode(ethernet(ipv4(first, IN_IPV4)))[0] == Skip.FRAGMENT
    assert decoders.decode(ethernet(ipv4(second, IN_IPV4)))[0] == Skip.NONE


def test_a_tunnel_in_fragments_becomes_a_segment() -> None:
    decoders, (first, second) = Both(), halves(b"\x00\x00\x08\x00" + PACKET, GRE)
    assert decoders.decode(ethernet(first))[0] == Skip.FRAGMENT
    skip, segment = decoders.decode(ethernet(second))
    assert (skip, segment.payload_len) == (Skip.NONE, 100)


def test_fragments_of_two_virtual_networks_are_not_mixed() -> None:
    decoders, (first, second) = Both(), [ethernet(half) for half in halves(SEGMENT)]
    assert decoders.decode(ethernet(vxlan(1, first)))[0] == Skip.FRAGMENT
    assert decoders.decode(ethernet(vxlan(2, second)))[0] == Skip.FRAGMENT
    assert decoders.decode(ethernet(vxlan(1, second)))[0] == Skip.NONE


def test_the_time_of_the_packets_decides_on_fragments() -> None:
    decoders, (first, second) = Both(), [ethernet(half) for half in halves(SEGMENT)]
    decoders.decode(first, time_ns=0)
    assert decoders.decode(second, time_ns=31_000_000_000)[0] == Skip.FRAGMENT


@pytest.mark.parametrize(
    ("link", "frame", "expected"),
    [
        (147, PACKET, Skip.UNKNOWN_LINK),
        (PPP, b"\xff\x03\xc0\x21" + bytes(20), Skip.NOT_IP),
        (PPP, b"\xff\x03\x00\x21" + ipv4(bytes(8), ICMP), Skip.ICMP),
        (RAW, ipv4(ipv4(udp(b""), UDP), IN_IPV4), Skip.UDP),
        (RAW, ipv4(udp(bytes(20), dport=4789), UDP), Skip.UDP),
        (RAW, ipv4(ipv4(bytes(20), 132), IN_IPV4), Skip.OTHER_PROTOCOL),
        (RAW, ipv4(ipv4(tcp(header=8)), IN_IPV4), Skip.MALFORMED_TCP),
        (RAW, ipv4(PACKET[:10], IN_IPV4), Skip.MALFORMED_IP),
        (RAW, ipv4(authentication_header(UDP) + udp(b""), AH), Skip.UDP),
    ],
)
def test_what_is_no_segment_has_its_final_reason(link: int, frame: bytes, expected: Skip) -> None:
    assert both(frame, link)[0] == expected


def test_nine_vlan_tags_are_followed() -> None:
    assert both(tagged(PACKET, *[(0x8100, 1)] * 9))[0] == Skip.NONE


def test_fragments_that_never_become_anything_else_come_to_an_end() -> None:
    # The authentication header of IPv4 announces a fragment header of IPv6: whole, and a fragment again, for ever.
    packet = ipv4(authentication_header(44) + fragment_header(TCP, 8, more=True) + SEGMENT, AH)
    assert both(ethernet(packet))[0] == Skip.UNKNOWN_LINK
    assert MAX_ROUNDS < 100
