"""`tcpscope explain` tells one frame, or what a finding means, on a screen and as JSON."""

import pytest

from analyzer.told import meaning_of
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES, process, tcpscope

CAPTURE = FIXTURES / "window" / "zero-window-mid-path.pcap"
OTHERS = FIXTURES / "formats" / "other-packets-too.pcap"


@needs_tshark
def test_json_tells_the_segment_what_was_known_and_why_wireshark_differs() -> None:
    told = tcpscope("explain", CAPTURE, "47", "--json").json
    assert told["segment"]["kind"] == "zero-window-probe"
    assert told["before"]["client"]["snd_una"] == 41441
    assert told["before"]["client"]["windows"]["rwnd"] == 0
    assert told["before"]["client"]["episodes"] == {"zero-window": 46}
    assert told["wireshark"]["label"] == "keep-alive"
    assert [each["reason"] for each in told["wireshark"]["differences"]] == ["Linux's zero-window probe"]


@needs_tshark
def test_the_screen_tells_all_of_it() -> None:
    run = tcpscope("explain", CAPTURE, "47")
    assert run.code == 0
    for words in ("a probe of its closed window", "zero-window since frame 46", "Linux's zero-window probe"):
        assert words in run.out


def test_a_frame_that_is_no_segment_is_told_with_its_reason() -> None:
    told = tcpscope("explain", OTHERS, "1", "--json").json
    skipped = tcpscope("analyze", OTHERS, "--json").json["skipped"][0]
    frame = str(skipped["first_frame"])
    assert skipped["reason"] in tcpscope("explain", OTHERS, frame).out
    no_segment = tcpscope("explain", OTHERS, frame, "--json").json
    assert (no_segment["skipped"], no_segment["segment"]) == (skipped["reason"], None)
    assert list(told) == list(no_segment)


def test_without_tshark_all_but_its_opinion_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    run = tcpscope("explain", CAPTURE, "47")
    assert run.code == 0
    assert "a probe of its closed window" in run.out
    assert "is not installed" in run.out
    assert tcpscope("explain", CAPTURE, "47", "--json").json["wireshark"]["label"] is None


@needs_tshark
def test_a_pipe_is_explained_as_a_file_is() -> None:
    expected = tcpscope("explain", CAPTURE, "47", "--json").json
    assert process("explain", "-", "47", "--json", stdin=CAPTURE.read_bytes()).json == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["789"], "there is no frame 789 in the capture: the frames are 1 to 788"),
        ([], "Missing argument 'FRAME'"),
        (["0"], "0 is not in the range"),
    ],
)
def test_a_frame_that_cannot_be_is_wrong_usage(arguments: list[str], words: str) -> None:
    run = tcpscope("explain", CAPTURE, *arguments)
    assert (run.code, run.out) == (2, "")
    assert words in run.err.splitlines()[0]


def test_a_finding_is_told_with_its_thresholds_as_they_are_set() -> None:
    run = tcpscope("explain", "nagle-delayed-ack", "--set", "nagle_least=8")
    assert run.code == 0
    for words in ("What it means", "How it is measured", "What to do", "When not to", "nagle_least = 8 stalls (set by"):
        assert words in run.out
    assert tcpscope("explain", "aborted").out.splitlines()[-1] == "Thresholds  none"


def test_a_finding_as_json_has_its_thresholds_and_what_set_them() -> None:
    told = tcpscope("explain", "loss", "--json").json
    assert [(each["name"], each["value"], each["from"]) for each in told["thresholds"]] == [
        ("loss_warning_share", 0.01, "default")
    ]
    assert told["remedy"] == meaning_of("loss").remedy


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tail-los", "did you mean tail-loss?"),
        ("NAGLE", "did you mean nagle-delayed-ack?"),
        ("zzz", "there are slow-connect, syn-ack-loss"),
    ],
)
def test_an_unknown_finding_is_wrong_usage_and_near_ones_are_named(name: str, words: str) -> None:
    run = tcpscope("explain", name)
    assert (run.code, run.out) == (2, "")
    assert words in run.err.splitlines()[0]
