"""What a segment is, in one sentence."""

import pytest

from analyzer.plain_words import event_words, reason, sentence
from reconstruct.rules import Rule
from reconstruct.segment import ACK, FIN, SYN
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import EventKind, SegmentKind, Sender

K = SegmentKind
MS = 1_000_000  # ns


def row(kind: SegmentKind, **changes: int) -> dict[str, int]:
    """Return a segment of the client: 100 bytes from 1 on."""
    usual = {"kind": kind, "sender": Sender.CLIENT, "seq": 1, "len": 100, "ack": 51, "flags": ACK, "window": 64_000}
    return usual | {"rule": Rule.NEW_DATA, "figure_a": UNKNOWN, "figure_b": UNKNOWN} | changes


@pytest.mark.parametrize("kind", SegmentKind)
def test_every_kind_has_a_sentence_that_names_its_sender(kind: SegmentKind) -> None:
    told = sentence(row(kind))
    assert "client" in told
    assert "{" not in told
    assert told.endswith(".")


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        (row(K.NEW), "The client sends bytes 1 to 100, for the first time."),
        (row(K.NEW, len=1), "sends byte 1,"),
        (row(K.NEW, flags=FIN | ACK), "sends bytes 1 to 100 and its FIN,"),
        (row(K.NEW, flags=FIN | ACK, len=0), "sends its FIN,"),
        (row(K.NEW, rule=Rule.SYN, flags=SYN, len=0, ack=UNKNOWN), "The client asks to open the connection."),
        (row(K.NEW, rule=Rule.SYN_ACK, flags=SYN | ACK), "accepts the connection, with 100 bytes of data."),
        (row(K.SYN_RETRANSMISSION, flags=SYN, ack=UNKNOWN), "repeats its SYN:"),
        (row(K.SYN_RETRANSMISSION, flags=SYN | ACK), "repeats its SYN,ACK:"),
        (row(K.OUT_OF_ORDER), "Bytes 1 to 100 of the client, sent in order,"),
        (row(K.ACK, len=0, ack=UNKNOWN), "sends neither data nor an acknowledgment."),
        (row(K.WINDOW_UPDATE, window=UNKNOWN), "offers a window of unknown size now"),
        (row(K.INVALID, sender=Sender.SERVER), "The client must not take this segment of the server."),
    ],
)
def test_the_sentence_says_what_was_sent(segment: dict[str, int], words: str) -> None:
    assert words in sentence(segment)


def test_spans_in_a_reason_have_the_unit_that_fits() -> None:
    timer = row(K.RTO_RETRANSMISSION, rule=Rule.TIMEOUT, figure_a=301 * MS, figure_b=204 * MS)
    assert reason(timer) == "at SND.UNA, 301 ms after the last progress; the timeout is 204 ms (RFC 6298 5.4)"


def test_an_event_is_told_with_its_details() -> None:
    event = {"sender": Sender.SERVER, "event": EventKind.RTO, "a": 2, "b": 408 * MS, "c": UNKNOWN}
    assert event_words(event) == "server: rto (backoff 2, waited 408 ms)"
    undo = {"sender": Sender.CLIENT, "event": EventKind.UNDO, "a": UNKNOWN, "b": UNKNOWN, "c": UNKNOWN}
    assert event_words(undo) == "client: undo"
