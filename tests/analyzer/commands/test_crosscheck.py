"""`tcpscope crosscheck` compares with tshark, on a screen and as JSON."""

from pathlib import Path

import pytest

from tests import captures
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES, process, tcpscope
from tests.packets import ethernet, ipv4, tcp

CAPTURE = FIXTURES / "window" / "zero-window-mid-path.pcap"
CUT = FIXTURES / "formats" / "cut-off.pcap"


@needs_tshark
def test_json_holds_table_and_differences_with_all_frames() -> None:
    told = tcpscope("crosscheck", CAPTURE, "--json").json
    assert (told["segments"], told["differ"], told["not_explained"]) == (788, 2, 0)
    assert {"tcpscope": "zero-window-probe", "tshark": "keep-alive", "segments": 1, "differ": 1} in told["labels"]
    assert [(each["reason"], each["frames"]) for each in told["label_differences"]] == [
        ("Linux's zero-window probe", [47]),
        ("answer to a probe", [49]),
    ]
    assert (told["tshark_alone"], told["tcpscope_alone"]) == ([], [])
    assert sum(each["segments"] for each in told["labels"]) == 788


@needs_tshark
def test_the_screen_tells_what_differs_and_why() -> None:
    run = tcpscope("crosscheck", CAPTURE)
    assert run.code == 0
    assert "788 segments · 786 called the same (99.7 %) · 2 called otherwise, 0 of them not explained" in run.out
    assert "zero-window-probe beside keep-alive (1)" in run.out


@needs_tshark
def test_frames_are_limited_unless_all_are_asked_for() -> None:
    capture = FIXTURES / "sequence" / "wrap-mid-transfer.pcap"
    few, everything = (tcpscope("crosscheck", capture, *options).out for options in (["--limit", "2"], ["--all"]))
    assert "649, 726 and 74 more" in few
    assert "more" not in " ".join(everything.split("frames")[1:])


@needs_tshark
def test_one_connection_can_be_chosen() -> None:
    capture = FIXTURES / "opening" / "accept-queue-full.pcap"
    # 13 of the 69 segments are of flow 3 (tshark -Y tcp.stream==3).
    assert tcpscope("crosscheck", capture, "--flow", "3", "--json").json["segments"] == 13
    run = tcpscope("crosscheck", capture, "--flow", "6")
    assert (run.code, run.err) == (2, "tcpscope: there is no connection 6: the 6 connections are 0 to 5\n")


@needs_tshark
def test_a_pipe_and_a_file_on_standard_input_give_the_same() -> None:
    expected = tcpscope("crosscheck", CAPTURE, "--json").json | {"capture": "standard input"}
    assert process("crosscheck", "-", "--json", stdin=CAPTURE.read_bytes()).json == expected


@needs_tshark
def test_a_damaged_capture_is_compared_up_to_the_damage() -> None:
    run = tcpscope("crosscheck", CUT)
    assert (run.code, tcpscope("crosscheck", CUT, "--allow-partial").code) == (4, 0)
    assert "9 segments" in run.out
    assert "tcpscope: tshark: " in run.err


@needs_tshark
def test_frames_that_only_tshark_takes_for_tcp_have_their_reason(tmp_path: Path) -> None:
    capture = tmp_path / "malformed.pcap"
    capture.write_bytes(captures.pcap_file([ethernet(ipv4(tcp(header=16)))]))
    assert tcpscope("crosscheck", capture, "--json").json["tshark_alone"] == [
        {"frame": 1, "skipped": "malformed TCP header"}
    ]
    assert "tshark alone: malformed TCP header" in tcpscope("crosscheck", capture).out


def test_without_tshark_one_line_and_an_exit_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    run = tcpscope("crosscheck", CAPTURE)
    assert (run.code, run.out) == (5, "")
    assert run.err.startswith("tcpscope: tshark, Wireshark's command line, is not installed")
    assert run.err.count("\n") == 1


@needs_tshark
def test_one_packet_is_dissected_by_pyshark() -> None:
    run = process("crosscheck", str(CAPTURE), "--packet", "47")
    assert (run.code, run.err) == (0, "")
    assert "TCP keep-alive segment" in run.out
    beyond = tcpscope("crosscheck", CAPTURE, "--packet", "789")
    assert (beyond.code, beyond.err) == (2, "tcpscope: there is no frame 789: the capture has fewer\n")


@needs_tshark
def test_a_dissection_cannot_steer_a_terminal(tmp_path: Path) -> None:
    capture = tmp_path / "hostile.pcap"
    capture.write_bytes(captures.pcap_file([ethernet(ipv4(tcp(dport=80, payload=b"GET /\x1b[31m HTTP/1.1\r\n\r\n")))]))
    assert "\x1b" not in tcpscope("crosscheck", capture, "--packet", "1").out


def test_a_dissection_is_text() -> None:
    assert tcpscope("crosscheck", CAPTURE, "--packet", "1", "--json").code == 2
