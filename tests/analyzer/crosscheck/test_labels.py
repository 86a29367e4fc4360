"""Which labels of Wireshark's say the same as a kind of ours."""

import pytest

from analyzer.crosscheck.labels import AGREEING, FLAGS, Label, Mark, agree
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind


def test_every_kind_is_in_the_table() -> None:
    assert set(AGREEING) == set(SegmentKind)


def test_fields_are_those_of_display_filters() -> None:
    assert Label.FAST_RETRANSMISSION.field == "tcp.analysis.fast_retransmission"
    assert Mark.ACK_LOST_SEGMENT.field == "tcp.analysis.ack_lost_segment"
    assert Label.DUPLICATE_ACK.text == "duplicate-ack"


def test_the_finer_flag_comes_before_the_plain_one() -> None:
    # tshark sets `retransmission` beside each of these.
    plain = FLAGS.index(Label.RETRANSMISSION)
    assert FLAGS.index(Label.FAST_RETRANSMISSION) < plain
    assert FLAGS.index(Label.SPURIOUS_RETRANSMISSION) < plain


@pytest.mark.parametrize(
    ("kind", "spurious", "label", "same"),
    [
        (SegmentKind.RTO_RETRANSMISSION, 0, Label.RETRANSMISSION, True),
        (SegmentKind.RTO_RETRANSMISSION, 1, Label.RETRANSMISSION, True),
        (SegmentKind.RTO_RETRANSMISSION, 0, Label.FAST_RETRANSMISSION, False),
        (SegmentKind.FAST_RETRANSMISSION, 0, Label.RETRANSMISSION, False),
        (SegmentKind.NEW, UNKNOWN, Label.NONE, True),
        (SegmentKind.NEW, UNKNOWN, Label.RETRANSMISSION, False),
        (SegmentKind.NETWORK_DUPLICATE, UNKNOWN, Label.NONE, False),
    ],
)
def test_kinds_that_tshark_cannot_tell_apart_agree_with_what_it_calls_them(
    kind: SegmentKind, spurious: int, label: Label, same: bool
) -> None:
    assert agree(kind, spurious, label) is same


def test_spurious_needs_a_retransmission_that_was_proven_unneeded() -> None:
    assert agree(SegmentKind.FAST_RETRANSMISSION, 1, Label.SPURIOUS_RETRANSMISSION)
    assert not agree(SegmentKind.FAST_RETRANSMISSION, 0, Label.SPURIOUS_RETRANSMISSION)
    assert not agree(SegmentKind.NEW, 1, Label.SPURIOUS_RETRANSMISSION)
