"""The receiving end: what it has, and when it acknowledges what (RFC 5681 4.2, RFC 2018, RFC 2883)."""

from __future__ import annotations

from dataclasses import dataclass, field

DELAYED_ACK_NS = 40_000_000  # ns, Linux's least
QUICK_ACKS = 16  # acknowledgments at once at the start of a connection, Linux's TCP_MAX_QUICKACKS
MOST_BLOCKS = 3  # SACK blocks beside timestamps (RFC 2018 3)


@dataclass(frozen=True)
class Answer:
    """An acknowledgment; the first of `blocks` may be a D-SACK."""

    ack: int
    blocks: tuple[tuple[int, int], ...] = ()


@dataclass
class Receiver:
    """Takes packets as they arrive; `due_ns` is when a delayed acknowledgment goes out (None: none waits)."""

    ack: int
    sack: bool
    due_ns: int | None = None
    _held: list[tuple[int, int]] = field(default_factory=list)  # newest first
    _pending: int = 0
    _quick: int = QUICK_ACKS

    def take(self, now_ns: int, start: int, end: int) -> Answer | None:
        """Take a packet; return what goes back at once."""
        if end <= self.ack or any(low <= start and end <= high for low, high in self._held):
            return self._answer((start, end))
        filled = bool(self._held)
        if start > self.ack:
            self._hold(start, end)
            return self._answer()
        self._advance(end)
        self._pending += 1
        self._quick -= 1
        if filled or self._pending >= 2 or self._quick >= 0:
            return self._answer()
        self.due_ns = now_ns + DELAYED_ACK_NS
        return None

    def wake(self) -> Answer:
        """Return the acknowledgment that was delayed."""
        return self._answer()

    def _answer(self, twice: tuple[int, int] | None = None) -> Answer:
        self._pending = 0
        self.due_ns = None
        if not self.sack:
            return Answer(self.ack)
        blocks = ([twice] if twice else []) + self._held
        return Answer(self.ack, tuple(blocks[:MOST_BLOCKS]))

    def _hold(self, start: int, end: int) -> None:
        """Keep what does not continue; blocks that touch become one, the newest first."""
        apart = []
        for low, high in self._held:
            if low <= end and start <= high:
                start, end = min(low, start), max(high, end)
            else:
                apart.append((low, high))
        self._held = [(start, end), *apart]

    def _advance(self, end: int) -> None:
        self.ack = max(self.ack, end)
        while touching := [block for block in self._held if block[0] <= self.ack]:
            self.ack = max(self.ack, *(high for _, high in touching))
            self._held = [block for block in self._held if block[0] > self.ack]
