"""`tcpscope check` tells cases that hold from those that differ and those that are broken."""

import shutil
from pathlib import Path

import pytest

from tests.analyzer.running import FIXTURES, tcpscope

HEAD = 'about = "refused connections"\norigin = "a fixture"\n'


@pytest.fixture
def case(tmp_path: Path) -> Path:
    shutil.copy(FIXTURES / "opening" / "refused.pcap", tmp_path / "refused.pcap")
    return tmp_path / "refused.toml"


def test_cases_that_hold_are_a_line(case: Path) -> None:
    case.write_text(f"{HEAD}[capture_facts]\npackets = 6\n")
    run = tcpscope("check", case)
    assert (run.code, run.out, run.err) == (0, "1 case: it holds\n", "")


def test_every_case_can_be_named(case: Path) -> None:
    case.write_text(f"{HEAD}[capture_facts]\npackets = 6\n")
    run = tcpscope("check", "--verbose", case)
    assert run.out == f"{case}: all 1 statements hold\n1 case: it holds\n"


def test_a_case_that_differs_says_no_and_how(case: Path) -> None:
    case.write_text(f"{HEAD}[capture_facts]\npackets = 7\n")
    run = tcpscope("check", case)
    assert run.code == 1
    assert run.out.splitlines() == [
        f"{case}: 1 difference in 1 statements", "  capture: packets: expected 7, found 6", "1 case: 0 hold, 1 differs",
    ]  # fmt: skip


def test_a_broken_case_is_wrong_usage_even_beside_one_that_differs(case: Path) -> None:
    case.write_text(f"{HEAD}[capture_facts]\npackets = 7\n")
    broken = case.with_name("broken.toml")
    broken.write_text(f'{HEAD}capture = "refused.pcap"\n[capture_facts]\npakets = 6\n')
    run = tcpscope("check", case.parent)
    assert run.code == 2
    assert "did you mean 'packets'?" in run.out
    assert run.out.splitlines()[-1] == "2 cases: 0 hold, 1 differs, 1 cannot be checked"


def test_a_folder_gives_its_cases_and_nothing_else(case: Path) -> None:
    case.write_text(f"{HEAD}[capture_facts]\npackets = 6\n")
    (case.parent / "settings.toml").write_text("line-length = 120\n")
    assert tcpscope("check", case.parent).out == "1 case: it holds\n"


def test_a_case_named_twice_is_checked_once(case: Path) -> None:
    case.write_text(f"{HEAD}[capture_facts]\npackets = 6\n")
    assert tcpscope("check", case, case).out == "1 case: it holds\n"


@pytest.mark.parametrize(("name", "words"), [("none.toml", "no such case or folder"), (".", "no case in this folder")])
def test_where_there_is_no_case_it_is_wrong_usage(name: str, words: str, tmp_path: Path) -> None:
    run = tcpscope("check", tmp_path / name)
    assert (run.code, run.out, run.err) == (2, "", f"tcpscope: {tmp_path / name}: {words}\n")


def test_the_fixtures_of_a_topic_hold() -> None:
    run = tcpscope("check", FIXTURES / "opening", FIXTURES / "formats")
    assert run.code == 0
    assert run.out.endswith(" cases: all hold\n")
