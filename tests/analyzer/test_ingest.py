"""The loop over packets: frames are numbered, segments reach the table, everything else the ledger."""

from collections.abc import Sequence

from analyzer.capture.batch import PacketBatch
from analyzer.ingest import CLOCK_STEP_NS, MAX_EVIDENCE, Ingest
from analyzer.capture.ledger import Ledger, Skip
from reconstruct.flows import FlowTable
from reconstruct.recorder import Recorder
from reconstruct.seq import UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.tally import Tally
from tests.captures import ETHERNET, START_NS
from tests.packets import ICMP, MORE, UDP, ethernet, ipv4, tcp, udp

FOREVER = (1 << 63) - 1
SYN = 0x002
SEGMENT = ethernet(ipv4(tcp(flags=SYN, ack=0)))
OTHER = ethernet(ipv4(udp(b"x"), UDP))


def new_ingest() -> Ingest:
    """Return a loop with an empty table and ledger."""
    return Ingest(FlowTable(ReplaySettings(), Recorder(False, False), Tally()), Ledger())


def batch_of(frames: Sequence[bytes], times_ns: Sequence[int] | None = None, link: int = ETHERNET) -> PacketBatch:
    """Return a batch of whole frames, a second apart unless times are given."""
    batch = PacketBatch()
    batch.data = b"".join(frames) or b"\0"
    at = 0
    for index, frame in enumerate(frames):
        batch.start[index], batch.captured[index], batch.wire[index] = at, len(frame), len(frame)
        batch.link[index] = link
        batch.time_ns[index] = START_NS + index * 1_000_000_000 if times_ns is None else times_ns[index]
        at += len(frame)
    batch.count = len(frames)
    return batch


def test_segments_are_counted_and_everything_else_is_in_the_ledger() -> None:
    ingest = new_ingest()
    frames = [OTHER, SEGMENT, ethernet(bytes(46), 0x0806), ethernet(ipv4(bytes(8), ICMP)), OTHER, SEGMENT]
    assert ingest.run(batch_of(frames), 0, FOREVER) == 6
    assert (ingest.frame, ingest.segments) == (6, 2)
    rows = [(row.reason, row.count, row.first_frame) for row in ingest.ledger.rows()]
    assert rows == [(Skip.UDP.text, 2, 1), (Skip.NOT_IP.text, 1, 3), (Skip.ICMP.text, 1, 4)]


def test_packets_equal_segments_and_skipped_ones_together() -> None:
    ingest = new_ingest()
    ingest.run(batch_of([SEGMENT, OTHER, b"", b"short", SEGMENT[:30]]), 0, FOREVER)
    assert ingest.frame == ingest.segments + sum(row.count for row in ingest.ledger.rows())


def test_frames_are_numbered_on_over_batches() -> None:
    ingest = new_ingest()
    ingest.run(batch_of([SEGMENT] * 3), 0, FOREVER)
    ingest.run(batch_of([OTHER, SEGMENT]), 0, FOREVER)
    assert (ingest.frame, ingest.segments) == (5, 4)
    assert [row.first_frame for row in ingest.ledger.rows()] == [4]


def test_the_first_and_the_last_time_are_those_of_the_packets() -> None:
    ingest = new_ingest()
    assert (ingest.first_time_ns, ingest.last_time_ns) == (UNKNOWN, UNKNOWN)
    ingest.run(batch_of([OTHER, SEGMENT], [50, 70]), 0, FOREVER)
    ingest.run(batch_of([OTHER], [90]), 0, FOREVER)
    assert (ingest.first_time_ns, ingest.last_time_ns) == (50, 90)


def test_packets_are_taken_up_to_a_time_and_at_least_one() -> None:
    ingest = new_ingest()
    batch = batch_of([SEGMENT] * 4, [10, 20, 20, 30])
    assert ingest.run(batch, 0, 20) == 3
    assert ingest.run(batch, 3, 20) == 4
    assert ingest.frame == 4


def test_a_batch_that_is_used_up_gives_nothing_more() -> None:
    ingest = new_ingest()
    batch = batch_of([SEGMENT], [10])
    assert ingest.run(batch, 1, FOREVER) == 1
    assert (ingest.frame, ingest.first_time_ns) == (0, UNKNOWN)


def test_a_clock_that_goes_back_is_noted_from_ten_milliseconds_on() -> None:
    ingest = new_ingest()
    later = START_NS + 1_000_000_000
    ingest.run(batch_of([OTHER] * 4, [later, later - CLOCK_STEP_NS + 1, later - CLOCK_STEP_NS, later]), 0, FOREVER)
    assert (ingest.steps, ingest.step_frames) == (1, [3])


def test_frames_where_the_clock_went_back_are_kept_up_to_a_number() -> None:
    ingest = new_ingest()
    times_ns = [START_NS - index * CLOCK_STEP_NS for index in range(2 * MAX_EVIDENCE)]
    ingest.run(batch_of([OTHER] * len(times_ns), times_ns), 0, FOREVER)
    assert ingest.steps == 2 * MAX_EVIDENCE - 1
    assert ingest.step_frames == list(range(2, MAX_EVIDENCE + 2))


def test_payloads_that_the_snap_length_cut_are_counted() -> None:
    ingest = new_ingest()
    whole = ethernet(ipv4(tcp(payload=bytes(100))))
    batch = batch_of([whole[:60], whole])
    batch.wire[0] = len(whole)
    ingest.run(batch, 0, FOREVER)
    assert (ingest.segments, ingest.cut_payloads) == (2, 1)


def test_fragments_are_put_together_over_batches() -> None:
    ingest = new_ingest()
    segment = tcp(payload=bytes(100))
    first = ethernet(ipv4(segment[:64], flags=MORE))
    second = ethernet(ipv4(segment[64:], flags=0, offset=64))
    ingest.run(batch_of([OTHER, first]), 0, FOREVER)
    ingest.run(batch_of([OTHER, OTHER, second]), 0, FOREVER)
    assert (ingest.segments, ingest.ledger.count(Skip.FRAGMENT)) == (1, 1)


def test_a_tunnel_amid_other_packets_is_decoded() -> None:
    ingest = new_ingest()
    tunnelled = ethernet(ipv4(ipv4(tcp(flags=SYN, ack=0)), 4))
    ingest.run(batch_of([OTHER, tunnelled, OTHER]), 0, FOREVER)
    assert (ingest.segments, ingest.ledger.count(Skip.UDP)) == (1, 2)
