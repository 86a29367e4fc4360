"""Progress is silent at first, a bar on a terminal, lines elsewhere."""

import io

import pytest

from analyzer.progress import LINE_EVERY_S, QUIET_S, Progress


class Terminal(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now_s = [100.0]
    monkeypatch.setattr("analyzer.progress.time.monotonic", lambda: now_s[0])
    return now_s


def test_a_terminal_sees_nothing_in_the_first_second(clock: list[float]) -> None:
    file = Terminal()
    with Progress(file) as shown:
        clock[0] += QUIET_S - 0.01
        shown(1_000, 2_000)
    assert file.getvalue() == ""


def test_a_terminal_sees_a_bar_with_bytes_and_it_vanishes(clock: list[float]) -> None:
    file = Terminal()
    with Progress(file) as shown:
        clock[0] += QUIET_S
        shown(1_000_000, 2_000_000)
        assert "1.0/2.0 MB" in file.getvalue()
        drawn = len(file.getvalue())
    # It ends by going up and erasing the line (ECMA-48 CUU and EL).
    assert file.getvalue()[drawn:].endswith("\x1b[1A\x1b[2K")


def test_a_pipe_on_a_terminal_has_a_bar_without_an_end(clock: list[float]) -> None:
    file = Terminal()
    with Progress(file) as shown:
        clock[0] += QUIET_S
        shown(1_000_000, None)
    assert "1.0/? MB" in file.getvalue()


def test_a_bar_is_not_drawn_more_often_than_the_eye_sees(clock: list[float]) -> None:
    file = Terminal()
    with Progress(file) as shown:
        clock[0] += QUIET_S
        shown(1_000_000, 9_000_000)
        drawn = file.getvalue()
        clock[0] += 0.05
        shown(5_000_000, 9_000_000)
        assert file.getvalue() == drawn


def test_elsewhere_there_is_a_line_every_ten_seconds(clock: list[float]) -> None:
    file = io.StringIO()
    with Progress(file) as shown:
        for _ in range(25):  # 25 s
            clock[0] += LINE_EVERY_S / 10
            shown(500_000, 2_000_000)
    assert file.getvalue() == "tcpscope: 500 kB of 2.00 MB read (25 %)\n" * 2


def test_of_a_pipe_a_line_tells_the_bytes_alone(clock: list[float]) -> None:
    file = io.StringIO()
    with Progress(file) as shown:
        clock[0] += LINE_EVERY_S
        shown(500_000, None)
    assert file.getvalue() == "tcpscope: 500 kB read\n"


def test_a_bar_that_was_cleared_comes_back(clock: list[float]) -> None:
    file = Terminal()
    with Progress(file) as shown:
        clock[0] += QUIET_S
        shown(1_000_000, 2_000_000)
        shown.clear()
        drawn = len(file.getvalue())
        clock[0] += QUIET_S
        shown(2_000_000, 2_000_000)
        assert "2.0/2.0 MB" in file.getvalue()[drawn:]
