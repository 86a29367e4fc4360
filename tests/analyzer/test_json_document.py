"""JSON that is written row by row is what the values are."""

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analyzer.json_document import write_array, write_object

VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
ROWS = st.lists(st.dictionaries(st.text(), VALUES))


@given(st.dictionaries(st.text(), VALUES | ROWS))
def test_an_object_reads_back_as_its_members(members: dict[str, Any]) -> None:
    file = io.StringIO()
    write_object(file, ((name, iter(value) if isinstance(value, list) else value) for name, value in members.items()))
    assert json.loads(file.getvalue()) == members


@given(ROWS)
def test_an_array_reads_back_as_its_rows_a_line_each(rows: list[dict[str, Any]]) -> None:
    file = io.StringIO()
    write_array(file, rows)
    assert json.loads(file.getvalue()) == rows
    # A line for each row and one for each bracket, or one for both where there is no row.
    assert file.getvalue().count("\n") == (len(rows) + 2 if rows else 1)


@given(st.text())
def test_nothing_but_printable_ascii_is_written(text: str) -> None:
    file = io.StringIO()
    write_array(file, [text])
    assert all(" " <= character <= "~" or character == "\n" for character in file.getvalue())
    assert json.loads(file.getvalue()) == [text]
