"""One analysis of one or several captures: what every output reads."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analyzer.capture.batch import PacketBatch
from analyzer.capture.ledger import Ledger, Skip, Skipped
from analyzer.capture.open import open_capture
from analyzer.capture.reader import CaptureReader, Damage, Interface
from analyzer.detectors import find_all
from analyzer.errors import UsageError
from analyzer.findings import Finding, FlowSeen, Seen
from analyzer.ingest import Ingest
from analyzer.linktypes import link_type_name
from analyzer.source import Source
from reconstruct.arrange import conceal_silent, in_order_of_flows, silent_ends, valid_events
from reconstruct.flows import FlowTable
from reconstruct.recorder import Recorder, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Sort, Tally
from reconstruct.vocabulary import Closing, Opening

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int | None], None]
"""Called now and then with the bytes read and the bytes there are (None for a pipe)."""

NO_TIME_LIMIT = (1 << 63) - 1


@dataclass
class CaptureFacts:
    """What the capture is; lists have one entry a file, `link_types` and `interfaces` what occurs in any of them.

    Times are ns since the epoch, `UNKNOWN` without a packet; `snaplen` bytes (None: no limit), `dropped` packets that
    the capture itself reports as lost (None: it does not say).
    """

    names: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    compressions: list[str | None] = field(default_factory=list)
    link_types: list[str] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    snaplen: int | None = None
    first_time_ns: int = UNKNOWN
    last_time_ns: int = UNKNOWN
    packets: int = 0
    segments: int = 0
    connections: int = 0
    dropped: int | None = None
    comments: list[str] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)


@dataclass
class Totals:
    """Sums over all connections; `openings` and `closings` by name, `bytes` of payload, each byte once."""

    connections: int
    openings: dict[str, int]
    closings: dict[str, int]
    segments: int
    bytes: int
    retransmissions: int
    out_of_order: int
    zero_window_episodes: int


class Analysis:
    """The result: facts, totals, findings, and the rows of every connection.

    `flow_rows`, `direction_rows` and `event_rows` hold raw cells (`reconstruct.recorder` names the columns); `flows`,
    `directions`, `events`, `findings`, `segments()` and `windows()` are the public tables as pandas DataFrames.
    """

    def __init__(self, sources: list[Source], settings: ReplaySettings, run: _Run, progress: Progress | None) -> None:
        """Take over what a run found."""
        self._sources = sources
        self._settings = settings
        self._progress = progress
        self._last_recording: tuple[int | None, Recorder] | None = None
        self.capture = run.facts()
        self.skipped: list[Skipped] = run.ledger.rows()
        self.totals = _totals(run.tally)
        self._silent = array("q")
        self.flow_rows, self.direction_rows = run.table.flows, run.table.directions
        if run.tally.limit < 0:
            self.flow_rows = in_order_of_flows(run.table.flows, 1)
            self.direction_rows = in_order_of_flows(run.table.directions, 2)
            self._silent = silent_ends(self.flow_rows)
        self.event_rows = valid_events(run.recorder.events, self._silent)
        self.interrupted = run.interrupted
        self.finding_list: list[Finding] = find_all(run.seen(self.capture))

    @property
    def partial(self) -> bool:
        """Whether some capture could not be read to its end."""
        return bool(self.capture.damages)

    def segment_rows(self, flow: int | None = None) -> RowStore:
        """Read the capture again and return the segments, of one flow or of all, in order of frame."""
        return self._recorded(flow).segments

    def window_rows(self, flow: int | None = None) -> RowStore:
        """Read the capture again and return the rows of windows, of one flow or of all, in order of frame."""
        return self._recorded(flow).windows

    def _recorded(self, flow: int | None) -> Recorder:
        """Replay with recording on; the last recording is kept for the next question."""
        if self._last_recording is None or self._last_recording[0] != flow:
            self._last_recording = None  # two at a time would be twice the memory
            recorder = Recorder(False, True, UNKNOWN if flow is None else flow)
            run = _Run(self._sources, self._settings, recorder, Tally())
            run.read(self._progress)
            if run.interrupted:
                raise KeyboardInterrupt  # some of the rows would look like all of them
            flows = in_order_of_flows(run.table.flows, 1)
            conceal_silent(recorder.segments, silent_ends(flows))
            self._last_recording = (flow, recorder)
        return self._last_recording[1]

    @cached_property
    def flows(self) -> pd.DataFrame:
        """The table `flows`: one row per connection."""
        from analyzer import frames, schema

        return frames.frame_of(self.flow_rows, schema.FLOWS)

    @cached_property
    def directions(self) -> pd.DataFrame:
        """The table `directions`: one row per flow and sender."""
        from analyzer import frames, schema

        return frames.frame_of(self.direction_rows, schema.DIRECTIONS)

    @cached_property
    def events(self) -> pd.DataFrame:
        """The table `events`: one row per thing that happened."""
        from analyzer import frames, schema

        return frames.frame_of(self.event_rows, schema.EVENTS)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The table `findings`: one row per diagnosis."""
        from analyzer import frames

        return frames.findings_frame(self.finding_list)

    def segments(self, flow: int | None = None) -> pd.DataFrame:
        """Return the table `segments` of one flow, or of all; the capture is read again."""
        from analyzer import frames, schema

        return frames.frame_of(self.segment_rows(flow), schema.SEGMENTS)

    def windows(self, flow: int | None = None) -> pd.DataFrame:
        """Return the table `windows` of one flow, or of all; the capture is read again."""
        from analyzer import frames, schema

        return frames.frame_of(self.window_rows(flow), schema.WINDOWS)


def analyze(*captures: Any, settings: ReplaySettings | None = None, progress: Progress | None = None) -> Analysis:
    """Analyze a capture, or several as one in time order.

    A capture is a path ("-" is standard input), bytes or a binary file object; one list or tuple of them does too.
    Raises `CaptureError` where one cannot be read at all; damage later on sets `partial`.
    """
    return _analyze(captures, settings, Recorder(True, False), Tally(), progress)


def summarize(
    captures: Sequence[Any], sort: str = "worst", limit: int = 25, progress: Progress | None = None
) -> Analysis:
    """Analyze in bounded memory: totals of all connections, rows only of the first `limit` by `sort`; no events.

    The rows are in that order. Ctrl-C ends the reading; what there is by then is returned, `interrupted` set.
    """
    tally = Tally(int(Sort[sort.upper()]), limit)
    return _analyze(tuple(captures), None, Recorder(False, False), tally, progress)


def _analyze(
    captures: tuple[Any, ...],
    settings: ReplaySettings | None,
    recorder: Recorder,
    tally: Tally,
    progress: Progress | None,
) -> Analysis:
    listed = captures[0] if len(captures) == 1 and isinstance(captures[0], (list, tuple)) else captures
    sources = [Source(each) for each in listed]
    if not sources:
        raise UsageError("no capture was named")
    chosen = settings or ReplaySettings()
    run = _Run(sources, chosen, recorder, tally)
    run.read(progress)
    return Analysis(sources, chosen, run, progress)


class _Run:
    """One pass over the captures."""

    def __init__(self, sources: list[Source], settings: ReplaySettings, recorder: Recorder, tally: Tally) -> None:
        self.recorder = recorder
        self.tally = tally
        self.ledger = Ledger()
        self.table = FlowTable(settings, recorder, tally)
        self.ingest = Ingest(self.table, self.ledger)
        self.interrupted = False
        self.readers: list[CaptureReader] = []
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
        collecting = gc.isenabled()
        gc.disable()  # the replay makes no cycles; looking for some among a million endpoints took a third of the time
        try:
            if len(self.readers) == 1:
                self._read_one(self.readers[0], progress)
            else:
                self._read_merged(progress)
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self._close()
            if collecting:
                gc.enable()
        self.table.finish()
        if self.tally.limit >= 0:
            self.tally.cut(self.table.flows, self.table.directions)
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

    def seen(self, facts: CaptureFacts) -> Seen:
        """Return what the detectors read."""
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


def _totals(tally: Tally) -> Totals:
    return Totals(
        connections=tally.connections,
        openings={name.text: tally.openings[name] for name in Opening},
        closings={name.text: tally.closings[name] for name in Closing},
        segments=tally.segments,
        bytes=tally.payload,
        retransmissions=tally.retransmissions,
        out_of_order=tally.out_of_order,
        zero_window_episodes=tally.held,
    )
