"""Prints how tcpscope compares with tshark, tcptrace and a plain dpkt loop, and how its own cost grows.

    python -m benchmarks.compare --tcpscope .venv/bin/tcpscope --packets 200000

All commands are rotated in one run, so that a busy machine slows all of them; read the ratios, not the seconds.
Nothing is extrapolated: every ratio is that of two commands on the same file.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Cost, measure, median

KINDS = ("bulk", "churn", "mix", "synflood", "holes", "refill", "window")
TSHARK_PROTOCOLS = ("eth", "ip", "ipv6", "tcp")
TSHARK_FIELDS = (
    "frame.number", "tcp.stream", "tcp.seq", "tcp.ack", "tcp.len", "tcp.flags", "tcp.window_size",
)  # fmt: skip
GROWTH = 4  # times as many packets
OURS = "tcpscope"

Key = tuple[str, str]
Figures = dict[Key, Cost | None]


def commands(tcpscope: Path, tools: list[str]) -> dict[str, list[str]]:
    """Return the command of every tool that is asked for and there; the capture's name is still to be appended."""
    tshark = ["tshark", "-n", "--disable-protocol", "ALL"]
    for protocol in TSHARK_PROTOCOLS:
        tshark += ["--enable-protocol", protocol]
    tshark += ["-T", "fields", *(word for name in TSHARK_FIELDS for word in ("-e", name)), "-r"]
    every = {
        OURS: [str(tcpscope), "analyze"],
        "tshark": tshark,
        "tcptrace": ["tcptrace", "-n", "-l"],
        "dpkt": [sys.executable, str(Path(__file__).with_name("dpkt_loop.py"))],
    }
    there = {name: command for name, command in every.items() if name == OURS or name in tools}
    for name, command in list(there.items()):
        if shutil.which(command[0]) is None:
            print(f"{name} is not installed: left out", file=sys.stderr)
            del there[name]
    return there


def make(kind: str, packets: int, folder: Path) -> Path:
    """Write one capture, in a process of its own that may use NumPy."""
    path = folder / f"{kind}-{packets}.pcap"
    if not path.exists():
        command = [sys.executable, "-m", "benchmarks.make_captures", kind, "-o", str(path), "--packets", str(packets)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return path


def rotated(jobs: dict[Key, list[str]], rounds: int, limit_s: float) -> Figures:
    """Measure every command once a round, beginning at another one in each; return the medians."""
    costs: dict[Key, list[Cost | None]] = {key: [] for key in jobs}
    order = list(jobs)
    for turn in range(rounds):
        shift = turn * len(order) // rounds
        for key in order[shift:] + order[:shift]:
            print(f"round {turn + 1} of {rounds}: {key[0]} on {key[1]}", file=sys.stderr)
            if None not in costs[key]:
                costs[key].append(measure(jobs[key], limit_s))
    return {key: median(values) for key, values in costs.items()}


def ratio(cost: Cost | None, ours: Cost | None, limit_s: float) -> str:
    """Return how many times our CPU time another tool took."""
    if ours is None:
        return "-"
    return f"{cost.cpu_s / ours.cpu_s:.1f}x" if cost else f"(over {limit_s:.0f} s)"


def comparison(figures: Figures, tools: list[str], kinds: list[str], limit_s: float) -> Iterator[str]:
    """Yield the table of ratios, a row for each kind of capture."""
    others = [tool for tool in tools if tool != OURS]
    yield "| capture | tcpscope CPU s | tcpscope MiB | " + " | ".join(f"{tool} | {tool} MiB" for tool in others) + " |"
    yield "| --- |" + " ---: |" * (2 + 2 * len(others))
    for kind in kinds:
        ours = figures[OURS, kind]
        cells = [kind, f"{ours.cpu_s:.2f}" if ours else "-", f"{ours.peak_mib:.0f}" if ours else "-"]
        for tool in others:
            cost = figures[tool, kind]
            cells += [ratio(cost, ours, limit_s), f"{cost.peak_mib:.0f}" if cost else "-"]
        yield "| " + " | ".join(cells) + " |"


def growth(figures: Figures, kinds: list[str], packets: int) -> Iterator[str]:
    """Yield the table of what four times the packets cost."""
    yield f"| capture | CPU s, {packets} packets | CPU s, {GROWTH * packets} packets | CPU ratio | memory ratio |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for kind in kinds:
        small, large = figures[OURS, kind], figures[OURS, f"{kind} x{GROWTH}"]
        if small and large:
            ratios = f"{large.cpu_s / small.cpu_s:.2f} | {large.peak_mib / small.peak_mib:.2f}"
            yield f"| {kind} | {small.cpu_s:.2f} | {large.cpu_s:.2f} | {ratios} |"


def start_up(tcpscope: Path, capture: Path, rounds: int) -> str:
    """Return the sentence on what a capture of ten packets costs beyond starting Python."""
    python = tcpscope.with_name("python")
    interpreter = str(python) if python.exists() else sys.executable
    jobs = {
        (OURS, "ten packets"): [str(tcpscope), "analyze", str(capture)],
        ("python", "nothing"): [interpreter, "-c", "pass"],
    }
    ours, python_alone = rotated(jobs, max(rounds, 5), 60).values()
    if not ours or not python_alone:
        return "Start-up took longer than a minute."
    more = ours.cpu_s - python_alone.cpu_s
    return f"Ten packets: {ours.cpu_s:.3f} s of CPU, {more:.3f} s more than `python -c pass`; {ours.peak_mib:.0f} MiB."


def read_arguments() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tcpscope", type=Path, default=Path(sys.executable).with_name("tcpscope"), help="the command")
    parser.add_argument("--packets", type=int, default=200_000, help="in each capture (default 200000)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="of captures (default: all)")
    parser.add_argument("--tools", nargs="*", default=["tshark", "tcptrace", "dpkt"], help="to compare with")
    parser.add_argument("--rounds", type=int, default=3, help="of which the medians are printed (default 3)")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS", help="for one run (default 600)")
    parser.add_argument("--no-growth", action="store_true", help=f"leave out the captures {GROWTH} times as large")
    parser.add_argument("--captures", type=Path, help="folder that keeps the captures (default: a temporary one)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the medians there too")
    return parser.parse_args()


def run(arguments: argparse.Namespace, folder: Path) -> None:
    """Make the captures, measure, print."""
    tools = commands(arguments.tcpscope, arguments.tools)
    jobs: dict[Key, list[str]] = {}
    for kind in arguments.kinds:
        capture = make(kind, arguments.packets, folder)
        jobs |= {(tool, kind): [*command, str(capture)] for tool, command in tools.items()}
        if not arguments.no_growth:
            large = make(kind, GROWTH * arguments.packets, folder)
            jobs[OURS, f"{kind} x{GROWTH}"] = [*tools[OURS], str(large)]
    figures = rotated(jobs, arguments.rounds, arguments.limit)
    version = subprocess.run([arguments.tcpscope, "--version"], check=True, capture_output=True, text=True).stdout
    print(f"{version.strip()}; {arguments.packets} packets a capture, medians of {arguments.rounds} rounds.")
    print("CPU time of the other tools as multiples of tcpscope's:\n")
    print("\n".join(comparison(figures, list(tools), arguments.kinds, arguments.limit)), end="\n\n")
    if not arguments.no_growth:
        print("\n".join(growth(figures, arguments.kinds, arguments.packets)), end="\n\n")
    print(start_up(arguments.tcpscope, make("bulk", 10, folder), arguments.rounds))
    if arguments.json:
        medians = {" ".join(key): asdict(cost) if cost else None for key, cost in figures.items()}
        arguments.json.write_text(json.dumps(medians, indent=2) + "\n", "utf-8")


def main() -> int:
    """Run the comparison."""
    arguments = read_arguments()
    if shutil.which(arguments.tcpscope) is None:
        print(f"compare: {arguments.tcpscope} is not a command: .ci/setup makes one", file=sys.stderr)
        return 2
    if arguments.captures:
        arguments.captures.mkdir(parents=True, exist_ok=True)
        run(arguments, arguments.captures)
        return 0
    with tempfile.TemporaryDirectory(prefix="tcpscope-") as folder:
        run(arguments, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
