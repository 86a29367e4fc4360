"""The viewer's files: all of them are used, they are short, and nothing in them can run text of a capture."""

import re
from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.report import assets
from tests.sources import ROOT
from tests.test_style import LONGEST_FILE, LONGEST_LINE, LOOSE_ENDS

VIEWER = ROOT / "analyzer" / "report" / "viewer"
FILES = sorted(VIEWER.iterdir())
# What would parse or run text, or speak to the network.
FORBIDDEN = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\bfetch\(|"
                       r"XMLHttpRequest|WebSocket|sendBeacon|https?://(?!www\.w3\.org/2000/svg)")  # fmt: skip


def name_of(path: Path) -> str:
    return path.name


def test_every_module_and_style_is_in_the_page() -> None:
    assert {path.stem for path in FILES if path.suffix == ".js"} == set(assets.MODULES)
    assert {path.stem for path in FILES if path.suffix == ".css"} == set(assets.STYLES)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_lines_are_short(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE
    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []
    assert LOOSE_ENDS.findall("\n".join(lines)) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".js"], ids=name_of)
def test_a_module_opens_with_what_it_is_for_and_runs_no_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("// ")
    assert FORBIDDEN.findall(text) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".js"], ids=name_of)
def test_every_colour_of_a_module_is_in_the_styles(path: Path) -> None:
    styles = (VIEWER / "base.css").read_text("utf-8")
    asked = set(re.findall(r'colour(?:: |\()"([a-z0-9-]+)"', path.read_text("utf-8")))
    # Once for a light page, once for a dark one.
    assert {name for name in asked if len(re.findall(rf"--{name}: ", styles)) != 2} == set()


def test_plotly_is_the_installed_one_and_can_stand_in_a_page() -> None:
    script = assets.plotly_script()
    assert "plotly.js v" in script[:200]
    assert "</script" not in script
    assert "\r" not in script  # a browser would read another character, and the hash would not fit


def test_another_script_can_be_named(tmp_path: Path) -> None:
    other = tmp_path / "plotly-basic.min.js"
    other.write_text("var Plotly;", "utf-8")
    assert assets.plotly_script(other) == "var Plotly;"


def test_a_script_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Plotly's script cannot be read"):
        assets.plotly_script(tmp_path / "none.js")


def test_the_hash_is_that_of_the_policy() -> None:
    # printf '' | openssl dgst -sha256 -binary | base64
    assert assets.hash_source("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
