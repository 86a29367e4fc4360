"""Which segments fit a connection's sequence space, around the wrap too, and which SYN begins another one."""

import pytest

from reconstruct.fit import FIT, fits, renews
from reconstruct.segment import Segment
from tests.reconstruct.replaying import HANDSHAKE, WRAPPING, Replayed


def later(replayed: Replayed, shift: int, flags: int = 0x10) -> Segment:
    """Return the client's last segment moved by so many bytes."""
    segment = replayed.last
    segment.wire_seq = (segment.wire_seq + shift) & 0xFFFFFFFF
    segment.flags = flags
    return segment


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["plain", "near 2^32"])
@pytest.mark.parametrize(("shift", "fit"), [(0, 1), (FIT, 1), (-FIT, 1), (FIT + 1, 0), (-FIT - 1, 0)])
def test_a_segment_fits_within_32_mib_of_what_was_sent(isns: str, shift: int, fit: int) -> None:
    replayed = Replayed(isns + HANDSHAKE)
    assert fits(replayed.connection, later(replayed, shift)) == fit


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["plain", "near 2^32"])
def test_a_syn_with_another_number_begins_another_connection(isns: str) -> None:
    replayed = Replayed(isns + HANDSHAKE)
    assert renews(replayed.connection, later(replayed, -1, flags=0x02)) == 0  # the number of the first SYN
    assert renews(replayed.connection, later(replayed, 5, flags=0x02)) == 1


def test_an_end_that_was_never_heard_has_no_number_to_differ_from() -> None:
    replayed = Replayed("0.000 > S 0:0(0) win 64240 <mss 1460>\n")
    segment = replayed.last
    segment.sport, segment.dport = segment.dport, segment.sport
    segment.src_lo, segment.dst_lo = segment.dst_lo, segment.src_lo
    assert renews(replayed.connection, segment) == 0
