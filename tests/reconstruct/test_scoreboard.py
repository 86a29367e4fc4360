"""What is outstanding, against a plain list; and the pool of all scoreboards, which loses no node."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.scoreboard import Scoreboard, SegmentPool

BASE = (1 << 32) - 50  # offsets run over 2^32


@dataclass
class PlainBoard:
    """What `Scoreboard` says, by a list of (end, time sent) and sets of offsets."""

    outstanding: list[tuple[int, int]] = field(default_factory=list)
    again: set[int] = field(default_factory=set)
    sacked: set[int] = field(default_factory=set)
    sacked_to: int = 0
    highest: int = BASE

    def acknowledged(self, ack: int) -> list[int]:
        """Drop what is covered and return when the segments were sent that give a sample."""
        covered = [each for each in self.outstanding if each[0] <= ack]
        self.outstanding = self.outstanding[len(covered) :]
        waiting = any(offset < ack for offset in self.again)
        samples = [] if waiting else [sent_ns for end, sent_ns in covered if end - 1 not in self.sacked]
        self.again = {offset for offset in self.again if offset >= ack}
        self.sacked = {offset for offset in self.sacked if offset >= ack}
        return samples

    def reported(self, start: int, end: int) -> list[int]:
        """Mark what is reported and return when those segments were sent that give a sample."""
        self.sacked |= set(range(start, end))
        low, self.sacked_to = self.sacked_to, max(self.sacked_to, end)
        fresh = [each for each in self.outstanding if max(start, low) < each[0] <= end]
        return [sent_ns for sent_end, sent_ns in fresh if sent_end - 1 not in self.again]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),  # which of two scoreboards
        st.sampled_from(["sent", "sent", "sent", "acknowledged", "acknowledged", "resent", "reported", "release"]),
        st.integers(1, 20),
    ),
    max_size=80,
)


def free_nodes(pool: SegmentPool) -> list[int]:
    """Return the nodes that wait to be used again."""
    nodes, node = [], pool.free
    while node >= 0:
        nodes.append(node)
        node = pool.following[node]
    return nodes


class Compared:
    """Two scoreboards on one pool and their plain counterparts, after the same steps."""

    def __init__(self, steps: list[tuple[int, str, int]]) -> None:
        """Take the steps; every answer is compared."""
        self.pool, self.peak = SegmentPool(), 0
        self.boards, self.plain = (Scoreboard(), Scoreboard()), (PlainBoard(), PlainBoard())
        for now_ns, (which, step, amount) in enumerate(steps):
            self.take(self.boards[which], self.plain[which], step, amount, now_ns)
            self.peak = max(self.peak, self.outstanding())

    def outstanding(self) -> int:
        """Return how many segments are outstanding in both."""
        return sum(len(plain.outstanding) for plain in self.plain)

    def take(self, board: Scoreboard, plain: PlainBoard, step: str, amount: int, now_ns: int) -> None:
        """Take one step in both."""
        if step == "sent":
            plain.highest += amount
            plain.outstanding.append((plain.highest, now_ns))
            board.sent(self.pool, plain.highest, now_ns)
        elif step == "resent":
            plain.again |= set(range(plain.highest - amount, plain.highest - amount // 2))
            board.resent(plain.highest - amount, plain.highest - amount // 2)
        elif step == "reported":
            self.compare(
                board,
                board.reported(self.pool, plain.highest - amount, plain.highest - amount // 3),
                plain.reported(plain.highest - amount, plain.highest - amount // 3),
            )
        elif step == "release":
            plain.outstanding.clear()
            board.release(self.pool)
        else:
            sampled = board.acknowledged(self.pool, plain.highest - amount)
            self.compare(board, sampled, plain.acknowledged(plain.highest - amount))
        assert board.count == len(plain.outstanding)

    def compare(self, board: Scoreboard, sampled: int, samples: list[int]) -> None:
        """Compare the answer of one step."""
        assert sampled == bool(samples)
        if samples:
            assert (board.first_sent_ns, board.last_sent_ns) == (samples[0], samples[-1])
        board.begin()


@given(STEPS)
def test_acknowledgments_drop_and_sample_what_a_plain_list_would(steps: list[tuple[int, str, int]]) -> None:
    compared = Compared(steps)
    for board, plain in zip(compared.boards, compared.plain, strict=True):
        left = plain.acknowledged(plain.highest)
        assert board.acknowledged(compared.pool, plain.highest) == bool(left)
        assert (board.count, board.head, board.tail) == (0, -1, -1)


@given(STEPS)
def test_every_node_is_either_outstanding_or_free(steps: list[tuple[int, str, int]]) -> None:
    compared = Compared(steps)
    free = free_nodes(compared.pool)
    assert len(free) == len(set(free)) == compared.pool.used - compared.outstanding()


@given(STEPS)
def test_no_more_nodes_are_made_than_were_ever_outstanding_at_once(steps: list[tuple[int, str, int]]) -> None:
    compared = Compared(steps)
    assert compared.pool.used == compared.peak


def test_what_covers_a_retransmission_gives_no_sample() -> None:
    pool, board = SegmentPool(), Scoreboard()
    for end in (10, 20, 30, 40):
        board.sent(pool, end, 10 * end)
    board.resent(10, 20)
    assert board.acknowledged(pool, 10) == 1  # what lies before it does
    assert board.acknowledged(pool, 30) == 0  # RFC 6298 (3), Karn's rule; the third waited for the second
    assert board.acknowledged(pool, 40) == 1
    assert (board.first_sent_ns, board.last_sent_ns) == (400, 400)


def test_what_is_sacked_first_gives_a_sample_once() -> None:
    pool, board = SegmentPool(), Scoreboard()
    for end in (10, 20, 30, 40):
        board.sent(pool, end, 10 * end)
    assert board.reported(pool, 10, 30) == 1
    assert (board.first_sent_ns, board.last_sent_ns) == (200, 300)
    assert board.reported(pool, 10, 30) == 0
    assert board.acknowledged(pool, 30) == 1  # the hole was only late: it was not sent again
    assert (board.first_sent_ns, board.last_sent_ns) == (100, 100)


def test_a_retransmission_that_is_sacked_gives_no_sample() -> None:
    pool, board = SegmentPool(), Scoreboard()
    board.sent(pool, 10, 100)
    board.sent(pool, 20, 200)
    board.resent(10, 20)
    assert board.reported(pool, 10, 20) == 0


def test_an_acknowledgment_within_a_segment_leaves_it_outstanding() -> None:
    pool, board = SegmentPool(), Scoreboard()
    board.sent(pool, 10, 100)
    assert board.acknowledged(pool, 9) == 0
    assert board.count == 1


def test_releasing_nothing_frees_nothing() -> None:
    pool, board = SegmentPool(), Scoreboard()
    board.release(pool)
    assert (pool.used, free_nodes(pool)) == (0, [])


def test_a_pool_that_grows_keeps_what_it_holds() -> None:
    pool, board = SegmentPool(), Scoreboard()
    count = 2 * pool.room + 1
    for index in range(count):
        board.sent(pool, index + 1, 7 * index)
    assert pool.used == count
    assert pool.room == 4 * 1024  # 1024 at first, doubled twice for 2049
    assert board.acknowledged(pool, 1500) == 1
    assert (board.first_sent_ns, board.last_sent_ns) == (0, 7 * 1499)
    assert board.count == count - 1500


def test_after_a_reset_it_is_like_new() -> None:
    pool, board, fresh = SegmentPool(), Scoreboard(), Scoreboard()
    board.sent(pool, 10, 100)
    board.resent(0, 10)
    board.reported(pool, 5, 10)
    board.acknowledged(pool, 10)
    board.reset()
    for name in ("head", "tail", "passed", "count", "marked", "sacked_to", "first_sent_ns", "last_sent_ns"):
        assert getattr(board, name) == getattr(fresh, name)
