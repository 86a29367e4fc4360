"""The table of connections: the rows are the same however few connections are kept in full."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reconstruct.segment import ACK, FIN, RST, SYN
from tests.reconstruct.replaying import Row, rows_of
from tests.reconstruct.tap import Pair, Tap

SCRIPTS = {
    "whole": [(True, SYN, 0, 0), (False, SYN | ACK, 0, 1), (True, ACK, 1, 1), (True, FIN | ACK, 1, 1),
              (False, FIN | ACK, 1, 2), (True, ACK, 2, 2)],
    "reset": [(True, SYN, 0, 0), (False, SYN | ACK, 0, 1), (True, ACK, 1, 1), (True, RST | ACK, 1, 1)],
    "refused": [(True, SYN, 0, 0), (False, RST | ACK, 0, 1)],
    "unanswered": [(True, SYN, 0, 0), (True, SYN, 0, 0)],
    "alone": [(True, SYN, 0, 0)],
    "open": [(True, SYN, 0, 0), (False, SYN | ACK, 0, 1), (True, ACK, 1, 1)],
    "joined": [(True, ACK, 1, 1), (False, ACK, 1, 1)],
}  # fmt: skip
CONNECTIONS = st.lists(
    st.tuples(st.sampled_from(sorted(SCRIPTS)), st.integers(0, 3), st.sampled_from([4, 6])), min_size=1, max_size=25
)


def played(connections: list[tuple[str, int, int]], together: int, max_live: int) -> Tap:
    """Interleave connections, `together` at a time, each beginning where its port was used up before."""
    tap = Tap(max_live_connections=max_live, linger_ns=0)
    waiting = [
        (Pair(port=port + 10 * (at % together), version=version, isn=at << 20, peer_isn=at << 21), SCRIPTS[name])
        for at, (name, port, version) in enumerate(connections)
    ]
    for first in range(0, len(waiting), together):
        group = waiting[first : first + together]
        for step in range(6):
            for pair, script in group:
                if step < len(script):
                    from_client, flags, seq, ack = script[step]
                    tap.take(pair.segment(flags, seq, ack, from_client))
    return tap


def everything(tap: Tap) -> tuple[list[Row], list[Row]]:
    """Return the rows of connections and directions, by number."""
    flows = tap.finish()
    directions = sorted(rows_of(tap.table.directions), key=lambda row: (row["flow"] or 0, row["sender"] or 0))
    return flows, directions


@settings(deadline=None)
@given(CONNECTIONS, st.integers(1, 6), st.integers(1, 8))
def test_the_rows_are_the_same_however_few_are_kept_in_full(
    connections: list[tuple[str, int, int]], together: int, max_live: int
) -> None:
    few, all_of_them = played(connections, together, max_live), played(connections, together, 10_000)
    late = few.table.late
    rows, expected = everything(few), everything(all_of_them)
    if late == 0:
        assert rows == expected
    else:  # late segments are left out of the rows, and nothing else is
        assert len(rows[0]) <= len(expected[0])
        told = sum(row["segments"] or 0 for row in rows[0])
        assert told + late == sum(row["segments"] or 0 for row in expected[0]) == few.frame


@settings(deadline=None)
@given(CONNECTIONS, st.integers(1, 6), st.integers(1, 8))
def test_connections_are_numbered_as_they_appear_and_no_segment_is_lost(
    connections: list[tuple[str, int, int]], together: int, max_live: int
) -> None:
    tap = played(connections, together, max_live)
    late = tap.table.late
    rows = tap.finish()
    assert [row["flow"] for row in rows] == list(range(len(rows)))
    assert [row["first_frame"] for row in rows] == sorted(row["first_frame"] or 0 for row in rows)
    assert sum(row["segments"] or 0 for row in rows) + late == tap.frame
    assert tap.table.tally.connections == len(rows)
    assert tap.table.directions.count == 2 * len(rows)
