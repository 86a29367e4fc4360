"""The views of listeners, ports and pools: a table, and the chosen row over the time of the capture."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES
from tests.browser.conftest import Open
from tests.browser.opened import Opened

ADDRESS = "198.51.100.20:8080"


@pytest.fixture
def page(shown: Open, reports: Callable[..., Path]) -> Opened:
    return shown(reports(FIXTURES / "opening" / "accept-queue-full.pcap"))


@pytest.mark.parametrize(("view", "charts"), [("listeners", 2), ("ports", 1), ("pools", 1)])
def test_the_busiest_is_drawn_over_the_time(page: Opened, view: str, charts: int) -> None:
    drawn = page.page.locator(f"#{view} .timeline svg")
    assert drawn.count() == charts
    assert "6" in str(drawn.last.locator("..").text_content())  # six connections were open at once
    assert page.page.locator(f"#{view} tr.current").count() == 1


def test_a_button_filters_the_connections(page: Opened) -> None:
    page.page.click("#ports button:has-text('Show its connections')")
    assert page.page.input_value("input[type=search]") == f"192.0.2.10 {ADDRESS}"
    assert "6 of 6" in page.text("#connections h2")
