"""The cursor of a sender's events: what is stored is loaded again, whatever it was before."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.sender_event import EVENT_CELLS, HEARD, MAX_BLOCKS, SENT, SenderEvent, SenderSink
from reconstruct.seq import UNKNOWN

OFFSETS = st.integers(-(1 << 33), 1 << 62)  # on both sides of 2^32 too
WIDE = ("time_ns", "tap_ns", "frame", "row", "seq", "end", "ack", "payload_len", "window", "tsval", "tsecr")


@given(
    st.fixed_dictionaries(dict.fromkeys(WIDE, OFFSETS | st.just(UNKNOWN))),
    st.sampled_from([SENT, HEARD]),
    st.lists(OFFSETS, max_size=2 * MAX_BLOCKS).filter(lambda edges: len(edges) % 2 == 0),
    st.integers(0, 3),
)
def test_an_event_is_loaded_as_it_was_stored(wide: dict[str, int], what: int, edges: list[int], place: int) -> None:
    event = SenderEvent()
    event.what, event.flags, event.kind, event.fresh, event.lost = what, 0x1FF, 7, 1, 1
    event.blocks = len(edges) // 2
    for index, edge in enumerate(edges):
        event.edges[index] = edge
    for name, value in wide.items():
        setattr(event, name, value)
    cells = array("q", bytes(8 * EVENT_CELLS * 4))
    event.store(cells, place * EVENT_CELLS)
    loaded = SenderEvent()
    loaded.load(cells, place * EVENT_CELLS)
    assert {name: getattr(loaded, name) for name in WIDE} == wide
    assert (loaded.what, loaded.flags, loaded.kind, loaded.fresh, loaded.lost) == (what, 0x1FF, 7, 1, 1)
    assert [loaded.edges[index] for index in range(2 * loaded.blocks)] == edges


def test_an_event_stays_within_its_cells() -> None:
    event = SenderEvent()
    event.blocks = MAX_BLOCKS
    cells = array("q", [-5] * (EVENT_CELLS + 1))
    event.store(cells, 0)
    assert cells[EVENT_CELLS] == -5


def test_a_sink_counts_what_it_takes() -> None:
    sink = SenderSink()
    for _ in range(3):
        sink.take(SenderEvent())
    assert sink.taken == 3
