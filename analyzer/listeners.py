"""The listeners of a capture as detectors and views read them: figures by name, addresses as text."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.addresses import address_text, end_text
from analyzer.cookies import Verdict, judge
from reconstruct.listener import BUCKETS, Listener
from reconstruct.listeners import Listeners
from reconstruct.vocabulary import Met

_CELLS = 4
_ALPHA = 0.709  # of HyperLogLog with 64 registers (Flajolet et al. 2007, figure 3)


@dataclass(frozen=True)
class MetSeen:
    """How many connections met something, the sum and the largest of its figures, the first of them, its frames."""

    count: int
    total: int
    most: int
    flow: int
    frames: tuple[int, ...]


class ListenerSeen:
    """What a detector may know of one listener; counts are as `reconstruct.listener.Listener` has them."""

    def __init__(self, listener: Listener, cookies: Verdict) -> None:
        """Look at a finished account."""
        self._listener = listener
        self.cookies = cookies
        self.ip_version = listener.ip_version
        self.address = address_text(listener.ip_version, listener.hi, listener.lo)
        self.port = listener.port
        self.text = end_text(self.address, listener.port)
        self.connections, self.completed = listener.connections, listener.completed
        self.refused, self.reset = listener.refused, listener.reset
        self.never, self.pending = listener.never, listener.pending
        self.resent, self.alone = listener.resent, listener.alone
        self.sack, self.timestamps, self.scale = listener.sack, listener.timestamps, listener.scale
        self.ttl_low, self.ttl_high = listener.ttl_low, listener.ttl_high
        self.first_flow, self.first_ns, self.last_ns = listener.first_flow, listener.first_ns, listener.last_ns
        self.stateless_ns = listener.stateless_ns
        self.base_ns, self.width_ns = listener.base_ns, listener.width_ns
        self.sources = tuple(address_text(listener.ip_version, high, low) for high, low in listener.sources)

    def met(self, kind: Met) -> MetSeen:
        """Return how many connections met something while they opened."""
        at = _CELLS * kind
        cells = self._listener.cells
        frames = tuple(sorted(self._listener.kept.get(kind, ())))
        return MetSeen(cells[at], cells[at + 1], cells[at + 2], cells[at + 3], frames)

    def line(self, row: int) -> list[int]:
        """Return a row of the time line: connections by when they began, in buckets of `width_ns`."""
        return list(self._listener.line[row * BUCKETS : (row + 1) * BUCKETS])

    def peak_per_s(self, row: int) -> float:
        """Return the most connections that one row of the time line has in a second, or in a bucket if that is more."""
        line = self.line(row)
        wide = max(1, round(1e9 / self.width_ns))
        most = max(sum(line[at : at + wide]) for at in range(len(line) - wide + 1))
        return most * 1e9 / (wide * self.width_ns)

    def remembered_before(self, time_ns: int) -> int:
        """Return how many of the connections whose SYN-ACK was sent again began before a time."""
        return sum(start < time_ns for start in self._listener.starts)

    @property
    def clients(self) -> int:
        """Return about how many addresses connected (HyperLogLog, 13 % off; exact for very few)."""
        registers = list(self._listener.registers)
        empty = registers.count(0)
        size = len(registers)
        if empty and size * math.log(size / empty) <= 2.5 * size:
            return max(len(self.sources), round(size * math.log(size / empty)))
        return round(_ALPHA * size * size / sum(2.0**-rank for rank in registers))


def listeners_seen(listeners: Listeners) -> list[ListenerSeen]:
    """Return the listeners in order of appearance, each with the verdict on its cookies."""
    listed = listeners.in_order()
    return list(_paired(listed, judge(listed)))


def _paired(listed: list[Listener], verdicts: list[Verdict]) -> Iterator[ListenerSeen]:
    for listener, verdict in zip(listed, verdicts, strict=True):
        yield ListenerSeen(listener, verdict)
