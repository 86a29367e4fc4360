"""What the captures hold: patterns of segments, stamped over many connections at once.

Everything is a generator of slices that are in order of time, so that memory does not grow with the capture. The tap is
at the client. The same arguments give the same segments.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.frames import ACK, FIN, MSS, PSH, RST, SACK_BLOCKS, SEGMENT, SYN, Columns, Numbers

US = 1_000  # nanoseconds
MS = 1_000_000  # nanoseconds
SECOND = 1_000_000_000  # nanoseconds
SLICE = 100_000  # segments that are made at once, about

BULK_CONNECTIONS = 40
CYCLE_SEGMENTS = 64  # data segments of a long transfer that are in flight together
CYCLE_NS = 25 * MS  # one such flight, its acknowledgements and what was lost of it
CHURN_EVERY_NS = 250 * US  # between two new connections
FLOOD_EVERY_NS = 5 * US  # between two SYNs of a flood
SMALL_BYTES = 100  # payload of captures with holes: a million of them fit into the largest window
HOLE_EVERY = 100  # segments: one is lost of a flight that is outstanding as a whole
WINDOW = 32  # times 2^14: half a megabyte
LARGEST_WINDOW = 65_535  # times 2^14: a gigabyte


@dataclass
class Pattern:
    """Segments of one connection or of a piece of it; times are so many ns and so many round trips after its start."""

    rows: list[tuple[int, float, bool, int, int, int, int, int]] = field(default_factory=list)
    sacks: list[list[tuple[int, int]]] = field(default_factory=list)

    def add(
        self,
        after_ns: int,
        round_trips: float,
        from_client: bool,
        seq: int,
        ack: int,
        flags: int = ACK,
        *,
        payload: int = 0,
        window: int = WINDOW,
        sack: list[tuple[int, int]] | None = None,
    ) -> None:
        """Append one segment; `seq`, `ack` and the edges of `sack` are offsets from the initial sequence numbers."""
        self.rows.append((after_ns, round_trips, from_client, flags, seq, ack, payload, window))
        self.sacks.append((sack or [])[:3])

    def stamp(self, start_ns: Numbers, rtt_ns: Numbers, connection: Numbers, base: Numbers | int = 0) -> Columns:
        """Return the segments for every start, the client's bytes moved on by `base`; not in order of time."""
        count, width = len(start_ns), len(self.rows)
        columns = (np.array(column) for column in zip(*self.rows, strict=True))
        after, trips, from_client, flags, seq, ack, payload, window = columns
        out = np.zeros((count, width), SEGMENT)
        moved = np.broadcast_to(base, count)[:, None]
        out["time_ns"] = start_ns[:, None] + after + (trips * rtt_ns[:, None]).astype(np.int64)
        out["rtt_ns"], out["connection"] = rtt_ns[:, None], connection[:, None]
        out["from_client"], out["flags"], out["payload"], out["window"] = from_client, flags, payload, window
        out["seq"] = seq + np.where(from_client, moved, 0)
        out["ack"] = ack + np.where(from_client, 0, moved)
        for column, blocks in enumerate(self.sacks):
            out["blocks"][:, column] = len(blocks)
            for number, edges in enumerate(blocks):
                out["sack"][:, column, number] = np.array(edges) + moved
        return out.reshape(-1)


def in_order(slices: Iterator[tuple[Columns, int]]) -> Iterator[Columns]:
    """Sort slices by time; each comes with the time before which no later slice has a segment."""
    waiting = np.zeros(0, SEGMENT)
    for segments, settled_ns in slices:
        waiting = np.concatenate((waiting, segments))
        waiting = waiting[np.argsort(waiting["time_ns"], kind="stable")]
        cut = int(np.searchsorted(waiting["time_ns"], settled_ns))
        yield waiting[:cut]
        waiting = waiting[cut:]
    yield waiting


def first(slices: Iterator[Columns], packets: int) -> Iterator[Columns]:
    """Yield the first so many segments."""
    for segments in slices:
        yield segments[:packets]
        packets -= len(segments)
        if packets <= 0:
            return


def handshake(pattern: Pattern, after_ns: int = 0) -> None:
    """Append an opening to a pattern; it takes one round trip."""
    pattern.add(after_ns, 0, True, 0, 0, SYN, window=64_240)
    pattern.add(after_ns, 1, False, 0, 1, SYN | ACK, window=65_160)
    pattern.add(after_ns + 20 * US, 1, True, 1, 1)


def transfer_cycle(lost: tuple[int, ...] = (), closed_window: bool = False) -> Pattern:
    """Return one flight of a long upload: data, delayed ACKs, and duplicate ACKs and resends of what was `lost`."""
    pattern = Pattern()
    for number in range(CYCLE_SEGMENTS):
        last = number == CYCLE_SEGMENTS - 1
        pattern.add(number * 20 * US, 0, True, 1 + number * MSS, 1, PSH | ACK if last else ACK, payload=MSS)
    hole = min(lost, default=CYCLE_SEGMENTS)
    for number in range(1, hole, 2):
        shut = closed_window and number == CYCLE_SEGMENTS - 1
        pattern.add(number * 20 * US, 1, False, 1, 1 + (number + 1) * MSS, window=0 if shut else WINDOW)
    for number in range(hole + 1, CYCLE_SEGMENTS):
        if number not in lost:
            pattern.add(number * 20 * US, 1, False, 1, 1 + hole * MSS, sack=islands(lost, number))
    resent = sorted(lost)
    for turn, number in enumerate(resent):
        edge = resent[turn + 1] if turn + 1 < len(resent) else CYCLE_SEGMENTS
        at = (hole + 4) * 20 * US + turn * 20 * US
        pattern.add(at + 2 * MS, 1, True, 1 + number * MSS, 1, payload=MSS)
        pattern.add(at + 2 * MS, 2, False, 1, 1 + edge * MSS)
    if closed_window:
        pattern.add(8 * MS, 1, False, 1, 1 + CYCLE_SEGMENTS * MSS)
    return pattern


def islands(lost: tuple[int, ...], newest: int) -> list[tuple[int, int]]:
    """Return the SACK blocks once segment `newest` has come, the block that holds it first (RFC 2018 4)."""
    blocks: list[tuple[int, int]] = []
    for number in range(min(lost) + 1, newest + 1):
        if number in lost:
            continue
        if blocks and blocks[0][1] == 1 + number * MSS:
            blocks[0] = (blocks[0][0], 1 + (number + 1) * MSS)
        else:
            blocks.insert(0, (1 + number * MSS, 1 + (number + 1) * MSS))
    return blocks


def bulk(packets: int, seed: int = 1, connections: int = BULK_CONNECTIONS) -> Iterator[Columns]:
    """Yield long uploads: 95 of 100 flights arrive whole, the others lose segments or meet a closed window."""
    return first(in_order(bulk_slices(seed, connections)), packets)


def bulk_slices(seed: int, connections: int) -> Iterator[tuple[Columns, int]]:
    """Yield flights of all connections, without end."""
    random = np.random.default_rng(seed)
    cycles = [transfer_cycle(lost) for lost in ((), (20,), (20, 21, 40), (5, 12, 30, 50))]
    cycles.append(transfer_cycle(closed_window=True))
    connection = np.arange(connections)
    rtt_ns = random.integers(2 * MS, 5 * MS, connections)
    start_ns = random.integers(0, CYCLE_NS, connections) + 10 * MS
    opening = Pattern()
    handshake(opening)
    yield opening.stamp(start_ns - 10 * MS, rtt_ns, connection), 0
    together = max(1, SLICE // (connections * 96))
    cycle = 0
    while True:
        numbers = np.repeat(np.arange(cycle, cycle + together), connections)
        kinds = random.choice(len(cycles), len(numbers), p=(0.95, 0.02, 0.015, 0.01, 0.005))
        who = np.tile(connection, together)
        slices = [
            cycles[kind].stamp(
                start_ns[who[kinds == kind]] + numbers[kinds == kind] * CYCLE_NS,
                rtt_ns[who[kinds == kind]],
                who[kinds == kind],
                numbers[kinds == kind] * CYCLE_SEGMENTS * MSS,
            )
            for kind in range(len(cycles))
        ]
        cycle += together
        yield np.concatenate(slices), cycle * CYCLE_NS


def exchange(request: int, last: int, *, syn_lost: bool = False, data_lost: bool = False) -> Pattern:
    """Return a short connection: a request, three segments of response, an orderly end."""
    pattern = Pattern()
    opened_ns = SECOND if syn_lost else 0
    if syn_lost:
        pattern.add(0, 0, True, 0, 0, SYN, window=64_240)
    handshake(pattern, opened_ns)
    asked, answered = 1 + request, 1 + 2 * MSS + last
    pattern.add(opened_ns + 100 * US, 1, True, 1, 1, PSH | ACK, payload=request)
    pattern.add(opened_ns + 100 * US, 2, False, 1, asked)
    ready = opened_ns + 5 * MS
    if not data_lost:
        pattern.add(ready, 2, False, 1, asked, payload=MSS)
    pattern.add(ready + 20 * US, 2, False, 1 + MSS, asked, payload=MSS)
    early = [(1 + MSS, 1 + 2 * MSS)] * data_lost
    pattern.add(ready + 30 * US, 2, True, asked, 1 if data_lost else 1 + 2 * MSS, sack=early)
    pattern.add(ready + 40 * US, 2, False, 1 + 2 * MSS, asked, PSH | ACK, payload=last)
    pattern.add(ready + 50 * US, 2, True, asked, 1 if data_lost else answered, sack=[(1 + MSS, answered)] * data_lost)
    if data_lost:
        pattern.add(ready + 60 * US, 3, False, 1, asked, payload=MSS)
        pattern.add(ready + 70 * US, 3, True, asked, answered)
    done = ready + 30 * MS
    pattern.add(done, 4, True, asked, answered, FIN | ACK)
    pattern.add(done, 5, False, answered, asked + 1, FIN | ACK)
    pattern.add(done + 10 * US, 5, True, asked + 1, answered + 1)
    return pattern


def refused() -> Pattern:
    """Return a SYN that a reset answers."""
    pattern = Pattern()
    pattern.add(0, 0, True, 0, 0, SYN, window=64_240)
    pattern.add(0, 1, False, 0, 1, RST | ACK, window=0)
    return pattern


def unanswered() -> Pattern:
    """Return a SYN that is sent three times for nothing (RFC 6298 5.5 doubles the wait)."""
    pattern = Pattern()
    for after_s in (0, 1, 3):
        pattern.add(after_s * SECOND, 0, True, 0, 0, SYN, window=64_240)
    return pattern


def churn(packets: int, seed: int = 2, first_connection: int = 1000) -> Iterator[Columns]:
    """Yield short connections of about 12 segments; some lose segments, some find nobody."""
    return first(in_order(churn_slices(seed, first_connection)), packets)


def churn_slices(seed: int, first_connection: int) -> Iterator[tuple[Columns, int]]:
    """Yield connections, without end."""
    random = np.random.default_rng(seed)
    ordinary = [exchange(90 + 110 * number, 20 + 170 * number) for number in range(8)]
    rare = [exchange(300, 700, syn_lost=True), exchange(300, 700, data_lost=True), refused(), unanswered()]
    patterns = ordinary + rare
    shares = [0.9 / len(ordinary)] * len(ordinary) + [0.02, 0.05, 0.02, 0.01]
    together = SLICE // 12
    number = 0
    while True:
        connection = np.arange(number, number + together)
        start_ns = connection * CHURN_EVERY_NS + random.integers(0, CHURN_EVERY_NS, together)
        rtt_ns = random.integers(1 * MS, 120 * MS, together)
        kinds = random.choice(len(patterns), together, p=shares)
        slices = [
            pattern.stamp(start_ns[kinds == kind], rtt_ns[kinds == kind], first_connection + connection[kinds == kind])
            for kind, pattern in enumerate(patterns)
        ]
        number += together
        yield np.concatenate(slices), number * CHURN_EVERY_NS


def mix(packets: int, seed: int = 3) -> Iterator[Columns]:
    """Yield long uploads and short connections together, about half of the packets each."""
    long, short = bulk_slices(seed, BULK_CONNECTIONS // 3), churn_slices(seed, 1000)

    def merged() -> Iterator[tuple[Columns, int]]:
        long_until = short_until = 0
        while True:
            if long_until <= short_until:
                segments, long_until = next(long)
            else:
                segments, short_until = next(short)
            yield segments, min(long_until, short_until)

    return first(in_order(merged()), packets)


def synflood(packets: int) -> Iterator[Columns]:
    """Yield SYNs from ever new clients that nobody answers."""
    pattern = Pattern()
    pattern.add(0, 0, True, 0, 0, SYN, window=64_240)
    for start in range(0, packets, SLICE):
        connection = np.arange(start, min(start + SLICE, packets))
        yield pattern.stamp(connection * FLOOD_EVERY_NS, np.full(len(connection), 10 * MS), connection)


def one_connection(time_ns: Numbers, from_client: bool) -> Columns:
    """Return empty ACK segments of connection 0 at these times, with the largest window."""
    out = np.zeros(len(time_ns), SEGMENT)
    out["time_ns"], out["rtt_ns"] = time_ns, 5 * MS
    out["flags"], out["from_client"], out["window"] = ACK, from_client, LARGEST_WINDOW
    out["seq"], out["ack"] = 1, 1
    return out


def with_holes(pairs: int) -> Iterator[Columns]:
    """Yield data of which every second segment is missing, each answered by a duplicate ACK with three SACK blocks."""
    opening = Pattern()
    handshake(opening)
    yield np.sort(opening.stamp(np.zeros(1, np.int64), np.full(1, 5 * MS), np.zeros(1, np.int64)), order="time_ns")
    for start in range(0, pairs, SLICE // 2):
        number = np.arange(start, min(start + SLICE // 2, pairs))
        time_ns = 20 * MS + number * 10 * US
        data, acks = one_connection(time_ns, True), one_connection(time_ns + 5 * US, False)
        data["seq"] = 1 + (2 * number + 1) * SMALL_BYTES
        data["payload"] = SMALL_BYTES
        acks["blocks"] = np.minimum(number + 1, 3)
        for block in range(3):
            left = 1 + (2 * np.maximum(number - block, 0) + 1) * SMALL_BYTES
            acks["sack"][:, block, 0], acks["sack"][:, block, 1] = left, left + SMALL_BYTES
        yield np.stack((data, acks), axis=1).reshape(-1)


def holes(packets: int) -> Iterator[Columns]:
    """Yield one connection in which every second segment is missing: what is out of order grows with the file."""
    return first(with_holes(packets // 2), packets)


def refill(packets: int, seed: int = 4) -> Iterator[Columns]:
    """Yield `holes` for one half of the packets; in the other the missing segments come, in random order."""
    pairs = packets // 4
    yield from with_holes(pairs)
    order = np.random.default_rng(seed).permutation(pairs)
    came_at = np.empty(pairs, np.int64)
    came_at[order] = np.arange(pairs)
    filled_at = np.maximum.accumulate(came_at)
    for start in range(0, pairs, SLICE // 2):
        turn = np.arange(start, min(start + SLICE // 2, pairs))
        time_ns = 30 * MS + (pairs + turn) * 10 * US
        data, acks = one_connection(time_ns, True), one_connection(time_ns + 5 * US, False)
        data["seq"] = 1 + 2 * order[turn] * SMALL_BYTES
        data["payload"] = SMALL_BYTES
        acks["ack"] = 1 + 2 * np.searchsorted(filled_at, turn, "right") * SMALL_BYTES
        yield np.stack((data, acks), axis=1).reshape(-1)


def window(packets: int) -> Iterator[Columns]:
    """Yield one flight of two thirds of the packets, all outstanding at once, of which every hundredth segment is lost.

    The acknowledgments tell of it with three SACK blocks; then the holes are filled one after the other.
    """
    opening = Pattern()
    handshake(opening)
    yield np.sort(opening.stamp(np.zeros(1, np.int64), np.full(1, 5 * MS), np.zeros(1, np.int64)), order="time_ns")
    holes = max(packets * 2 // 3 // HOLE_EVERY, 1)
    segments = holes * HOLE_EVERY
    acked_ns = 30 * MS + segments * US
    for start in range(0, segments, SLICE):
        number = np.arange(start, min(start + SLICE, segments))
        data = one_connection(20 * MS + number * US, True)
        data["seq"], data["payload"] = 1 + number * SMALL_BYTES, SMALL_BYTES
        yield data
    for start in range(1, segments // 2 + 1, SLICE):
        yield acks_of_holes(np.arange(start, min(start + SLICE, segments // 2 + 1)), acked_ns)
    number = np.arange(holes)
    time_ns = acked_ns + (segments // 2 + 1) * US + number * 10 * US
    data, acks = one_connection(time_ns, True), one_connection(time_ns + 5 * MS, False)
    data["seq"], data["payload"] = 1 + number * HOLE_EVERY * SMALL_BYTES, SMALL_BYTES
    acks["ack"] = 1 + (number + 1) * HOLE_EVERY * SMALL_BYTES
    yield np.sort(np.concatenate((data, acks)), order="time_ns", kind="stable")


def acks_of_holes(number: Numbers, from_ns: int) -> Columns:
    """Return the acknowledgments after so many pairs of segments of a flight of which every hundredth is lost."""
    acks = one_connection(from_ns + number * US, False)
    island = (2 * number - 1) // HOLE_EVERY
    acks["blocks"] = np.minimum(island + 1, SACK_BLOCKS)
    for block in range(SACK_BLOCKS):
        older = np.maximum(island - block, 0)
        acks["sack"][:, block, 0] = 1 + (HOLE_EVERY * older + 1) * SMALL_BYTES
        end = 2 * number if block == 0 else HOLE_EVERY * (older + 1)
        acks["sack"][:, block, 1] = 1 + end * SMALL_BYTES
    return acks


KINDS = {
    "bulk": bulk,
    "churn": churn,
    "mix": mix,
    "synflood": synflood,
    "holes": holes,
    "refill": refill,
    "window": window,
}
