"""One packet's full dissection by Wireshark, through pyshark in a process of its own.

pyshark runs an event loop, warns, and leaves tasks behind when it fails; none of that reaches this process.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from analyzer.capture.open import open_bytes
from analyzer.capture.stored import BLOCK_BYTES, StreamDamage
from analyzer.crosscheck.tshark import Readable, find_tshark, own_profile
from analyzer.errors import ToolError, UsageError

CHILD = "analyzer.crosscheck.pyshark_process"
NO_FRAME = 10  # the exit code of the child that read the whole capture and did not come to the frame


def dissection(source: Readable, frame: int) -> str:
    """Return the dissection of a frame as text, a field a line.

    Raises `UsageError` where there is no such frame, `ToolError` where tshark or pyshark fail.
    """
    program = find_tshark()
    with tempfile.TemporaryDirectory(prefix="tcpscope-") as folder, own_profile() as environment:
        path = _inflated(source, Path(folder))
        run = subprocess.run(
            [sys.executable, "-m", CHILD, program, path, str(frame)],
            capture_output=True,
            env=environment | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore"},
            check=False,
        )
    if run.returncode == NO_FRAME:
        raise UsageError(f"there is no frame {frame}: the capture has fewer")
    if run.returncode != 0:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ToolError(f"pyshark: {lines[-1] if lines else f'ended with exit code {run.returncode}'}")
    return run.stdout.decode("utf-8", "replace")


def _inflated(source: Readable, folder: Path) -> str:
    """Return the path of a capture that is a plain file: pyshark wants one."""
    stream, head = open_bytes(source)
    try:
        if stream.compression is None and isinstance(source, str):
            return str(Path(source).resolve())
        path = folder / "capture"
        block = memoryview(bytearray(BLOCK_BYTES))
        with path.open("wb") as file:
            file.write(head)
            try:
                while count := stream.fill(block):
                    file.write(block[:count])
            except StreamDamage:
                pass  # what stands before the damage is there; `analyze` tells about it
        return str(path)
    finally:
        stream.close()
