"""The files that every page needs: the viewer's own modules and styles, and Plotly's script as it is installed."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from analyzer.errors import UsageError

# In the order in which they need each other.
MODULES = (
    "dom",
    "units",
    "ticks",
    "columns",
    "theme",
    "vocabulary",
    "words",
    "connection",
    "decimate",
    "marks",
    "sequence",
    "windows",
    "rates",
    "panel",
    "bands",
    "panels",
    "pointer",
    "brush",
    "inspector",
    "machine",
    "sliding",
    "ladder",
    "replay",
    "table",
    "tables",
    "keys",
    "cards",
    "picture",
    "view",
    "overview",
    "chart",
    "chosen",
    "listeners",
    "pairs",
    "defects",
    "page",
)
STYLES = ("base", "overview", "connection", "print")
_PLOTLY = "plotly/package_data/plotly.min.js"


@cache
def viewer_script() -> str:
    """Return the viewer's modules as one script."""
    return "\n".join(_text("viewer", f"{name}.js") for name in MODULES)


@cache
def viewer_style() -> str:
    """Return the viewer's styles."""
    return "\n".join(_text("viewer", f"{name}.css") for name in STYLES)


@cache
def plotly_script(replacement: Path | None = None) -> str:
    """Return Plotly's script, that of the installed package where none is named; raises `UsageError` without one.

    The file is read without importing the package, which would take longer than a small report.
    """
    try:
        return (replacement or plotly_path()).read_text("utf-8")
    except (OSError, UnicodeDecodeError, metadata.PackageNotFoundError) as error:
        raise UsageError(f"Plotly's script cannot be read: {error}") from error


def plotly_path() -> Path:
    """Return where the script of the installed Plotly is."""
    return Path(str(metadata.distribution("plotly").locate_file(_PLOTLY)))


def hash_source(text: str) -> str:
    """Return the source expression of a Content-Security-Policy that allows exactly this inline text (CSP 3, 2.3.1)."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _text(folder: str, name: str) -> str:
    return resources.files("analyzer.report").joinpath(folder, name).read_text("utf-8")
