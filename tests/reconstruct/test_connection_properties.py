"""What holds of every connection, whatever its segments are: random ones, and those of honest ends badly captured."""

from collections import Counter
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from reconstruct.connection import Connection
from reconstruct.recorder import VOID, Recorder
from reconstruct.scoreboard import SegmentPool
from reconstruct.segment import ACK, FIN, PSH, RST, SYN, Segment
from reconstruct.seq import SEQ_MODULUS, UNKNOWN
from reconstruct.settings import ReplaySettings
from reconstruct.states import Event, State, moves
from reconstruct.vocabulary import EventKind, SegmentKind
from tests.reconstruct.replaying import MS, Row, rows_of

FLAGS = [SYN, SYN | ACK, ACK, ACK, ACK, PSH | ACK, FIN | ACK, FIN | ACK, RST, RST | ACK, 0, FIN, SYN | FIN, SYN | RST]
NEAR = st.integers(-3, 300)
ANYWHERE = st.integers(0, SEQ_MODULUS - 1)
UNHURRIED = settings(deadline=None)  # a loaded machine is no bug
COUNTED = {
    "fast": SegmentKind.FAST_RETRANSMISSION,
    "recovery": SegmentKind.RECOVERY_RETRANSMISSION,
    "timeouts": SegmentKind.RTO_RETRANSMISSION,
    "slow_start": SegmentKind.SLOW_START_RETRANSMISSION,
    "tail_probes": SegmentKind.TAIL_LOSS_PROBE,
    "unexplained": SegmentKind.RETRANSMISSION,
    "network_duplicates": SegmentKind.NETWORK_DUPLICATE,
    "syn_retransmissions": SegmentKind.SYN_RETRANSMISSION,
    "dup_acks": SegmentKind.DUP_ACK,
    "out_of_order": SegmentKind.OUT_OF_ORDER,
    "keep_alives": SegmentKind.KEEP_ALIVE,
    "window_probes": SegmentKind.ZERO_WINDOW_PROBE,
    "invalid_segments": SegmentKind.INVALID,
}


@dataclass(frozen=True)
class Sent:
    """One segment of a random connection: who sends it, and its fields; offsets count from the ISNs."""

    from_client: bool
    flags: int
    seq: int
    ack: int
    payload_len: int = 0
    window: int = 1000


SENT = st.builds(
    Sent,
    from_client=st.booleans(),
    flags=st.sampled_from(FLAGS),
    seq=st.one_of(st.just(0), NEAR, NEAR, NEAR, ANYWHERE),
    ack=st.one_of(NEAR, NEAR, NEAR, ANYWHERE),
    payload_len=st.sampled_from([0, 0, 1, 2, 100, 1448]),
    window=st.sampled_from([0, 1, 500, 65535]),
)
SCRIPTS = st.lists(SENT, min_size=1, max_size=40)
ISNS = st.tuples(*[st.one_of(ANYWHERE, st.integers(SEQ_MODULUS - 200, SEQ_MODULUS - 1))] * 2)


def cursor(sent: Sent, frame: int, isns: tuple[int, int]) -> Segment:
    """Return the segment as the decoder would give it, a millisecond after the one before."""
    segment = Segment()
    mine, theirs = isns if sent.from_client else isns[::-1]
    segment.frame, segment.time_ns = frame, frame * MS
    segment.src_lo, segment.dst_lo = (1, 2) if sent.from_client else (2, 1)
    segment.sport, segment.dport = (40000, 80) if sent.from_client else (80, 40000)
    segment.flags, segment.window, segment.payload_len = sent.flags, sent.window, sent.payload_len
    segment.wire_seq = (mine + sent.seq) % SEQ_MODULUS
    segment.wire_ack = (theirs + sent.ack) % SEQ_MODULUS if sent.flags & ACK else 0
    return segment


class Played:
    """A random connection, replayed segment by segment; `check` looks at it after each."""

    def __init__(self, script: list[Sent], isns: tuple[int, int]) -> None:
        """Replay a script."""
        self.recorder = Recorder(True, True)
        self.connection = Connection(0, self.recorder, SegmentPool(), ReplaySettings())
        self.acknowledged = [UNKNOWN, UNKNOWN]
        self.initial: list[int] = []
        self.cursors = [cursor(sent, frame, isns) for frame, sent in enumerate(script, start=1)]
        self.connection.begin(self.cursors[0])
        self.ends = (self.connection.client, self.connection.server)
        self.initial = [end.state for end in self.ends]
        for segment in self.cursors:
            before = self.numbers()
            self.connection.replay(segment)
            assert segment.kind != SegmentKind.INVALID or self.numbers() == before or self.proves_a_gap(segment)
            self.check()

    def numbers(self) -> list[tuple[int, ...]]:
        """Return what no invalid segment may move."""
        own = [(end.based, end.isn, end.snd_una, end.fin_end, end.state, end.offered.snd_wnd) for end in self.ends]
        return own + [(end.stream.edge, end.stream.highest, end.stream.unique) for end in self.ends]

    def proves_a_gap(self, segment: Segment) -> bool:
        """Say whether a segment confirmed an acknowledgment that was refused: two ends agree, whatever else it says."""
        gaps = [row for row in rows_of(self.recorder.events) if row["event"] == EventKind.CAPTURE_GAP]
        return segment.frame in {row["frame"] for row in gaps}

    def check(self) -> None:
        """Check what must hold between any two segments."""
        for index, end in enumerate(self.ends):
            assert end.snd_una >= self.acknowledged[index]
            assert end.snd_una == UNKNOWN or end.flight() >= 0
            assert end.stream.edge <= end.stream.highest
            assert min(end.stream.unique, end.stream.missing, end.offered.closed_ns) >= 0
            self.acknowledged[index] = end.snd_una

    def rows(self) -> list[Row]:
        """Return the rows of the segments."""
        return rows_of(self.recorder.segments)

    def moves_of(self, index: int) -> list[Row]:
        """Return the moves of one end that were not taken back, in order."""
        rows = rows_of(self.recorder.events)
        states = [row for row in rows if row["event"] == EventKind.STATE and row["flow"] != VOID]
        return [row for row in states if row["sender"] == index]


PLAYED = st.builds(Played, SCRIPTS, ISNS)


@UNHURRIED
@given(PLAYED)
def test_every_move_is_one_of_the_table(played: Played) -> None:
    for index in (0, 1):
        for row in played.moves_of(index):
            assert row["a"] is not None
            assert row["c"] is not None
            assert moves(State(row["a"]))[Event(row["c"])] == row["b"]


@UNHURRIED
@given(PLAYED)
def test_the_states_in_the_rows_are_those_that_the_moves_lead_to(played: Played) -> None:
    for index, column in ((0, "client_state"), (1, "server_state")):
        if index == 1 and played.connection.refused:
            continue  # its server never was: CLOSED without a move
        state, pending = played.initial[index], played.moves_of(index)
        for row in played.rows():
            while pending and pending[0]["frame"] == row["frame"]:
                assert pending[0]["a"] == state
                state = pending.pop(0)["b"] or 0
            assert row[column] == state
        assert not pending
        assert played.ends[index].state == state


@UNHURRIED
@given(PLAYED)
def test_the_kinds_of_the_segments_are_what_is_counted(played: Played) -> None:
    rows = played.rows()
    assert len(rows) == played.connection.segments == sum(end.segments for end in played.ends)
    for index, end in enumerate(played.ends):
        kinds = Counter(row["kind"] for row in rows if row["sender"] == index)
        assert {name: getattr(end, name) for name in COUNTED} == {name: kinds[kind] for name, kind in COUNTED.items()}
        assert sum(kinds.values()) == end.segments


@UNHURRIED
@given(PLAYED)
def test_flight_in_the_rows_is_never_negative(played: Played) -> None:
    flights = [row["flight"] for row in rows_of(played.recorder.windows)]
    assert [flight for flight in flights if flight is not None and flight < 0] == []


@UNHURRIED
@given(SCRIPTS, ISNS, ISNS)
def test_the_account_is_the_same_wherever_the_numbers_begin(
    script: list[Sent], isns: tuple[int, int], others: tuple[int, int]
) -> None:
    near = [sent for sent in script if max(sent.seq, sent.ack) <= 300] or [Sent(True, SYN, 0, 0)]
    assert Played(near, isns).rows() == Played(near, others).rows()


# Honest ends: a handshake, data both ways with acknowledgments, and an orderly end.

OPENED = [Sent(True, SYN, 0, 0), Sent(False, SYN | ACK, 0, 1), Sent(True, ACK, 1, 1)]


def honest(sizes: list[tuple[bool, int]]) -> list[Sent]:
    """Return an orderly connection that carries these payloads, each acknowledged before the next one is sent."""
    at = {True: 1, False: 1}
    sent = list(OPENED)
    for from_client, size in sizes:
        sent.append(Sent(from_client, PSH | ACK, at[from_client], at[not from_client], size))
        at[from_client] += size
        sent.append(Sent(not from_client, ACK, at[not from_client], at[from_client]))
    for from_client in (True, False):
        sent.append(Sent(from_client, FIN | ACK, at[from_client], at[not from_client]))
        at[from_client] += 1
    return [*sent, Sent(True, ACK, at[True], at[False])]


HONEST = st.lists(st.tuples(st.booleans(), st.integers(1, 1000)), max_size=12).map(honest)


@UNHURRIED
@given(HONEST, ISNS)
def test_an_orderly_connection_has_nothing_but_new_data_and_its_acknowledgments(
    script: list[Sent], isns: tuple[int, int]
) -> None:
    played = Played(script, isns)
    assert {row["kind"] for row in played.rows()} <= {SegmentKind.NEW, SegmentKind.ACK}
    assert [end.state for end in played.ends] == [State.TIME_WAIT, State.CLOSED]
    for from_client, end in ((True, played.ends[0]), (False, played.ends[1])):
        assert end.unique_payload() == sum(sent.payload_len for sent in script if sent.from_client == from_client)
        assert end.flight() == end.stream.missing == 0


@UNHURRIED
@given(HONEST, ISNS, st.data())
def test_segments_seen_twice_change_no_state_and_no_byte(
    script: list[Sent], isns: tuple[int, int], data: st.DataObject
) -> None:
    index = data.draw(st.integers(len(OPENED), len(script) - 1))
    once, twice = Played(script, isns), Played([*script[: index + 1], *script[index:]], isns)
    assert [end.state for end in twice.ends] == [end.state for end in once.ends]
    assert [end.stream.unique for end in twice.ends] == [end.stream.unique for end in once.ends]
    assert [end.invalid_segments for end in twice.ends] == [0, 0]


@UNHURRIED
@given(HONEST, ISNS, st.data())
def test_what_a_capture_lost_is_missing_and_moves_no_other_byte(
    script: list[Sent], isns: tuple[int, int], data: st.DataObject
) -> None:
    lost = data.draw(st.integers(len(OPENED), len(script) - 1))
    whole, cut = Played(script, isns), Played([*script[:lost], *script[lost + 1 :]], isns)
    sender = 0 if script[lost].from_client else 1
    assert [end.invalid_segments for end in cut.ends] == [0, 0]
    if script[lost].payload_len:
        assert cut.ends[sender].stream.missing == script[lost].payload_len
        assert cut.ends[sender].unique_payload() == whole.ends[sender].unique_payload() - script[lost].payload_len
    other = cut.ends[1 - sender]
    assert (other.unique_payload(), other.stream.missing) == (whole.ends[1 - sender].unique_payload(), 0)


@UNHURRIED
@given(HONEST, ISNS, st.integers(0, 40))
def test_a_capture_that_began_late_counts_what_it_saw(script: list[Sent], isns: tuple[int, int], skipped: int) -> None:
    seen = script[min(skipped, len(script) - 1) :]
    played = Played(seen, isns)
    assert [end.invalid_segments for end in played.ends] == [0, 0]
    for from_client, end in ((True, played.ends[0]), (False, played.ends[1])):
        if played.connection.is_from_client(played.cursors[0]) == seen[0].from_client:
            assert end.unique_payload() == sum(sent.payload_len for sent in seen if sent.from_client == from_client)


@UNHURRIED
@given(HONEST, ISNS, st.booleans())
def test_one_direction_alone_is_counted_in_full_and_nothing_is_invalid(
    script: list[Sent], isns: tuple[int, int], from_client: bool
) -> None:
    seen = [sent for sent in script if sent.from_client == from_client]
    played = Played(seen, isns)
    end = played.ends[0 if from_client else 1]
    assert end.invalid_segments == 0
    assert end.unique_payload() == sum(sent.payload_len for sent in seen)
