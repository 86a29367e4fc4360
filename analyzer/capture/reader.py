"""What every reader of captures offers, whatever the format of the file."""

from dataclasses import dataclass, field
from typing import Protocol

from analyzer.capture.batch import PacketBatch

LINK_NONE = -1  # link type (and interface) of a record that is a frame to Wireshark, with its number, but no packet
MAX_RECORD_BYTES = 16 << 20  # bytes of one packet; the largest legal ones (BIG TCP, USB) stay below 1 MiB
MAX_BLOCK_BYTES = 64 << 20  # bytes of one pcapng block; a block of TLS secrets may hold megabytes
MAX_INTERFACES = 65536  # in all sections; a file of nothing but interfaces must not fill the memory
MAX_COMMENTS = 1024  # that are kept; the rest is dropped


@dataclass
class Interface:
    """One interface of a capture: what the file says about it, and what it says it lost.

    `link_type` is the registry's LINKTYPE_ number, `snaplen` in bytes (0: no limit told), `resolution` printable
    ("microseconds", "nanoseconds", "2^-10 s"), `received` and `dropped` packets (None: not told), `dropped` the
    interface's and the operating system's drops together.
    """

    name: str
    description: str
    link_type: int
    snaplen: int
    resolution: str
    received: int | None = None
    dropped: int | None = None
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Damage:
    """Why reading ended before the end of the capture.

    `offset` is the byte in the capture (after decompression) where the first record that could not be read starts,
    `packet` the number of the last whole packet (0: none), `reason` half a sentence for a person.
    """

    offset: int
    packet: int
    reason: str


class CaptureReader(Protocol):
    """An open capture that is read once, front to back.

    `format` is "pcap", "pcapng" or "snoop"; `resolution` "microseconds", "nanoseconds" ("mixed" where interfaces
    differ, "" before a pcapng file told one); `bytes_read` and `size` are bytes of the file as stored (`size` None
    for a pipe); `packet_comments` counts packets that carry a comment, `untimed` records that carry no time and
    were given that of the record before them (0 at the very front). `damage` is set once reading ended early.
    """

    name: str
    format: str
    interfaces: list[Interface]
    comments: list[str]
    damage: Damage | None

    @property
    def resolution(self) -> str:
        """The unit of the file's times."""

    @property
    def compression(self) -> str | None:
        """The compression: "gzip", "xz", "bzip2", "zstd", "lz4" or None."""

    @property
    def bytes_read(self) -> int:
        """Bytes of the file, as stored, that were read so far."""

    @property
    def size(self) -> int | None:
        """Bytes of the file as stored, None where that is not known."""

    @property
    def packet_comments(self) -> int:
        """Packets with a comment so far."""

    @property
    def untimed(self) -> int:
        """Records without a time so far."""

    def next_batch(self, batch: PacketBatch) -> bool:
        """Fill the batch with at least one packet, or return False at the end; it stays valid until the next call."""

    def close(self) -> None:
        """Close the file if the reader opened it."""


def resolution_text(exponent: int, base: int = 10) -> str:
    """Return the printable name of a clock's unit of `base` to the minus `exponent` seconds."""
    names = {0: "seconds", 3: "milliseconds", 6: "microseconds", 9: "nanoseconds"}
    if base == 10 and exponent in names:
        return names[exponent]
    return f"{base}^-{exponent} s"


def printable(text: str) -> str:
    """Return the text with every character that could steer a terminal written as an escape."""
    plain = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in plain)
