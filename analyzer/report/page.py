"""Pages from templates: everything that comes from a capture is escaped, and a policy lets nothing else run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from analyzer.report.assets import hash_source

if TYPE_CHECKING:
    from jinja2 import Environment

# Styles may stand in attributes: Plotly writes them. Pictures are those that the page makes itself.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob:; base-uri 'none'; "
    "form-action 'none'"
)


def page_of(title: str, data: Mapping[str, Any], scripts: list[str], style: str) -> str:
    """Return a page that is whole in itself: its data by name, its scripts and its style inside of it."""
    policy = _POLICY.format(scripts=" ".join(map(hash_source, scripts)), styles="'unsafe-inline'")
    return _render(title=title, data=data, policy=policy, scripts=scripts, style=style, folder=False)


def page_of_folder(title: str, data: Mapping[str, Any], scripts: list[str], style: str) -> str:
    """Return a page of a folder, beside which scripts and style stand as files of these names.

    A policy cannot allow a file beside the page by its hash; it allows the folder's own.
    """
    policy = _POLICY.format(scripts="'self' file:", styles="'self' file: 'unsafe-inline'")
    return _render(title=title, data=data, policy=policy, scripts=scripts, style=style, folder=True)


def _render(**values: Any) -> str:
    return str(_environment().get_template("page.html").render(**values))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("analyzer.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
