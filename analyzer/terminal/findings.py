"""Findings on a screen: the worst first, each with its advice and a filter that shows its evidence."""

from collections.abc import Sequence
from typing import Any

from analyzer import rows, schema
from analyzer.capture.reader import printable
from analyzer.terminal import units
from analyzer.terminal.screen import QUIET, SEVERITY_STYLES, Screen

FINDINGS_SHOWN = 12  # on one screen; the rest is counted
_SURE = 0.995  # confidence that is printed as certain, since it rounds to 100 %


def print_findings(screen: Screen, findings: Sequence[Any], limit: int = FINDINGS_SHOWN) -> None:
    """Print findings, the worst first and at most `limit`."""
    ranked = sorted(findings, key=lambda found: -severity_rank(found.severity))
    for found in ranked[:limit]:
        _print_finding(screen, rows.finding_row(found))
    if len(ranked) > limit:
        screen.paragraph(f"and {units.counted(len(ranked) - limit, 'more finding')}: --json shows all", QUIET)


def severity_rank(severity: object) -> int:
    """Return how bad a severity is, from 0."""
    return schema.SEVERITIES.index(rows.severity_text(severity))


def _print_finding(screen: Screen, row: dict[str, Any]) -> None:
    """Print one finding in a few lines."""
    style = SEVERITY_STYLES[row["severity"]]
    where = "whole capture" if row["flow"] is None else f"flow {row['flow']}"
    sure = "" if row["confidence"] >= _SURE else f", {row['confidence']:.0%} sure"
    screen.line(
        ("  ● ", style), (row["severity"].ljust(8), style), (printable(row["finding"]), "bold"),
        (f"  {where}{frames_text(row['frames'], row['first_frame'], row['last_frame'])}{sure}", QUIET),
    )  # fmt: skip
    screen.paragraph(printable(row["summary"]), indent=4)
    for text, lead in ((row["advice"], "→ "), (row["filter"], "")):
        if text:
            screen.paragraph(lead + printable(text), QUIET, indent=4)


def frames_text(frames: Sequence[int], first: int | None, last: int | None) -> str:
    """Return the frames of a finding, or the first and the last where there are many."""
    if not frames and first is None:
        return ""
    if 0 < len(frames) <= 3:  # more are easier to read as a range
        listed = ", ".join(map(str, frames))
        return f", frame {listed}" if len(frames) == 1 else f", frames {listed}"
    return f", frames {first} to {last}"
