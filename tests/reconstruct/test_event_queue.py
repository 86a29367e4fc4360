"""Events that wait in a ring."""

from reconstruct.event_queue import EventQueue
from reconstruct.sender_event import SenderEvent


def _event(frame: int) -> SenderEvent:
    event = SenderEvent()
    event.frame, event.tap_ns, event.tsval = frame, 10 * frame, 100 * frame
    event.seq, event.end, event.blocks, event.fresh = 1_000 * frame, 1_000 * frame + 7, frame % 4, frame % 2
    return event


def _popped(queue: EventQueue) -> int:
    event = SenderEvent()
    queue.pop(event)
    return event.frame


def test_events_come_out_in_the_order_in_which_they_went_in() -> None:
    queue = EventQueue()
    out = []
    for frame in range(1, 101):  # doubles its room while its head is anywhere in the ring
        queue.push(_event(frame))
        if frame % 3 == 0:
            out.append(_popped(queue))
    while queue.count > 0:
        out.append(_popped(queue))
    assert out == list(range(1, 101))


def test_an_event_can_be_read_while_it_waits() -> None:
    queue = EventQueue()
    for frame in (4, 5, 6):
        queue.push(_event(frame))
    assert _popped(queue) == 4
    assert (queue.tap_ns(0), queue.tsval(0), queue.seq(0), queue.end(0), queue.blocks(0), queue.fresh(0)) == (
        50, 500, 5_000, 5_007, 1, 1,
    )  # fmt: skip
    assert (queue.tap_ns(1), queue.end(1)) == (60, 6_007)


def test_a_cleared_queue_keeps_a_little_room_but_not_much() -> None:
    queue = EventQueue()
    for frame in range(20):
        queue.push(_event(frame))
    queue.clear()
    assert (queue.count, queue.room) == (0, 32)
    for frame in range(2_000):
        queue.push(_event(frame))
    queue.clear()
    assert (queue.count, queue.room) == (0, 0)
    queue.push(_event(3))
    assert _popped(queue) == 3
