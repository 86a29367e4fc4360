"""From wire numbers to offsets: the ISN, the wrap, and ends of which the capture missed the SYN."""

from hypothesis import given
from hypothesis import strategies as st

from reconstruct.endpoint import Endpoint
from reconstruct.offsets import locate
from reconstruct.segment import ACK, FIN, RST, SYN, Segment
from reconstruct.seq import SEQ_MODULUS, UNKNOWN
from reconstruct.states import State

ISN = st.integers(0, SEQ_MODULUS - 1)


def based(isn: int, highest: int) -> Endpoint:
    """Return an end whose ISN is known and that sent up to `highest`."""
    end = Endpoint(State.ESTABLISHED)
    end.start_at(isn, 1)
    end.stream.insert(1, highest)
    return end


def located(
    sender: Endpoint, receiver: Endpoint, flags: int, wire_seq: int, wire_ack: int = 0, size: int = 0
) -> Segment:
    """Return a segment with its offsets."""
    segment = Segment()
    segment.flags, segment.payload_len = flags, size
    segment.wire_seq, segment.wire_ack = wire_seq % SEQ_MODULUS, wire_ack % SEQ_MODULUS
    locate(sender, receiver, segment)
    return segment


@given(ISN, ISN, st.integers(2, 2**40), st.integers(-(2**30), 2**30), st.integers(0, 65535))
def test_numbers_count_from_the_isns_and_do_not_wrap(
    isn: int, peer_isn: int, highest: int, near: int, size: int
) -> None:
    sender, receiver = based(isn, highest), based(peer_isn, highest)
    segment = located(sender, receiver, ACK, isn + highest + near, peer_isn + highest - near, size)
    assert (segment.seq, segment.ack) == (highest + near, highest - near)
    assert segment.end == segment.seq + size


def test_syn_and_fin_take_a_number_each() -> None:
    peer = Endpoint(State.LISTEN)
    assert located(Endpoint(State.CLOSED), peer, SYN, 777, size=10).end == 11
    assert located(Endpoint(State.CLOSED), peer, SYN | FIN, 777).end == 2
    finished = located(based(0, 50), peer, FIN | ACK, 50, size=3)
    assert (finished.seq, finished.end) == (50, 54)


def test_without_the_ack_bit_nothing_is_acknowledged() -> None:
    assert located(based(0, 50), based(0, 50), RST, 50, 40).ack == UNKNOWN
    assert located(based(0, 50), based(0, 50), RST | ACK, 50, 40).ack == 40


def test_an_end_without_a_known_isn_begins_at_one() -> None:
    segment = located(Endpoint(State.ESTABLISHED), Endpoint(State.ESTABLISHED), ACK, 123456, 654321, 10)
    assert (segment.seq, segment.end, segment.ack) == (1, 11, 1)


def test_a_syn_of_another_number_counts_anew_until_its_peer_acknowledged_something() -> None:
    sender = based(1000, 1)
    for snd_una, seq in ((UNKNOWN, 0), (0, 0), (1, 4000)):
        sender.snd_una = snd_una
        assert located(sender, Endpoint(State.LISTEN), SYN, 5000).seq == seq
    assert located(sender, Endpoint(State.LISTEN), SYN, 1000).seq == 0  # the same SYN again


def test_a_syn_that_resets_too_is_not_where_numbers_begin() -> None:
    assert located(based(1000, 1), Endpoint(State.LISTEN), SYN | RST, 5000).seq == 4000
