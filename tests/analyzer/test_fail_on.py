"""`--fail-on`: findings, severities and columns, joined; what does not exist is refused with what resembles it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.errors import UsageError
from analyzer.fail_on import FINDINGS, SIGNS, conditions_of, said_no

TABLES: dict[str, list[dict[str, Any]]] = {
    "findings": [{"finding": "capture-loss", "severity": "warning"}, {"finding": "loss", "severity": "info"}],
    "flows": [{"flow": 0, "closing": "fin", "role_known": True}, {"flow": 1, "closing": "rst", "role_known": False}],
    "directions": [
        {"retransmissions": 3, "rtt_min_ms": 20.5},
        {"retransmissions": 12, "rtt_min_ms": None},
        {"retransmissions": 0, "rtt_min_ms": 80.0},
    ],
    "events": [{"event": "rto"}],
}


def holds(*expressions: str) -> bool:
    """Return whether one of the expressions says no to the tables above."""
    return said_no(conditions_of(expressions), lambda table: TABLES[table])


@pytest.mark.parametrize(
    ("expression", "answer"),
    [("info", True), ("warning", True), ("error", False), ("capture-loss", True), ("clock-step", False)],
)
def test_a_severity_means_that_and_worse_a_name_itself(expression: str, answer: bool) -> None:
    assert holds(expression) is answer


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("directions.retransmissions > 10", True),
        ("directions.retransmissions > 12", False),
        ("flows.closing == rst", True),
        ('flows.closing == "half-closed"', False),
        ("flows.role_known == false", True),
        ("events.event == rto", True),
    ],
)
def test_a_comparison_is_true_if_any_row_is(expression: str, answer: bool) -> None:
    assert holds(expression) is answer


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("sum(directions.retransmissions) == 15", True),  # 3 + 12 + 0
        ("max(directions.retransmissions) < 12", False),
        ("min(directions.retransmissions) == 0", True),
        ("mean(directions.rtt_min_ms) == 50.25", True),  # of 20.5 and 80; what is unknown does not count
        ("count(flows) == 2", True),
        ("count(loss) >= 2", False),
        ("count(info) == 2", True),
    ],
)
def test_a_summary_is_one_number(expression: str, answer: bool) -> None:
    assert holds(expression) is answer


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("directions.rtt_min_ms == null", True),
        ("directions.rtt_min_ms != null", True),
        ("flows.flow == null", False),
        ("directions.rtt_min_ms < 0", False),
        ("flows.closing > 5", False),
    ],
)
def test_what_is_unknown_is_equal_to_null_and_to_nothing_else(expression: str, answer: bool) -> None:
    assert holds(expression) is answer


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("loss and clock-step", False),
        ("loss or clock-step", True),
        ("not clock-step and warning", True),
        ("not (loss or clock-step)", False),
        ("clock-step or loss and capture-loss", True),  # and binds more closely than or
        ("clock-step and loss or capture-loss", True),
    ],
)
def test_expressions_are_joined_by_and_or_and_not(expression: str, answer: bool) -> None:
    assert holds(expression) is answer


@given(st.sampled_from(sorted(SIGNS)), st.integers(-20, 20))
def test_every_sign_compares_as_it_does_in_python(sign: str, number: int) -> None:
    assert holds(f"directions.retransmissions {sign} {number}") is any(SIGNS[sign](each, number) for each in (3, 12, 0))


def test_one_of_several_expressions_is_enough() -> None:
    assert holds("error", "capture-loss")
    assert not holds()


def test_every_finding_that_can_occur_can_be_asked_for() -> None:
    assert len(conditions_of(FINDINGS)) == len(FINDINGS)


def test_an_expression_tells_which_tables_it_reads() -> None:
    (condition,) = conditions_of(["flows.bytes > 3 and (loss or count(events) > 2)"])
    assert condition.tables == {"flows", "findings", "events"}


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("capture-los", "'capture-los'; did you mean capture-loss"),
        ("zzzzzz", "there are info, warning, error, slow-connect, "),
        ("flows.closng == rst", "no column 'closng' in flows; did you mean closing"),
        ("segments.len > 3", "no table 'segments'; there are flows"),
        ("flows.bytes >", "is no expression at its end"),
        ("flows.bytes > 3 3", "is no expression at '3'"),
        ("loss and", "is no expression at its end"),
        ("", "is no expression"),
        ("__import__(os)", "is no expression"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_hint(expression: str, told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("(", "\\(")):
        conditions_of([expression])
