"""What tshark says about every frame: one pass over the capture, read while tshark writes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from analyzer.capture.open import open_bytes
from analyzer.capture.stored import BLOCK_BYTES, ByteStream, StreamDamage
from analyzer.crosscheck.labels import FLAGS, Label, Mark
from analyzer.errors import ToolError
from reconstruct.seq import UNKNOWN

PROGRAM = "tshark"
# Preferences that change what `tcp.analysis` says, as Wireshark ships them.
PREFERENCES = (
    "tcp.analyze_sequence_numbers:TRUE",
    "tcp.fastrt_supersedes_ooo:TRUE",
    "tcp.check_checksum:FALSE",
    "ip.defragment:TRUE",
    "ipv6.defragment:TRUE",
)
Readable = str | bytes | BinaryIO  # a capture that can be read from its start
_NS_PER_S = 1_000_000_000
_NUMBERS = ("frame.number", "tcp.stream", "tcp.len", "tcp.window_size_value", "tcp.analysis.initial_rtt")
_OTHERS = ("tcp.analysis.reused_ports", "tcp.options.mptcp.subtype", *(mark.field for mark in Mark))
_FIELDS = (*_NUMBERS, *(label.field for label in FLAGS), *_OTHERS)
# Of what tshark writes on standard error, what says nothing about the capture.
_NOISE = ("Running as user", "This could be dangerous")
_MESSAGE_BYTES = 4096  # of its standard error that are looked at


@dataclass(frozen=True)
class Opinion:
    """What tshark says about one frame.

    `streams` are the numbers of its TCP layers, empty for a frame without one; `len` bytes and `window` (as sent) of
    the last of them, `first_rtt_ns` the round trip of the handshake, `UNKNOWN` where tshark knows none.
    """

    frame: int
    streams: tuple[int, ...]
    len: int
    window: int
    first_rtt_ns: int
    label: Label
    marks: frozenset[Mark]
    reused_ports: bool
    mptcp: bool


class Tshark:
    """A run of tshark over a capture. Iterate over it; then `message` holds what it complained about."""

    def __init__(self, source: Readable) -> None:
        """Take the capture, which is read when the iteration begins; raises `ToolError` where there is no tshark."""
        self._source = source
        self._program = find_tshark()
        self.message = ""

    def __iter__(self) -> Iterator[Opinion]:
        """Yield the opinion on each frame in order; raises `ToolError` where tshark fails on the very first."""
        command = [self._program, "-n", *preferences(), "-r", "-", "-T", "fields", "-E", "occurrence=a"]
        command += [word for field in _FIELDS for word in ("-e", field)]
        frames = 0
        with own_profile() as environment, tempfile.TemporaryFile() as complaints:
            with fed(self._source, command, environment, complaints) as process:
                for line in process.stdout or ():
                    frames += 1
                    yield _opinion(line.decode("ascii", "replace"))
            self.message = said(complaints)
        if frames == 0 and self.message:
            raise ToolError(f"{PROGRAM}: {self.message}")


def find_tshark() -> str:
    """Return the path of tshark; raises `ToolError` where it is not installed."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise ToolError("tshark, Wireshark's command line, is not installed, or not on the PATH (package: tshark)")
    return found


def tshark_version() -> str:
    """Return the version of tshark, as it prints it."""
    with own_profile() as environment:
        run = subprocess.run([find_tshark(), "--version"], capture_output=True, env=environment, check=False)
    words = run.stdout.decode("utf-8", "replace").split("\n", 1)[0].split()
    return next((word.rstrip(".") for word in words if word[:1].isdecimal()), "of an unknown version")


def preferences() -> list[str]:
    """Return the options that set what a user may have set otherwise."""
    return [word for preference in PREFERENCES for word in ("-o", preference)]


@contextmanager
def own_profile() -> Iterator[dict[str, str]]:
    """Yield an environment for tshark without anybody's preferences, filters, plugins and colours."""
    with tempfile.TemporaryDirectory(prefix="tcpscope-") as folder:
        yield {**os.environ, "LC_ALL": "C", "WIRESHARK_CONFIG_DIR": folder, "HOME": folder, "XDG_CONFIG_HOME": folder}


@contextmanager
def fed(
    source: Readable, command: list[str], environment: dict[str, str], errors: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a program that is given the capture, inflated, on its standard input; it is stopped at the end."""
    stream, head = open_bytes(source)
    if stream.compression is None and not isinstance(source, bytes):  # some formats are not read from pipes
        stream.close()
        with (
            _from_start(source) as file,
            subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=errors, env=environment) as process,
            _stopping(process),
        ):
            yield process
        return
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
    ) as process:
        feeder = threading.Thread(target=_feed, args=(stream, head, process.stdin), daemon=True)
        feeder.start()
        try:
            with _stopping(process):
                yield process
        finally:
            feeder.join()
            stream.close()


@contextmanager
def _from_start(source: str | BinaryIO) -> Iterator[BinaryIO]:
    """Yield a capture as a file that stands at its start."""
    if isinstance(source, str):
        with Path(source).open("rb") as file:
            yield file
    else:
        source.seek(0)
        yield source


@contextmanager
def _stopping(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Wait for a program that was read to its end; stop one whose reader has gone before."""
    try:
        yield
        process.wait()
    finally:
        process.kill()


def _feed(stream: ByteStream, head: bytes, target: IO[bytes]) -> None:
    """Write a capture to a program; where it breaks, or the program has ended, there is no more to write."""
    block = memoryview(bytearray(BLOCK_BYTES))
    try:
        with target:
            target.write(head)
            while count := stream.fill(block):
                target.write(block[:count])
    except (BrokenPipeError, StreamDamage):
        return


def said(complaints: IO[bytes]) -> str:
    """Return what a program complained about, in one line."""
    complaints.seek(0)
    lines = complaints.read(_MESSAGE_BYTES).decode("utf-8", "replace").splitlines()
    told = [" ".join(line.split()) for line in lines if line.strip() and not line.startswith(_NOISE)]
    return " ".join(line.removeprefix(f"{PROGRAM}: ") for line in told)


def _opinion(line: str) -> Opinion:
    """Return the opinion in one line of fields."""
    cells = line.rstrip("\r\n").split("\t")
    labels = cells[len(_NUMBERS) : len(_NUMBERS) + len(FLAGS)]
    reused, mptcp, *marks = cells[len(_NUMBERS) + len(FLAGS) :]
    return Opinion(
        frame=int(cells[0]),
        streams=tuple(int(number) for number in cells[1].split(",") if number),
        len=_last(cells[2]),
        window=_last(cells[3]),
        first_rtt_ns=_nanoseconds(cells[4]),
        label=next((label for label, cell in zip(FLAGS, labels, strict=True) if cell), Label.NONE),
        marks=frozenset(mark for mark, cell in zip(Mark, marks, strict=True) if cell),
        reused_ports=bool(reused),
        mptcp=bool(mptcp),
    )


def _last(cell: str) -> int:
    """Return the last of the numbers in a cell."""
    text = cell.rsplit(",", 1)[-1]
    return int(text) if text else UNKNOWN


def _nanoseconds(cell: str) -> int:
    """Return the last time of a cell, which is in seconds with nine decimals, in ns."""
    whole, _, fraction = cell.rsplit(",", 1)[-1].partition(".")
    return int(whole) * _NS_PER_S + int(fraction.ljust(9, "0")[:9]) if whole else UNKNOWN
