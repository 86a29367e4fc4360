"""When the receiving end acknowledges what."""

from analyzer.whatif.receiver import DELAYED_ACK_NS, QUICK_ACKS, Answer, Receiver


def receiver(quick: int = 0, sack: bool = True) -> Receiver:
    """Return one that has acknowledged so many segments at once already."""
    made = Receiver(1, sack)
    made._quick = quick
    return made


def test_every_second_segment_is_acknowledged_and_one_alone_later() -> None:
    made = receiver()
    answers, due = [], []
    for at in range(3):
        answers.append(made.take(at, 1 + 1000 * at, 1001 + 1000 * at))
        due.append(made.due_ns)
    assert answers == [None, Answer(2001), None]
    assert due == [DELAYED_ACK_NS, None, 2 + DELAYED_ACK_NS]
    assert made.wake() == Answer(3001)


def test_the_first_segments_of_a_connection_are_acknowledged_at_once() -> None:
    made = Receiver(1, True)
    answers = [made.take(0, 1 + 1000 * at, 1001 + 1000 * at) for at in range(QUICK_ACKS + 1)]
    assert all(answers[:QUICK_ACKS])
    assert answers[QUICK_ACKS] is None


def test_a_hole_is_told_at_once_with_the_newest_block_first() -> None:
    made = receiver()
    assert made.take(0, 1001, 2001) == Answer(1, ((1001, 2001),))
    assert made.take(0, 3001, 4001) == Answer(1, ((3001, 4001), (1001, 2001)))
    assert made.take(0, 2001, 3001) == Answer(1, ((1001, 4001),))
    assert made.take(0, 1, 1001) == Answer(4001)


def test_what_comes_twice_is_told_first() -> None:
    made = receiver()
    made.take(0, 2001, 3001)
    assert made.take(0, 2001, 3001) == Answer(1, ((2001, 3001), (2001, 3001)))  # RFC 2883 (4.2)
    made.take(0, 1, 1001)
    assert made.take(0, 1, 1001) == Answer(1001, ((1, 1001), (2001, 3001)))


def test_without_sack_only_the_edge_is_told() -> None:
    assert receiver(sack=False).take(0, 1001, 2001) == Answer(1)
