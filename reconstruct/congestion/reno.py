# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Reno: additive increase, and half the window after a loss (RFC 5681, RFC 6582)."""

from reconstruct.congestion.base import LEAST_SSTHRESH, CongestionModel
from reconstruct.congestion.sender_state import SenderState
from reconstruct.vocabulary import CongestionControl

_LEAST_SSTHRESH = LEAST_SSTHRESH
_RENO = int(CongestionControl.RENO)


class Reno(CongestionModel):
    """The window of a Reno sender."""

    def __init__(self) -> None:
        """Make a model of a sender that has sent nothing."""
        CongestionModel.__init__(self)
        self.kind = _RENO

    def grow(self, state: SenderState, acked: int) -> None:
        """Grow by what was delivered: all of it in slow start, one segment for each window of it beyond."""
        if self.cwnd < self.ssthresh:
            acked = self.slow_start(acked)
        if acked > 0:
            self.avoid(self.cwnd, acked)

    def reduced(self) -> int:
        """Return half the window (RFC 5681 3.1, equation 4)."""
        return max(self.cwnd >> 1, _LEAST_SSTHRESH)
