"""JSON on standard output, written row by row: no document is ever in memory as a whole.

Everything is ASCII: a text of a capture reaches a terminal as escapes, whatever it holds.
"""

import json
from collections.abc import Iterable, Iterator
from typing import TextIO

Member = tuple[str, "object | Iterator[object]"]  # a name and its value; an iterator is written as an array of rows


def write_object(file: TextIO, members: Iterable[Member]) -> None:
    """Write an object, a member after the other, rows in lines of their own."""
    file.write("{")
    for number, (name, value) in enumerate(members):
        file.write(f"{',' if number else ''}\n{_text(name)}: ")
        if isinstance(value, Iterator):
            _write_rows(file, value)
        else:
            file.write(_text(value))
    file.write("\n}\n")


def write_array(file: TextIO, rows: Iterable[object]) -> None:
    """Write an array, a row a line."""
    _write_rows(file, rows)
    file.write("\n")


def _write_rows(file: TextIO, rows: Iterable[object]) -> None:
    """Write an array without the end of its last line."""
    separator = "["
    for row in rows:
        file.write(f"{separator}\n{_text(row)}")
        separator = ","
    file.write("[]" if separator == "[" else "\n]")


def _text(value: object) -> str:
    """Return one value in a line; DEL, which JSON lets stand, is escaped as well."""
    return json.dumps(value, allow_nan=False).replace("\x7f", "\\u007f")
