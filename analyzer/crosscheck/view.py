"""What Wireshark's TCP analysis knows when it looks at a segment, and the label that its rules give then.

The rules are those of Wireshark 4.0, in our own words. Labels are always taken from tshark; this model only says which
rule stands behind one, and with which figures.
"""

from dataclasses import dataclass

from analyzer.crosscheck.labels import Label
from analyzer.crosscheck.tshark import Opinion
from reconstruct.segment import FIN, RST, SYN
from reconstruct.seq import UNKNOWN

FAST_NS = 20_000_000  # since the peer's last segment; a later one is no fast retransmission to Wireshark
FAST_DUP_ACKS = 2  # that a fast retransmission needs
REORDERED_NS = 3_000_000  # since the highest segment, where the handshake gave no round trip
_CONTROL = SYN | FIN | RST


@dataclass(frozen=True)
class Seen:
    """One segment, and what Wireshark kept of its stream before it.

    `seq`, `end` and `ack` are offsets, `window` as sent; `highest` is the highest end in this direction and
    `since_highest_ns` the time since it came; `own_*` and `peer_*` are of the last segment of this direction and of the
    other one; `UNKNOWN` where there was none.
    """

    seq: int
    end: int
    len: int
    ack: int
    flags: int
    window: int
    first_rtt_ns: int
    highest: int
    since_highest_ns: int
    own_ack: int
    own_window: int
    peer_highest: int
    peer_ack: int
    peer_window: int
    peer_dup_acks: int
    peer_label: Label
    peer_flags: int
    since_peer_ns: int

    @property
    def control(self) -> int:
        """Return the flags SYN, FIN and RST as far as they are set."""
        return self.flags & _CONTROL

    @property
    def sends(self) -> bool:
        """Return whether the segment takes up sequence numbers."""
        return self.len > 0 or self.flags & (SYN | FIN) != 0

    @property
    def repeats_numbers(self) -> bool:
        """Return whether it has no text, and SEQ and ACK are those of the segment before in this direction."""
        return self.len == 0 and not self.control and self.seq == self.highest and self.ack == self.own_ack

    @property
    def goes_back(self) -> bool:
        """Return whether it takes up numbers below the highest end."""
        return self.sends and self.highest != UNKNOWN and self.seq < self.highest

    @property
    def is_acknowledged(self) -> bool:
        """Return whether the peer acknowledged all of it before."""
        return self.len > 0 and self.peer_ack != UNKNOWN and self.end <= self.peer_ack

    @property
    def reorder_limit_ns(self) -> int:
        """Return the age of the highest segment up to which a lower one is out of order."""
        return self.first_rtt_ns if self.first_rtt_ns > 0 else REORDERED_NS

    @property
    def is_soon(self) -> bool:
        """Return whether the highest segment came so recently that this one can be out of order."""
        return self.since_highest_ns < self.reorder_limit_ns

    @property
    def is_fast(self) -> bool:
        """Return whether it can be a fast retransmission."""
        asked = self.peer_dup_acks >= FAST_DUP_ACKS and self.peer_ack == self.seq
        return asked and self.since_peer_ns < FAST_NS


def by_the_rules(seen: Seen) -> Label:
    """Return the label that the rules give."""
    if seen.len == 1 and seen.seq == seen.highest and seen.peer_window == 0:
        return Label.ZERO_WINDOW_PROBE
    if seen.len <= 1 and not seen.control and seen.highest != UNKNOWN and seen.seq == seen.highest - 1:
        return Label.KEEP_ALIVE
    if seen.goes_back:
        return _of_old_numbers(seen)
    return _of_repeated_numbers(seen) if seen.repeats_numbers else Label.NONE


def _of_repeated_numbers(seen: Seen) -> Label:
    """Return the label of an acknowledgment that repeats the one before."""
    if seen.window != seen.own_window:
        return Label.WINDOW_UPDATE if seen.window else Label.NONE
    if seen.window and seen.peer_label is Label.KEEP_ALIVE:
        return Label.KEEP_ALIVE_ACK
    if seen.window == 0:
        return Label.ZERO_WINDOW_PROBE_ACK if seen.peer_label is Label.ZERO_WINDOW_PROBE else Label.NONE
    return Label.DUPLICATE_ACK


def _of_old_numbers(seen: Seen) -> Label:
    """Return the label of a segment that starts below the highest end."""
    if seen.is_acknowledged:
        return Label.SPURIOUS_RETRANSMISSION
    if seen.len > 1 and seen.seq == seen.highest - 1:
        return Label.NONE  # the byte before may have been a probe
    if seen.is_fast:
        return Label.FAST_RETRANSMISSION
    if seen.is_soon and seen.end != seen.highest:
        return Label.OUT_OF_ORDER
    return Label.RETRANSMISSION


class _Direction:
    """What Wireshark keeps of one direction of a stream."""

    def __init__(self) -> None:
        self.highest = self.highest_ns = UNKNOWN
        self.ack = self.window = self.time_ns = UNKNOWN
        self.dup_acks = self.flags = 0
        self.label = Label.NONE


class StreamView:
    """Both directions of one connection as Wireshark follows them."""

    def __init__(self) -> None:
        """Begin before the first segment."""
        self._directions = (_Direction(), _Direction())

    def look(self, row: dict[str, int], opinion: Opinion) -> Seen:
        """Return what is known at a segment, and take it in; `row` is ours, `opinion` tshark's."""
        own, peer = self._directions[row["sender"]], self._directions[1 - row["sender"]]
        time_ns, flags = row["time_ns"], row["flags"]
        end = row["seq"] + opinion.len + (1 if flags & (SYN | FIN) else 0)
        seen = Seen(
            row["seq"], end, opinion.len, row["ack"], flags, opinion.window, opinion.first_rtt_ns, own.highest,
            _since(time_ns, own.highest_ns), own.ack, own.window, peer.highest, peer.ack, peer.window,
            peer.dup_acks, peer.label, peer.flags, _since(time_ns, peer.time_ns),
        )  # fmt: skip
        if end > own.highest and opinion.label is not Label.ZERO_WINDOW_PROBE:
            own.highest, own.highest_ns = end, time_ns
        if row["ack"] != own.ack:
            own.dup_acks = 0
        elif opinion.label is Label.DUPLICATE_ACK:
            own.dup_acks += 1
        own.ack, own.window, own.flags, own.label = row["ack"], opinion.window, flags, opinion.label
        own.time_ns = time_ns
        return seen


def _since(time_ns: int, then_ns: int) -> int:
    """Return the time since then, `UNKNOWN` where nothing was then."""
    return UNKNOWN if then_ns == UNKNOWN else time_ns - then_ns
