"""Opening: any source, any format by its first bytes, and one clear line where there is nothing to read."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.capture.open import open_capture
from analyzer.errors import EXIT_UNREADABLE, CaptureError
from tests.analyzer.capture.reading import Trickle, read_whole
from tests.captures import pcap_file, pcapng_file

FRAMES = [b"one", b"two"]
CAPTURE = pcap_file(FRAMES)


def test_a_capture_may_be_a_path_or_its_name_or_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(CAPTURE)
    for source, name in ((path, str(path)), (str(path), str(path)), (CAPTURE, "<bytes>")):
        reading = read_whole(source)
        assert (reading.reader.name, reading.frames) == (name, FRAMES)


def test_a_file_object_is_named_by_its_name_or_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "named.pcap"
    path.write_bytes(CAPTURE)
    with path.open("rb") as file:
        assert read_whole(file).reader.name == str(path)
    assert read_whole(io.BytesIO(CAPTURE)).reader.name == "<BytesIO>"
    with os.fdopen(os.open(path, os.O_RDONLY), "rb") as numbered:  # its name is a number
        assert read_whole(numbered).reader.name == "<BufferedReader>"


@pytest.mark.parametrize("data", [CAPTURE, pcapng_file(FRAMES)], ids=["pcap", "pcapng"])
def test_a_dash_is_standard_input(data: bytes) -> None:
    program = (
        "from analyzer.capture.open import open_capture; from analyzer.capture.batch import PacketBatch\n"
        "reader, batch = open_capture('-'), PacketBatch()\n"
        "print(reader.name, reader.next_batch(batch), batch.count, reader.next_batch(batch), reader.damage)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, check=True)
    assert run.stdout.decode() == "standard input True 2 False None\n"


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CaptureError, match=r"^standard input: is closed$"):
        open_capture("-")


def test_a_file_that_is_opened_is_closed_again(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(CAPTURE)
    bad.write_bytes(b"no capture at all")
    before = len(list(Path("/dev/fd").iterdir()))
    open_capture(good).close()
    with pytest.raises(CaptureError):
        open_capture(bad)
    assert len(list(Path("/dev/fd").iterdir())) == before


CONVERT = "captures are not read; convert it with: editcap -F pcapng"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xd4\xc3\xb2", "3 bytes are too few for a capture"),
        (b"Once upon a time\n", "not a capture: neither pcap nor pcapng nor snoop"),
        (bytes(100), "not a capture: neither pcap nor pcapng nor snoop"),
        (b"GMBU\0\0", f"Microsoft Network Monitor 2 {CONVERT}"),
        (b"RTSS\0\0", f"Microsoft Network Monitor 1 {CONVERT}"),
        (b"TRSNIFF data    \x1a", f"Sniffer {CONVERT}"),
        (b"snoop\0\0", "not a capture: neither pcap nor pcapng nor snoop"),
    ],
)
def test_what_is_no_capture_is_told_in_one_line(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(data)
    for source, name in ((path, str(path)), (Trickle(data), "<Trickle>")):
        with pytest.raises(CaptureError) as raised:
            open_capture(source)  # type: ignore[arg-type]  # has `read` only
        assert str(raised.value) == f"{name}: {reason}"
        assert raised.value.exit_code == EXIT_UNREADABLE


def test_a_directory_a_missing_file_and_a_nul_are_told(tmp_path: Path) -> None:
    for source, reason in ((tmp_path, "is a directory"), (tmp_path / "none", "no such file or directory")):
        with pytest.raises(CaptureError) as raised:
            open_capture(source)
        assert str(raised.value) == f"{source}: {reason}"
    with pytest.raises(CaptureError, match=r"^a\\x00b: embedded null byte$"):
        open_capture("a\0b")


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")  # a superuser, who may run the tests, is never refused

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(CaptureError, match=r"x\.pcap: permission denied$"):
        open_capture(tmp_path / "x.pcap")


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\nb", "-rf", "100%s", "caf\udce9"])
def test_a_file_name_is_accepted_and_shown_escaped(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CAPTURE)
    reading = read_whole(path)
    assert reading.frames == FRAMES
    assert reading.reader.name.isprintable()
