"""Prints what the report costs: `python -m benchmarks.report --tcpscope .venv/bin/tcpscope`.

CPU time of `tcpscope report` as multiples of that of `tcpscope analyze` on the same captures, of 200 connections each;
and how large the page of a million segments is, how long it takes to be drawn, and to answer a zoom in Chromium.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analyzer.report.assets import plotly_path
from benchmarks.compare import rotated

CONNECTIONS = 200
KINDS = {"short": 12_000, "long": 60_000}  # segments of all connections together
LIMIT_S = 120.0
PAGES = {"a thousand": 1_000, "a million": 1_000_000}  # segments, of which one is sent again
ZOOMS = 9  # of which the slowest and the median are told


def capture_of(kind: str, folder: Path) -> Path:
    """Write a capture of 200 connections, in a process of its own that may use NumPy."""
    path = folder / f"{kind}.pcap"
    if not path.exists():
        subprocess.run([sys.executable, "-c", _WRITE, str(path), str(KINDS[kind])], check=True)
    return path


_WRITE = f"""
import pathlib, sys
from benchmarks import frames, make_captures, traffic
with frames.CaptureWriter(pathlib.Path(sys.argv[1]), make_captures.HEADERS, False) as writer:
    for segments in traffic.bulk(int(sys.argv[2]), connections={CONNECTIONS}):
        writer.write(segments)
"""
# What any program would take for the script alone: read it, hash it, write it.
_SCRIPT = """
import hashlib, pathlib, sys
text = pathlib.Path(sys.argv[1]).read_text("utf-8")
hashlib.sha256(text.encode())
pathlib.Path(sys.argv[2]).write_text(text, "utf-8")
"""


def costs(tcpscope: Path, folder: Path, rounds: int) -> Iterator[str]:
    """Yield the table of CPU times: a report in one file, and one in a folder with a page for each connection."""
    jobs = {}
    for kind in KINDS:
        capture = str(capture_of(kind, folder))
        jobs[kind, "analyze"] = [str(tcpscope), "analyze", capture]
        for where, name in (("file", "report.html"), ("folder", "report")):
            jobs[kind, where] = [str(tcpscope), "report", capture, "-o", str(folder / f"{kind}-{name}")]
    jobs["", "script"] = [sys.executable, "-c", _SCRIPT, str(plotly_path()), str(folder / "script.js")]
    figures = rotated(jobs, rounds, LIMIT_S)
    seconds = {key: cost.cpu_s if cost else float("nan") for key, cost in figures.items()}
    yield "| 200 connections | analyze, CPU s | report in one file | in a folder |"
    yield "| --- | ---: | ---: | ---: |"
    for kind in KINDS:
        base = seconds[kind, "analyze"]
        ratios = (f"{seconds[kind, where]:.2f} s, {seconds[kind, where] / base:.1f}x" for where in ("file", "folder"))
        yield f"| {kind}: {KINDS[kind]:,} segments | {base:.2f} | {' | '.join(ratios)} |"
    yield ""
    yield f"Of it, reading, hashing and writing Plotly's script alone, by Python: {seconds['', 'script']:.2f} s."


def drawn(folder: Path) -> Iterator[str]:
    """Yield the table of what Chromium takes for a page: until it is drawn, and for a zoom."""
    from playwright.sync_api import sync_playwright

    from analyzer.report.report import write_report
    from tests.browser.made import transfer

    yield "| segments | file | until it is drawn | a zoom: median, slowest |"
    yield "| --- | ---: | ---: | ---: |"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, segments in PAGES.items():
            path = folder / f"{segments}.html"
            size = write_report(transfer(segments, segments // 2 // 3 * 3, estimates=True), path).size
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            started = time.perf_counter()
            page.goto(f"{path.as_uri()}#flow=0")
            page.wait_for_selector("html[data-ready=true]", state="attached")
            until = time.perf_counter() - started
            zooms = [_zoom_ms(page, turn) for turn in range(ZOOMS)]
            told = f"{statistics.median(zooms):.0f} ms, {max(zooms):.0f} ms"
            yield f"| {name} | {size / 1e6:.1f} MB | {until:.1f} s | {told} |"
            page.close()
        browser.close()


def _zoom_ms(page: Any, turn: int) -> float:
    """Zoom in, twice as far each time, and return how long the page took to show it."""
    return float(page.evaluate(_ZOOM, 2.0**turn))


_ZOOM = """(by) => new Promise((done) => {
    const view = tcpscope.page.shown.view, [from, to] = view.everything(), half = (to - from) / by / 2;
    const started = performance.now();
    view.zoom((from + to) / 2 - half, (from + to) / 2 + half);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
})"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tcpscope", type=Path, default=Path(sys.executable).with_name("tcpscope"), help="the command")
    parser.add_argument("--rounds", type=int, default=5, help="of which the medians are printed (default 5)")
    parser.add_argument("--no-browser", action="store_true", help="leave out what Chromium takes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tcpscope-") as name:
        folder = Path(name)
        print("\n".join(costs(arguments.tcpscope, folder, arguments.rounds)), end="\n\n")
        if not arguments.no_browser:
            print("\n".join(drawn(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
