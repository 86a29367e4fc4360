"""One end's variables: moves by the table and taken back, flight, scaled windows, payload without control bits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconstruct.endpoint import NO_EVENT, NOT_OFFERED, Endpoint
from reconstruct.seq import UNKNOWN
from reconstruct.states import NO_MOVE, Event, State, next_state

STATES, EVENTS = st.sampled_from(list(State)), st.sampled_from(list(Event))
COUNTERS = (
    "segments", "data_segments", "payload", "fins", "fast", "recovery", "timeouts", "slow_start", "tail_probes",
    "unexplained", "spurious", "network_duplicates", "syn_retransmissions", "out_of_order", "dup_acks",
    "dup_acks_now", "window_probes", "keep_alives", "flight_max", "invalid_segments", "oversized_segments",
    "stale_resets", "syns", "bare_syns", "initial_window",
)  # fmt: skip
UNKNOWN_AT_FIRST = (
    "snd_una", "fin_end", "shift", "mss", "syn_ns", "initial_tsval", "answer_from_ns", "outside_from",
    "outside_end", "unsent_ack", "unsent_edge", "reset_at",
)  # fmt: skip
OF_THE_NUMBERS = ("fin_end", "outside_from", "outside_end", "unsent_ack", "unsent_edge", "reset_at")


@given(STATES, EVENTS)
def test_a_move_is_what_the_table_says(state: State, event: Event) -> None:
    end = Endpoint(state)
    moved = end.move(event)
    assert moved == (next_state(state, event) != NO_MOVE)
    assert end.state == (next_state(state, event) if moved else state)
    assert end.undo_event == (event if moved else NO_EVENT)


@given(STATES, EVENTS)
def test_a_move_taken_back_leaves_the_state_before_it(state: State, event: Event) -> None:
    end = Endpoint(state)
    end.move(event)
    end.undo()
    assert (end.state, end.undo_event) == (state, NO_EVENT)


def test_what_is_no_move_leaves_the_last_move_to_be_taken_back() -> None:
    end = Endpoint(State.CLOSED)
    assert end.move(Event.SND_SYN) == 1
    assert end.move(Event.RCV_FIN) == 0
    end.undo()
    assert end.state == State.CLOSED


def test_nothing_is_known_of_an_end_before_its_first_segment() -> None:
    end = Endpoint(State.LISTEN)
    assert {name: getattr(end, name) for name in UNKNOWN_AT_FIRST} == dict.fromkeys(UNKNOWN_AT_FIRST, UNKNOWN)
    assert {name: getattr(end, name) for name in COUNTERS} == dict.fromkeys(COUNTERS, 0)
    assert (end.based, end.window_scale, end.flight(), end.srtt_ns()) == (0, NOT_OFFERED, UNKNOWN, UNKNOWN)


def test_an_end_that_is_used_again_is_as_good_as_new() -> None:
    end = Endpoint(State.CLOSED)
    end.start_at(4_294_967_295, 1)
    for number, name in enumerate((*COUNTERS, *UNKNOWN_AT_FIRST), start=5):
        setattr(end, name, number)
    end.stream.insert(1, 100)
    end.offered.offer(1, 1, 500, 500)
    end.sample(10, 20)
    end.move(Event.SND_SYN)
    end.reset(State.LISTEN)
    fresh = Endpoint(State.LISTEN)
    for name in (*COUNTERS, *UNKNOWN_AT_FIRST, "state", "undo_state", "undo_event", "based", "isn"):
        assert getattr(end, name) == getattr(fresh, name)
    assert (end.stream.edge, end.stream.highest, end.stream.unique) == (0, 0, 0)
    assert (end.offered.snd_wnd, end.offered.right_edge) == (UNKNOWN, UNKNOWN)
    assert end.srtt_ns() == UNKNOWN


def test_an_end_that_is_numbered_anew_keeps_no_older_offset() -> None:
    end = Endpoint(State.ESTABLISHED)
    end.start_at(4_294_967_295, 1)
    for name in OF_THE_NUMBERS:
        setattr(end, name, 77)
    end.fins, end.initial_window, end.segments = 1, 5, 6
    end.stream.insert(40, 50)
    end.offered.offer(1, 1, 500, 500)
    end.renumber(1000)
    assert {name: getattr(end, name) for name in OF_THE_NUMBERS} == dict.fromkeys(OF_THE_NUMBERS, UNKNOWN)
    assert (end.isn, end.based, end.fins, end.initial_window, end.segments) == (1000, 1, 0, 0, 6)
    assert (end.stream.edge, end.stream.highest, end.stream.unique, end.stream.unseen(0, 90)) == (0, 0, 0, 90)
    assert (end.offered.right_edge, end.offered.snd_wnd) == (UNKNOWN, 500)


@pytest.mark.parametrize("isn", [0, 1000, 0xFFFFFFFF])
def test_flight_is_what_lies_above_the_acknowledgment(isn: int) -> None:
    end = Endpoint(State.ESTABLISHED)
    end.start_at(isn, 1)
    end.stream.insert(1, 301)
    assert end.flight() == UNKNOWN  # nothing was acknowledged yet
    end.snd_una = 101
    assert end.flight() == 200
    assert (end.isn, end.based) == (isn, 1)


@pytest.mark.parametrize(
    ("shift", "window", "scaled"),
    [(0, 65535, 65535), (7, 502, 64256), (14, 65535, 1_073_725_440), (UNKNOWN, 502, UNKNOWN), (7, 0, 0)],
)
def test_a_window_is_scaled_by_the_shift_and_unknown_without_it(shift: int, window: int, scaled: int) -> None:
    end = Endpoint(State.ESTABLISHED)
    end.shift = shift
    assert end.scaled(window) == scaled  # 65535 << 14 is RFC 7323 2.3's largest window


@pytest.mark.parametrize(("syns", "fins", "payload"), [(0, 0, 100), (1, 0, 99), (3, 0, 99), (0, 2, 99), (1, 1, 98)])
def test_unique_payload_leaves_out_the_numbers_of_syn_and_fin(syns: int, fins: int, payload: int) -> None:
    end = Endpoint(State.ESTABLISHED)
    end.stream.insert(0, 100)
    end.syns, end.fins = syns, fins
    assert end.unique_payload() == payload


def test_unique_payload_is_never_negative() -> None:
    end = Endpoint(State.ESTABLISHED)
    end.syns, end.fins = 1, 1
    assert end.unique_payload() == 0


def test_the_newest_segment_gives_the_sample_and_the_oldest_the_smoothed_time() -> None:
    end = Endpoint(State.ESTABLISHED)
    end.note_near(0)  # the tap is at this end
    end.sample(10_000_000, 50_000_000)
    assert end.rtt is not None
    assert (end.rtt.min_ns, end.srtt_ns()) == (10_000_000, 50_000_000)
    end.sample(20_000_000, 90_000_000)
    assert (end.rtt.samples, end.rtt.min_ns) == (2, 10_000_000)
    assert end.srtt_ns() == 55_000_000  # RFC 6298 (2.3): 7/8 of 50 ms and 1/8 of 90 ms
