"""Text that was sent before though the tap sees it first now: what shows it, and what is near it and is new."""

from dataclasses import replace

import pytest

from reconstruct.endpoint import Endpoint
from reconstruct.lost_copies import explain_late
from reconstruct.rules import Rule
from reconstruct.segment import Segment
from reconstruct.sender_model import LOSS, RECOVERY
from reconstruct.seq import UNKNOWN
from reconstruct.states import State
from reconstruct.vocabulary import SegmentKind
from tests.reconstruct.replaying import MS, Replayed
from tests.reconstruct.resending import PLAIN, STAMPED, TAPS, Tap


def counted(tap: Tap, *rest: str) -> Replayed:
    """Replay four segments with rests between and IP-IDs that count, all acknowledged soon after 2030 ms, and the rest.

    The client has nothing outstanding then, its last IP-ID is 53.
    """
    lines = [tap.sent(2000 + 10 * i, 101 + 100 * i, 201 + 100 * i, ip_id=50 + i) for i in range(4)]
    return tap.replay(*lines, tap.heard(2030 + tap.peer_ms, 501), *rest)


def since(tap: Tap, at_ms: int) -> int:
    """Return how long before a time the acknowledgment of all passed the tap, in ns."""
    return (at_ms - 2030 - tap.peer_ms) * MS


# The IP-ID


@TAPS
def test_a_skipped_ip_id_after_a_silence_is_a_probe_for_a_segment_lost_before_the_tap(tap: Tap) -> None:
    # One segment out: the probe is due with the timeout, after 210 ms. 54 is missing.
    replayed = counted(tap, tap.sent(2280, 501, 601, ip_id=55))
    assert replayed.verdict() == ("tail-loss-probe", Rule.SKIPPED, since(tap, 2280), 1)
    assert (replayed.client.tail_probes, replayed.client.model.probe_end) == (1, 601)


@TAPS
def test_without_sack_it_is_the_timer(tap: Tap) -> None:
    assert counted(replace(tap, sacking=False), tap.sent(2280, 501, 601, ip_id=56)).kinds()[-1] == "rto-retransmission"


@TAPS
def test_several_skipped_before_the_text_goes_on_are_a_timeout(tap: Tap) -> None:
    replayed = counted(tap, tap.sent(2290, 501, 601, ip_id=57))  # 54, 55 and 56
    assert replayed.verdict() == ("rto-retransmission", Rule.SKIPPED, since(tap, 2290), 3)
    # After 22 ms a probe, 210 ms later this: of the three one was the probe, so that two carried text.
    assert (replayed.client.model.state, replayed.client.model.high_seq) == (LOSS, 701)


@TAPS
def test_what_was_lost_with_the_timer_s_segment_is_sent_in_slow_start(tap: Tap) -> None:
    after = tap.sent(2291, 601, 701, ip_id=58) + tap.sent(2292, 701, 801, ip_id=59)
    replayed = counted(tap, tap.sent(2290, 501, 601, ip_id=57), after)
    assert replayed.kinds()[-3:] == ["rto-retransmission", "slow-start-retransmission", "new"]
    assert replayed.verdict(-2) == ("slow-start-retransmission", Rule.IN_LOSS, 701, None)


@TAPS
def test_the_first_new_text_after_a_timeout_tells_how_much_was_out(tap: Tap) -> None:
    after = tap.sent(2300, 901, 1001, ip_id=58) + tap.sent(2320, 801, 901, ip_id=59)
    replayed = counted(tap, tap.sent(2290, 501, 601, ip_id=57), after)
    assert replayed.client.model.high_seq == 901
    assert replayed.verdict() == ("slow-start-retransmission", Rule.IN_LOSS, 901, None)


@TAPS
def test_more_skipped_than_a_hole_holds_are_a_probe(tap: Tap) -> None:
    # The hole of 200 bytes held two segments of 100: 54 and 55.
    assert counted(tap, tap.sent(2290, 701, 801, ip_id=57)).verdict()[:2] == ("tail-loss-probe", Rule.SKIPPED)
    assert counted(tap, tap.sent(2290, 701, 801, ip_id=56)).verdict()[:2] == ("new", Rule.NEW_AFTER_GAP)


@TAPS
@pytest.mark.parametrize(
    ("at_ms", "ip_id"), [(2280, 54), (2280, 117), (2280, 0), (2130, 55)], ids=["next", "far", "none", "soon"]
)
def test_what_the_ip_id_or_the_silence_does_not_show_is_new(tap: Tap, at_ms: int, ip_id: int) -> None:
    # 54 skips none, 117 skips 63: the window of 65160 holds 46 of 1400, and 16 timers may have run; 0 counts nothing;
    # no probe for one segment comes within 100 ms.
    assert counted(tap, tap.sent(at_ms, 501, 601, ip_id=ip_id)).verdict() == ("new", Rule.NEW_DATA, None, None)


@TAPS
def test_a_pause_with_more_timers_than_segments_skipped_is_the_application_s(tap: Tap) -> None:
    # 210, 420 and 840 ms after the last acknowledgment the timers run out, then at 1680 ms.
    assert counted(tap, tap.sent(2790, 501, 601, ip_id=55)).kinds()[-1] == "tail-loss-probe"
    assert counted(tap, tap.sent(2890, 501, 601, ip_id=55)).kinds()[-1] == "new"
    assert counted(tap, tap.sent(2890, 501, 601, ip_id=56)).kinds()[-1] == "rto-retransmission"


@TAPS
def test_no_pause_is_too_long_where_the_ip_id_is_proven_the_connection_s_own(tap: Tap) -> None:
    more = tap.sent(2100, 501, 601, ip_id=54) + tap.heard(2100 + tap.peer_ms, 601)
    replayed = counted(tap, more, tap.sent(9000, 601, 701, ip_id=56))
    assert replayed.client.model.ip_id_proof == 2  # four rests; the skipped one halves it afterwards
    assert replayed.kinds()[-1] == "tail-loss-probe"


@TAPS
def test_ip_ids_that_jumped_are_not_trusted(tap: Tap) -> None:
    jumped = tap.sent(2050, 501, 601, ip_id=1000) + tap.heard(2050 + tap.peer_ms, 601)
    assert counted(tap, jumped, tap.sent(2300, 601, 701, ip_id=1002)).kinds()[-1] == "new"


def answering(tap: Tap, after_ms: int) -> str:
    """Return the last of `counted` when the server has sent text, so long after that text came to the client."""
    asked = tap.heard(2100, 501).replace("1:1(0)", "1:101(100)")
    return asked + tap.sent(2100 + tap.home_ms + after_ms, 501, 601, ip_id=55).replace("ack 1 ", "ack 101 ")


@TAPS
@pytest.mark.parametrize(("after_ms", "kind"), [(190, "new"), (200, "tail-loss-probe"), (240, "tail-loss-probe")])
def test_what_was_skipped_may_be_an_acknowledgment_where_one_was_due(tap: Tap, after_ms: int, kind: str) -> None:
    # Only the timeout of 216 ms tells (SRTT is 13.75 ms), as long as it runs from when there was something to answer,
    # 7 % and a tick less.
    assert counted(tap, answering(tap, after_ms)).kinds()[-1] == kind


@TAPS
def test_what_comes_later_than_the_timeout_answers_the_text(tap: Tap) -> None:
    assert counted(tap, answering(tap, 255)).kinds()[-1] == "new"  # 216 ms, 15 % and a tick: 252.4 ms


def test_a_clock_too_coarse_for_round_trips_shows_no_probe() -> None:
    # Every answer comes within its tick: what it calls a silence of 60 ms may have been less than the probe timeout.
    coarse = Tap(0, 0)
    assert counted(coarse, coarse.sent(2090, 701, 801, ip_id=57)).kinds()[-1] == "new"
    assert counted(coarse, coarse.sent(2240, 701, 801, ip_id=57)).kinds()[-1] == "tail-loss-probe"


# SND.NXT told by a segment without text


@TAPS
def test_text_below_a_snd_nxt_that_was_told_is_a_probe_after_a_silence(tap: Tap) -> None:
    replayed = counted(tap, tap.sent(2100, 601, 601), tap.sent(2330, 501, 601))
    assert replayed.verdict() == ("tail-loss-probe", Rule.SENT_BEFORE, 601, since(tap, 2330))
    assert replayed.client.model.probe_end == 601


@TAPS
def test_its_first_half_is_the_timer_s_and_the_second_sent_in_slow_start(tap: Tap) -> None:
    replayed = counted(tap, tap.sent(2100, 701, 701), tap.sent(2330, 501, 601), tap.sent(2335, 601, 701))
    assert replayed.verdict(-2) == ("rto-retransmission", Rule.SENT_BEFORE, 701, since(tap, 2330))
    assert replayed.verdict() == ("slow-start-retransmission", Rule.IN_LOSS, 701, None)


@TAPS
def test_sooner_than_any_timer_it_is_a_fast_retransmission(tap: Tap) -> None:
    # 20 ms after the hole is more than the round trip of 10 ms; the probe waits for 210 ms.
    replayed = counted(tap, tap.sent(2080, 601, 601), tap.sent(2100, 501, 601))
    assert replayed.verdict() == ("fast-retransmission", Rule.SENT_BEFORE, 601, since(tap, 2100))
    assert (replayed.client.model.state, replayed.client.model.high_seq) == (RECOVERY, 601)


@STAMPED
def test_text_stamped_before_the_segment_that_told_of_it_was_overtaken(tap: Tap) -> None:
    late = tap.sent(2330, 501, 601, tsval=2099)
    replayed = counted(tap, tap.sent(2100, 601, 601), late)
    assert replayed.verdict() == ("out-of-order", Rule.SENT_EARLIER, 100, None)


@PLAIN
def test_text_soon_after_the_segment_that_told_of_it_was_overtaken(tap: Tap) -> None:
    replayed = counted(tap, tap.sent(2100, 601, 601), tap.sent(2101, 501, 601))
    assert replayed.verdict() == ("out-of-order", Rule.HOLE_FILLED_SOON, MS, 8_750_000)  # 7/8 of 10 ms


# A FIN that answers a FIN too late


def closed(tap: Tap, after_ms: int, fin: int = 101) -> Replayed:
    """Replay a close by the server; the client's FIN passes the tap so long after what answers the server's."""
    asked = tap.heard(3000, 101).replace("< . 1:1(0)", "< F. 1:1(0)")
    answer = tap.sent(3000 + tap.home_ms + after_ms, fin, fin).replace("> .", "> F.").replace("ack 1 ", "ack 2 ")
    return tap.replay(asked, answer)


@TAPS
@pytest.mark.parametrize(("after_ms", "late"), [(190, False), (195, True), (245, True), (250, False)])
def test_a_fin_a_timeout_after_the_peer_s_is_the_second_one(tap: Tap, after_ms: int, late: bool) -> None:
    # 212 ms, 7 % and a tick less to 15 % and a tick more: 193.2 to 247.8 ms.
    replayed = closed(tap, after_ms)
    told = ("tail-loss-probe", Rule.LATE_FIN, after_ms * MS, None)
    assert replayed.verdict() == (told if late else ("new", Rule.NEW_DATA, None, None))
    plain = closed(replace(tap, sacking=False), after_ms)
    assert plain.kinds()[-1] == ("rto-retransmission" if late else "new")


@TAPS
def test_a_fin_whose_peer_s_was_acknowledged_before_is_new(tap: Tap) -> None:
    asked = tap.heard(3000, 101).replace("< . 1:1(0)", "< F. 1:1(0)")
    at_once = tap.sent(3001 + tap.home_ms, 101, 101).replace("ack 1 ", "ack 2 ")
    fin = tap.sent(3210 + tap.home_ms, 101, 101).replace("> .", "> F.").replace("ack 1 ", "ack 2 ")
    assert tap.replay(asked, at_once, fin).kinds()[-1] == "new"


# What cannot be told


def test_nothing_is_told_without_a_round_trip_or_without_a_peer() -> None:
    sender, receiver, segment = Endpoint(State.ESTABLISHED), Endpoint(State.ESTABLISHED), Segment()
    segment.seq, segment.end, segment.kind = 101, 201, SegmentKind.NEW
    sender.model.state, sender.model.high_seq = LOSS, 301
    receiver.segments = 1
    explain_late(sender, receiver, segment, 0, 0)
    sender.sample(MS, MS)
    receiver.segments = 0
    explain_late(sender, receiver, segment, 0, 0)
    assert segment.kind == SegmentKind.NEW
    receiver.segments = 1
    explain_late(sender, receiver, segment, 0, 0)
    assert (segment.kind, segment.figure_b) == (SegmentKind.SLOW_START_RETRANSMISSION, UNKNOWN)
