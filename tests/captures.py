"""Builds captures for the tests: pcap, pcapng and snoop bytes, any byte order, resolution, interfaces and blocks.

Every function returns bytes; a capture is their concatenation:

    pcap_file([frame_a, frame_b])                                  # a whole file, times 1 s apart
    pcap_header(order=">", nano=True) + pcap_record(frame, 5)      # by hand
    section() + interface(link_type=101) + enhanced_packet(frame, 5) + statistics(dropped=7)

`order` is "<" (little-endian) or ">" (big-endian) as in `struct`; times are integer nanoseconds since the epoch.
"""

import struct
from collections.abc import Iterable, Sequence

ETHERNET = 1  # LINKTYPE_ETHERNET of the tcpdump.org registry
NS_PER_S = 1_000_000_000
START_NS = 1_700_000_000 * NS_PER_S  # any date; frames of `pcap_file` and `pcapng_file` start here

PCAP_MICRO = 0xA1B2C3D4
PCAP_NANO = 0xA1B23C4D
PCAP_MODIFIED = 0xA1B2CD34
PCAPNG_ORDER = 0x1A2B3C4D

SECTION_BLOCK = 0x0A0D0D0A
INTERFACE_BLOCK = 1
OBSOLETE_PACKET_BLOCK = 2
SIMPLE_PACKET_BLOCK = 3
NAME_RESOLUTION_BLOCK = 4
STATISTICS_BLOCK = 5
ENHANCED_PACKET_BLOCK = 6
SECRETS_BLOCK = 10
CUSTOM_BLOCK = 0xBAD

Option = tuple[int, bytes]


def pcap_header(
    order: str = "<",
    nano: bool = False,
    link_type: int = ETHERNET,
    snaplen: int = 262144,
    magic: int | None = None,
    version: tuple[int, int] = (2, 4),
) -> bytes:
    """Return a pcap file header; `magic` overrides what `nano` chooses, `link_type` is the whole 32-bit field."""
    chosen = magic if magic is not None else PCAP_NANO if nano else PCAP_MICRO
    return struct.pack(order + "IHHiIII", chosen, *version, 0, 0, snaplen, link_type)


def pcap_record(
    frame: bytes,
    time_ns: int = START_NS,
    order: str = "<",
    nano: bool = False,
    wire: int | None = None,
    captured: int | None = None,
    extra: bytes = b"",
) -> bytes:
    """Return one record; `wire` and `captured` replace the true lengths, `extra` follows the header."""
    seconds, fraction_ns = divmod(time_ns, NS_PER_S)
    fraction = fraction_ns if nano else fraction_ns // 1000
    claimed = len(frame) if captured is None else captured
    header = struct.pack(order + "IIII", seconds, fraction, claimed, len(frame) if wire is None else wire)
    return header + extra + frame


def spaced_times_ns(count: int, step_ns: int = NS_PER_S) -> list[int]:
    """Return `count` times from START_NS on, `step_ns` apart."""
    return [START_NS + index * step_ns for index in range(count)]


def pcap_file(
    frames: Sequence[bytes],
    times_ns: Sequence[int] | None = None,
    order: str = "<",
    nano: bool = False,
    link_type: int = ETHERNET,
    snaplen: int = 262144,
) -> bytes:
    """Return a whole pcap file; without `times_ns` the frames are one second apart."""
    times = spaced_times_ns(len(frames)) if times_ns is None else times_ns
    records = [pcap_record(frame, time, order, nano) for frame, time in zip(frames, times, strict=True)]
    return pcap_header(order, nano, link_type, snaplen) + b"".join(records)


def padded(data: bytes) -> bytes:
    """Return the data filled with zeros to a multiple of four bytes."""
    return data + bytes(-len(data) % 4)


def block(kind: int, body: bytes, order: str = "<", length: int | None = None, trailer: int | None = None) -> bytes:
    """Return one pcapng block; `length` and `trailer` replace the true leading and trailing length."""
    body = padded(body)
    true = len(body) + 12
    first = true if length is None else length
    last = true if trailer is None else trailer
    return struct.pack(order + "II", kind, first) + body + struct.pack(order + "I", last)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """Return one option, padded."""
    return struct.pack(order + "HH", code, len(value)) + padded(value)


def options(pairs: Iterable[Option], order: str = "<") -> bytes:
    """Return the options and their end mark; nothing at all for no options."""
    listed = b"".join(option(code, value, order) for code, value in pairs)
    return listed + option(0, b"", order) if listed else b""


def section(
    order: str = "<",
    comments: Iterable[str] = (),
    version: tuple[int, int] = (1, 0),
    section_length: int = -1,
    extra: Iterable[Option] = (),
) -> bytes:
    """Return a section header block; `section_length` -1 is "not known"."""
    listed = [(1, comment.encode()) for comment in comments] + list(extra)
    body = struct.pack(order + "IHHq", PCAPNG_ORDER, *version, section_length) + options(listed, order)
    return block(SECTION_BLOCK, body, order)


def interface(
    order: str = "<",
    link_type: int = ETHERNET,
    snaplen: int = 0,
    name: str | None = None,
    description: str | None = None,
    tsresol: int | None = None,
    tsoffset_s: int | None = None,
    comments: Iterable[str] = (),
    extra: Iterable[Option] = (),
) -> bytes:
    """Return an interface description block; `tsresol` is the option's raw byte."""
    listed: list[Option] = [(1, comment.encode()) for comment in comments]
    if name is not None:
        listed.append((2, name.encode()))
    if description is not None:
        listed.append((3, description.encode()))
    if tsresol is not None:
        listed.append((9, bytes([tsresol])))
    if tsoffset_s is not None:
        listed.append((14, struct.pack(order + "q", tsoffset_s)))
    body = struct.pack(order + "HHI", link_type, 0, snaplen) + options([*listed, *extra], order)
    return block(INTERFACE_BLOCK, body, order)


def enhanced_packet(
    frame: bytes,
    ticks: int = START_NS // 1000,
    order: str = "<",
    number: int = 0,
    wire: int | None = None,
    captured: int | None = None,
    comments: Iterable[str] = (),
) -> bytes:
    """Return an enhanced packet block of interface `number`; `ticks` are in the interface's resolution."""
    claimed = len(frame) if captured is None else captured
    high, low = ticks >> 32 & 0xFFFFFFFF, ticks & 0xFFFFFFFF
    fixed = struct.pack(order + "IIIII", number, high, low, claimed, len(frame) if wire is None else wire)
    listed = options([(1, comment.encode()) for comment in comments], order)
    return block(ENHANCED_PACKET_BLOCK, fixed + padded(frame) + listed, order)


def simple_packet(frame: bytes, order: str = "<", wire: int | None = None) -> bytes:
    """Return a simple packet block: no time, interface 0."""
    body = struct.pack(order + "I", len(frame) if wire is None else wire) + frame
    return block(SIMPLE_PACKET_BLOCK, body, order)


def obsolete_packet(
    frame: bytes, ticks: int = START_NS // 1000, order: str = "<", number: int = 0, wire: int | None = None
) -> bytes:
    """Return an obsolete packet block (type 2) of interface `number`."""
    length = len(frame) if wire is None else wire
    fixed = struct.pack(order + "HHIIII", number, 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), length)
    return block(OBSOLETE_PACKET_BLOCK, fixed + frame, order)


def statistics(
    order: str = "<",
    number: int = 0,
    received: int | None = None,
    dropped: int | None = None,
    os_dropped: int | None = None,
) -> bytes:
    """Return an interface statistics block of interface `number` with the counters that are given."""
    given = ((4, received), (5, dropped), (7, os_dropped))
    listed = [(code, struct.pack(order + "Q", value)) for code, value in given if value is not None]
    return block(STATISTICS_BLOCK, struct.pack(order + "III", number, 0, 0) + options(listed, order), order)


def custom_block(data: bytes, order: str = "<", enterprise: int = 32473) -> bytes:
    """Return a custom block; 32473 is the enterprise number for examples (RFC 5612)."""
    return block(CUSTOM_BLOCK, struct.pack(order + "I", enterprise) + data, order)


def pcapng_file(
    frames: Sequence[bytes],
    times_ns: Sequence[int] | None = None,
    order: str = "<",
    link_type: int = ETHERNET,
    snaplen: int = 0,
) -> bytes:
    """Return a whole pcapng file of one section and one interface, in nanoseconds."""
    times = spaced_times_ns(len(frames)) if times_ns is None else times_ns
    head = section(order) + interface(order, link_type, snaplen, tsresol=9)
    return head + b"".join(enhanced_packet(f, t, order) for f, t in zip(frames, times, strict=True))


def snoop_header(link_type: int = 4, version: int = 2) -> bytes:
    """Return a snoop file header (RFC 1761); link type 4 is Ethernet."""
    return b"snoop\0\0\0" + struct.pack(">II", version, link_type)


def snoop_record(frame: bytes, time_ns: int = START_NS, dropped: int = 0, wire: int | None = None) -> bytes:
    """Return one snoop record; `dropped` is the cumulative count of lost packets."""
    seconds, fraction_ns = divmod(time_ns, NS_PER_S)
    body = padded(frame)
    length = len(frame) if wire is None else wire
    return struct.pack(">IIIIII", length, len(frame), 24 + len(body), dropped, seconds, fraction_ns // 1000) + body
