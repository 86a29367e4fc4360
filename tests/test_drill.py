"""The notation of segment scripts: what it reads, and that its captures are what the script says."""

import gzip
import io
from ipaddress import ip_address

import dpkt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct import segment as bits
from tests.drill import DrillError, capture_of, read_script, segments_of
from tests.drill.frames import checksum, frame_of

HANDSHAKE = """
client 192.0.2.1:40000 isn 1000
server 198.51.100.2:80 isn 4294967295
start 1700000000
0.000  > S  0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1400>
+0.0000005 > .  1:1(0) ack 1 win 502
"""
IPV6 = """
client [2001:db8::1]:40000
server [2001:db8::2]:443
0.0 > S 0:0(0) win 1
"""


def tcp_of(frame: bytes) -> dpkt.tcp.TCP:
    """Return dpkt's reading of the segment in an Ethernet frame."""
    packet = dpkt.ethernet.Ethernet(frame).data
    assert isinstance(packet.data, dpkt.tcp.TCP)
    return packet.data


def test_plus_counts_from_the_packet_before_and_keeps_nanoseconds() -> None:
    times = [line.time_ns for line in read_script(HANDSHAKE).lines]
    assert times == [1_700_000_000_000_000_000, 1_700_000_000_010_000_000, 1_700_000_000_010_000_500]


def test_a_start_in_rfc_3339_is_the_same_moment_as_in_seconds() -> None:
    script = read_script("start 2023-11-14T22:13:20Z\n0.25 > S 0:0(0) win 1")
    # 2023-11-14 22:13:20 UTC is 1 700 000 000 s after the epoch.
    assert script.lines[0].time_ns == 1_700_000_000_250_000_000


def test_offsets_count_from_each_ends_isn_and_wrap_at_32_bits() -> None:
    syn, syn_ack, ack = segments_of(read_script(HANDSHAKE))
    assert (syn.wire_seq, syn.wire_ack) == (1000, 0)
    assert (syn_ack.wire_seq, syn_ack.wire_ack) == (0xFFFFFFFF, 1001)
    assert (ack.wire_seq, ack.wire_ack) == (1001, 0)  # 0xFFFFFFFF + 1 modulo 2^32


def test_options_fill_the_cursor() -> None:
    syn = segments_of(read_script(HANDSHAKE))[0]
    assert (syn.mss, syn.window_scale, syn.tsval, syn.tsecr) == (1460, 7, 100, 0)
    told = bits.OPTION_MSS | bits.OPTION_SACK_PERMITTED | bits.OPTION_TIMESTAMPS | bits.OPTION_WINDOW_SCALE
    assert syn.options == told


def test_sack_edges_are_wire_numbers_of_the_end_whose_bytes_they_name() -> None:
    script = read_script("client 192.0.2.1:1 isn 4294967290\n0.0 < . 1:1(0) ack 1 win 9 <nop,nop,sack 5:10 20:30>")
    segment = segments_of(script)[0]
    # 4294967290 + 10 = 2^32 + 4
    assert list(segment.sack_edges[:4]) == [4294967295, 4, 14, 24]
    assert segment.sack_blocks == 2


@pytest.mark.parametrize(
    ("written", "length", "bit"),
    [
        ("FO", 0, bits.OPTION_FAST_OPEN),
        ("FO 0011223344556677", 8, bits.OPTION_FAST_OPEN),
        ("FOEXP 00112233", 4, bits.OPTION_FAST_OPEN_EXPERIMENTAL),
    ],
)
def test_a_fast_open_option_tells_the_length_of_its_cookie(written: str, length: int, bit: int) -> None:
    segment = segments_of(read_script(f"0.0 > S 0:0(0) win 9 <{written}>"))[0]
    assert (segment.fast_open_len, segment.options) == (length, bit)


def test_vlan_tags_stand_outermost_highest() -> None:
    segment = segments_of(read_script("vlan 10,20\n0.0 > S 0:0(0) win 9"))[0]
    assert segment.vlan == 10 << 12 | 20


def test_a_further_flow_has_its_own_ends() -> None:
    script = read_script("flow b client 192.0.2.9:5 isn 7\n0.0 b > S 0:0(0) win 9")
    segment = segments_of(script)[0]
    assert (segment.src_lo, segment.sport, segment.wire_seq) == (int(ip_address("192.0.2.9")), 5, 7)
    assert segment.dport == 80


def test_ipv6_addresses_fill_two_signed_words() -> None:
    segment = segments_of(read_script(IPV6))[0]
    assert (segment.src_hi, segment.src_lo) == (0x20010DB8_00000000, 1)
    assert (segment.ip_version, segment.ip_id) == (6, -1)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("0.0 > S 0:5(4) win 1", "does not span 4 bytes"),
        ("0.0 > S 0:0(0) ack 1", "go together"),
        ("0.0 > . 0:0(0) win 1", "go together"),
        ("0.0 > S 0:0(0) win", "lacks its value"),
        ("0.0 > S 0:0(0) wim 1", "'wim' is none of"),
        ("0.0 > S 0:0(0) <msx 5>", "no option is written 'msx'"),
        ("0.0 > S 0:0(0) <mss 5", "do not end"),
        ("0.0 x > S 0:0(0)", "no flow is named 'x'"),
        ("0.0 S 0:0(0)", "not TIME"),
        ("clinet 1.2.3.4:5", "neither a time nor a setting"),
        ("client 1.2.3.4", "no address:port"),
        ("client 1.2.3.4:5 isn 4294967296", "32 bits"),
        ("file pcap larg", "no property of a file"),
        ("file link token-ring", "none of ethernet"),
        ("flow b colour red", "no property of a flow"),
        ("0.0 > S 0:0(0) ecn maybe", "none of not-ect"),
        ("0.0 > S 0:0(0) <TS 1 2>", "TS val X ecr Y"),
    ],
)
def test_what_the_notation_does_not_know_is_told_with_its_line(line: str, complaint: str) -> None:
    with pytest.raises(DrillError, match=rf"^line 2: .*{complaint}"):
        read_script(f"# a comment\n{line}")


def test_more_options_than_a_header_holds_are_refused() -> None:
    script = read_script("0.0 > S 0:0(0) win 1 <kind 19 " + "00" * 39 + ">")
    with pytest.raises(DrillError, match="41 bytes of options"):
        capture_of(script)


def test_raw_option_bytes_make_no_cursor() -> None:
    with pytest.raises(DrillError, match="for captures only"):
        segments_of(read_script("0.0 > S 0:0(0) win 1 <raw 0200>"))


def test_frames_hold_what_the_script_says_by_dpkts_reading() -> None:
    line = read_script(HANDSHAKE).lines[1]
    tcp = tcp_of(frame_of(line, 2, "ethernet"))
    assert (tcp.sport, tcp.dport, tcp.seq, tcp.ack, tcp.win) == (80, 40000, 0xFFFFFFFF, 1001, 65160)
    assert tcp.flags == bits.SYN | bits.ACK
    assert dpkt.tcp.parse_opts(tcp.opts) == [(dpkt.tcp.TCP_OPT_MSS, (1400).to_bytes(2, "big"))]


@given(
    seq=st.integers(0, 2**32 - 1),
    ack=st.integers(0, 2**32 - 1),
    window=st.integers(0, 65535),
    payload=st.integers(0, 1460),
    isn=st.integers(0, 2**32 - 1),
)
def test_any_segment_reads_back_by_dpkt(seq: int, ack: int, window: int, payload: int, isn: int) -> None:
    text = f"client 192.0.2.1:1 isn {isn}\n0.0 > . {seq}:{seq + payload}({payload}) ack {ack} win {window}"
    frame = frame_of(read_script(text).lines[0], 1, "ethernet")
    tcp = tcp_of(frame)
    assert (tcp.seq, tcp.ack, tcp.win, len(tcp.data)) == ((isn + seq) % 2**32, ack, window, payload)
    pseudo = frame[26:34] + (6).to_bytes(2, "big") + (20 + payload).to_bytes(2, "big")
    assert checksum(pseudo + frame[34:]) == 0  # RFC 1071: a sum over data and its right checksum is 0
    assert checksum(frame[14:34]) == 0


@pytest.mark.parametrize(
    ("link", "header"),
    [("raw", 0), ("null", 4), ("loop", 4), ("ethernet", 14), ("sll", 16), ("sll2", 20)],
)
@pytest.mark.parametrize(("script", "version"), [(HANDSHAKE, 4), (IPV6, 6)])
def test_every_link_type_puts_the_ip_packet_behind_its_own_header(
    link: str, header: int, script: str, version: int
) -> None:
    frame = frame_of(read_script(script).lines[0], 1, link)
    assert frame[header] >> 4 == version


def test_a_pcap_reads_back_with_its_times_and_snapped_lengths() -> None:
    script = read_script("file pcap micro snaplen 54\n" + HANDSHAKE + "+1 > P. 1:1001(1000) ack 1 win 502")
    packets = list(dpkt.pcap.Reader(io.BytesIO(capture_of(script))))
    # 54 bytes are the Ethernet, IP and bare TCP header.
    assert [len(frame) for _, frame in packets] == [54, 54, 54, 54]
    assert float(packets[3][0]) == pytest.approx(1_700_000_001.01, abs=1e-6)


def test_a_pcapng_reads_back_in_either_byte_order() -> None:
    for order in ("little", "big"):
        script = read_script(f"file pcapng {order} dropped 7 comment made by a script\n" + HANDSHAKE)
        packets = list(dpkt.pcapng.Reader(io.BytesIO(capture_of(script))))
        assert [tcp_of(frame).flags for _, frame in packets] == [bits.SYN, bits.SYN | bits.ACK, bits.ACK]


def test_a_compressed_capture_is_the_plain_one_stored_smaller() -> None:
    plain, stored = (capture_of(read_script(head + HANDSHAKE)) for head in ("", "file gzip\n"))
    assert gzip.decompress(stored) == plain


def test_a_cut_capture_lacks_its_last_bytes() -> None:
    plain, cut = (capture_of(read_script(head + HANDSHAKE)) for head in ("", "file cut 13\n"))
    assert cut == plain[:-13]


def test_foreign_frames_are_written_as_they_are_and_are_no_segments() -> None:
    script = read_script("0.0 frame ffff 0001\n+0.1 > S 0:0(0) win 1")
    assert [segment.frame for segment in segments_of(script)] == [2]
    assert frame_of(script.lines[0], 1, "ethernet") == bytes.fromhex("ffff0001")
