"""The segments of a script as the decoder would give them."""

import struct

from reconstruct.segment import Segment
from tests.drill.options import BITS, EXPERIMENTAL, FAST_OPEN, FAST_OPEN_MAGIC, MSS, SACK, TIMESTAMPS, WINDOW_SCALE
from tests.drill.script import SEQ_MODULUS, Address, DrillError, End, Line, Script, TcpOption


def segments_of(script: Script) -> list[Segment]:
    """Return a cursor of its own for every segment of a script, `frame` counting all its packets from 1."""
    numbered = enumerate(script.lines, start=1)
    return [segment_of(line, frame) for frame, line in numbered if line.flow is not None]


def segment_of(line: Line, frame: int) -> Segment:
    """Return the cursor of one segment."""
    segment = Segment()
    segment.frame, segment.time_ns = frame, line.time_ns
    _fill_network(segment, line, frame)
    segment.sport, segment.dport = line.sender.port, line.receiver.port
    segment.wire_seq = (line.sender.isn + line.seq) % SEQ_MODULUS
    segment.wire_ack = wire_ack(line)
    segment.window, segment.flags = line.window, line.flags
    segment.payload_len = segment.captured_len = line.payload_len
    for option in line.options:
        _fill_option(segment, option)
    return segment


def wire_ack(line: Line) -> int:
    """Return the acknowledgment field: 0 where the segment acknowledges nothing."""
    return (line.receiver.isn + line.ack) % SEQ_MODULUS if line.flags & 0x010 else 0


def _fill_network(segment: Segment, line: Line, frame: int) -> None:
    """Fill what the IP header and the VLAN tags say."""
    assert line.flow is not None
    segment.src_hi, segment.src_lo = _address_words(line.sender)
    segment.dst_hi, segment.dst_lo = _address_words(line.receiver)
    segment.ip_version = line.sender.address.version
    for tag in line.flow.vlan:
        segment.vlan = tag if segment.vlan < 0 else segment.vlan << 12 | tag
    if segment.ip_version == 4:
        segment.ip_id = frame & 0xFFFF if line.ip_id is None else line.ip_id
    segment.ttl, segment.ecn = line.ttl, line.ecn


def _address_words(end: End) -> tuple[int, int]:
    """Return the upper and lower signed 64-bit word of an address; IPv4 fills the lower one only."""
    address: Address = end.address
    if address.version == 4:
        return 0, int(address)
    upper, lower = struct.unpack(">qq", address.packed)
    return int(upper), int(lower)


def _fill_option(segment: Segment, option: TcpOption) -> None:
    """Fill what one option says."""
    if option.raw:
        raise DrillError("raw option bytes are for captures only; a cursor shows what a decoder made of them")
    segment.options |= BITS.get(option.kind, 0)
    value = option.value
    if option.kind == MSS:
        segment.mss = int.from_bytes(value, "big")
    elif option.kind == WINDOW_SCALE:
        segment.window_scale = value[0]
    elif option.kind == TIMESTAMPS:
        segment.tsval, segment.tsecr = struct.unpack(">II", value)
    elif option.kind == SACK:
        segment.sack_blocks = len(value) // 8
        for index, edge in enumerate(struct.unpack(f">{len(value) // 4}I", value)):
            segment.sack_edges[index] = edge
    elif option.kind == FAST_OPEN:
        segment.fast_open_len = len(value)
    elif option.kind == EXPERIMENTAL:
        segment.fast_open_len = len(value) - len(FAST_OPEN_MAGIC)
