"""Expected values: what a case may say about one cell of a table, and whether a found value agrees.

A plain value must be equal; a list means any of its members, but in a column that holds lists all of them; a table
asks for more: {min, max}, {value, within} or {value, percent}, {not}, {null}, {contains}, {matches}.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum

from analyzer.errors import EXIT_UNREADABLE, TcpscopeError

NS_PER_S = 1_000_000_000
FLOAT_TOLERANCE = 1e-9  # relative; a number written in a case has been through decimal and binary once each

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)")


class CaseError(TcpscopeError):
    """A case that cannot be held against anything: unreadable, or it says what tcpscope does not know."""

    exit_code = EXIT_UNREADABLE


class Cells(Enum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "a number"
    FLAG = "true or false"
    TIME = "a time in RFC 3339"
    LIST = "a list"
    OBJECT = "a table"
    ANY = "anything"


@dataclass(frozen=True)
class Expected:
    """A statement about one value: `text` is how it reads, `accepts` says whether a found value (None: null) agrees."""

    text: str
    accepts: Callable[[object], bool]


def shown(value: object) -> str:
    """Return a value as a difference prints it."""
    if isinstance(value, datetime):
        return time_text(time_ns(value))
    return json.dumps(value, ensure_ascii=True, default=str)


def time_ns(value: object) -> int:
    """Return a time, written in RFC 3339 or given as a datetime, in nanoseconds since the epoch."""
    nanoseconds = getattr(value, "value", None)  # pandas.Timestamp; a datetime stops at microseconds
    if isinstance(nanoseconds, int):
        return nanoseconds
    if isinstance(value, datetime):
        whole = value if value.tzinfo else value.replace(tzinfo=UTC)
        return int(whole.replace(microsecond=0).timestamp()) * NS_PER_S + whole.microsecond * 1000
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise CaseError(f"{shown(value)} is no time in UTC such as 2026-11-24T16:20:00.123456789Z")
    seconds = int(datetime.fromisoformat(found[1] + "+00:00").timestamp())
    return seconds * NS_PER_S + int((found[2] or "").ljust(9, "0"))


def time_text(value_ns: int) -> str:
    """Return a time in RFC 3339 with nine decimals."""
    seconds, rest = divmod(value_ns, NS_PER_S)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def read_expected(raw: object, cells: Cells, names: frozenset[str] | None = None) -> Expected:
    """Return what a case's value says about a column of such cells; `names` are its texts where they are a closed list.

    Raises `CaseError` where the value can never agree: a wrong type, an unknown name, an unknown operator.
    """
    if cells is Cells.OBJECT:
        return read_fields(raw)
    if isinstance(raw, Mapping):
        return _operator(raw, cells, names)
    if isinstance(raw, list):
        return _all_of(raw) if cells is Cells.LIST else _any_of(raw, cells, names)
    return _equal(raw, cells, names)


def _equal(raw: object, cells: Cells, names: frozenset[str] | None) -> Expected:
    """Return the statement that a value is this one."""
    _check_type(raw, cells, names)
    if cells is Cells.TIME or isinstance(raw, datetime):
        wanted_ns = time_ns(raw)
        return Expected(time_text(wanted_ns), lambda found: found is not None and time_ns(found) == wanted_ns)
    if isinstance(raw, float):
        wanted = raw
        return Expected(
            shown(raw),
            lambda found: _is_number(found) and math.isclose(_number(found), wanted, rel_tol=FLOAT_TOLERANCE),
        )
    return Expected(shown(raw), lambda found: found is not None and found == raw)


def _check_type(raw: object, cells: Cells, names: frozenset[str] | None) -> None:
    """Raise `CaseError` where a plain value cannot stand in such a column."""
    fits = {
        Cells.TEXT: isinstance(raw, str),
        Cells.NUMBER: _is_number(raw),
        Cells.FLAG: isinstance(raw, bool),
        Cells.TIME: isinstance(raw, str | datetime),
        Cells.LIST: False,
        Cells.ANY: isinstance(raw, str | int | float | bool | date),
    }
    if not fits[cells]:
        raise CaseError(f"{shown(raw)} where the column holds {cells.value}")
    if names is not None and isinstance(raw, str) and raw not in names:
        raise CaseError(f"{shown(raw)} is no known name; there are {', '.join(sorted(names))}")


def _any_of(raw: list[object], cells: Cells, names: frozenset[str] | None) -> Expected:
    """Return the statement that a value is one of these."""
    if not raw:
        raise CaseError("an empty list agrees with nothing")
    members = [read_expected(member, cells, names) for member in raw]
    text = " or ".join(member.text for member in members)
    return Expected(text, lambda found: any(member.accepts(found) for member in members))


def _all_of(raw: list[object]) -> Expected:
    """Return the statement that a list holds all of these, in any order and with others."""
    return Expected(
        f"a list with {', '.join(map(shown, raw))}",
        lambda found: isinstance(found, list) and all(member in found for member in raw),
    )


def read_fields(raw: object, names: Mapping[str, frozenset[str] | None] | None = None) -> Expected:
    """Return the statement that an object has these fields, among others; `names` are closed lists by field."""
    if not isinstance(raw, Mapping) or not raw:
        raise CaseError(f"{shown(raw)} where the column holds {Cells.OBJECT.value}: write column.field = value")
    fields = {name: read_expected(value, Cells.ANY, (names or {}).get(name)) for name, value in raw.items()}
    text = "{" + ", ".join(f"{name} = {field.text}" for name, field in fields.items()) + "}"
    return Expected(
        text,
        lambda found: (
            isinstance(found, Mapping) and all(field.accepts(found.get(name)) for name, field in fields.items())
        ),
    )


def _operator(raw: Mapping[str, object], cells: Cells, names: frozenset[str] | None) -> Expected:
    """Return the statement of a table such as {min = 3, max = 5}."""
    words = frozenset(raw)
    if words and words <= {"min", "max"}:
        return _range(raw, cells)
    if words in ({"value", "within"}, {"value", "percent"}):
        return _near(raw, cells)
    if words == {"not"}:
        refused = read_expected(raw["not"], cells, names)
        return Expected(f"not {refused.text}", lambda found: not refused.accepts(found))
    if words == {"null"} and isinstance(raw["null"], bool):
        null = raw["null"]
        return Expected("null" if null else "not null", lambda found: (found is None) is null)
    if words == {"contains"} and cells in (Cells.TEXT, Cells.ANY):
        return _containing(str(raw["contains"]))
    if words == {"matches"} and cells in (Cells.TEXT, Cells.ANY):
        return _matching(str(raw["matches"]))
    known = "min, max; value with within or percent; not; null; contains; matches"
    raise CaseError(f"{{{', '.join(sorted(words))}}} says nothing about {cells.value}; there are {known}")


def _range(raw: Mapping[str, object], cells: Cells) -> Expected:
    """Return the statement that a value lies between two, both included; either may be left out."""
    for bound in raw.values():
        _check_type(bound, cells, None)
    if cells is Cells.TIME:
        low, high = (time_ns(raw[word]) if word in raw else None for word in ("min", "max"))
        return Expected(_range_text(raw), lambda found: found is not None and _lies(time_ns(found), low, high))
    if not all(map(_is_number, raw.values())):
        raise CaseError("min and max are numbers or times")
    least, most = (_number(raw[word]) if word in raw else None for word in ("min", "max"))
    if least is not None and most is not None and least > most:
        raise CaseError(f"nothing lies between {shown(raw['min'])} and {shown(raw['max'])}")
    return Expected(_range_text(raw), lambda found: _is_number(found) and _lies(_number(found), least, most))


def _lies(found: float, low: float | None, high: float | None) -> bool:
    """Return whether a value lies between two bounds, of which either may be missing."""
    return (low is None or found >= low) and (high is None or found <= high)


def _range_text(raw: Mapping[str, object]) -> str:
    """Return a range in words."""
    if "max" not in raw:
        return f"at least {shown(raw['min'])}"
    if "min" not in raw:
        return f"at most {shown(raw['max'])}"
    return f"{shown(raw['min'])} to {shown(raw['max'])}"


def _near(raw: Mapping[str, object], cells: Cells) -> Expected:
    """Return the statement that a number lies close to another: `within` in its own unit, or in `percent` of it."""
    for word in raw.values():
        if cells not in (Cells.NUMBER, Cells.ANY) or not _is_number(word):
            raise CaseError("value, within and percent are numbers, for columns of numbers")
    value, percent = _number(raw["value"]), raw.get("percent")
    room = _number(raw["within"]) if percent is None else abs(value) * _number(percent) / 100
    unit = "" if percent is None else " %"
    return Expected(
        f"{shown(raw['value'])} ± {shown(raw.get('within', percent))}{unit}",
        lambda found: _is_number(found) and abs(_number(found) - value) <= room,
    )


def _containing(part: str) -> Expected:
    """Return the statement that a text contains another."""
    return Expected(f"text with {shown(part)}", lambda found: isinstance(found, str) and part in found)


def _matching(pattern: str) -> Expected:
    """Return the statement that a regular expression matches somewhere in a text."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise CaseError(f"{shown(pattern)} is no regular expression: {error}") from error
    return Expected(
        f"text matching {shown(pattern)}", lambda found: isinstance(found, str) and compiled.search(found) is not None
    )


def _is_close(found: float, wanted: float) -> bool:
    """Return whether two numbers are the same but for rounding."""
    return math.isclose(found, wanted, rel_tol=FLOAT_TOLERANCE)


def _is_number(value: object) -> bool:
    """Return whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> float:
    """Return a value that is known to be a number."""
    assert isinstance(value, int | float)
    return value
