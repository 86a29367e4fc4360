"""Figures of one connection for notebooks: the panels of the report, drawn by plotly from the public tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzer.errors import UsageError
from analyzer.offline_figure import offline_figure

if TYPE_CHECKING:
    import pandas as pd

    from analyzer.analysis import Analysis

ENDS = ("client", "server")
RESENT = {
    "fast-retransmission": ("triangle-up", "#d1242f"),
    "recovery-retransmission": ("triangle-down", "#b0136f"),
    "rto-retransmission": ("x", "#7a1fa2"),
    "slow-start-retransmission": ("diamond", "#944600"),
    "tail-loss-probe": ("star", "#8a6100"),
    "syn-retransmission": ("square", "#00687a"),
    "retransmission": ("circle", "#d1242f"),
    "out-of-order": ("hexagon-open", "#00766a"),
    "network-duplicate": ("square-open", "#5a6472"),
    "zero-window-probe": ("hourglass", "#1a7f37"),
}
DATA, ACK, EDGE, CWND, SSTHRESH = "#0b5cad", "#5a6472", "#1a7f37", "#b35900", "#8250df"
MOST_POINTS = 20_000  # of one line; above it the least and the greatest of each pixel column are drawn
COLUMNS = 2_000  # of pixels that a line is drawn for
_HEIGHT = 800  # pixels
_HEIGHTS = [0.45, 0.25, 0.15, 0.15]


def figure_of(analysis: Analysis, flow: int, sender: str | None = None) -> Any:
    """Return a plotly figure of what one end of a connection sent, the busier one where `sender` is None.

    Raises UsageError where there is no such connection or end.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    if not 0 <= flow < analysis.capture.connections:
        raise UsageError(f"there is no connection {flow}: the capture has {analysis.capture.connections:,}")
    chosen = _busier(analysis, flow) if sender is None else sender
    if chosen not in ENDS:
        raise UsageError(f"{chosen!r} is no end of a connection: client or server")
    segments = _timed(analysis.segments(flow))
    windows = _timed(analysis.windows(flow))
    titles = (f"sequence numbers, {chosen} → {_other(chosen)}", f"windows of the {chosen}", "round trips", "rate")
    figure = make_subplots(rows=4, cols=1, shared_xaxes=True, row_heights=_HEIGHTS, vertical_spacing=0.05,
                           subplot_titles=titles, figure=offline_figure())  # fmt: skip
    parts = (_sequence(segments, chosen), _windows(windows, chosen), _round_trips(segments, windows, chosen),
             _rate(segments, chosen))  # fmt: skip
    for row, traces in enumerate(parts, 1):
        for trace in traces:
            figure.add_trace(go.Scatter(**trace), row=row, col=1)
    figure.update_layout(height=_HEIGHT, template="plotly_white", legend={"orientation": "h"}, hovermode="closest")
    for row, unit in enumerate(("B", "B", " ms", "bit/s"), 1):
        figure.update_yaxes(ticksuffix=unit, tickformat="~s" if unit != " ms" else None, row=row, col=1)
    figure.update_xaxes(title_text="seconds since the first segment", row=4, col=1)
    return figure


def _busier(analysis: Analysis, flow: int) -> str:
    """Return the end that sent more."""
    rows = analysis.directions[analysis.directions["flow"] == flow]
    return str(rows.sort_values("unique_bytes", kind="stable")["sender"].iloc[-1])


def _other(end: str) -> str:
    return ENDS[1 - ENDS.index(end)]


def _timed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the seconds since the first of them."""
    seconds = (rows["time"] - rows["time"].min()).dt.total_seconds()
    return rows.assign(seconds=seconds)


def _line(name: str, x: Any, y: Any, **look: Any) -> dict[str, Any]:
    """Return a line that holds each value until the next one."""
    x, y = _decimated(x, y)
    return {"name": name, "x": x, "y": y, "mode": "lines", "line": {"shape": "hv", **look}}


def _decimated(x: Any, y: Any) -> tuple[Any, Any]:
    """Return a line's points, of many only the least and the greatest of each column of pixels."""
    import numpy as np

    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(x) <= MOST_POINTS:
        return x, y
    column = np.floor((x - x[0]) / max(x[-1] - x[0], 1e-9) * (COLUMNS - 1)).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    filled = np.where(np.isnan(y), np.inf, y)
    low = np.minimum.reduceat(filled, starts)
    high = np.maximum.reduceat(np.where(np.isnan(y), -np.inf, y), starts)
    known = low <= high
    return np.repeat(x[starts][known], 2), np.stack([low[known], high[known]], 1).ravel()


def _sequence(segments: pd.DataFrame, sender: str) -> list[dict[str, Any]]:
    """Return what was sent, how far it was acknowledged and allowed, and a mark for each segment sent again."""
    mine, heard = segments[segments["sender"] == sender], segments[segments["sender"] != sender]
    heard = heard[heard["ack"].notna()]
    acked = heard["ack"].astype(float)
    data = mine[mine["len"] > 0]
    edge = acked + heard["window"].astype(float)
    traces = [
        _line("edge of the offered window", heard["seconds"], edge, color=EDGE, dash="dash", width=1),
        _line("acknowledged", heard["seconds"], acked.cummax(), color=ACK, width=1.5),
        _line("sent", data["seconds"], (data["seq"] + data["len"]).astype(float), color=DATA, width=2),
    ]
    for kind, (symbol, colour) in RESENT.items():
        marked = mine[mine["kind"] == kind]
        if len(marked):
            text = [f"frame {frame}: {reason}" for frame, reason in zip(marked["frame"], marked["reason"], strict=True)]
            traces.append({"name": kind, "x": marked["seconds"], "y": marked["seq"].astype(float), "mode": "markers",
                           "text": text, "marker": {"symbol": symbol, "color": colour, "size": 9}})  # fmt: skip
    return traces


def _windows(windows: pd.DataFrame, sender: str) -> list[dict[str, Any]]:
    """Return the windows that are known; an estimate is dashed."""
    mine = windows[windows["sender"] == sender]
    looks: dict[str, dict[str, Any]] = {
        "rwnd": {"color": EDGE},
        "ssthresh": {"color": SSTHRESH, "dash": "dot"},
        "cwnd": {"color": CWND, "dash": "dash"},
        "flight": {"color": DATA},
    }
    return [
        _line(name, mine["seconds"], mine[name].astype("Float64").to_numpy(float, na_value=float("nan")), **look)
        for name, look in looks.items()
        if mine[name].notna().any()
    ]


def _round_trips(segments: pd.DataFrame, windows: pd.DataFrame, sender: str) -> list[dict[str, Any]]:
    """Return the samples, which the other end's segments complete, and the smoothed round trip."""
    samples = segments[(segments["sender"] != sender) & segments["rtt_ms"].notna()]
    smooth = windows[(windows["sender"] == sender) & windows["srtt_ms"].notna()]
    x, y = _decimated(samples["seconds"], samples["rtt_ms"])
    return [
        {"name": "sample", "x": x, "y": y, "mode": "markers", "marker": {"color": DATA, "size": 3}},
        _line("srtt", smooth["seconds"], smooth["srtt_ms"], color=CWND),
    ]


def _rate(segments: pd.DataFrame, sender: str) -> list[dict[str, Any]]:
    """Return the payload sent in bits a second, in two hundred bins."""
    import numpy as np

    mine = segments[(segments["sender"] == sender) & (segments["len"] > 0)]
    span = float(segments["seconds"].max()) if len(segments) else 0.0
    if not len(mine) or span <= 0:
        return []
    sums, edges = np.histogram(mine["seconds"], bins=200, range=(0, span), weights=mine["len"].astype(float))
    return [{"name": "throughput", "x": edges[:-1], "y": sums * 8 / (edges[1] - edges[0]), "mode": "lines",
             "line": {"shape": "hv", "color": DATA}, "fill": "tozeroy"}]  # fmt: skip
