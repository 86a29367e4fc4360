"""The README keeps its word: its commands are there, its links lead somewhere, its example runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import ROOT

README = (ROOT / "README.md").read_text("utf-8")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "benchmarks").glob("*.md"))]


def fenced(language: str = "") -> list[str]:
    """Return the blocks of code of one language in the README."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_first_command_analyzes_a_capture_of_the_project() -> None:
    setup, _, analyze = fenced()[0].strip().partition(" && ")
    program, command, capture = analyze.split()
    run = subprocess.run(
        [sys.executable, "-m", "analyzer.cli", command, capture],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (setup, program) == (".ci/setup", ".venv/bin/tcpscope")
    assert (run.returncode, run.stderr) == (0, "")
    assert "192.0.2.10" in run.stdout


def test_the_second_command_runs_the_tests() -> None:
    script = ROOT / fenced()[1].strip()
    text = script.read_text("utf-8")
    assert script.stat().st_mode & 0o111
    assert "-m pytest" in text
    assert '"$bin/pytest"' in text


def test_the_example_in_python_runs() -> None:
    code = fenced("python")[0] + "print(len(result.flows), len(result.segments(flow=0)))\n"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    # spurious-timeout.pcap holds one connection of 1500 segments (tshark -z conv,tcp).
    assert run.stdout == "1 1500\n", run.stderr


def test_every_command_of_the_readme_exists() -> None:
    named = set(re.findall(r"`tcpscope (\w+)", README))
    run = subprocess.run(
        [sys.executable, "-m", "analyzer.cli", "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    offered = set(re.findall(r"^  (\w+) ", run.stdout, re.MULTILINE))
    assert named <= offered
