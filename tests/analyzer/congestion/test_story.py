"""The congestion stories of captures of real kernels, and of captures that tell none."""

import analyzer
from analyzer.congestion.episodes import Ending, StepKind
from analyzer.congestion.story import rulings_of, stories_of
from reconstruct.vocabulary import CongestionControl, Sender
from tests.analyzer.congestion.stories import TRUTH, story
from tests.drill import capture_of, read_script
from tests.reconstruct.congestion.test_replay import HANDSHAKE, flights

MSS = 1448  # bytes


def test_a_reno_sender_is_told_with_its_cuts_in_half() -> None:
    told = story("ecn-marks-1")
    assert (told.sender, told.control) == (Sender.CLIENT, CongestionControl.RENO)
    cuts = [step for step in told.steps if step.kind is StepKind.CUT]
    assert len(cuts) == 2
    for cut in cuts:
        assert cut.cwnd_before is not None
        assert cut.ssthresh == cut.cwnd_after == cut.cwnd_before // MSS // 2 * MSS  # RFC 5681 (3.1), equation 4


def test_each_other_candidate_is_ruled_out_by_a_segment() -> None:
    others = [each for each in story("ecn-marks-1").candidates if each.ruled_out]
    assert [each.control for each in others] == [CongestionControl.CUBIC, CongestionControl.BBR]
    assert all(each.frame and each.allowed != each.seen for each in others)


def test_the_order_of_the_sender_decides_away_from_it() -> None:
    here, there = story("ecn-marks-1"), story("ecn-marks-1", "receiver")
    assert (here.rebuilt, there.rebuilt) == (False, True)
    assert there.half_width is not None
    assert there.half_width > 0
    seen = [[(step.kind, step.cwnd_before, step.cwnd_after) for step in each.steps] for each in (here, there)]
    assert seen[0] == seen[1]


def test_rests_and_their_restarts_are_told_with_hystart() -> None:
    told = story("idle-restart-1")
    assert told.control is CongestionControl.CUBIC
    assert told.steps[0].ending is Ending.DELAY
    rests = [step for step in told.steps if step.kind is StepKind.IDLE_RESTART]
    assert [step.cwnd_after for step in rests] == [10 * MSS] * len(rests)  # Linux: not below the initial window
    assert told.application.count == len(rests) - 1  # what follows the last rest is no stretch between two sends


def told_of(script: str) -> list[str | None]:
    """Return for each story of a script why it has no window."""
    return [each.unobservable_because for each in stories_of(analyzer.analyze(capture_of(read_script(script))), 0)]


def test_a_start_that_was_not_seen_and_no_reduction_leave_nothing_to_tell() -> None:
    assert told_of(flights()) == ["its start was not captured, and nothing reduced its window since"]


def test_a_single_flight_is_too_little() -> None:
    (because,) = told_of(HANDSHAKE + flights(1))
    assert because is not None
    assert "that tells nothing" in because


def test_one_direction_alone_tells_no_window() -> None:
    one_side = "\n".join(line for line in (HANDSHAKE + flights()).splitlines() if "<" not in line.split("<mss")[0])
    (because,) = told_of(one_side)
    assert because is not None
    assert because.startswith("the capture shows one end only")


def test_what_is_ruled_out_is_found_for_a_whole_connection() -> None:
    analysis = analyzer.analyze(TRUTH / "ecn-marks-1" / "sender.pcap.xz")
    assert rulings_of(analysis, 0) == [each for each in story("ecn-marks-1").candidates if each.ruled_out]
