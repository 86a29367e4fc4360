"""Typed columns as a page carries them: differences in planes of bytes, gzipped, in base64.

Neighbouring rows are alike: a difference is small, its high bytes are zero, and planes of zeros cost next to nothing.
`viewer/columns.js` is the other half and undoes each step.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
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
    """Return a table as JSON can carry it: `rows`, how each column was packed, and all of them in base64.

    Columns `together` are told as one: the different rows that they make, and which of them each row is. A column
    against the sender needs the columns `sender` and, for `SENDER_END`, `len`.
    """
    rows = len(next(iter(columns.values())).cells)
    described: list[list[Any]] = []
    planes: list[bytes] = []
    combinations, which = _combined([columns[name].cells for name in together])
    alone = {name: column for name, column in columns.items() if name not in together}
    senders = _rows_of_senders(columns)
    for name, column in {SHAPE: Column(which), **alone}.items() if together else alone.items():
        kept, nulls = _without_nulls(column.cells)
        differences = _differences(kept, column.against, columns, senders)
        scale = _scale(differences) if name.endswith("_ns") else 1
        codes = _zigzag(differences // scale)
        width = _width(codes)
        described.append([name, width, int(column.against), int(nulls is not None), scale])
        if nulls is not None:
            planes.append(nulls.tobytes())
        planes += [plane.tobytes() for plane in _planes(codes, width)]
    packed = gzip.compress(b"".join(planes), GZIP_LEVEL, mtime=0)
    return {
        "rows": rows,
        "columns": described,
        "together": list(together),
        "combinations": combinations,
        "data": base64.b64encode(packed).decode("ascii"),
    }


def _combined(columns: list[Cells]) -> tuple[list[list[int | None]], Cells]:
    """Return the different rows of some columns, and which of them each row is; None is null."""
    import numpy as np

    which, most = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64), 1
    for cells in columns if len(which) else []:
        unknown = cells == UNKNOWN
        low = int(np.where(unknown, 0, cells).min())
        codes = np.where(unknown, 0, cells - low + 1)
        values = int(codes.max()) + 1
        if most * values > _MOST_COMBINATIONS:  # numbered again, there are no more of them than rows
            different, which = np.unique(which, return_inverse=True)
            most = len(different)
        which, most = which * values + codes, most * values
    _, at, which = np.unique(which, return_index=True, return_inverse=True)
    rows = [[int(cells[index]) for cells in columns] for index in at.tolist()]
    return [[None if cell == UNKNOWN else cell for cell in row] for row in rows], which.astype(np.int64)


def _rows_of_senders(columns: Mapping[str, Column]) -> tuple[Any, ...]:
    """Return the numbers of the rows of each sender, none where the table tells no sender."""
    import numpy as np

    if "sender" not in columns:
        return ()
    sender = columns["sender"].cells
    return tuple(np.flatnonzero(sender == end) for end in (0, 1))


def _without_nulls(cells: Cells) -> tuple[Cells, Any]:
    """Return the cells with each null as the value before it, and a byte a row that is 1 for null (None: no null)."""
    import numpy as np

    unknown = cells == UNKNOWN
    if not unknown.any():
        return cells, None
    at = np.maximum.accumulate(np.where(unknown, -1, np.arange(len(cells))))
    return np.where(at < 0, 0, cells[at]), unknown.astype(np.uint8)


def _differences(cells: Cells, against: Against, columns: Mapping[str, Column], senders: tuple[Any, ...]) -> Cells:
    """Return the cells as differences."""
    if against is Against.ZERO:
        return cells
    if against is Against.ROW_BEFORE:
        told = cells.copy()
        told[1:] -= cells[:-1]
        return told
    expected = cells + columns["len"].cells if against is Against.SENDER_END else cells
    told = cells.copy()
    for mine in senders:
        told[mine[1:]] -= expected[mine[:-1]]
    return told


def _scale(differences: Cells) -> int:
    """Return what every difference is a multiple of, as far as it is a power of 1,000 up to a million."""
    for scale in (NS_PER_US * NS_PER_US, NS_PER_US):
        if len(differences) and not (differences % scale).any() and differences.any():
            return scale
    return 1


def _zigzag(differences: Cells) -> Any:
    """Return small differences of either sign as small numbers: 0, -1, 1, -2 as 0, 1, 2, 3."""
    import numpy as np

    return ((differences << 1) ^ (differences >> 63)).astype(np.uint64)


def _width(codes: Any) -> int:
    """Return how many bytes the largest code needs."""
    largest = int(codes.max()) if len(codes) else 0
    return (largest.bit_length() + 7) // 8


def _planes(codes: Any, width: int) -> list[Any]:
    """Return the lowest bytes of all codes, then the next ones."""
    import numpy as np

    bytes_of = np.ascontiguousarray(codes, dtype="<u8").view(np.uint8).reshape(-1, _WORD_BYTES)
    return [np.ascontiguousarray(bytes_of[:, at]) for at in range(width)]
