"""A screen knows its width, its colours and its characters."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.terminal.screen import (
    WIDTH_ELSEWHERE,
    WIDTH_MAX,
    WIDTH_MIN,
    Screen,
    chosen_width,
    columns,
    padded,
    shortened,
    wrapped,
)
from tests.analyzer.terminal.printing import Paper

PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "))


class Terminal(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("told", "width"),
    [("100", 100), ("10", WIDTH_MIN), ("1000", WIDTH_MAX), ("0", WIDTH_ELSEWHERE), ("x", WIDTH_ELSEWHERE)],
)
def test_columns_of_the_environment_are_the_width_within_reason(
    told: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert chosen_width(io.StringIO()) == width


def test_a_file_has_no_colour_and_a_terminal_has() -> None:
    assert not Screen(io.StringIO()).colour
    assert Screen(Terminal()).colour


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert not Screen(Terminal()).colour


def test_an_empty_no_color_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")  # no-color.org: "when present and not an empty string"
    assert Screen(Terminal()).colour


def test_a_style_begins_and_ends_with_its_text() -> None:
    paper = Paper(colour=True)
    paper.line(("bad", "red"), "  plain", ("  ", "dim"))
    # ECMA-48 8.3.117: 31 is red, 0 the end of everything; blanks at the end are left out.
    assert paper.lines == ["\x1b[31mbad\x1b[0m  plain"]


def test_characters_that_an_encoding_lacks_have_stand_ins() -> None:
    paper = Paper(encoding="latin-1")
    paper.line("a → b · 3 µs")
    assert paper.lines == ["a -> b - 3 us"]


def test_a_paragraph_is_wrapped_and_indented() -> None:
    paper = Paper(width=40)
    paper.paragraph("one two three four five six seven eight nine ten", indent=10, first="  Label")
    assert paper.lines == ["  Label   one two three four five six", "          seven eight nine ten"]


def test_a_heading_that_does_not_fit_goes_on_below() -> None:
    paper = Paper(width=40)
    paper.heading("Connections", "25 of 40, worst first, and so on")
    assert paper.lines == ["", "Connections", "  25 of 40, worst first, and so on"]


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("→·µ", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


@given(PRINTABLE, st.integers(2, 60))
def test_wrapping_keeps_every_word_and_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)


@given(PRINTABLE, st.integers(2, 60))
def test_shortening_keeps_the_width_and_both_ends(text: str, width: int) -> None:
    short = shortened(text, width)
    assert columns(short) <= width
    head, _, tail = short.partition("…")
    assert short == text or (text.startswith(head) and text.endswith(tail))


@pytest.mark.parametrize(("right", "text"), [(True, "  日"), (False, "日  ")])
def test_padding_fills_columns_not_characters(right: bool, text: str) -> None:
    assert padded("日", 4, right) == text
