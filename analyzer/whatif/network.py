"""The way from the sender to the receiver: one narrow link with a queue before it, a delay, and losses by chance."""

from __future__ import annotations

from bisect import bisect_left

from analyzer.whatif.circumstances import Circumstances

NS_PER_S = 1_000_000_000


class Network:
    """Takes packets in the order in which they are sent; `dropped` counts what the queue had no room for."""

    def __init__(self, met: Circumstances) -> None:
        """Make an empty one."""
        self._met = met
        self._free_ns = 0
        self._left = dict(met.lost)
        self._starts = sorted(met.lost)
        self.dropped = self.lost = 0

    def send(self, now_ns: int, start: int, end: int) -> int | None:
        """Return when a packet with these bytes arrives, None where it is lost."""
        rate = self._met.rate
        if rate is not None:
            waits_ns = max(self._free_ns - now_ns, 0)
            queue = self._met.queue_bytes
            if queue is not None and waits_ns * rate // NS_PER_S + end - start > queue:
                self.dropped += 1
                return None
            self._free_ns = now_ns + waits_ns + (end - start) * NS_PER_S // rate
        if self._is_lost(start, end):
            self.lost += 1
            return None
        return max(self._free_ns, now_ns) + self._met.base_ns // 2

    def _is_lost(self, start: int, end: int) -> bool:
        """Return whether a packet is lost by chance: a copy that the path still has to lose begins within it."""
        at = bisect_left(self._starts, start)
        while at < len(self._starts) and self._starts[at] < end:
            if self._left[self._starts[at]] > 0:
                self._left[self._starts[at]] -= 1
                return True
            at += 1
        return False
