"""The measures that keep the code readable: length of lines, functions and files, and no loose ends."""

import ast
import re
import statistics
from pathlib import Path

import pytest

from tests.sources import OUR_FOLDERS, PACKAGES, ROOT, functions_of, lines_of, python_files, tree_of

LONGEST_LINE = 120  # columns
LONGEST_FUNCTION = 60  # lines
LONGEST_FILE = 400  # lines
MEDIAN_FUNCTION = 10  # lines; half of the functions are shorter

OURS = python_files(*OUR_FOLDERS)
TEXTS = [
    *OURS,
    *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.pxd"))),
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "pyproject.toml",
]
# Words that promise work which was not done; spelled so that this file does not hold them.
LOOSE_ENDS = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|NotImplemented[E]rror)\b")
# Folders of one developer's machine, and registries that a mirror may replace.
LOCAL_PATHS = re.compile(r"(?<![\w.)}\]])/(?:home|root|work|Users)/\w|\.\./s[h]ared")
# An exception for mypy, ruff or coverage, and one that is followed by its reason.
EXCEPTION = re.compile(r"#\s*(?:type: ignore|noqa|pragma: no)\b")
WITH_REASON = re.compile(r"#\s*(?:type: ignore\[[\w, -]+\]|noqa: [A-Z0-9, ]+|pragma: no \w+)\s*#\s*\w")
REGISTRIES = re.compile(r"https?://(?:pypi\.org/simple|files\.pythonhosted\.org|test\.pypi\.org)")


def relative(path: Path) -> str:
    """Name a file as seen from the root of the project."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix != ".md"], ids=relative)
def test_lines_are_not_too_long(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_files_and_functions_are_short(path: Path) -> None:
    tree = tree_of(path)
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE
    too_long = {function.name: lines_of(function) for function in functions_of(tree)}
    assert {name: lines for name, lines in too_long.items() if lines > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_half_of_the_functions_are_shorter_than_ten_lines(package: str) -> None:
    lengths = [lines_of(function) for path in python_files(package) for function in functions_of(tree_of(path))]
    assert statistics.median(lengths) < MEDIAN_FUNCTION


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_nothing_is_left_for_later(path: Path) -> None:
    assert LOOSE_ENDS.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_no_file_names_a_machine_or_a_registry(path: Path) -> None:
    text = path.read_text("utf-8")
    assert LOCAL_PATHS.findall(text) + REGISTRIES.findall(text) == []


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_every_module_opens_with_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_every_exception_for_a_tool_has_its_reason(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert [line.strip() for line in lines if EXCEPTION.search(line) and not WITH_REASON.search(line)] == []
