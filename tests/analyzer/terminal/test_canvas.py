"""Lines drawn in the cells of a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from analyzer.terminal.canvas import Canvas, Pen, can_show_dots
from tests.analyzer.terminal.printing import Paper

RED, GREEN = Pen("#", "red"), Pen("w", "green")


def shown(canvas: Canvas) -> list[str]:
    """Return the rows of a picture without their styles."""
    return ["".join(text for text, _ in canvas.line(row)) for row in range(canvas.rows)]


def test_a_letter_stands_where_a_line_passes() -> None:
    canvas = Canvas(3, 2, dense=False)
    canvas.dot(0, 0, RED)
    canvas.column(2, 0, 1, GREEN)
    assert shown(canvas) == ["  w", "# w"]


def test_a_cell_of_dots_holds_two_by_four() -> None:
    canvas = Canvas(1, 1, dense=True)
    assert (canvas.width, canvas.height) == (2, 4)
    canvas.dot(0, 0, RED)
    assert shown(canvas) == ["⡀"]  # U+2840: the lowest dot at the left
    canvas.column(1, 0, 3, RED)
    assert shown(canvas) == ["⣸"]  # U+28F8: that, and all at the right


def test_what_is_drawn_later_lies_above() -> None:
    canvas = Canvas(1, 1, dense=False)
    canvas.dot(0, 0, GREEN)
    canvas.dot(0, 0, RED)
    assert canvas.line(0) == [("#", "red")]


@given(st.integers(-5, 20), st.integers(-50, 50), st.integers(-50, 50), st.booleans())
def test_nothing_is_drawn_outside(x: int, low: int, high: int, dense: bool) -> None:
    canvas = Canvas(4, 3, dense)
    canvas.column(x, low, high, RED)
    assert [len(line) for line in shown(canvas)] == [4] * 3


def test_dots_need_colours_and_an_encoding_that_has_them() -> None:
    assert can_show_dots(Paper(colour=True))
    assert not can_show_dots(Paper(colour=False))
    assert not can_show_dots(Paper(colour=True, encoding="latin-1"))
