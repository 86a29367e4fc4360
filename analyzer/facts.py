"""What a capture is, and what its connections add up to."""

from dataclasses import dataclass, field

from analyzer.capture.reader import Damage, Interface
from reconstruct.seq import UNKNOWN
from reconstruct.tally import Tally
from reconstruct.vocabulary import Closing, Opening


@dataclass
class CaptureFacts:
    """What the capture is; lists have one entry a file, `link_types` and `interfaces` what occurs in any of them.

    Times are ns since the epoch, `UNKNOWN` without a packet; `snaplen` bytes (None: no limit), `dropped` packets that
    the capture itself reports as lost (None: it does not say).
    """

    names: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    compressions: list[str | None] = field(default_factory=list)
    link_types: list[str] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    snaplen: int | None = None
    first_time_ns: int = UNKNOWN
    last_time_ns: int = UNKNOWN
    packets: int = 0
    segments: int = 0
    connections: int = 0
    dropped: int | None = None
    comments: list[str] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)


@dataclass
class Totals:
    """Sums over all connections; `openings` and `closings` by name, `bytes` of payload, each byte once."""

    connections: int
    openings: dict[str, int]
    closings: dict[str, int]
    segments: int
    bytes: int
    retransmissions: int
    out_of_order: int
    zero_window_episodes: int


def totals_of(tally: Tally) -> Totals:
    """Return the sums of a tally, by name."""
    return Totals(
        connections=tally.connections,
        openings={name.text: tally.openings[name] for name in Opening},
        closings={name.text: tally.closings[name] for name in Closing},
        segments=tally.segments,
        bytes=tally.payload,
        retransmissions=tally.retransmissions,
        out_of_order=tally.out_of_order,
        zero_window_episodes=tally.held,
    )
