"""A figure of plotly's that offers to send nothing anywhere, however it is shown or written."""

from __future__ import annotations

from functools import cache
from typing import Any

# Plotly's own buttons upload a chart unless told otherwise: no figure of a capture leaves the machine.
CONFIG = {"showSendToCloud": False, "plotlyServerURL": "", "displaylogo": False}


def offline_figure(**parts: Any) -> Any:
    """Return a `plotly.graph_objects.Figure` whose buttons are all of this machine, and which needs no network."""
    return _figure_class()(**parts)


@cache
def _figure_class() -> Any:
    """Return the class, which cannot be made before plotly is imported."""
    import plotly.graph_objects as go
    import plotly.io

    class OfflineFigure(go.Figure):  # type: ignore[misc] # plotly ships no types
        def show(self, *args: Any, **options: Any) -> Any:
            return super().show(*args, **_offline(options))

        def to_html(self, *args: Any, **options: Any) -> str:
            return str(super().to_html(*args, **_offline(options)))

        def write_html(self, *args: Any, **options: Any) -> None:
            super().write_html(*args, **_offline(options))

        def _repr_html_(self) -> str:
            return self.to_html(full_html=False)

        def _repr_mimebundle_(
            self, include: Any = None, exclude: Any = None, validate: bool = True, **options: Any
        ) -> Any:
            return super()._repr_mimebundle_(include, exclude, validate, **_offline(options))

        def _ipython_display_(self) -> None:
            if plotly.io.renderers.render_on_display and plotly.io.renderers.default:
                self.show()
            else:
                print(repr(self))  # noqa: T201 # as plotly does where no renderer is chosen

    return OfflineFigure


def _offline(options: dict[str, Any]) -> dict[str, Any]:
    """Return plotly's options with nothing that leaves the machine."""
    return {**options, "config": {**(options.get("config") or {}), **CONFIG}}
