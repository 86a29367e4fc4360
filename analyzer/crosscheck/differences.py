"""The known differences between tcpscope's kinds and Wireshark's labels: a table of mechanisms, the first that holds.

Each has a condition that can be checked at the segment itself. A difference that meets none of them is `NOT_EXPLAINED`.
The page docs/differences.md is made from the same table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from analyzer.crosscheck.labels import Label, Mark
from analyzer.crosscheck.pair import Pair
from analyzer.crosscheck.view import FAST_DUP_ACKS, FAST_NS
from reconstruct.rules import Rule
from reconstruct.segment import RST
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind

LOST_COPIES = (Rule.SKIPPED, Rule.SENT_BEFORE, Rule.LATE_FIN)


@dataclass(frozen=True)
class Difference:
    """One mechanism: when it holds, what Wireshark does there, what tcpscope does, and a figure that shows it."""

    name: str
    wireshark: str
    tcpscope: str
    holds: Callable[[Pair], bool]


def _any(pair: Pair) -> bool:
    """Hold for whatever comes here."""
    return True


def _is(kind: SegmentKind, *labels: Label) -> Callable[[Pair], bool]:
    """Return the condition of a kind of ours beside one of these labels."""
    return lambda pair: pair.kind is kind and pair.label in labels


def _other_numbers(pair: Pair) -> bool:
    """Return whether SEQ or ACK are not those that Wireshark compares with."""
    return pair.seen.seq != pair.seen.highest or pair.seen.ack != pair.seen.own_ack


def _late(pair: Pair) -> bool:
    """Return whether only the time since the peer's last segment keeps it from being fast."""
    seen = pair.seen
    return seen.peer_dup_acks >= FAST_DUP_ACKS and seen.peer_ack == seen.seq and seen.since_peer_ns >= FAST_NS


def _of_a_probe(pair: Pair) -> bool:
    """Return whether a retransmission looks like new data because of the byte of a probe."""
    seen = pair.seen
    below = seen.len > 1 and seen.seq == seen.highest - 1
    return pair.label is Label.NONE and pair.resent and (below or (pair.notes.probed and seen.seq >= seen.highest))


def _fast_but_plain(pair: Pair) -> bool:
    """Return whether a fast retransmission of ours is a plain one of Wireshark's."""
    return pair.kind is SegmentKind.FAST_RETRANSMISSION and pair.label is Label.RETRANSMISSION


LABELS = (
    Difference(
        "several TCP headers",
        "analyses every TCP header of a frame, also one that is quoted or tunnelled",
        "replays the innermost segment that a host received",
        lambda pair: len(pair.opinion.streams) > 1,
    ),
    Difference(
        "length",
        "takes the frame's or PPPoE's length where that is smaller than the IP header's, so that later numbers do not "
        "continue earlier ones",
        "takes the length of the IP header",
        lambda pair: pair.other_length,
    ),
    Difference(
        "tenants of one address",
        "counts connections of several virtual networks with the same addresses and ports as one stream",
        "keeps them apart where their numbers do not fit one connection",
        lambda pair: len(pair.notes.flows) > 1,
    ),
    Difference(
        "not acceptable",
        "labels by the numbers alone, whether or not a receiver would accept the segment",
        "calls it `invalid` with the rule that it breaks: the receiver drops it",
        lambda pair: pair.kind is SegmentKind.INVALID,
    ),
    Difference(
        "copy on the way",
        "has no word for it: a copy that the path or the capture made counts as a retransmission, or as a keep-alive "
        "where it has one byte",
        "tells a copy by its IP-ID, its TSval, or because no timer is that short: the sender sent it once",
        lambda pair: pair.kind is SegmentKind.NETWORK_DUPLICATE,
    ),
    Difference(
        "Linux's zero-window probe",
        "knows probes of one byte at SND.NXT only; Linux's has no bytes and is one below, so that it looks like a "
        "keep-alive",
        "knows both: while the window is closed it is a probe",
        _is(SegmentKind.ZERO_WINDOW_PROBE, Label.KEEP_ALIVE),
    ),
    Difference(
        "answer to a probe",
        "calls an answer so only directly after a segment that it called a probe, with the same window",
        "remembers what the end was asked: Linux's probes are answered too, and other windows are answers",
        lambda pair: pair.kind is SegmentKind.ZERO_WINDOW_PROBE_ACK,
    ),
    Difference(
        "answer to a keep-alive",
        "calls an answer so only directly after the keep-alive, with the same window",
        "remembers what the end was asked; the window may differ",
        lambda pair: pair.kind is SegmentKind.KEEP_ALIVE_ACK,
    ),
    Difference(
        "answer that came too soon",
        "calls every repeated acknowledgment directly after a keep-alive its answer",
        "asks whether a round trip has passed: one that was on its way already is no answer",
        lambda pair: pair.label is Label.KEEP_ALIVE_ACK,
    ),
    Difference(
        "keep-alive of a byte before the capture",
        "knows the bytes that it saw; the byte before a keep-alive is not among them",
        "takes the peer's acknowledgment as proof that the byte was sent",
        lambda pair: pair.kind is SegmentKind.KEEP_ALIVE and pair.seen.seq >= pair.seen.highest,
    ),
    Difference(
        "last byte sent again",
        "calls every segment of one byte below the highest number a keep-alive, whether that byte was acknowledged or "
        "not",
        "calls it a keep-alive where the byte was acknowledged, else a retransmission",
        lambda pair: pair.label is Label.KEEP_ALIVE and (pair.resent or pair.kind is SegmentKind.ZERO_WINDOW_PROBE),
    ),
    Difference(
        "window of a reset",
        "takes the window field of a RST, which is 0, so that the next byte looks like a probe",
        "takes no window from a RST",
        lambda pair: pair.label is Label.ZERO_WINDOW_PROBE and bool(pair.seen.peer_flags & RST),
    ),
    Difference(
        "unknown window scale",
        "takes windows as they stand in the segments where the handshake was not captured",
        "says nothing about windows whose scale is unknown, so that a window of 0 closes nothing",
        lambda pair: pair.notes.scale_unknown and 0 in (pair.seen.peer_window, pair.opinion.window),
    ),
    Difference(
        "acknowledged at the tap",
        "calls a retransmission spurious where the capture holds an acknowledgment of it before; the sender may not "
        "have had that yet, or it was lost",
        "calls one spurious where a D-SACK, an echoed timestamp, or an answer that came too soon proves it",
        lambda pair: pair.label is Label.SPURIOUS_RETRANSMISSION and pair.seen.is_acknowledged,
    ),
    Difference(
        "fast within 20 ms",
        "calls every segment fast that starts at the acknowledged number, after two duplicate acknowledgments and less "
        "than 20 ms after the peer's last segment",
        "asks a model of the sender: timers, recovery, and segments that the path reordered come to the same place",
        lambda pair: pair.label is Label.FAST_RETRANSMISSION and pair.seen.is_fast,
    ),
    Difference(
        "fast after more than 20 ms",
        "calls none fast that comes 20 ms or more after the peer's last segment, as at a tap near the receiver",
        "knows where the capture was taken, and adds the way to the sender and back",
        lambda pair: _fast_but_plain(pair) and _late(pair),
    ),
    Difference(
        "fast without two duplicate acknowledgments",
        "asks for two duplicate acknowledgments without a changed window, with no other segment of the peer in between",
        "counts what the sender counts: SACK blocks and RACK's order in time start recovery as well",
        lambda pair: _fast_but_plain(pair) and pair.seen.peer_dup_acks < FAST_DUP_ACKS,
    ),
    Difference(
        "fast above the acknowledged number",
        "asks that a fast retransmission starts at the last acknowledged number",
        "knows that SACK can ask for a hole further up",
        lambda pair: _fast_but_plain(pair) and pair.seen.peer_ack != pair.seen.seq,
    ),
    Difference(
        "out of order by time",
        "calls a lower segment out of order where the highest one came less than the handshake's round trip ago (3 ms "
        "where that is unknown), so that a retransmission amid new data is one",
        "asks whether it was sent before or again: TSval, IP-ID, and what the acknowledgments asked for",
        lambda pair: pair.resent and pair.label is Label.OUT_OF_ORDER and pair.seen.is_soon,
    ),
    Difference(
        "out of order by proof",
        "calls a lower segment a retransmission where the highest one came longer than the handshake's round trip ago, "
        "or ends where that one does",
        "sees by TSval or IP-ID that it was sent before what came first, or that no sender can have been that fast",
        lambda pair: pair.kind is SegmentKind.OUT_OF_ORDER and pair.label is Label.RETRANSMISSION,
    ),
    Difference(
        "SACK with another window",
        "calls an acknowledgment a window update where the window differs from the last one, SACK blocks or not",
        "calls it a duplicate acknowledgment: it reports what arrived out of order",
        lambda pair: pair.kind is SegmentKind.DUP_ACK and pair.label is Label.WINDOW_UPDATE,
    ),
    Difference(
        "nothing outstanding",
        "calls every acknowledgment that repeats the one before a duplicate, also where nothing can have been lost",
        "asks for data in flight, as RFC 5681 (2) does; else the acknowledgment is one that was repeated",
        lambda pair: pair.kind is SegmentKind.ACK and pair.label is Label.DUPLICATE_ACK,
    ),
    Difference(
        "challenge",
        "has no word for it: the acknowledgment repeats the one before",
        "knows that it answers a segment which was not acceptable (RFC 5961)",
        lambda pair: pair.kind is SegmentKind.CHALLENGE_ACK,
    ),
    Difference(
        "duplicate of a closed window",
        "calls no acknowledgment with a window of 0 a duplicate",
        "does: it is one by its number and what is outstanding",
        lambda pair: pair.kind is SegmentKind.DUP_ACK and pair.opinion.window == 0,
    ),
    Difference(
        "compared with the last segment",
        "compares SEQ, ACK and window with those of the last segment of that end, and SEQ with the highest",
        "compares with the highest acknowledgment, whatever older segments came in between",
        lambda pair: pair.kind in (SegmentKind.DUP_ACK, SegmentKind.WINDOW_UPDATE) and _other_numbers(pair),
    ),
    Difference(
        "lost before the tap",
        "sees nothing special in a segment with new numbers",
        "sees by the IP-ID, by a SND.NXT told or by a timer that it was sent before: a retransmission of what was lost",
        lambda pair: pair.rule in LOST_COPIES or (pair.rule is Rule.IN_LOSS and pair.label is Label.NONE),
    ),
    Difference(
        "byte of a probe",
        "takes a segment that starts one below the highest number for new data, and does not count the byte of a probe",
        "compares with what was sent, probes too",
        _of_a_probe,
    ),
    Difference(
        "MPTCP",
        "does not count an acknowledgment as a duplicate where the MPTCP options changed (RFC 8684 4)",
        "counts what TCP counts",
        lambda pair: pair.kind is SegmentKind.DUP_ACK and pair.label is Label.NONE and pair.opinion.mptcp,
    ),
    Difference(
        "simultaneous open",
        "calls a SYN,ACK after the same end's SYN a retransmission",
        "knows that it answers the peer's SYN with the number of its own (RFC 9293 3.5)",
        lambda pair: pair.rule is Rule.SYN_ACK and pair.label is Label.RETRANSMISSION,
    ),
    Difference(
        "SYN after the end",
        "takes a SYN with the number of the connection before for a retransmission",
        "knows that this connection was closed: the SYN opens another one",
        lambda pair: pair.rule is Rule.SYN and pair.label is Label.RETRANSMISSION,
    ),
    Difference(
        "SYN,ACK with another number",
        "restarts that end's numbers at each SYN,ACK with another number, and compares with whichever came last",
        "keeps the number that the client acknowledged",
        lambda pair: pair.notes.reused,
    ),
    Difference(
        "length before",
        "took another length earlier in this stream, and compares with numbers that come from it",
        "takes the length of the IP header",
        lambda pair: pair.notes.lengths_differ,
    ),
)

_OF_ALL_MARKS = tuple(
    known
    for known in LABELS
    if known.name in ("several TCP headers", "length", "tenants of one address", "not acceptable")
)
_UNKNOWN_SCALE = next(known for known in LABELS if known.name == "unknown window scale")
_LOST_BEFORE_TAP = next(known for known in LABELS if known.name == "lost before the tap")
_AT_LAST = tuple(known for known in LABELS if known.name in ("SYN,ACK with another number", "length before"))
_FULL_BY_EQUALITY = Difference(
    "window full to the byte",
    "calls a window full where a segment ends exactly at the last acknowledgment plus the last window",
    "notes `window-full` where the sender is held: what is left of the window has no room for the next segment",
    lambda pair: pair.opinion.len > 0,
)
_GAP_BEFORE_ACK = Difference(
    "gap before an acknowledgment",
    "marks the first segment beyond what it saw, also one without text",
    "tells a gap at the first text beyond it; what the peer acknowledged of it is a `capture-gap`",
    lambda pair: pair.opinion.len == 0,
)
_GAP_ACKNOWLEDGED = Difference(
    "gap that was acknowledged",
    "marks the first segment beyond what it saw, also where an acknowledgment covered the gap before",
    "told the gap at that acknowledgment, as `capture-gap`, and goes on from there",
    lambda pair: pair.notes.gap,
)
_BYTE_OF_PROBE = Difference(
    "byte of a probe",
    "does not count the byte of what it took for a probe, and misses it later",
    "compares with what was sent, probes too",
    lambda pair: pair.notes.probed,
)
_GAP_TOLD_BEFORE = Difference(
    "gap that was told before",
    "has marked an acknowledgment at this number already, or had seen nothing of this end",
    "tells a gap at the first text beyond it, also where only the peer's acknowledgment shows that there was something",
    lambda pair: pair.notes.gap or pair.seen.highest == UNKNOWN,
)
_EDGE_STAYS = Difference(
    "edge that stays behind",
    "compares with the end of what it saw in order, which stays behind a gap or an overlap: later acknowledgments are "
    "marked too",
    "tells the missing bytes once, at the acknowledgment that covers them",
    lambda pair: pair.notes.gap or pair.notes.overlap,
)
_EVERY_JUMP = Difference(
    "bytes missed again",
    "marks one acknowledgment and then compares with the highest number that it saw",
    "tells every acknowledgment that covers bytes which were not captured, with their number",
    lambda pair: pair.notes.gap or pair.seen.peer_highest == UNKNOWN or pair.seen.ack > pair.seen.peer_highest,
)
# By the mark, and whether it is tshark that has it.
MARKS: dict[tuple[Mark, bool], tuple[Difference, ...]] = {
    (Mark.ZERO_WINDOW, True): (_UNKNOWN_SCALE,),
    (Mark.ZERO_WINDOW, False): (),
    (Mark.WINDOW_FULL, True): (_FULL_BY_EQUALITY,),
    (Mark.WINDOW_FULL, False): (_FULL_BY_EQUALITY,),
    (Mark.LOST_SEGMENT, True): (_GAP_BEFORE_ACK, _BYTE_OF_PROBE, _LOST_BEFORE_TAP, _GAP_ACKNOWLEDGED),
    (Mark.LOST_SEGMENT, False): (_GAP_TOLD_BEFORE,),
    (Mark.ACK_LOST_SEGMENT, True): (_EDGE_STAYS,),
    (Mark.ACK_LOST_SEGMENT, False): (_EVERY_JUMP,),
}
NOT_EXPLAINED = Difference(
    "not explained", "says otherwise, by no rule that is listed here", "stands by its own rule", _any
)


def reason_of(pair: Pair) -> Difference:
    """Return the mechanism behind the difference of a pair's labels."""
    return next((known for known in LABELS if known.holds(pair)), NOT_EXPLAINED)


def reason_of_mark(pair: Pair, mark: Mark) -> Difference:
    """Return the mechanism behind a mark that one of the tools has and the other has not."""
    known = (*_OF_ALL_MARKS, *MARKS[mark, mark in pair.opinion.marks], *_AT_LAST)
    return next((each for each in known if each.holds(pair)), NOT_EXPLAINED)


def documented() -> list[Difference]:
    """Return every mechanism once, in the order in which they are asked."""
    marks = [each for listed in MARKS.values() for each in listed]
    return list(dict.fromkeys([*LABELS, *marks]))
