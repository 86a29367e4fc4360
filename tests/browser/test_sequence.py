"""However many segments there are, the one that was sent again can be seen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.browser.made import transfer

TWICE = 4  # of the segments sent again; the kernel counted four D-SACKs
SEVERAL, MANY = 3_000, 1_000_002  # segments; half of each is a multiple of 3: a row with data


@pytest.mark.parametrize("segments", [SEVERAL, pytest.param(MANY, marks=pytest.mark.slow)])
def test_one_retransmission_leaves_its_colour_in_the_overview(
    segments: int, shown: Open, reports: Callable[..., Path]
) -> None:
    page = shown(reports(transfer(segments, segments // 2), f"transfer of {segments}"), "#flow=0")
    mark = ".panel.sequence .plot"
    with_mark = page.count_pixels(mark, "fast")
    # A triangle of 10 pixels has some 43 of them, its rim mixes with the ground.
    assert with_mark >= 15
    page.page.click(".chip[data-key=fast-retransmission]")
    page.settle()
    assert page.count_pixels(mark, "fast") == 0


@pytest.mark.slow
def test_a_million_segments_fit_twelve_megabytes(reports: Callable[..., Path]) -> None:
    assert reports(transfer(MANY, MANY // 2), f"transfer of {MANY}").stat().st_size <= 12_000_000


def test_marks_are_as_many_as_can_be_told_apart(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(transfer(SEVERAL, SEVERAL // 2), f"transfer of {SEVERAL}"), "#flow=0")
    kept = page.page.evaluate("""() => {
        const t = Float64Array.from({ length: 100000 }, (_, at) => at);
        const v = t.map(() => 5);
        v[77777] = 9;
        const view = { from: 0, to: 100000, width: 1000, height: 100 };
        const kept = tcpscope.decimate.apart(t, v, view, [0, 10], 4);
        return [kept.length, kept.includes(77777)];
    }""")
    # 1000 / 4 columns hold one mark each, and the one at another height is kept as well.
    assert kept == [251, True]


def test_the_least_and_the_greatest_of_a_pixel_are_drawn(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(transfer(SEVERAL, SEVERAL // 2), f"transfer of {SEVERAL}"), "#flow=0")
    made = page.page.evaluate("""() => {
        const t = Float64Array.from({ length: 100000 }, (_, at) => at);
        const v = new Float64Array(100000);
        v[12345] = 7;
        v[54321] = -3;
        const { x, low, high } = tcpscope.decimate.steps(t, v, { from: 0, to: 100000, width: 500 });
        return [x.length <= 4 * 500 + 8, low, high];
    }""")
    assert made == [True, -3, 7]


def test_sack_blocks_are_drawn_and_told(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(FIXTURES / "loss/fast-retransmission.pcap"), "#flow=0")
    # tshark: frames 11 to 14 acknowledge 1461 and report 2921 and on, up to 4381, 5841, 7301 and 8761.
    assert page.text(".chip[data-key=sack] b").strip() == "4"
    page.view("select(12)")  # frame 13
    assert page.view("connection.blocksOf(12)") == [{"low": 2921, "high": 7301, "twice": False}]
    told = page.text(".inspector")
    assert "2,921 to 7,301" in told
    assert page.page.locator(".sliding .sacked").count() == 1
    page.view("select(0)")  # whose line does not cover them
    page.settle()
    assert page.count_pixels(".panel.sequence .plot", "sack") > 50
    page.page.click(".chip[data-key=sack]")
    page.settle()
    assert page.count_pixels(".panel.sequence .plot", "sack") == 0


def test_a_block_of_what_is_acknowledged_came_twice(shown: Open, reports: Callable[..., Path]) -> None:
    page = shown(reports(FIXTURES / "loss/reordering.pcap"), "#flow=0")
    twice = page.page.evaluate("""() => {
        const c = tcpscope.page.shown.view.connection, told = c.reported(0);
        return [...told.rows.keys()].filter((at) => told.twice[at])
            .map((at) => told.high[at] <= c.ack[told.rows[at]]);
    }""")
    assert twice == [True] * TWICE
