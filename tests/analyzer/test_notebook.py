"""Notebooks show an analysis and a connection as plain, escaped HTML."""

from typing import Any

import pytest

import analyzer
from analyzer.errors import UsageError
from analyzer.notebook import Flow, analysis_html
from tests.analyzer.running import FIXTURES
from tests.fake_analysis import FakeAnalysis, FakeFacts, FakeFinding


def fake(**parts: Any) -> Any:
    return FakeAnalysis(**parts)


def test_an_analysis_shows_its_capture_and_findings() -> None:
    shown = analysis_html(fake())
    assert "<h4>demo.pcapng</h4>" in shown
    assert "the server closed its window once, for 250 ms" in shown


def test_a_connection_shows_its_ends_verdict_and_findings() -> None:
    shown = Flow(fake(), 0)._repr_html_()
    assert "Flow 0: 10.0.0.1 port 40000 → 10.0.0.2 port 80" in shown
    assert "The client sent 1 segment again" in shown
    assert "zero-window" in shown


def test_text_of_a_capture_is_escaped() -> None:
    hostile = fake(capture=FakeFacts(names=["<img src=x onerror=alert(1)>"]),
                   finding_list=[FakeFinding(summary="<script>alert(1)</script>")])  # fmt: skip
    shown = analysis_html(hostile) + Flow(hostile, 0)._repr_html_()
    assert "<img" not in shown
    assert "<script" not in shown


def test_a_result_and_its_connections_show_themselves() -> None:
    result = analyzer.analyze(FIXTURES / "closing" / "abort.pcap")
    assert result._repr_html_().startswith("<div><h4>")
    assert "Flow 0" in result.flow(0)._repr_html_()
    assert len(result.flow(0).segments()) == len(result.segments(0))
    with pytest.raises(UsageError, match="there is no connection 99"):
        result.flow(99)
