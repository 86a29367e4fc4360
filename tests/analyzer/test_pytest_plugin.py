"""The pytest plugin, as users meet it: cases become tests, differences become their failures."""

import sys
from pathlib import Path
from subprocess import PIPE, STDOUT, run

import pytest

from tests.drill import capture_of, read_script

SCRIPT = """
0.000  > S  0:0(0) win 64240 <mss 1460>
+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460>
+0.001 > .  1:1(0) ack 1 win 64240
"""
HOLDS = """
about = "A handshake"
origin = "made by this test"
[capture_facts]
packets = 3
[[flow]]
flow = 0
opening = "handshake"
"""
DIFFERS = HOLDS.replace("packets = 3", "packets = 4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a capture named x and a TOML file that is no case."""
    (tmp_path / "x.pcap").write_bytes(capture_of(read_script(SCRIPT)))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    return tmp_path


def pytest_in(folder: Path, *arguments: str) -> tuple[int, str]:
    """Return the exit code and the output of pytest with the plugin, installed or not."""
    register = "import sys, pytest, analyzer.pytest_plugin as p\n"
    program = register + "sys.exit(pytest.main(sys.argv[1:], plugins=[] if INSTALLED else [p]))"
    installed = "import importlib.metadata as m\n"
    installed += "INSTALLED = any(e.value == 'analyzer.pytest_plugin' for e in m.entry_points(group='pytest11'))\n"
    command = [sys.executable, "-c", installed + program, "-p", "no:cacheprovider", *arguments]
    done = run(command, cwd=folder, stdout=PIPE, stderr=STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def test_a_case_that_holds_is_a_test_that_passes(folder: Path) -> None:
    (folder / "x.toml").write_text(HOLDS)
    code, output = pytest_in(folder, "-v")
    assert code == 0, output
    assert "x.toml::x PASSED" in output
    assert "1 passed" in output


def test_a_case_that_differs_fails_with_what_was_expected_and_found(folder: Path) -> None:
    (folder / "x.toml").write_text(DIFFERS)
    code, output = pytest_in(folder)
    assert code == 1
    assert "capture: packets: expected 4, found 3" in output
    assert "Traceback" not in output
    assert "1 failed" in output


def test_a_typing_error_in_a_case_is_a_failure(folder: Path) -> None:
    (folder / "x.toml").write_text(HOLDS.replace("opening", "openign"))
    code, output = pytest_in(folder)
    assert code == 1
    assert "'openign' is unknown; did you mean 'opening'?" in output


def test_a_toml_file_named_on_the_command_line_must_be_a_case(folder: Path) -> None:
    code, output = pytest_in(folder, "pyproject.toml")
    assert code == 1
    assert "'project' is unknown" in output


def test_other_toml_files_are_left_alone(folder: Path) -> None:
    no_tests_collected = 5  # pytest.ExitCode
    assert pytest_in(folder)[0] == no_tests_collected
