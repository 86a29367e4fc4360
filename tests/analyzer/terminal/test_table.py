"""A table fits: columns of low rank go first, then long texts are shortened."""

from analyzer.terminal.table import Field, fitted, needed, print_table
from tests.analyzer.terminal.printing import Paper


def fields() -> list[Field]:
    """Return three columns that need 2 + 8 + 2 + 5 + 2 + 6 = 25 columns."""
    return [
        Field("name", [("longname", ""), ("b", "")], least=5),
        Field("count", [("1", ""), ("22", "")], right=True),
        Field("spare", [("x", ""), ("yyyyyy", "")], rank=1),
    ]


def test_what_fits_is_printed_whole() -> None:
    paper = Paper(width=40)
    print_table(paper, fields())
    assert paper.lines == ["  name      count  spare", "  longname      1  x", "  b            22  yyyyyy"]


def test_the_column_of_the_highest_rank_is_left_out_first() -> None:
    assert needed(fields()) == 25
    assert [field.title for field, _ in fitted(fields(), 24)] == ["name", "count"]


def test_then_the_text_that_can_be_shortened_is() -> None:
    # Without the spare column it needs 17; five columns of the name and the rest need 14.
    assert [wide for _, wide in fitted(fields(), 15)] == [6, 5]
    assert [wide for _, wide in fitted(fields(), 3)] == [5, 5]


def test_a_note_stands_below_its_row() -> None:
    paper = Paper(width=40)
    print_table(paper, fields(), [None, ("something is wrong", "red")])
    assert paper.lines[-2:] == ["  b            22  yyyyyy", "      something is wrong"]


def test_a_table_without_rows_prints_nothing() -> None:
    paper = Paper(width=40)
    print_table(paper, [Field("name", [])])
    assert paper.lines == []
