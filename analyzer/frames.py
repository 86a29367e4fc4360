"""Rows of the core turned into pandas DataFrames, column by column in NumPy; the values equal those of `rows`.

dtypes: `Int64`, `Float64` and `boolean` (null is `pd.NA`), `datetime64[ns, UTC]`, `str`, and an ordered-by-number
`category` for a name of a closed list; `detail` is JSON text, `frames` a list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analyzer import rows
from analyzer.addresses import address_text
from analyzer.columns import Column, Form, Table
from analyzer.schema import FINDINGS
from reconstruct.rules import Rule
from reconstruct.seq import UNKNOWN

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from reconstruct.recorder import RowStore

    Cells = NDArray[np.int64]


def frame_of(store: RowStore, table: Table, first: int = 0, stop: int | None = None) -> pd.DataFrame:
    """Return the rows `first` to `stop` (all of them) of the core as a DataFrame with the table's columns."""
    import numpy as np
    import pandas as pd

    last = store.count if stop is None else min(stop, store.count)
    cells = np.frombuffer(store.buffer(), dtype=np.int64).reshape(store.count, store.width)[first:last]
    by_name = {name: np.ascontiguousarray(cells[:, at]) for at, name in enumerate(store.names)}
    made = {column.name: _series(column, by_name, len(cells)) for column in table.columns}
    return pd.DataFrame(made, columns=list(table.column_names), copy=False)


def findings_frame(findings: Iterable[object]) -> pd.DataFrame:
    """Return findings as a DataFrame."""
    import pandas as pd

    told = [rows.finding_row(finding) for finding in findings]
    made = {}
    for column in FINDINGS.columns:
        values: list[Any] = [row[column.name] for row in told]
        if column.form is Form.NAME:
            made[column.name] = pd.Series(pd.Categorical(values, categories=list(column.names), ordered=True))
        else:
            made[column.name] = pd.Series(values, dtype=_FINDING_TYPES[column.form])
    return pd.DataFrame(made, columns=list(FINDINGS.column_names))


def _series(column: Column, cells: Mapping[str, Cells], count: int) -> Any:
    """Return one column's values."""
    if not column.cells:
        return _constant(column, count)
    if column.form is Form.NAME:
        return _names(cells[column.cells[0]], column.names)
    return _MAKERS[column.form](*[cells[cell] for cell in column.cells])


def _constant(column: Column, count: int) -> Any:
    """Return a column that this release does not measure: null, or what the schema says instead."""
    import numpy as np

    unknown = np.full(count, UNKNOWN, dtype=np.int64)
    if column.form is Form.NAME:
        known = column.names.index(column.constant) if column.constant is not None else UNKNOWN
        return _names(np.full(count, known, dtype=np.int64), column.names)
    return _integers(unknown) if column.form is Form.INTEGER else _floats(unknown, 1)


def _integers(cells: Cells) -> Any:
    """Return integers, null where unknown."""
    import numpy as np
    import pandas as pd

    unknown = cells == UNKNOWN
    return pd.arrays.IntegerArray(np.where(unknown, 1, cells), unknown)


def _booleans(cells: Cells) -> Any:
    """Return booleans, null where unknown."""
    import pandas as pd

    unknown = cells == UNKNOWN
    return pd.arrays.BooleanArray((cells != 0) & ~unknown, unknown)


def _floats(cells: Cells, per_unit: int) -> Any:
    """Return the cells divided by `per_unit`, null where unknown."""
    import numpy as np
    import pandas as pd

    unknown = cells == UNKNOWN
    return pd.arrays.FloatingArray(np.where(unknown, 0, cells) / per_unit, unknown)


def _milliseconds(cells: Cells) -> Any:
    """Return nanoseconds as milliseconds."""
    return _floats(cells, rows.NS_PER_MS)


def _seconds(cells: Cells) -> Any:
    """Return nanoseconds as seconds."""
    return _floats(cells, rows.NS_PER_S)


def _millionths(cells: Cells) -> Any:
    """Return millionths as parts of one."""
    return _floats(cells, rows.MILLION)


def _span(first_ns: Cells, last_ns: Cells) -> Any:
    """Return the seconds between two times."""
    import numpy as np

    unknown = (first_ns == UNKNOWN) | (last_ns == UNKNOWN)
    return _seconds(np.where(unknown, UNKNOWN, last_ns - np.where(unknown, 0, first_ns)))


def _share(part_ns: Cells, whole_ns: Cells) -> Any:
    """Return the shares of one time in another."""
    import numpy as np
    import pandas as pd

    unknown = (part_ns == UNKNOWN) | (whole_ns == UNKNOWN) | (whole_ns == 0)
    return pd.arrays.FloatingArray(np.where(unknown, 0, part_ns) / np.where(unknown, 1, whole_ns), unknown)


def _times(cells: Cells) -> Any:
    """Return times; `UNKNOWN` is NumPy's not-a-time already."""
    import pandas as pd

    return pd.DatetimeIndex(cells.view("datetime64[ns]")).tz_localize("UTC")


def _names(cells: Cells, names: tuple[str, ...]) -> Any:
    """Return categories, whose codes are the core's numbers."""
    import numpy as np
    import pandas as pd

    codes = np.where(cells == UNKNOWN, -1, cells).astype(np.int8)
    return pd.Categorical.from_codes(codes, categories=list(names))  # type: ignore[call-overload] # stubs lack arrays


def _texts(cells: Cells, text_of: Callable[[int], str | None]) -> Any:
    """Return a text per cell, made once for each different cell."""
    import numpy as np

    different, which = np.unique(cells, return_inverse=True)
    made = [None if cell == UNKNOWN else text_of(cell) for cell in different.tolist()]
    return _taken(made, which)


def _taken(texts: list[str | None], which: NDArray[np.intp]) -> Any:
    """Return texts[i] for each i of `which`."""
    import numpy as np
    import pandas as pd

    known = pd.array(np.array(texts, dtype=object), dtype="str")
    return known.take(which)


def _combined(columns: tuple[Cells, ...]) -> tuple[list[tuple[int, ...]], NDArray[np.intp]]:
    """Return the different rows of some columns, and which of them each row is."""
    import numpy as np

    which = np.zeros(len(columns[0]), dtype=np.int64)
    for cells in columns:
        different, codes = np.unique(cells, return_inverse=True)
        # Numbering again after each column keeps the number below rows * rows, within 64 bits.
        _, which = np.unique(which * len(different) + codes, return_inverse=True)
    _, at = np.unique(which, return_index=True)
    return [tuple(int(cells[index]) for cells in columns) for index in at.tolist()], which


def _of_different(make: Callable[..., str | None], *columns: Cells) -> Any:
    """Return a text per row, made once for each different row."""
    different, which = _combined(columns)
    return _taken([make(*row) for row in different], which)


def _addresses(*columns: Cells) -> Any:
    """Return printed addresses."""
    return _of_different(address_text, *columns)


def _reasons(rule: Cells, figure_a: Cells, figure_b: Cells) -> Any:
    """Return reasons; figures that a rule's words do not print do not make a difference."""
    import numpy as np

    prints_a = np.array(["{a}" in known.template for known in Rule])
    prints_b = np.array(["{b}" in known.template for known in Rule])
    known = np.where(rule == UNKNOWN, 0, rule)
    return _of_different(
        rows.reason_text, rule, np.where(prints_a[known], figure_a, 0), np.where(prints_b[known], figure_b, 0)
    )


def _details(*columns: Cells) -> Any:
    """Return the details of events as JSON text."""
    return _of_different(lambda *cells: json.dumps(rows.event_detail(*cells)), *columns)


def _flags(cells: Cells) -> Any:
    """Return the letters of flags."""
    return _texts(cells, rows.flags_text)


def _vlans(cells: Cells) -> Any:
    """Return VLAN ids."""
    return _texts(cells, rows.vlan_text)


def _tunnels(cells: Cells) -> Any:
    """Return tunnel ids."""
    import numpy as np

    return _integers(np.where(cells == rows.NO_TUNNEL, UNKNOWN, cells))


_MAKERS: dict[Form, Callable[..., Any]] = {
    Form.INTEGER: _integers,
    Form.BOOLEAN: _booleans,
    Form.TIME: _times,
    Form.MILLISECONDS: _milliseconds,
    Form.SECONDS: _seconds,
    Form.MILLIONTHS: _millionths,
    Form.SPAN: _span,
    Form.SHARE: _share,
    Form.ADDRESS: _addresses,
    Form.FLAGS: _flags,
    Form.VLAN: _vlans,
    Form.TUNNEL: _tunnels,
    Form.REASON: _reasons,
    Form.DETAIL: _details,
}
_FINDING_TYPES: dict[Form, Any] = {
    Form.INTEGER: "Int64",
    Form.NUMBER: "Float64",
    Form.TEXT: "str",
    Form.FRAMES: object,
}
