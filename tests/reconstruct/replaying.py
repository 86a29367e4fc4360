"""Segment scripts replayed through one connection, with every row kept."""

from itertools import pairwise

from reconstruct.accounts import write_direction, write_flow
from reconstruct.connection import Connection
from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS, VOID, Recorder, RowStore
from reconstruct.rules import Rule
from reconstruct.scoreboard import SegmentPool
from reconstruct.segment import Segment
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.states import State
from reconstruct.vocabulary import EventKind, SegmentKind, Sender
from tests.drill import read_script, segments_of

CLIENT, SERVER = Sender.CLIENT, Sender.SERVER
MS = 1_000_000  # ns
HANDSHAKE = """
0.000  > S  0:0(0) win 64240 <mss 1460>
+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1400>
+0.001 > .  1:1(0) ack 1 win 64240
"""  # 10 ms between tap and server, 1 ms between tap and client; no scaling
SCALED = """
0.000  > S  0:0(0) win 64240 <mss 1460,wscale 7>
+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1400,wscale 2>
+0.001 > .  1:1(0) ack 1 win 502
"""
WRAPPING = "client 192.0.2.1:40000 isn 4294967290\nserver 198.51.100.2:80 isn 4294967295\n"  # wrap within a few bytes

Row = dict[str, int | None]


def known(cell: int) -> int | None:
    """Return what a cell says, None where it is unknown."""
    return None if cell == UNKNOWN else cell


def rows_of(store: RowStore) -> list[Row]:
    """Return the rows of a table by name, what is unknown as None."""
    rows = (zip(store.names, store.row(index), strict=True) for index in range(store.count))
    return [{name: known(cell) for name, cell in row} for row in rows]


class Replayed:
    """A script's segments as they are after their replay, and the connection that they made."""

    def __init__(self, text: str, settings: ReplaySettings | None = None, keep: bool = True) -> None:
        """Replay a script of one connection; without `keep` no row is recorded."""
        self.cursors = segments_of(read_script(text))
        self.recorder = Recorder(keep, keep)
        self.connection = Connection(0, self.recorder, SegmentPool(), settings or ReplaySettings())
        self.connection.begin(self.cursors[0])
        for cursor in self.cursors:
            self.connection.replay(cursor)
        self.client, self.server = self.connection.client, self.connection.server

    @property
    def last(self) -> Segment:
        """The last segment."""
        return self.cursors[-1]

    def kinds(self) -> list[str]:
        """Return what each segment was."""
        return [SegmentKind(cursor.kind).text for cursor in self.cursors]

    def verdict(self, index: int = -1) -> tuple[str, Rule, int | None, int | None]:
        """Return kind, rule and figures of a segment."""
        cursor = self.cursors[index]
        return SegmentKind(cursor.kind).text, Rule(cursor.rule), known(cursor.figure_a), known(cursor.figure_b)

    def rows(self) -> list[Row]:
        """Return the rows of the segments."""
        return rows_of(self.recorder.segments)

    def windows(self, sender: Sender) -> list[Row]:
        """Return the window rows of one end."""
        return [row for row in rows_of(self.recorder.windows) if row["sender"] == sender]

    def states(self) -> list[str]:
        """Return both ends' states after each segment, as the rows tell them in the end."""
        told = ((self._state(row, "client_state"), self._state(row, "server_state")) for row in self.rows())
        return [f"{client} {server}" for client, server in told]

    def _state(self, row: Row, column: str) -> str:
        state = row[column]
        assert state is not None  # a connection's own rows are never blank
        return State(state).text

    def events(self, kind: EventKind) -> list[Row]:
        """Return the events of one kind that were not taken back."""
        rows = rows_of(self.recorder.events)
        return [row for row in rows if row["event"] == kind and row["flow"] != VOID]

    def path(self, sender: Sender) -> str:
        """Return the states that an end went through, one after the other."""
        moves = [row for row in self.events(EventKind.STATE) if row["sender"] == sender]
        for before, after in pairwise(moves):
            assert before["b"] == after["a"]  # the path has no break
        states = [moves[0]["a"], *(move["b"] for move in moves)] if moves else [self._end(sender)]
        return " ".join(State(state).text for state in states if state is not None)

    def _end(self, sender: Sender) -> int:
        return self.server.state if sender else self.client.state

    def flow(self) -> Row:
        """Return the row of the connection."""
        store = RowStore(FLOW_COLUMNS)
        write_flow(self.connection, store)
        return rows_of(store)[0]

    def direction(self, sender: Sender) -> Row:
        """Return the row of one direction."""
        store = RowStore(DIRECTION_COLUMNS)
        ends = (self.server, self.client) if sender else (self.client, self.server)
        write_direction(self.connection, *ends, store)
        return rows_of(store)[0]
