"""The columns of the tables on a screen."""

import pytest

from analyzer.schema import EVENTS, FLOWS, TABLES
from analyzer.terminal.schema import print_schema
from tests.analyzer.terminal.printing import Paper


def printed(width: int) -> list[str]:
    paper = Paper(width=width)
    print_schema(paper, TABLES)
    return paper.lines


def test_a_column_has_type_unit_and_meaning() -> None:
    paper = Paper(width=120)
    print_schema(paper, [FLOWS])
    line = paper.line_with("  duration_s ")
    assert line.split(maxsplit=3) == ["duration_s", "number", "s", "from the first to the last segment"]


def test_what_can_be_null_and_what_a_name_can_be_is_told() -> None:
    paper = Paper(width=200)
    print_schema(paper, [FLOWS])
    assert "text or null" in paper.line_with("  vantage ")
    assert paper.line_with("  vantage ").endswith("; one of client, server, path")


def test_tables_are_named_with_what_a_row_is() -> None:
    paper = Paper()
    print_schema(paper, [EVENTS])
    assert paper.lines[0] == "events  one row per thing that happened"


@pytest.mark.parametrize("width", range(56, 201, 16))
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert max(map(len, printed(width))) <= width
