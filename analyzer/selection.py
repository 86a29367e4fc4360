"""Some rows of a table of the core, in a table of their own."""

from collections.abc import Callable

from reconstruct.recorder import RowStore


def rows_of_flow(store: RowStore, flow: int) -> RowStore:
    """Return the rows of one connection, in their order."""
    return _chosen(store, "flow", lambda number: number == flow)


def rows_of_sender(store: RowStore, sender: int) -> RowStore:
    """Return the rows about one end, in their order."""
    return _chosen(store, "sender", lambda end: end == sender)


def rows_between(store: RowStore, first: int, last: int) -> RowStore:
    """Return the rows whose frames lie between two frames, both included."""
    return _chosen(store, "frame", lambda frame: first <= frame <= last)


def _chosen(store: RowStore, column: str, wanted: Callable[[int], bool]) -> RowStore:
    """Return the rows whose cell in one column is wanted."""
    at = store.names.index(column)
    source, width = store.buffer(), store.width
    chosen = RowStore(store.names)
    for start in range(0, len(source), width):
        if wanted(source[start + at]):
            first = chosen.new_row()
            memoryview(chosen.cells)[first : first + width] = source[start : start + width]
    return chosen
