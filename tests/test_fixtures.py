"""The fixtures: all of them hold, tell their origin, are few megabytes, and scripts still make their captures."""

import gzip
import lzma
from pathlib import Path

import pytest

from analyzer.cases import read_case
from analyzer.detectors import DETECTORS
from analyzer.expectations import check_case
from tests.drill import capture_of, read_script
from tests.sources import ROOT

PCAPS = ROOT / "fixtures" / "pcaps"
CASES = sorted(PCAPS.glob("*/*.toml"))
SCRIPTS = sorted(PCAPS.glob("*/*.drill"))
ENTRIES = [entry for path in CASES for entry in read_case(path).entries]
MOST_BYTES = 15 * 1024 * 1024  # of all captures; a clone stays quick
FEWEST_CASES = 40
UNPACK = {".gz": gzip.decompress, ".xz": lzma.decompress}


def name_of(path: Path) -> str:
    """Return topic/case."""
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_everything_that_a_case_states_is_found(path: Path) -> None:
    result = check_case(path)
    assert result.passed, result.report()


def test_there_are_cases_of_every_topic() -> None:
    assert len(CASES) >= FEWEST_CASES
    assert {path.parent for path in CASES} == {path for path in PCAPS.iterdir() if path.is_dir()}


@pytest.mark.parametrize("name", [detector.name for detector in DETECTORS])
def test_a_case_has_each_finding_and_another_is_without_it(name: str) -> None:
    stated = [entry for entry in ENTRIES if entry.table == "findings" and entry.columns.get("finding") == name]
    assert {entry.absent for entry in stated} == {True, False}


def test_every_capture_belongs_to_a_case() -> None:
    stated = {capture for path in CASES for capture in read_case(path).captures}
    files = {path for path in PCAPS.glob("*/*") if path.suffix not in (".toml", ".drill")}
    assert files == stated


def test_the_captures_are_small_together() -> None:
    assert sum(path.stat().st_size for path in PCAPS.rglob("*")) < MOST_BYTES


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_still_makes_the_capture_beside_it(path: Path) -> None:
    (capture,) = read_case(path.with_suffix(".toml")).captures
    unpack = UNPACK.get(capture.suffix, bytes)  # two releases of a compressor may pack differently
    assert unpack(capture.read_bytes()) == unpack(capture_of(read_script(path.read_text("utf-8"))))


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_the_case_of_a_script_says_so(path: Path) -> None:
    assert path.name in read_case(path.with_suffix(".toml")).origin
