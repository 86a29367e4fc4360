"""The estimate as plain values, for `--json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer import rows
from analyzer.json_document import Member
from analyzer.whatif.estimate import Estimate
from analyzer.whatif.simulation import Transfer
from analyzer.whatif.words import assumptions


def members(told: Estimate) -> Iterator[Member]:
    """Yield the members of the JSON object; times in seconds, windows in bytes but initial ones in segments."""
    met, asked = told.met, told.asked
    yield "sender", told.sender.text
    yield "was", {"congestion_control": told.was.text, "initial_window": told.was_window}
    yield (
        "asked",
        {
            "congestion_control": asked.control.text if asked.control is not None else None,
            "initial_window": asked.window,
            "rwnd": asked.rwnd,
        },
    )
    yield "real_s", rows.seconds(told.real_ns)
    yield "estimate_s", None if told.estimate_ns is None else rows.seconds(told.estimate_ns)
    yield "change", told.change
    yield "simulation_error", told.error
    yield "simulated_same", transfer_json(told.same)
    yield "simulated_other", transfer_json(told.other)
    yield (
        "path",
        {
            "round_trip_s": rows.seconds(met.base_ns),
            "payload_bytes_per_s": met.rate,
            "queue_bytes": met.queue_bytes,
            "lost_by_chance": sum(met.lost.values()),
            "pauses": len(met.writes),
            "flight_limit": met.most_flight,
        },
    )
    yield "assumptions", list(assumptions(told))


def transfer_json(transfer: Transfer) -> dict[str, Any]:
    """Return how a simulated transfer went."""
    return {
        "completion_s": None if transfer.completion_ns is None else rows.seconds(transfer.completion_ns),
        "retransmissions": transfer.resent,
        "timeouts": transfer.timeouts,
        "largest_window": transfer.largest_window,
        "dropped_by_queue": transfer.dropped,
    }
