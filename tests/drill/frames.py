"""A script as the bytes of a capture file."""

import bz2
import gzip
import lzma
import struct

from tests.captures import enhanced_packet, interface, pcap_header, pcap_record, section, statistics
from tests.drill.cursors import wire_ack
from tests.drill.options import option_bytes
from tests.drill.script import SEQ_MODULUS, FileSpec, Line, Script

IPPROTO_TCP = 6
ETHERTYPES = {4: 0x0800, 6: 0x86DD}
ETHERTYPE_VLAN = 0x8100
AF_INET, AF_INET6_BSD = 2, 30  # what NULL and LOOP headers say; 30 is macOS's number for IPv6
LINK_TYPES = {"null": 0, "ethernet": 1, "raw": 101, "loop": 108, "sll": 113, "sll2": 276}  # tcpdump.org registry
CLIENT_MAC, SERVER_MAC = bytes.fromhex("02005e000001"), bytes.fromhex("02005e000002")  # locally administered
NO_SNAPLEN = 262144  # what tcpdump writes for "whole packets"
TIME_RESOLUTION = {True: 9, False: 6}  # if_tsresol: powers of ten


def capture_of(script: Script) -> bytes:
    """Return the capture file that a script describes."""
    file = script.file
    frames = [frame_of(line, number, file.link) for number, line in enumerate(script.lines, start=1)]
    whole = _pcapng(script, frames) if file.format == "pcapng" else _pcap(script, frames)
    return _compressed(whole[: len(whole) - file.cut], file.compression)


def _pcap(script: Script, frames: list[bytes]) -> bytes:
    """Return the bytes of a pcap file."""
    file = script.file
    head = pcap_header(file.order, file.nano, LINK_TYPES[file.link], file.snaplen or NO_SNAPLEN)
    records = []
    for line, frame in zip(script.lines, frames, strict=True):
        records.append(pcap_record(_snapped(frame, file), line.time_ns, file.order, file.nano, wire=len(frame)))
    return head + b"".join(records)


def _pcapng(script: Script, frames: list[bytes]) -> bytes:
    """Return the bytes of a pcapng file of one section and one interface."""
    file, order = script.file, script.file.order
    link_type = LINK_TYPES[file.link]
    blocks = [section(order, [file.comment] if file.comment else [])]
    blocks.append(interface(order, link_type, file.snaplen, name="eth0", tsresol=TIME_RESOLUTION[file.nano]))
    for line, frame in zip(script.lines, frames, strict=True):
        ticks = line.time_ns if file.nano else line.time_ns // 1000
        blocks.append(enhanced_packet(_snapped(frame, file), ticks, order, wire=len(frame)))
    if file.dropped is not None:
        blocks.append(statistics(order, received=len(frames), dropped=file.dropped))
    return b"".join(blocks)


def _snapped(frame: bytes, file: FileSpec) -> bytes:
    """Return what the snap length leaves of a frame."""
    return frame[: file.snaplen] if file.snaplen else frame


def _compressed(whole: bytes, compression: str | None) -> bytes:
    """Return the file as it is stored; gzip without a time, so that the same script gives the same bytes."""
    if compression == "gzip":
        return gzip.compress(whole, mtime=0)
    if compression == "xz":
        return lzma.compress(whole)
    if compression == "bzip2":
        return bz2.compress(whole)
    return whole


def frame_of(line: Line, number: int, link: str) -> bytes:
    """Return the frame of a packet; `number` is its frame number, the IPv4 identification unless the line tells one."""
    if line.frame is not None:
        return line.frame
    return _link_header(line, link) + _ip_packet(line, number)


def _link_header(line: Line, link: str) -> bytes:
    """Return what stands before the IP header."""
    assert line.flow is not None
    version = line.sender.address.version
    ethertype = ETHERTYPES[version]
    source, target = (CLIENT_MAC, SERVER_MAC) if line.from_client else (SERVER_MAC, CLIENT_MAC)
    if link == "ethernet":
        tags = b"".join(struct.pack(">HH", ETHERTYPE_VLAN, tag) for tag in line.flow.vlan)
        return target + source + tags + struct.pack(">H", ethertype)
    packet_type = 4 if line.from_client else 0  # LINUX_SLL: 4 sent by us, 0 to us; the capture stands at the client
    if link == "sll":
        return struct.pack(">HHH", packet_type, 1, 6) + source + bytes(2) + struct.pack(">H", ethertype)
    if link == "sll2":
        return struct.pack(">HHIHBB", ethertype, 0, 1, 1, packet_type, 6) + source + bytes(2)
    family = AF_INET if version == 4 else AF_INET6_BSD
    return {"raw": b"", "null": struct.pack("<I", family), "loop": struct.pack(">I", family)}[link]


def _ip_packet(line: Line, number: int) -> bytes:
    """Return the IP packet of a segment, its checksums right."""
    source, target = line.sender.address.packed, line.receiver.address.packed
    segment = _tcp_segment(line)
    length = len(segment)
    if line.sender.address.version == 6:
        pseudo = source + target + struct.pack(">II", length, IPPROTO_TCP)
        claimed = length if line.ip_len is None else line.ip_len
        head = struct.pack(">IHBB", 6 << 28 | line.ecn << 20, claimed, IPPROTO_TCP, line.ttl) + source + target
    else:
        pseudo = source + target + struct.pack(">HH", IPPROTO_TCP, length)
        claimed = 20 + length if line.ip_len is None else line.ip_len
        identification = number & 0xFFFF if line.ip_id is None else line.ip_id
        dont_fragment = 0x4000
        first = struct.pack(">BBHHHBB", 0x45, line.ecn, claimed, identification, dont_fragment, line.ttl, IPPROTO_TCP)
        head = first + struct.pack(">H", checksum(first + source + target)) + source + target
    return head + segment[:16] + struct.pack(">H", checksum(pseudo + segment)) + segment[18:]


def _tcp_segment(line: Line) -> bytes:
    """Return the TCP header, its checksum field 0, and a payload of zeros."""
    options = option_bytes(line.options)
    offset_and_flags = (5 + len(options) // 4) << 12 | line.flags
    seq = (line.sender.isn + line.seq) % SEQ_MODULUS
    fixed = struct.pack(
        ">HHIIHHHH",
        line.sender.port,
        line.receiver.port,
        seq,
        wire_ack(line),
        offset_and_flags,
        line.window,
        0,
        line.urgent,
    )
    return fixed + options + bytes(line.payload_len)


def checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071) of data whose own checksum field is left out or 0."""
    padded = data + bytes(len(data) % 2)
    total: int = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
