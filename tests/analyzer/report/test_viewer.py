"""The viewer's scripts and styles pass their linter."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.sources import ROOT

VIEWER = ROOT / "analyzer" / "report" / "viewer"
BIOME = shutil.which("biome", path=sysconfig.get_path("scripts")) or shutil.which("biome")

pytestmark = pytest.mark.skipif(BIOME is None, reason="biome is not installed")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIOME), "lint", "--colors=off", "--error-on-warnings", "."]  # its configuration is in the folder
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_scripts_and_styles_are_clean() -> None:
    linted = lint(VIEWER)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [("loose.js", "if (a == tcpscope) eval(b);\n"), ("unknown.css", "a { colour: red; }\n")],
)
def test_what_is_not_clean_is_told(name: str, text: str, tmp_path: Path) -> None:
    shutil.copy(VIEWER / "biome.json", tmp_path)
    (tmp_path / name).write_text(text, "utf-8")
    assert lint(tmp_path).returncode != 0
