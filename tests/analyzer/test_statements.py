"""One entry held against the rows of its table: which rows it speaks of, and how long a difference may be."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cases import Entry
from analyzer.expected import CaseError, Cells, read_expected
from analyzer.found import Found
from analyzer.statements import MOST_SHOWN, Statement
from reconstruct.recorder import EVENT_COLUMNS, WINDOW_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import EventKind, Sender
from tests.fake_analysis import FakeAnalysis, store_of


def entry(table: str, columns: Mapping[str, object], **more: Any) -> Entry:
    """Return an entry of a case."""
    return Entry("[[entry]] number 1", table, columns, **more)


def differences(said: Entry, analysis: Any = None) -> list[str]:
    """Return how a made analysis differs from an entry."""
    return Statement(said).differences(Found(analysis or FakeAnalysis()))


def gaps(*frames: int) -> FakeAnalysis:
    """Return an analysis with a gap of 10 bytes in each of these frames."""
    row = {"flow": 0, "event": EventKind.CAPTURE_GAP, "a": 10, "sender": Sender.CLIENT}
    return FakeAnalysis(event_rows=store_of(EVENT_COLUMNS, [row | {"frame": frame} for frame in frames], UNKNOWN))


# Keys and checks


def test_what_an_entry_is_looked_up_by_is_apart_from_what_must_hold() -> None:
    statement = Statement(entry("directions", {"flow": 0, "sender": "client", "mss": 1460}))
    assert (set(statement.keys), set(statement.checks)) == ({"flow", "sender"}, {"mss"})
    assert statement.said == 'directions: flow = 0, sender = "client", mss = 1460'


def test_an_entry_names_what_the_table_does_not_have() -> None:
    with pytest.raises(CaseError, match=r"\[\[entry\]\] number 1: 'frame' is unknown"):
        Statement(entry("flows", {"frame": 3}))


def test_a_wrong_value_is_told_with_its_place() -> None:
    with pytest.raises(CaseError, match=r'\[\[entry\]\] number 1 mss: "big" where the column holds a number'):
        Statement(entry("directions", {"mss": "big"}))


def test_an_entry_of_one_row_by_some_of_its_keys_needs_any_row_that_agrees() -> None:
    # Both directions of flow 0 permit SACK, the server sent 3 segments.
    assert differences(entry("directions", {"flow": 0, "segments": 3})) == []
    (said,) = differences(entry("directions", {"flow": 0, "segments": 4}))
    assert said.startswith("directions: flow = 0, segments = 4: expected, found flow = 0, segments = 5 in flow 0;")


def test_each_column_that_differs_is_a_difference() -> None:
    wanted = {"flow": 0, "sender": "client", "mss": 1, "window_scale": 7, "dup_acks": 9}
    assert differences(entry("directions", wanted)) == [
        'flow 0, sender "client": mss: expected 1, found 1460',
        'flow 0, sender "client": dup_acks: expected 9, found 0',
    ]


# Frames


@pytest.mark.parametrize(("frame", "holds"), [(5, False), (6, True), (7, True), (8, False), (9, False), (1_000, False)])
def test_windows_hold_until_the_next_row(frame: int, holds: bool) -> None:
    windows = [
        {"flow": 0, "frame": 6, "sender": Sender.CLIENT, "flight": 100},
        {"flow": 0, "frame": 7, "sender": Sender.SERVER, "flight": 1},
        {"flow": 0, "frame": 8, "sender": Sender.CLIENT, "flight": 0},
    ]

    class WithWindows(FakeAnalysis):
        def window_rows(self, flow: int | None = None) -> RowStore:
            return store_of(WINDOW_COLUMNS, windows, UNKNOWN)

    wanted = {"flow": 0, "sender": "client", "flight": 100}
    assert (differences(entry("windows", wanted, frames=(frame,)), WithWindows()) == []) is holds


def test_an_entry_must_hold_in_each_of_its_frames() -> None:
    gap = {"event": "capture-gap"}
    assert differences(entry("events", gap, frames=(3, 5)), gaps(3, 5, 8)) == []
    assert differences(entry("events", gap, frames=(3, 4, 6)), gaps(3)) == [
        'events: event = "capture-gap": expected in frame 4, found in frame 3',
        'events: event = "capture-gap": expected in frame 6, found in frame 3',
    ]


def test_only_allows_no_other_frame() -> None:
    gap = {"event": "capture-gap"}
    assert differences(entry("events", gap, frames=(3, 5), only=True), gaps(3, 5)) == []
    assert differences(entry("events", gap, frames=(3,), only=True), gaps(3, 5, 8)) == [
        'events: event = "capture-gap": expected in no other frame, found in frames 5, 8'
    ]


def test_what_is_absent_in_frames_may_be_elsewhere() -> None:
    gap = {"event": "capture-gap"}
    assert differences(entry("events", gap, frames=(4, 6), absent=True), gaps(3, 5)) == []
    assert differences(entry("events", gap, frames=(3, 4), absent=True), gaps(3, 5)) == [
        'events: event = "capture-gap": expected nowhere, found in frame 3'
    ]


def test_an_absent_entry_needs_all_of_its_columns_to_agree() -> None:
    assert differences(entry("flows", {"opening": "handshake", "closing": "rst"}, absent=True)) == []
    assert differences(entry("flows", {"opening": "refused", "closing": "rst"}, absent=True)) == [
        'flows: opening = "refused", closing = "rst": expected nowhere, found in frame 3'
    ]


# Length


@pytest.mark.parametrize("count", [1, MOST_SHOWN, MOST_SHOWN + 1, 5_000])
def test_a_difference_lists_a_bounded_number_of_frames(count: int) -> None:
    (said,) = differences(entry("events", {"event": "capture-gap"}, absent=True), gaps(*range(1, count + 1)))
    listed = said.partition("found in frame")[2].removeprefix("s").partition(" and ")
    assert len(listed[0].split(",")) == min(count, MOST_SHOWN)
    assert listed[2] == ("" if count <= MOST_SHOWN else f"{count - MOST_SHOWN} more")


def test_a_difference_lists_a_bounded_number_of_rows() -> None:
    wanted = {"event": "capture-gap", "detail": {"missing_bytes": 7}}
    (said,) = differences(entry("events", wanted), gaps(*range(1, 101)))
    assert said.count("missing_bytes") == 1 + MOST_SHOWN
    assert said.endswith(f"; and {100 - MOST_SHOWN} more")


def test_a_wrong_number_of_rows_is_told_with_their_places() -> None:
    none = read_expected(0, Cells.NUMBER)
    assert differences(entry("events", {"event": "capture-gap"}, count=none), gaps()) == []
    assert differences(entry("events", {"event": "capture-gap"}, count=none), gaps(4)) == [
        'events: event = "capture-gap": expected 0 times, found 1 times, in frame 4'
    ]


# Paths

STATES = st.sampled_from([state.text for state in State])
STEPS = st.lists(st.tuples(STATES, st.booleans()), max_size=6)


def agrees(stated: Sequence[str], walked: Sequence[str]) -> bool:
    """Return whether a case's path of the client agrees with the states that it went through."""
    way = [State.CLOSED, *(State[name.replace("-", "_")] for name in walked)]
    events = [
        {"flow": 0, "event": EventKind.STATE, "sender": Sender.CLIENT, "a": old, "b": new} for old, new in pairwise(way)
    ]
    analysis = FakeAnalysis(event_rows=store_of(EVENT_COLUMNS, events, UNKNOWN))
    return differences(entry("flows", {"flow": 0, "path": {"client": list(stated)}}), analysis) == []


@given(STEPS, st.data())
def test_a_state_in_brackets_may_stand_or_not(steps: list[tuple[str, bool]], data: st.DataObject) -> None:
    stated = [f"({name})" if optional else name for name, optional in steps]
    assert agrees(stated, [name for name, _ in steps])
    # Left out is what is in brackets and stands nowhere else: which of two equal ones stands there is not told.
    once = {name for name, optional in steps if optional and [each for each, _ in steps].count(name) == 1}
    left_out = data.draw(st.sets(st.sampled_from(sorted(once)))) if once else set()
    assert agrees(stated, [name for name, _ in steps if name not in left_out])


@given(st.lists(STATES, max_size=6), st.lists(STATES, max_size=6))
def test_a_path_without_brackets_agrees_with_itself_alone(stated: list[str], walked: list[str]) -> None:
    assert agrees(stated, walked) is (stated == walked)


@pytest.mark.parametrize(
    ("walked", "holds"),
    [
        (["SYN-SENT", "ESTABLISHED", "CLOSED"], True),
        (["SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "CLOSED"], True),
        (["SYN-SENT", "CLOSED"], False),
        (["SYN-SENT", "ESTABLISHED"], False),
        (["SYN-SENT", "ESTABLISHED", "CLOSED", "SYN-SENT"], False),
        ([], False),
    ],
)
def test_a_path_is_the_whole_way(walked: list[str], holds: bool) -> None:
    assert agrees(["SYN-SENT", "(SYN-RECEIVED)", "ESTABLISHED", "CLOSED"], walked) is holds
