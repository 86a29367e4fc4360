"""Columns of segments become records of a pcap file, a hundred thousand at a time.

Every header is a packed NumPy record with the names of its fields; all segments with the same headers are filled in at
once. One connection in five is IPv6. IP checksums are right, TCP checksums are zero, as where the network card fills
them in.
"""

import struct
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.void]
Numbers = NDArray[np.int64]

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
SACK_BLOCKS = 3  # beside time stamps no more fit into 40 bytes of options (RFC 2018 3)

# One segment: `seq`, `ack` and SACK edges are offsets from the two initial sequence numbers.
SEGMENT = np.dtype(
    [
        ("time_ns", "i8"), ("rtt_ns", "i8"), ("connection", "i8"), ("from_client", "?"), ("flags", "u1"),
        ("seq", "i8"), ("ack", "i8"), ("payload", "i8"), ("window", "i8"), ("blocks", "u1"),
        ("sack", "i8", (SACK_BLOCKS, 2)),
    ]
)  # fmt: skip

RECORD = [("second", "<u4"), ("fraction", "<u4"), ("captured", "<u4"), ("wire", "<u4")]
ETHERNET = [("target_mac", "S6"), ("source_mac", "S6"), ("ether_type", ">u2")]
IPV4 = [
    ("version", ">u2"), ("total", ">u2"), ("id", ">u2"), ("fragment", ">u2"), ("ttl", "u1"), ("protocol", "u1"),
    ("checksum", ">u2"), ("source", ">u4"), ("target", ">u4"),
]  # fmt: skip
IPV6 = [
    ("version", ">u4"), ("total", ">u2"), ("protocol", "u1"), ("ttl", "u1"), ("source_net", ">u8"), ("source", ">u8"),
    ("target_net", ">u8"), ("target", ">u8"),
]  # fmt: skip
TCP = [
    ("source_port", ">u2"), ("target_port", ">u2"), ("seq", ">u4"), ("ack", ">u4"), ("offset", "u1"), ("flags", "u1"),
    ("window", ">u2"), ("zero", ">u4"),
]  # fmt: skip
STAMPS = [("stamp_head", ">u4"), ("tsval", ">u4"), ("tsecr", ">u4")]
SYN_OPTIONS = [("mss", ">u4"), ("sack_permitted", ">u2"), ("stamp_head", ">u2"), ("tsval", ">u4"), ("tsecr", ">u4"),
               ("scale", ">u4")]  # fmt: skip
SACK = [("sack_head", ">u4")]

MSS = 1448  # bytes of data beside time stamps on a path of 1500 bytes
WINDOW_SCALE = 14  # the largest (RFC 7323 2.3): captures with holes need a window of a gigabyte
START_S = 1_700_000_000  # seconds since the epoch
MIN_FRAME = 60  # bytes of an Ethernet frame without its checksum
BLOCK = 131_072  # segments that are written at once
CLIENT_PORTS = 28_000  # different ones per client
NS_PER_S = 1_000_000_000


def initial_sequence(connection: Numbers, from_client: NDArray[np.bool_]) -> Numbers:
    """Return well mixed initial sequence numbers; every fourth connection starts just below the wrap."""
    mixed = (connection * 2_654_435_761 + np.where(from_client, 40_503, 1_013_904_223)) & 0xFFFF_FFFF
    return np.where(connection % 4 == 3, 0xFFFF_0000 + (mixed & 0x7FFF), mixed)


class CaptureWriter:
    """A pcap file that takes columns of segments, in order of time; a context manager.

    `snaplen` bytes of every packet are kept at most. `packets` and `bytes_written` tell what the file holds.
    """

    def __init__(self, path: Path, snaplen: int, nanoseconds: bool = False) -> None:
        self.packets = 0
        self.bytes_written = 24
        self._snaplen = snaplen
        self._ns_per_tick = 1 if nanoseconds else 1000
        self._file = path.open("wb")
        magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
        self._file.write(struct.pack("<IHHiIII", magic, 2, 4, 0, 0, snaplen, 1))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def write(self, segments: Columns) -> None:
        """Append segments."""
        for start in range(0, len(segments), BLOCK):
            self._write_block(segments[start : start + BLOCK])

    def _write_block(self, segments: Columns) -> None:
        six = segments["connection"] % 5 == 4
        syn = (segments["flags"] & SYN) != 0
        header = 14 + np.where(six, 40, 20) + 20 + np.where(syn, 20, 12 + np.where(segments["blocks"] > 0, 4, 0))
        header += 8 * segments["blocks"].astype(np.int64)
        wire = np.maximum(header + segments["payload"], MIN_FRAME)
        captured = np.minimum(wire, self._snaplen)
        ends = np.cumsum(captured + 16)
        starts = ends - captured - 16
        out = np.zeros(int(ends[-1]), np.uint8)
        shapes = segments["blocks"] * 4 + syn * 2 + six
        for shape in np.unique(shapes):
            chosen = np.flatnonzero(shapes == shape)
            records = self._records(segments[chosen], bool(shape & 1), bool(shape & 2), int(shape) >> 2)
            records["captured"], records["wire"] = captured[chosen], wire[chosen]
            rows = records.view(np.uint8).reshape(len(chosen), -1)[:, : 16 + self._snaplen]
            out[starts[chosen, None] + np.arange(rows.shape[1])] = rows
        self._file.write(out.data)
        self.packets += len(segments)
        self.bytes_written += len(out)

    def _records(self, segments: Columns, six: bool, syn: bool, blocks: int) -> Columns:
        edges = [(f"edge{side}{block}", ">u4") for block in range(blocks) for side in ("_left", "_right")]
        options: list[Any] = SYN_OPTIONS if syn else STAMPS + (SACK + edges if blocks else [])
        option_bytes = np.dtype(options).itemsize
        records = np.zeros(len(segments), np.dtype([*RECORD, *ETHERNET, *(IPV6 if six else IPV4), *TCP, *options]))
        records["second"] = START_S + segments["time_ns"] // NS_PER_S
        records["fraction"] = segments["time_ns"] % NS_PER_S // self._ns_per_tick
        near, far = b"\x02\xaa\0\0\0\x01", b"\x02\xbb\0\0\0\x02"
        records["source_mac"] = np.where(segments["from_client"], near, far)
        records["target_mac"] = np.where(segments["from_client"], far, near)
        (fill_ipv6 if six else fill_ipv4)(records, segments, 20 + option_bytes)
        fill_tcp(records, segments, option_bytes)
        fill_options(records, segments, syn, blocks)
        return records


def addresses(segments: Columns) -> tuple[Numbers, Numbers]:
    """Return the client's and the server's number; clients are scattered, as those of a real capture are."""
    client = segments["connection"] // CLIENT_PORTS + segments["connection"] % CLIENT_PORTS * 599
    return client * 2_654_435_761 & 0xFF_FFFF, segments["connection"] % 250


def fill_ipv4(records: Columns, segments: Columns, tcp_bytes: int) -> None:
    """Fill in an IPv4 header with its checksum (RFC 791 3.1)."""
    client, server = addresses(segments)
    client, server = 0x0A00_0000 + client, 0xC633_6401 + server
    records["ether_type"] = 0x0800
    records["version"] = 0x4500
    records["total"] = 20 + tcp_bytes + segments["payload"]
    records["id"] = segments["time_ns"] // 1000 & 0xFFFF
    records["fragment"] = 0x4000
    records["ttl"], records["protocol"] = 64, 6
    records["source"] = np.where(segments["from_client"], client, server)
    records["target"] = np.where(segments["from_client"], server, client)
    total = records["version"].astype(np.int64) + records["total"] + records["id"] + records["fragment"] + 0x4006
    for name in ("source", "target"):
        total += (records[name] >> 16) + (records[name] & 0xFFFF)
    total = (total & 0xFFFF) + (total >> 16)
    records["checksum"] = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def fill_ipv6(records: Columns, segments: Columns, tcp_bytes: int) -> None:
    """Fill in an IPv6 header with addresses of 2001:db8::/32 (RFC 8200 3)."""
    client, server = addresses(segments)
    records["ether_type"] = 0x86DD
    records["version"] = 0x6000_0000
    records["total"] = tcp_bytes + segments["payload"]
    records["ttl"], records["protocol"] = 64, 6
    records["source_net"] = records["target_net"] = 0x2001_0DB8_0000_0000
    records["source"] = np.where(segments["from_client"], client + 0x1_0000_0000, server)
    records["target"] = np.where(segments["from_client"], server, client + 0x1_0000_0000)


def fill_tcp(records: Columns, segments: Columns, option_bytes: int) -> None:
    """Fill in a TCP header (RFC 9293 3.1)."""
    connection, from_client = segments["connection"], segments["from_client"]
    client_port = 32_768 + connection % CLIENT_PORTS
    server_port = np.array([443, 8080, 5201])[connection % 3]
    records["source_port"] = np.where(from_client, client_port, server_port)
    records["target_port"] = np.where(from_client, server_port, client_port)
    records["seq"] = initial_sequence(connection, from_client) + segments["seq"] & 0xFFFF_FFFF
    acknowledges = (segments["flags"] & ACK) != 0
    peer = initial_sequence(connection, ~from_client) + segments["ack"] & 0xFFFF_FFFF
    records["ack"] = np.where(acknowledges, peer, 0)
    records["offset"] = (20 + option_bytes) // 4 << 4
    records["flags"] = segments["flags"]
    records["window"] = segments["window"]


def fill_options(records: Columns, segments: Columns, syn: bool, blocks: int) -> None:
    """Fill in the options of a SYN, or time stamps with SACK blocks (RFC 9293 3.2, RFC 7323, RFC 2018)."""
    clock_ms = segments["time_ns"] // 1_000_000 + segments["connection"] * 17
    acknowledges = (segments["flags"] & ACK) != 0
    records["tsval"] = clock_ms & 0xFFFF_FFFF
    records["tsecr"] = np.where(acknowledges, clock_ms - segments["rtt_ns"] // 1_000_000, 0) & 0xFFFF_FFFF
    if syn:
        records["mss"] = 0x0204_05B4
        records["sack_permitted"] = 0x0402
        records["stamp_head"] = 0x080A
        records["scale"] = 0x0103_0300 + WINDOW_SCALE
        return
    records["stamp_head"] = 0x0101_080A
    if blocks:
        records["sack_head"] = 0x0101_0500 + 2 + 8 * blocks
    peer = initial_sequence(segments["connection"], ~segments["from_client"])
    for block in range(blocks):
        records[f"edge_left{block}"] = peer + segments["sack"][:, block, 0] & 0xFFFF_FFFF
        records[f"edge_right{block}"] = peer + segments["sack"][:, block, 1] & 0xFFFF_FFFF
