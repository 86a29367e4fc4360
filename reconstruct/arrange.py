# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Putting finished rows in order: by flow, without what was taken back, without what nobody can know."""

from array import array

from reconstruct.recorder import DIRECTION_COLUMNS, EVENT_COLUMNS, FLOW_COLUMNS, SEGMENT_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind

_UNKNOWN = UNKNOWN
_CLIENT_HEARD, _SERVER_HEARD = FLOW_COLUMNS.index("client_heard"), FLOW_COLUMNS.index("server_heard")
_DIRECTION_SENDER = DIRECTION_COLUMNS.index("sender")
_EVENT_SENDER, _EVENT_KIND = EVENT_COLUMNS.index("sender"), EVENT_COLUMNS.index("event")
_SEGMENT_FLOW = SEGMENT_COLUMNS.index("flow")
_CLIENT_STATE, _SERVER_STATE = SEGMENT_COLUMNS.index("client_state"), SEGMENT_COLUMNS.index("server_state")
_STATE = int(EventKind.STATE)
_CLIENT, _SERVER = 1, 2  # bits of an end that was never heard


def in_order_of_flows(store: RowStore, rows_each: int) -> RowStore:
    """Return a table that holds `rows_each` rows of every flow, 0 and up, in order of flow (and of sender, if two)."""
    ordered = RowStore(store.names)
    for _ in range(store.count):
        ordered.new_row()
    width = store.width
    for index in range(store.count):
        source = index * width
        target = store.cells[source] * rows_each
        if rows_each == 2:
            target += store.cells[source + _DIRECTION_SENDER]
        for column in range(width):
            ordered.cells[target * width + column] = store.cells[source + column]
    return ordered


def silent_ends(flows: RowStore) -> "array[int]":
    """Return for each flow which ends were never heard: 1 the client, 2 the server; `flows` is in order."""
    silent = array("q", bytes(8 * flows.count))
    for index in range(flows.count):
        at = index * flows.width
        if not flows.cells[at + _CLIENT_HEARD]:
            silent[index] |= _CLIENT
        if not flows.cells[at + _SERVER_HEARD]:
            silent[index] |= _SERVER
    return silent


def valid_events(store: RowStore, silent: "array[int]") -> RowStore:
    """Return the events without those taken back and without the states of ends that were never heard."""
    kept = RowStore(store.names)
    width = store.width
    for index in range(store.count):
        at = index * width
        flow = store.cells[at]
        if flow < 0:
            continue
        bit = _SERVER if store.cells[at + _EVENT_SENDER] else _CLIENT
        if store.cells[at + _EVENT_KIND] == _STATE and silent[flow] & bit:
            continue
        target = kept.new_row()
        for column in range(width):
            kept.cells[target + column] = store.cells[at + column]
    return kept


def conceal_silent(segments: RowStore, silent: "array[int]") -> None:
    """Blank the states of ends that were never heard."""
    for index in range(segments.count):
        at = index * segments.width
        bits = silent[segments.cells[at + _SEGMENT_FLOW]]
        if bits & _CLIENT:
            segments.cells[at + _CLIENT_STATE] = _UNKNOWN
        if bits & _SERVER:
            segments.cells[at + _SERVER_STATE] = _UNKNOWN
