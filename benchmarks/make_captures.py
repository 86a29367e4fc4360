"""Writes captures of any size, the same ones every time: `python -m benchmarks.make_captures bulk -o bulk.pcap`."""

import argparse
import sys
from pathlib import Path

from benchmarks.frames import CaptureWriter
from benchmarks.traffic import KINDS

HEADERS = 116  # bytes: Ethernet, IPv6, TCP with time stamps and three SACK blocks, rounded up

DESCRIPTION = """
bulk      40 long uploads; one flight in twenty loses segments or meets a closed window
churn     short connections of 12 segments: a request, a response, an orderly end; some lose segments, some find nobody
mix       both together, about half of the packets each
synflood  a SYN from ever new clients, never answered
holes     one connection in which every second segment is missing, with SACK
refill    the same, and in the second half the missing segments come in random order
window    one flight, all of it outstanding at once, with a SACK hole in every hundred segments, and their filling
"""


def write_capture(kind: str, path: Path, packets: int, snaplen: int, nanoseconds: bool = False) -> int:
    """Write a capture of one kind; return its size in bytes."""
    with CaptureWriter(path, snaplen, nanoseconds) as writer:
        for segments in KINDS[kind](packets):
            writer.write(segments)
    return writer.bytes_written


def main() -> int:
    """Read the arguments, write one capture."""
    parser = argparse.ArgumentParser(description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--packets", type=int, default=100_000)
    parser.add_argument("--snaplen", type=int, default=HEADERS, help=f"bytes kept of a packet ({HEADERS}: all headers)")
    parser.add_argument("--nanoseconds", action="store_true", help="time stamps in nanoseconds instead of microseconds")
    arguments = parser.parse_args()
    size = write_capture(arguments.kind, arguments.output, arguments.packets, arguments.snaplen, arguments.nanoseconds)
    print(f"{arguments.output}: {arguments.packets} packets, {size} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
