"""What became of single frames: the decoded segment, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from analyzer.capture.batch import PacketBatch
from analyzer.capture.ledger import Ledger, Skip
from analyzer.capture.open import open_capture
from analyzer.ingest import Ingest
from reconstruct.flows import FlowTable
from reconstruct.recorder import Recorder
from reconstruct.segment import Segment
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Tally

_ONE_PACKET = -(1 << 63)  # no packet is as old: the loop takes one and stops


@dataclass
class FrameFate:
    """What a frame was: a TCP segment (`Skip.NONE`, with the decoded `segment`), or why not; its time."""

    skip: Skip
    time_ns: int = UNKNOWN
    segment: Segment | None = None


@dataclass
class _Noting(Ledger):
    """A ledger that remembers the reasons of some frames."""

    wanted: Collection[int] = ()
    reasons: dict[int, Skip] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def add(self, skip: int, frame: int, count: int = 1) -> None:
        """Note the reason of a frame that is asked for."""
        super().add(skip, frame, count)
        if frame in self.wanted:
            self.reasons[frame] = Skip(skip)


def skips_of(capture: Any, frames: Collection[int]) -> dict[int, Skip]:
    """Read a capture and return why these frames gave no segment; those that did are left out."""
    ledger = _Noting(frozenset(frames))
    if frames:
        _read(capture, ledger, max(frames))
    return ledger.reasons


def fate_of(capture: Any, frame: int) -> FrameFate:
    """Read a capture up to a frame, which must be there, and return what it was."""
    ledger = _Noting(frozenset([frame]))
    ingest, late = _read(capture, ledger, frame)
    if frame in ledger.reasons:
        return FrameFate(ledger.reasons[frame], ingest.last_time_ns)
    return FrameFate(Skip.LATE if late else Skip.NONE, ingest.last_time_ns, ingest.segment)


def _read(capture: Any, ledger: Ledger, last: int) -> tuple[Ingest, bool]:
    """Take packets up to the frame `last`; tell whether that one came after its connection was finished."""
    table = FlowTable(ReplaySettings(), Recorder(False, False), Tally())
    ingest = Ingest(table, ledger)
    reader, batch = open_capture(capture), PacketBatch()
    late = 0
    try:
        while ingest.frame < last and reader.next_batch(batch):
            index = 0
            if ingest.frame + batch.count < last:
                index = ingest.run(batch, 0, (1 << 63) - 1)
            while index < batch.count and ingest.frame < last:
                late = table.late
                index = ingest.run(batch, index, _ONE_PACKET)
    finally:
        reader.close()
    return ingest, table.late > late
