"""Runs the command line for tests: in this process where only the answer matters, else in one of its own."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.cli import main
from tests.sources import ROOT

FIXTURES = ROOT / "fixtures" / "pcaps"
MODULE = [sys.executable, "-m", "analyzer.cli"]


@dataclass(frozen=True)
class Run:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return standard output as JSON."""
        return json.loads(self.out)


def tcpscope(*arguments: str | Path) -> Run:
    """Run the command line in this process, without a terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Run(code, _written(out), _written(err))


def _written(file: io.TextIOWrapper) -> str:
    """Return what was written to a file in memory."""
    file.flush()
    assert isinstance(file.buffer, io.BytesIO)
    return file.buffer.getvalue().decode()


def process(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Run:
    """Run the command line in a process of its own, with bytes on its standard input."""
    run = subprocess.run(
        [*MODULE, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=os.environ | environment,
        timeout=60,
        check=False,
    )
    return Run(run.returncode, run.stdout.decode(), run.stderr.decode())


@contextlib.contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command line with pipes for all three streams; it is killed where it does not end."""
    pipe = subprocess.PIPE
    with subprocess.Popen([*MODULE, *map(str, arguments)], stdin=pipe, stdout=pipe, stderr=pipe) as running:
        try:
            yield running
        finally:
            running.kill()
