"""The rows of windows of one sender, in its own order."""

import analyzer
from analyzer import rows
from analyzer.congestion.windows import busier, is_rebuilt, own_windows
from reconstruct.vocabulary import SegmentKind, Sender
from tests.analyzer.congestion.stories import TRUTH


def test_at_the_sender_all_of_its_rows_are_its_own() -> None:
    analysis = analyzer.analyze(TRUTH / "tail-loss-tlp-1" / "sender.pcap.xz")
    assert not is_rebuilt(analysis, 0, Sender.CLIENT)
    found = [row["frame"] for row in own_windows(analysis, 0, Sender.CLIENT)]
    table = analysis.windows(0)
    assert found == list(table[table["sender"] == "client"]["frame"])


def test_elsewhere_only_the_rows_of_what_it_sent_in_order_are() -> None:
    analysis = analyzer.analyze(TRUTH / "reordering-2" / "receiver.pcap.xz")
    sender = busier(analysis, 0)
    assert is_rebuilt(analysis, 0, sender)
    kinds = {row["frame"]: row for row in rows.raw_rows(analysis.segment_rows(0))}
    told = [kinds[row["frame"]] for row in own_windows(analysis, 0, sender)]
    assert {row["sender"] for row in told} == {sender}
    assert SegmentKind.OUT_OF_ORDER not in {row["kind"] for row in told}


def test_the_busier_end_is_that_which_sent_more() -> None:
    assert busier(analyzer.analyze(TRUTH / "tail-loss-tlp-1" / "sender.pcap.xz"), 0) is Sender.CLIENT
