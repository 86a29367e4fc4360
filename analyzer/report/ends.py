"""What the overview tells of servers and of the pairs of clients and servers, each with its figures over time."""

from __future__ import annotations

from typing import Any

from analyzer.listener_rows import listener_row
from analyzer.pairs import pools_row, ports_row

MOST_TOLD = 200  # listeners, and pairs: those with the most connections; the commands of their names tell all
USUAL_PORTS = 60_999 - 32_768 + 1  # Linux's net.ipv4.ip_local_port_range


def ends(analysis: Any) -> dict[str, Any]:
    """Return the listeners and the pairs, those with the most connections first, as their commands tell them in JSON.

    Times are ns since the first packet of the capture.
    """
    start_ns = max(analysis.capture.first_time_ns, 0)
    listeners = sorted(analysis.listeners, key=lambda listener: -listener.connections)
    seen = analysis.pairs
    pairs = seen.pairs[:MOST_TOLD]
    return {
        "listeners": [
            {**listener_row(listener), "since_ns": max(listener.base_ns - start_ns, 0)}
            for listener in listeners[:MOST_TOLD]
        ],
        "ports": [ports_row(pair, seen.spans, USUAL_PORTS) for pair in pairs],
        "pools": [pools_row(pair) for pair in pairs],
        "pairs_since_ns": max(seen.spans.origin_ns - start_ns, 0) if pairs else 0,
        "listeners_told": min(len(listeners), MOST_TOLD),
        "listeners_there": len(listeners),
        "pairs_told": len(pairs),
        "pairs_there": len(seen.pairs) + seen.others,
    }
