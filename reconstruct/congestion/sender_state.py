# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What every model of one sender's congestion control is told: the loss recovery and the delivery that all share."""

from reconstruct.seq import UNKNOWN

# States of loss recovery: tcp_ca_state of Linux.
OPEN, DISORDER, CWR, RECOVERY, LOSS = 0, 1, 2, 3, 4

DUP_THRESH = 3  # segments, DupThresh of RFC 6675 (2); Linux raises it where it sees reordering

_UNKNOWN = UNKNOWN
_OPEN = OPEN
_CWR, _RECOVERY = CWR, RECOVERY
_DUP_THRESH = DUP_THRESH


class SenderState:
    """Counters of one sender in segments (pieces of at most MSS bytes), as they are after the event at `now_ns`.

    `una` and `nxt` are SND.UNA and SND.NXT; `out` segments are sent and not acknowledged, of which `sacked` were
    reported, `lost` are judged lost and `retrans` of the latter are sent again: `in_flight` is the pipe of RFC 6675.
    The last segment was sent in frame `sent_frame` of the capture (0: it did not come there).
    `wnd` is SND.WND in bytes and `held` 1 while it has no room for another segment. `ca` is the state of loss recovery,
    which ends at `high_seq`; `undo_marker` is the SND.UNA of its begin (`UNKNOWN` where nothing is left to undo);
    `reordering` is the degree that is tolerated.

    Of one acknowledgment: `acked` segments it newly delivered, acknowledged or SACKed, `losses` it made judged lost,
    `advanced` 1 if SND.UNA moved, `ece` 1 if it echoes congestion, `rtt_ns` the round trip of the newest segment that
    it covers (`UNKNOWN`: none), `prior_in_flight` before it. `prr_delivered` and `prr_out` are of RFC 9937.

    For rates (draft-cheng-iccrg-delivery-rate-estimation): `delivered` segments in all, the last at `delivered_ns`;
    `sample_*` are of the newest segment that an acknowledgment delivered: what was delivered when it was sent
    (`sample_delivered`, -1: none) and when (`sample_delivered_ns`), when it was sent (`sample_sent_ns`), when the
    first segment of its flight was (`sample_first_ns`), whether the application held the sender back then
    (`sample_app_limited`), and whether it was sent more than once (`sample_resent`). `app_limited` is not 0 while that
    lasts.
    """

    def __init__(self) -> None:
        """Make the state of a sender that has sent nothing."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.now_ns = 0
        self.una = self.nxt = 0
        self.out = self.sacked = self.lost = self.retrans = 0
        self.ca = _OPEN
        self.high_seq = self.undo_marker = _UNKNOWN
        self.reordering = _DUP_THRESH
        self.mss = self.wnd = _UNKNOWN
        self.held = self.acked = self.losses = self.advanced = self.ece = 0
        self.prior_in_flight = self.prr_delivered = self.prr_out = 0
        self.sent_ns = _UNKNOWN
        self.sent_frame = 0
        self._start_clocks()
        self._start_rates()

    def _start_clocks(self) -> None:
        self.rtt_ns = self.min_rtt_ns = self.srtt_ns = self.rto_ns = _UNKNOWN

    def _start_rates(self) -> None:
        self.delivered = 0
        self.delivered_ns = self.first_ns = 0
        self.app_limited = 0
        self.sample_delivered = -1
        self.sample_delivered_ns = self.sample_sent_ns = self.sample_first_ns = 0
        self.sample_app_limited = self.sample_resent = 0

    def in_flight(self) -> int:
        """Return the segments that are taken to be in the network."""
        return self.out - self.sacked - self.lost + self.retrans

    def is_reducing(self) -> int:
        """Return 1 while proportional rate reduction sets the window."""
        return 1 if self.ca == _CWR or self.ca == _RECOVERY else 0
