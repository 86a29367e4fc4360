"""Finished rows in order, without what was taken back and what nobody can know."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.arrange import conceal_silent, in_order_of_flows, silent_ends, valid_events
from reconstruct.recorder import DIRECTION_COLUMNS, EVENT_COLUMNS, FLOW_COLUMNS, SEGMENT_COLUMNS, VOID, RowStore
from reconstruct.vocabulary import EventKind, Sender
from tests.fake_analysis import store_of
from tests.reconstruct.replaying import rows_of

CLIENT, SERVER = Sender.CLIENT, Sender.SERVER
ORDERS = st.integers(0, 100).flatmap(lambda count: st.permutations(range(count)))


def flows(*heard: tuple[int, int]) -> RowStore:
    """Return flows of which these ends were heard, client and server."""
    rows = [{"flow": at, "client_heard": client, "server_heard": server} for at, (client, server) in enumerate(heard)]
    return store_of(FLOW_COLUMNS, rows)


@given(ORDERS)
def test_flows_finished_in_any_order_come_out_by_number(order: list[int]) -> None:
    finished = store_of(FLOW_COLUMNS, [{"flow": flow, "bytes": 10 * flow + 1} for flow in order])
    ordered = rows_of(in_order_of_flows(finished, 1))
    assert [(row["flow"], row["bytes"]) for row in ordered] == [(flow, 10 * flow + 1) for flow in range(len(order))]


@given(ORDERS, st.booleans())
def test_directions_come_out_by_number_and_the_client_first(order: list[int], server_first: bool) -> None:
    senders = (SERVER, CLIENT) if server_first else (CLIENT, SERVER)
    rows = [{"flow": flow, "sender": sender, "bytes": 10 * flow + sender} for flow in order for sender in senders]
    ordered = rows_of(in_order_of_flows(store_of(DIRECTION_COLUMNS, rows), 2))
    expected = [(flow, sender, 10 * flow + sender) for flow in range(len(order)) for sender in (CLIENT, SERVER)]
    assert [(row["flow"], row["sender"], row["bytes"]) for row in ordered] == expected


def test_the_table_that_is_put_in_order_stays_as_it_was() -> None:
    finished = store_of(FLOW_COLUMNS, [{"flow": 1}, {"flow": 0}])
    in_order_of_flows(finished, 1)
    assert [row["flow"] for row in rows_of(finished)] == [1, 0]


def test_ends_that_were_never_heard_are_told_as_bits() -> None:
    assert list(silent_ends(flows((1, 1), (0, 1), (1, 0), (0, 0)))) == [0, 1, 2, 3]  # 1 the client, 2 the server


EVENTS = [
    {"flow": 0, "sender": CLIENT, "event": EventKind.STATE},
    {"flow": 0, "sender": SERVER, "event": EventKind.STATE},
    {"flow": VOID, "sender": CLIENT, "event": EventKind.STATE},
    {"flow": 1, "sender": CLIENT, "event": EventKind.STATE},
    {"flow": 1, "sender": CLIENT, "event": EventKind.CAPTURE_GAP},
    {"flow": 1, "sender": SERVER, "event": EventKind.STATE},
    {"flow": 2, "sender": SERVER, "event": EventKind.STATE},
    {"flow": 2, "sender": SERVER, "event": EventKind.RULE_VIOLATION},
]


def test_events_taken_back_and_states_of_ends_never_heard_are_left_out() -> None:
    silent = silent_ends(flows((1, 1), (0, 1), (1, 0)))
    events = store_of(EVENT_COLUMNS, [event | {"frame": at} for at, event in enumerate(EVENTS)])
    kept = valid_events(events, silent)
    assert [row["frame"] for row in rows_of(kept)] == [0, 1, 4, 5, 7]
    assert kept.row(2) == events.row(4)


def test_the_states_of_ends_never_heard_are_blank() -> None:
    rows = [{"flow": flow, "client_state": 4, "server_state": 5, "frame": flow} for flow in (0, 1, 2, 3, 0)]
    segments = store_of(SEGMENT_COLUMNS, rows)
    conceal_silent(segments, silent_ends(flows((1, 1), (0, 1), (1, 0), (0, 0))))
    shown = [(row["client_state"], row["server_state"]) for row in rows_of(segments)]
    assert shown == [(4, 5), (None, 5), (4, None), (None, None), (4, 5)]
    assert [row["frame"] for row in rows_of(segments)] == [0, 1, 2, 3, 0]
