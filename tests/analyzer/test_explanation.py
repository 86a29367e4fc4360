"""One frame explained from the tables of the replay."""

import pytest

import analyzer
from analyzer.capture.ledger import Skip
from analyzer.congestion.story import rulings_of
from analyzer.errors import UsageError
from analyzer.explanation import Explanation, explain
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import SegmentKind
from tests.analyzer.running import FIXTURES
from tests.drill import capture_of, read_script
from tests.sources import ROOT

HANDSHAKE = """
0.000  > S  0:0(0) win 64240 <mss 1000,sackOK>
+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1000,sackOK>
+0.001 > .  1:1(0) ack 1 win 64240
"""
LOSS = (
    HANDSHAKE
    + """
+0.001 > .  1:1001(1000) ack 1 win 64240
+0.000 > .  1001:2001(1000) ack 1 win 64240
+0.000 > .  2001:3001(1000) ack 1 win 64240
+0.000 > .  3001:4001(1000) ack 1 win 64240
+0.010 < .  1:1(0) ack 1 win 65160 <sack 1001:2001>
+0.000 < .  1:1(0) ack 1 win 65160 <sack 1001:3001>
+0.000 < .  1:1(0) ack 1 win 65160 <sack 1001:4001>
+0.001 > .  1:1001(1000) ack 1 win 64240
+0.010 < .  1:1(0) ack 4001 win 65160
"""
)
RESENT, COVERING = 11, 12


def explained(script: str, frame: int) -> Explanation:
    """Return the explanation of a frame of a script."""
    capture = capture_of(read_script(script))
    return explain(analyzer.analyze(capture), capture, frame)


def test_a_retransmission_is_told_with_what_its_sender_knew() -> None:
    told = explained(LOSS, RESENT)
    client, server = told.ends
    assert told.row is not None
    assert told.row["kind"] == SegmentKind.FAST_RETRANSMISSION
    # Four segments of 1000 bytes are out and none is acknowledged.
    assert (client.snd_una, client.snd_nxt, client.estimate("flight")) == (1, 4001, 4000)
    assert (client.rcv_nxt, client.window, client.estimate("rwnd")) == (1, 64240, 65160)
    assert (server.snd_una, server.snd_nxt, server.rcv_nxt) == (1, 1, 1)
    assert (client.state, client.state_after) == (State.ESTABLISHED, State.ESTABLISHED)


def test_what_came_before_and_after_is_told() -> None:
    told = explained(LOSS, RESENT)
    assert [copy["frame"] for copy in told.copies] == [4]
    assert told.acked_by is not None
    assert told.acked_by["frame"] == COVERING


def test_an_episode_lasts_from_the_event_that_began_it() -> None:
    client = explained(LOSS, COVERING).ends[0]
    assert {name: event["frame"] for name, event in client.episodes.items()} == {"recovery": RESENT}
    assert explained(LOSS, RESENT).ends[0].episodes == {}


def test_sack_blocks_are_offsets_of_the_data_that_they_report() -> None:
    assert explained(LOSS, 9).sack == [(1001, 3001)]


@pytest.mark.parametrize("isns", ["client 192.0.2.1:40000 isn 4294965290\nserver 198.51.100.2:80 isn 4294967290\n"])
def test_sack_blocks_beyond_a_wrap_are_offsets_too(isns: str) -> None:
    assert explained(isns + LOSS, 10).sack == [(1001, 4001)]


def test_at_the_first_frame_nothing_was_known() -> None:
    told = explained(LOSS, 1)
    for end in told.ends:
        assert (end.snd_una, end.snd_nxt, end.rcv_nxt, end.estimate("flight"), end.state) == (UNKNOWN,) * 5
    assert told.ends[0].state_after == State.SYN_SENT


def test_of_two_connections_between_the_same_ports_the_right_one_is_taken() -> None:
    capture = FIXTURES / "ports" / "reused-after-reset.pcap"
    analysis = analyzer.analyze(capture)
    first = analysis.flows["first_frame"].tolist()
    told = [explain(analysis, str(capture), frame) for frame in first]
    assert [each.flow and each.flow["flow"] for each in told] == list(range(len(first)))
    assert all(each.row and each.row["frame"] == frame for each, frame in zip(told, first, strict=True))


def test_the_numbers_of_a_refused_segment_are_not_taken_in() -> None:
    script = HANDSHAKE + "+0.001 < .  1:1(0) ack 90001 win 65160\n+0.001 > . 1:101(100) ack 1 win 64240\n"
    client = explained(script, 5).ends[0]
    assert (client.snd_una, client.snd_nxt) == (1, 1)


def test_what_is_no_segment_is_told_with_its_reason() -> None:
    arp = "ffffffffffff02005e0000010806" + "00" * 28
    told = explained(f"0.000 frame {arp}\n" + HANDSHAKE.replace("0.000 ", "+0.001 ", 1), 1)
    assert (told.is_segment, told.fate.skip) == (False, Skip.NOT_IP)


def test_a_frame_beyond_the_end_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"^there is no frame 13 in the capture: the frames are 1 to 12$"):
        explained(LOSS, 13)


def test_a_segment_that_rules_a_congestion_control_out_says_so() -> None:
    capture = str(ROOT / "fixtures" / "truth" / "ecn-marks-1" / "sender.pcap.xz")
    analysis = analyzer.analyze(capture)
    for ruling in rulings_of(analysis, 0):
        assert ruling.frame is not None
        assert explain(analysis, capture, ruling.frame).rulings == [ruling]
    assert explain(analysis, capture, 4).rulings == []
