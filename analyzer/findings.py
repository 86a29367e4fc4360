"""Findings: something a person would act on, with its evidence; what the detectors may read; what a detector is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from analyzer.listeners import ListenerSeen, MetSeen
from analyzer.pairs import PairsSeen
from analyzer.settings import Settings
from reconstruct.notable import NotableFlow
from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS
from reconstruct.seq import UNKNOWN
from reconstruct.signs import Signs
from reconstruct.vocabulary import Sender, Sign

MAX_FRAMES = 20  # frames named as evidence
MAX_OF_A_KIND = 100  # findings of one name in one analysis, the worst ones

_FLOW_INDEX = {column: index for index, column in enumerate(FLOW_COLUMNS)}
_DIRECTION_INDEX = {column: index for index, column in enumerate(DIRECTION_COLUMNS)}


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One diagnosis: what, how bad, where, how sure, in a sentence, and what to do.

    `flow` is None where it is about the whole capture; `frames` are at most `MAX_FRAMES`; `confidence` is 0 to 1;
    `filter` is a Wireshark display filter that shows the evidence; `cost_s` is the time that it cost, as far as can be
    said: of two findings of equal severity the dearer one is told first.
    """

    finding: str
    severity: Severity
    flow: int | None
    first_frame: int | None
    last_frame: int | None
    frames: tuple[int, ...]
    confidence: float
    summary: str
    advice: str
    filter: str
    cost_s: float = 0.0


class EndSeen:
    """What a connection showed of one end: its row of `directions`, and its signs."""

    def __init__(self, sender: Sender, row: tuple[int, ...], signs: Signs | None) -> None:
        """Take over the raw cells."""
        self.sender = sender
        self._row = row
        self._signs = signs

    def known(self, column: str) -> int | None:
        """Return a cell of `DIRECTION_COLUMNS`, None where it is unknown."""
        cell = self._row[_DIRECTION_INDEX[column]]
        return None if cell == UNKNOWN else cell

    def number(self, column: str) -> int:
        """Return a cell of `DIRECTION_COLUMNS`, 0 where it is unknown."""
        cell = self._row[_DIRECTION_INDEX[column]]
        return 0 if cell == UNKNOWN else cell

    def count(self, *signs: Sign) -> int:
        """Return how often the end showed one of these signs."""
        if self._signs is None:
            return 0
        if len(signs) == 1:
            return self._signs.count(signs[0], self.sender)
        return sum(self._signs.count(sign, self.sender) for sign in signs)

    def total(self, sign: Sign) -> int:
        """Return the sum of a sign's figures."""
        return self._signs.total(sign, self.sender) if self._signs else 0

    def most(self, sign: Sign) -> int:
        """Return the largest figure of a sign, 0 where it never showed."""
        return self._signs.most(sign, self.sender) if self._signs else 0

    def frames(self, *signs: Sign) -> list[int]:
        """Return the first frames of these signs, in order."""
        if self._signs is None:
            return []
        return sorted(frame for sign in signs for frame in self._signs.frames(sign, self.sender))


class FlowSeen:
    """What a detector may know of one connection."""

    def __init__(self, notable: NotableFlow) -> None:
        """Take over the raw rows."""
        self._row = notable.flow
        self.client = EndSeen(Sender.CLIENT, notable.client, notable.signs)
        self.server = EndSeen(Sender.SERVER, notable.server, notable.signs)
        self.flow = notable.flow[0]

    def known(self, column: str) -> int | None:
        """Return a cell of `FLOW_COLUMNS`, None where it is unknown."""
        cell = self._row[_FLOW_INDEX[column]]
        return None if cell == UNKNOWN else cell

    def number(self, column: str) -> int:
        """Return a cell of `FLOW_COLUMNS`, 0 where it is unknown."""
        cell = self._row[_FLOW_INDEX[column]]
        return 0 if cell == UNKNOWN else cell

    def ends(self) -> Iterator[tuple[EndSeen, EndSeen]]:
        """Return each end with its peer, the client first."""
        yield self.client, self.server
        yield self.server, self.client


@dataclass
class Seen:
    """What the detectors may read: the finished account of a capture.

    Counts are over the whole capture; `*_frames` are the first frames of evidence. `flows` are the connections that
    showed anything a diagnosis may be about, `flows_passed_over` counts those beyond the room for them;
    `pairs` are what those between the same ends add up to, `listeners` the servers' addresses and ports, with what
    connections met there while they opened.
    """

    packets: int = 0
    segments: int = 0
    connections: int = 0
    dropped: int | None = None
    one_sided: int = 0
    one_sided_frames: list[int] = field(default_factory=list)
    missing_bytes: int = 0
    missing_connections: int = 0
    missing_frames: list[int] = field(default_factory=list)
    invalid: int = 0
    invalid_connections: int = 0
    invalid_frames: list[int] = field(default_factory=list)
    oversized: int = 0
    oversized_frames: list[int] = field(default_factory=list)
    clock_steps: int = 0
    clock_step_frames: list[int] = field(default_factory=list)
    damages: list[tuple[str, int, int, str]] = field(default_factory=list)
    last_time_ns: int = UNKNOWN
    flows: list[FlowSeen] = field(default_factory=list)
    flows_passed_over: int = 0
    pairs: PairsSeen = field(default_factory=PairsSeen)
    listeners: list[ListenerSeen] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True)
class Detector:
    """A pure function from the finished account to findings of one name; `analyzer.told` has the words about it."""

    name: str
    find: Callable[[Seen], Iterable[Finding]]

    def __call__(self, seen: Seen) -> list[Finding]:
        """Return what it finds."""
        return list(self.find(seen))


def about_captures(find: Callable[[Seen], Iterable[Finding]]) -> Detector:
    """Make a detector of a function that reads the whole account; its name is that of the finding."""
    return Detector(find.__name__.replace("_", "-"), find)


def about_flows(find: Callable[[FlowSeen, Seen], Iterable[Finding]]) -> Detector:
    """Make a detector of a function that reads one connection; its name is that of the finding."""

    def find_in_all(seen: Seen) -> Iterator[Finding]:
        for flow in seen.flows:
            yield from find(flow, seen)

    return Detector(find.__name__.replace("_", "-"), find_in_all)


def filter_of(frames: Iterable[int]) -> str:
    """Return a display filter that shows these frames."""
    listed = ", ".join(str(frame) for frame in frames)
    return f"frame.number in {{{listed}}}" if listed else ""


def about_capture(
    finding: str,
    severity: Severity,
    frames: list[int],
    summary: str,
    advice: str,
    confidence: float = 1.0,
    cost_s: float = 0.0,
) -> Finding:
    """Make a finding about the whole capture from the frames that show it."""
    shown = tuple(frames[:MAX_FRAMES])
    first = shown[0] if shown else None
    last = shown[-1] if shown else None
    return Finding(finding, severity, None, first, last, shown, confidence, summary, advice, filter_of(shown), cost_s)


def about_flow(
    finding: str,
    severity: Severity,
    flow: FlowSeen,
    frames: list[int],
    summary: str,
    advice: str,
    *,
    confidence: float = 1.0,
    cost_s: float = 0.0,
) -> Finding:
    """Make a finding about one connection from the frames that show it; without frames its first and last count."""
    shown = tuple(frames[:MAX_FRAMES])
    first = shown[0] if shown else flow.known("first_frame")
    last = frames[-1] if frames else flow.known("last_frame")
    shows = f"tcp.stream == {flow.flow}" + (f" && {filter_of(shown)}" if shown else "")
    return Finding(finding, severity, flow.flow, first, last, shown, confidence, summary, advice, shows, cost_s)


def about_listener(
    finding: str,
    severity: Severity,
    listener: ListenerSeen,
    met: MetSeen,
    summary: str,
    advice: str,
    *,
    confidence: float = 1.0,
    cost_s: float = 0.0,
    frames: tuple[int, ...] | None = None,
) -> Finding:
    """Make a finding about what connections to a listener met; it is about the connection where that is one.

    Its filter shows the frames, or the listener where many connections met it.
    """
    shown = (met.frames if frames is None else frames)[:MAX_FRAMES]
    first, last = (shown[0], shown[-1]) if shown else (None, None)
    flow = met.flow if met.count == 1 else None
    family = "ipv6" if listener.ip_version == 6 else "ip"
    there = f"tcp.stream == {flow}" if flow is not None else f"{family}.addr == {listener.address}"
    where = there if flow is not None else f"{there} && tcp.port == {listener.port}"
    shows = f"{where} && {filter_of(shown)}" if shown and met.count <= MAX_FRAMES else where
    return Finding(finding, severity, flow, first, last, shown, confidence, summary, advice, shows, cost_s)
