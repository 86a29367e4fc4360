"""Our segments beside tshark's opinions, frame by frame."""

from analyzer.crosscheck.compare import Crosscheck, compare, crosscheck, ranked
from analyzer.crosscheck.labels import Label, Mark
from analyzer.crosscheck.tshark import Opinion
from analyzer.rows import raw_rows
from reconstruct.recorder import SEGMENT_COLUMNS
from reconstruct.vocabulary import SegmentKind
from tests.analyzer.crosscheck.comparing import compared, opinion
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES
from tests.fake_analysis import FakeAnalysis, store_of

ANALYSIS = FakeAnalysis()  # segments in frames 1, 2, 4, 6, 7, 8; a capture gap in frame 7
ROWS = list(raw_rows(ANALYSIS.segment_rows()))
LABELS = {7: Label.SPURIOUS_RETRANSMISSION}
LENGTHS = {6: 100, 7: 100}


def opinions(**changes: Label) -> list[Opinion]:
    """Return opinions on frames 1 to 9 that agree with the analysis made by hand, except for the changes (f6=...)."""
    labels = LABELS | {int(name[1:]): label for name, label in changes.items()}
    return [
        opinion(frame, labels.get(frame, Label.NONE), len=LENGTHS.get(frame, 0), streams=(0,) if frame != 5 else ())
        for frame in range(1, 10)
    ]


def made(theirs: list[Opinion], flow: int | None = None) -> Crosscheck:
    """Return the comparison of the analysis made by hand."""
    return crosscheck(ANALYSIS.segment_rows(), ANALYSIS.event_rows, theirs, flow)


def test_segments_are_counted_by_kind_and_label() -> None:
    check = made(opinions())
    assert check.segments == 6
    assert check.table[SegmentKind.NEW, Label.NONE] == 3
    assert check.table[SegmentKind.RETRANSMISSION, Label.SPURIOUS_RETRANSMISSION] == 1
    assert (check.differing, check.not_explained) == (0, 0)


def test_a_difference_is_grouped_by_its_reason_with_what_both_said() -> None:
    check = made(opinions(f4=Label.DUPLICATE_ACK, f6=Label.RETRANSMISSION))
    assert (check.differing, check.not_explained) == (2, 1)
    ack, other = ranked(check.labels_differ)
    assert (ack.reason.name, ack.frames.tolist()) == ("nothing outstanding", [4])
    assert (other.reason.name, other.said) == ("not explained", {("new", "retransmission"): 1})


def test_of_spurious_retransmissions_those_that_are_not_proven_differ() -> None:
    unproven = store_of(SEGMENT_COLUMNS, [row | {"spurious": 0} for row in ROWS])
    check = crosscheck(unproven, ANALYSIS.event_rows, opinions())
    cell = (SegmentKind.RETRANSMISSION, Label.SPURIOUS_RETRANSMISSION)
    assert (check.table[cell], check.otherwise[cell]) == (1, 1)
    assert made(opinions()).otherwise[cell] == 0


def test_frames_that_only_one_tool_takes_for_tcp_are_listed() -> None:
    check = made(opinions()[:7])
    assert check.skipped.tolist() == [3]  # tshark sees TCP in 3, and none in 5
    assert check.missed.tolist() == [8]


def test_of_one_connection_only_its_frames_count() -> None:
    check = made(opinions(), flow=1)
    assert (check.segments, check.skipped.tolist(), check.missed.tolist()) == (0, [], [])
    assert made(opinions(), flow=0).segments == 6


def test_rows_need_not_be_in_order_of_frame() -> None:
    rows = store_of(SEGMENT_COLUMNS, [ROWS[at] for at in (5, 0, 3, 2, 4, 1)])
    shuffled = crosscheck(rows, ANALYSIS.event_rows, opinions())
    assert shuffled == made(opinions())


def test_our_marks_come_from_windows_rules_and_events() -> None:
    both = compare(ANALYSIS.segment_rows(), ANALYSIS.event_rows, opinions())
    marks = {pair.row["frame"]: pair.marks for _, pair in both if pair is not None}
    assert marks[7] == {Mark.ACK_LOST_SEGMENT}
    assert marks[8] == frozenset()  # a window of 0 beside a FIN closes nothing
    assert marks[6] == frozenset()


def test_what_was_odd_before_a_segment_is_known_at_it() -> None:
    told = opinions()
    told[0] = opinion(1, len=7)
    lengths = [
        pair.notes.lengths_differ for _, pair in compare(ANALYSIS.segment_rows(), ANALYSIS.event_rows, told) if pair
    ]
    assert lengths == [False, True, True, True, True, True]


@needs_tshark
def test_every_frame_of_a_flood_has_its_pair() -> None:
    # Half-open connections are written late: their rows are not in order of frame.
    check = compared(FIXTURES / "syn-cookies" / "flood-cookies.pcap")
    assert (len(check.skipped), len(check.missed), check.not_explained) == (0, 0, 0)
