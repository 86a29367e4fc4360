"""Typed columns as a page carries them: differences in planes of bytes, gzipped, in base64.

Neighbouring rows are alike: a difference is small, its high bytes are zero, and planes of zeros cost next to nothing.
The tables of many connections are made ready together, for what NumPy takes to begin costs more than a short table.
`viewer/columns.js` is the other half and undoes each step.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from reconstruct.seq import UNKNOWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Cells = NDArray[np.int64]

GZIP_LEVEL = 6  # level 9 takes four times as long for one per cent
NS_PER_US = 1_000
SHAPE = "shape"  # the column that tells columns together
_WORD_BYTES = 8
_MOST_PAIRS = 1 << 62  # of a table and a combination in it
_MOST_COMBINATIONS = 1 << 40  # times a value of any column that is told together stays within 64 bits


class Against(IntEnum):
    """What a cell is told as the difference from."""

    ZERO = 0
    ROW_BEFORE = 1
    SENDER_BEFORE = 2  # the row before of the same sender
    SENDER_END = 3  # where the segment before of the same sender ended


@dataclass(frozen=True)
class Column:
    """One column: its cells, `UNKNOWN` for null, and what they are told against."""

    cells: Cells
    against: Against = Against.ZERO


def pack(columns: Mapping[str, Column], together: Sequence[str] = ()) -> dict[str, Any]:
    """Return one table as JSON can carry it; `pack_each` tells how."""
    return next(pack_each(columns, [0, len(next(iter(columns.values())).cells)], together))


def pack_each(
    columns: Mapping[str, Column], starts: Sequence[int] | Cells, together: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """Yield each of the tables whose rows stand one after the other; `starts` has their first rows, and the end.

    A table has `rows`, how each column was packed, and all of them in base64. Columns `together` are told as one: the
    different rows that they make, and which of them each row is. A column against the sender needs the columns
    `sender` and, for `SENDER_END`, `len`.
    """
    groups = Groups(starts)
    combined = _Combined([columns[name].cells for name in together], groups) if together else None
    alone = {name: column for name, column in columns.items() if name not in together}
    senders = _rows_of_senders(columns)
    told = {SHAPE: Column(combined.which), **alone} if combined else alone
    ready = [_Ready(name, column, columns, senders, groups) for name, column in told.items()]
    for group, (first, stop) in enumerate(groups.spans()):
        raw = b"".join(piece for column in ready for piece in column.pieces(group, first, stop))
        yield {
            "rows": stop - first,
            "columns": [column.described(group) for column in ready],
            "together": list(together),
            "combinations": combined.rows(group) if combined else [],
            "data": base64.b64encode(gzip.compress(raw, GZIP_LEVEL, mtime=0)).decode("ascii"),
        }


class Groups:
    """The rows of several tables, one table after the other."""

    def __init__(self, starts: Sequence[int] | Cells) -> None:
        """Take the first row of each table, and the end of the last."""
        import numpy as np

        self._starts = np.asarray(starts, dtype=np.int64)
        self._sizes = np.diff(self._starts)
        self.count = len(self._sizes)
        self._filled = self._sizes > 0
        self.firsts = self._starts[:-1][self._filled]  # of the tables that have rows

    def spans(self) -> list[tuple[int, int]]:
        """Return the first row and the row after the last of each table."""
        return list(pairwise(self._starts.tolist()))

    def of_rows(self) -> Cells:
        """Return the number of each row's table."""
        import numpy as np

        return np.repeat(np.arange(self.count), self._sizes)

    def repeated(self, values: Cells) -> Cells:
        """Return for each row the value of its table."""
        import numpy as np

        return np.repeat(values, self._sizes)

    def first_of_rows(self) -> Cells:
        """Return for each row the first row of its table."""
        return self.repeated(self._starts[:-1])

    def most(self, cells: Any) -> Any:
        """Return the greatest cell of each table, 0 where there is none."""
        import numpy as np

        found = np.zeros(self.count, dtype=cells.dtype)
        if len(self.firsts):
            found[self._filled] = np.maximum.reduceat(cells, self.firsts)
        return found


class _Ready:
    """One column of all tables, made ready to be cut."""

    def __init__(
        self, name: str, column: Column, columns: Mapping[str, Column], senders: tuple[Any, ...], groups: Groups
    ) -> None:
        self._name, self._against = name, int(column.against)
        kept, self._nulls = _without_nulls(column.cells, groups)
        self._nullable = [] if self._nulls is None else groups.most(self._nulls).tolist()
        differences = _differences(kept, column.against, columns, senders, groups)
        self._scales = _scales(differences, groups) if name.endswith("_ns") else []
        if any(scale > 1 for scale in self._scales):
            import numpy as np

            differences = differences // groups.repeated(np.array(self._scales, dtype=np.int64))
        codes = _zigzag(differences)
        self._widths = [(int(most).bit_length() + 7) // 8 for most in groups.most(codes).tolist()]
        self._planes = _planes(codes, max(self._widths, default=0))

    def described(self, group: int) -> list[Any]:
        """Return how the column of one table is packed."""
        scale = self._scales[group] if self._scales else 1
        return [self._name, self._widths[group], self._against, int(self._has_nulls(group)), scale]

    def pieces(self, group: int, first: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes of the column of one table."""
        if self._has_nulls(group):
            yield self._nulls[first:stop].tobytes()
        for plane in range(self._widths[group]):
            yield self._planes[plane][first:stop].tobytes()

    def _has_nulls(self, group: int) -> bool:
        return bool(self._nullable and self._nullable[group])


class _Combined:
    """Columns told together: the different rows of each table, and which of them each row is."""

    def __init__(self, columns: list[Cells], groups: Groups) -> None:
        import numpy as np

        which, most = _numbered(columns)
        if most * groups.count > _MOST_PAIRS:
            different, which = np.unique(which, return_inverse=True)
            most = len(different)
        pairs, at, which = np.unique(groups.of_rows() * most + which, return_index=True, return_inverse=True)
        self._starts = np.searchsorted(pairs, np.arange(groups.count + 1) * most).astype(np.int64)
        self.which: Cells = which.astype(np.int64) - groups.repeated(self._starts[:-1])
        self._rows = np.stack([cells[at] for cells in columns], 1).tolist()

    def rows(self, group: int) -> list[list[int | None]]:
        """Return the different rows of one table; None is null."""
        rows = self._rows[self._starts[group] : self._starts[group + 1]]
        return [[None if cell == UNKNOWN else cell for cell in row] for row in rows]


def _numbered(columns: list[Cells]) -> tuple[Cells, int]:
    """Return a number for each row of some columns, the same one for the same cells, and what all are below."""
    import numpy as np

    which, most = np.zeros(len(columns[0]), dtype=np.int64), 1
    for cells in columns if len(which) else []:
        unknown = cells == UNKNOWN
        low = int(np.where(unknown, 0, cells).min())
        codes = np.where(unknown, 0, cells - low + 1)
        values = int(codes.max()) + 1
        if most * values > _MOST_COMBINATIONS:  # numbered again, there are no more of them than rows
            different, which = np.unique(which, return_inverse=True)
            most = len(different)
        which, most = which * values + codes, most * values
    return which, most


def _rows_of_senders(columns: Mapping[str, Column]) -> tuple[Any, ...]:
    """Return the numbers of the rows of each sender, none where the table tells no sender."""
    import numpy as np

    if "sender" not in columns:
        return ()
    sender = columns["sender"].cells
    return tuple(np.flatnonzero(sender == end) for end in (0, 1))


def _without_nulls(cells: Cells, groups: Groups) -> tuple[Cells, Any]:
    """Return the cells with each null as the value before it, and a byte a row that is 1 for null (None: no null)."""
    import numpy as np

    unknown = cells == UNKNOWN
    if not unknown.any():
        return cells, None
    at = np.maximum.accumulate(np.where(unknown, -1, np.arange(len(cells))))
    return np.where(at < groups.first_of_rows(), 0, cells[at]), unknown.astype(np.uint8)


def _differences(
    cells: Cells, against: Against, columns: Mapping[str, Column], senders: tuple[Any, ...], groups: Groups
) -> Cells:
    """Return the cells as differences; the first of each table, or of a sender in it, is told as it is."""
    if against is Against.ZERO:
        return cells
    told = cells.copy()
    if against is Against.ROW_BEFORE:
        told[1:] -= cells[:-1]
        told[groups.firsts] = cells[groups.firsts]
        return told
    expected = cells + columns["len"].cells if against is Against.SENDER_END else cells
    tables = groups.of_rows()
    for mine in senders:
        here, before = mine[1:], mine[:-1]
        same = tables[here] == tables[before]
        told[here[same]] -= expected[before[same]]
    return told


def _scales(differences: Cells, groups: Groups) -> list[int]:
    """Return what every difference of a table is a multiple of, as far as it is a power of 1,000 up to a million."""
    any_at_all = groups.most(differences != 0)
    scales = [1] * groups.count
    for scale in (NS_PER_US, NS_PER_US * NS_PER_US):
        for group, uneven in enumerate(groups.most(differences % scale != 0).tolist()):
            if not uneven and any_at_all[group]:
                scales[group] = scale
    return scales


def _zigzag(differences: Cells) -> Any:
    """Return small differences of either sign as small numbers: 0, -1, 1, -2 as 0, 1, 2, 3."""
    import numpy as np

    return ((differences << 1) ^ (differences >> 63)).astype(np.uint64)


def _planes(codes: Any, width: int) -> list[Any]:
    """Return the lowest bytes of all codes, then the next ones."""
    import numpy as np

    bytes_of = np.ascontiguousarray(codes, dtype="<u8").view(np.uint8).reshape(-1, _WORD_BYTES)
    return [np.ascontiguousarray(bytes_of[:, at]) for at in range(width)]
