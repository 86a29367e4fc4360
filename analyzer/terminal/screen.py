"""Where a screen is printed: its width, whether it has colour, and which characters it can show."""

import os
import shutil
import sys
import unicodedata
from typing import TextIO

WIDTH_ELSEWHERE = 120  # columns where the output is no terminal
WIDTH_MIN = 40  # columns; below, lines are cut by the terminal itself
WIDTH_MAX = 200  # columns; longer lines cannot be followed by the eye
INDENT = 2  # columns of everything below a heading
# What stands for a character where the output's encoding lacks it.
ASCII = str.maketrans({
    "→": "->", "←": "<-", "·": "-", "─": "-", "µ": "u", "≥": ">=", "▶": ">", "◀": "<", "●": "*", "…": "~"
})  # fmt: skip

# What the screens print beside ASCII; one column each.
_NARROW = frozenset(map(chr, ASCII))

# The styles and what selects each (ECMA-48 8.3.117, Select Graphic Rendition). Written here because the library for
# it takes longer to import than a small capture takes to analyze.
SGR = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}
HEADING = "bold"
QUIET = "dim"
GOOD = "green"
WARNING = "yellow"
BAD = "red"
SEVERITY_STYLES = {"info": "cyan", "warning": WARNING, "error": BAD}

Part = tuple[str, str]  # a text and its style


class Screen:
    """Prints lines of styled text to a file, at most `width` columns wide."""

    def __init__(self, file: TextIO | None = None, width: int | None = None, colour: bool | None = None) -> None:
        """Take the file (standard output) and what is known about it; the rest is found out."""
        self._file = sys.stdout if file is None else file
        self.width = chosen_width(self._file) if width is None else width
        self.colour = _wants_colour(self._file) if colour is None else colour
        self.unicode = _can_show(self._file, "".join(map(chr, ASCII)))

    def can_show(self, text: str) -> bool:
        """Return whether the encoding of the file has all of these characters."""
        return _can_show(self._file, text)

    def text(self, text: str) -> str:
        """Return a text in characters that the file can show."""
        return text if self.unicode else text.translate(ASCII)

    def line(self, *parts: str | Part) -> None:
        """Print one line of texts, each alone or with its style; it is not wrapped."""
        pairs = [(part, "") if isinstance(part, str) else part for part in parts]
        while pairs and not pairs[-1][0].rstrip():
            pairs.pop()
        if pairs:
            pairs[-1] = (pairs[-1][0].rstrip(), pairs[-1][1])
        self._file.write("".join(self._styled(self.text(text), style) for text, style in pairs) + "\n")

    def _styled(self, text: str, style: str) -> str:
        """Return a text as the file shows it in a style."""
        return f"\x1b[{SGR[style]}m{text}\x1b[0m" if self.colour and style and text.strip() else text

    def title(self, title: str, rest: str) -> None:
        """Print what follows is about; `rest` stands beside it, or below where there is no room."""
        fits = columns(title) + INDENT + columns(rest) <= self.width
        self.line((title, HEADING), (f"  {rest}" if fits else "", QUIET))
        if not fits:
            self.paragraph(rest, QUIET)

    def heading(self, title: str, rest: str = "") -> None:
        """Print a heading after an empty line."""
        self.line()
        self.title(title, rest)

    def paragraph(
        self, text: str, style: str = "", indent: int = INDENT, first: str = "", first_style: str = QUIET
    ) -> None:
        """Print a text wrapped at the width, every line indented; `first` stands before the first one."""
        lines = wrapped(self.text(text), max(self.width - indent, WIDTH_MIN // 2))
        for number, line in enumerate(lines):
            lead = self.text(first) if number == 0 else ""
            self.line((lead.ljust(indent), first_style), (line, style))


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns; a longer word is broken."""
    lines, line = [], ""
    for word in text.split():
        while columns(word) > width:
            head, word = _broken(word, width)
            lines += [line, head] if line else [head]
            line = ""
        longer = f"{line} {word}" if line else word
        if columns(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line or not lines else lines


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(1 if character.isascii() or character in _NARROW else _cells(character) for character in text)


def _cells(character: str) -> int:
    """Return the columns of one character: 2 for wide ones (UAX 11), 0 for those that join the one before."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def padded(text: str, width: int, right: bool) -> str:
    """Return a text filled with blanks to a number of columns."""
    blanks = " " * max(width - columns(text), 0)
    return blanks + text if right else text + blanks


def shortened(text: str, width: int) -> str:
    """Return a text of at most `width` columns, its middle left out where it is longer."""
    if columns(text) <= width:
        return text
    tail = max((width - 1) // 2, 0)
    head, end = text, text
    while columns(head) > max(width - 1 - tail, 0):
        head = head[:-1]
    while columns(end) > tail:
        end = end[1:]
    return f"{head}…{end}"


def _broken(text: str, width: int) -> tuple[str, str]:
    """Return the longest beginning of at most `width` columns, at least one character, and the rest."""
    at = 1
    while at < len(text) and columns(text[: at + 1]) <= width:
        at += 1
    return text[:at], text[at:]


def chosen_width(file: TextIO) -> int:
    """Return the columns to use: those of COLUMNS, of the terminal, or as many as a file gets."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        wide = int(told)
    elif file.isatty():
        wide = shutil.get_terminal_size().columns
    else:
        wide = WIDTH_ELSEWHERE
    return min(max(wide, WIDTH_MIN), WIDTH_MAX)


def _wants_colour(file: TextIO) -> bool:
    """Return whether the file is a terminal that has not been asked for plain text (no-color.org)."""
    return file.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _can_show(file: TextIO, text: str) -> bool:
    """Return whether the file's encoding has all of these characters."""
    try:
        text.encode(getattr(file, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
