"""The fast decoder: link types, IP headers, lengths, and frames that are cut or lie."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.capture.decode import LINK_NO_PACKET, Decoder
from analyzer.capture.ledger import Skip
from reconstruct.segment import OPTION_MSS, OPTION_TIMESTAMPS, OPTIONS_CUT, Segment
from tests.analyzer.capture.decoding import fast
from tests.packets import (
    ICMP,
    ICMP6,
    IPV4,
    IPV6,
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

NULL, ETHERNET, RAW, LOOP, SLL, IPV4_ONLY, IPV6_ONLY, SLL2 = 0, 1, 101, 108, 113, 228, 229, 276
PAYLOAD = b"sixteen bytes ..."[:16]
SEGMENT = tcp(payload=PAYLOAD)
PACKET, PACKET6 = ipv4(SEGMENT), ipv6(SEGMENT)
TIMESTAMPS = struct.pack("!BBBBII", 1, 1, 8, 10, 0xFFFFFFFF, 7)


def sll(packet: bytes, protocol: int = IPV4) -> bytes:
    """Return a Linux cooked frame: type, ARPHRD, address length, address, protocol."""
    return struct.pack("!HHH8sH", 0, 1, 6, bytes(8), protocol) + packet


def sll2(packet: bytes, protocol: int = IPV4) -> bytes:
    """Return a Linux cooked frame of version 2: the protocol comes first."""
    return struct.pack("!HHIHBB8s", protocol, 0, 3, 1, 0, 6, bytes(8)) + packet


FRAMES = {
    "ethernet": (ETHERNET, ethernet(PACKET)),
    "ethernet, IPv6": (ETHERNET, ethernet(PACKET6, IPV6)),
    "VLAN": (ETHERNET, tagged(PACKET, (0x8100, 5))),
    "QinQ": (ETHERNET, tagged(PACKET6, (0x88A8, 5), (0x8100, 6), ethertype=IPV6)),
    "QinQ, old": (ETHERNET, tagged(PACKET, (0x9100, 5), (0x8100, 6))),
    "cooked": (SLL, sll(PACKET)),
    "cooked, IPv6": (SLL, sll(PACKET6, IPV6)),
    "cooked 2": (SLL2, sll2(PACKET)),
    "cooked 2, IPv6": (SLL2, sll2(PACKET6, IPV6)),
    "raw": (RAW, PACKET),
    "raw, IPv6": (RAW, PACKET6),
    "raw, BSD/OS": (12, PACKET),
    "raw, OpenBSD": (14, PACKET6),
    "raw IPv4": (IPV4_ONLY, PACKET),
    "raw IPv6": (IPV6_ONLY, PACKET6),
    "null, little-endian": (NULL, struct.pack("<I", 2) + PACKET),
    "null, big-endian": (NULL, struct.pack(">I", 2) + PACKET),
    "null, IPv6 of macOS": (NULL, struct.pack("<I", 30) + PACKET6),
    "null, IPv6 of FreeBSD": (NULL, struct.pack(">I", 28) + PACKET6),
    "loop": (LOOP, struct.pack(">I", 2) + PACKET),
    "loop, IPv6 of OpenBSD": (LOOP, struct.pack(">I", 24) + PACKET6),
}
EVERY_LINK = pytest.mark.parametrize(("link", "frame"), FRAMES.values(), ids=FRAMES.keys())


@EVERY_LINK
def test_a_segment_is_found_behind_every_link_header(link: int, frame: bytes) -> None:
    skip, segment = fast(frame, link)
    assert skip == Skip.NONE
    assert (segment.sport, segment.dport, segment.wire_seq, segment.wire_ack) == (40000, 80, 1000, 2000)
    assert (segment.payload_len, segment.captured_len) == (16, 16)


@EVERY_LINK
def test_a_frame_cut_anywhere_gives_the_segment_or_says_that_it_is_cut(link: int, frame: bytes) -> None:
    to_payload = len(frame) - len(PAYLOAD)
    for captured in range(len(frame)):
        skip, segment = fast(frame[:captured], link, wire=len(frame))
        if captured < to_payload:
            assert skip == Skip.CUT_BY_SNAP_LENGTH
        else:
            assert skip == Skip.NONE
            assert (segment.payload_len, segment.captured_len) == (16, captured - to_payload)


def test_a_header_is_read_in_full() -> None:
    skip, segment = fast(ethernet(ipv4(tcp(1, 2, 0xFFFFFFFF, 0x80000000, 0x1FF, 65535), ttl=3, ecn=3, ident=0xABCD)))
    assert skip == Skip.NONE
    assert (segment.sport, segment.dport) == (1, 2)
    assert (segment.wire_seq, segment.wire_ack) == (0xFFFFFFFF, 0x80000000)
    assert (segment.flags, segment.window) == (0x1FF, 65535)
    assert (segment.ip_version, segment.ttl, segment.ecn, segment.ip_id) == (4, 3, 3, 0xABCD)
    assert (segment.src_hi, segment.src_lo) == (0, 0xC0000201)  # 192.0.2.1
    assert (segment.dst_hi, segment.dst_lo) == (0, 0xC6336402)  # 198.51.100.2


def test_an_ipv6_header_is_read_in_full() -> None:
    packet = ipv6(tcp(), src="2001:db8::1", dst="fe80::ffff:ffff:ffff:ffff", ttl=9, ecn=2)
    _, segment = fast(ethernet(packet, IPV6))
    assert (segment.ip_version, segment.ttl, segment.ecn, segment.ip_id) == (6, 9, 2, -1)
    assert (segment.src_hi, segment.src_lo) == (0x20010DB8 << 32, 1)
    # fe80... as a signed word: 0xFE80 << 48 is 2^64 - 0x0180 * 2^48
    assert (segment.dst_hi, segment.dst_lo) == (-(0x0180 << 48), -1)


def test_the_cursor_forgets_the_options_of_the_segment_before() -> None:
    decoder, segment = Decoder(), Segment()
    with_options = ipv4(tcp(options=TIMESTAMPS))
    decoder.decode_ip(with_options, 0, len(with_options), len(with_options), segment)
    assert segment.options == OPTION_TIMESTAMPS
    decoder.decode_ip(PACKET, 0, len(PACKET), len(PACKET), segment)
    assert (segment.options, segment.tsval, segment.tsecr) == (0, 0, 0)


def test_vlan_ids_are_kept_with_the_innermost_lowest() -> None:
    assert fast(tagged(PACKET, (0x8100, 5)))[1].vlan == 5
    assert fast(tagged(PACKET, (0x88A8, 5), (0x8100, 6)))[1].vlan == 5 << 12 | 6
    assert fast(tagged(PACKET, (0x88A8, 4), (0x8100, 5), (0x8100, 6)))[1].vlan == 4 << 24 | 5 << 12 | 6
    assert fast(tagged(PACKET, *[(0x8100, tag) for tag in (3, 4, 5, 6)]))[1].vlan == 4 << 24 | 5 << 12 | 6
    assert fast(ethernet(PACKET))[1].vlan == -1


def test_more_than_eight_tags_are_not_followed() -> None:
    assert fast(tagged(PACKET, *[(0x8100, 1)] * 8))[0] == Skip.NONE
    assert fast(tagged(PACKET, *[(0x8100, 1)] * 9))[0] == Skip.LONG_TAIL


def test_padding_of_ethernet_is_no_payload() -> None:
    frame = ethernet(ipv4(tcp()))
    skip, segment = fast(frame + bytes(60 - len(frame)))
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 0, 0)


@pytest.mark.parametrize("size", [4, 24, 40])
def test_options_of_ipv4_are_passed(size: int) -> None:
    skip, segment = fast(ethernet(ipv4(SEGMENT, options=b"\x01" * size)))
    assert (skip, segment.sport, segment.payload_len) == (Skip.NONE, 40000, 16)


def test_where_the_total_length_is_0_the_frame_tells_it() -> None:
    # segmentation offload: 20 + 20 bytes of headers and 70000 of payload after 14 of Ethernet, 100 bytes captured
    frame = ethernet(ipv4(tcp(payload=bytes(46)), length=0))
    skip, segment = fast(frame, wire=14 + 40 + 70000)
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 70000, 46)


def test_where_the_payload_length_of_ipv6_is_0_the_frame_tells_it() -> None:
    frame = ethernet(ipv6(tcp(payload=bytes(46)), length=0), IPV6)
    skip, segment = fast(frame, wire=14 + 60 + 70000)
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 70000, 46)


def test_a_snapped_payload_counts_in_full() -> None:
    frame = ethernet(ipv4(tcp(options=TIMESTAMPS, payload=bytes(1448))))
    skip, segment = fast(frame[:68], wire=len(frame))
    assert (skip, segment.payload_len, segment.captured_len) == (Skip.NONE, 1448, 68 - 14 - 20 - 32)
    assert (segment.options, segment.tsval, segment.tsecr) == (OPTION_TIMESTAMPS, 0xFFFFFFFF, 7)


def test_options_that_the_snap_length_cuts_are_marked() -> None:
    frame = ethernet(ipv4(tcp(options=b"\x02\x04\x05\xb4" + TIMESTAMPS)))
    skip, segment = fast(frame[: 14 + 20 + 20 + 6], wire=len(frame))
    assert (skip, segment.mss) == (Skip.NONE, 1460)
    assert segment.options == OPTION_MSS | OPTIONS_CUT


@pytest.mark.parametrize(
    "chain",
    [
        [0],
        [43],
        [60],
        [135],
        [51],
        [44],
        [0, 43, 60],
        [0, 60, 43, 44, 51, 60],
    ],
)
def test_extension_headers_of_ipv6_are_passed(chain: list[int]) -> None:
    packet, following = SEGMENT, TCP
    for kind in reversed(chain):
        header = extension(following, 1)
        if kind == 44:
            header = fragment_header(following, 0, more=False)  # an atomic fragment (RFC 6946)
        elif kind == 51:
            header = authentication_header(following)
        packet, following = header + packet, kind
    whole = ethernet(ipv6(packet, following), IPV6)
    skip, segment = fast(whole)
    assert (skip, segment.sport, segment.payload_len) == (Skip.NONE, 40000, 16)
    headers = len(whole) - len(SEGMENT)
    assert {fast(whole[:cut], wire=len(whole))[0] for cut in range(headers)} == {Skip.CUT_BY_SNAP_LENGTH}


def test_more_extension_headers_than_eight_are_malformed() -> None:
    packet = extension(TCP) + SEGMENT
    for _ in range(8):
        packet = extension(60) + packet
    assert fast(ethernet(ipv6(packet, 60), IPV6))[0] == Skip.MALFORMED_IP


def test_an_authentication_header_in_ipv4_is_passed() -> None:
    skip, segment = fast(ethernet(ipv4(authentication_header(TCP) + SEGMENT, 51)))
    assert (skip, segment.sport, segment.payload_len) == (Skip.NONE, 40000, 16)


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (ipv4(SEGMENT, header=16), Skip.MALFORMED_IP),
        (ipv4(SEGMENT, header=0), Skip.MALFORMED_IP),
        (ipv4(SEGMENT, length=19), Skip.MALFORMED_IP),
        (ipv4(SEGMENT, options=bytes(8), length=27), Skip.MALFORMED_IP),
        (ipv4(SEGMENT, length=39), Skip.MALFORMED_TCP),
        (ipv4(tcp(header=16)), Skip.MALFORMED_TCP),
        (ipv4(tcp(header=0)), Skip.MALFORMED_TCP),
        (ipv4(tcp(header=24)), Skip.MALFORMED_TCP),
        (b"\x00" + PACKET[1:], Skip.MALFORMED_IP),
        (b"\x75" + PACKET[1:], Skip.MALFORMED_IP),
        (ipv4(udp(b""), UDP), Skip.UDP),
        (ipv4(b"short", UDP), Skip.UDP),
        (ipv4(bytes(8), ICMP), Skip.ICMP),
        (ipv4(bytes(20), 132), Skip.OTHER_PROTOCOL),
        (ipv4(SEGMENT[:24], flags=MORE), Skip.FRAGMENT),
        (ipv4(SEGMENT[24:], flags=0, offset=24), Skip.FRAGMENT),
        (ipv4(PACKET, 4), Skip.LONG_TAIL),
        (ipv4(PACKET6, 41), Skip.LONG_TAIL),
        (ipv4(bytes(30), 47), Skip.LONG_TAIL),
        (ipv4(udp(bytes(30), dport=4789), UDP), Skip.LONG_TAIL),
        (ipv4(udp(bytes(30), sport=3544), UDP), Skip.LONG_TAIL),
    ],
)
def test_what_is_no_segment_has_its_reason(packet: bytes, expected: Skip) -> None:
    assert fast(ethernet(packet))[0] == expected


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (ipv6(bytes(8), ICMP6), Skip.ICMP),
        (ipv6(udp(b""), UDP), Skip.UDP),
        (ipv6(b"", 59), Skip.OTHER_PROTOCOL),  # RFC 8200 (4.7): no next header
        (ipv6(fragment_header(TCP, 0, more=True) + SEGMENT[:24], 44), Skip.FRAGMENT),
        (ipv6(fragment_header(TCP, 24, more=False) + SEGMENT[24:], 44), Skip.FRAGMENT),
        (ipv6(PACKET, 4), Skip.LONG_TAIL),
        (ipv6(SEGMENT, length=19), Skip.MALFORMED_TCP),
    ],
)
def test_what_is_no_segment_in_ipv6_has_its_reason(packet: bytes, expected: Skip) -> None:
    assert fast(ethernet(packet, IPV6))[0] == expected


@pytest.mark.parametrize("kind", [3, 4, 11, 12])
def test_an_icmp_error_that_quotes_a_segment_is_told_apart(kind: int) -> None:
    error = struct.pack("!BBHI", kind, 0, 0, 0)
    assert fast(ethernet(ipv4(error + PACKET[:28], ICMP)))[0] == Skip.QUOTED
    assert fast(ethernet(ipv4(error + ipv4(udp(b""), UDP), ICMP)))[0] == Skip.ICMP
    echo = struct.pack("!BBHI", 8, 0, 0, 0)
    assert fast(ethernet(ipv4(echo + PACKET[:28], ICMP)))[0] == Skip.ICMP


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_an_icmpv6_error_that_quotes_a_segment_is_told_apart(kind: int) -> None:
    error = struct.pack("!BBHI", kind, 0, 0, 0)
    assert fast(ethernet(ipv6(error + PACKET6, ICMP6), IPV6))[0] == Skip.QUOTED
    assert fast(ethernet(ipv6(bytes([128]) + error[1:] + PACKET6, ICMP6), IPV6))[0] == Skip.ICMP


@pytest.mark.parametrize(
    ("ethertype", "expected"),
    [
        (0x0806, Skip.NOT_IP),
        (0x88CC, Skip.NOT_IP),
        (0x0026, Skip.LONG_TAIL),
        (0x8847, Skip.LONG_TAIL),
        (0x8864, Skip.LONG_TAIL),
        (0x88E7, Skip.LONG_TAIL),
        (0x8909, Skip.LONG_TAIL),
    ],
)
def test_other_ethertypes_are_told_apart(ethertype: int, expected: Skip) -> None:
    assert fast(ethernet(bytes(46), ethertype))[0] == expected


def test_a_record_without_a_packet_is_no_segment() -> None:
    assert fast(PACKET, LINK_NO_PACKET)[0] == Skip.NO_PACKET


def test_a_link_type_of_another_decoder_is_given_to_it() -> None:
    assert fast(PACKET, 9)[0] == Skip.LONG_TAIL


def test_loopback_with_another_protocol_is_not_ip() -> None:
    assert fast(struct.pack("<I", 16) + bytes(20), NULL)[0] == Skip.NOT_IP


@given(st.binary(max_size=120), st.sampled_from([NULL, ETHERNET, RAW, LOOP, SLL, SLL2, 9]), st.integers(0, 70000))
def test_any_bytes_give_a_reason_or_a_segment_within_bounds(frame: bytes, link: int, more: int) -> None:
    skip, segment = fast(frame, link, wire=len(frame) + more)
    if skip == Skip.NONE:
        assert 0 <= segment.captured_len <= len(frame)
        assert segment.captured_len <= segment.payload_len


@given(st.binary(min_size=20, max_size=80), st.booleans())
def test_any_transport_bytes_give_a_reason_or_a_segment_within_bounds(content: bytes, newer: bool) -> None:
    packet = ipv6(content) if newer else ipv4(content)
    skip, segment = fast(packet, RAW)
    assert skip in (Skip.NONE, Skip.MALFORMED_TCP)
    if skip == Skip.NONE:
        assert segment.payload_len == len(content) - (content[12] >> 4) * 4
