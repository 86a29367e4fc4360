"""One line that says what held a connection back, from its rows alone; what was not measured is not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LIMITS = {
    "limited_by_cwnd": "the congestion window",
    "limited_by_rwnd": "the receiver's window",
    "limited_by_application": "the application, which had nothing to send",
    "limited_by_recovery": "loss recovery",
    "limited_by_nagle": "Nagle's algorithm",
    "limited_by_pacing": "its own pacing",
    "limited_by_send_buffer": "its own send buffer",
}
LEAST_SHARE = 0.01  # of the sending time; less is not worth a word
NO_CONNECTION = {
    "refused": "The connection was refused.",
    "half-open": "The connection was never established.",
}


def verdict(flow: Mapping[str, Any], directions: Sequence[Mapping[str, Any]]) -> str:
    """Return the verdict on one connection, about the direction that carried more."""
    if flow["opening"] in NO_CONNECTION:
        return NO_CONNECTION[flow["opening"]]
    busiest = max(directions, key=lambda direction: direction["unique_bytes"] or 0, default=None)
    if busiest is None or not busiest["unique_bytes"]:
        return "No data was carried."
    shares = _shares(busiest)
    return f"{_trouble(busiest)} {shares}".strip() if shares else f"{_trouble(busiest)} {_unmeasured()}".strip()


def _shares(direction: Mapping[str, Any]) -> str:
    """Return what held the sender back, most of it first; empty where it was not measured."""
    known = [(direction.get(name) or 0.0, words) for name, words in LIMITS.items() if direction.get(name) is not None]
    told = sorted(((share, words) for share, words in known if share >= LEAST_SHARE), reverse=True)
    if not told:
        return ""
    parts = ", ".join(f"{words} {_percent(share)}" for share, words in told)
    return f"What held the {direction['sender']} back: {parts} of the sending time."


def _trouble(direction: Mapping[str, Any]) -> str:
    """Return how much was sent again, and how long the receiver's window was closed."""
    resent, sent = direction["retransmissions"], direction["data_segments"]
    parts = []
    if resent:
        share = f" ({_percent(resent / sent)} of its data segments)" if sent else ""
        parts.append(f"the {direction['sender']} sent {resent:,} segment{'s' * (resent != 1)} again{share}")
    if direction["zero_window_s"]:
        stopped = "it" if parts else f"the {direction['sender']}"
        parts.append(f"a closed window stopped {stopped} for {direction['zero_window_s']:.3g} s")
    if not parts:
        return f"Nothing that the {direction['sender']} sent had to be sent again."
    told = " and ".join(parts)
    return f"{told[0].upper()}{told[1:]}."


def _percent(share: float) -> str:
    """Return a share with two digits that say something."""
    return f"{100 * share:.2g} %" if share < 0.0995 else f"{100 * share:.0f} %"


def _unmeasured() -> str:
    """Return what stands in place of the shares."""
    return "What else held the sender back was not measured."
