"""A listener as JSON has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzer.rows import seconds, time_text
from reconstruct.listener import ARRIVED, COMPLETED, NEVER, REFUSED
from reconstruct.vocabulary import Met

if TYPE_CHECKING:
    from analyzer.listeners import ListenerSeen

_LINES = {"arrived": ARRIVED, "completed": COMPLETED, "never_completed": NEVER, "refused": REFUSED}


def listener_row(listener: ListenerSeen) -> dict[str, Any]:
    """Return what `tcpscope listeners --json` tells; what connections met is named as in `reconstruct.vocabulary.Met`.

    The series over time begin with the capture's first connection, whosesoever it is.
    """
    return {
        "address": listener.address,
        "port": listener.port,
        "first_time": time_text(listener.first_ns),
        "last_time": time_text(listener.last_ns),
        "connections": listener.connections,
        "clients": listener.clients,
        "completed": listener.completed,
        "refused": listener.refused,
        "reset_by_client": listener.reset,
        "never_completed": listener.never,
        "pending": listener.pending,
        "peak_per_s": listener.peak_per_s(ARRIVED),
        "syn_cookies": {
            "verdict": listener.cookies.text,
            "probability": listener.cookies.probability,
            "reasons": list(listener.cookies.reasons),
        },
        "met": {kind.text: listener.met(kind).count for kind in Met if listener.met(kind).count},
        "over_time": {
            "bucket_s": seconds(listener.width_ns),
            **{name: _until_last(listener.line(row)) for name, row in _LINES.items()},
        },
    }


def _until_last(line: list[int]) -> list[int]:
    """Return a row of the time line without the empty buckets at its end."""
    while line and line[-1] == 0:
        line.pop()
    return line
