"""The tables as files: CSV, Parquet or JSON, all or nothing.

Every file is written under a temporary name beside its place, and all are renamed when the last one is whole: a folder
never holds half a table. Rows are converted in chunks, so that memory does not grow with them.
"""

from __future__ import annotations

import abc
import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from analyzer import frames, rows, schema
from analyzer.columns import Form, Table
from analyzer.errors import UsageError
from reconstruct.recorder import RowStore

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("csv", "parquet", "json")
CHUNK_ROWS = 1 << 17  # rows converted at a time; some 50 MiB of the widest table
FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
)  # a spreadsheet runs a text that begins so (OWASP CSV injection)


class Exported(Protocol):
    """What an analysis offers to be exported."""

    flow_rows: RowStore
    direction_rows: RowStore
    event_rows: RowStore
    finding_list: list[Any]

    def segment_rows(self, flow: int | None = None) -> RowStore:
        """Return the segments of one flow, or of all."""

    def window_rows(self, flow: int | None = None) -> RowStore:
        """Return the windows of one flow, or of all."""


@dataclass(frozen=True)
class Written:
    """One file that was written: where, and its number of rows."""

    path: Path
    rows: int


Part = RowStore | list[Any]  # of a table: rows of the core, or findings
Round = Iterator[Part]  # a part of each table of a group, made when it is asked for


def export(analysis: Exported, folder: Path, file_format: str, flows: Sequence[int] = ()) -> list[Written]:
    """Write the six tables into a folder, of some flows only where `flows` names them.

    Findings about the whole capture are in every export. Raises UsageError where a file cannot be written; the
    folder then holds what it held before.
    """
    with _Folder(folder) as files:
        for tables, rounds in _groups(analysis, sorted(set(flows))):
            with contextlib.ExitStack() as opened:
                writers = [opened.enter_context(files.table(table, file_format)) for table in tables]
                for parts in rounds:
                    for writer, part in zip(writers, parts, strict=True):
                        writer.add(part)
        return files.commit()


def export_table(file: Path, table: Table, part: Part) -> Written:
    """Write one table into a file whose name ends in .csv, .parquet or .json.

    Raises UsageError for any other, and where it cannot be written.
    """
    file_format = file.suffix.removeprefix(".").lower()
    if file_format not in FORMATS:
        raise UsageError(f"{file}: a table is written as {', '.join(FORMATS[:-1])} or {FORMATS[-1]}: name it so")
    with _Folder(file.parent) as files:
        with files.table(table, file_format, file.name) as made:
            made.add(part)
        return files.commit()[0]


def _groups(analysis: Exported, flows: list[int]) -> Iterator[tuple[tuple[Table, ...], Iterable[Round]]]:
    """Yield the tables, those together that are written side by side, with their parts.

    Segments and windows of a flow come from one reading of the capture, and are let go of before the next flow.
    """
    each: list[int | None] = list(flows) if flows else [None]
    yield (schema.FLOWS,), [iter([_of_flows(analysis.flow_rows, flows)])]
    yield (schema.DIRECTIONS,), [iter([_of_flows(analysis.direction_rows, flows)])]
    yield (schema.SEGMENTS, schema.WINDOWS), (_recorded(analysis, flow) for flow in each)
    yield (schema.EVENTS,), [iter([_of_flows(analysis.event_rows, flows)])]
    found = [found for found in analysis.finding_list if not flows or found.flow in {None, *flows}]
    yield (schema.FINDINGS,), [iter([found])]


def _recorded(analysis: Exported, flow: int | None) -> Round:
    yield analysis.segment_rows(flow)
    yield analysis.window_rows(flow)


def _of_flows(store: RowStore, flows: list[int]) -> RowStore:
    """Return the rows of some flows, all of them for none named."""
    if not flows:
        return store
    wanted, chosen = set(flows), RowStore(store.names)
    flow = store.names.index("flow")
    for index in range(store.count):
        cells = store.row(index)
        if cells[flow] in wanted:
            first = chosen.new_row()
            for offset, cell in enumerate(cells):
                chosen.cells[first + offset] = cell
    return chosen


class _Folder(contextlib.AbstractContextManager["_Folder"]):
    """A folder that gets all of its files or none."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when it is entered."""
        self._folder = folder
        self._temporary: list[Path] = []
        self._made: list[_File] = []

    def __enter__(self) -> _Folder:
        with _told(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for temporary in self._temporary:
            temporary.unlink(missing_ok=True)

    @contextlib.contextmanager
    def table(self, table: Table, file_format: str, name: str = "") -> Iterator[_File]:
        """Yield the file of a table to add to, under a name that nobody looks for yet."""
        name = name or f"{table.name}.{file_format}"
        final = self._folder / name
        with _told(final):
            descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=f".{name}.", suffix=".part")
            self._temporary.append(Path(temporary))
            with os.fdopen(descriptor, "wb") as stream:
                made = _File(final, Path(temporary), _WRITERS[file_format](stream, table))
                self._made.append(made)
                try:
                    yield made
                finally:
                    made.writer.close()
                stream.flush()
                os.fsync(stream.fileno())
            _give_usual_mode(made.temporary)

    def commit(self) -> list[Written]:
        """Give all files their names and tell them."""
        for made in self._made:
            with _told(made.final):
                made.temporary.replace(made.final)
        return [Written(made.final, made.writer.rows) for made in self._made]


@dataclass(frozen=True)
class _File:
    """A file that is being written: the name it gets, the one it has, and what writes it."""

    final: Path
    temporary: Path
    writer: _Writer

    def add(self, part: Part) -> None:
        """Write a part of the table."""
        with _told(self.final):
            self.writer.add(part)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system says about a file into one line."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error


def _give_usual_mode(path: Path) -> None:
    """Give a temporary file, which only its owner may read, the mode of any other file."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def _chunks(table: Table, part: Part) -> Iterator[Any]:
    """Yield DataFrames of a part, at least one; none is longer than a chunk."""
    if not isinstance(part, RowStore):
        yield frames.findings_frame(part)
        return
    for first in range(0, max(part.count, 1), CHUNK_ROWS):
        yield frames.frame_of(part, table, first, first + CHUNK_ROWS)


def _arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow types of a table's columns."""
    import pyarrow as pa

    types = {
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "number": pa.float64(),
        "time": pa.timestamp("ns", tz="UTC"),
        "list of integers": pa.list_(pa.int64()),
    }
    fields = []
    for column in table.columns:
        kind = types.get(column.type, pa.string())
        if column.form is Form.NAME:
            kind = pa.dictionary(pa.int8(), pa.string(), ordered=column.names == schema.SEVERITIES)
        fields.append(pa.field(column.name, kind))
    return pa.schema(fields)


def _arrow_tables(table: Table, part: Part) -> Iterator[pa.Table]:
    """Yield the chunks of a part as Arrow tables of one schema."""
    import pyarrow as pa

    kinds = _arrow_schema(table)
    for frame in _chunks(table, part):
        yield pa.Table.from_pandas(frame, schema=kinds, preserve_index=False).replace_schema_metadata(None)


class _Writer(abc.ABC):
    """Writes a table part by part and counts its rows."""

    def __init__(self, stream: BinaryIO, table: Table) -> None:
        """Write into a stream, which stays open."""
        self.stream = stream
        self.table = table
        self.rows = 0

    @abc.abstractmethod
    def add(self, part: Part) -> None:
        """Write a part."""

    @abc.abstractmethod
    def close(self) -> None:
        """Write what stands at the end."""


class _Parquet(_Writer):
    """Parquet, compressed."""

    def __init__(self, stream: BinaryIO, table: Table) -> None:
        import pyarrow.parquet as pq

        super().__init__(stream, table)
        self._writer = pq.ParquetWriter(stream, _arrow_schema(table), compression="zstd")

    def add(self, part: Part) -> None:
        for chunk in _arrow_tables(self.table, part):
            if chunk.num_rows:  # a group of no rows says nothing
                self._writer.write_table(chunk)
            self.rows += chunk.num_rows

    def close(self) -> None:
        self._writer.close()


class _Csv(_Writer):
    """CSV with a header, UTF-8 and LF."""

    _header = True

    def add(self, part: Part) -> None:
        from pyarrow import csv

        for chunk in _arrow_tables(self.table, part):
            csv.write_csv(_as_csv(chunk, self.table), self.stream, csv.WriteOptions(include_header=self._header))
            self._header = False
            self.rows += chunk.num_rows

    def close(self) -> None:
        """Write nothing: a CSV file ends with its last row."""


def _as_csv(chunk: pa.Table, table: Table) -> pa.Table:
    """Return a chunk with times as RFC 3339 text, lists as JSON, and no text that a spreadsheet would run."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for at, column in enumerate(table.columns):
        values = chunk.column(at)
        if column.form is Form.TIME:
            values = pc.strftime(values, format="%Y-%m-%dT%H:%M:%SZ")
        elif column.form is Form.FRAMES:
            values = pa.array([json.dumps(frames_) for frames_ in values.to_pylist()], type=pa.string())
        elif column.form is Form.TEXT:
            values = pa.array([_harmless(text) for text in values.to_pylist()], type=pa.string())
        elif column.form is Form.NAME:
            values = values.cast(pa.string())
        chunk = chunk.set_column(at, column.name, values)
    return chunk


def _harmless(text: str | None) -> str | None:
    """Return a text that a spreadsheet shows instead of running it."""
    return f"'{text}" if text is not None and text.startswith(FORMULA_STARTS) else text


class _Json(_Writer):
    """A JSON array with an object a row, a line each."""

    def add(self, part: Part) -> None:
        made = rows.rows_of(part, self.table) if isinstance(part, RowStore) else map(rows.finding_row, part)
        for row in made:
            self.stream.write(b",\n" if self.rows else b"[\n")
            self.stream.write(json.dumps(row, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace"))
            self.rows += 1

    def close(self) -> None:
        self.stream.write(b"\n]\n" if self.rows else b"[\n]\n")


_WRITERS: dict[str, type[_Writer]] = {"csv": _Csv, "parquet": _Parquet, "json": _Json}
