"""The command line as a whole: help, version, exit codes, and how it behaves in pipes and on terminals."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from analyzer.cli import COMMANDS
from tests import captures
from tests.analyzer.running import FIXTURES, MODULE, process, started, tcpscope
from tests.conftest import COMPILED
from tests.packets import ethernet, ipv4, tcp

WHOLE = FIXTURES / "opening" / "refused.pcap"
CUT = FIXTURES / "formats" / "cut-off.pcap"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
COLOUR = re.compile(r"\x1b\[\d+m")
SYN = ethernet(ipv4(tcp(flags=0x002)))
EACH_COMMAND = pytest.mark.parametrize("name", COMMANDS)


def on_a_terminal(*arguments: str | Path, **environment: str) -> str:
    """Return what a run writes to a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    told = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    told |= {"TERM": "xterm-256color", **environment}
    quiet = subprocess.DEVNULL
    command = [*MODULE, *map(str, arguments)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=quiet, env=told) as running:
        os.close(theirs)
        written = bytearray()
        while block := _some(ours):
            written += block
        os.close(ours)
    assert running.returncode == 0
    return written.decode().replace("\r\n", "\n")


def _some(terminal: int) -> bytes:
    """Read from a terminal; Linux calls it an input/output error that the other end is closed."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def wait_until_it_reads(running: subprocess.Popen[bytes]) -> None:
    """Wait until a process sleeps in a read of its standard input: all that was written is taken."""
    assert running.stdin is not None
    descriptor = running.stdin.fileno()
    for _ in range(200):
        (waiting,) = struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4)))
        state = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()[0]
        if waiting == 0 and state == "S":
            return
        time.sleep(0.05)
    raise AssertionError("it never read everything")


def test_help_lists_every_command_and_exit_code() -> None:
    run = tcpscope("--help")
    assert run.code == 0
    assert re.findall(r"^  ([a-z]+) ", run.out, re.MULTILINE) == list(COMMANDS)
    assert re.findall(r"^    (\d)  ", run.out, re.MULTILINE) == ["0", "1", "2", "3", "4", "5"]


@EACH_COMMAND
def test_every_command_tells_how_it_is_used(name: str) -> None:
    run = tcpscope(name, "--help")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"Usage: tcpscope {name} ")


def test_no_command_is_wrong_usage_with_the_help_as_an_answer() -> None:
    run = tcpscope()
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("Usage: tcpscope ")


def test_version_says_whether_the_core_is_compiled() -> None:
    run = tcpscope("--version")
    assert run.code == 0
    assert re.fullmatch(
        rf"tcpscope \d+\.\d+\.\d+, {'compiled' if COMPILED else 'uncompiled'}, Python 3\.\S+\n", run.out
    )


@pytest.mark.parametrize("name", ["analyze", "flow", "replay"])
@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["screen", "json"])
def test_showing_a_capture_imports_no_heavy_library(name: str, arguments: list[str]) -> None:
    number = [] if name == "analyze" else ["0"]
    heavy = {"dpkt", "lz4", "numpy", "pandas", "plotly", "pyarrow", "pyshark", "rich", "zstandard"}
    code = f"""
import sys
from analyzer.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print(end.code, sorted({heavy!r} & sys.modules.keys()), file=sys.stderr)
"""
    command = [sys.executable, "-c", code, name, str(WHOLE), *number, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == "0 []\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["analyze", WHOLE], 0),
        (["analyze", FIXTURES / "handshake" / "orderly.pcap", "--fail-on", "info"], 0),
        (["analyze", CUT, "--fail-on", "truncated-capture"], 1),
        (["analyze", CUT, "--fail-on", "error"], 4),
        (["analyze", WHOLE, "--sort", "beauty"], 2),
        (["analyze", WHOLE, "--limit", "-1"], 2),
        (["analyze", WHOLE, "--json", "--sort", "bytes"], 2),
        (["analyze"], 2),
        (["analyse", WHOLE], 2),
        (["flow", WHOLE, "3"], 2),
        (["flow", WHOLE, "first"], 2),
        (["replay", WHOLE, "0", "--from", "9", "--to", "8"], 2),
        (["export", WHOLE], 2),
        (["schema", "--json", "--markdown"], 2),
        (["completion", "powershell"], 2),
        (["analyze", FIXTURES / "formats" / "nothing-in-it.toml"], 3),
        (["flow", "no-such.pcap", "0"], 3),
        (["analyze", CUT], 4),
        (["flow", CUT, "0"], 4),
        (["replay", CUT, "0"], 4),
        (["analyze", CUT, "--allow-partial"], 0),
        (["flow", CUT, "0", "--allow-partial"], 0),
        (["replay", CUT, "0", "--allow-partial"], 0),
    ],
)  # fmt: skip
def test_the_exit_code_tells_what_happened(arguments: list[str | Path], code: int) -> None:
    run = tcpscope(*arguments)
    assert run.code == code
    assert bool(run.err) == (code in (2, 3, 4) or CUT in arguments)


def test_wrong_usage_is_told_in_one_line_with_the_way_to_help() -> None:
    run = tcpscope("replay", WHOLE, "0", "--until", "3")
    assert run.out == ""
    assert run.err.splitlines()[0].startswith("tcpscope: No such option '--until'")
    assert run.err.splitlines()[1:] == ["Try 'tcpscope replay --help'."]


def test_what_cannot_be_read_is_told_in_one_line_that_names_it() -> None:
    run = tcpscope("analyze", "no-such.pcap")
    assert (run.out, run.err) == ("", "tcpscope: no-such.pcap: no such file or directory\n")


def test_a_damaged_tail_is_named_by_its_offset_and_what_was_read_is_shown() -> None:
    run = tcpscope("analyze", CUT)
    # 24 bytes of file header and nine whole records of 16 bytes and their packets end at byte 2278 of this file.
    assert run.err.startswith(f"tcpscope: {CUT} cannot be read beyond byte 2,278, after packet 9: ")
    assert run.err.count("\n") == 1
    assert "9 packets" in run.out


def test_each_of_several_damaged_files_gets_a_line(tmp_path: Path) -> None:
    other = tmp_path / "other.pcap"
    other.write_bytes(WHOLE.read_bytes()[:-5])
    run = tcpscope("analyze", CUT, other)
    assert run.code == 4
    assert [line.split()[1] for line in run.err.splitlines()] == [str(CUT), str(other)]


def test_a_reader_that_went_away_ends_it_quietly() -> None:
    with started("replay", FIXTURES / "loss" / "spurious-timeout.pcap", "0") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(4) == b"Flow"
        running.stdout.close()  # 1500 lines of 100 bytes are more than a pipe holds (64 KiB)
        assert running.wait(60) == 128 + signal.SIGPIPE
        assert running.stderr.read() == b""


def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*MODULE, "analyze", str(WHOLE)]
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (2, "tcpscope: no space left on device\n")


def test_a_closed_standard_output_is_told() -> None:
    command = ["sh", "-c", '"$@" >&-', "sh", *MODULE, "analyze", str(WHOLE)]
    run = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (2, "tcpscope: standard output is closed\n")


def test_ctrl_c_prints_what_a_pipe_gave_until_then() -> None:
    with started("analyze", "-") as running:
        assert running.stdin is not None
        running.stdin.write(captures.pcap_file([SYN]))
        running.stdin.flush()
        wait_until_it_reads(running)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGINT
    assert b"1 packet " in out
    assert err == b"tcpscope: interrupted: this is what was read until then\n"


def test_ctrl_c_ends_the_pipe_that_a_connection_is_told_from() -> None:
    with started("flow", "-", "0") as running:
        assert running.stdin is not None
        running.stdin.write(captures.pcap_file([SYN]))
        running.stdin.flush()
        wait_until_it_reads(running)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGINT
    assert out.startswith(b"Flow 0 ")
    assert err == b"tcpscope: interrupted: this is what was read until then\n"


def test_ctrl_c_before_anything_was_read_is_one_line() -> None:
    with started("analyze", "-") as running:
        wait_until_it_reads(running)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (128 + signal.SIGINT, b"", b"tcpscope: interrupted\n")


def test_sigterm_ends_it_quietly() -> None:
    with started("analyze", "-") as running:
        wait_until_it_reads(running)
        running.terminate()
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (128 + signal.SIGTERM, b"", b"")


def test_a_terminal_gets_colour_and_its_width() -> None:
    shown = on_a_terminal("analyze", FIXTURES / "opening" / "accept-queue-full.pcap")
    assert COLOUR.search(shown)
    lines = COLOUR.sub("", shown).splitlines()
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_none_gets_no_colour(variable: dict[str, str]) -> None:
    shown = on_a_terminal("analyze", WHOLE, **variable)
    assert "Connections" in shown
    assert CONTROL.search(shown) is None


@pytest.mark.parametrize("name", ["analyze", "flow", "replay"])
def test_columns_narrow_every_screen(name: str) -> None:
    number = [] if name == "analyze" else ["0"]
    run = process(name, FIXTURES / "fast-open" / "ipv6.pcap", *number, COLUMNS="60")
    assert run.code == 0
    body = run.out.splitlines()[1:]  # the first line may be the name of the file, which is not cut
    assert [line for line in body if len(line) > 60] == []


def test_an_output_of_another_encoding_gets_what_it_can_show(tmp_path: Path) -> None:
    named = tmp_path / "grün→.pcap"
    named.write_bytes(WHOLE.read_bytes())
    run = process("flow", named, "0", PYTHONIOENCODING="ascii")
    assert run.code == 0
    assert run.out.isascii()
    assert "gr\\xfcn" in run.out
    assert "192.0.2.10:35486 -> 198.51.100.20:9000" in run.out


@pytest.mark.parametrize("arguments", [["analyze"], ["analyze", "--json"], ["flow", "0"], ["replay", "0"]])
def test_no_control_character_of_a_capture_reaches_the_output(arguments: list[str], tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x9b31m\x7f\u202e"
    named = tmp_path / f"a{evil}b.pcapng"
    blocks = captures.section(comments=[evil]) + captures.interface(name=evil, description=evil)
    named.write_bytes(blocks + captures.enhanced_packet(SYN))
    run = process(arguments[0], named, *arguments[1:])
    assert run.code == 0
    assert "owned" in run.out or arguments[0] == "replay"
    assert [text for text in (run.out, run.err) if CONTROL.search(text) or "\u202e" in text] == []


def test_no_control_character_of_a_name_reaches_a_message(tmp_path: Path) -> None:
    named = tmp_path / "\x1b[31m.pcap"
    for arguments in (["analyze", named], ["check", named], ["flow", WHOLE, "\x1b[31m"], ["\x1b[31m"]):
        run = process(*arguments)
        assert run.code in (2, 3)
        assert CONTROL.search(run.err) is None


def test_a_name_that_is_no_utf_8_is_no_obstacle(tmp_path: Path) -> None:
    named = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.pcap")
    Path(named).write_bytes(WHOLE.read_bytes())
    run = process("analyze", named)
    assert run.code == 0
    assert run.out.splitlines()[0].endswith("/\\udcff.pcap")
