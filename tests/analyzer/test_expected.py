"""What a case may say about one value, and which found values agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.expected import CaseError, Cells, read_expected, read_fields, time_ns, time_text


@pytest.mark.parametrize(
    ("raw", "cells", "agreeing", "differing"),
    [
        ("fin", Cells.TEXT, ["fin"], ["rst", None, 1]),
        (3, Cells.NUMBER, [3, 3.0], [4, None, "3"]),
        (0.1, Cells.NUMBER, [0.1, 0.1 * (1 + 1e-12)], [0.1001, None]),
        (True, Cells.FLAG, [True], [False, None]),
        ([1, 2], Cells.NUMBER, [1, 2], [3, None]),
        ([14, 19], Cells.LIST, [[14, 19], [3, 19, 14]], [[14], None, 14]),
        ({"min": 3, "max": 5}, Cells.NUMBER, [3, 5], [2, 6, None]),
        ({"min": 3}, Cells.NUMBER, [3, 900], [2.9, None]),
        ({"max": 3}, Cells.NUMBER, [-9, 3], [3.1, None]),
        ({"value": 40, "within": 0.5}, Cells.NUMBER, [39.5, 40.5], [39.4, 40.6, None]),
        ({"value": 200, "percent": 10}, Cells.NUMBER, [180, 220], [179, 221, None]),
        ({"not": "rst"}, Cells.TEXT, ["fin", None], ["rst"]),
        ({"null": True}, Cells.NUMBER, [None], [0]),
        ({"null": False}, Cells.NUMBER, [0], [None]),
        ({"contains": "SACK"}, Cells.TEXT, ["with SACK blocks"], ["sack", None]),
        ({"matches": "^[0-9]+ bytes"}, Cells.TEXT, ["12 bytes"], ["some bytes", None]),
        ("2023-11-14T22:13:20.5Z", Cells.TIME, ["2023-11-14T22:13:20.500000000Z"], ["2023-11-14T22:13:20.500000001Z"]),
        ({"min": "2023-11-14T22:13:20Z"}, Cells.TIME, ["2023-11-14T22:13:20.000000000Z"], ["2023-11-14T22:13:19.9Z"]),
    ],
)
def test_a_statement_accepts_what_agrees_and_nothing_else(
    raw: object, cells: Cells, agreeing: list[object], differing: list[object]
) -> None:
    expected = read_expected(raw, cells)
    assert [value for value in agreeing if not expected.accepts(value)] == []
    assert [value for value in differing if expected.accepts(value)] == []


@pytest.mark.parametrize(
    ("raw", "cells", "complaint"),
    [
        (3, Cells.TEXT, "where the column holds text"),
        ("3", Cells.NUMBER, "where the column holds a number"),
        (True, Cells.NUMBER, "where the column holds a number"),
        (1, Cells.FLAG, "where the column holds true or false"),
        ("noon", Cells.TIME, "no time in UTC"),
        (12, Cells.LIST, "where the column holds a list"),
        ("x", Cells.OBJECT, "write column.field = value"),
        ([], Cells.TEXT, "agrees with nothing"),
        ({}, Cells.TEXT, "says nothing about text"),
        ({"minimum": 3}, Cells.NUMBER, "says nothing about a number"),
        ({"contains": "3"}, Cells.NUMBER, "says nothing about a number"),
        ({"min": "a"}, Cells.NUMBER, "where the column holds a number"),
        ({"min": 5, "max": 3}, Cells.NUMBER, "nothing lies between"),
        ({"value": "x", "within": 1}, Cells.NUMBER, "for columns of numbers"),
        ({"matches": "("}, Cells.TEXT, "no regular expression"),
        ({"null": "yes"}, Cells.TEXT, "says nothing about text"),
    ],
)
def test_a_statement_that_can_never_agree_is_refused(raw: object, cells: Cells, complaint: str) -> None:
    with pytest.raises(CaseError, match=complaint):
        read_expected(raw, cells)


@pytest.mark.parametrize("raw", ["dup-akc", ["ack", "dup-akc"], {"not": "dup-akc"}])
def test_a_name_outside_its_closed_list_is_refused_wherever_it_stands(raw: object) -> None:
    with pytest.raises(CaseError, match='"dup-akc" is no known name; there are ack, dup-ack'):
        read_expected(raw, Cells.TEXT, frozenset({"ack", "dup-ack"}))


def test_fields_of_an_object_must_agree_and_others_may_be_there() -> None:
    expected = read_fields({"to": "CLOSED", "probes": {"min": 2}})
    assert expected.accepts({"to": "CLOSED", "probes": 3, "on": "rcv RST"})
    assert not expected.accepts({"to": "CLOSED", "probes": 1})
    assert not expected.accepts({"to": "CLOSED"})
    assert not expected.accepts(None)


@given(low=st.integers(-(10**9), 10**9), span=st.integers(0, 10**6), found=st.integers(-(10**9), 10**9))
def test_a_range_includes_both_of_its_ends_and_nothing_beyond(low: int, span: int, found: int) -> None:
    expected = read_expected({"min": low, "max": low + span}, Cells.NUMBER)
    assert expected.accepts(found) == (low <= found <= low + span)


@given(st.integers(0, 4_000_000_000 * 10**9))
def test_a_printed_time_reads_back_to_the_nanosecond(value_ns: int) -> None:
    assert time_ns(time_text(value_ns)) == value_ns
