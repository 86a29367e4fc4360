"""Every threshold of every detector: its unit, its default, and why it is that."""

import math
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
    churn_cost_s: float = _threshold(
        0.5, "s of openings in all", "on a fast network even hundreds of openings cost nobody a noticeable time",
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
    zero_window_warning_s: float = _threshold(
        0.2, "s held in all", "shorter stops cost less than one retransmission timeout (Linux: 200 ms at the least)",
    )  # fmt: skip
    limited_least_s: float = _threshold(
        0.5, "s of sending time", "shorter transfers are mostly slow start; what held them back for a while costs "
        "little",
    )  # fmt: skip
    receive_window_limited_share: float = _threshold(
        0.25, "share of the sending time", "with less, twice the window would win less than an eighth of the time",
    )  # fmt: skip
    receive_window_warning_share: float = _threshold(
        0.5, "share of the sending time", "from here on the window, not the path, decides the rate",
    )  # fmt: skip
    silly_least: float = _threshold(
        10, "openings", "a few happen when a window closes and opens again, or where a middlebox removed its scale",
    )  # fmt: skip
    silly_share: float = _threshold(
        0.25, "share of segments with data", "a sender that avoids silly windows itself sends hardly any (RFC 9293 "
        "3.8.6.2.1)",
    )  # fmt: skip
    spurious_warning_share: float = _threshold(
        0.01, "share of segments with data", "as many losses would be a warning, and each costs the sender as much "
        "unless it undoes its reduction",
    )  # fmt: skip
    reordering_warning_share: float = _threshold(
        0.001, "share of segments with data", "rarer, and with RACK, it hardly ever starts a recovery",
    )  # fmt: skip
    duplicate_frames_share: float = _threshold(
        0.4, "share of segments with data", "networks copy a few in a hundred, a second mirror port all of them: every "
        "other segment is a copy then",
    )  # fmt: skip
    duplicate_frames_least: float = _threshold(
        5, "copies of one direction", "fewer may be chance in a short connection",
    )  # fmt: skip
    blackhole_timeouts: float = _threshold(
        3, "timeouts in a row", "one or two come with any burst of losses; three in a row lost are one in 10^6 at 1 %",
    )  # fmt: skip
    bufferbloat_ratio: float = _threshold(
        4, "times the least round trip", "a queue of one bandwidth-delay product, the old rule for buffers, doubles it",
    )  # fmt: skip
    bufferbloat_growth_ms: float = _threshold(
        100, "ms", "interactive use begins to suffer: ITU-T G.114 wants 150 ms for one way in all",
    )  # fmt: skip
    bufferbloat_samples: float = _threshold(
        20, "round trips", "the 95th percentile of fewer is their longest one",
    )  # fmt: skip
    bufferbloat_flight: float = _threshold(
        8, "full segments in flight", "with fewer, delayed acknowledgments and processing look like a queue",
    )  # fmt: skip
    idle_restart_warning_s: float = _threshold(
        0.1, "s in all", "people notice what takes longer (Miller 1968)",
    )  # fmt: skip
    nagle_least: float = _threshold(
        3, "stalls", "one at the end of a burst is normal; a kernel delays no acknowledgment in its first exchanges",
    )  # fmt: skip
    tinygrams_least: float = _threshold(
        10, "small segments", "fewer cost next to nothing and end any exchange",
    )  # fmt: skip
    tinygrams_share: float = _threshold(
        0.5, "share of segments with data", "else the ends of large writes are what is small",
    )  # fmt: skip
    tinygrams_bytes: float = _threshold(
        200, "bytes each on average", "headers of 40 to 66 bytes are a fifth of such a packet",
    )  # fmt: skip
    application_limited_share: float = _threshold(
        0.5, "share of the time between first and last data", "from here on the application, not the path, decides how "
        "long it takes",
    )  # fmt: skip
    application_limited_bytes: float = _threshold(
        10_000, "bytes", "less fits into the initial window (RFC 6928): the network has no say in it",
    )  # fmt: skip
    send_buffer_limited_share: float = _threshold(
        0.4, "share of the sending time", "it shows only in when data sets out: a smaller share may have other reasons",
    )  # fmt: skip


def most_of(name: str) -> float:
    """Return the largest value that a threshold can have: shares and probabilities end at 1."""
    unit = next((each.metadata["unit"] for each in fields(Settings) if each.name == name), "")
    return 1 if unit.startswith(("share of", "probability")) else math.inf


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
