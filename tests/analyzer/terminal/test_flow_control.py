"""What windows did to the ends of a connection, told in words."""

from analyzer.terminal.connections import Connection, connection_of
from analyzer.terminal.flow_control import print_flow_control
from reconstruct.recorder import DIRECTION_COLUMNS
from reconstruct.seq import UNKNOWN
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import MS, FakeAnalysis, store_of

NOTHING = dict.fromkeys(DIRECTION_COLUMNS, 0) | {"window_scale_least": UNKNOWN, "window_scale_most": UNKNOWN}


def printed(client: dict[str, int], server: dict[str, int] | None = None) -> list[str]:
    """Return what is printed about a connection whose ends show this."""
    analysis = FakeAnalysis()
    ends = [NOTHING | {"flow": 0, "sender": at} | cells for at, cells in enumerate((client, server or {}))]
    connection: Connection = connection_of(analysis.flow_rows, store_of(DIRECTION_COLUMNS, ends), 0)
    paper = Paper()
    print_flow_control(paper, connection)
    return paper.lines


def test_where_no_window_did_anything_nothing_is_said() -> None:
    assert printed({}) == []


def test_each_thing_is_a_sentence_about_an_end() -> None:
    lines = printed({
        "window_full_episodes": 2, "zero_window_episodes": 1, "zero_window_ns": 250 * MS, "window_probes": 3,
        "window_updates_lost": 1, "window_shrinks": 1, "window_shrunk_bytes": 500, "silly_openings": 2,
        "silly_segments": 1,
    })  # fmt: skip
    assert lines[1:] == [
        "Flow control",
        "  client       filled its peer's window 2 times",
        "  client       was stopped by a closed window 1 time, for 250 ms; it sent 3 probes",
        "  client       learned 1 time only from the answer to a probe that the window was open: the update was lost",
        "  client       lost room that it had been offered: the right edge moved left 1 time, by 500 B",
        "  client       was offered less than a segment or half the window 2 times (silly window)",
        "  client       sent 1 tiny segment into what such windows allowed",
    ]


def test_of_several_episodes_the_longest_is_told() -> None:
    cells = {"zero_window_episodes": 2, "zero_window_ns": 300 * MS, "zero_window_longest_ns": 250 * MS}
    assert "2 times, for 300 ms, the longest time 250 ms; it sent 0 probes" in printed(cells)[-1]


def test_what_windows_tell_of_their_scale_is_said() -> None:
    assert printed({}, {"window_scale_least": 7, "window_scale_most": 7})[-1] == (
        "  server       its windows are scaled by 7 bits, as they prove themselves"
    )
    assert printed({"window_scale_least": 9, "window_scale_most": 10})[-1] == (
        "  client       its windows are scaled by 9 to 10 bits: the capture does not prove which"
    )
    assert printed({"window_scale_least": 0, "window_scale_most": 0})[-1] == (
        "  client       its windows are not scaled, as they prove themselves"
    )


def test_scaling_that_was_lost_on_the_way_is_said() -> None:
    lines = printed({"window_scale_unanswered": 1}, {"window_scale_denied": 1})
    assert lines[-2] == "  client       offered window scaling, the SYN of its peer does not: windows end at 64 KiB"
    assert lines[-1].startswith("  server       the scale that the SYNs tell does not explain 1 segment")
