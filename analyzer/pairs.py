"""What the account of a pair of ends means: churn, ports in use, and the idle time that a pool may allow."""

from dataclasses import asdict, dataclass, field

from analyzer.addresses import address_text, end_text
from reconstruct.conduct import WORTH_NOTING_NS
from reconstruct.pairs import CLIENT_WAITS, FIRST_SPAN_NS, LEVELS, LIVE, SPANS, Pair, Pairs
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings

NS_PER_S, NS_PER_MS = 1_000_000_000, 1_000_000
SAFE_SHARE = 0.8  # of the shortest idle time that failed: clocks, queues and a round trip need the rest


def client_text(pair: Pair) -> str:
    """Return the client's address."""
    return address_text(pair.ip_version, pair.client_hi, pair.client_lo)


def server_text(pair: Pair) -> str:
    """Return the server's address and port."""
    return end_text(address_text(pair.ip_version, pair.server_hi, pair.server_lo), pair.server_port)


def ends_text(pair: Pair) -> str:
    """Return both ends."""
    return f"{client_text(pair)} to {server_text(pair)}"


@dataclass(frozen=True)
class Churn:
    """Short connections of a pair: how many a second, the pool that could replace them, and what it would save.

    `pool` is the mean number of them at a time, rounded up (Little's law), `saved` the connections that need not have
    been opened, `share` the part of their lives that went into openings.
    """

    rate: float
    pool: int
    saved: int
    share: float


def churn_of(pair: Pair) -> Churn:
    """Return what the short connections of a pair cost."""
    span_ns = max(pair.last_time_ns - pair.first_time_ns, 1)
    pool = max(1, -(-pair.short_life_ns // span_ns))
    share = min(1.0, pair.short_cost_ns / pair.short_life_ns) if pair.short_life_ns > 0 else 0.0
    return Churn(pair.short * NS_PER_S / span_ns, pool, max(0, pair.short - pool), share)


@dataclass(frozen=True)
class Ports:
    """Client ports of a pair: connections opened a second, open and in TIME-WAIT at the end, and at most."""

    rate: float
    live: int
    live_peak: int
    client_waits: int
    client_waits_peak: int
    server_waits: int
    server_waits_peak: int
    used: int
    used_peak: int


@dataclass(frozen=True)
class Spans:
    """Where the spans of time begin in which pairs are followed, how wide each is, when the capture ends.

    `time_wait_ns` is how long a TIME-WAIT was taken to last.
    """

    origin_ns: int = UNKNOWN
    span_ns: int = FIRST_SPAN_NS
    end_ns: int = UNKNOWN
    time_wait_ns: int = ReplaySettings.time_wait_ns

    @property
    def count(self) -> int:
        """Return how many spans the capture has."""
        return min(max((self.end_ns - self.origin_ns) // self.span_ns, 0), SPANS - 1) + 1

    def ports(self, pair: Pair) -> Ports:
        """Return the ports of a pair."""
        opened, live, client, server = (pair.series(level)[: self.count] for level in range(len(LEVELS)))
        used = [one + other for one, other in zip(live, client, strict=True)]
        busy_ns = max(pair.last_time_ns - pair.first_time_ns, self.span_ns)
        return Ports(
            rate=sum(opened) * NS_PER_S / busy_ns,
            live=live[-1], live_peak=max(live),
            client_waits=client[-1], client_waits_peak=max(client),
            server_waits=server[-1], server_waits_peak=max(server),
            used=used[-1], used_peak=max(used),
        )  # fmt: skip


@dataclass(frozen=True)
class PairsSeen:
    """The pairs with the most connections first, their spans, and how many were only counted."""

    pairs: list[Pair] = field(default_factory=list)
    spans: Spans = field(default_factory=Spans)
    others: int = 0
    other_connections: int = 0


def pairs_seen(account: Pairs, end_ns: int) -> PairsSeen:
    """Return what a finished account of pairs says; `end_ns` is the time of the capture's last packet."""
    spans = Spans(account.origin_ns, account.span_ns, end_ns, account.time_wait_ns)
    return PairsSeen(account.ranked(), spans, account.others, account.other_connections)


def idle_limit_ns(pair: Pair) -> int:
    """Return the max idle time that a pool should have, `UNKNOWN` where no pause was too long.

    It is below the shortest pause after which a request failed or the server closed.
    """
    known = [each for each in (pair.server_idle_ns, pair.stale_idle_ns) if each != UNKNOWN and each >= WORTH_NOTING_NS]
    return int(min(known) * SAFE_SHARE) if known else UNKNOWN


def shown_spans(spans: Spans, pair: Pair, most: int) -> list[int]:
    """Return the ports in use over time in at most so many parts of the capture, the most in each."""
    live, waits = pair.series(LIVE)[: spans.count], pair.series(CLIENT_WAITS)[: spans.count]
    used = [one + other for one, other in zip(live, waits, strict=True)]
    step = -(-len(used) // most)
    return [max(used[first : first + step]) for first in range(0, len(used), step)]


def ports_row(pair: Pair, spans: Spans, room: int) -> dict[str, object]:
    """Return what `tcpscope ports --json` tells of a pair; its series have a value a span, `span_s` seconds each."""
    told = asdict(spans.ports(pair))
    server_ip = address_text(pair.ip_version, pair.server_hi, pair.server_lo)
    series = {LEVELS[level]: pair.series(level)[: spans.count] for level in range(len(LEVELS))}
    return {
        "client_ip": client_text(pair), "server_ip": server_ip, "server_port": pair.server_port,
        "connections": pair.connections,
        **told, "ports": room, "left_at_least": max(room - told["used_peak"], 0), "reuses": pair.reuses,
        "reuses_refused": pair.reuses_refused, "span_s": spans.span_ns / NS_PER_S, "over_time": series,
    }  # fmt: skip


def pools_row(pair: Pair) -> dict[str, object]:
    """Return what `tcpscope pools --json` tells of a pair; null where it is not known."""
    churn = churn_of(pair)
    server_ip = address_text(pair.ip_version, pair.server_hi, pair.server_lo)
    return {
        "client_ip": client_text(pair), "server_ip": server_ip, "server_port": pair.server_port,
        "connections": pair.connections,
        "requests": pair.requests, "bytes": pair.bytes, "encrypted": pair.encrypted, "short": pair.short,
        "short_per_s": churn.rate if pair.short else 0.0, "pool": churn.pool if pair.short else None,
        "opening_ms": pair.handshake_ns / pair.handshakes / NS_PER_MS if pair.handshakes else None,
        "tls_round_trips": pair.setup_turns, "openings_ms": pair.short_cost_ns / NS_PER_MS,
        "growing_round_trips": pair.rounds, "resumed": pair.resumed,
        "longest_idle_ms": pair.longest_idle_ns / NS_PER_MS if pair.resumed else None,
        "server_closes_after_ms": _ms(pair.server_idle_ns), "failed": pair.stale,
        "failed_after_ms": _ms(pair.stale_idle_ns), "idle_timeout_ms": _ms(idle_limit_ns(pair)),
    }  # fmt: skip


def _ms(span_ns: int) -> float | None:
    """Return nanoseconds as milliseconds, None where they are unknown."""
    return None if span_ns == UNKNOWN else span_ns / NS_PER_MS
