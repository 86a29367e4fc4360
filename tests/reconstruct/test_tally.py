"""Totals over all connections, and the first few kept as if all had been sorted."""

import random
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN
from reconstruct.tally import EVIDENCE, Evidence, Sort, Tally
from reconstruct.vocabulary import Closing, Opening

Cells = dict[str, int]
MS = 1_000_000  # ns


class Finished:
    """The rows of one connection."""

    def __init__(self, flow: Mapping[str, int], *directions: Mapping[str, int]) -> None:
        """Take what is not 0 of a connection's rows."""
        self.flow: Cells = dict.fromkeys(FLOW_COLUMNS, 0) | dict(flow)
        self.directions = [
            dict.fromkeys(DIRECTION_COLUMNS, 0) | {"flow": self.flow["flow"], "sender": sender} | dict(given)
            for sender, given in enumerate((*directions, {}, {})[:2])
        ]

    def total(self, name: str) -> int:
        """Return the sum of a column over both directions."""
        return sum(direction[name] for direction in self.directions)


def worst(each: Finished) -> int:
    """Return the points of a connection: a retransmission 10, 10 ms of zero window 1, a violation 5."""
    points = 10 * each.total("retransmissions")
    points += sum(direction["zero_window_ns"] // (10 * MS) for direction in each.directions)
    points += 5 * (each.total("invalid_segments") - each.total("stale_resets"))
    points += 30 if each.flow["closing"] == Closing.RST else 0
    return points + (50 if each.flow["opening"] in (Opening.HALF_OPEN, Opening.REFUSED) else 0)


def handshake(each: Finished) -> int:
    """Return the round trip of the handshake, -1 where it is unknown."""
    parts = (each.flow["syn_rtt_ns"], each.flow["ack_rtt_ns"])
    return -1 if UNKNOWN in parts else sum(parts)


SCORES: dict[Sort, Callable[[Finished], int]] = {
    Sort.WORST: worst,
    Sort.BYTES: lambda each: each.flow["bytes"],
    Sort.DURATION: lambda each: each.flow["last_time_ns"] - each.flow["first_time_ns"],
    Sort.RTT: handshake,
    Sort.RETRANSMISSIONS: lambda each: each.total("retransmissions"),
    Sort.SEGMENTS: lambda each: each.flow["segments"],
    Sort.FIRST: lambda each: -each.flow["flow"],
}


class Kept:
    """The tables and the tally after these connections were finished, one after the other."""

    def __init__(self, finished: list[Finished], sort: Sort = Sort.WORST, limit: int = -1) -> None:
        """Finish the connections."""
        self.flows, self.directions = RowStore(FLOW_COLUMNS), RowStore(DIRECTION_COLUMNS)
        self.tally, self.most = Tally(sort, limit), 0
        for each in finished:
            write(self.flows, each.flow)
            for direction in each.directions:
                write(self.directions, direction)
            self.tally.add(self.flows, self.directions)
            self.most = max(self.most, self.flows.count)
        if limit >= 0:
            self.tally.cut(self.flows, self.directions)

    def rows(self) -> list[tuple[Cells, list[Cells]]]:
        """Return the rows that are kept, by connection."""
        directions = cells_of(self.directions)
        return [(flow, directions[2 * at : 2 * at + 2]) for at, flow in enumerate(cells_of(self.flows))]


def write(store: RowStore, cells: Cells) -> None:
    """Add a row."""
    first = store.new_row()
    for column, name in enumerate(store.names):
        store.cells[first + column] = cells[name]


def cells_of(store: RowStore) -> list[Cells]:
    """Return the rows of a table by name."""
    return [dict(zip(store.names, store.row(index), strict=True)) for index in range(store.count)]


def by_sorting_all(finished: list[Finished], sort: Sort, limit: int) -> list[tuple[Cells, list[Cells]]]:
    """Return the first `limit` connections: by score, then by bytes, then in order of appearance."""
    score = SCORES[sort]
    ordered = sorted(finished, key=lambda each: (-score(each), -each.flow["bytes"], each.flow["flow"]))
    return [(each.flow, each.directions) for each in ordered[:limit]]


def random_connections(seed: int, count: int, variety: int) -> list[Finished]:
    """Return connections in a random order of finishing; a small `variety` makes many ties."""
    rng = random.Random(seed)
    numbers = rng.sample(range(count), count)
    return [_random_connection(rng, number, variety) for number in numbers]


def _random_connection(rng: random.Random, number: int, variety: int) -> Finished:
    few = range(variety)
    flow = {name: rng.choice(few) for name in ("bytes", "segments", "first_time_ns", "last_time_ns")}
    trips = {name: rng.choice([UNKNOWN, *few]) for name in ("syn_rtt_ns", "ack_rtt_ns")}
    ends = {"opening": rng.choice(list(Opening)), "closing": rng.choice(list(Closing))}
    directions = [
        {
            "retransmissions": rng.choice(few), "invalid_segments": 3, "stale_resets": rng.choice([0, 3]),
            "zero_window_ns": 7 * MS * rng.choice(few), "missing_bytes": rng.choice([UNKNOWN, 0, 5]),
            "out_of_order": rng.choice(few), "zero_window_episodes": rng.choice(few),
            "oversized_segments": rng.choice([0, 0, 2]),
        }
        for _ in range(2)
    ]  # fmt: skip
    rest = {"flow": number, "first_frame": 10 * number + 1, "one_sided": rng.choice([0, 1])}
    return Finished(flow | trips | ends | rest, *directions)


CONNECTIONS = st.builds(
    random_connections, st.integers(0, 2**32), st.integers(0, 250), st.sampled_from([1, 2, 5, 1000])
)
QUICK = settings(max_examples=15, deadline=None)


@pytest.mark.parametrize("sort", list(Sort))
@QUICK
@given(CONNECTIONS, st.sampled_from([0, 1, 2, 5, 30, 400]))
def test_what_is_kept_is_what_comes_first_when_all_are_sorted(sort: Sort, finished: list[Finished], limit: int) -> None:
    assert Kept(finished, sort, limit).rows() == by_sorting_all(finished, sort, limit)


@QUICK
@given(CONNECTIONS, st.sampled_from(list(Sort)), st.sampled_from([0, 1, 5, 30]))
def test_the_tables_never_hold_many_more_than_the_limit(finished: list[Finished], sort: Sort, limit: int) -> None:
    kept = Kept(finished, sort, limit)
    assert kept.most <= 2 * limit + 64  # 64 rows are spare
    assert kept.directions.count == 2 * kept.flows.count <= 2 * limit


@QUICK
@given(CONNECTIONS, st.sampled_from(list(Sort)), st.sampled_from([-1, 0, 5, 30]))
def test_the_totals_are_those_of_all_connections_whatever_is_kept(
    finished: list[Finished], sort: Sort, limit: int
) -> None:
    tally = Kept(finished, sort, limit).tally
    assert tally.connections == len(finished)
    assert tally.segments == sum(each.flow["segments"] for each in finished)
    assert tally.payload == sum(each.flow["bytes"] for each in finished)
    assert tally.retransmissions == sum(each.total("retransmissions") for each in finished)
    assert tally.out_of_order == sum(each.total("out_of_order") for each in finished)
    assert tally.held == sum(each.total("zero_window_episodes") for each in finished)
    assert tally.held_ns == sum(each.total("zero_window_ns") for each in finished)
    openings = [each.flow["opening"] for each in finished]
    closings = [each.flow["closing"] for each in finished]
    assert list(tally.openings) == [openings.count(opening) for opening in Opening]
    assert list(tally.closings) == [closings.count(closing) for closing in Closing]


@QUICK
@given(CONNECTIONS)
def test_without_a_limit_all_rows_stay_in_the_order_of_finishing(finished: list[Finished]) -> None:
    assert Kept(finished).rows() == [(each.flow, each.directions) for each in finished]


def flood(count: int, **cells: int) -> list[Finished]:
    """Return connections that differ in nothing but their number."""
    return [Finished({"flow": number, **cells}) for number in range(count)]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
def test_of_equal_connections_those_that_appeared_first_are_kept(sort: Sort, backwards: bool) -> None:
    finished = flood(500)
    kept = Kept(finished[::-1] if backwards else finished, sort, 3)
    assert [flow["flow"] for flow, _ in kept.rows()] == [0, 1, 2]


def test_a_tie_at_the_threshold_is_decided_by_bytes() -> None:
    finished = [*flood(200, segments=7, bytes=5), Finished({"flow": 200, "segments": 7, "bytes": 6})]
    assert [flow["flow"] for flow, _ in Kept(finished, Sort.SEGMENTS, 2).rows()] == [200, 0]
    finished[-1] = Finished({"flow": 200, "segments": 7, "bytes": 4})
    assert [flow["flow"] for flow, _ in Kept(finished, Sort.SEGMENTS, 2).rows()] == [0, 1]


def test_connections_without_a_round_trip_come_last() -> None:
    trips = [(UNKNOWN, 9), (9, UNKNOWN), (0, 0), (3, 4)]
    finished = [Finished({"flow": at, "syn_rtt_ns": syn, "ack_rtt_ns": ack}) for at, (syn, ack) in enumerate(trips)]
    assert [flow["flow"] for flow, _ in Kept(finished, Sort.RTT, 4).rows()] == [3, 2, 0, 1]


# Evidence


def test_evidence_counts_all_and_names_the_first_frames() -> None:
    evidence = Evidence()
    for frame in range(1, 31):
        evidence.note(2, frame)
    assert (evidence.connections, evidence.total) == (30, 60)
    assert evidence.frames == list(range(1, EVIDENCE + 1))


def test_each_direction_with_bytes_that_were_never_captured_is_noted() -> None:
    shown = {"missing_bytes": 10, "invalid_segments": 4, "stale_resets": 1, "oversized_segments": 2}
    shown |= {"missing_frame": 11, "invalid_frame": 12, "oversized_frame": 13}
    tally = Kept([Finished({"flow": 0, "first_frame": 7}, shown, {"missing_bytes": UNKNOWN})]).tally
    assert (tally.missing.total, tally.missing.frames) == (10, [11])
    assert (tally.invalid.total, tally.invalid.frames) == (3, [12])  # resets that come late violate nothing: 4 - 1
    assert (tally.oversized.total, tally.oversized.frames) == (2, [13])
    assert (tally.one_sided.total, tally.one_sided.frames) == (0, [])


def test_stale_resets_alone_are_no_evidence() -> None:
    tally = Kept([Finished({"flow": 0}, {"invalid_segments": 2, "stale_resets": 2})]).tally
    assert (tally.invalid.total, tally.invalid.connections) == (0, 0)


def test_a_one_sided_connection_is_noted_by_its_first_frame() -> None:
    tally = Kept([Finished({"first_frame": 3, "one_sided": 1}), Finished({"first_frame": 9})]).tally
    assert (tally.one_sided.connections, tally.one_sided.frames) == (1, [3])
