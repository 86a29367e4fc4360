"""What the overview says about the capture as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from analyzer import rows
from analyzer.linktypes import link_type_name
from analyzer.schema import SEVERITIES
from reconstruct.seq import UNKNOWN


def facts(analysis: Any) -> dict[str, Any]:
    """Return the facts, the totals and the ledger of what was skipped."""
    capture = analysis.capture
    return {
        "names": list(capture.names),
        "formats": list(capture.formats),
        "compressions": list(capture.compressions),
        "link_types": list(capture.link_types),
        "interfaces": [asdict(each) | {"link_type": link_type_name(each.link_type)} for each in capture.interfaces],
        "snaplen": capture.snaplen,
        "first_time": _time(capture.first_time_ns),
        "last_time": _time(capture.last_time_ns),
        "start_ns": str(max(capture.first_time_ns, 0)),
        "span_ns": max(capture.last_time_ns - capture.first_time_ns, 0),
        "packets": capture.packets,
        "segments": capture.segments,
        "connections": capture.connections,
        "dropped": capture.dropped,
        "comments": list(capture.comments),
        "damages": [asdict(damage) for damage in capture.damages],
        "interrupted": bool(analysis.interrupted),
        "totals": asdict(analysis.totals),
        "skipped": [asdict(skipped) for skipped in analysis.skipped],
    }


def findings(analysis: Any, connection_of: Callable[[int], int | None]) -> list[dict[str, Any]]:
    """Return the findings, worst first: by severity, then by how many frames show them.

    Those alike stand in order of frame and name. `shown_in` is the connection to look at: the finding's own, or that
    of its first frame.
    """
    told = [rows.finding_row(finding) for finding in analysis.finding_list]
    for each in told:
        frame, flow = each["first_frame"], each["flow"]
        each["shown_in"] = connection_of(frame) if flow is None and isinstance(frame, int) else flow
    return sorted(told, key=_badness)


def _badness(finding: dict[str, Any]) -> tuple[int, int, int, str]:
    frames = len(finding["frames"])
    return -SEVERITIES.index(finding["severity"]), -frames, finding["first_frame"] or 0, finding["finding"]


def _time(time_ns: int) -> str | None:
    return None if time_ns == UNKNOWN else rows.time_text(time_ns)
