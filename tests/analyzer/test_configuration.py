"""Thresholds come from flags over the environment over the nearest file; what is wrong is told in one line."""

from pathlib import Path

import pytest

from analyzer.configuration import DEFAULT, configured
from analyzer.errors import UsageError
from analyzer.settings import Settings

NAME, VARIABLE = "close_wait_s", "TCPSCOPE_CLOSE_WAIT_S"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder two below the temporary one."""
    inner = tmp_path / "project" / "captures"
    inner.mkdir(parents=True)
    return inner


def test_without_anything_every_threshold_has_its_default(folder: Path) -> None:
    chosen = configured([], folder, {})
    assert chosen.settings == Settings()
    assert set(chosen.origins.values()) == {DEFAULT}


def test_a_flag_wins_over_the_environment_and_that_over_a_file(folder: Path) -> None:
    file = folder / "tcpscope.toml"
    file.write_text("close_wait_s = 1\nstale_idle_s = 2\nnagle_least = 3.5\n")
    chosen = configured([f"{NAME}=7"], folder, {VARIABLE: "5", "TCPSCOPE_STALE_IDLE_S": "6"})
    settings = chosen.settings
    assert (settings.close_wait_s, settings.stale_idle_s, settings.nagle_least) == (7, 6, 3.5)
    origins = [chosen.origins[name] for name in (NAME, "stale_idle_s", "nagle_least", "churn_rate")]
    assert origins == ["--set", "TCPSCOPE_STALE_IDLE_S", str(file), DEFAULT]


def test_of_two_flags_for_one_threshold_the_later_wins(folder: Path) -> None:
    assert configured([f"{NAME}=7", f"{NAME}=8"], folder, {}).settings.close_wait_s == 8


def test_the_nearest_file_counts_alone(folder: Path) -> None:
    (folder.parent / "tcpscope.toml").write_text("close_wait_s = 1\nstale_idle_s = 2\n")
    (folder / "pyproject.toml").write_text("[tool.tcpscope]\nclose_wait_s = 3\n")
    settings = configured([], folder, {}).settings
    assert (settings.close_wait_s, settings.stale_idle_s) == (3, Settings().stale_idle_s)


def test_a_project_without_our_table_is_passed_over(folder: Path) -> None:
    (folder.parent / "tcpscope.toml").write_text("close_wait_s = 1\n")
    (folder / "pyproject.toml").write_text("[tool.ruff]\nline-length = 99\n")
    assert configured([], folder, {}).settings.close_wait_s == 1


def test_in_one_folder_the_file_of_our_own_counts(folder: Path) -> None:
    (folder / "tcpscope.toml").write_text("close_wait_s = 1\n")
    (folder / "pyproject.toml").write_text("[tool.tcpscope]\nclose_wait_s = 3\n")
    assert configured([], folder, {}).settings.close_wait_s == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("close_wait = 1", "there is no threshold 'close_wait'; did you mean close_wait_s?"),
        ("colour = 1", "there is no threshold 'colour'; `tcpscope --show-config` names all"),
        ("close_wait_s = '1'", "close_wait_s is a number, not '1'"),
        ("close_wait_s = true", "close_wait_s is a number, not True"),
        ("close_wait_s = nan", "close_wait_s is a number, not nan"),
        ("close_wait_s = inf", "close_wait_s is 0 or more, not inf"),
        ("close_wait_s = -1", "close_wait_s is 0 or more, not -1"),
        ("loss_warning_share = 2", "loss_warning_share is from 0 to 1, not 2"),
        ("close_wait_s =", "is no TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_path(folder: Path, text: str, words: str) -> None:
    (folder / "tcpscope.toml").write_text(text)
    with pytest.raises(UsageError) as told:
        configured([], folder, {})
    assert str(told.value).startswith(str(folder / "tcpscope.toml"))
    assert words in str(told.value)


def test_a_table_of_ours_that_is_no_table_is_refused(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool]\ntcpscope = 1\n")
    with pytest.raises(UsageError, match=r"tool\.tcpscope is a table of thresholds"):
        configured([], folder, {})


@pytest.mark.parametrize("value", ["", "much", "1,5"])
def test_what_is_no_number_in_the_environment_is_told_with_its_variable(folder: Path, value: str) -> None:
    with pytest.raises(UsageError, match=f"{VARIABLE}: close_wait_s is a number, not '{value}'"):
        configured([], folder, {VARIABLE: value})


def test_a_misspelled_variable_is_told_and_a_foreign_one_let_be(folder: Path) -> None:
    with pytest.raises(UsageError, match=f"did you mean {VARIABLE}"):
        configured([], folder, {"TCPSCOPE_CLOSE_WAITS": "1"})
    assert configured([], folder, {"TCPSCOPE_IMAGE": "x:1"}).settings == Settings()


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("close_wait_s", "a threshold is set as NAME=VALUE"),
        ("close_wait_s=x", "is a number, not 'x'"),
        ("close=1", "there is no threshold 'close'"),
    ],
)
def test_what_is_wrong_with_a_flag_is_told(folder: Path, flag: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        configured([flag], folder, {})
