# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""When a sender judges a segment lost: RACK (RFC 8985), or without SACK duplicates and partial ACKs (RFC 6582)."""

from reconstruct.congestion.delivery import Delivery
from reconstruct.congestion.pieces import DEAD, RESENT
from reconstruct.congestion.sender_state import RECOVERY
from reconstruct.seq import UNKNOWN

MOST_STEPS = 255  # quarters of the shortest round trip, RACK's largest reordering window before SRTT caps it
STEPS_KEPT = 16  # recoveries for which a wider reordering window is kept (RFC 8985 6.2 step 4)

_UNKNOWN = UNKNOWN
_RECOVERY, _DEAD, _RESENT = RECOVERY, DEAD, RESENT
_MOST_STEPS, _STEPS_KEPT = MOST_STEPS, STEPS_KEPT


class LossDetection(Delivery):
    """What a sender judges lost; `losses` counts it."""

    def __init__(self) -> None:
        """Make a sender that has sent nothing."""
        Delivery.__init__(self)
        self.losses = 0

    def mark_lost(self, piece: int) -> None:
        """Judge a piece lost, or its retransmission."""
        state = self.state
        flags = self.pieces.flags(piece)
        if flags & _DEAD == 0:
            state.lost += 1
            self.losses += 1
        if flags & _RESENT:
            if flags & _DEAD:
                self.losses += 1
            state.retrans -= 1
            self.lost_resent = 1
        self.pieces.set_flags(piece, (flags | _DEAD) & ~_RESENT)

    def detect_losses(self) -> None:
        """Judge lost what was sent long enough before the newest that was delivered (RFC 8985 6.2 step 5)."""
        state = self.state
        pieces = self.pieces
        wait_ns = self.rack_rtt_ns + self._reordering_window_ns()
        piece = pieces.oldest
        while piece >= 0:
            sent_ns = pieces.sent_ns(piece)
            if sent_ns > self.rack_ns or (sent_ns == self.rack_ns and pieces.end(piece) >= self.rack_end):
                break
            following = pieces.newer(piece)
            if state.now_ns - sent_ns >= wait_ns:
                self.mark_lost(piece)
            piece = following
        self.rack_moved = 0

    def _reordering_window_ns(self) -> int:
        """Return how long RACK waits for what was overtaken (RFC 8985 6.2 step 4)."""
        state = self.state
        if self.reorderings == 0 and (state.ca >= _RECOVERY or state.sacked >= state.reordering):
            return 0
        if state.min_rtt_ns == _UNKNOWN or state.srtt_ns == _UNKNOWN:
            return 0
        return min(self.steps * (state.min_rtt_ns >> 2), state.srtt_ns)

    def identify_losses(self) -> None:
        """Mark what is lost: by RACK, or without SACK by duplicates and partial acknowledgments (RFC 6582 3.2)."""
        state = self.state
        if self.has_sack:
            if self.rack_moved:
                self.detect_losses()
        elif (state.ca < _RECOVERY and state.sacked >= state.reordering) or (state.ca == _RECOVERY and state.advanced):
            self.mark_head()

    def mark_head(self) -> None:
        """Judge the oldest segment lost."""
        if self.pieces.head < self.pieces.tail and self.pieces.flags(self.pieces.head) & _DEAD == 0:
            self.mark_lost(self.pieces.head)

    def widen_for_dsack(self) -> None:
        """Widen the reordering window once a round trip with a D-SACK (RFC 8985 6.2 step 4)."""
        if self.dsack_seen and (self.state.sample_delivered < 0 or self.state.sample_delivered >= self.steps_delivered):
            self.steps = min(self.steps + 1, _MOST_STEPS)
            self.steps_delivered = self.state.delivered
            self.steps_kept = _STEPS_KEPT
        elif self.steps_kept == 0:
            self.steps = 1
        self.dsack_seen = 0
