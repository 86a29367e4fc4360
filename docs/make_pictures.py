"""Draws the pictures of the documentation from real runs: `python docs/make_pictures.py`, from the root of the project.

A command runs on a terminal of its own, and what it wrote there becomes an SVG.
"""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
COLUMNS, LINES = 132, 50
PICTURES = {
    "analyze.svg": ["analyze", "fixtures/pcaps/opening/accept-queue-full.pcap"],
    "flow.svg": ["flow", "fixtures/pcaps/opening/accept-queue-full.pcap", "3"],
    "cwnd.svg": ["cwnd", "fixtures/truth/bulk-reno-rtt40-rate20-random0.01/sender.pcap.xz", "0"],
}


def on_a_terminal(command: list[str]) -> str:
    """Return what a command writes to a terminal of our size, escape sequences and all; raises when it fails."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": str(COLUMNS)}
    environment.pop("NO_COLOR", None)
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=quiet, env=environment, cwd=ROOT)
    os.close(theirs)
    written = bytearray()
    while block := read_some(ours):
        written += block
    os.close(ours)
    if process.wait() != 0:
        raise SystemExit(f"make_pictures: {' '.join(command)} ended with exit code {process.returncode}")
    return written.decode().replace("\r\n", "\n")


def read_some(terminal: int) -> bytes:
    """Read from a terminal; nothing once the other end is closed, which Linux calls an input/output error."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def draw(arguments: list[str], path: Path) -> None:
    """Run tcpscope with these arguments and write what it shows as an SVG."""
    shown = on_a_terminal([sys.executable, "-m", "analyzer.cli", *arguments])
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi(shown), end="")
    title = f"$ tcpscope {' '.join(arguments)}"
    path.write_text(console.export_svg(title=title, unique_id=path.stem) + "\n", "utf-8")


def main() -> int:
    """Draw every picture."""
    (ROOT / "docs" / "images").mkdir(exist_ok=True)
    for name, arguments in PICTURES.items():
        draw(arguments, ROOT / "docs" / "images" / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
