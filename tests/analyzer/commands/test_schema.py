"""`tcpscope schema` prints every column, three ways."""

from analyzer import schema
from tests.analyzer.running import tcpscope


def test_the_screen_names_every_column_once_in_its_table() -> None:
    lines = tcpscope("schema").out.splitlines()
    named = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert named == [column for table in schema.TABLES for column in table.column_names]


def test_json_is_the_schema() -> None:
    assert tcpscope("schema", "--json").json == schema.as_json()


def test_markdown_has_a_row_for_every_column_with_four_cells() -> None:
    out = tcpscope("schema", "--markdown").out
    rows = [line for line in out.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(table.columns) for table in schema.TABLES)
    assert {row.count("|") for row in rows} == {5}
    assert [line for line in out.splitlines() if line.startswith("## ")] == [f"## {t.name}" for t in schema.TABLES]
