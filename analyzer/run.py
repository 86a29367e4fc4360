"""One pass over captures: from their readers through the replay to the facts and to what detectors read."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from analyzer.capture.batch import PacketBatch
from analyzer.capture.ledger import Ledger, Skip
from analyzer.capture.open import open_capture
from analyzer.capture.reader import CaptureReader
from analyzer.cookies import PRIOR
from analyzer.facts import CaptureFacts
from analyzer.findings import FlowSeen, Seen
from analyzer.ingest import Ingest
from analyzer.linktypes import link_type_name
from analyzer.listeners import ListenerSeen, listeners_seen
from analyzer.pairs import pairs_seen
from analyzer.settings import Settings
from analyzer.source import Source
from reconstruct.flows import FlowTable
from reconstruct.recorder import Recorder
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Tally

Progress = Callable[[int, int | None], None]
"""Called now and then with the bytes read and the bytes there are (None for a pipe)."""

NO_TIME_LIMIT = (1 << 63) - 1


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from looking for garbage: the replay and the detectors make no cycles.

    Looking for some among the objects of a hundred thousand connections took a third of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Run:
    """One pass over the captures."""

    def __init__(self, sources: list[Source], settings: ReplaySettings, recorder: Recorder, tally: Tally) -> None:
        self.recorder = recorder
        self.tally = tally
        self.ledger = Ledger()
        self.table = FlowTable(settings, recorder, tally)
        self.ingest = Ingest(self.table, self.ledger)
        self.interrupted = False
        self.readers: list[CaptureReader] = []
        self.listeners: list[ListenerSeen] = []
        self._open(sources)

    def _open(self, sources: list[Source]) -> None:
        try:
            for source in sources:
                self.readers.append(open_capture(source.again()))
        except BaseException:
            self._close()
            raise

    def _close(self) -> None:
        for reader in self.readers:
            reader.close()

    def read(self, progress: Progress | None) -> None:
        """Read everything, in order of time over the files."""
        try:
            if len(self.readers) == 1:
                self._read_one(self.readers[0], progress)
            else:
                self._read_merged(progress)
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self._close()
        self.table.finish(self.ingest.last_time_ns)
        if self.tally.limit >= 0:
            self.tally.cut(self.table.flows, self.table.directions)
        self.listeners = listeners_seen(self.table.listeners)
        self.table.listeners.mark(self.table.flows, round(1_000_000 * PRIOR))
        if self.table.late:
            self.ledger.add(Skip.LATE, self.table.first_late, self.table.late)

    def _read_one(self, reader: CaptureReader, progress: Progress | None) -> None:
        batch = PacketBatch()
        while reader.next_batch(batch):
            self.ingest.run(batch, 0, NO_TIME_LIMIT)
            if progress is not None:
                progress(reader.bytes_read, reader.size)

    def _read_merged(self, progress: Progress | None) -> None:
        """Take packets from whichever file has the earliest one next."""
        heads = [_Head(reader) for reader in self.readers]
        heads = [head for head in heads if head.fill()]
        while heads:
            heads.sort(key=_Head.next_time_ns)
            head = heads[0]
            until_ns = heads[1].next_time_ns() if len(heads) > 1 else NO_TIME_LIMIT
            head.index = self.ingest.run(head.batch, head.index, until_ns)
            if head.index == head.batch.count:
                if progress is not None:
                    self._report(progress)
                if not head.fill():
                    heads.pop(0)

    def _report(self, progress: Progress) -> None:
        sizes = [reader.size for reader in self.readers]
        known = [size for size in sizes if size is not None]
        progress(sum(reader.bytes_read for reader in self.readers), sum(known) if len(known) == len(sizes) else None)

    def facts(self) -> CaptureFacts:
        """Return what the capture is."""
        interfaces = [interface for reader in self.readers for interface in reader.interfaces]
        drops = [interface.dropped for interface in interfaces if interface.dropped is not None]
        snaplens = [interface.snaplen for interface in interfaces]
        return CaptureFacts(
            names=[reader.name for reader in self.readers],
            formats=[reader.format for reader in self.readers],
            compressions=[reader.compression for reader in self.readers],
            link_types=list(dict.fromkeys(link_type_name(interface.link_type) for interface in interfaces)),
            interfaces=interfaces,
            snaplen=max(snaplens) if snaplens and all(snaplens) else None,
            first_time_ns=self.ingest.first_time_ns,
            last_time_ns=self.ingest.last_time_ns,
            packets=self.ingest.frame,
            segments=self.ingest.segments,
            connections=self.tally.connections,
            dropped=sum(drops) if drops else None,
            comments=[comment for reader in self.readers for comment in reader.comments],
            damages=[reader.damage for reader in self.readers if reader.damage is not None],
        )

    def seen(self, facts: CaptureFacts, settings: Settings) -> Seen:
        """Return what the detectors read, with the thresholds that they heed."""
        tally, ingest = self.tally, self.ingest
        return Seen(
            packets=facts.packets,
            segments=facts.segments,
            connections=facts.connections,
            dropped=facts.dropped,
            one_sided=tally.one_sided.connections,
            one_sided_frames=tally.one_sided.frames,
            missing_bytes=tally.missing.total,
            missing_connections=tally.missing.connections,
            missing_frames=tally.missing.frames,
            invalid=tally.invalid.total,
            invalid_connections=tally.invalid.connections,
            invalid_frames=tally.invalid.frames,
            oversized=tally.oversized.total,
            oversized_frames=tally.oversized.frames,
            clock_steps=ingest.steps,
            clock_step_frames=ingest.step_frames,
            damages=[
                (reader.name, reader.damage.offset, reader.damage.packet, reader.damage.reason)
                for reader in self.readers
                if reader.damage is not None
            ],
            last_time_ns=facts.last_time_ns,
            flows=[FlowSeen(notable) for notable in self.table.notable.in_order()],
            flows_passed_over=self.table.notable.passed_over,
            pairs=pairs_seen(self.table.pairs, facts.last_time_ns),
            listeners=self.listeners,
            settings=settings,
        )


class _Head:
    """Where the merging stands in one file."""

    def __init__(self, reader: CaptureReader) -> None:
        self.reader = reader
        self.batch = PacketBatch()
        self.index = 0

    def fill(self) -> bool:
        """Read on; False at the end."""
        self.index = 0
        return self.reader.next_batch(self.batch)

    def next_time_ns(self) -> int:
        """Return the time of the next packet."""
        return self.batch.time_ns[self.index]
