"""The sending end: what it sends when."""

from analyzer.whatif.receiver import Answer
from analyzer.whatif.sender import Sender
from reconstruct.vocabulary import CongestionControl
from tests.analyzer.whatif.meeting import MS, MSS, met

RENO, BBR = CongestionControl.RENO, CongestionControl.BBR
START_NS = 1_000 * MS


class Sent:
    """A sender, with the numbers of the segments that it sent."""

    def __init__(self, control: CongestionControl = RENO, window: int = 10, **others: object) -> None:
        """Begin with a window of so many segments and a wide offer."""
        self.numbers: list[int] = []
        self.sender = Sender(met(**others), control, window, self._put)
        self.sender.offer(1 << 40)
        self.sender.go_on(START_NS)

    def _put(self, at_ns: int, start: int, end: int) -> None:
        self.numbers.append((start - 1) // MSS)

    def hear(self, at_ms: int, acked: int, *blocks: tuple[int, int]) -> None:
        """Hear that so many segments arrived, and those of each half-open range."""
        edges = tuple((1 + MSS * low, 1 + MSS * high) for low, high in blocks)
        self.sender.hear(START_NS + at_ms * MS, Answer(1 + MSS * acked, edges), 1 << 40)
        self.sender.go_on(START_NS + at_ms * MS)

    def wake(self) -> int:
        """Let the next timer run out; return when, in ms."""
        assert self.sender.wake_ns is not None
        at_ns = self.sender.wake_ns
        self.sender.wake(at_ns)
        self.sender.go_on(at_ns)
        return (at_ns - START_NS) // MS


def test_the_initial_window_goes_out_at_once_and_slow_start_follows() -> None:
    sent = Sent()
    assert sent.numbers == list(range(10))
    sent.hear(10, 2)
    assert sent.numbers[10:] == [10, 11, 12, 13]  # two arrived, and the window grew by two


def test_the_window_of_the_peer_and_the_send_buffer_hold_it_back() -> None:
    sender = Sent(most_flight=4000)
    assert sender.numbers == [0, 1, 2, 3]
    numbers: list[int] = []
    narrow = Sender(met(), RENO, 10, lambda at_ns, start, end: numbers.append(start))
    narrow.offer(1 + 2500)
    narrow.go_on(START_NS)
    assert len(numbers) == 2


def test_three_segments_above_a_hole_send_it_again() -> None:
    sent = Sent()
    for above in range(2, 5):
        sent.hear(10, 0, (1, above))
    assert sent.numbers.count(0) == 2
    assert sent.sender.model.ssthresh == 5  # RFC 5681 (3.1): half of ten


def test_a_loss_at_the_end_is_probed_then_timed_out() -> None:
    sent = Sent(end=1 + 3 * MSS)
    assert sent.numbers == [0, 1, 2]
    assert sent.wake() == 22  # RFC 8985 (7.2): two round trips of 10 ms, and 2 ms
    assert sent.numbers[3:] == [2]
    assert sent.wake() >= 210  # RFC 6298 with Linux's least of 200 ms
    assert sent.numbers[4] == 0
    assert sent.sender.timeouts == 1


def test_a_paced_sender_spreads_its_window() -> None:
    sent = Sent(BBR, base_ns=100 * MS)
    sent.hear(100, 2)
    # Two more are in the window than arrived; at 2.89 times ten segments in 100 ms, two take 7 ms.
    before = len(sent.numbers)
    assert sent.sender.wake_ns is not None
    assert START_NS + 100 * MS < sent.sender.wake_ns < START_NS + 107 * MS
    sent.wake()
    assert len(sent.numbers) > before
