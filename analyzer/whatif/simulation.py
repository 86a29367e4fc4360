"""A transfer simulated event by event: the sender, the way there, the receiver, the way back."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from analyzer.whatif.circumstances import Circumstances
from analyzer.whatif.network import Network
from analyzer.whatif.receiver import Answer, Receiver
from analyzer.whatif.sender import Sender
from reconstruct.vocabulary import CongestionControl

BEGIN_NS = 1_000_000_000  # ns at which a simulation begins: models take 0 for "never"
LONGEST_NS = 24 * 3600 * 1_000_000_000  # ns that a simulated transfer may take: a day


@dataclass(frozen=True)
class Transfer:
    """How a simulated transfer went: ns until the last byte was acknowledged (None: it never was), and its figures."""

    completion_ns: int | None
    resent: int
    timeouts: int
    largest_window: int
    dropped: int


class Simulation:
    """One transfer under some circumstances."""

    def __init__(self, met: Circumstances, control: CongestionControl, window: int, rwnd: int | None = None) -> None:
        """Begin with an initial window of so many segments; `rwnd` fixes the window of the peer in bytes."""
        self._met = met
        self._rwnd = rwnd
        self._now_ns = BEGIN_NS
        self._events: list[tuple[int, int, tuple[int, int] | Answer]] = []
        self._count = 0
        self._network = Network(met)
        self._receiver = Receiver(met.first, met.sack)
        self._shifted = _Shifted(met)
        self._sender = Sender(self._shifted, control, window, self._put)
        self._sender.offer(met.edge(met.first, rwnd))

    def run(self) -> Transfer:
        """Run to the end."""
        self._sender.go_on(self._now_ns)
        while self._sender.una < self._met.end and self._step():
            pass
        done = self._sender.una >= self._met.end
        return Transfer(
            completion_ns=self._now_ns - BEGIN_NS if done else None,
            resent=self._sender.resent,
            timeouts=self._sender.timeouts,
            largest_window=self._sender.most * self._met.mss,
            dropped=self._network.dropped,
        )

    def _step(self) -> bool:
        """Go on to the next thing that happens; False where nothing does."""
        arrives_ns = self._events[0][0] if self._events else None
        written_ns = self._shifted.next_write_ns(self._now_ns)
        moments = [each for each in (arrives_ns, self._receiver.due_ns, self._sender.wake_ns, written_ns) if each]
        if not moments or min(moments) > LONGEST_NS:
            return False
        self._now_ns = max(min(moments), self._now_ns)
        if arrives_ns is not None and arrives_ns <= self._now_ns:
            self._arrive(heapq.heappop(self._events)[2])
        elif self._receiver.due_ns is not None and self._receiver.due_ns <= self._now_ns:
            self._reply(self._receiver.wake())
        else:
            self._sender.wake(self._now_ns)
            self._sender.go_on(self._now_ns)
        return True

    def _arrive(self, what: tuple[int, int] | Answer) -> None:
        if isinstance(what, Answer):
            self._sender.hear(self._now_ns, what, self._met.edge(what.ack, self._rwnd))
            self._sender.go_on(self._now_ns)
        else:
            answer = self._receiver.take(self._now_ns, *what)
            if answer is not None:
                self._reply(answer)

    def _put(self, at_ns: int, start: int, end: int) -> None:
        """Send a packet on its way."""
        arrives_ns = self._network.send(at_ns, start, end)
        if arrives_ns is not None:
            self._push(arrives_ns, (start, end))

    def _reply(self, answer: Answer) -> None:
        self._push(self._now_ns + self._met.base_ns - self._met.base_ns // 2, answer)

    def _push(self, at_ns: int, what: tuple[int, int] | Answer) -> None:
        self._count += 1
        heapq.heappush(self._events, (at_ns, self._count, what))  # the count keeps the order of what is due at once


class _Shifted(Circumstances):
    """Circumstances whose writes begin when the simulation does."""

    def __init__(self, met: Circumstances) -> None:
        super().__init__(**{name: getattr(met, name) for name in met.__dataclass_fields__})

    def written(self, now_ns: int) -> int:
        return super().written(now_ns - BEGIN_NS)

    def next_write_ns(self, now_ns: int) -> int | None:
        at_ns = super().next_write_ns(now_ns - BEGIN_NS)
        return None if at_ns is None else at_ns + BEGIN_NS
