"""Every threshold of every detector: its unit, its default, and why it is that."""

from dataclasses import dataclass, field, fields
from typing import Any


def _threshold(default: float, unit: str, reason: str) -> Any:
    """Make a field that tells its unit and its reason."""
    return field(default=default, metadata={"unit": unit, "reason": reason})


@dataclass(frozen=True)
class Settings:
    """The thresholds; immutable, handed to the detectors with what they read."""

    loss_warning_share: float = _threshold(
        0.01, "share of segments with data", "at 1 % a Reno or CUBIC flow of 1,460-byte segments and 40 ms carries no "
        "more than some 4 Mbit/s (Mathis et al. 1997)",
    )  # fmt: skip
    close_wait_s: float = _threshold(
        60, "seconds", "Linux gives up waiting for the other FIN after 60 s (tcp_fin_timeout): from then on nobody can "
        "use what the host holds",
    )  # fmt: skip
    stale_idle_s: float = _threshold(
        1, "seconds of idleness", "the shortest keep-alive timeouts of servers are some seconds (Apache 5, Node.js 5); "
        "a request that fails sooner met a crash rather than a timeout",
    )  # fmt: skip
    churn_connections: float = _threshold(
        20, "connections", "what a page with a dozen resources or a short script opens is no habit worth a pool",
    )  # fmt: skip
    churn_rate: float = _threshold(
        1, "short connections a second", "below, the round trips of openings cost a service little",
    )  # fmt: skip
    churn_share: float = _threshold(
        0.1, "share of the connections' lives", "a tenth is the least that anybody notices",
    )  # fmt: skip
    time_wait_sockets: float = _threshold(
        1_000, "connections in TIME-WAIT", "a thousand take half a megabyte of a Linux kernel; fewer tell nothing",
    )  # fmt: skip
    ephemeral_ports: float = _threshold(
        28_232, "ports", "Linux takes 32768 to 60999 (net.ipv4.ip_local_port_range)",
    )  # fmt: skip
    ephemeral_share: float = _threshold(
        0.7, "share of the ports", "above, Linux's search for a free port slows down, and a burst ends it",
    )  # fmt: skip
    syn_flood_connections: float = _threshold(
        100, "connections never completed", "fewer fit into the smallest queue of waiting connections in common use, "
        "128 (net.ipv4.tcp_max_syn_backlog of a small machine)",
    )  # fmt: skip
    syn_flood_rate_per_s: float = _threshold(
        20, "connections per second never completed", "a queue of 1,024 that keeps each for 63 s (five resends of the "
        "SYN-ACK) is full above 16 per second",
    )  # fmt: skip
    syn_flood_ratio: float = _threshold(
        5, "connections never completed for each that was", "a server that is merely slow completes most of what it "
        "answers",
    )  # fmt: skip
    syn_flood_resent_share: float = _threshold(
        0.5, "share of the never completed whose SYN was sent again", "a client that wants a connection sends its SYN "
        "again after 1 s (RFC 6298 2.1); a flood of forged addresses does not",
    )  # fmt: skip
    syn_cookies_probability: float = _threshold(
        0.9, "probability", "the prior is 1 in 1,000: it takes evidence of 9,000 to 1 to come here",
    )  # fmt: skip
    accept_queue_syns: float = _threshold(
        4, "SYNs without an answer, of two connections at least", "four packets in a row are lost by chance on a path "
        "that loses 5 % once in 160,000 times",
    )  # fmt: skip
    scan_listeners: float = _threshold(
        10, "addresses and ports that one client tried in vain", "an application that is set up wrongly tries a few, a "
        "scanner all",
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A threshold as a person reads it."""

    name: str
    value: float
    unit: str
    reason: str


def told(settings: Settings) -> list[Told]:
    """Return all thresholds with their values, in the order in which they are declared."""
    return [
        Told(each.name, getattr(settings, each.name), each.metadata["unit"], each.metadata["reason"])
        for each in fields(settings)
    ]
