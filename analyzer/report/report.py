"""The report: one file for a few connections, a folder with a page each for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer import rows, schema
from analyzer.columns import Table
from analyzer.report import assets, facts, listing, output, page
from analyzer.report.cells import Rows, rows_of
from analyzer.report.connection import Recorded, connection_data, packed_connections
from analyzer.report.ends import ends
from analyzer.report.vocabulary import vocabulary
from reconstruct.recorder import RowStore

FILE_PAGES = 50  # connections that one file tells in full
FOLDER_PAGES = 1_000
FILE_DATA_BYTES = 16 << 20  # of connections in one file, beyond the first: a browser opens more, but not gladly
RECORDED_AT_ONCE = 6_000_000  # segments; some 2 GB while they are packed
PACKED_AT_ONCE = 100_000  # segments, about: enough to make the cost of a connection vanish
PAGES_OF_HUGE = 10  # of a capture with more: it is read once for each of them
PLOTLY_FILE, VIEWER_FILE, STYLE_FILE = "assets/plotly.js", "assets/tcpscope.js", "assets/tcpscope.css"


@dataclass(frozen=True)
class Written:
    """What was written: where, how many bytes in all, how many connections have a page, and how many there are."""

    path: Path
    size: int
    pages: int
    connections: int


@dataclass(frozen=True)
class Wishes:
    """What the user may choose: certain connections (none: the worst), how many pages, another script of Plotly."""

    flows: tuple[int, ...] = ()
    pages: int | None = None
    plotly: Path | None = None


def write_report(analysis: Any, path: Path, wishes: Wishes = Wishes()) -> Written:
    """Write a report on what `analyzer.analyze` returned: one file where the name ends in .html, else a folder.

    Raises `UsageError` where it cannot be written; what stood there stays as it was.
    """
    single = path.suffix.lower() in (".html", ".htm")
    made = _Report(analysis, wishes, FILE_PAGES if single else FOLDER_PAGES)
    return _write_file(made, path, wishes) if single else _write_folder(made, path, wishes)


class _Report:
    """An analysis as pages need it."""

    def __init__(self, analysis: Any, wishes: Wishes, most_pages: int) -> None:
        self._analysis = analysis
        self._flows = rows_of(analysis.flow_rows)
        self._listing = listing.Listing(self._flows, rows_of(analysis.direction_rows), analysis.finding_list)
        self._events = rows_of(analysis.event_rows).sorted_by_flow()
        self._found: dict[int | None, list[Any]] = {}
        for finding in analysis.finding_list:
            self._found.setdefault(finding.flow, []).append(finding)
        self._public_flows = _Public(analysis.flow_rows, schema.FLOWS)
        self._public_directions = _Public(analysis.direction_rows, schema.DIRECTIONS)
        self._huge = analysis.capture.segments > RECORDED_AT_ONCE
        limit = wishes.pages if wishes.pages is not None else PAGES_OF_HUGE if self._huge else most_pages
        self.chosen = list(wishes.flows) or self._listing.worst_first()[:limit]
        self.connections = self._flows.count
        self.start_ns = max(analysis.capture.first_time_ns, 0)
        self.activity: dict[str, Any] | None = None
        self._frames: Callable[[int], int | None] | None = None
        self.title = f"tcpscope · {', '.join(analysis.capture.names)}"

    def pages(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the number and the data of each chosen connection."""
        if self._huge:
            for flow in self.chosen:
                yield from self._pages([flow], self._record(flow))
            return
        recorded = self._record(None)
        self._set_activity(recorded.segments)
        self._frames = recorded.segments.numbers_of("frame", "flow")
        for flows in self._handfuls():
            yield from self._pages(flows, recorded)

    def overview(self, paged: Sequence[int]) -> dict[str, Any]:
        """Return the data of the overview."""
        return {
            "capture": facts.facts(self._analysis),
            "findings": facts.findings(self._analysis, self._connection_of),
            "ends": ends(self._analysis),
            "connections": self._listing.data(self.start_ns, paged),
            "activity": self.activity,
        }

    def _record(self, flow: int | None) -> Recorded:
        analysis = self._analysis
        stores = analysis.segment_rows(flow), analysis.window_rows(flow), analysis.sack_rows(flow)
        segments, windows, sacks = (rows_of(store).sorted_by_flow() for store in stores)
        return Recorded(segments, windows, sacks, self._events)

    def _set_activity(self, segments: Rows) -> None:
        capture = self._analysis.capture
        if segments.count:
            self.activity = listing.activity(segments, self.connections, self.start_ns, capture.last_time_ns)

    def _connection_of(self, frame: int) -> int | None:
        """Return the connection of a frame, None where it is of none or where not all connections were recorded."""
        return self._frames(frame) if self._frames else None

    def _handfuls(self) -> Iterator[list[int]]:
        """Yield the chosen connections, as many at a time as are packed together."""
        sizes = self._flows["segments"]
        flows: list[int] = []
        rows = 0
        for flow in self.chosen:
            flows.append(flow)
            rows += int(sizes[flow])
            if rows >= PACKED_AT_ONCE:
                yield flows
                flows, rows = [], 0
        if flows:
            yield flows

    def _pages(self, flows: list[int], recorded: Recorded) -> Iterator[tuple[int, dict[str, Any]]]:
        for flow, packed in zip(flows, packed_connections(recorded, flows), strict=True):
            directions = [self._public_directions.row(2 * flow + end) for end in (0, 1)]
            row, found = self._public_flows.row(flow), self._found.get(flow, [])
            yield flow, {"since_ns": packed.start_ns - self.start_ns, **connection_data(row, directions, found, packed)}


class _Public:
    """The rows of a public table, made when they are asked for."""

    def __init__(self, store: RowStore, table: Table) -> None:
        self._store = store
        self._makers = rows.makers_of(store.names, table)

    def row(self, index: int) -> dict[str, Any]:
        cells = self._store.row(index)
        return {name: make(cells) for name, make in self._makers}


def _write_file(made: _Report, path: Path, wishes: Wishes) -> Written:
    """Write one file with the overview and the chosen connections, as far as a browser bears it."""
    connections: dict[str, Any] = {}
    paged: list[int] = []
    size = 0
    for flow, data in made.pages():
        size += sum(len(table["data"]) for table in data["tables"].values())
        if paged and size > FILE_DATA_BYTES:
            break
        connections[f"flow-{flow}"] = data
        paged.append(flow)
    parts = {"vocabulary": vocabulary(), "overview": made.overview(paged), **connections}
    scripts = [assets.plotly_script(wishes.plotly), assets.viewer_script()]
    text = page.page_of(made.title, parts, scripts, assets.viewer_style())
    output.write_file(path, text)
    return Written(path, path.stat().st_size, len(paged), made.connections)


def _write_folder(made: _Report, path: Path, wishes: Wishes) -> Written:
    """Write a folder: the overview, a page for each chosen connection, and what all of them need."""
    scripts, style = [PLOTLY_FILE, VIEWER_FILE], STYLE_FILE
    paged: list[int] = []
    size = 0
    with output.folder(path) as folder:
        for name, text in _shared(wishes).items():
            size += _put(folder / name, text)
        for flow, data in made.pages():
            title = f"connection {flow} · {made.title}"
            parts: Mapping[str, Any] = {"vocabulary": vocabulary(), f"flow-{flow}": data}
            size += _put(folder / f"flow-{flow}.html", page.page_of_folder(title, parts, scripts, style))
            paged.append(flow)
        parts = {"vocabulary": vocabulary(), "overview": made.overview(paged)}
        size += _put(folder / "index.html", page.page_of_folder(made.title, parts, scripts[1:], style))
    return Written(path, size, len(paged), made.connections)


def _shared(wishes: Wishes) -> dict[str, str]:
    """Return the files that all pages of a folder load, by name."""
    return {
        PLOTLY_FILE: assets.plotly_script(wishes.plotly),
        VIEWER_FILE: assets.viewer_script(),
        STYLE_FILE: assets.viewer_style(),
    }


def _put(path: Path, text: str) -> int:
    """Write a file of a folder that nobody sees yet, and return its bytes."""
    path.parent.mkdir(exist_ok=True)
    content = text.encode("utf-8", "backslashreplace")
    path.write_bytes(content)
    return len(content)
