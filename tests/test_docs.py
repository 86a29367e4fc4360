"""The documentation says what the code does: generated parts are up to date, examples are read, pages are linked."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.cases import read_case
from analyzer.cli import COMMANDS
from analyzer.statements import Statement
from tests.sources import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
MARK = re.compile(r"^<!-- (begin|end) (.+) -->$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)")
CASES = re.findall(r"^```toml\n(.*?)^```$", (DOCS / "expectations.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
HEAD = 'about = "an example"\norigin = "the documentation"\n'


def make_pages(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the generator."""
    command = [sys.executable, str(DOCS / "make_pages.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_no_page_differs_from_the_code() -> None:
    run = make_pages("--check")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", ""), "run `python docs/make_pages.py`"


def test_a_page_that_differs_is_named_and_written_again(tmp_path: Path) -> None:
    page = tmp_path / "tables.md"
    true = (DOCS / "tables.md").read_text("utf-8")
    page.write_text(true.replace("| `flow` | integer |", "| `flow` | text |", 1), "utf-8")
    check = make_pages("--check", page)
    assert (check.returncode, check.stdout) == (1, f"{page}: differs from the code\n")
    assert page.read_text("utf-8") != true
    assert make_pages(page).returncode == 0
    assert page.read_text("utf-8") == true


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_generated_part_begins_and_ends(page: Path) -> None:
    marks = MARK.findall(page.read_text("utf-8"))
    assert [word for word, _ in marks] == ["begin", "end"] * (len(marks) // 2)
    assert [name for _, name in marks[::2]] == [name for _, name in marks[1::2]]


def test_every_page_is_linked_from_the_index() -> None:
    linked = set(LINK.findall((DOCS / "README.md").read_text("utf-8")))
    assert {page.name for page in PAGES} - {"README.md"} - linked == set()


def test_there_are_examples_of_cases() -> None:
    assert len(CASES) > 1


@pytest.mark.parametrize("text", CASES)
def test_every_example_of_a_case_is_one_that_tcpscope_reads(text: str, tmp_path: Path) -> None:
    (tmp_path / "example.pcap").touch()
    case = tmp_path / "example.toml"
    case.write_text(text if text.startswith("about") else HEAD + text, "utf-8")
    assert [Statement(entry).said for entry in read_case(case).entries]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    blocks = "".join(text.split("```")[1::2])
    named = re.findall(r"`tcpscope ([a-z]+)", text) + re.findall(r"(?:^|\| )tcpscope ([a-z]+)", blocks, re.MULTILINE)
    assert set(named) - set(COMMANDS) == set()
