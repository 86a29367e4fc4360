"""The words of `tcp.analysis`, and which of them say the same as a kind of ours."""

from reconstruct.vocabulary import Name, SegmentKind


class Label(Name):
    """What Wireshark calls a segment: the one flag of `tcp.analysis` that says what it was, or none of them."""

    NONE = 0
    ZERO_WINDOW_PROBE = 1
    ZERO_WINDOW_PROBE_ACK = 2
    KEEP_ALIVE = 3
    KEEP_ALIVE_ACK = 4
    SPURIOUS_RETRANSMISSION = 5
    FAST_RETRANSMISSION = 6
    OUT_OF_ORDER = 7
    RETRANSMISSION = 8
    DUPLICATE_ACK = 9
    WINDOW_UPDATE = 10

    @property
    def field(self) -> str:
        """Return the field that a display filter names it by."""
        return f"tcp.analysis.{self.name.lower()}"


class Mark(Name):
    """What Wireshark notes beside the label: any number of these."""

    ZERO_WINDOW = 0
    WINDOW_FULL = 1
    LOST_SEGMENT = 2
    ACK_LOST_SEGMENT = 3

    @property
    def field(self) -> str:
        """Return the field that a display filter names it by."""
        return f"tcp.analysis.{self.name.lower()}"


# Fast and spurious retransmissions carry the flag of plain ones as well: the first flag of this order is the label.
FLAGS = tuple(label for label in Label if label is not Label.NONE)

_PLAIN = (Label.RETRANSMISSION,)
AGREEING: dict[SegmentKind, tuple[Label, ...]] = {
    SegmentKind.NEW: (Label.NONE,),
    SegmentKind.ACK: (Label.NONE,),
    SegmentKind.DUP_ACK: (Label.DUPLICATE_ACK,),
    SegmentKind.WINDOW_UPDATE: (Label.WINDOW_UPDATE,),
    SegmentKind.KEEP_ALIVE: (Label.KEEP_ALIVE,),
    SegmentKind.KEEP_ALIVE_ACK: (Label.KEEP_ALIVE_ACK,),
    SegmentKind.ZERO_WINDOW_PROBE: (Label.ZERO_WINDOW_PROBE,),
    SegmentKind.ZERO_WINDOW_PROBE_ACK: (Label.ZERO_WINDOW_PROBE_ACK,),
    SegmentKind.FAST_RETRANSMISSION: (Label.FAST_RETRANSMISSION,),
    SegmentKind.RECOVERY_RETRANSMISSION: _PLAIN,
    SegmentKind.RTO_RETRANSMISSION: _PLAIN,
    SegmentKind.SLOW_START_RETRANSMISSION: _PLAIN,
    SegmentKind.TAIL_LOSS_PROBE: _PLAIN,
    SegmentKind.SYN_RETRANSMISSION: _PLAIN,
    SegmentKind.RETRANSMISSION: _PLAIN,
    SegmentKind.OUT_OF_ORDER: (Label.OUT_OF_ORDER,),
    SegmentKind.NETWORK_DUPLICATE: (),
    SegmentKind.CHALLENGE_ACK: (Label.NONE,),
    SegmentKind.RST: (Label.NONE,),
    SegmentKind.INVALID: (Label.NONE,),
}
RETRANSMISSIONS = frozenset(kind for kind in SegmentKind
                            if SegmentKind.FAST_RETRANSMISSION <= kind <= SegmentKind.RETRANSMISSION)  # fmt: skip


def agree(kind: int, spurious: int, label: Label) -> bool:
    """Return whether a kind of ours and a label of Wireshark's say the same about a segment."""
    known = SegmentKind(kind)
    if label is Label.SPURIOUS_RETRANSMISSION:
        return known in RETRANSMISSIONS and spurious == 1
    return label in AGREEING[known]
