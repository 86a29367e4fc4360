"""The overview: findings that lead to their connection, and a table that bears very many rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.report.report import write_report
from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.browser.made import many
from tests.browser.opened import Opened
from tests.fake_analysis import FakeAnalysis, FakeFinding

ROWS = "table[aria-label=Connections] tbody tr[data-row]"


@pytest.fixture
def page(shown: Open, reports: Callable[..., Path]) -> Opened:
    return shown(reports(many(50_000), "fifty thousand", pages=0))


def numbers(page: Opened) -> list[str]:
    return [str(row) for row in page.page.locator(f"{ROWS} td:nth-child(2)").all_text_contents()]


def test_fifty_thousand_connections_are_a_few_elements(page: Opened) -> None:
    assert 10 < page.page.locator(ROWS).count() < 100
    assert page.page.get_attribute("table[aria-label=Connections]", "aria-rowcount") == "50001"


def test_columns_sort_both_ways(page: Opened) -> None:
    heading = page.page.locator("table[aria-label=Connections] th button", has_text="payload")
    heading.click()
    # Connections 999, 1999, ... carry the most, 999 segments.
    assert numbers(page)[:2] == ["999", "1999"]
    heading.click()
    assert numbers(page)[:2] == ["0", "1000"]


def test_the_filter_looks_into_every_row(page: Opened) -> None:
    page.page.fill("input[type=search]", "10.0.0.7: refused")
    page.settle()
    kept = [int(number) for number in numbers(page)]
    # Client 7 has flows 6, 1005, ...; those that are refused end in 49 or 99.
    assert kept
    assert all(number % 999 == 6 and number % 50 == 49 for number in kept)


def test_scrolling_shows_the_rows_there(page: Opened) -> None:
    page.page.locator("table[aria-label=Connections] th button", has_text="#").click()
    page.page.eval_on_selector("div[aria-label=Connections]", "(box) => { box.scrollTop = 33 * 25000; }")
    page.settle()
    page.settle()
    assert "25000" in numbers(page)


def test_a_finding_leads_to_its_connection_and_frame(opened: Open, tmp_path: Path) -> None:
    write_report(FakeAnalysis(finding_list=[FakeFinding(first_frame=7)]), tmp_path / "report.html")
    page = opened(tmp_path / "report.html")
    assert "the server closed its window once" in page.text(".finding .summary")
    page.page.click(".finding a")
    page.page.wait_for_selector(".panels")
    assert page.view("selected") == 4  # frame 7 is the fifth segment


def test_the_worst_finding_stands_on_top_and_leads_to_its_first_frame(
    opened: Open, reports: Callable[..., Path]
) -> None:
    page = opened(reports(FIXTURES / "opening" / "accept-queue-full.pcap"))
    assert "1 warning. Worst: 3 of 6 connections to 198.51.100.20:8080" in page.text(".verdict")
    page.page.click(".verdict a")
    page.page.wait_for_selector(".panels")
    page.wait()
    assert page.view("connection.number") == 3  # of frame 15, the first that the finding names
    assert page.view("connection.frame[tcpscope.page.shown.view.selected]") == 15


def test_a_listener_counts_its_connections(opened: Open, reports: Callable[..., Path]) -> None:
    page = opened(reports(FIXTURES / "opening" / "accept-queue-full.pcap"))
    row = page.page.locator("table[aria-label=Listeners] tbody tr[data-row] td").all_text_contents()
    assert row[1] == "6"


def test_a_page_of_a_folder_leads_back(opened: Open, tmp_path: Path) -> None:
    write_report(FakeAnalysis(), tmp_path / "report")
    page = opened(tmp_path / "report" / "index.html")
    page.page.click(f"{ROWS} a >> nth=0")
    page.wait()
    assert "/flow-0.html" in page.page.url
    assert page.page.locator(".panel.sequence .scatterlayer path").count() > 0
    page.page.wait_for_timeout(400)  # the address follows after a moment
    page.page.click("nav a")
    page.wait()
    assert page.page.url.endswith("/index.html")
