"""The screen of `tcpscope schema`: every column with its type, unit and meaning."""

from collections.abc import Sequence

from analyzer.columns import Column, Table
from analyzer.terminal.screen import INDENT, Screen, padded

GAP = 2  # columns between two columns
MEANING_MIN = 36  # columns; with less room the meaning stands below


def print_schema(screen: Screen, tables: Sequence[Table]) -> None:
    """Print the columns of tables."""
    columns = [column for table in tables for column in table.columns]
    widths = [max(len(text) for text in texts) for texts in zip(*map(_head, columns), strict=True)]
    for number, table in enumerate(tables):
        if number:
            screen.line()
        screen.title(table.name, table.meaning)
        for column in table.columns:
            _print_column(screen, column, widths)


def _head(column: Column) -> tuple[str, str, str]:
    """Return the name, the type and the unit of a column."""
    return column.name, column.type_text, column.unit


def _print_column(screen: Screen, column: Column, widths: Sequence[int]) -> None:
    """Print one column: beside its name what it means, or below where the screen is narrow."""
    cells = [padded(text, wide, right=False) for text, wide in zip(_head(column), widths, strict=True)]
    head = " " * INDENT + (" " * GAP).join(cells) + " " * GAP
    if screen.width - len(head) >= MEANING_MIN:
        screen.paragraph(column.full_meaning, "", len(head), head, "")
        return
    screen.line((" " * INDENT + column.name, "bold"), f"  {', '.join(text for text in _head(column)[1:] if text)}")
    screen.paragraph(column.full_meaning, "", 2 * INDENT)
