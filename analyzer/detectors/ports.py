"""Ports in use, in TIME-WAIT, and used again."""

from collections.abc import Iterator

from analyzer.detectors.words import duration, percent, several
from analyzer.findings import Finding, Seen, Severity, about_capture, about_captures
from analyzer.pairs import ends_text

NS_PER_S = 1_000_000_000
HELD_BY_CLIENT = (
    "Let the server close first, or keep connections open (a pool); net.ipv4.tcp_tw_reuse=1 lets the client take such "
    "ports again after a second. tcp_max_tw_buckets only cuts TIME-WAIT short: leave it."
)
HELD_BY_SERVER = (
    "TIME-WAIT costs a server little memory and no ports; keep connections open, or let the clients close first if its "
    "number still hurts. Do not lower tcp_max_tw_buckets."
)


@about_captures
def time_wait_pressure(seen: Seen) -> Iterator[Finding]:
    """Find ends that hold many connections in TIME-WAIT."""
    for pair in seen.pairs.pairs:
        ports = seen.pairs.spans.ports(pair)
        peak = max(ports.client_waits_peak, ports.server_waits_peak)
        if peak < seen.settings.time_wait_sockets:
            continue
        holder = "client" if ports.client_waits_peak >= ports.server_waits_peak else "server"
        now = ports.client_waits if holder == "client" else ports.server_waits
        near = holder == "client" and peak >= seen.settings.ephemeral_share * seen.settings.ephemeral_ports
        yield about_capture(
            "time-wait-pressure",
            Severity.WARNING if near else Severity.INFO,
            pair.short_frames,
            f"the {holder} held up to {several(peak, 'connection')} in TIME-WAIT ({now:,} at the end), from "
            f"{ends_text(pair)}",
            HELD_BY_CLIENT if holder == "client" else HELD_BY_SERVER,
        )


@about_captures
def ephemeral_port_exhaustion(seen: Seen) -> Iterator[Finding]:
    """Find clients whose ports towards a server run out."""
    room = seen.settings.ephemeral_ports
    for pair in seen.pairs.pairs:
        ports = seen.pairs.spans.ports(pair)
        if ports.used_peak < seen.settings.ephemeral_share * room:
            continue
        left = f"; at {ports.rate:,.0f} new ones a second none is left after {room / ports.rate:,.0f} s"
        steady = ports.client_waits_peak > 0 and ports.rate * seen.pairs.spans.time_wait_ns / NS_PER_S >= room
        yield about_capture(
            "ephemeral-port-exhaustion",
            Severity.WARNING,
            pair.short_frames,
            f"up to {ports.used_peak:,} of {room:,.0f} client ports ({percent(ports.used_peak / room)}) were in use or "
            f"in TIME-WAIT from {ends_text(pair)}{left if steady else ''}",
            "Use connections again (a pool), add addresses on either side, widen net.ipv4.ip_local_port_range, or set "
            "net.ipv4.tcp_tw_reuse=1; a proxy can bind with IP_BIND_ADDRESS_NO_PORT.",
            confidence=0.9,
        )


@about_captures
def port_reuse(seen: Seen) -> Iterator[Finding]:
    """Find connections on addresses and ports that the last one still held."""
    for pair in seen.pairs.pairs:
        if not pair.reuses:
            continue
        bad = pair.reuses_unlawful + pair.reuses_while_open
        how = [
            (pair.reuses_by_isn, "legal by sequence number"), (pair.reuses_by_time, "legal by timestamp"),
            (pair.reuses_unlawful, "with neither beyond that of the last"),
            (pair.reuses_while_open, "of a connection that never ended"), (pair.reuses_refused, "not accepted"),
        ]  # fmt: skip
        told = ", ".join(f"{count:,} {words}" for count, words in how if count)
        yield about_capture(
            "port-reuse",
            Severity.WARNING if bad and pair.reuses_refused else Severity.INFO,
            pair.reuse_frames,
            f"{several(pair.reuses, 'connection')} from {ends_text(pair)} came on ports that another still held in "
            f"TIME-WAIT or open, {duration(pair.shortest_reuse_ns)} after it at the soonest: {told}",
            "Legal reuse costs nothing. Where it is refused, do not bind clients to a fixed port, keep timestamps on "
            "(net.ipv4.tcp_timestamps=1), and see that a NAT does not reuse ports within 60 s.",
        )
