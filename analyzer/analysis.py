"""One analysis of one or several captures: what every output reads."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analyzer.capture.ledger import Skipped
from analyzer.detectors import find_all
from analyzer.errors import UsageError
from analyzer.facts import totals_of
from analyzer.findings import Finding
from analyzer.run import Progress, Run, uncollected
from analyzer.settings import Settings
from analyzer.source import Source
from reconstruct.arrange import conceal_silent, in_order_of_flows, silent_ends, valid_events
from reconstruct.recorder import Recorder, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Sort, Tally

if TYPE_CHECKING:
    import pandas as pd

    from analyzer.notebook import Flow


class Analysis:
    """The result: facts, totals, findings, and the rows of every connection.

    `flow_rows`, `direction_rows` and `event_rows` hold raw cells (`reconstruct.recorder` names the columns); `flows`,
    `directions`, `events`, `findings`, `segments()` and `windows()` are the public tables as pandas DataFrames.
    """

    def __init__(
        self,
        sources: list[Source],
        assumptions: ReplaySettings,
        run: Run,
        progress: Progress | None,
        settings: Settings,
    ) -> None:
        """Take over what a run found."""
        self._sources = sources
        self._assumptions = assumptions
        self.settings = settings
        self._progress = progress
        self._last_recording: tuple[int | None, Recorder] | None = None
        self.capture = run.facts()
        self.skipped: list[Skipped] = run.ledger.rows()
        self.totals = totals_of(run.tally)
        self._silent = array("q")
        self.flow_rows, self.direction_rows = run.table.flows, run.table.directions
        if run.tally.limit < 0:
            self.flow_rows = in_order_of_flows(run.table.flows, 1)
            self.direction_rows = in_order_of_flows(run.table.directions, 2)
            self._silent = silent_ends(self.flow_rows)
        self.event_rows = valid_events(run.recorder.events, self._silent)
        if run.recorder.keep_rows:
            conceal_silent(run.recorder.segments, self._silent)
            self._last_recording = (None, run.recorder)
        self.interrupted = run.interrupted
        self.listeners = run.listeners
        seen = run.seen(self.capture, settings)
        self.pairs = seen.pairs
        self.finding_list: list[Finding] = find_all(seen)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of `flows`, `directions`, `events` or `findings` as the public table has them."""
        from analyzer import rows, schema

        if table == "findings":
            yield from map(rows.finding_row, self.finding_list)
        else:
            stores = {"flows": self.flow_rows, "directions": self.direction_rows, "events": self.event_rows}
            described = {each.name: each for each in schema.TABLES}[table]
            yield from rows.rows_of(stores[table], described)

    def narrow(self, sort: str, limit: int) -> None:
        """Keep only the rows of the first `limit` connections by `sort`, in that order."""
        tally = Tally(int(Sort[sort.upper()]), limit)
        flows, directions = RowStore(self.flow_rows.names), RowStore(self.direction_rows.names)
        for index in range(self.flow_rows.count):
            flows.append(self.flow_rows.row(index))
            directions.append(self.direction_rows.row(2 * index))
            directions.append(self.direction_rows.row(2 * index + 1))
            tally.add(flows, directions)
        tally.cut(flows, directions)
        self.flow_rows, self.direction_rows = flows, directions

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

    def candidate_rows(self, flow: int | None = None) -> RowStore:
        """Read the capture again and return how each model of congestion control fared, of one flow or of all."""
        return self._recorded(flow).candidates

    def sack_rows(self, flow: int | None = None) -> RowStore:
        """Read the capture again and return the SACK blocks, of one flow or of all, in order of frame."""
        return self._recorded(flow).sacks

    def variant_rows(self, flow: int, models: Callable[[], list[Any]]) -> RowStore:
        """Read the capture again and return how other models fared, one in the place of each usual one."""
        recorder = Recorder(False, True, flow)
        recorder.models = models
        self._replay(recorder)
        return recorder.candidates

    def _replay(self, recorder: Recorder) -> Run:
        """Read the capture again for a recorder; raises `KeyboardInterrupt` where that was interrupted."""
        run = Run(self._sources, self._assumptions, recorder, Tally())
        with uncollected():
            run.read(self._progress)
        if run.interrupted:
            raise KeyboardInterrupt  # some of the rows would look like all of them
        return run

    def _recorded(self, flow: int | None) -> Recorder:
        """Replay with recording on; the last recording is kept for the next question."""
        if self._last_recording is None or self._last_recording[0] != flow:
            self._last_recording = None  # two at a time would be twice the memory
            recorder = Recorder(False, True, UNKNOWN if flow is None else flow)
            run = self._replay(recorder)
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

    def flow(self, number: int) -> Flow:
        """Return one connection, which shows itself in a notebook; raises `UsageError` where there is none."""
        from analyzer.notebook import Flow

        if not 0 <= number < self.capture.connections:
            raise UsageError(f"there is no connection {number}: the capture has {self.capture.connections:,}")
        return Flow(self, number)

    def figure(self, flow: int, sender: str | None = None) -> Any:
        """Return a plotly figure of what one end of a connection sent (the busier one); the capture is read again."""
        from analyzer.charts import figure_of

        return figure_of(self, flow, sender)

    def _repr_html_(self) -> str:
        from analyzer.notebook import analysis_html

        return analysis_html(self)


def analyze(
    *captures: Any,
    settings: Settings | None = None,
    assumptions: ReplaySettings | None = None,
    progress: Progress | None = None,
    record: bool = False,
) -> Analysis:
    """Analyze a capture, or several as one in time order.

    A capture is a path ("-" is standard input), bytes or a binary file object; one list or tuple of them does too.
    `settings` are the thresholds of findings (files and environment have no say here unless
    `analyzer.configuration.configured().settings` is given), `assumptions` what the replay takes where a capture is
    silent. With `record` all segments and windows are kept from this reading (some 400 bytes each); else the captures
    are read again when they are asked for. Raises `CaptureError` where one cannot be read at all; damage later on sets
    `partial`.
    """
    return _analyze(captures, settings, assumptions, Recorder(True, record), Tally(), progress)


def summarize(
    captures: Sequence[Any],
    sort: str = "worst",
    limit: int = 25,
    progress: Progress | None = None,
    events: bool = False,
    settings: Settings | None = None,
) -> Analysis:
    """Analyze in bounded memory: totals of all connections, rows only of the first `limit` by `sort` (-1: of all).

    The rows are in that order; `events` are left out unless asked for. Ctrl-C ends the reading; what there is by then
    is returned, `interrupted` set.
    """
    tally = Tally(int(Sort[sort.upper()]), limit)
    return _analyze(tuple(captures), settings, None, Recorder(events, False), tally, progress)


def _analyze(
    captures: tuple[Any, ...],
    settings: Settings | None,
    assumptions: ReplaySettings | None,
    recorder: Recorder,
    tally: Tally,
    progress: Progress | None,
) -> Analysis:
    listed = captures[0] if len(captures) == 1 and isinstance(captures[0], (list, tuple)) else captures
    sources = [Source(each) for each in listed]
    if not sources:
        raise UsageError("no capture was named")
    chosen = assumptions or ReplaySettings()
    run = Run(sources, chosen, recorder, tally)
    with uncollected():
        run.read(progress)
        return Analysis(sources, chosen, run, progress, settings or Settings())
