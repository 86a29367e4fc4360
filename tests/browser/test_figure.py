"""A figure of Python's, as a page: its buttons are there, and none of them uploads it."""

from pathlib import Path

import analyzer
from tests.analyzer.running import FIXTURES

UPLOADING = ("cloud", "share", "edit", "studio")


def test_no_button_of_a_figure_sends_it_anywhere(browser: object, tmp_path: Path) -> None:
    figure = analyzer.analyze(FIXTURES / "loss" / "fast-retransmission.pcap").figure(flow=0)
    figure.write_html(tmp_path / "figure.html")
    page = browser.new_page()  # type: ignore[attr-defined] # playwright's
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "figure.html").as_uri())
    page.wait_for_selector(".modebar-btn", state="attached")
    titles = page.eval_on_selector_all(".modebar-btn", "(all) => all.map((each) => each.dataset.title)")
    assert "Zoom" in titles
    assert [
        title for title in titles if any(word in title.lower() for word in ("cloud", "share", "edit", "studio"))
    ] == []
    assert page.locator(".modebar a[href^=http]").count() == 0
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()
