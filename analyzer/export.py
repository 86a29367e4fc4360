"""The tables as files: CSV, Parquet or JSON, all or nothing.

Every file is written under a temporary name beside its place, and all are renamed when the last one is whole: a folder
never holds half a table. Rows are converted in chunks, so that memory does not grow with them.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from analyzer import frames, rows, schema
from analyzer.errors import UsageError
from analyzer.schema import Form, Table
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


def export(analysis: Exported, folder: Path, file_format: str, flows: Sequence[int] = ()) -> list[Written]:
    """Write the six tables into a folder, of some flows only where `flows` names them.

    Findings about the whole capture are in every export. Raises UsageError where a file cannot be written; the
    folder then holds what it held before.
    """
    wanted = sorted(set(flows))
    with _Folder(folder) as files:
        for table, parts in _tables(analysis, wanted):
            count = 0
            with files.file(f"{table.name}.{file_format}") as file:
                count = _WRITERS[file_format](file, table, parts)
            files.count(count)
        return files.commit()


def _tables(analysis: Exported, flows: list[int]) -> Iterator[tuple[Table, Iterable[Part]]]:
    """Yield each table with its parts; a part is made when it is asked for."""
    each: list[int | None] = list(flows) if flows else [None]
    yield schema.FLOWS, [_of_flows(analysis.flow_rows, flows)]
    yield schema.DIRECTIONS, [_of_flows(analysis.direction_rows, flows)]
    yield schema.SEGMENTS, (analysis.segment_rows(flow) for flow in each)
    yield schema.WINDOWS, (analysis.window_rows(flow) for flow in each)
    yield schema.EVENTS, [_of_flows(analysis.event_rows, flows)]
    yield schema.FINDINGS, [[found for found in analysis.finding_list if not flows or found.flow in {None, *flows}]]


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
        self._made: list[tuple[Path, Path]] = []
        self._rows: list[int] = []

    def __enter__(self) -> _Folder:
        with self._told(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for temporary, _ in self._made:
            temporary.unlink(missing_ok=True)

    @contextlib.contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Yield a file to write, under a name that nobody looks for yet."""
        final = self._folder / name
        with self._told(final):
            descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=f".{name}.", suffix=".part")
            self._made.append((Path(temporary), final))
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _give_usual_mode(Path(temporary))

    def count(self, number: int) -> None:
        """Note the rows of the file that was written last."""
        self._rows.append(number)

    def commit(self) -> list[Written]:
        """Give all files their names and tell them."""
        written = []
        for (temporary, final), number in zip(self._made, self._rows, strict=True):
            with self._told(final):
                temporary.replace(final)
            written.append(Written(final, number))
        self._made = []
        return written

    @staticmethod
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


def _chunks(table: Table, parts: Iterable[Part]) -> Iterator[Any]:
    """Yield DataFrames of a table, at least one; none is longer than a chunk."""
    empty = True
    for part in parts:
        if not isinstance(part, RowStore):
            yield frames.findings_frame(part)
            empty = False
            continue
        for first in range(0, part.count, CHUNK_ROWS):
            yield frames.frame_of(part, table, first, first + CHUNK_ROWS)
            empty = False
        if empty and part.count == 0:
            yield frames.frame_of(part, table)
            empty = False


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


def _arrow_tables(table: Table, parts: Iterable[Part]) -> Iterator[pa.Table]:
    """Yield the chunks of a table as Arrow tables of one schema."""
    import pyarrow as pa

    kinds = _arrow_schema(table)
    for frame in _chunks(table, parts):
        yield pa.Table.from_pandas(frame, schema=kinds, preserve_index=False).replace_schema_metadata(None)


def _write_parquet(file: BinaryIO, table: Table, parts: Iterable[Part]) -> int:
    """Write a Parquet file and return its rows."""
    import pyarrow.parquet as pq

    count = 0
    with pq.ParquetWriter(file, _arrow_schema(table), compression="zstd") as writer:
        for chunk in _arrow_tables(table, parts):
            writer.write_table(chunk)
            count += chunk.num_rows
    return count


def _write_csv(file: BinaryIO, table: Table, parts: Iterable[Part]) -> int:
    """Write a CSV file with a header, UTF-8 and LF, and return its rows."""
    from pyarrow import csv

    count = 0
    for number, chunk in enumerate(_arrow_tables(table, parts)):
        csv.write_csv(_as_csv(chunk, table), file, csv.WriteOptions(include_header=number == 0))
        count += chunk.num_rows
    return count


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


def _write_json(file: BinaryIO, table: Table, parts: Iterable[Part]) -> int:
    """Write a JSON array with an object a row, a line each, and return its rows."""
    count = 0
    file.write(b"[")
    for part in parts:
        found = rows.rows_of(part, table) if isinstance(part, RowStore) else map(rows.finding_row, part)
        for row in found:
            file.write(b",\n" if count else b"\n")
            file.write(json.dumps(row, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace"))
            count += 1
    file.write(b"\n]\n")
    return count


_WRITERS: dict[str, Callable[[BinaryIO, Table, Iterable[Part]], int]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "json": _write_json,
}
