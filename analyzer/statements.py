"""One entry of a case held against the rows of its table."""

from collections.abc import Mapping, Sequence

from analyzer.cases import KEYS, ONE_ROW_BY_FRAME, ONE_ROW_BY_KEYS, Entry, check_words
from analyzer.expected import CaseError, Expected, read_expected, read_fields, shown
from analyzer.found import DETAILS, PATH, Found, Row, cells_of, names_of
from reconstruct.states import State

MOST_SHOWN = 20  # frames or rows that one difference lists; more than that nobody reads
_STATES = frozenset(state.text for state in State)
_PLACES = ("frame", "first_frame", "flow")


class Statement:
    """One entry with the expected value of each of its columns.

    A difference is one line: where, what was expected, what was found, in which frames.
    """

    def __init__(self, entry: Entry) -> None:
        """Read the expected values by the columns of the table; raises `CaseError` for what the table cannot hold."""
        self.entry = entry
        cells = cells_of(entry.table)
        check_words(entry.columns, cells, entry.where)
        self.wanted: dict[str, Expected] = {}
        for name, value in entry.columns.items():
            try:
                self.wanted[name] = _expected(entry.table, name, value)
            except CaseError as error:
                raise CaseError(f"{entry.where} {name}: {error}") from error
        self.keys = {name: wanted for name, wanted in self.wanted.items() if name in KEYS[entry.table]}
        self.checks = {name: wanted for name, wanted in self.wanted.items() if name not in self.keys}
        naming = [name for name in (*KEYS[entry.table], *_PLACES, "reason") if name in cells]
        self.columns = list(dict.fromkeys([*naming, *self.wanted]))
        self.said = f"{entry.table}: {_terms(self.wanted)}" if self.wanted else entry.table

    def differences(self, found: Found) -> list[str]:
        """Return how the rows differ from what the entry says; empty where it holds."""
        rows = found.rows(self.entry.table, self.columns)
        agreeing = [row for row in rows if _all_hold(self.wanted, row)]
        entry = self.entry
        if entry.absent:
            there = [row for row in agreeing if entry.frames is None or row["frame"] in entry.frames]
            return [f"{self.said}: expected nowhere, found {_places(there)}"] if there else []
        if entry.count is not None:
            return self._miscounted(agreeing, entry.count)
        if entry.frames is not None:
            return self._in_frames(rows, agreeing, entry.frames)
        if entry.table in ONE_ROW_BY_KEYS and len(self.keys) == len(KEYS[entry.table]):
            named = [row for row in rows if _all_hold(self.keys, row)]
            return [told for row in named for told in self._of_one([row], "")] if named else self._of_one([], "")
        return [] if agreeing else [self._nowhere(rows)]

    def _miscounted(self, agreeing: Sequence[Row], count: Expected) -> list[str]:
        """Return the difference of a wrong number of rows."""
        if count.accepts(len(agreeing)):
            return []
        listed = f", {_places(agreeing)}" if agreeing else ""
        return [f"{self.said}: expected {count.text} times, found {len(agreeing)} times{listed}"]

    def _in_frames(self, rows: Sequence[Row], agreeing: Sequence[Row], frames: tuple[int, ...]) -> list[str]:
        """Return the differences at each of the frames, and of frames that are too many."""
        differences = []
        named = [row for row in rows if _all_hold(self.keys, row)]
        for frame in frames:
            if self.entry.table in ONE_ROW_BY_FRAME:
                # The windows in force at a frame are the last row at or before it.
                holds_on = self.entry.table == "windows"
                there = [row for row in named if row["frame"] == frame or (holds_on and row["frame"] < frame)]
                differences += self._of_one(there[-1:], f"frame {frame}")
            else:
                differences += self._at([row for row in named if row["frame"] == frame], frame, agreeing)
        beyond = [row for row in agreeing if row["frame"] not in frames] if self.entry.only else []
        if beyond:
            differences.append(f"{self.said}: expected in no other frame, found {_places(beyond)}")
        return differences

    def _at(self, there: Sequence[Row], frame: int, agreeing: Sequence[Row]) -> list[str]:
        """Return the difference at one frame, in which the rows `there` go by the same keys."""
        if any(_all_hold(self.checks, row) for row in there):
            return []
        if there:
            return [f"{self.said}: expected in frame {frame}, found there {self._shown(there)}"]
        elsewhere = f"found {_places(agreeing)}" if agreeing else "found nowhere"
        return [f"{self.said}: expected in frame {frame}, {elsewhere}"]

    def _of_one(self, rows: Sequence[Row], place: str) -> list[str]:
        """Return a difference for each column in which the one row is not what it should be."""
        name = ", ".join(filter(None, [_terms(self.keys, " "), place]))
        if not rows:
            return [f"{name}: expected, found no such row in {self.entry.table}"]
        row = rows[0]
        why = f" ({row['reason']})" if self.entry.table == "segments" and row["reason"] else ""
        return [
            f"{name}: {column}: expected {wanted.text}, found {_value(column, row)}{why}"
            for column, wanted in self.checks.items()
            if not wanted.accepts(row[column])
        ]

    def _nowhere(self, rows: Sequence[Row]) -> str:
        """Return the difference of an entry that no row agrees with, with the rows of that name."""
        called = dict(list(self.keys.items())[:1])
        close = [row for row in rows if _all_hold(called, row)] if called else []
        return f"{self.said}: expected, found {self._shown(close) if close else 'none'}"

    def _shown(self, rows: Sequence[Row]) -> str:
        """Return the stated columns of some rows, and where they stand."""
        told = [
            ", ".join(f"{name} = {_value(name, row)}" for name in self.wanted) + f" {_places([row])}"
            for row in rows[:MOST_SHOWN]
        ]
        more = [f"and {len(rows) - MOST_SHOWN} more"] if len(rows) > MOST_SHOWN else []
        return "; ".join([*told, *more])


def _expected(table: str, name: str, value: object) -> Expected:
    """Return what an entry says about one column."""
    if name == PATH:
        return _paths(value)
    if name == "detail":
        check_words(value if isinstance(value, Mapping) else (), DETAILS, "detail")
        return read_fields(value, DETAILS)
    return read_expected(value, cells_of(table)[name], names_of(table, name))


def _value(name: str, row: Row) -> str:
    """Return a found value in words."""
    if name == PATH:
        return ", ".join(f"{end} {' > '.join(states)}" for end, states in row[PATH].items())
    return shown(row[name])


def _all_hold(wanted: Mapping[str, Expected], row: Row) -> bool:
    """Return whether a row is all that is wanted."""
    return all(expected.accepts(row[name]) for name, expected in wanted.items())


def _terms(wanted: Mapping[str, Expected], between: str = " = ") -> str:
    """Return expected values in words, each after the name of its column."""
    return ", ".join(f"{name}{between}{expected.text}" for name, expected in wanted.items())


def _places(rows: Sequence[Row]) -> str:
    """Return where rows stand: their frames, or the flows where they are about whole flows."""
    column = next((name for name in _PLACES if name in rows[0]), None)
    if column is None:
        return f"{len(rows)} times"
    numbers = [str(row[column]) for row in rows]
    more = f" and {len(numbers) - MOST_SHOWN} more" if len(numbers) > MOST_SHOWN else ""
    what = "flow" if column == "flow" else "frame"
    return f"in {what}{'s' if len(numbers) > 1 else ''} {', '.join(numbers[:MOST_SHOWN])}{more}"


def _paths(raw: object) -> Expected:
    """Return the statement about the states that ends went through; a state in brackets may stand or not."""
    if not isinstance(raw, Mapping) or not raw or not raw.keys() <= {"client", "server"}:
        raise CaseError("write path.client = [states] or path.server = [states]")
    ways = {str(end): _path(states) for end, states in raw.items()}
    text = ", ".join(f"{end} {way.text}" for end, way in ways.items())
    return Expected(
        text, lambda found: isinstance(found, Mapping) and all(way.accepts(found[end]) for end, way in ways.items())
    )


def _path(raw: object) -> Expected:
    """Return the statement about the states of one end."""
    if not isinstance(raw, list) or not all(isinstance(state, str) for state in raw):
        raise CaseError(f"a path is a list of states, not {shown(raw)}")
    bare = [state.strip("()") for state in raw]
    check_words(bare, _STATES, "path")
    needed = [state == name for state, name in zip(raw, bare, strict=True)]
    return Expected(" > ".join(raw), lambda found: isinstance(found, list) and _walks(bare, needed, found))


def _walks(names: Sequence[str], needed: Sequence[bool], found: Sequence[str]) -> bool:
    """Return whether the found states are these in order, those that are not needed left out or not."""
    at = 0
    for name, must in zip(names, needed, strict=True):
        if list(found[at : at + 1]) == [name]:
            at += 1
        elif must:
            return False
    return at == len(found)
