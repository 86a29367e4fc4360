"""The congestion story as plain values."""

import json

from analyzer.congestion.as_json import candidate_json, story_json
from analyzer.congestion.ruling import Candidate
from reconstruct.vocabulary import CongestionControl, Contradiction
from tests.analyzer.congestion.stories import story


def test_a_story_is_plain_values_all_the_way_down() -> None:
    told = story_json(story("ecn-marks-1"))
    assert json.loads(json.dumps(told)) == told
    assert (told["sender"], told["congestion_control"]) == ("client", "reno")
    assert told["steps"][0]["step"] == "slow-start"
    assert told["steps"][0]["ended_by"] == "congestion-echo"
    assert [each["ruled_out"] for each in told["candidates"]] == [False, True, True]


def test_a_contradiction_of_pace_is_in_seconds() -> None:
    bbr = Candidate(CongestionControl.BBR, False, True, 9, 1, None, Contradiction.AHEAD_OF_PACE, 9, 2_000_000, 500_000)
    told = candidate_json(bbr)
    assert (told["allowed"], told["seen"], told["unit"]) == (0.002, 0.0005, "s")
