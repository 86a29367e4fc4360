"""How an analysis, and one connection of it, show themselves in a notebook: plain HTML, nothing that runs."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analyzer import rows, schema
from analyzer.report.verdict import verdict
from analyzer.selection import rows_of_flow
from analyzer.terminal import units

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

MOST_FINDINGS = 20  # shown; the table `findings` has all


class Flow:
    """One connection: its rows of the tables, and a figure."""

    def __init__(self, analysis: Analysis, number: int) -> None:
        """Look at a connection that is there."""
        self.number = number
        self._analysis = analysis

    def figure(self, sender: str | None = None) -> Any:
        """Return a plotly figure of what one end sent, the busier one by default."""
        return self._analysis.figure(self.number, sender)

    def segments(self) -> Any:
        """Return the connection's segments as a DataFrame."""
        return self._analysis.segments(self.number)

    def windows(self) -> Any:
        """Return the connection's windows as a DataFrame."""
        return self._analysis.windows(self.number)

    def _repr_html_(self) -> str:
        (flow,) = rows.rows_of(rows_of_flow(self._analysis.flow_rows, self.number), schema.FLOWS)
        directions = list(rows.rows_of(rows_of_flow(self._analysis.direction_rows, self.number), schema.DIRECTIONS))
        found = [finding for finding in self._analysis.finding_list if finding.flow == self.number]
        title = f"Flow {self.number}: {_end(flow, 'client')} → {_end(flow, 'server')}"
        shown = (("opening", flow["opening"]), ("closing", flow["closing"]), ("segments", flow["segments"]),
                 ("bytes", flow["bytes"]), ("duration", f"{flow['duration_s']} s"))  # fmt: skip
        return _section(title, [_text(verdict(flow, directions)), _table([shown]), _findings(found)])

    def __repr__(self) -> str:
        return f"<flow {self.number} of {', '.join(self._analysis.capture.names)}>"


def analysis_html(analysis: Analysis) -> str:
    """Return an analysis as HTML: what the capture is, and what was found."""
    capture, totals = analysis.capture, analysis.totals
    shown = (("packets", capture.packets), ("connections", capture.connections), ("segments", capture.segments),
             ("payload", units.size(totals.bytes)), ("sent again", totals.retransmissions))  # fmt: skip
    return _section(", ".join(capture.names), [_table([shown]), _findings(analysis.finding_list)])


def _end(flow: Mapping[str, Any], side: str) -> str:
    return f"{flow[f'{side}_ip']} port {flow[f'{side}_port']}"


def _section(title: str, parts: Iterable[str]) -> str:
    return f"<div><h4>{html.escape(title)}</h4>{''.join(parts)}</div>"


def _text(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _table(lines: Iterable[Iterable[tuple[str, object]]]) -> str:
    """Return a table with a heading for each named value."""
    listed = [list(line) for line in lines]
    head = "".join(f"<th>{html.escape(name)}</th>" for name, _ in listed[0])
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(_value(value))}</td>' for _, value in line)}</tr>" for line in listed
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _value(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _findings(found: list[Any]) -> str:
    """Return the findings, worst first, as a table."""
    told = sorted(map(rows.finding_row, found), key=lambda row: -schema.SEVERITIES.index(str(row["severity"])))
    if not told:
        return _text("Nothing was found wrong.")
    names = ("severity", "finding", "flow", "summary", "advice")
    lines = [[(name, "" if row[name] is None else row[name]) for name in names] for row in told[:MOST_FINDINGS]]
    more = len(told) - len(lines)
    return _table(lines) + (_text(f"and {more:,} more in the table findings") if more else "")
