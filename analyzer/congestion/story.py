"""The congestion story of one direction: the algorithm, what its window went through, and how far that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from analyzer import rows
from analyzer.congestion.episodes import Step, Stretches, steps_of, stretches_of
from analyzer.congestion.ruling import Candidate, candidates_of, why_unknown
from analyzer.congestion.variants import Variant, variant_of
from analyzer.congestion.windows import own_windows
from analyzer.selection import rows_of_flow
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import CongestionControl, Limit, Sender

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

Row = dict[str, int]
LEAST_CWND_SHARE = 0.01  # of the sending time; a window that held its sender back less is confirmed by nothing


@dataclass
class Story:
    """The story of one sender; `control` is the `CongestionControl` that is named, `confidence` 0..1 (None: unknown).

    `unknown_because` tells why none is named; `unobservable_because` why there is no window at all (None: there is).
    `variant` is one that explains a sender which none of the usual models does. `rebuilt` tells that the order of the
    sender's events is not that of the capture; `half_width` is the median half of the 90 % interval as a share of the
    window; `unconfirmed` that the window hardly ever held the sender back.
    """

    sender: Sender
    control: CongestionControl
    confidence: float | None = None
    unknown_because: str | None = None
    unobservable_because: str | None = None
    initial_window: int | None = None
    flight_max: int | None = None
    rebuilt: bool = False
    half_width: float | None = None
    unconfirmed: bool = False
    candidates: list[Candidate] = field(default_factory=list)
    variant: Variant | None = None
    steps: list[Step] = field(default_factory=list)
    application: Stretches = field(default_factory=Stretches)


def stories_of(analysis: Analysis, number: int) -> list[Story]:
    """Return the story of each direction of a connection that sent data; the capture is read again."""
    (flow,) = rows.raw_rows(rows_of_flow(analysis.flow_rows, number))
    events = list(rows.raw_rows(rows_of_flow(analysis.event_rows, number)))
    candidates = list(rows.raw_rows(analysis.candidate_rows(number)))
    told = []
    for direction in rows.raw_rows(rows_of_flow(analysis.direction_rows, number)):
        if direction["unique_bytes"] > 0:
            sender = direction["sender"]
            fared = [row for row in candidates if row["sender"] == sender]
            happened = [event for event in events if event["sender"] == sender]
            story = story_of(flow, direction, own_windows(analysis, number, sender), fared, happened)
            story.variant = variant_of(analysis, number, story.sender, story.candidates)
            told.append(story)
    return told


def rulings_of(analysis: Analysis, number: int) -> list[Candidate]:
    """Return the models that are ruled out for either end of a connection; the capture is read again."""
    told = []
    for direction in rows.raw_rows(rows_of_flow(analysis.direction_rows, number)):
        own = [row for row in rows.raw_rows(analysis.candidate_rows(number)) if row["sender"] == direction["sender"]]
        told += [each for each in candidates_of(own, max(direction["congestion_control"], 0)) if each.ruled_out]
    return told


def story_of(flow: Row, direction: Row, windows: list[Row], candidates: list[Row], events: list[Row]) -> Story:
    """Return the story of a direction from its rows of `windows`, of candidates and of `events`."""
    named = CongestionControl(max(direction["congestion_control"], 0))
    story = Story(Sender(direction["sender"]), named)
    story.flight_max = _known(direction["flight_max"])
    story.initial_window = _known(direction["initial_window"])
    story.candidates = candidates_of(candidates, named)
    if direction["congestion_control_confidence"] != UNKNOWN:
        story.confidence = direction["congestion_control_confidence"] / rows.MILLION
    estimated = [row for row in windows if row["cwnd"] != UNKNOWN]
    if not estimated:
        story.unobservable_because = _why_unobservable(flow, candidates)
    elif named is CongestionControl.UNKNOWN:
        story.unknown_because = why_unknown(story.candidates)
    _tell_estimate(story, direction, estimated, candidates)
    best = next((each.control for each in story.candidates if each.best), named)
    story.steps = steps_of(windows, events, best is CongestionControl.CUBIC)
    story.application = stretches_of(windows, Limit.APPLICATION)
    return story


def _tell_estimate(story: Story, direction: Row, estimated: list[Row], candidates: list[Row]) -> None:
    """Put in how far the window is known."""
    story.rebuilt = any(row["rebuilt"] for row in candidates)
    widths = [(row["cwnd_high"] - row["cwnd_low"]) / (2 * row["cwnd"]) for row in estimated if row["cwnd"] > 0]
    if widths:
        story.half_width = median(widths)
        story.unconfirmed = direction["held_by_cwnd_ns"] < LEAST_CWND_SHARE * direction["sending_ns"]


def _why_unobservable(flow: Row, candidates: list[Row]) -> str:
    """Return why the capture bears no estimate of a window."""
    if flow["one_sided"]:
        return "the capture shows one end only, and a window is filled and opened by what the other answers"
    if not candidates:
        return "its start was not captured, and nothing reduced its window since"
    return why_unknown(candidates_of(candidates, 0))


def _known(cell: int) -> int | None:
    return None if cell == UNKNOWN else cell
