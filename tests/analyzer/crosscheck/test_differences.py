"""Every known difference has a condition, and holds in a capture that shows it."""

import pytest

from analyzer.crosscheck.differences import LABELS, MARKS, NOT_EXPLAINED, documented, reason_of, reason_of_mark
from analyzer.crosscheck.labels import Label, Mark
from analyzer.crosscheck.pair import Notes, Pair
from reconstruct.rules import Rule
from reconstruct.segment import ACK, RST
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import SegmentKind
from tests.analyzer.crosscheck.comparing import compared, mark_reasons, opinion, reasons
from tests.analyzer.crosscheck.test_view import seen
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES

MS = 1_000_000  # ns
K, R = SegmentKind, Rule
AGAIN = {"highest": 2000}
ASKED = AGAIN | {"peer_dup_acks": 2}
PLAIN_ACK = {"len": 0, "end": 1000}


def pair(
    kind: SegmentKind,
    label: Label,
    changes: dict[str, int | Label] | None = None,
    rule: Rule = Rule.NEW_DATA,
    notes: Notes | None = None,
    marks: frozenset[Mark] = frozenset(),
    theirs: tuple[Mark, ...] = (),
    **others: object,
) -> Pair:
    """Return a segment of 100 bytes that both tools have, with what differs from `seen()`."""
    at = seen(**(changes or {}))
    row = {"kind": kind, "rule": rule, "spurious": 0, "len": at.len, "window": at.window, "flags": at.flags}
    told = {"len": at.len, "window": at.window} | others
    return Pair(row, marks, opinion(1, label, *theirs, **told), at, notes or Notes(flows={0}))


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (pair(K.NEW, Label.NONE, streams=(3, 0)), "several TCP headers"),
        (pair(K.NEW, Label.DUPLICATE_ACK, len=0), "length"),
        (pair(K.NEW, Label.OUT_OF_ORDER, notes=Notes(flows={0, 1})), "tenants of one address"),
        (pair(K.INVALID, Label.RETRANSMISSION), "not acceptable"),
        (pair(K.NETWORK_DUPLICATE, Label.RETRANSMISSION), "copy on the way"),
        (pair(K.ZERO_WINDOW_PROBE, Label.KEEP_ALIVE), "Linux's zero-window probe"),
        (pair(K.ZERO_WINDOW_PROBE_ACK, Label.NONE), "answer to a probe"),
        (pair(K.KEEP_ALIVE_ACK, Label.DUPLICATE_ACK), "answer to a keep-alive"),
        (pair(K.ACK, Label.KEEP_ALIVE_ACK), "answer that came too soon"),
        (pair(K.KEEP_ALIVE, Label.DUPLICATE_ACK, PLAIN_ACK), "keep-alive of a byte before the capture"),
        (pair(K.RTO_RETRANSMISSION, Label.KEEP_ALIVE), "last byte sent again"),
        (pair(K.NEW, Label.ZERO_WINDOW_PROBE, {"peer_flags": RST | ACK}), "window of a reset"),
        (pair(K.NEW, Label.ZERO_WINDOW_PROBE, {"peer_window": 0}, notes=Notes(scale_unknown=True)),
         "unknown window scale"),
        (pair(K.RTO_RETRANSMISSION, Label.SPURIOUS_RETRANSMISSION, AGAIN | {"peer_ack": 1100}),
         "acknowledged at the tap"),
        (pair(K.RECOVERY_RETRANSMISSION, Label.FAST_RETRANSMISSION, ASKED | {"since_peer_ns": MS}),
         "fast within 20 ms"),
        (pair(K.FAST_RETRANSMISSION, Label.RETRANSMISSION, ASKED | {"since_peer_ns": 20 * MS}),
         "fast after more than 20 ms"),
        (pair(K.FAST_RETRANSMISSION, Label.RETRANSMISSION, AGAIN), "fast without two duplicate acknowledgments"),
        (pair(K.FAST_RETRANSMISSION, Label.RETRANSMISSION, ASKED | {"peer_ack": 900}),
         "fast above the acknowledged number"),
        (pair(K.RECOVERY_RETRANSMISSION, Label.OUT_OF_ORDER, AGAIN | {"since_highest_ns": MS}),
         "out of order by time"),
        (pair(K.OUT_OF_ORDER, Label.RETRANSMISSION, AGAIN), "out of order by proof"),
        (pair(K.DUP_ACK, Label.WINDOW_UPDATE, PLAIN_ACK), "SACK with another window"),
        (pair(K.ACK, Label.DUPLICATE_ACK, PLAIN_ACK), "nothing outstanding"),
        (pair(K.CHALLENGE_ACK, Label.DUPLICATE_ACK, PLAIN_ACK), "challenge"),
        (pair(K.DUP_ACK, Label.NONE, PLAIN_ACK | {"window": 0}), "duplicate of a closed window"),
        (pair(K.DUP_ACK, Label.NONE, PLAIN_ACK | {"own_ack": 2}), "compared with the last segment"),
        (pair(K.RTO_RETRANSMISSION, Label.NONE, rule=R.SKIPPED), "lost before the tap"),
        (pair(K.TAIL_LOSS_PROBE, Label.NONE, {"highest": 1001}), "byte of a probe"),
        (pair(K.TAIL_LOSS_PROBE, Label.NONE, notes=Notes(probed=True)), "byte of a probe"),
        (pair(K.DUP_ACK, Label.NONE, PLAIN_ACK, mptcp=True), "MPTCP"),
        (pair(K.NEW, Label.RETRANSMISSION, rule=R.SYN_ACK), "simultaneous open"),
        (pair(K.NEW, Label.RETRANSMISSION, rule=R.SYN), "SYN after the end"),
        (pair(K.NEW, Label.RETRANSMISSION, notes=Notes(reused=True)), "SYN,ACK with another number"),
        (pair(K.NEW, Label.RETRANSMISSION, notes=Notes(lengths_differ=True)), "length before"),
        (pair(K.NEW, Label.RETRANSMISSION), "not explained"),
        (pair(K.RTO_RETRANSMISSION, Label.FAST_RETRANSMISSION, AGAIN), "not explained"),
        (pair(K.RTO_RETRANSMISSION, Label.OUT_OF_ORDER, AGAIN), "not explained"),
        (pair(K.NEW, Label.ZERO_WINDOW_PROBE), "not explained"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_difference_of_labels_has_the_reason_whose_condition_holds(made: Pair, name: str) -> None:
    assert reason_of(made).name == name


GAP = Notes(flows={0}, gap=True)
LOST, ACK_LOST = Mark.LOST_SEGMENT, Mark.ACK_LOST_SEGMENT


@pytest.mark.parametrize(
    ("made", "mark", "name"),
    [
        (pair(K.NEW, Label.NONE, theirs=(LOST,), len=1), LOST, "length"),
        (pair(K.ACK, Label.NONE, PLAIN_ACK, theirs=(LOST,)), LOST, "gap before an acknowledgment"),
        (pair(K.NEW, Label.NONE, theirs=(LOST,), notes=Notes(probed=True)), LOST, "byte of a probe"),
        (pair(K.NEW, Label.NONE, theirs=(LOST,), notes=GAP), LOST, "gap that was acknowledged"),
        (pair(K.TAIL_LOSS_PROBE, Label.NONE, theirs=(LOST,), rule=R.SKIPPED), LOST, "lost before the tap"),
        (pair(K.NEW, Label.NONE, theirs=(LOST,)), LOST, "not explained"),
        (pair(K.NEW, Label.NONE, {"highest": UNKNOWN}, marks=frozenset([LOST])), LOST, "gap that was told before"),
        (pair(K.ACK, Label.NONE, theirs=(ACK_LOST,), notes=GAP), ACK_LOST, "edge that stays behind"),
        (pair(K.ACK, Label.NONE, theirs=(ACK_LOST,), notes=Notes(overlap=True)), ACK_LOST, "edge that stays behind"),
        (pair(K.ACK, Label.NONE, {"ack": 2}, marks=frozenset([ACK_LOST])), ACK_LOST, "bytes missed again"),
        (pair(K.ACK, Label.NONE, marks=frozenset([ACK_LOST])), ACK_LOST, "not explained"),
        (pair(K.NEW, Label.NONE, theirs=(Mark.WINDOW_FULL,)), Mark.WINDOW_FULL, "window full to the byte"),
        (pair(K.NEW, Label.NONE, theirs=(Mark.ZERO_WINDOW,)), Mark.ZERO_WINDOW, "not explained"),
        (pair(K.NEW, Label.NONE, {"window": 0}, theirs=(Mark.ZERO_WINDOW,), notes=Notes(scale_unknown=True)),
         Mark.ZERO_WINDOW, "unknown window scale"),
    ],
)  # fmt: skip
def test_a_difference_of_marks_has_the_reason_whose_condition_holds(made: Pair, mark: Mark, name: str) -> None:
    assert reason_of_mark(made, mark).name == name


@needs_tshark
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("window/zero-window-mid-path", {"Linux's zero-window probe": [47], "answer to a probe": [49]}),
        ("opening/simultaneous", {"simultaneous open": [3, 4]}),
        ("formats/vlan-tenants", {"tenants of one address": [4, 8]}),
        ("handshake/ack-lost-server-speaks-first", {"nothing outstanding": [5]}),
    ],
)
def test_fixtures_show_the_mechanisms(name: str, expected: dict[str, list[int]]) -> None:
    found = reasons(compared(FIXTURES / f"{name}.pcap"))
    assert {reason: frames for reason, frames in found.items() if reason in expected} == expected
    assert NOT_EXPLAINED.name not in found


@needs_tshark
def test_marks_of_refused_segments_are_explained_too() -> None:
    made = compared(FIXTURES / "invalid" / "text-beyond-the-window.pcap")
    assert mark_reasons(made) == {"not acceptable": [6]}


@needs_tshark
@pytest.mark.slow
@pytest.mark.parametrize("topic", sorted(path.name for path in FIXTURES.iterdir() if path.is_dir()))
def test_no_difference_in_a_fixture_is_left_without_a_reason(topic: str) -> None:
    captures = [path for path in sorted((FIXTURES / topic).glob("*.pcap*")) if path.name != "not-a-capture.pcap"]
    made = [compared(path) for path in captures]
    assert captures
    left = [path.name for path, check in zip(captures, made, strict=True) if NOT_EXPLAINED.name in reasons(check)]
    left += [path.name for path, check in zip(captures, made, strict=True) if NOT_EXPLAINED.name in mark_reasons(check)]
    assert left == []


def test_every_mechanism_is_documented_once_under_a_name_of_its_own() -> None:
    listed = documented()
    assert len(listed) == len({(known.name, known.wireshark) for known in listed})
    assert {known.name for known in LABELS} <= {known.name for known in listed}
    assert {each.name for known in MARKS.values() for each in known} <= {known.name for known in listed}
    assert NOT_EXPLAINED not in listed
