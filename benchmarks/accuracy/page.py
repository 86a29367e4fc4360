"""The tables of docs/accuracy.md, from figures."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.accuracy.retransmissions import CAUSES
from benchmarks.accuracy.run import TAPS, Run
from benchmarks.accuracy.tap import Tap
from benchmarks.accuracy.tshark import version
from benchmarks.accuracy.windows import Window

Taps = dict[str, Tap]
NOTHING = Window()


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def row(name: str, taps: Taps, figure: Callable[[Tap], object]) -> list[str]:
    """Return a row of one figure, tap by tap."""
    return [name, *(str(figure(taps[tap])) for tap in TAPS)]


def resent(taps: Taps) -> str:
    """Return the table of retransmissions."""
    ours = taps["sender"].retransmissions
    rows = [
        row("recognised / of those called so, true", taps, lambda tap: tap.retransmissions.ours),
        row(f"the same by tshark {version()}", taps, lambda tap: tap.retransmissions.theirs),
        row("called out of order by tshark", taps, lambda tap: tap.retransmissions.out_of_order),
    ]
    for cause in CAUSES:
        name = f"cause right: {cause} ({ours.kinds[cause].total} at the sender)"
        rows.append([name, *(str(taps[tap].retransmissions.kinds[cause]) for tap in TAPS)])
    rows.append(
        row("unneeded ones recognised / of those called so, true", taps, lambda tap: tap.retransmissions.spurious)
    )
    return table(["retransmissions", *TAPS], rows)


def whole(taps: Taps) -> str:
    """Return the table of what is told of a connection, and of its windows and round trips."""
    rows = [
        row("zero-window episodes: number right", taps, lambda tap: tap.connections.episodes),
        row("time held by a zero window: median error", taps, lambda tap: tap.connections.held),
        row("offered window, to the byte", taps, lambda tap: tap.windows.offered),
        row("shortest round trip: median error", taps, lambda tap: tap.connections.shortest),
        row("smoothed round trip: median error", taps, lambda tap: tap.windows.srtt),
        row("share of time limited by the offered window, within 0.05", taps, lambda tap: tap.connections.limited),
        row("congestion control right (flows of 1,000 segments)", taps, lambda tap: tap.connections.right),
        row("congestion control wrong", taps, lambda tap: tap.connections.wrong),
    ]
    return table(["connections", *TAPS], rows)


def congestion(taps: Taps) -> str:
    """Return the table of congestion windows."""
    figures: dict[str, Callable[[Window], object]] = {
        "within 5 %": lambda window: window.near,
        "within 10 %": lambda window: window.fair,
        "exact": lambda window: window.exact,
        "no estimate": lambda window: window.missing,
        "inside the interval": lambda window: window.held,
        "ssthresh within a segment": lambda window: window.threshold,
        "phase right": lambda window: window.phase,
        "bytes in flight by tshark within 5 % of cwnd": lambda window: window.flight,
    }
    rows = []
    for control in sorted({name for tap in taps.values() for name in tap.windows.congestion}):
        for name, figure in figures.items():
            if control == "bbr" and name in ("ssthresh within a segment", "phase right"):
                continue  # the kernel's threshold means nothing with BBR, and its phase is not told
            cells = [str(figure(taps[tap].windows.congestion.get(control, NOTHING))) for tap in TAPS]
            rows.append([f"{control}: {name}", *cells])
    return table(["congestion window", *TAPS], rows)


def runs(folders: list[Path]) -> str:
    """Return the list of the runs: what happened, and how many packets the sender's tap saw."""
    rows = []
    for folder in folders:
        run = Run(folder)
        frames = str(run.frames("sender"))
        rows.append([f"`{run.name}`", str(run.facts["about"]), run.congestion_control, frames])
    return table(["run", "what happens", "congestion control", "packets"], rows)


PAGE_PARTS: dict[str, Callable[[Taps], str]] = {"resent": resent, "whole": whole, "congestion": congestion}


def fill(page: str, parts: dict[str, str]) -> str:
    """Return a page with its generated parts made new."""
    for name, text in parts.items():
        before, rest = page.split(f"<!-- measured: {name} -->\n", 1)
        _, after = rest.split(f"<!-- so much for {name} -->", 1)
        page = f"{before}<!-- measured: {name} -->\n\n{text}\n<!-- so much for {name} -->{after}"
    return page
