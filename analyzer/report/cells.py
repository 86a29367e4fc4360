"""Rows of the core as NumPy columns, and cut into one part for each connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reconstruct.recorder import RowStore

    Cells = NDArray[np.int64]


class Rows:
    """A table of the core as columns."""

    def __init__(self, names: tuple[str, ...], cells: Any) -> None:
        """Take the cells, a row after the other."""
        self._names = names
        self._cells = cells
        self.count = len(cells)

    def __getitem__(self, name: str) -> Cells:
        """Return one column."""
        column: Cells = self._cells[:, self._names.index(name)]
        return column

    def every(self, step: int, first: int) -> Rows:
        """Return every `step`th row from `first` on."""
        return Rows(self._names, self._cells[first::step])

    def sorted_by_flow(self) -> Rows:
        """Return the rows by connection, those of one in their order."""
        import numpy as np

        flows = self["flow"]
        if (flows[1:] >= flows[:-1]).all():  # the rows of one connection, above all
            return self
        return Rows(self._names, self._cells[np.argsort(flows, kind="stable")])

    def of_flow(self, flow: int) -> Rows:
        """Return the rows of one connection; the rows must be sorted by flow."""
        import numpy as np

        first, stop = np.searchsorted(self["flow"], [flow, flow + 1])
        return Rows(self._names, self._cells[first:stop])


def rows_of(store: RowStore) -> Rows:
    """Return a table of the core; it must not grow while it is looked at."""
    import numpy as np

    cells = np.frombuffer(store.buffer(), dtype=np.int64).reshape(store.count, store.width)
    return Rows(store.names, cells)
