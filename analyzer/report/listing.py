"""The overview's table of connections as packed columns, and which connections are worst."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from analyzer import rows
from analyzer.addresses import address_text
from analyzer.report.cells import Rows
from analyzer.report.columns import Against, Column, pack
from analyzer.schema import SEVERITIES
from reconstruct.seq import UNKNOWN
from reconstruct.tally import (
    HELD_NS_PER_POINT,
    INVALID_POINTS,
    NO_CONNECTION_POINTS,
    RESET_POINTS,
    RETRANSMISSION_POINTS,
)
from reconstruct.vocabulary import Closing, Opening

if TYPE_CHECKING:
    from analyzer.report.cells import Cells

ACTIVITY_BINS = 48  # of a connection's sparkline, over the time of the capture
ACTIVITY_LEVELS = 255  # of one bin, relative to the connection's busiest
_SEVERITY_POINTS = 1_000_000  # a finding counts before any sum of segments
_SUMMED = ("retransmissions", "spurious_retransmissions", "out_of_order", "zero_window_ns", "dup_acks")


class Listing:
    """All connections of an analysis, their sums over both directions, and their worst findings."""

    def __init__(self, flows: Rows, directions: Rows, findings: Iterable[Any]) -> None:
        """Take the rows in order of flow, those of directions two a flow, client first."""
        self.flows = flows
        self.client, self.server = directions.every(2, 0), directions.every(2, 1)
        self.sums = {name: _known(self.client[name]) + _known(self.server[name]) for name in _SUMMED}
        self.severity, self.found = _worst_findings(flows.count, findings)

    def worst_first(self) -> list[int]:
        """Return the numbers of all connections: those with the worst findings first, then by what they suffered."""
        import numpy as np

        refused = np.isin(self.flows["opening"], [Opening.REFUSED, Opening.HALF_OPEN])
        score = (
            _SEVERITY_POINTS * self.severity
            + RETRANSMISSION_POINTS * self.sums["retransmissions"]
            + self.sums["zero_window_ns"] // HELD_NS_PER_POINT
            + NO_CONNECTION_POINTS * refused
            + RESET_POINTS * (self.flows["closing"] == Closing.RST)
            + INVALID_POINTS * (_known(self.client["invalid_segments"]) + _known(self.server["invalid_segments"]))
        )
        return [int(flow) for flow in np.lexsort((self.flows["flow"], -self.flows["bytes"], -score))]

    def data(self, start_ns: int, paged: Iterable[int]) -> dict[str, Any]:
        """Return the table as a page carries it; `paged` are the connections with a page of their own."""
        import numpy as np

        flows = self.flows
        has_page = np.zeros(flows.count, dtype=np.int64)
        has_page[list(paged)] = 1
        ranks = np.empty(flows.count, dtype=np.int64)
        ranks[self.worst_first()] = np.arange(flows.count)
        addresses, clients, servers = _addresses(flows)
        plain = ("client_port", "server_port", "segments", "bytes", "opening", "closing", "client_state",
                 "server_state", "vantage", "one_sided", "role_known", "first_frame")  # fmt: skip
        columns = {
            "flow": Column(flows["flow"], Against.ROW_BEFORE),
            "client": Column(clients),
            "server": Column(servers),
            "first_time_ns": Column(flows["first_time_ns"] - start_ns, Against.ROW_BEFORE),
            "duration_ns": Column(flows["last_time_ns"] - flows["first_time_ns"]),
            **{name: Column(flows[name]) for name in plain},
            **{name: Column(cells) for name, cells in self.sums.items()},
            "client_bytes": Column(self.client["unique_bytes"]),
            "server_bytes": Column(self.server["unique_bytes"]),
            "rtt_ns": Column(self._round_trips()),
            "severity": Column(self.severity),
            "findings": Column(self.found),
            "page": Column(has_page),
            "rank": Column(ranks),
        }
        return {"addresses": addresses, "table": pack(columns)}

    def _round_trips(self) -> Cells:
        """Return each connection's round trip in ns: of the handshake, else the sum of both directions' medians."""
        import numpy as np

        handshake = _sum_of(self.flows["syn_rtt_ns"], self.flows["ack_rtt_ns"])
        medians = _sum_of(self.client["rtt_median_ns"], self.server["rtt_median_ns"])
        return np.where(handshake == UNKNOWN, medians, handshake)


def activity(segments: Rows, flows: int, start_ns: int, stop_ns: int) -> dict[str, Any]:
    """Return for each connection how busy it was in each bin of the capture's time, as one packed column."""
    import numpy as np

    span_ns = max(stop_ns - start_ns, 1)
    bins = np.clip((segments["time_ns"] - start_ns) * ACTIVITY_BINS // span_ns, 0, ACTIVITY_BINS - 1)
    weights = segments["len"] + 1  # a segment without data is activity, too
    sums = np.bincount(segments["flow"] * ACTIVITY_BINS + bins, weights, flows * ACTIVITY_BINS)
    each = sums.reshape(flows, ACTIVITY_BINS)
    busiest = np.maximum(each.max(axis=1, initial=0), 1)[:, None]
    levels = np.ceil(each * ACTIVITY_LEVELS / busiest).astype(np.int64)  # never down to nothing
    return pack({"level": Column(levels.ravel())})


def _known(cells: Cells) -> Cells:
    """Return the cells with nothing in place of what is unknown."""
    import numpy as np

    return np.where(cells == UNKNOWN, 0, cells)


def _sum_of(one: Cells, other: Cells) -> Cells:
    """Return sums, unknown where a part is."""
    import numpy as np

    unknown = (one == UNKNOWN) | (other == UNKNOWN)
    return np.where(unknown, UNKNOWN, _known(one) + _known(other))


def _worst_findings(flows: int, findings: Iterable[Any]) -> tuple[Cells, Cells]:
    """Return for each connection the rank of its worst finding (0: none, else 1 up), and how many there are."""
    import numpy as np

    worst, count = np.zeros(flows, dtype=np.int64), np.zeros(flows, dtype=np.int64)
    for finding in findings:
        if finding.flow is None or not 0 <= finding.flow < flows:
            continue
        rank = 1 + SEVERITIES.index(rows.severity_text(finding.severity))
        worst[finding.flow] = max(worst[finding.flow], rank)
        count[finding.flow] += 1
    return worst, count


def _addresses(flows: Rows) -> tuple[list[str], Cells, Cells]:
    """Return the different addresses as text, and which of them each client and each server has."""
    import numpy as np

    both = [np.stack([flows["ip_version"], flows[f"{end}_hi"], flows[f"{end}_lo"]], 1) for end in ("client", "server")]
    different, which = np.unique(np.concatenate(both), axis=0, return_inverse=True)
    texts = [address_text(*(int(cell) for cell in row)) for row in different]
    which = which.reshape(-1).astype(np.int64)
    return texts, which[: flows.count], which[flows.count :]
