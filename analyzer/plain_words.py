"""What a segment is in plain words: one sentence about what its sender did."""

import re

from analyzer import rows
from analyzer.terminal import units
from reconstruct.rules import Rule
from reconstruct.segment import FIN, SYN
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, SegmentKind, Sender

Row = dict[str, int]
_NANOSECONDS = re.compile(r"\b(\d+) ns\b")

# {who} sent it to {peer}; {what} are its bytes in words, {ack} the number that it acknowledges, {window} the window.
_SENTENCES = {
    SegmentKind.NEW: "The {who} sends {what}, for the first time.",
    SegmentKind.ACK: "The {who} acknowledges what came before {ack}.",
    SegmentKind.DUP_ACK: "The {who} repeats that it waits for {ack}: something arrived twice, or does not continue "
    "what it has.",
    SegmentKind.WINDOW_UPDATE: "The {who} offers a window of {window} now. It acknowledges nothing new.",
    SegmentKind.KEEP_ALIVE: "The {who} asks whether the {peer} is still there: a keep-alive.",
    SegmentKind.KEEP_ALIVE_ACK: "The {who} answers a keep-alive: it is still there.",
    SegmentKind.ZERO_WINDOW_PROBE: "The {who} asks whether the {peer} has room again: a probe of its closed window.",
    SegmentKind.ZERO_WINDOW_PROBE_ACK: "The {who} answers a probe of its window, which is {window}.",
    SegmentKind.FAST_RETRANSMISSION: "The {who} sends {what} again, before its timer ran out: it takes acknowledgments "
    "that came meanwhile for the sign of a loss. This begins a recovery.",
    SegmentKind.RECOVERY_RETRANSMISSION: "The {who} sends {what} again, as a part of the recovery that it is in.",
    SegmentKind.RTO_RETRANSMISSION: "The {who} sends {what} again because its retransmission timer ran out.",
    SegmentKind.SLOW_START_RETRANSMISSION: "The {who} sends {what} again. Its timer ran out before, and it goes on "
    "with what was in flight then.",
    SegmentKind.TAIL_LOSS_PROBE: "The {who} sends {what} again to learn whether the end of its data arrived: a tail "
    "loss probe.",
    SegmentKind.SYN_RETRANSMISSION: "The {who} repeats its {what}: nobody has answered it yet, or the answer was lost.",
    SegmentKind.RETRANSMISSION: "The {who} sends {what} again; the capture does not show why.",
    SegmentKind.OUT_OF_ORDER: "{What} of the {who}, sent in order, came here after bytes that were sent later: the "
    "path changed the order.",
    SegmentKind.NETWORK_DUPLICATE: "A copy of {what} of the {who} that the path or the capture made: it was sent once.",
    SegmentKind.CHALLENGE_ACK: "The {who} tells where it stands, because it got a segment that it cannot take.",
    SegmentKind.RST: "The {who} resets the connection.",
    SegmentKind.INVALID: "The {peer} must not take this segment of the {who}.",
}


def sentence(row: Row) -> str:
    """Return what the sender of a segment did."""
    kind = SegmentKind(row["kind"])
    sender, peer = Sender(row["sender"]).text, Sender(1 - row["sender"]).text
    if row["rule"] == Rule.SYN:
        return f"The {sender} asks to open the connection{_with_data(row)}."
    if row["rule"] == Rule.SYN_ACK:
        return f"The {sender} accepts the connection{_with_data(row)}."
    what = _bytes(row)
    window = units.size(row["window"]) if row["window"] != UNKNOWN else "unknown size"
    text = _SENTENCES[kind].format(
        who=sender, peer=peer, what=what, What=what[0].upper() + what[1:], ack=row["ack"], window=window
    )
    if kind is SegmentKind.ACK and row["ack"] == UNKNOWN:
        return f"The {sender} sends neither data nor an acknowledgment."
    return text


def _with_data(row: Row) -> str:
    """Return what a SYN carries."""
    return f", with {units.counted(row['len'], 'byte')} of data" if row["len"] else ""


def _bytes(row: Row) -> str:
    """Return what a segment carries, in words."""
    flags = row["flags"]
    if flags & SYN:
        return "SYN,ACK" if row["ack"] != UNKNOWN else "SYN"
    first, stop = row["seq"], row["seq"] + row["len"]
    if not row["len"]:
        return "its FIN" if flags & FIN else "nothing"
    text = f"byte {first}" if row["len"] == 1 else f"bytes {first} to {stop - 1}"
    return f"{text} and its FIN" if flags & FIN else text


def reason(row: Row) -> str:
    """Return the rule with its figures, spans of time in the unit that fits them."""
    told = rows.reason_text(row["rule"], row["figure_a"], row["figure_b"]) or ""
    return _NANOSECONDS.sub(lambda found: units.span(int(found[1])), told)


def event_words(event: Row) -> str:
    """Return an event with its details in words."""
    detail = rows.event_detail(event["event"], event["a"], event["b"], event["c"])
    words = []
    for key, value in detail.items():
        if isinstance(value, float) and key.endswith("_ms"):
            words.append(f"{key.removesuffix('_ms')} {units.span(round(value * units.NS_PER_MS))}")
        elif value is not None:
            words.append(f"{key.replace('_', ' ')} {value}")
    told = f" ({', '.join(words)})" if words else ""
    return f"{Sender(event['sender']).text}: {EventKind(event['event']).text}{told}"
