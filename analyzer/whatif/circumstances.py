"""What a simulated sender finds: the path, the losses, the writes of the application, the windows of the peer."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Circumstances:
    """What one direction of a connection met, as far as a capture shows it; offsets as in the tables, times in ns.

    `rate` is that of the narrowest link in bytes of payload a second (None: none showed), `queue_bytes` what waits
    before it at most (None: it never overflowed). `base_ns` is the shortest round trip. `lost` counts for a first byte
    how many copies of it the path lost by chance. `writes` are pairs of a time since the first byte and an offset: from
    then on the bytes from that offset on are there. `offers` are pairs of an acknowledgment and the right edge that the
    peer then offered.
    """

    mss: int
    first: int
    end: int
    base_ns: int
    rate: int | None = None
    queue_bytes: int | None = None
    lost: dict[int, int] = field(default_factory=dict)
    writes: tuple[tuple[int, int], ...] = ()
    offers: tuple[tuple[int, int], ...] = ()
    most_flight: int | None = None
    sack: bool = True
    timestamps: bool = True

    def written(self, now_ns: int) -> int:
        """Return the offset up to which the application has written at a time since the first byte."""
        at = bisect_right(self.writes, (now_ns, self.end))
        return self.writes[at][1] if at < len(self.writes) else self.end

    def next_write_ns(self, now_ns: int) -> int | None:
        """Return when the application writes next, None where it has written everything."""
        at = bisect_right(self.writes, (now_ns, self.end))
        return self.writes[at][0] if at < len(self.writes) else None

    def edge(self, ack: int, window: int | None) -> int:
        """Return the right edge that goes with an acknowledgment: by a fixed `window`, or as it was offered."""
        if window is not None or not self.offers:
            return ack + (window or self.end)
        at = bisect_right(self.offers, (ack, 1 << 62)) - 1
        known = self.offers[max(at, 0)]
        return max(ack - known[0], 0) + known[1]
