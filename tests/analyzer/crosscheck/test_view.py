"""What Wireshark knows at a segment: the rules in our words give tshark's labels."""

from pathlib import Path

import pytest

from analyzer.crosscheck.labels import Label
from analyzer.crosscheck.view import Seen, StreamView, by_the_rules
from reconstruct.segment import ACK, FIN, SYN
from reconstruct.seq import UNKNOWN
from tests.analyzer.crosscheck.comparing import opinion, pairs
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES

MS = 1_000_000  # ns
NAMES = [
    "window/zero-window.pcap", "window/probes-of-one-byte.pcap", "keep-alive/answered.pcap", "loss/reordering.pcap",
    "loss/duplication.pcap", "loss/timeout-then-loss-state.pcap", "loss/without-sack.pcap",
    "sequence/wrap-mid-transfer.pcap", "ports/reused-after-reset.pcap", "vantage/server.pcap",
]  # fmt: skip


def seen(**changes: int | Label) -> Seen:
    """Return a segment of 100 bytes at the next number, acknowledged up to there, 30 ms after the peer's last one."""
    usual: dict[str, int | Label] = {
        "seq": 1000, "end": 1100, "len": 100, "ack": 1, "flags": ACK, "window": 500, "first_rtt_ns": 30 * MS,
        "highest": 1000, "since_highest_ns": 40 * MS, "own_ack": 1, "own_window": 500, "peer_highest": 1,
        "peer_ack": 1000, "peer_window": 500, "peer_dup_acks": 0, "peer_label": Label.NONE, "peer_flags": ACK,
        "since_peer_ns": 30 * MS,
    }  # fmt: skip
    return Seen(**(usual | changes))  # type: ignore[arg-type] # made by name


AGAIN = {"highest": 2000, "seq": 1000, "end": 1100}
PLAIN_ACK = {"len": 0, "end": 1000}


@needs_tshark
@pytest.mark.parametrize("name", NAMES)
def test_the_rules_give_the_labels_of_tshark(name: str) -> None:
    both = pairs(FIXTURES / Path(name))
    assert [pair.row["frame"] for pair in both if by_the_rules(pair.seen) is not pair.label] == []


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({}, Label.NONE),
        ({"len": 1, "end": 1001, "peer_window": 0}, Label.ZERO_WINDOW_PROBE),
        ({"len": 1, "end": 1001}, Label.NONE),
        ({"len": 0, "seq": 999, "end": 999}, Label.KEEP_ALIVE),
        ({"len": 1, "seq": 999, "end": 1000}, Label.KEEP_ALIVE),
        ({"len": 0, "seq": 999, "end": 1000, "flags": FIN | ACK}, Label.RETRANSMISSION),
        (AGAIN | {"peer_ack": 1100}, Label.SPURIOUS_RETRANSMISSION),
        (AGAIN, Label.RETRANSMISSION),
        (AGAIN | {"since_highest_ns": 29 * MS}, Label.OUT_OF_ORDER),
        (AGAIN | {"since_highest_ns": 29 * MS, "end": 2000, "len": 1000}, Label.RETRANSMISSION),
        (AGAIN | {"since_highest_ns": 4 * MS, "first_rtt_ns": UNKNOWN}, Label.RETRANSMISSION),
        (AGAIN | {"peer_dup_acks": 2, "since_peer_ns": 19 * MS}, Label.FAST_RETRANSMISSION),
        (AGAIN | {"peer_dup_acks": 2, "since_peer_ns": 20 * MS}, Label.RETRANSMISSION),
        (AGAIN | {"peer_dup_acks": 1, "since_peer_ns": 19 * MS}, Label.RETRANSMISSION),
        (AGAIN | {"highest": 1001}, Label.NONE),
        (PLAIN_ACK, Label.DUPLICATE_ACK),
        (PLAIN_ACK | {"window": 600}, Label.WINDOW_UPDATE),
        (PLAIN_ACK | {"window": 0}, Label.NONE),
        (PLAIN_ACK | {"ack": 2}, Label.NONE),
        (PLAIN_ACK | {"peer_label": Label.KEEP_ALIVE}, Label.KEEP_ALIVE_ACK),
        (PLAIN_ACK | {"window": 0, "own_window": 0, "peer_label": Label.ZERO_WINDOW_PROBE},
         Label.ZERO_WINDOW_PROBE_ACK),
        ({"highest": UNKNOWN}, Label.NONE),
    ],
)  # fmt: skip
def test_each_rule_has_its_conditions(changes: dict[str, int | Label], label: Label) -> None:
    assert by_the_rules(seen(**changes)) is label


def row(frame: int, sender: int, seq: int, ack: int, at_ms: int = 0, flags: int = ACK) -> dict[str, int]:
    """Return the cells of a segment that the view reads."""
    return {"frame": frame, "sender": sender, "seq": seq, "ack": ack, "time_ns": at_ms * MS, "flags": flags}


def test_nothing_is_known_at_the_first_segment() -> None:
    first = StreamView().look(row(1, 0, 0, UNKNOWN, flags=SYN), opinion(1))
    assert (first.highest, first.peer_ack, first.since_peer_ns) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert first.end == 1  # the SYN counts


def test_duplicates_of_the_peer_are_counted_as_tshark_labels_them_until_the_number_moves() -> None:
    view = StreamView()
    view.look(row(1, 1, 1, 100), opinion(1))
    for frame in (2, 3):
        view.look(row(frame, 1, 1, 100), opinion(frame, Label.DUPLICATE_ACK))
    assert view.look(row(4, 0, 100, 1), opinion(4)).peer_dup_acks == 2
    view.look(row(5, 1, 1, 200), opinion(5))
    assert view.look(row(6, 0, 200, 1), opinion(6)).peer_dup_acks == 0


def test_the_byte_of_a_probe_moves_nothing() -> None:
    view = StreamView()
    view.look(row(1, 0, 1, 1), opinion(1, len=99))
    view.look(row(2, 0, 100, 1), opinion(2, Label.ZERO_WINDOW_PROBE, len=1))
    assert view.look(row(3, 0, 100, 1, at_ms=7), opinion(3, len=10)).highest == 100
