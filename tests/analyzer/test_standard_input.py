"""Standard input is a capture like any other, pipe or file, for every command."""

import os
import subprocess
from pathlib import Path

import pytest

from analyzer.errors import CaptureError, UsageError
from analyzer.standard_input import check_standard_input
from tests.analyzer.running import FIXTURES, MODULE, Run, process, tcpscope

CAPTURE = FIXTURES / "opening" / "refused.pcap"
EACH_COMMAND = pytest.mark.parametrize("arguments", [["analyze"], ["flow", "1"], ["replay", "1"]], ids=lambda a: a[0])


def named(run: Run) -> str:
    """Return the output with the name that standard input has."""
    return run.out.replace(str(CAPTURE), "standard input")


@EACH_COMMAND
def test_a_pipe_gives_what_the_file_gives(arguments: list[str]) -> None:
    run = process(arguments[0], "-", *arguments[1:], stdin=CAPTURE.read_bytes())
    assert (run.code, run.err) == (0, "")
    assert run.out == named(tcpscope(arguments[0], CAPTURE, *arguments[1:]))


@EACH_COMMAND
def test_a_file_as_standard_input_is_read_where_it_lies(arguments: list[str]) -> None:
    with CAPTURE.open("rb") as file:
        command = [*MODULE, arguments[0], "-", *arguments[1:]]
        run = subprocess.run(
            command, stdin=file, capture_output=True, text=True, env=os.environ, timeout=60, check=False
        )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == named(tcpscope(arguments[0], CAPTURE, *arguments[1:]))


@pytest.mark.parametrize("name", ["pcapng.pcapng", "pcap-gzip.pcap.gz", "pcap-xz.pcap.xz"])
@EACH_COMMAND
def test_pipes_of_other_formats_are_read(name: str, arguments: list[str]) -> None:
    data = (FIXTURES / "formats" / name).read_bytes()
    run = process(arguments[0], "-", *["0"][: len(arguments) - 1], stdin=data)
    assert (run.code, run.err) == (0, "")
    assert "192.0.2.1:40000" in run.out


def test_a_pipe_can_be_exported(tmp_path: Path) -> None:
    run = process("export", "-", "-o", tmp_path, stdin=CAPTURE.read_bytes())
    assert run.code == 0
    tcpscope("export", CAPTURE, "-o", tmp_path / "file")
    for file in (tmp_path / "file").iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_a_pipe_and_a_file_are_one_capture() -> None:
    run = process("analyze", "-", CAPTURE, stdin=(FIXTURES / "formats" / "pcapng.pcapng").read_bytes())
    assert run.code == 0
    assert run.out.startswith(f"standard input, {CAPTURE}\n")


def test_a_pipe_that_is_cut_off_is_partial() -> None:
    run = process("flow", "-", "0", stdin=CAPTURE.read_bytes()[:-1])
    assert run.code == 4
    assert run.err.startswith("tcpscope: standard input cannot be read beyond byte ")


@pytest.mark.parametrize("arguments", [["analyze", "-"], ["replay", "-", "0"]])
def test_an_empty_pipe_is_unreadable(arguments: list[str]) -> None:
    run = process(*arguments)
    assert (run.code, run.out, run.err) == (3, "", "tcpscope: standard input: the file is empty\n")


def test_standard_input_is_read_once() -> None:
    with pytest.raises(UsageError, match="once only"):
        check_standard_input(["-", "a.pcap", "-"])


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(CaptureError, match="standard input: is closed"):
        check_standard_input(["-"])


def test_nobody_types_a_capture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with pytest.raises(UsageError, match="is a terminal"):
        check_standard_input(["-"])


def test_captures_without_standard_input_are_fine_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    check_standard_input(["a.pcap", "b.pcap"])
