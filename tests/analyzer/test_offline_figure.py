"""However a figure is shown or written, none of its buttons sends it anywhere."""

import json
from pathlib import Path
from typing import Any

import plotly.io
import pytest

from analyzer.offline_figure import offline_figure

CLOUD = '"showSendToCloud": true'


@pytest.fixture
def figure() -> Any:
    return offline_figure(data=[{"y": [1, 2]}])


def test_a_page_of_it_has_the_buttons_off_and_its_script_inside(figure: Any, tmp_path: Path) -> None:
    figure.write_html(tmp_path / "figure.html", config={"showSendToCloud": True, "scrollZoom": True})
    page = (tmp_path / "figure.html").read_text("utf-8")
    assert CLOUD not in page
    assert '"showSendToCloud": false' in page
    assert '"scrollZoom": true' in page  # what else is asked for is kept
    assert "<script src=" not in page


def test_as_html_of_a_notebook_it_loads_nothing(figure: Any) -> None:
    shown = figure._repr_html_()
    assert '"showSendToCloud": false' in shown
    assert "<script src=" not in shown


def test_as_data_of_a_notebook_it_names_no_server(figure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plotly.io.renderers, "default", "plotly_mimetype")
    bundle = figure._repr_mimebundle_()
    (told,) = bundle.values()
    assert told["config"]["plotlyServerURL"] == ""
    assert told["config"]["showSendToCloud"] is False
    assert "https://" not in json.dumps(told["config"])


def test_without_a_renderer_it_is_printed(
    figure: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plotly.io.renderers, "default", "")
    figure._ipython_display_()
    assert capsys.readouterr().out.startswith("OfflineFigure(")


def test_it_is_shown_by_the_renderer_with_the_buttons_off(figure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(plotly.io, "show", lambda figure, *args, **options: shown.append(options))
    monkeypatch.setattr(plotly.io.renderers, "default", "json")
    monkeypatch.setattr(plotly.io.renderers, "render_on_display", True)
    figure._ipython_display_()
    assert shown[0]["config"]["showSendToCloud"] is False
