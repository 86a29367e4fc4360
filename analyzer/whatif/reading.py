"""Reads the circumstances of a direction from the tables of its connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from analyzer import rows
from analyzer.congestion.windows import own_windows
from analyzer.errors import UsageError
from analyzer.selection import rows_of_flow
from analyzer.whatif.circumstances import Circumstances
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Limit, SegmentKind

if TYPE_CHECKING:
    from analyzer.analysis import Analysis

Row = dict[str, int]
NS_PER_S = 1_000_000_000
QUEUED = 1.15  # times the shortest round trip: from there on packets wait before the narrowest link
LEAST_QUEUED_NS = 2_000_000  # ns over the shortest round trip, at least: less is jitter
NEARLY_FULL = 0.7  # of the longest wait: a packet that is lost after that met a queue that may have been full
FULL = 0.8  # of the longest wait; and so many losses after that prove a queue that overflows
FULL_LOSSES = 3
LONGEST_PERCENT = 99  # the percentile of the waits that is taken for the longest
STEP = 3  # full segments that an acknowledgment tells of at most; more ends a hole, or others were lost
SPREAD = 2  # times by which the narrowest link spread what was sent at once, at least
MOST_SPREAD_NS = 30_000_000  # ns between two acknowledgments of a burst at most: Linux delays them by 40 ms
BURST_PERCENT = 75  # the percentile of the rates of bursts: what else delays acknowledgments makes them look slower
LEAST_BURSTS = 2
MANY_SPANS = 10  # of two round trips: a transfer that had the time to find out what the path carries
LEAST_ARRIVALS = 20  # pairs of full segments away from the sender, to tell a rate
NEAR = 10  # times that the part beyond the tap is longer, of one at the sender
LEAST_SPANS = 2  # of two round trips, to tell a rate
BUFFER_SHARE = 0.3  # of its sending time that the send buffer held a sender back: then it limits what is in flight
_LOSSES = (
    SegmentKind.FAST_RETRANSMISSION,
    SegmentKind.RECOVERY_RETRANSMISSION,
    SegmentKind.RTO_RETRANSMISSION,
    SegmentKind.SLOW_START_RETRANSMISSION,
    SegmentKind.TAIL_LOSS_PROBE,
    SegmentKind.RETRANSMISSION,
)
Wait = tuple[int, int]  # when a packet was sent, and how long its round trip took, both in ns


def circumstances_of(analysis: Analysis, number: int, sender: int) -> Circumstances:
    """Return what one end of a connection met; raises `UsageError` where the capture shows too little."""
    direction = _direction(analysis, number, sender)
    segments = sorted(rows.raw_rows(analysis.segment_rows(number)), key=lambda row: row["frame"])
    sent = [row for row in segments if row["sender"] == sender and row["len"] > 0]
    heard = [row for row in segments if row["sender"] != sender and row["ack"] != UNKNOWN]
    fresh = [row for row in sent if row["kind"] == SegmentKind.NEW]
    if not fresh or not heard or _acked_end(sent, heard) <= fresh[0]["seq"]:
        raise UsageError(f"connection {number} shows no data of this end that was acknowledged")
    windows = own_windows(analysis, number, sender)
    mss = Counter(row["len"] for row in fresh).most_common(1)[0][0]
    waits = _waits(heard, windows, direction, mss)
    if not waits:
        raise UsageError(f"connection {number} shows no round trip of this end")
    base_ns = _base_ns(waits, direction)
    rate = _rate(sent, heard, waits, base_ns, mss, _is_at_sender(direction))
    longest_ns = _percentile([trip - base_ns for _, trip in waits], LONGEST_PERCENT)
    lost = [row for row in sent if row["kind"] in _LOSSES and row["spurious"] != 1]
    met = _waits_met(sent, lost, waits, base_ns)
    full = rate is not None and longest_ns >= LEAST_QUEUED_NS and _overflows(met, longest_ns)
    buffered = direction["held_by_send_buffer_ns"] > BUFFER_SHARE * max(direction["sending_ns"], 1)
    return Circumstances(
        mss=mss,
        first=fresh[0]["seq"],
        end=_acked_end(sent, heard),
        base_ns=base_ns,
        rate=rate,
        queue_bytes=rate * longest_ns // NS_PER_S if rate is not None and full else None,
        lost=_by_chance(lost, met, NEARLY_FULL * longest_ns if full else None),
        writes=tuple(_writes(fresh, heard, windows, base_ns, max(direction["sender_rtt_min_ns"], 0))),
        offers=tuple(_offers(heard)),
        most_flight=direction["flight_max"] if buffered else None,
        sack=direction["sack_permitted"] == 1,
        timestamps=direction["timestamps"] == 1,
    )


def completion_ns(analysis: Analysis, number: int, sender: int) -> int:
    """Return the time from the first byte that an end sent to the acknowledgment of the last that was acknowledged.

    Both as the end itself saw them: between it and the tap lies a part of the round trip.
    """
    segments = sorted(rows.raw_rows(analysis.segment_rows(number)), key=lambda row: row["frame"])
    sent = [row for row in segments if row["sender"] == sender and row["len"] > 0]
    heard = [row for row in segments if row["sender"] != sender and row["ack"] != UNKNOWN]
    end = _acked_end(sent, heard)
    seen_ns = min(row["time_ns"] for row in heard if row["ack"] >= end) - min(row["time_ns"] for row in sent)
    return seen_ns + max(_direction(analysis, number, sender)["sender_rtt_min_ns"], 0)


def _acked_end(sent: Sequence[Row], heard: Sequence[Row]) -> int:
    """Return the offset up to which the capture shows bytes acknowledged."""
    return min(max(row["seq"] + row["len"] for row in sent), max(row["ack"] for row in heard))


def _direction(analysis: Analysis, number: int, sender: int) -> Row:
    found = rows.raw_rows(rows_of_flow(analysis.direction_rows, number))
    return next(row for row in found if row["sender"] == sender)


def _waits(heard: Sequence[Row], windows: Sequence[Row], direction: Row, mss: int) -> list[Wait]:
    """Return the round trips between both ends, each with when it ended.

    Where the capture was taken at the sender they are measured one by one; elsewhere a queue may lie before the tap,
    and the smoothed round trip of the sender has both parts. What an acknowledgment after a hole tells is left out: it
    had to wait for the hole.
    """
    if _is_at_sender(direction):
        near_ns = max(direction["sender_rtt_min_ns"], 0)
        steps = ((row, row["ack"] - before["ack"]) for before, row in pairwise(heard))
        steady = (row for row, step in steps if step <= STEP * mss and row["rtt_ns"] != UNKNOWN)
        return [(row["time_ns"], row["rtt_ns"] + near_ns) for row in steady]
    return [(row["time_ns"], row["srtt_ns"]) for row in windows if row["srtt_ns"] != UNKNOWN]


def _base_ns(waits: Sequence[Wait], direction: Row) -> int:
    """Return the shortest round trip: that of the handshake where it is shorter, which carries no data."""
    parts = (direction["sender_rtt_min_ns"], direction["peer_rtt_min_ns"])
    least_ns = min(trip for _, trip in waits)
    return min(least_ns, sum(parts)) if UNKNOWN not in parts else least_ns


def _rate(
    sent: Sequence[Row], heard: Sequence[Row], waits: Sequence[Wait], base_ns: int, mss: int, at_sender: bool
) -> int | None:
    """Return the rate of the narrowest link; None where nothing was ever slowed down.

    It is that at which bytes arrive while packets wait before the link, else that at which a burst comes out of it,
    else the most that a long transfer reached. Away from the sender it is that at which packets follow each other.
    """
    if not at_sender:
        arrivals = _arrival_rates(sent, mss)
        return _percentile(arrivals, BURST_PERCENT) if len(arrivals) >= LEAST_ARRIVALS else None
    limit_ns = max(int(base_ns * QUEUED), base_ns + LEAST_QUEUED_NS)
    queued: list[int] = []
    others: list[int] = []
    at = 0
    for first, last in _spans(heard, 2 * base_ns, mss):
        trips = []
        while at < len(waits) and waits[at][0] <= last["time_ns"]:
            trips.append(waits[at][1])
            at += 1
        rate = (last["ack"] - first["ack"]) * NS_PER_S // (last["time_ns"] - first["time_ns"])
        (queued if trips and min(trips) > limit_ns else others).append(rate)
    if len(queued) >= LEAST_SPANS:
        return int(median(queued))
    bursts = _burst_rates(sent, heard, mss)
    if len(bursts) >= LEAST_BURSTS:
        return _percentile(bursts, BURST_PERCENT)
    return max(others) if len(others) >= MANY_SPANS else None


def _spans(heard: Sequence[Row], span_ns: int, mss: int) -> list[tuple[Row, Row]]:
    """Return the spans of acknowledgments that last so long and tell of no hole: each continues the one before."""
    spans = []
    first = heard[0]
    for before, row in pairwise(heard):
        if not 0 < row["ack"] - before["ack"] <= STEP * mss:
            first = row
        elif row["time_ns"] - first["time_ns"] >= span_ns:
            spans.append((first, row))
            first = row
    return spans


def _is_at_sender(direction: Row) -> bool:
    """Return whether next to none of the round trip lies between the sender and the tap."""
    return max(direction["sender_rtt_min_ns"], 0) * NEAR <= max(direction["peer_rtt_min_ns"], 0)


def _arrival_rates(sent: Sequence[Row], mss: int) -> list[int]:
    """Return the rates at which full segments follow each other where they were spread before they came to the tap."""
    pairs = ((row, row["time_ns"] - before["time_ns"]) for before, row in pairwise(sent))
    return [mss * NS_PER_S // apart_ns for row, apart_ns in pairs if row["len"] == mss and apart_ns > 0]


def _burst_rates(sent: Sequence[Row], heard: Sequence[Row], mss: int) -> list[int]:
    """Return the rates at which what was sent at once was acknowledged: the narrowest link spread it."""
    sent_ns = {row["seq"] + row["len"]: row["time_ns"] for row in sent}
    rates = []
    for before, row in pairwise(heard):
        apart_ns = row["time_ns"] - before["time_ns"]
        known = before["ack"] in sent_ns and row["ack"] in sent_ns
        if known and 2 * mss <= row["ack"] - before["ack"] <= STEP * mss and apart_ns > 0:
            together_ns = sent_ns[row["ack"]] - sent_ns[before["ack"]]
            if 0 <= together_ns * SPREAD < apart_ns < MOST_SPREAD_NS:
                rates.append((row["ack"] - before["ack"]) * NS_PER_S // apart_ns)
    return rates


def _waits_met(sent: Sequence[Row], lost: Sequence[Row], waits: Sequence[Wait], base_ns: int) -> dict[int, int]:
    """Return for the first byte of what was lost how long packets waited in the queue when it was first sent."""
    first_sent = {row["seq"]: row["time_ns"] for row in reversed(sent)}
    met, at = {}, 0
    for sent_ns, seq in sorted((first_sent[row["seq"]], row["seq"]) for row in lost):
        while at + 1 < len(waits) and waits[at][0] - waits[at][1] < sent_ns:
            at += 1
        met[seq] = waits[at][1] - base_ns
    return met


def _overflows(met: dict[int, int], longest_ns: int) -> bool:
    """Return whether losses come from a queue that is full: several met it when it was as long as it ever was."""
    return sum(wait_ns >= FULL * longest_ns for wait_ns in met.values()) >= FULL_LOSSES


def _by_chance(lost: Sequence[Row], met: dict[int, int], full_ns: float | None) -> dict[int, int]:
    """Return how often what begins at each offset was lost by chance: without a queue that was full by `full_ns`."""
    return dict(Counter(row["seq"] for row in lost if full_ns is None or met[row["seq"]] < full_ns))


def _percentile(values: Sequence[int], percent: int) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def _writes(
    fresh: Sequence[Row], heard: Sequence[Row], windows: Sequence[Row], base_ns: int, near_ns: int
) -> list[tuple[int, int]]:
    """Return when the application wrote: after each pause of a round trip or more that was its own.

    It was its own where nothing else held the sender back, and where everything was acknowledged before, `near_ns` on
    its way from the tap included. Each pair tells until when no more than an offset was there.
    """
    start_ns = fresh[0]["time_ns"]
    held = {row["frame"] for row in windows if row["limit"] == Limit.APPLICATION}
    writes, at, acked = [], 0, 0
    for before, row in pairwise(fresh):
        while at < len(heard) and heard[at]["time_ns"] + near_ns <= row["time_ns"]:
            acked = max(acked, heard[at]["ack"])
            at += 1
        paused_ns = row["time_ns"] - before["time_ns"]
        if paused_ns >= base_ns and (row["frame"] in held or acked >= row["seq"]):
            writes.append((row["time_ns"] - start_ns, row["seq"]))
    return writes


def _offers(heard: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the right edges that the peer offered, by what it had acknowledged; only what it never took back."""
    offers: list[tuple[int, int]] = []
    for row in heard:
        if row["window"] == UNKNOWN:
            continue
        ack, edge = row["ack"], row["ack"] + row["window"]
        if offers and ack <= offers[-1][0]:
            if edge > offers[-1][1]:
                offers[-1] = (offers[-1][0], edge)
        else:
            offers.append((ack, max(edge, offers[-1][1]) if offers else edge))
    return offers
