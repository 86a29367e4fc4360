"""dpkt as the judge of the fast decoder, on the fixtures and on packets made at random.

Where dpkt is known to be wrong, or silent, it is not asked:
- it cuts the payload where the snap length did, so the length is reckoned from the fields that it read;
- it reads no header that is not all there: frames whose TCP header is cut are left out;
- it takes options that run past the end of the IP packet for good ones: such a header is malformed here;
- it follows two VLAN tags, and a third one is payload to it;
- it keeps no length of IPv6's extension headers: the packets made at random have none.
"""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dpkt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.capture.ledger import Skip
from reconstruct.segment import (
    OPTION_MSS,
    OPTION_SACK,
    OPTION_SACK_PERMITTED,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
    OPTIONS_CUT,
    OPTIONS_MALFORMED,
    Segment,
)
from tests.analyzer.capture.decoding import fast
from tests.analyzer.capture.reading import Packet, read
from tests.packets import IPV6, ethernet, ipv4, ipv6, tagged, tcp
from tests.sources import ROOT

RAW, ETHERNET = 101, 1
NO_CAPTURE = "not-a-capture.pcap"
CAPTURES = sorted(path for path in (ROOT / "fixtures" / "pcaps").glob("*/*.pcap*") if path.name != NO_CAPTURE)
OPTION_BITS = {
    dpkt.tcp.TCP_OPT_MSS: (OPTION_MSS, 2),
    dpkt.tcp.TCP_OPT_WSCALE: (OPTION_WINDOW_SCALE, 1),
    dpkt.tcp.TCP_OPT_SACKOK: (OPTION_SACK_PERMITTED, 0),
    dpkt.tcp.TCP_OPT_TIMESTAMP: (OPTION_TIMESTAMPS, 8),
}
DPKT_LINKS: dict[int, Callable[[bytes], Any]] = {
    0: dpkt.loopback.Loopback,
    1: dpkt.ethernet.Ethernet,
    108: dpkt.loopback.Loopback,
    113: dpkt.sll.SLL,
    276: dpkt.sll2.SLL2,
}


def dpkt_ip(frame: bytes, link: int) -> Any:
    """Return the IP packet that dpkt sees, or None."""
    if link == RAW:
        return (dpkt.ip6.IP6 if frame[0] >> 4 == 6 else dpkt.ip.IP)(frame)
    packet = DPKT_LINKS[link](frame).data
    return packet if isinstance(packet, (dpkt.ip.IP, dpkt.ip6.IP6)) else None


def words(address: bytes) -> tuple[int, int]:
    """Return an address as two signed words."""
    if len(address) == 4:
        return 0, int.from_bytes(address, "big")
    high, low = struct.unpack("!qq", address)
    return high, low


def payload_of(packet: Any, wire: int) -> int:
    """Return the length of the payload by the fields that dpkt read; `wire` is the IP packet's length on the wire."""
    if isinstance(packet, dpkt.ip.IP):
        room = (packet.len or wire) - packet.hl * 4
    else:
        room = packet.plen or wire - 40
    return int(room - packet.data.off * 4)


def known_options(header: Any) -> tuple[int, dict[int, bytes]]:
    """Return the bits and values of the options that dpkt found and that have their right length."""
    bits, values = 0, {}
    for kind, value in dpkt.tcp.parse_opts(header.opts):
        bit, size = OPTION_BITS.get(kind, (0, -1))
        if kind == dpkt.tcp.TCP_OPT_SACK and len(value) >= 8 and len(value) % 8 == 0:
            bits |= OPTION_SACK
            values[kind] = value
        elif len(value) == size:
            bits |= bit
            values[kind] = value
    return bits, values


def agrees(segment: Segment, packet: Any, wire: int) -> None:
    """Compare a cursor with dpkt's packet, field by field."""
    header = packet.data
    assert (segment.src_hi, segment.src_lo) == words(packet.src)
    assert (segment.dst_hi, segment.dst_lo) == words(packet.dst)
    assert (segment.sport, segment.dport) == (header.sport, header.dport)
    assert (segment.wire_seq, segment.wire_ack) == (header.seq, header.ack)
    assert (segment.flags, segment.window) == (header.flags, header.win)
    assert segment.payload_len == payload_of(packet, wire)
    if isinstance(packet, dpkt.ip.IP):
        assert (segment.ttl, segment.ip_id, segment.ecn) == (packet.ttl, packet.id, packet.tos & 3)
    else:
        assert (segment.ttl, segment.ip_id, segment.ecn) == (packet.hlim, -1, packet.fc & 3)
    if not segment.options & (OPTIONS_CUT | OPTIONS_MALFORMED):
        options_agree(segment, header)


def options_agree(segment: Segment, header: Any) -> None:
    """Compare the options, and the values of the last of each kind."""
    bits, values = known_options(header)
    judged = sum(bit for bit, _ in OPTION_BITS.values()) | OPTION_SACK
    assert segment.options & judged == bits
    if OPTION_MSS & bits:
        assert segment.mss == int.from_bytes(values[dpkt.tcp.TCP_OPT_MSS], "big")
    if OPTION_WINDOW_SCALE & bits:
        assert segment.window_scale == values[dpkt.tcp.TCP_OPT_WSCALE][0]
    if OPTION_TIMESTAMPS & bits:
        assert (segment.tsval, segment.tsecr) == struct.unpack("!II", values[dpkt.tcp.TCP_OPT_TIMESTAMP])
    if OPTION_SACK & bits:
        blocks = values[dpkt.tcp.TCP_OPT_SACK]
        edges = [segment.sack_edges[edge] for edge in range(2 * segment.sack_blocks)]
        assert edges == list(struct.unpack(f"!{len(blocks) // 4}I", blocks))


def packets_of(path: Path) -> Iterator[Packet]:
    """Yield the packets that dpkt can judge: known link type, headers in full, at most two tags."""
    for packet in read(str(path)).packets:
        three_tags = packet.link == ETHERNET and packet.data[12:21:4] == b"\x88\x81\x81"
        if (packet.link == RAW or packet.link in DPKT_LINKS) and not three_tags:
            yield packet


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_dpkt_sees_the_same_segments_in_every_fixture(path: Path) -> None:
    for packet in packets_of(path):
        skip, segment = fast(packet.data, packet.link, packet.wire)
        try:
            judged = dpkt_ip(packet.data, packet.link)
        except dpkt.UnpackError:
            judged = None
        if skip == Skip.NONE:
            start = packet.data.index(bytes(judged.src)) - (12 if isinstance(judged, dpkt.ip.IP) else 8)
            agrees(segment, judged, packet.wire - start)
        elif skip not in (Skip.CUT_BY_SNAP_LENGTH, Skip.MALFORMED_TCP, Skip.FRAGMENT, Skip.LONG_TAIL, Skip.QUOTED):
            assert judged is None or not isinstance(judged.data, dpkt.tcp.TCP)


def test_there_are_fixtures_to_judge() -> None:
    assert len(CAPTURES) > 40


WORD16, WORD32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
BYTE, ECN, PADDING = st.integers(0, 255), st.integers(0, 3), st.binary(max_size=9)
OPTIONS = st.lists(
    st.one_of(
        st.just(b"\x01"),
        st.just(b"\x04\x02"),
        st.binary(min_size=2, max_size=2).map(lambda value: b"\x02\x04" + value),
        st.binary(min_size=1, max_size=1).map(lambda value: b"\x03\x03" + value),
        st.binary(min_size=8, max_size=8).map(lambda value: b"\x08\x0a" + value),
        st.integers(1, 3).flatmap(
            lambda blocks: st.binary(min_size=8 * blocks, max_size=8 * blocks).map(
                lambda value: bytes([5, 2 + len(value)]) + value
            )
        ),
        st.binary(max_size=6).map(lambda value: bytes([200, 2 + len(value)]) + value),
    ),
    max_size=4,
).map(b"".join)
MOST_OPTIONS = 40  # bytes: the header's length counts to 60
SEGMENTS = st.builds(
    lambda sport, dport, seq, ack, flags, window, options, payload: tcp(
        sport, dport, seq, ack, flags, window, options + b"\x01" * (-len(options) % 4), payload
    ),
    WORD16,
    WORD16,
    WORD32,
    WORD32,
    st.integers(0, 0x1FF),
    WORD16,
    OPTIONS.filter(lambda options: len(options) <= MOST_OPTIONS),
    st.binary(max_size=60),
)
FOUR_BYTES = st.binary(max_size=40).map(lambda options: options[: len(options) // 4 * 4])


@given(
    SEGMENTS, st.ip_addresses(v=4), FOUR_BYTES, WORD16, st.integers(0, 255), st.integers(0, 3), st.binary(max_size=9)
)
def test_dpkt_sees_the_same_in_random_packets_of_ipv4(
    segment: bytes, address: object, options: bytes, ident: int, ttl: int, ecn: int, padding: bytes
) -> None:
    packet = ipv4(segment, src=str(address), options=options, ident=ident, ttl=ttl, ecn=ecn)
    skip, cursor = fast(ethernet(packet + padding))
    assert skip == Skip.NONE
    agrees(cursor, dpkt_ip(ethernet(packet + padding), ETHERNET), len(packet) + len(padding))


@given(SEGMENTS, st.ip_addresses(v=6), BYTE, ECN, PADDING)
def test_dpkt_sees_the_same_in_random_packets_of_ipv6(
    segment: bytes, address: object, ttl: int, ecn: int, padding: bytes
) -> None:
    frame = tagged(ipv6(segment, src=str(address), ttl=ttl, ecn=ecn) + padding, (0x8100, 5), ethertype=IPV6)
    skip, cursor = fast(frame)
    assert skip == Skip.NONE
    agrees(cursor, dpkt_ip(frame, ETHERNET), len(frame) - 18)


@given(SEGMENTS, st.integers(0, 100_000), st.booleans())
def test_dpkt_sees_the_same_where_the_length_is_left_to_the_frame(segment: bytes, more: int, newer: bool) -> None:
    packet = ipv6(segment, length=0) if newer else ipv4(segment, length=0)
    skip, cursor = fast(packet, RAW, wire=len(packet) + more)
    assert skip == Skip.NONE
    agrees(cursor, dpkt_ip(packet, RAW), len(packet) + more)
