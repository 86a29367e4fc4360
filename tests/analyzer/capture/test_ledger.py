"""The ledger: every reason has words, every skipped packet is counted under one."""

from analyzer.capture.ledger import Ledger, Skip, Skipped


def test_every_reason_has_words_of_its_own() -> None:
    texts = [skip.text for skip in Skip]
    assert all(texts)
    assert len(set(texts)) == len(texts)


def test_an_empty_ledger_has_no_rows() -> None:
    assert Ledger().rows() == []


def test_a_reason_has_its_count_and_its_first_frame() -> None:
    ledger = Ledger()
    for frame in (3, 7, 9):
        ledger.add(Skip.UDP, frame)
    assert ledger.rows() == [Skipped("UDP", 3, 3)]
    assert ledger.count(Skip.UDP) == 3
    assert ledger.count(Skip.ICMP) == 0


def test_several_packets_are_counted_at_once() -> None:
    ledger = Ledger()
    ledger.add(Skip.LATE, 5, 40)
    ledger.add(Skip.LATE, 90, 2)
    assert ledger.rows() == [Skipped(Skip.LATE.text, 42, 5)]


def test_rows_come_with_the_most_frequent_first_and_then_by_frame() -> None:
    ledger = Ledger()
    for frame, skip in enumerate([Skip.ICMP, Skip.UDP, Skip.NOT_IP, Skip.UDP], start=1):
        ledger.add(skip, frame)
    assert [(row.reason, row.count, row.first_frame) for row in ledger.rows()] == [
        (Skip.UDP.text, 2, 2),
        (Skip.ICMP.text, 1, 1),
        (Skip.NOT_IP.text, 1, 3),
    ]
