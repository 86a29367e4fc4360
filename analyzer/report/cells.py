"""Rows of the core as NumPy columns, and those of chosen connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    def numbers_of(self, key: str, value: str) -> Callable[[int], int | None]:
        """Return a function that tells the value in the row that has a key, None where no row has it."""
        import numpy as np

        order = np.argsort(self[key], kind="stable")
        keys, values = self[key][order], self[value][order]

        def number_of(wanted: int) -> int | None:
            at = int(np.searchsorted(keys, wanted))
            return int(values[at]) if at < len(keys) and keys[at] == wanted else None

        return number_of

    def sorted_by_flow(self) -> Rows:
        """Return the rows by connection, those of one in their order."""
        import numpy as np

        flows = self["flow"]
        if (flows[1:] >= flows[:-1]).all():  # the rows of one connection, above all
            return self
        return Rows(self._names, self._cells[np.argsort(flows, kind="stable")])

    def of_flows(self, flows: Sequence[int]) -> tuple[Rows, Cells]:
        """Return the rows of some connections, in that order, and where each begins; the rows must be sorted by flow.

        One more number tells where the last ends.
        """
        import numpy as np

        firsts, stops = np.searchsorted(self["flow"], [flows, [flow + 1 for flow in flows]])
        starts = np.concatenate([[0], np.cumsum(stops - firsts)])
        if len(flows) == 1:
            return Rows(self._names, self._cells[firsts[0] : stops[0]]), starts
        rows = np.repeat(firsts - starts[:-1], stops - firsts) + np.arange(starts[-1])
        return Rows(self._names, self._cells[rows]), starts


def rows_of(store: RowStore) -> Rows:
    """Return a table of the core; it must not grow while it is looked at."""
    import numpy as np

    cells = np.frombuffer(store.buffer(), dtype=np.int64).reshape(store.count, store.width)
    return Rows(store.names, cells)
