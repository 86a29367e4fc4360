"""The estimate in words: the times side by side, and everything that was assumed."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.congestion.ruling import NAMES
from analyzer.terminal import units
from analyzer.whatif.estimate import Estimate
from analyzer.whatif.simulation import Transfer

NEARLY = 0.02  # of the time: a smaller change is none
POOR = 0.1  # of the time: a simulation that is further off is worth little
BITS = 8


def asked_words(told: Estimate) -> str:
    """Return what is asked, in words."""
    asked = told.asked
    words = [NAMES[asked.control]] if asked.control is not None else []
    words += [f"an initial window of {units.counted(asked.window, 'segment')}"] if asked.window is not None else []
    words += [f"a receive window of {units.size(asked.rwnd)}"] if asked.rwnd is not None else []
    return " with ".join([", ".join(words[:1]), *([" and ".join(words[1:])] if words[1:] else [])]) or "the same sender"


def verdict_words(told: Estimate) -> str:
    """Return the answer in one sentence."""
    change, estimate_ns = told.change, told.estimate_ns
    if change is None or estimate_ns is None:
        return "No estimate: the simulated transfer does not end."
    times = f"about {units.span(estimate_ns)} instead of {units.span(told.real_ns)}"
    if abs(change) < NEARLY:
        return f"An estimate: with {asked_words(told)} it would have taken about as long, {units.span(told.real_ns)}."
    faster = "less" if change < 0 else "more"
    return f"An estimate: with {asked_words(told)} it would have taken {times}, {abs(change):.0%} {faster}."


def check_words(told: Estimate) -> str:
    """Return what the estimate is worth: how well the sender as it was can be simulated."""
    error = told.error
    if error is None:
        return "The sender as it was cannot be simulated to its end: the estimate is worth nothing."
    worth = " That is far off: take the estimate for a direction at most." if abs(error) > POOR else ""
    return f"The sender as it was, simulated in the same way, is {abs(error):.1%} off the real time.{worth}"


def transfer_words(transfer: Transfer) -> str:
    """Return how a simulated transfer went."""
    took = "no end" if transfer.completion_ns is None else units.span(transfer.completion_ns)
    return (
        f"{took}, {transfer.resent:,} sent again, {units.counted(transfer.timeouts, 'timeout')}, "
        f"largest window {units.size(transfer.largest_window)}"
    )


def assumptions(told: Estimate) -> Iterator[str]:
    """Yield what was assumed, a sentence each."""
    met = told.met
    yield f"The shortest round trip is {units.span(met.base_ns)}; what is beyond it is the queue of one narrow link."
    if met.rate is None:
        yield "No link slowed it down: the path carries whatever is sent."
    else:
        yield f"That link carries {units.figures(met.rate * BITS / 1e6)} Mbit/s of payload all the time."
    if met.queue_bytes is None:
        yield "Its queue was never seen to overflow, and holds whatever is sent."
    else:
        yield f"Its queue holds {units.size(met.queue_bytes)}; what does not fit is lost, for each sender other bytes."
    lost = sum(met.lost.values())
    if lost:
        yield f"{units.counted(lost, 'segment')} lost without a full queue: the same bytes are lost again, as often."
    if met.writes:
        yield f"The application paused {units.counted(len(met.writes), 'time')}, and writes at the same times again."
    else:
        yield "The application always had something to send."
    if told.asked.rwnd is None:
        yield "The receive window opens with the bytes received as it did; pauses of the reader are not repeated."
    if met.most_flight is not None:
        yield f"The send buffer keeps no more than {units.size(met.most_flight)} in flight."
    yield "The receiver acknowledges every second segment, holes at once, and delays by at most 40 ms."
    yield "No acknowledgment is lost, nothing is reordered or marked (ECN), nobody else uses the link."
