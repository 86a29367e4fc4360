"""A browser for the tests of one module, and pages in it that report every message and every request."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import analyzer
from analyzer.report.report import Wishes, write_report
from tests.browser.opened import Opened

CHROMIUM = shutil.which("chromium")
Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium; each module has its own, so that its event loop is gone before other tests run."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """Return a function that opens a report; at the end no page may have said or asked for anything."""
    pages: list[Opened] = []

    def open_page(path: Path, address: str = "", **options: Any) -> Opened:
        page = Opened(browser, path, address, **options)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
        assert page.problems == []


@pytest.fixture(scope="module")
def kept_pages(browser: Any) -> Iterator[dict[Path, Opened]]:
    """Keep pages open for all tests of a module: reading Plotly's script is most of what a page takes."""
    pages: dict[Path, Opened] = {}
    yield pages
    for page in pages.values():
        page.close()


@pytest.fixture
def shown(browser: Any, kept_pages: dict[Path, Opened]) -> Iterator[Open]:
    """Return a function that shows an address of a report, as `opened` does, in a page that is kept."""

    def show(path: Path, address: str = "") -> Opened:
        if path not in kept_pages:
            kept_pages[path] = Opened(browser, path, address)
        else:
            kept_pages[path].restart(address)
        return kept_pages[path]

    yield show
    for page in kept_pages.values():
        assert page.problems == []


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that writes a report once a module: on an analysis, or on a capture by its path."""
    made: dict[str, Path] = {}

    def report(what: Any, name: str = "", **wishes: Any) -> Path:
        key = name or str(what)
        if key not in made:
            analysis = analyzer.analyze(what) if isinstance(what, str | Path) else what
            made[key] = tmp_path_factory.mktemp("report") / "report.html"
            write_report(analysis, made[key], Wishes(**wishes))
        return made[key]

    return report
