"""Figures for notebooks draw what the tables say, and offer to send nothing anywhere."""

from typing import Any

import pytest

import analyzer
from analyzer.charts import MOST_POINTS, figure_of
from analyzer.errors import UsageError
from tests.analyzer.running import FIXTURES


@pytest.fixture(scope="module")
def analysis() -> analyzer.Analysis:
    return analyzer.analyze(FIXTURES / "loss" / "fast-retransmission.pcap")


def traces(figure: Any) -> dict[str, Any]:
    return {trace.name: trace for trace in figure.data}


def test_every_retransmission_is_marked_with_its_reason(analysis: analyzer.Analysis) -> None:
    segments = analysis.segments(0)
    expected = segments[segments["kind"] == "fast-retransmission"]
    marks = traces(analysis.figure(flow=0))["fast-retransmission"]
    assert len(marks.x) == len(expected) > 0
    assert list(marks.text) == [f"frame {row.frame}: {row.reason}" for row in expected.itertuples()]


def test_the_busier_end_is_drawn_unless_one_is_named(analysis: analyzer.Analysis) -> None:
    def title(figure: Any) -> str:
        return str(figure.layout.annotations[0].text)

    busier = analysis.directions.sort_values("unique_bytes")["sender"].iloc[-1]
    assert f"{busier} →" in title(figure_of(analysis, 0))
    assert "server → client" in title(figure_of(analysis, 0, "server"))
    assert "client → server" in title(figure_of(analysis, 0, "client"))


@pytest.mark.parametrize(("flow", "sender"), [(1, None), (-1, None), (0, "proxy")])
def test_what_is_not_there_is_told(analysis: analyzer.Analysis, flow: int, sender: str | None) -> None:
    with pytest.raises(UsageError, match=r"there is no connection|is no end"):
        figure_of(analysis, flow, sender)


def test_long_lines_keep_their_least_and_greatest() -> None:
    from analyzer.charts import _decimated

    values = [0.0] * (MOST_POINTS + 1)
    values[777] = -5.0
    values[9_999] = 7.0
    x, y = _decimated(range(len(values)), values)
    assert len(x) == len(y) <= 4_000
    assert (min(y), max(y)) == (-5.0, 7.0)
