# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The round trip as a sender smooths it for its timers: RFC 6298 as Linux counts it."""

from reconstruct.rtt import INITIAL_RTO_NS, MAX_RTO_NS, MIN_RTO_NS
from reconstruct.seq import UNKNOWN

MIN_RTT_SPAN_NS = 300_000_000_000  # ns, Linux's tcp_min_rtt_wlen: the minimum is that of five minutes

_UNKNOWN = UNKNOWN
_INITIAL_RTO_NS, _MAX_RTO_NS, _MIN_RTO_NS = INITIAL_RTO_NS, MAX_RTO_NS, MIN_RTO_NS


class SenderTimer:
    """SRTT, its deviation and the timeout of one sender, in ns.

    Linux smooths the deviation more slowly while round trips shrink, and lets its largest of a round trip decide, which
    falls by a quarter of the difference each round trip; the timeout is SRTT plus at least 200 ms.
    """

    def __init__(self) -> None:
        """Make a timer without a sample."""
        self.reset()

    def reset(self) -> None:
        """Forget all samples."""
        self.srtt_ns = _UNKNOWN
        self.rto_ns = _INITIAL_RTO_NS
        self.deviation_ns = self.largest_ns = self.variation_ns = 0
        self.round_end = 0

    def sample(self, rtt_ns: int, una: int, nxt: int) -> None:
        """Take a round trip; `una` and `nxt` are SND.UNA and SND.NXT then."""
        if self.srtt_ns == _UNKNOWN:
            self.srtt_ns = rtt_ns  # RFC 6298 (2.2)
            self.deviation_ns = rtt_ns // 2
            self.variation_ns = self.largest_ns = max(2 * rtt_ns, _MIN_RTO_NS)
            self.round_end = nxt
        else:
            self._smooth(rtt_ns)
            if una > self.round_end:
                if self.largest_ns < self.variation_ns:
                    self.variation_ns -= (self.variation_ns - self.largest_ns) >> 2
                self.round_end = nxt
                self.largest_ns = _MIN_RTO_NS
        self.rto_ns = min(self.srtt_ns + self.variation_ns, _MAX_RTO_NS)

    def _smooth(self, rtt_ns: int) -> None:
        """Move SRTT by an eighth and the deviation by a quarter of what they are off (RFC 6298 2.3)."""
        error_ns = rtt_ns - self.srtt_ns
        self.srtt_ns += error_ns >> 3
        if error_ns < 0:
            change_ns = -error_ns - self.deviation_ns
            self.deviation_ns += change_ns >> 5 if change_ns > 0 else change_ns >> 2
        else:
            self.deviation_ns += (error_ns - self.deviation_ns) >> 2
        if 4 * self.deviation_ns > self.largest_ns:
            self.largest_ns = 4 * self.deviation_ns
            if self.largest_ns > self.variation_ns:
                self.variation_ns = self.largest_ns
