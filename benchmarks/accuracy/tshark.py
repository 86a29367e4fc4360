"""What tshark says of a capture: its own marks, frame by frame."""

import lzma
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

RESENT = ("retransmission", "fast_retransmission", "spurious_retransmission")
MARKS = (*RESENT, "out_of_order", "zero_window_probe", "keep_alive")


@dataclass
class Shark:
    """tshark's view of one capture: the frames that carry each mark, and the bytes in flight after each frame."""

    capture: Path
    flight: dict[int, int] = field(init=False)
    marked: dict[str, set[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Let tshark read the capture once."""
        self.marked = {mark: set() for mark in MARKS}
        self.flight = {}
        fields = [f"tcp.analysis.{mark}" for mark in MARKS]
        command = [
            "tshark",
            "-n",
            "-r",
            "-",
            "-T",
            "fields",
            "-e",
            "frame.number",
            "-e",
            "tcp.analysis.bytes_in_flight",
        ]
        command += [word for name in fields for word in ("-e", name)]
        packets = lzma.decompress(self.capture.read_bytes())
        lines = subprocess.run(command, input=packets, capture_output=True, check=True).stdout.decode().splitlines()
        for line in lines:
            frame, flight, *marks = line.split("\t")
            if flight:
                self.flight[int(frame)] = int(flight)
            for mark, cell in zip(MARKS, marks, strict=True):
                if cell:
                    self.marked[mark].add(int(frame))

    @cached_property
    def resent(self) -> set[int]:
        """The frames that tshark calls any kind of retransmission."""
        return set().union(*(self.marked[mark] for mark in RESENT))


def version() -> str:
    """Return which tshark this is."""
    said = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2]
