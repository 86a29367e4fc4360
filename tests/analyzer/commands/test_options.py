"""Thresholds on the command line: set for one run, shown with what set them, refused in one line."""

from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES, tcpscope

STALLS = FIXTURES / "small-writes" / "nagle-meets-delayed-ack.pcap"


def names(*arguments: str) -> set[str]:
    """Return the names of what is found in a capture with stalls of Nagle's algorithm."""
    return {found["finding"] for found in tcpscope("analyze", STALLS, "--json", *arguments).json["findings"]}


def test_a_threshold_that_is_set_decides_what_is_found() -> None:
    assert "nagle-delayed-ack" in names()
    assert "nagle-delayed-ack" not in names("--set", "nagle_least=100000")


def test_the_environment_and_the_file_of_the_working_folder_are_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tcpscope.toml").write_text("nagle_least = 100000\n")
    assert "nagle-delayed-ack" not in names()
    monkeypatch.setenv("TCPSCOPE_NAGLE_LEAST", "3")
    assert "nagle-delayed-ack" in names()


@pytest.mark.parametrize(
    "arguments",
    [["--set", "nagle_least=7", "--show-config"], ["--show-config", "--set", "nagle_least=7"]],
)
def test_the_thresholds_are_shown_without_a_capture_wherever_the_flags_stand(arguments: list[str]) -> None:
    run = tcpscope("analyze", *arguments)
    assert run.code == 0
    (line,) = (line.split() for line in run.out.splitlines() if "nagle_least" in line)
    assert line == ["nagle_least", "7", "stalls", "--set"]
    assert "loss_warning_share              0.01" in run.out


def test_they_are_shown_without_a_command_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TCPSCOPE_NAGLE_LEAST", "4")
    assert "TCPSCOPE_NAGLE_LEAST" in tcpscope("--show-config").out
    monkeypatch.setenv("TCPSCOPE_NAGLE_LEAST", "four")
    run = tcpscope("--show-config")
    assert (run.code, run.out) == (2, "")
    assert run.err == "tcpscope: TCPSCOPE_NAGLE_LEAST: nagle_least is a number, not 'four'\n"


@pytest.mark.parametrize("command", ["analyze", "ports", "export"])
def test_a_threshold_that_is_none_is_one_line_and_wrong_usage(command: str) -> None:
    run = tcpscope(command, STALLS, "--set", "nagle=1")
    assert (run.code, run.out) == (2, "")
    assert run.err.splitlines()[0].startswith("tcpscope: --set: there is no threshold 'nagle'")


def test_the_room_of_ports_is_that_of_the_thresholds_unless_a_range_is_given() -> None:
    rows = tcpscope("ports", STALLS, "--json", "--set", "ephemeral_ports=100").json
    assert [row["ports"] for row in rows] == [100]
    rows = tcpscope("ports", STALLS, "--json", "--set", "ephemeral_ports=100", "--range", "1-10").json
    assert [row["ports"] for row in rows] == [10]
