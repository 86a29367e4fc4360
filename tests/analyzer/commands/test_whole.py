"""What Ctrl-C leaves half done is never shown as a whole."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import analyzer
from analyzer.capture.open import open_capture
from analyzer.capture.reader import CaptureReader
from analyzer.commands.whole import whole
from tests.analyzer.running import FIXTURES, tcpscope

CAPTURE = FIXTURES / "opening" / "refused.pcap"


def interrupt(done: int, size: int | None) -> None:
    """Do what Ctrl-C does while a batch is read."""
    raise KeyboardInterrupt


def test_an_interrupted_reading_is_no_analysis_of_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.progress.Progress.__call__", lambda self, done, size: interrupt(done, size))
    with pytest.raises(KeyboardInterrupt), whole([str(CAPTURE)]):
        pass


def test_an_interrupted_recording_gives_no_rows() -> None:
    calls: list[int] = []

    def second_time(done: int, size: int | None) -> None:
        calls.append(done)
        if len(calls) > 1:
            interrupt(done, size)

    result = analyzer.analyze(CAPTURE, progress=second_time)
    with pytest.raises(KeyboardInterrupt):
        result.segment_rows(0)


@pytest.mark.parametrize(("limit", "readings"), [(1 << 20, 1), (10, 2)])
def test_small_captures_are_read_once_and_large_ones_again(
    limit: int, readings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.commands.whole.SMALL_BYTES", limit)  # the capture has some hundred bytes
    read: list[Any] = []

    def opened(source: Any) -> CaptureReader:
        read.append(source)
        return open_capture(source)

    monkeypatch.setattr("analyzer.run.open_capture", opened)
    with whole([str(CAPTURE)], record=True) as each:
        each.analysis.segment_rows()
    assert len(read) == readings


def test_an_interrupted_export_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("analyzer.progress.Progress.__call__", lambda self, done, size: interrupt(done, size))
    run = tcpscope("export", CAPTURE, "-o", tmp_path)
    assert (run.code, run.out, run.err) == (130, "", "tcpscope: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_check_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.analysis.analyze", lambda *captures, settings: SimpleNamespace(interrupted=True))
    run = tcpscope("check", CAPTURE.with_suffix(".toml"))
    assert (run.code, run.out, run.err) == (130, "", "tcpscope: interrupted\n")
