"""The congestion story as plain values, for `--json`."""

from __future__ import annotations

from typing import Any

from analyzer import rows
from analyzer.congestion.episodes import Step
from analyzer.congestion.ruling import Candidate
from analyzer.congestion.story import Story


def story_json(story: Story) -> dict[str, Any]:
    """Return a story; frames, bytes, seconds; null for what is not known."""
    held = story.application
    return {
        "sender": story.sender.text,
        "congestion_control": story.control.text,
        "confidence": story.confidence,
        "unknown_because": story.unknown_because,
        "unobservable_because": story.unobservable_because,
        "initial_window": story.initial_window,
        "flight_max": story.flight_max,
        "order_rebuilt": story.rebuilt,
        "interval_half_width": story.half_width,
        "unconfirmed": story.unconfirmed,
        "candidates": [candidate_json(each) for each in story.candidates],
        "variant": {"name": story.variant.name, "score": story.variant.score / 1000} if story.variant else None,
        "steps": [step_json(each) for each in story.steps],
        "application_limited": {
            "stretches": held.count,
            "total_s": rows.seconds(held.total_ns),
            "longest_s": rows.seconds(held.longest_ns),
            "longest_frames": list(held.longest_frames) if held.longest_frames else None,
        },
    }


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    """Return how a model fared: `allowed` and `seen` are bytes in flight, or seconds since the burst before."""
    told = candidate.contradiction
    paced = told is not None and told.text.endswith("pace")

    def figure(number: int | None) -> int | float | None:
        return rows.seconds(number) if paced and number is not None else number

    return {
        "congestion_control": candidate.control.text,
        "best": candidate.best,
        "ruled_out": candidate.ruled_out,
        "chances": candidate.chances,
        "score": candidate.score / 1000,
        "given_up_frame": candidate.ended_frame,
        "contradiction": told.text if told is not None else None,
        "contradiction_frame": candidate.frame,
        "allowed": figure(candidate.allowed),
        "seen": figure(candidate.seen),
        "unit": None if told is None else "s" if paced else "bytes",
    }


def step_json(step: Step) -> dict[str, Any]:
    """Return a step of the window."""
    return {
        "step": step.kind.value,
        "first_frame": step.first_frame,
        "last_frame": step.last_frame,
        "cwnd_before": step.cwnd_before,
        "cwnd_after": step.cwnd_after,
        "ssthresh": step.ssthresh,
        "undone": step.undone,
        "timeouts": step.timeouts,
        "ended_by": step.ending.value if step.ending is not None else None,
        "pause_s": rows.seconds(step.pause_ns) if step.pause_ns is not None else None,
    }
