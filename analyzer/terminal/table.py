"""Tables that fit: the least important columns are left out first, then long texts are shortened."""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.terminal.screen import INDENT, QUIET, Part, Screen, columns, padded, shortened

GAP = 2  # columns between two columns of a table


@dataclass
class Field:
    """One column of a table on a screen.

    `cells` are texts with their styles, a row each; `rank` 0 stays always, of the others the highest goes first;
    `least` is the width to which it can be shortened (0: not at all).
    """

    title: str
    cells: list[Part]
    right: bool = False
    rank: int = 0
    least: int = 0

    @property
    def natural(self) -> int:
        """Return the columns that the longest cell takes."""
        return max([columns(self.title), *(columns(text) for text, _ in self.cells)])


def needed(fields: Sequence[Field]) -> int:
    """Return the columns that a table takes with nothing left out."""
    return INDENT + sum(field.natural for field in fields) + GAP * (len(fields) - 1)


def fitted(fields: Sequence[Field], width: int) -> list[tuple[Field, int]]:
    """Return the columns that stay, each with its width, so that the table fits where it can."""
    kept = [field for field in fields if field.cells]
    while needed(kept) > width and any(field.rank for field in kept):
        kept.remove(max(kept, key=lambda field: field.rank))
    widths = [field.natural for field in kept]
    excess = needed(kept) - width
    while excess > 0:
        room = [wide - field.least if field.least else 0 for field, wide in zip(kept, widths, strict=True)]
        if max(room, default=0) <= 0:
            break
        widths[room.index(max(room))] -= 1
        excess -= 1
    return list(zip(kept, widths, strict=True))


def print_table(screen: Screen, fields: Sequence[Field], notes: Sequence[Part | None] = ()) -> None:
    """Print a table with its titles; a note, where there is one, stands in a line of its own below its row."""
    for field in fields:
        field.title = screen.text(field.title)
        field.cells = [(screen.text(text), style) for text, style in field.cells]
    chosen = fitted(fields, screen.width)
    if not chosen:
        return
    blank = (" " * INDENT, "")
    screen.line(blank, *_row([(field, wide, (field.title, QUIET)) for field, wide in chosen]))
    for index in range(len(chosen[0][0].cells)):
        screen.line(blank, *_row([(field, wide, field.cells[index]) for field, wide in chosen]))
        note = notes[index] if index < len(notes) else None
        if note is not None:
            screen.paragraph(note[0], note[1], indent=2 * INDENT + 2)


def _row(cells: Sequence[tuple[Field, int, Part]]) -> list[Part]:
    """Return one row's texts, filled to the widths of their columns."""
    parts = []
    for number, (field, wide, (text, style)) in enumerate(cells):
        last = number == len(cells) - 1
        parts.append((padded(shortened(text, wide), wide, field.right), style))
        parts.append(("" if last else " " * GAP, ""))
    return parts
