"""What the overview says about the capture, and in which order it tells findings."""

import json

from analyzer.report.facts import facts, findings
from reconstruct.seq import UNKNOWN
from tests.fake_analysis import START_NS, FakeAnalysis, FakeFacts, FakeFinding


def test_facts_can_be_written_as_json() -> None:
    told = json.loads(json.dumps(facts(FakeAnalysis())))
    assert told["first_time"] == "2023-11-14T22:13:20.000000000Z"
    assert told["start_ns"] == str(START_NS)
    assert told["span_ns"] == 1_500_000_000
    assert told["interfaces"][0]["link_type"] == "Ethernet"
    assert told["skipped"] == [{"reason": "ARP", "count": 2, "first_frame": 11}]


def test_a_capture_without_packets_has_no_time() -> None:
    told = facts(FakeAnalysis(capture=FakeFacts(first_time_ns=UNKNOWN, last_time_ns=UNKNOWN)))
    assert (told["first_time"], told["start_ns"], told["span_ns"]) == (None, "0", 0)


def test_the_worst_finding_comes_first() -> None:
    found = [FakeFinding("loss", "info", first_frame=1), FakeFinding("aborted", "error", first_frame=9),
             FakeFinding("timeout", "error", first_frame=3)]  # fmt: skip
    told = findings(FakeAnalysis(finding_list=found), {3: 1}.get)
    assert [finding["finding"] for finding in told] == ["timeout", "aborted", "loss"]


def test_of_findings_as_severe_that_with_more_evidence_comes_first() -> None:
    found = [FakeFinding("loss", first_frame=1, frames=(1,)), FakeFinding("timeout", first_frame=5, frames=(5, 6))]
    told = findings(FakeAnalysis(finding_list=found), {3: 1}.get)
    assert [finding["finding"] for finding in told] == ["timeout", "loss"]


def test_a_finding_about_several_connections_is_shown_in_that_of_its_first_frame() -> None:
    found = [FakeFinding(flow=None, first_frame=3), FakeFinding(flow=0, first_frame=3), FakeFinding(flow=None)]
    told = findings(FakeAnalysis(finding_list=found), {3: 1}.get)
    assert sorted(
        (each["flow"], each["first_frame"] == 3, each["shown_in"]) for each in told if each["flow"] is None
    ) == [(None, False, None), (None, True, 1)]
    assert [each["shown_in"] for each in told if each["flow"] == 0] == [0]
