"""One connection of `fixtures/truth`: its three captures, and what the sending kernel knew."""

import csv
import io
import json
import lzma
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import dpkt

TAPS = ("sender", "mid", "receiver")


@dataclass(frozen=True)
class Packet:
    """A TCP packet of the data sender; `time_ns` since the first packet of its capture, `seq` as on the wire."""

    frame: int
    time_ns: int
    seq: int
    length: int


@dataclass(frozen=True)
class Resent:
    """A retransmission: its frame at each tap (None where it never came), the kernel's cause, whether it was needed."""

    frames: dict[str, int | None]
    cause: str
    needed: bool


@dataclass(frozen=True)
class Known:
    """What the kernel knew from `time_ns` on, after the sender's `frame`; windows in segments of `snd_mss` bytes."""

    time_ns: int
    frame: int
    ca_state: str
    cwnd: int
    ssthresh: int
    rtt_us: int
    min_rtt_us: int
    rto_us: int
    snd_wnd: int
    snd_mss: int
    busy_us: int
    rwnd_limited_us: int


@dataclass
class Run:
    """A run by the name of its folder."""

    folder: Path
    facts: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        """Read what the run was."""
        self.facts = json.loads((self.folder / "run.json").read_text("utf-8"))

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def congestion_control(self) -> str:
        """What the sending kernel used."""
        return str(self.facts["congestion_control"])

    def capture(self, tap: str) -> Path:
        """Return the capture of a tap."""
        return self.folder / f"{tap}.pcap.xz"

    @cached_property
    def known(self) -> list[Known]:
        """What the kernel knew, in order of time."""
        text = lzma.decompress((self.folder / "kernel.csv.xz").read_bytes()).decode()
        rows = csv.DictReader(io.StringIO(text))
        names = [name for name in Known.__dataclass_fields__ if name != "ca_state"]
        return [Known(ca_state=row["ca_state"], **{name: int(row[name]) for name in names}) for row in rows]

    def known_before(self, frame: int) -> Known | None:
        """Return the last thing known before the sender's frame was sent, None before the first."""
        index = bisect_left(self.known, frame, key=lambda known: known.frame)
        return self.known[index - 1] if index else None

    @cached_property
    def resent(self) -> list[Resent]:
        """All retransmissions of the sender."""
        path = self.folder / "retransmissions.csv"
        if not path.exists():
            return []
        return [
            Resent({tap: int(row[tap]) if row[tap] else None for tap in TAPS}, row["cause"], row["needed"] == "1")
            for row in csv.DictReader(io.StringIO(path.read_text("ascii")))
        ]

    def resent_frames(self, tap: str) -> set[int]:
        """Return the frames of a tap's capture that are retransmissions."""
        return {frame for each in self.resent if (frame := each.frames[tap]) is not None}

    def packets(self, tap: str) -> list[Packet]:
        """Return the sender's packets at a tap, in the capture's order."""
        return [packet for is_sender, packet in self._packets(tap) if is_sender]

    def frames(self, tap: str) -> int:
        """Return how many packets a tap saw."""
        return sum(1 for _ in self._packets(tap))

    @cached_property
    def _heard(self) -> list[int]:
        return [packet.frame for is_sender, packet in self._packets("sender") if not is_sender]

    def is_current(self, known: Known, frame: int) -> bool:
        """Return whether the sender heard nothing between what is known and its frame."""
        return bisect_left(self._heard, frame) == bisect_left(self._heard, known.frame + 1)

    def _packets(self, tap: str) -> Iterator[tuple[bool, Packet]]:
        capture = dpkt.pcap.Reader(io.BytesIO(lzma.decompress(self.capture(tap).read_bytes())))
        start_ns = None
        for frame, (time_s, data) in enumerate(capture, 1):
            ip = dpkt.ip6.IP6(data) if data[0] >> 4 == 6 else dpkt.ip.IP(data)
            time_ns = round(time_s * 10**9)
            start_ns = time_ns if start_ns is None else start_ns
            tcp = ip.data
            if isinstance(tcp, dpkt.tcp.TCP) and self.facts["port"] in (tcp.sport, tcp.dport):
                total = ip.plen if data[0] >> 4 == 6 else ip.len - 4 * ip.hl
                packet = Packet(frame, int(time_ns - start_ns), tcp.seq, total - 4 * tcp.off)
                yield tcp.sport == self.facts["port"], packet
