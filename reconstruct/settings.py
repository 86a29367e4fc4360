"""What the replay assumes where a capture is silent, each with its unit, default and source."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReplaySettings:
    """The assumptions of the replay; immutable, handed to the flow table once."""

    reordering_ns: int = 3_000_000
    """Nanoseconds within which a hole is filled by reordering rather than by a retransmission, where no round trip is
    known; 3 ms is what Wireshark takes."""

    max_live_connections: int = 2_048
    """Connections kept in full; above it, those that ended are finished and become 80-byte records. Small enough for
    all of them to stay in the second-level cache of the processor, as far as they end."""

    linger_ns: int = 5_000_000_000
    """Nanoseconds that an ended connection stays in full, so that late segments find it, unless twice as many as
    `max_live_connections` are there; a retransmitted FIN comes within a few RTOs (RFC 6298 2.1: 1 s at first)."""

    idle_ns: int = 600_000_000_000
    """Nanoseconds of silence after which an open connection is finished when more than four times
    `max_live_connections` are there: ten minutes, beyond the idle timeouts of common load balancers."""

    forget_ns: int = 240_000_000_000
    """Nanoseconds after which the record of a finished or unanswered connection may be dropped, when the table of
    connections must grow: 2 MSL (RFC 9293 3.4.1), longer than Linux sends a SYN again (127 s, tcp_syn_retries 6)."""

    time_wait_ns: int = 60_000_000_000
    """Nanoseconds that an end holds a closed connection in TIME-WAIT: 60 s in Linux (TCP_TIMEWAIT_LEN), whatever
    tcp_fin_timeout says; RFC 9293 (3.4.2) says twice the MSL, which makes 4 min."""

    max_outstanding: int = 65_536
    """Sent segments whose times are kept for one direction; above it, newer ones give no round-trip sample."""
