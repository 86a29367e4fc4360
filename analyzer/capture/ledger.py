"""What was read but is no TCP segment: every packet that is skipped has a reason here."""

from dataclasses import dataclass
from enum import IntEnum


class Skip(IntEnum):
    """Why a packet gave no TCP segment; `NONE` says that it gave one."""

    NONE = 0
    NOT_IP = 1
    UDP = 2
    ICMP = 3
    OTHER_PROTOCOL = 4
    FRAGMENT = 5
    CUT_BY_SNAP_LENGTH = 6
    MALFORMED_IP = 7
    MALFORMED_TCP = 8
    UNKNOWN_LINK = 9
    NO_PACKET = 10
    QUOTED = 11
    LATE = 12
    LONG_TAIL = 13

    @property
    def text(self) -> str:
        """Return the reason as a person reads it."""
        return _TEXTS[self]


_TEXTS = {
    Skip.NONE: "TCP",
    Skip.NOT_IP: "not IP (ARP, LLDP, spanning tree ...)",
    Skip.UDP: "UDP",
    Skip.ICMP: "ICMP",
    Skip.OTHER_PROTOCOL: "another protocol over IP",
    Skip.FRAGMENT: "IP fragment whose packet is not whole",
    Skip.CUT_BY_SNAP_LENGTH: "headers cut by the snap length",
    Skip.MALFORMED_IP: "malformed IP header",
    Skip.MALFORMED_TCP: "malformed TCP header",
    Skip.UNKNOWN_LINK: "link type or encapsulation that is not decoded",
    Skip.NO_PACKET: "record that holds no packet",
    Skip.QUOTED: "TCP header quoted in an ICMP error",
    Skip.LATE: "TCP segment of a connection that was finished already",
    Skip.LONG_TAIL: "encapsulation that is not decoded",
}


@dataclass(frozen=True)
class Skipped:
    """One reason, how many packets it holds for, and the first of them."""

    reason: str
    count: int
    first_frame: int


class Ledger:
    """Counts of skipped packets by reason."""

    def __init__(self) -> None:
        """Make an empty ledger."""
        self._counts = [0] * len(Skip)
        self._first_frames = [0] * len(Skip)

    def add(self, skip: int, frame: int, count: int = 1) -> None:
        """Count packets that were skipped; `frame` is the first of them."""
        if not self._counts[skip]:
            self._first_frames[skip] = frame
        self._counts[skip] += count

    def count(self, skip: int) -> int:
        """Return how many packets were skipped for a reason."""
        return self._counts[skip]

    def rows(self) -> list[Skipped]:
        """Return the reasons that occurred, the most frequent first."""
        found = [
            Skipped(skip.text, self._counts[skip], self._first_frames[skip]) for skip in Skip if self._counts[skip] > 0
        ]
        return sorted(found, key=lambda row: (-row.count, row.first_frame))
