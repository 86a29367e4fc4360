"""Where a walk through the headers of one frame stands, and the ways in which it ends."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analyzer.capture.ledger import Skip

MAX_DEPTH = 24  # headers that are followed in one frame; real stacks of tunnels have less than ten


@dataclass(frozen=True)
class Layer:
    """An IP packet at `data[start:end]` that reached up to `limit` on the wire.

    `domain` is the id of the innermost tunnel whose ids tell tenants apart, 0 for none.
    """

    data: bytes
    start: int
    end: int
    limit: int
    domain: int


class NoPacketError(Exception):
    """The frame carries no IP packet that can be reached; `skip` says why."""

    def __init__(self, skip: Skip) -> None:
        """Keep the reason."""
        super().__init__(skip.text)
        self.skip = skip


class Walk:
    """A cursor in a frame: the next header starts at `at`, the capture ends at `end`, the wire's bytes at `limit`.

    `packet_at` is where the last IP header starts.
    """

    def __init__(self, data: bytes, limit: int) -> None:
        """Start at the first byte."""
        self.data = data
        self.at = self.packet_at = 0
        self.end = len(data)
        self.limit = limit
        self.domain = 0
        self.depth = 0

    def need(self, count: int) -> None:
        """Demand that the capture holds the next `count` bytes."""
        if self.at + count > self.end:
            raise NoPacketError(Skip.CUT_BY_SNAP_LENGTH if self.at + count <= self.limit else Skip.NOT_IP)

    def take(self, count: int) -> bytes:
        """Return the next bytes without passing them."""
        self.need(count)
        return self.data[self.at : self.at + count]

    def number(self, offset: int, count: int, order: str = "big") -> int:
        """Return the number of `count` bytes that is `offset` bytes ahead."""
        self.need(offset + count)
        field = self.data[self.at + offset : self.at + offset + count]
        return int.from_bytes(field, "big" if order == "big" else "little")

    def skip(self, count: int) -> None:
        """Pass bytes that the capture holds; each time is one header deeper."""
        self.need(count)
        self.at += count
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NoPacketError(Skip.UNKNOWN_LINK)

    def narrow(self, count: int) -> None:
        """Say that what is inside ends `count` bytes ahead: what follows there is padding or a trailer."""
        self.limit = min(self.limit, self.at + count)
        self.end = min(self.end, self.limit)

    def read(self, kind: Callable[[bytes], Any], count: int) -> Any:
        """Return the header that dpkt makes of the next bytes."""
        import dpkt

        # Beside its own errors dpkt lets through those of the fields that it trusts: too few bytes for a format, an
        # index past the end, a number no table has, an attribute that an unread header never got.
        failures = (dpkt.Error, struct.error, IndexError, KeyError, ValueError, AttributeError, TypeError)
        try:
            return kind(self.take(count))
        except failures as error:
            raise NoPacketError(Skip.NOT_IP) from error
