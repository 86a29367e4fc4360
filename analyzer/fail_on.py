"""`--fail-on`: what makes a run say no, as an expression over findings and the columns of the tables.

The grammar is in `condition.lark`. A name is a finding or a severity; `directions.retransmissions > 10` is true if any
row is; `sum`, `min`, `max` and `mean` of a column leave out what is unknown; `count` counts the rows of a table or the
findings of a name; `null` is unknown and compares with nothing else.
"""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from analyzer.detectors import DETECTORS
from analyzer.errors import UsageError
from analyzer.findings import Severity

if TYPE_CHECKING:
    from lark import Lark, Tree


def _mean(cells: list[Any]) -> float:
    return math.fsum(cells) / len(cells)


SEVERITIES = tuple(severity.value for severity in Severity)  # from the least to the worst
FINDINGS = tuple(detector.name for detector in DETECTORS)
TABLES = ("flows", "directions", "events", "findings")
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SUMMARIES: dict[str, Callable[[list[Any]], Any]] = {"sum": sum, "min": min, "max": max, "mean": _mean}
WORDS = {"null": None, "true": True, "false": False}

Rows = Callable[[str], Iterable[dict[str, Any]]]
"""Returns the rows of a table by its name."""


@dataclass(frozen=True)
class Condition:
    """One expression, parsed; `tables` are those whose rows it reads."""

    text: str
    tree: Any
    tables: frozenset[str]

    def holds(self, rows: Rows) -> bool:
        """Return whether it is true of these tables."""
        return _holds(self.tree, rows)


def conditions_of(texts: Sequence[str]) -> list[Condition]:
    """Return the conditions; `UsageError` for what is no expression, or names what does not exist."""
    return [_condition(text) for text in texts]


def said_no(conditions: Sequence[Condition], rows: Rows) -> bool:
    """Return whether one of the conditions is true."""
    return any(condition.holds(rows) for condition in conditions)


def _condition(text: str) -> Condition:
    words = text.split()
    if len(words) == 1 and all(letter.isalnum() or letter == "-" for letter in words[0]):
        _check_finding(words[0])
        return Condition(text, words[0], frozenset({"findings"}))
    return _parsed(text)


@cache
def _grammar() -> Lark:
    """Return the parser; only expressions need it, and it takes longer to import than a name to look up."""
    from importlib import resources

    from lark import Lark

    return Lark((resources.files("analyzer") / "condition.lark").read_text("utf-8"), parser="lalr")


def _parsed(text: str) -> Condition:
    from lark.exceptions import UnexpectedInput, UnexpectedToken

    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        position: int | None = error.pos_in_stream  # None at the end, whatever its type says
        rest = text[max(position or 0, 0) :]
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        where = "at its end" if ended or not rest else f"at {rest[:20]!r}"
        hint = "`tcpscope analyze --help` has examples"
        raise UsageError(f"--fail-on: {text!r} is no expression {where}; {hint}") from None
    tables = set()
    for node in tree.iter_subtrees():
        tables.add(_check(node))
    return Condition(text, tree.children[0], frozenset(tables - {""}))


def _check(node: Tree[Any]) -> str:
    """Return the table that a node reads, "" for none; raise `UsageError` for a name that does not exist."""
    if node.data == "finding":
        _check_finding(str(node.children[0]))
        return "findings"
    if node.data in ("any_row", "summary"):
        return _check_column(str(node.children[-1]))
    if node.data == "number_of":
        name = str(node.children[1])
        if name not in TABLES:
            _check_finding(name)
            return "findings"
        return name
    return ""


def _check_finding(name: str) -> None:
    known = (*SEVERITIES, *FINDINGS)
    if name not in known:
        near = difflib.get_close_matches(name, known)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
        raise UsageError(f"--fail-on: no finding or severity {name!r}; {hint}")


def _check_column(dotted: str) -> str:
    from analyzer import schema

    name, column = dotted.split(".", 1)
    tables = {table.name: table for table in schema.TABLES if table.name in TABLES}
    if name not in tables:
        raise UsageError(f"--fail-on: no table {name!r}; there are {', '.join(TABLES)}")
    if column not in tables[name].column_names:
        near = difflib.get_close_matches(column, tables[name].column_names)
        hint = f"did you mean {' or '.join(near)}?" if near else f"`tcpscope schema {name}` lists them"
        raise UsageError(f"--fail-on: no column {column!r} in {name}; {hint}")
    return name


def _holds(node: Any, rows: Rows) -> bool:
    if isinstance(node, str):
        return any(_meets(found, node) for found in rows("findings"))
    if node.data == "either":
        return any(_holds(each, rows) for each in node.children)
    if node.data == "both":
        return all(_holds(each, rows) for each in node.children)
    if node.data == "negation":
        return not _holds(node.children[0], rows)
    if node.data == "finding":
        return _holds(str(node.children[0]), rows)
    measured, sign, value = node.children
    wanted = _value(value)
    return any(_compare(cell, str(sign), wanted) for cell in _cells(measured, rows))


def _meets(found: dict[str, Any], name: str) -> bool:
    """Return whether a finding has the name, or at least the severity, that is asked for."""
    if name in SEVERITIES:
        return SEVERITIES.index(found["severity"]) >= SEVERITIES.index(name)
    return bool(found["finding"] == name)


def _cells(measured: Tree[Any], rows: Rows) -> Iterable[Any]:
    """Return what is compared: the cells of a column, or one summary of them."""
    names = [str(child) for child in measured.children]
    if measured.data == "number_of":
        if names[1] in TABLES:
            return [sum(1 for _ in rows(names[1]))]
        return [sum(1 for found in rows("findings") if _meets(found, names[1]))]
    table, column = names[-1].split(".", 1)
    cells = (row[column] for row in rows(table))
    if measured.data == "any_row":
        return cells
    known = [cell for cell in cells if cell is not None]
    return [SUMMARIES[names[0]](known)] if known else []


def _value(node: Tree[Any]) -> Any:
    text = str(node.children[0])
    if node.data == "number":
        return float(text)
    if node.data == "text":
        return text[1:-1]
    return WORDS.get(text, text)


def _compare(cell: Any, sign: str, wanted: Any) -> bool:
    """Compare a cell; what is unknown is equal to null alone, and a text has no order beside a number."""
    if wanted is None:
        return sign in ("==", "!=") and SIGNS[sign](cell is None, True)
    if cell is None or isinstance(cell, str) != isinstance(wanted, str):
        return False
    return SIGNS[sign](cell, wanted)
