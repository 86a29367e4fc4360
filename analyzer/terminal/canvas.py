"""Lines drawn in the cells of a terminal: braille dots in colours, or a letter for each line where there are none."""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzer.terminal.screen import Part, Screen

# Unicode block 2800, braille patterns: the bit of each dot of a cell, by its column and its row from above.
BRAILLE = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


@dataclass(frozen=True)
class Pen:
    """How a line is drawn: the letter of it, and the style of its dots."""

    letter: str
    style: str


@dataclass
class Canvas:
    """A picture of so many cells; pixels count from the lower left, `dense` gives each cell 2 x 4 of them.

    What is drawn later lies above.
    """

    columns: int
    rows: int
    dense: bool
    _cells: dict[tuple[int, int], tuple[int, Pen]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Return the pixels from left to right."""
        return self.columns * (len(DOTS) if self.dense else 1)

    @property
    def height(self) -> int:
        """Return the pixels from top to bottom."""
        return self.rows * (len(DOTS[0]) if self.dense else 1)

    def dot(self, x: int, y: int, pen: Pen) -> None:
        """Draw one pixel; outside of the picture nothing is drawn."""
        if 0 <= x < self.width and 0 <= y < self.height:
            down = self.height - 1 - y
            across, bit = (x // 2, DOTS[x % 2][down % 4]) if self.dense else (x, 0)
            at = (down // 4 if self.dense else down, across)
            self._cells[at] = (self._cells.get(at, (0, pen))[0] | bit, pen)

    def column(self, x: int, low: int, high: int, pen: Pen) -> None:
        """Draw the pixels of one column between two heights, both included."""
        for y in range(max(low, 0), min(high, self.height - 1) + 1):
            self.dot(x, y, pen)

    def line(self, row: int) -> list[Part]:
        """Return one row of cells, from the top, as texts with their styles."""
        parts: list[Part] = []
        for across in range(self.columns):
            bits, pen = self._cells.get((row, across), (0, _NOTHING))
            shown = chr(BRAILLE + bits) if bits else pen.letter
            parts.append((shown, pen.style))
        return parts


_NOTHING = Pen(" ", "")


def can_show_dots(screen: Screen) -> bool:
    """Return whether dots tell lines apart: there are colours, and the encoding has braille."""
    return screen.colour and screen.can_show(chr(BRAILLE))
