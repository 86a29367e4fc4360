"""What became of single frames."""

from analyzer.capture.ledger import Skip
from analyzer.one_frame import fate_of, skips_of
from tests import captures
from tests.packets import ethernet, ipv4, tcp, udp

ARP = ethernet(bytes(28), 0x0806)
FIRST = ethernet(ipv4(tcp(seq=1000, payload=b"data")))
SECOND = ethernet(ipv4(tcp(seq=1004)))
CAPTURE = captures.pcap_file([ARP, FIRST, ethernet(ipv4(udp(b"x"), 17)), SECOND])


def test_a_segment_is_decoded_as_it_stands() -> None:
    fate = fate_of(CAPTURE, 2)
    assert fate.skip is Skip.NONE
    assert fate.segment is not None
    assert (fate.segment.frame, fate.segment.wire_seq, fate.segment.payload_len) == (2, 1000, 4)
    assert fate.time_ns == captures.START_NS + captures.NS_PER_S


def test_the_reading_stops_at_the_frame() -> None:
    fate = fate_of(CAPTURE + b"what is no record", 4)
    assert fate.segment is not None
    assert fate.segment.wire_seq == 1004


def test_what_is_no_segment_has_its_reason() -> None:
    assert (fate_of(CAPTURE, 1).skip, fate_of(CAPTURE, 3).skip) == (Skip.NOT_IP, Skip.UDP)
    assert fate_of(CAPTURE, 3).segment is None
    assert fate_of(CAPTURE, 3).time_ns == captures.START_NS + 2 * captures.NS_PER_S


def test_reasons_of_several_frames_are_found_in_one_pass() -> None:
    assert skips_of(CAPTURE, [1, 2, 3]) == {1: Skip.NOT_IP, 3: Skip.UDP}


def test_for_no_frame_nothing_is_read() -> None:
    assert skips_of(b"no capture at all", []) == {}
