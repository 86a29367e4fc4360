"""The congestion story in short sentences, with frame numbers."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.congestion.episodes import Ending, Step, StepKind
from analyzer.congestion.ruling import NAMES, Candidate
from analyzer.congestion.story import Story
from analyzer.terminal import units
from reconstruct.vocabulary import CongestionControl, Contradiction

_ENDINGS = {
    Ending.LOSS: "ended by a loss",
    Ending.TIMEOUT: "ended by a timeout",
    Ending.CUT: "ended by an echo of congestion",
    Ending.DELAY: "ended without a loss, by HyStart",
    Ending.THRESHOLD: "ended at its threshold",
    Ending.FULL: "ended as the bandwidth stopped to grow",
    Ending.CAPTURE: "not over at the end of the capture",
}
_NAMED = {
    StepKind.SLOW_START: "Slow start",
    StepKind.RECOVERY: "Recovery",
    StepKind.TIMEOUT: "Timeout",
    StepKind.CUT: "Cut without a recovery",
    StepKind.IDLE_RESTART: "Restart after a rest",
    StepKind.UNUSED: "Window shrunk to what the application used",
    StepKind.DRAIN: "Drain",
    StepKind.PROBE_RTT: "Search for the shortest round trip",
}


def verdict_words(story: Story) -> Iterator[str]:
    """Yield which algorithm it was and how far the window is known."""
    if story.unobservable_because is not None:
        at_least = f" It had at least {units.size(story.flight_max)} in flight." if story.flight_max else ""
        yield f"Its congestion window cannot be told: {story.unobservable_because}.{at_least}"
        return
    if story.control is CongestionControl.UNKNOWN:
        yield f"Congestion control unknown: {story.unknown_because}."
        best = next((each for each in story.candidates if each.best), None)
        if story.variant is not None:
            yield f"{story.variant.name} would explain it: it fits {story.variant.score / 10:.0f} %."
        if best is not None:
            yield f"The window told here is that of {best.name}, which fits best."
    else:
        sure = f", {story.confidence:.1%} sure" if story.confidence is not None else ""
        yield f"{NAMES[story.control]}{sure}."
    if story.initial_window:
        yield f"First flight of {units.counted(story.initial_window, 'segment')}."


def bounds_words(story: Story) -> Iterator[str]:
    """Yield what is bounded instead of known."""
    if story.unobservable_because is not None:
        return
    if story.rebuilt and story.half_width is not None:
        yield (
            "The capture was not taken at this sender: the order in which it sent and heard was rebuilt, and its "
            f"window is bounded to within {story.half_width:.1%} half of the time, not known."
        )
    if story.unconfirmed and story.flight_max:
        yield (
            "The window hardly ever held it back, so nothing that it sent confirms the estimate; "
            f"it was at least {units.size(story.flight_max)}."
        )


def ruling_words(candidate: Candidate) -> str:
    """Return what rules a candidate out, with the segment that says so."""
    name = candidate.name
    ended = f" It was given up at frame {candidate.ended_frame}." if candidate.ended_frame is not None else ""
    if candidate.contradiction is None:
        return f"Not {name}: it fits {max(candidate.score, 0) / 10:.0f} % of what was sent.{ended}"
    return f"Not {name}: frame {candidate.frame} {contradiction_words(candidate)}.{ended}"


def contradiction_words(candidate: Candidate) -> str:
    """Return how a segment contradicts a model, to follow what names the segment."""
    allowed, seen = candidate.allowed or 0, candidate.seen or 0
    name = candidate.name
    if candidate.contradiction is Contradiction.BEYOND_WINDOW:
        return f"made it {seen:,} bytes in flight, {name} would have allowed {allowed:,}"
    if candidate.contradiction is Contradiction.SHORT_OF_WINDOW:
        return f"was the last of its burst with {seen:,} bytes in flight, {name} would have gone on to {allowed:,}"
    return f"left {units.span(seen)} after the burst before it, {name} would have let it go after {units.span(allowed)}"


def step_words(step: Step) -> str:
    """Return one step of the window in a sentence."""
    name, frames = _NAMED[step.kind], _frames(step)
    if step.kind is StepKind.SLOW_START:
        until = f" until frame {step.last_frame}" if step.last_frame is not None else ""
        ending = _ENDINGS[step.ending] if step.ending is not None else "of unknown end"
        return f"{name} from frame {step.first_frame}{until}: {_window(step)}, {ending}."
    if step.kind in (StepKind.RECOVERY, StepKind.TIMEOUT):
        more = f", {step.timeouts} in a row" if step.timeouts > 1 else ""
        told = f"{name}, {frames}{more}: {_window(step)}{_threshold(step)}"
        return f"{told}; taken back, it was unfounded." if step.undone else f"{told}."
    if step.kind is StepKind.IDLE_RESTART and step.pause_ns is not None:
        return f"{name} of {units.span(step.pause_ns)}, {frames}: {_window(step)}."
    if step.kind in (StepKind.CUT, StepKind.UNUSED):
        return f"{name}, {frames}: {_window(step)}{_threshold(step)}."
    return f"{name}, {frames}: {_window(step)}."


def application_words(story: Story) -> str | None:
    """Return how often and how long the application held the sender back, None for never."""
    held = story.application
    if not held.count or held.longest_frames is None:
        return None
    first, last = held.longest_frames
    return (
        f"Limited by its application for a round trip or more {'once' if held.count == 1 else f'{held.count} times'}, "
        f"{units.span(held.total_ns)} in all, the longest of {units.span(held.longest_ns)} in frames {first} to {last}."
    )


def _frames(step: Step) -> str:
    if step.last_frame is None:
        return f"from frame {step.first_frame} to the end"
    if step.last_frame == step.first_frame:
        return f"frame {step.first_frame}"
    return f"frames {step.first_frame} to {step.last_frame}"


def _window(step: Step) -> str:
    before = units.size(step.cwnd_before) if step.cwnd_before is not None else "unknown"
    if step.cwnd_after is None:
        return f"window {before} before it"
    return f"window {before} → {units.size(step.cwnd_after)}"


def _threshold(step: Step) -> str:
    return f", ssthresh {units.size(step.ssthresh)}" if step.ssthresh is not None else ""
