"""What an analysis found, as rows: the values of every other output, only the columns that are asked for."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from analyzer import rows, schema
from analyzer.analysis import analyze
from analyzer.capture.reader import Damage
from analyzer.cases import FACTS, TABLES
from analyzer.expected import Cells
from analyzer.found import DETAILS, PATH, Found, cells_of, names_of
from reconstruct.recorder import EVENT_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import EventKind, Sender
from tests.analyzer.running import FIXTURES
from tests.fake_analysis import FakeAnalysis, FakeFacts, store_of

ZERO_WINDOW = FIXTURES / "window" / "zero-window.pcap"


def columns_of(table: str) -> tuple[str, ...]:
    """Return the columns of a public table."""
    return next(each.column_names for each in schema.TABLES if each.name == table)


def test_rows_are_those_of_every_other_output() -> None:
    analysis = FakeAnalysis()
    found = Found(analysis)
    stores = {
        schema.FLOWS: analysis.flow_rows,
        schema.DIRECTIONS: analysis.direction_rows,
        schema.EVENTS: analysis.event_rows,
        schema.SEGMENTS: analysis.segment_rows(),
        schema.WINDOWS: analysis.window_rows(),
    }
    for table, store in stores.items():
        assert found.rows(table.name, table.column_names) == list(rows.rows_of(store, table))
    assert found.rows("findings", columns_of("findings")) == list(map(rows.finding_row, analysis.finding_list))


def test_a_row_holds_only_what_is_asked_for() -> None:
    found = Found(FakeAnalysis())
    assert found.rows("flows", ("flow", "closing")) == [{"flow": 0, "closing": "fin"}, {"flow": 1, "closing": "rst"}]
    assert found.rows("findings", ("finding",)) == [{"finding": "zero-window"}]


def test_the_ledger_is_a_table() -> None:
    row = {"reason": "ARP", "count": 2, "first_frame": 11}
    assert Found(FakeAnalysis()).rows("skipped", tuple(row)) == [row]


@dataclass
class Counting(FakeAnalysis):
    """An analysis that counts how often its capture is read again."""

    readings: list[str] = field(default_factory=list)

    def segment_rows(self, flow: int | None = None) -> RowStore:
        """Return the segments."""
        self.readings.append("segments")
        return super().segment_rows(flow)


def test_segments_are_read_once_and_only_when_they_are_asked_for() -> None:
    analysis = Counting()
    found = Found(analysis)
    found.rows("flows", ("flow", PATH))
    assert analysis.readings == []
    for _ in range(3):
        found.rows("segments", ("frame",))
    assert analysis.readings == ["segments"]


# Paths


def moves(*states: tuple[int, int, State | None, State]) -> RowStore:
    """Return events of moves, each with flow, sender, the state before and the state after."""
    return store_of(
        EVENT_COLUMNS,
        [
            {"flow": flow, "sender": sender, "event": EventKind.STATE, "a": UNKNOWN if old is None else old, "b": new}
            for flow, sender, old, new in states
        ],
        UNKNOWN,
    )


def path(store: RowStore, flow: int = 0) -> Any:
    """Return the paths of the ends of a flow."""
    return Found(FakeAnalysis(event_rows=store)).rows("flows", ("flow", PATH))[flow][PATH]


def test_a_path_begins_after_closed_and_listen() -> None:
    events = moves(
        (0, Sender.CLIENT, State.CLOSED, State.SYN_SENT),
        (0, Sender.SERVER, State.LISTEN, State.SYN_RECEIVED),
        (0, Sender.CLIENT, State.SYN_SENT, State.ESTABLISHED),
    )
    assert path(events) == {"client": ["SYN-SENT", "ESTABLISHED"], "server": ["SYN-RECEIVED"]}


def test_a_path_that_begins_in_the_middle_names_the_state_there() -> None:
    events = moves((0, Sender.SERVER, State.ESTABLISHED, State.CLOSE_WAIT))
    assert path(events) == {"client": [], "server": ["ESTABLISHED", "CLOSE-WAIT"]}


def test_a_path_begins_with_the_first_state_that_is_known() -> None:
    assert path(moves((0, Sender.CLIENT, None, State.SYN_SENT)))["client"] == ["SYN-SENT"]


def test_paths_of_flows_are_apart() -> None:
    events = moves((1, Sender.CLIENT, State.CLOSED, State.SYN_SENT), (0, Sender.CLIENT, State.CLOSED, State.CLOSED))
    assert (path(events, 0)["client"], path(events, 1)["client"]) == (["CLOSED"], ["SYN-SENT"])


def test_the_path_of_a_real_connection_ends_in_its_final_states() -> None:
    (row,) = Found(analyze(ZERO_WINDOW)).rows("flows", ("flow", "client_state", "server_state", PATH))
    assert (row[PATH]["client"][-1], row[PATH]["server"][-1]) == (row["client_state"], row["server_state"])


# Facts


def test_every_fact_of_a_case_can_be_asked_for() -> None:
    found = Found(FakeAnalysis())
    facts = {name: found.fact(name) for name in FACTS}
    assert facts == {
        "formats": ["pcapng"], "compressions": ["gzip"], "link_types": ["Ethernet"], "comments": [], "interfaces": 1,
        "snaplen": 262144, "packets": 12, "segments": 10, "connections": 2, "dropped": 3, "partial": False,
        "damage": None,
    }  # fmt: skip


def test_the_first_damage_is_a_fact() -> None:
    damages = [Damage(100, 3, "cut short"), Damage(24, 0, "broken")]
    found = Found(FakeAnalysis(capture=FakeFacts(damages=damages), partial=True))
    assert found.fact("damage") == {"offset": 100, "packet": 3, "reason": "cut short"}
    assert found.fact("partial") is True


# What columns hold


@pytest.mark.parametrize("table", TABLES.values())
def test_every_column_of_a_table_can_be_stated(table: str) -> None:
    public = () if table == "skipped" else columns_of(table)
    assert set(public) <= cells_of(table).keys()


@pytest.mark.parametrize(
    ("table", "column", "cells"),
    [
        ("flows", "client_ip", Cells.TEXT),
        ("flows", "tunnel", Cells.NUMBER),
        ("flows", "duration_s", Cells.NUMBER),
        ("flows", "role_known", Cells.FLAG),
        ("flows", "first_time", Cells.TIME),
        ("flows", PATH, Cells.OBJECT),
        ("events", "detail", Cells.OBJECT),
        ("findings", "frames", Cells.LIST),
        ("skipped", "count", Cells.NUMBER),
    ],
)
def test_a_column_holds_what_its_form_says(table: str, column: str, cells: Cells) -> None:
    assert cells_of(table)[column] is cells


def test_closed_lists_are_known_and_free_texts_are_not() -> None:
    assert names_of("flows", "closing") == frozenset({"fin", "rst", "half-closed", "open"})
    assert names_of("flows", "client_ip") is None
    assert names_of("skipped", "reason") is None
    flags = names_of("segments", "flags")
    assert flags is not None
    assert {"S", "SA", "PA", "FA"} <= flags
    assert "AS" not in flags


def test_every_detail_that_events_tell_can_be_stated() -> None:
    told: set[str] = set()
    losses = ("loss/capture-gap", "loss/fast-retransmission", "loss/timeout")
    lost = ("window/update-lost", "window/update-lost-behind-the-tap")
    waits = ("window/zero-window", "small-writes/nagle-meets-delayed-ack")
    for name in (*waits, "invalid/text-beyond-the-window", *losses, *lost):
        for row in Found(analyze(FIXTURES / f"{name}.pcap")).rows("events", ("detail",)):
            told |= row["detail"].keys()
    assert told == DETAILS.keys()
