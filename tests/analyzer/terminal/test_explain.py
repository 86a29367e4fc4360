"""The screen of one frame."""

import pytest

from analyzer.capture.ledger import Skip
from analyzer.crosscheck.differences import LABELS
from analyzer.crosscheck.labels import Label, Mark
from analyzer.crosscheck.one_opinion import OneOpinion
from analyzer.explanation import EndView, Explanation
from analyzer.one_frame import FrameFate
from analyzer.rows import raw_rows
from analyzer.terminal.connections import connection_of
from analyzer.terminal.explain import print_explanation, view_words
from reconstruct.segment import OPTION_TIMESTAMPS, Segment
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import Limit, Phase, Vantage
from tests.analyzer.crosscheck.comparing import opinion
from tests.analyzer.crosscheck.test_view import seen
from tests.analyzer.terminal.printing import Paper
from tests.fake_analysis import START_NS, FakeAnalysis

ANALYSIS = FakeAnalysis()
ROWS = {row["frame"]: row for row in raw_rows(ANALYSIS.segment_rows())}
EVENTS = list(raw_rows(ANALYSIS.event_rows))
NO_TSHARK = OneOpinion(missing="tshark is not installed")


def explanation(frame: int) -> Explanation:
    """Return what is told about a segment of the analysis made by hand."""
    segment = Segment()
    segment.options, segment.tsval, segment.tsecr = OPTION_TIMESTAMPS, 700, 600
    told = Explanation(frame, FrameFate(Skip.NONE, START_NS, segment))
    told.row, told.flow = ROWS[frame], next(raw_rows(ANALYSIS.flow_rows))
    told.segments = ANALYSIS.segment_rows()
    client = EndView(State.SYN_SENT, State.ESTABLISHED, 1, 101, 1, 64240)
    client.windows = next(raw_rows(ANALYSIS.window_rows()))
    client.episodes = {"zero-window": EVENTS[3]}
    told.ends = (client, EndView(State.ESTABLISHED, State.ESTABLISHED))
    return told


def printed(
    told: Explanation, theirs: OneOpinion = NO_TSHARK, width: int = 120, vantage: int = Vantage.CLIENT
) -> Paper:
    """Return the screen."""
    paper = Paper(width=width)
    connection = connection_of(ANALYSIS.flow_rows, ANALYSIS.direction_rows, 0) if told.row else None
    if connection is not None:
        connection.flow["vantage"] = vantage
    print_explanation(paper, "demo\x1b.pcap", told, connection, theirs)
    return paper


def test_the_first_lines_say_where_and_what() -> None:
    lines = printed(explanation(7)).lines
    assert lines[0] == "Frame 7  demo\\x1b.pcap · flow 0, 10.0.0.1:40000 → 10.0.0.2:80"
    assert lines[1] == "  The client sends bytes 1 to 100 again; the capture does not show why."


def test_the_segment_is_told_with_rule_and_header() -> None:
    paper = printed(explanation(7))
    assert paper.line_with("  Rule").endswith("100 of its 100 bytes were captured before (RFC 9293 3.8.1)")
    assert paper.line_with("  Header").split(maxsplit=1)[1] == "PA · seq 1 · ack 1 · 100 B · window 64.2 kB"
    assert paper.line_with("  Options").endswith("TSval 700, TSecr 600")


def test_sack_blocks_are_told_by_their_first_and_last_byte() -> None:
    told = explanation(8)
    told.sack = [(101, 201), (301, 401)]
    assert printed(told).line_with("  Options").endswith("SACK 101 to 200, 301 to 400")


def test_what_both_ends_knew_stands_side_by_side() -> None:
    paper = printed(explanation(7))
    assert paper.line_with("  state ").split() == ["state", "SYN-SENT", "→", "ESTABLISHED", "ESTABLISHED"]
    assert paper.line_with("  flight ").split() == ["flight", "100", "B", "-"]
    assert paper.line_with("  is in ").split() == ["is", "in", "zero-window", "since", "frame", "6", "-"]


def test_estimates_are_told_where_there_are_some() -> None:
    told = explanation(7)
    assert told.ends[0].windows is not None
    assert [line for line in printed(told).lines if "cwnd" in line or "held back by" in line] == []
    told.ends[0].windows |= {"cwnd": 14_480, "phase": Phase.SLOW_START, "limit": Limit.RWND}
    paper = printed(told)
    assert paper.line_with("cwnd, estimated").split()[-3:] == ["14.5", "kB", "-"]
    assert paper.line_with("  phase ").split() == ["phase", "slow-start", "-"]
    assert paper.line_with("  held back by ").split()[-2:] == ["rwnd", "-"]


def test_a_tap_at_the_other_end_is_a_caveat() -> None:
    assert "sender knew less" in "\n".join(printed(explanation(8)).lines)
    assert "sender knew less" not in "\n".join(printed(explanation(7)).lines)
    assert "sender knew less" not in "\n".join(printed(explanation(8), vantage=Vantage.PATH).lines)


def test_what_was_learned_later_is_told() -> None:
    told = explanation(7)
    told.copies, told.acked_by, told.events = [ROWS[6]], ROWS[8], [EVENTS[4]]
    paper = printed(told)
    assert paper.line_with("  Same bytes").endswith("in frame 6 (new)")
    assert "proven later that this was not needed" in paper.line_with("  Spurious")
    assert paper.line_with("  Answered").endswith("in frame 8, 35.0 ms later")
    assert paper.line_with("  Event").endswith("client: zero-window.end (probes 2, held 250 ms)")


def test_what_nobody_acknowledged_is_said() -> None:
    assert "never acknowledged" in printed(explanation(6)).line_with("  Answered")
    assert "nothing to acknowledge" in printed(explanation(4)).line_with("  Nothing")


@pytest.mark.parametrize(
    ("skip", "words"),
    [
        (Skip.UDP, "No TCP segment: UDP."),
        (Skip.NONE, "belongs to none of the connections"),
        (Skip.LATE, "of a connection that was finished already"),
    ],
)
def test_no_segment_is_told_with_the_reason(skip: Skip, words: str) -> None:
    told = Explanation(3, FrameFate(skip, START_NS))
    assert words in printed(told).lines[1]


def test_what_wireshark_says_and_knew_and_why_it_differs_is_told() -> None:
    difference = LABELS[5]
    theirs = OneOpinion(
        "4.0.17", "", opinion(7, Label.KEEP_ALIVE, Mark.ZERO_WINDOW), seen(peer_dup_acks=2), (difference,)
    )
    paper = printed(explanation(7), theirs)
    assert paper.line_with("  Says").endswith("keep-alive, zero-window")
    assert "the next expected number 1000, since 40.0 ms" in paper.line_with("  It knew")
    assert paper.line_with("  Differs").endswith(difference.name)


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        (NO_TSHARK, "tshark is not installed"),
        (OneOpinion("4.0.17"), "tshark does not come to this frame"),
        (OneOpinion("4.0.17", "", opinion(7, streams=())), "finds no TCP in it"),
        (OneOpinion("4.0.17", "", opinion(7)), "none of its labels"),
    ],
)
def test_without_an_opinion_that_is_said(theirs: OneOpinion, words: str) -> None:
    assert words in "\n".join(printed(explanation(7), theirs).lines)


def test_of_a_first_segment_wireshark_knows_nothing() -> None:
    assert list(view_words(seen(highest=UNKNOWN, peer_ack=UNKNOWN, first_rtt_ns=UNKNOWN))) == []


@pytest.mark.parametrize("width", range(60, 201, 20))
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert max(map(len, printed(explanation(7), width=width).lines)) <= width
