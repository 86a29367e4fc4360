"""Measures tcpscope beside what kernels knew: `python -m benchmarks.accuracy [--write docs/accuracy.md]`.

Needs tshark, whose figures stand beside ours. Without `--write` the tables are printed.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.accuracy.connections import Connections
from benchmarks.accuracy.page import PAGE_PARTS, fill, runs
from benchmarks.accuracy.retransmissions import Retransmissions
from benchmarks.accuracy.run import TAPS, Run
from benchmarks.accuracy.tap import Tap
from benchmarks.accuracy.tshark import Shark
from benchmarks.accuracy.view import View
from benchmarks.accuracy.windows import Windows

RUNS = Path(__file__).parents[2] / "fixtures" / "truth"


def measure(folders: list[Path]) -> dict[str, Tap]:
    """Return all figures by tap."""
    taps = {tap: Tap(Retransmissions(), Windows(), Connections()) for tap in TAPS}
    for folder in folders:
        print(folder.name, file=sys.stderr)
        run = Run(folder)
        for tap, figures in taps.items():
            view, shark = View(run, tap), Shark(run.capture(tap))
            figures.retransmissions.add(run, view, shark)
            figures.windows.add(run, view, shark)
            figures.connections.add(run, view)
    return taps


def main() -> None:
    """Measure and print, or write the page's generated parts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--only", default="*", metavar="GLOB", help="runs with such names")
    chosen = parser.parse_args()
    folders = sorted(RUNS.glob(chosen.only))
    taps = measure(folders)
    parts = {name: make(taps) for name, make in PAGE_PARTS.items()} | {"runs": runs(folders)}
    if chosen.write:
        chosen.write.write_text(fill(chosen.write.read_text("utf-8"), parts), "utf-8")
    else:
        print("\n".join(parts.values()))


if __name__ == "__main__":
    main()
