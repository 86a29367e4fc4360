"""What the windows of a connection did to its ends, in words."""

from collections.abc import Iterator, Mapping

from analyzer.terminal import units
from analyzer.terminal.connections import Connection
from analyzer.terminal.overview import LABEL_WIDTH
from analyzer.terminal.screen import Screen
from reconstruct.seq import UNKNOWN


def print_flow_control(screen: Screen, connection: Connection) -> None:
    """Print a sentence for each thing that a window did to an end; nothing where none did anything."""
    ends = (("client", connection.client), ("server", connection.server))
    told = [(name, sentence) for name, end in ends for sentence in [*_held(end), *_scale(end)]]
    if not told:
        return
    screen.heading("Flow control")
    for name, sentence in told:
        screen.paragraph(sentence, "", LABEL_WIDTH + 2, f"  {name}")


def _held(end: Mapping[str, int]) -> Iterator[str]:
    """Yield what the peer's window did to a sender."""
    if end["window_full_episodes"]:
        yield f"filled its peer's window {_times(end['window_full_episodes'])}"
    if end["zero_window_episodes"]:
        yield _closed(end)
    if end["window_updates_lost"]:
        times = _times(end["window_updates_lost"])
        yield f"learned {times} only from the answer to a probe that the window was open: the update was lost"
    if end["window_shrinks"]:
        by = units.size(end["window_shrunk_bytes"])
        yield f"lost room that it had been offered: the right edge moved left {_times(end['window_shrinks'])}, by {by}"
    if end["silly_openings"]:
        yield f"was offered less than a segment or half the window {_times(end['silly_openings'])} (silly window)"
    if end["silly_segments"]:
        yield f"sent {units.counted(end['silly_segments'], 'tiny segment')} into what such windows allowed"


def _times(count: int) -> str:
    """Return how often."""
    return units.counted(count, "time")


def _closed(end: Mapping[str, int]) -> str:
    """Return how often and how long a sender was stopped by a closed window."""
    times, probes = _times(end["zero_window_episodes"]), units.counted(end["window_probes"], "probe")
    longest = ""
    if end["zero_window_episodes"] > 1:
        longest = f", the longest time {units.span(end['zero_window_longest_ns'])}"
    return f"was stopped by a closed window {times}, for {units.span(end['zero_window_ns'])}{longest}; it sent {probes}"


def _scale(end: Mapping[str, int]) -> Iterator[str]:
    """Yield what is odd, or was found out, about the scale of an end's windows."""
    least, most = end["window_scale_least"], end["window_scale_most"]
    if end["window_scale_unanswered"] == 1:
        yield "offered window scaling, the SYN of its peer does not: windows end at 64 KiB"
    if end["window_scale_denied"]:
        segments = units.counted(end["window_scale_denied"], "segment")
        yield f"the scale that the SYNs tell does not explain {segments}: an option was changed on the way"
    if least == most == 0:
        yield "its windows are not scaled, as they prove themselves"
    elif least != UNKNOWN and least == most:
        yield f"its windows are scaled by {units.counted(least, 'bit')}, as they prove themselves"
    elif least != UNKNOWN:
        yield f"its windows are scaled by {least} to {most} bits: the capture does not prove which"
