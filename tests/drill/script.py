"""What a segment script says, before anybody makes bytes or cursors of it."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

NS_PER_S = 1_000_000_000
START_NS = 1_700_000_000 * NS_PER_S  # any date; scripts that do not name a start begin here
SEQ_MODULUS = 1 << 32

Address = IPv4Address | IPv6Address


class DrillError(ValueError):
    """A script that says something which the notation does not know; told with its line."""


@dataclass(frozen=True)
class End:
    """One end of a flow: where it lives, and the wire number that its offset 0 has."""

    address: Address
    port: int
    isn: int = 0


@dataclass(frozen=True)
class FlowSpec:
    """One connection of a script: its name in the lines, its ends and the VLAN tags of its frames, outermost first."""

    name: str
    client: End
    server: End
    vlan: tuple[int, ...] = ()


@dataclass(frozen=True)
class TcpOption:
    """One TCP option as the header carries it; kinds 0 and 1 have no length byte, `raw` ones are written as given."""

    kind: int
    value: bytes = b""
    raw: bool = False


@dataclass(frozen=True)
class Line:
    """One packet of a script: a segment of a flow, or `frame`, bytes that are no segment of ours.

    `seq` and `ack` are offsets from the ISN of the sender and of its peer; `sack` the edges of blocks of the peer's
    bytes; `flags` the nine TCP flag bits; times in ns since the epoch; `ip_len` replaces the IP length field.
    """

    text_line: int
    time_ns: int
    flow: FlowSpec | None = None
    from_client: bool = True
    flags: int = 0
    seq: int = 0
    payload_len: int = 0
    ack: int = 0
    window: int = 0
    options: tuple[TcpOption, ...] = ()
    ttl: int = 64
    ip_id: int | None = None
    ecn: int = 0
    urgent: int = 0
    ip_len: int | None = None
    frame: bytes | None = None

    @property
    def sender(self) -> End:
        """The end that sends it."""
        assert self.flow is not None
        return self.flow.client if self.from_client else self.flow.server

    @property
    def receiver(self) -> End:
        """The end that it is for."""
        assert self.flow is not None
        return self.flow.server if self.from_client else self.flow.client


@dataclass
class FileSpec:
    """What kind of capture file a script becomes; `snaplen` 0 keeps whole packets, `cut` bytes lack at the end."""

    format: str = "pcap"
    nano: bool = True
    order: str = "<"
    link: str = "ethernet"
    compression: str | None = None
    snaplen: int = 0
    cut: int = 0
    dropped: int | None = None
    comment: str | None = None


@dataclass
class Script:
    """A whole script: the file that it becomes, its flows and its packets in order."""

    file: FileSpec = field(default_factory=FileSpec)
    flows: dict[str, FlowSpec] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
