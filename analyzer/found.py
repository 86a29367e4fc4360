"""What an analysis found, as plain rows to compare with; no pandas, so that `tcpscope check` starts at once."""

from collections.abc import Collection
from typing import Any

from analyzer.columns import Column, Form
from analyzer.expected import Cells
from analyzer.rows import FLAG_LETTERS, finding_row, flags_text, makers_of
from analyzer.schema import TABLES
from reconstruct.recorder import RowStore
from reconstruct.states import Event, State
from reconstruct.vocabulary import Reopening, Sender

Row = dict[str, Any]

PATH = "path"  # a column of flows that only cases know: each end's way through the states
SKIPPED = {"reason": Cells.TEXT, "count": Cells.NUMBER, "first_frame": Cells.NUMBER}
# What `rows.event_detail` tells, with the closed lists of its texts.
DETAILS: dict[str, frozenset[str] | None] = {
    "from": frozenset(state.text for state in State),
    "to": frozenset(state.text for state in State),
    "on": frozenset(event.text for event in Event),
    "probes": None,
    "held_ms": None,
    "ended_by": frozenset(how.text for how in Reopening),
    "update_lost": None,
    "update_lost_frame": None,
    "window_bytes": None,
    "room_bytes": None,
    "flight_bytes": None,
    "until_seq": None,
    "backoff": None,
    "waited_ms": None,
    "missing_bytes": None,
    "small_frame": None,
    "ack_frame": None,
    "rule": None,
    "about": None,
}
_BEFORE_OPENING = frozenset({State.CLOSED.text, State.LISTEN.text, None})  # None: the capture does not show it
_TABLES = {table.name: table for table in TABLES}
_NUMBERS = frozenset(
    {Form.INTEGER, Form.NUMBER, Form.MILLIONTHS, Form.MILLISECONDS, Form.SECONDS, Form.SPAN, Form.SHARE, Form.TUNNEL}
)
_CELLS = {Form.BOOLEAN: Cells.FLAG, Form.TIME: Cells.TIME, Form.DETAIL: Cells.OBJECT, Form.FRAMES: Cells.LIST}
_FLAGS = frozenset(flags_text(bits) for bits in range(1 << len(FLAG_LETTERS)))


def cells_of(table: str) -> dict[str, Cells]:
    """Return what each column of a table holds."""
    if table == "skipped":
        return SKIPPED
    held = {column.name: _cells(column) for column in _TABLES[table].columns}
    return held | ({PATH: Cells.OBJECT} if table == "flows" else {})


def names_of(table: str, name: str) -> frozenset[str] | None:
    """Return the closed list that a column's texts come from, None where they are free."""
    columns = _TABLES[table].columns if table in _TABLES else ()
    column = next((column for column in columns if column.name == name), None)
    if column is not None and column.form is Form.FLAGS:
        return _FLAGS
    return frozenset(column.names) if column is not None and column.names else None


def _cells(column: Column) -> Cells:
    """Return what a column holds, as a case sees it."""
    return Cells.NUMBER if column.form in _NUMBERS else _CELLS.get(column.form, Cells.TEXT)


class Found:
    """The tables of one analysis, converted when they are asked for.

    `analysis` is what `analyzer.analyze` returns.
    """

    def __init__(self, analysis: Any) -> None:
        """Look at an analysis."""
        self._analysis = analysis
        self._stores: dict[str, RowStore] = {}

    def rows(self, table: str, columns: Collection[str]) -> list[Row]:
        """Return the rows of a table with these columns; what is unknown is None."""
        if table == "skipped":
            return [{name: getattr(skipped, name) for name in columns} for skipped in self._analysis.skipped]
        if table == "findings":
            told = [finding_row(finding) for finding in self._analysis.finding_list]
            return [{name: row[name] for name in columns} for row in told]
        store = self._store(table)
        makers = [(name, make) for name, make in makers_of(store.names, _TABLES[table]) if name in columns]
        rows: list[Row] = []
        for index in range(store.count):
            cells = store.row(index)
            rows.append({name: make(cells) for name, make in makers})
        return self._with_paths(rows) if PATH in columns else rows

    def fact(self, name: str) -> object:
        """Return one fact about the capture as a whole."""
        capture = self._analysis.capture
        if name == "partial":
            return bool(self._analysis.partial)
        if name == "interfaces":
            return len(capture.interfaces)
        if name == "damage":
            fields = ("offset", "packet", "reason")
            return {field: getattr(capture.damages[0], field) for field in fields} if capture.damages else None
        value = getattr(capture, name)
        return list(value) if isinstance(value, tuple) else value

    def _store(self, table: str) -> RowStore:
        """Return the rows of the core that a table is made of; segments and windows read the capture again, once."""
        if table not in self._stores:
            held = getattr(self._analysis, f"{table.removesuffix('s')}_rows")
            self._stores[table] = held() if table in ("segments", "windows") else held
        return self._stores[table]

    def _with_paths(self, rows: list[Row]) -> list[Row]:
        """Return rows of flows with the way of each end through the states, from its opening on."""
        paths: dict[tuple[int, str], list[str]] = {}
        for event in self.rows("events", ("flow", "sender", "event", "detail")):
            if event["event"] == "state":
                first = event["detail"]["from"]
                path = paths.setdefault((event["flow"], event["sender"]), [] if first in _BEFORE_OPENING else [first])
                path.append(event["detail"]["to"])
        for row in rows:
            row[PATH] = {sender.text: paths.get((row["flow"], sender.text), []) for sender in Sender}
        return rows
