"""Every rule by which a segment is refused: a script that fires it, and a neighbour that stays silent."""

import pytest

from reconstruct.acceptance import ACCEPTABLE, refused
from reconstruct.endpoint import Endpoint
from reconstruct.rules import Rule
from reconstruct.segment import ACK, Segment
from reconstruct.states import State
from reconstruct.vocabulary import EventKind
from tests.reconstruct.replaying import CLIENT, HANDSHAKE, SERVER, WRAPPING, Replayed

SYN = "0.0 > S 0:0(0) win 1000\n"
SYN_WITH_DATA = "0.0 > S 0:10(10) win 1000 <FO>\n"
OPEN = SYN + "0.1 < S. 0:0(0) ack 1 win 1000\n0.2 > . 1:1(0) ack 1 win 1000\n"  # neither end scales: edges at 1001
FINISHED = OPEN + "1.0 > F. 1:1(0) ack 1 win 1000\n"
MOVED_ON = OPEN + "1.0 > . 1:101(100) ack 1 win 1000\n1.1 < . 1:1(0) ack 101 win 1000\n"

# What came before, the segment that no receiver takes, the rule with its figures, and the nearest one that is taken.
CASES = [
    # RFC 9293 3.10.7.3, first: SEG.ACK =< ISS or > SND.NXT; in SYN-SENT only the SYN and its data were sent.
    (SYN, "< S. 0:0(0) ack 0 win 9", Rule.HANDSHAKE_ACK_WRONG, (0, 1), "< S. 0:0(0) ack 1 win 9"),
    (SYN_WITH_DATA, "< S. 0:0(0) ack 0 win 9", Rule.HANDSHAKE_ACK_WRONG, (0, 11), "< S. 0:0(0) ack 11 win 9"),
    # RFC 9293 3.10.7.3, second: a reset is acceptable if its ACK covers the SYN.
    (SYN, "< R. 0:0(0) ack 0 win 0", Rule.RESET_IN_SYN_SENT, (0, 1), "< R. 0:0(0) ack 1 win 0"),
    (SYN, "< R. 0:0(0) ack 2 win 0", Rule.RESET_IN_SYN_SENT, (2, 1), "< R. 0:0(0) ack 1 win 0"),
    (SYN, "< R 0:0(0) win 0", Rule.RESET_WITHOUT_ACK, (None, None), "< R. 0:0(0) ack 1 win 0"),
    (SYN_WITH_DATA, "< R. 0:0(0) ack 12 win 0", Rule.RESET_IN_SYN_SENT, (12, 11), "< R. 0:0(0) ack 11 win 0"),
    # RFC 9293 3.10.7.4, fifth: "if the ACK bit is off, drop the segment and return".
    (OPEN, "> P 1:11(10) win 9", Rule.ACK_BIT_OFF, (None, None), "> P. 1:11(10) ack 1 win 9"),
    (OPEN, "> - 1:1(0) win 9", Rule.ACK_BIT_OFF, (None, None), "> . 1:1(0) ack 1 win 9"),
    (OPEN, "> F 1:1(0) win 9", Rule.ACK_BIT_OFF, (None, None), "> F. 1:1(0) ack 1 win 9"),
    # RFC 9293 3.4: the receiver's window ends at 1001; what starts there may be a probe.
    (OPEN, "> . 1002:1012(10) ack 1 win 9", Rule.OUTSIDE_WINDOW, (1002, 1001), "> . 1001:1002(1) ack 1 win 9"),
    # RFC 9293 3.4: nothing was sent before the ISN; offset 0 is the SYN's, where keep-alives are sent.
    (OPEN, "> . -5:0(5) ack 1 win 9", Rule.BEFORE_ISN, (5, None), "> . 0:1(1) ack 1 win 9"),
    # RFC 9293 3.10.7.4, seventh: "this should not occur since a FIN has been received".
    (FINISHED, "> . 2:12(10) ack 1 win 9", Rule.TEXT_AFTER_FIN, (2, 2), "> . 2:2(0) ack 1 win 9"),
    (FINISHED, "> F. 50:50(0) ack 1 win 9", Rule.TEXT_AFTER_FIN, (50, 2), "> F. 1:1(0) ack 1 win 9"),
    # RFC 9293 3.10.7.4, first: a FIN below RCV.NXT is not acceptable; at SND.UNA its ACK may have been seen before it.
    (MOVED_ON, "> F. 50:50(0) ack 1 win 9", Rule.OLD_FIN, (51, 101), "> F. 100:100(0) ack 1 win 9"),
    # RFC 9293 3.10.7.4, first, and RFC 5961 4: a SYN in a synchronized state is answered by a challenge ACK.
    (OPEN, "< S. 700:700(0) ack 1 win 9", Rule.SYN_OF_ANOTHER, (700, 1), "< S. 0:0(0) ack 1 win 9"),
    (MOVED_ON, "> S 700:700(0) win 9", Rule.SYN_OF_ANOTHER, (700, 101), "> S 0:0(0) win 9"),
    # RFC 5961 3.2: what is outside [SND.UNA, SND.NXT] of its sender cannot be RCV.NXT.
    (MOVED_ON, "> R. 102:102(0) ack 1 win 0", Rule.RESET_NOT_ACCEPTABLE, (102, 101), "> R. 101:101(0) ack 1 win 0"),
    # RFC 9293 3.10.7.1: an end that is gone answers each segment with a reset at its SEG.ACK.
    (MOVED_ON, "> R 100:100(0) win 0", Rule.STALE_RESET, (100, 101), "> R 101:101(0) win 0"),
]


# Sent again, for whatever cause: these scripts are about what a receiver takes, not about why it came.
AGAIN = {"fast-retransmission", "rto-retransmission", "tail-loss-probe", "retransmission"}


def after(before: str, line: str, isns: str = "") -> Replayed:
    """Replay a script and one more line, a second after it."""
    return Replayed(f"{isns}{before}+1.0 {line}\n")


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
@pytest.mark.parametrize(("before", "line", "rule", "figures", "neighbour"), CASES)
def test_each_rule_refuses_what_it_names_and_nothing_beside_it(
    before: str, line: str, rule: Rule, figures: tuple[int | None, int | None], neighbour: str, isns: str
) -> None:
    assert after(before, line, isns).verdict() == ("invalid", rule, *figures)
    assert after(before, neighbour, isns).verdict()[0] != "invalid"


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
def test_an_ack_above_what_the_window_allowed_is_of_nothing_sent(isns: str) -> None:
    # The server's window reached 1001, a FIN may take offset 1001 itself: 1002 is the highest number to acknowledge.
    assert after(OPEN, "< . 1:1(0) ack 1003 win 9", isns).verdict() == ("invalid", Rule.ACK_OF_UNSENT, 1003, 1002)
    assert after(OPEN, "< . 1:1(0) ack 1002 win 9", isns).verdict()[0] == "ack"


def test_a_syn_ack_above_what_the_syn_held_is_of_nothing_sent() -> None:
    # SND.NXT is 1 after a SYN alone, 11 after ten bytes with it.
    assert after(SYN, "< S. 0:0(0) ack 2 win 9").verdict() == ("invalid", Rule.ACK_OF_UNSENT, 2, 1)
    assert after(SYN_WITH_DATA, "< S. 0:0(0) ack 12 win 9").verdict() == ("invalid", Rule.ACK_OF_UNSENT, 12, 11)


def test_nothing_is_outside_a_window_that_the_capture_does_not_show() -> None:
    joined = "0.0 > . 1:1(0) ack 1 win 10\n0.1 < . 1:1(0) ack 1 win 10\n"  # the scales are unknown
    assert after(joined, "> . 900000:900010(10) ack 1 win 10").kinds()[-1] == "new"
    assert after(joined, "< . 1:1(0) ack 900000 win 10").kinds()[-1] == "ack"


def test_every_acknowledgment_of_an_end_that_was_never_heard_is_believed() -> None:
    replayed = Replayed(SYN + "0.1 > . 1:1(0) ack 1 win 9\n0.2 > . 1:1(0) ack 5000000 win 9\n")
    assert replayed.kinds() == ["new", "ack", "ack"]


def test_text_before_the_first_captured_byte_is_not_before_the_isn() -> None:
    # Without the SYN, offset 1 is only where the capture began; an earlier segment may come late.
    joined = "0.0 > . 1001:1101(100) ack 1 win 10\n"
    assert after(joined, "> . 901:1001(100) ack 1 win 10").kinds()[-1] != "invalid"


def test_a_window_once_offered_stays_acceptable_after_it_shrank() -> None:
    # A segment sent before the smaller window arrived; RFC 9293 3.8.6 discourages shrinking, senders cannot know of it.
    shrunk = OPEN + "1.0 < . 1:1(0) ack 1 win 10\n"
    assert after(shrunk, "> . 501:511(10) ack 1 win 9").kinds()[-1] == "new"


def test_windows_count_with_their_scale() -> None:
    scaled = SYN.replace("1000", "1000 <wscale 2>") + "0.1 < S. 0:0(0) ack 1 win 1000 <wscale 3>\n"
    scaled += "0.2 > . 1:1(0) ack 1 win 1000\n0.3 < . 1:1(0) ack 1 win 1000\n"
    # The server offers 1000 << 3 = 8000 bytes from 1.
    assert after(scaled, "> . 8002:8012(10) ack 1 win 9").verdict() == ("invalid", Rule.OUTSIDE_WINDOW, 8002, 8001)
    assert after(scaled, "> . 8001:8011(10) ack 1 win 9").kinds()[-1] == "new"


def test_data_sent_again_after_the_fin_is_taken() -> None:
    text = OPEN + "1.0 > F. 1:101(100) ack 1 win 9\n"
    # At SND.UNA a second later, the timeout is 100 (the SYN) + 100 (to the client) + 200 ms: RFC 6298 (5.4).
    assert after(text, "> . 1:101(100) ack 1 win 9").kinds()[-1] == "rto-retransmission"


def test_a_reset_of_an_end_that_said_nothing_else_is_taken() -> None:
    joined = "0.0 > . 1:1(0) ack 1 win 10\n"
    assert after(joined, "< R 1:1(0) win 0").kinds()[-1] == "rst"


def test_a_reset_of_an_end_that_was_not_heard_is_measured_by_what_its_peer_acknowledged() -> None:
    joined = "0.0 > . 1:1(0) ack 1 win 10\n"
    # The window may be scaled by 14 bits at most (RFC 7323 2.3): so the server may be at 1 + (10 << 14) = 163841.
    far = after(joined, "< R 163842:163842(0) win 0")
    assert far.verdict() == ("invalid", Rule.RESET_NOT_ACCEPTABLE, 163842, 163841)
    assert far.states()[-1] == "ESTABLISHED ESTABLISHED"
    assert after(joined, "< R 163841:163841(0) win 0").kinds()[-1] == "rst"
    assert after(joined, "< R 0:0(0) win 0").verdict() == ("invalid", Rule.STALE_RESET, 0, 1)


def test_a_reset_of_an_end_that_was_not_heard_stays_inside_the_window_that_the_capture_shows() -> None:
    opened = SYN + "0.2 > . 1:1(0) ack 1 win 1000\n"  # the SYN,ACK was missed; without scaling the edge is 1001
    assert after(opened, "< R 1002:1002(0) win 0").verdict() == ("invalid", Rule.RESET_NOT_ACCEPTABLE, 1002, 1001)
    assert after(opened, "< R 1001:1001(0) win 0").kinds()[-1] == "rst"


def test_a_reset_before_the_first_acknowledgment_is_measured_by_what_was_seen_in_order() -> None:
    one_way = "0.0 > . 1:101(100) ack 1 win 10\n"  # nothing is acknowledged, 101 is the in-order edge
    assert after(one_way, "> R 100:100(0) win 0").verdict() == ("invalid", Rule.STALE_RESET, 100, 101)
    assert after(one_way, "> R 101:101(0) win 0").kinds()[-1] == "rst"


def held(end: Endpoint) -> list[int]:
    """Return what an end was offered and what it was seen to send."""
    return [end.offered.snd_wnd, end.offered.right_edge, end.fin_end, end.payload, end.fins, end.syns]


def numbered(end: Endpoint) -> list[int]:
    """Return where an end's numbers stand."""
    return [end.based, end.isn, end.snd_una, end.stream.edge, end.stream.highest, end.stream.unique]


@pytest.mark.parametrize(("before", "line"), [case[:2] for case in CASES])
def test_an_invalid_segment_moves_nothing(before: str, line: str) -> None:
    without, replayed = Replayed(before), after(before, line)
    assert replayed.states()[-1] == without.states()[-1]
    assert (replayed.path(CLIENT), replayed.path(SERVER)) == (without.path(CLIENT), without.path(SERVER))
    for one, other in ((without.client, replayed.client), (without.server, replayed.server)):
        assert held(one) == held(other)
        assert numbered(one) == numbered(other)
    assert replayed.windows(CLIENT) + replayed.windows(SERVER) == without.windows(CLIENT) + without.windows(SERVER)


@pytest.mark.parametrize(("before", "line", "rule", "figures"), [case[:4] for case in CASES])
def test_an_invalid_segment_is_counted_and_told_as_a_violation_unless_it_is_only_late(
    before: str, line: str, rule: Rule, figures: tuple[int | None, int | None]
) -> None:
    replayed = after(before, line)
    sender = CLIENT if line.startswith(">") else SERVER
    told = [(row["sender"], row["a"], row["b"], row["c"]) for row in replayed.events(EventKind.RULE_VIOLATION)]
    counted = replayed.direction(sender)
    stale = rule == Rule.STALE_RESET
    assert (counted["invalid_segments"], counted["stale_resets"]) == (1, int(stale))
    assert told == ([] if stale else [(sender, rule, *figures)])


def test_the_check_writes_rule_and_figures_into_the_segment() -> None:
    sender, receiver, segment = Endpoint(State.ESTABLISHED), Endpoint(State.ESTABLISHED), Segment()
    assert refused(sender, receiver, segment) == segment.rule == Rule.ACK_BIT_OFF
    segment.flags = ACK
    assert refused(sender, receiver, segment) == ACCEPTABLE


def test_a_flood_of_invalid_segments_leaves_the_connection_as_it_was() -> None:
    flood = "".join(f"+0.001 > R {number}:{number}(0) win 0\n" for number in range(2000, 2200))
    replayed = Replayed(HANDSHAKE + flood)
    assert replayed.states()[-1] == "ESTABLISHED ESTABLISHED"
    assert replayed.client.invalid_segments == 200


# A capture gap wider than the window: what lies behind it looks like nothing that can have been sent

BEHIND_GAP = """
1.0 > . 1:1001(1000) ack 1 win 64240
1.01 < . 1:1(0) ack 1001 win 65160
2.0 > . 201001:202001(1000) ack 1 win 64240
"""


def gaps(replayed: Replayed) -> list[tuple[int | None, int | None, int | None]]:
    """Return who sent what a capture gap swallowed, the frame that tells of it, and the bytes."""
    return [(row["sender"], row["frame"], row["a"]) for row in replayed.events(EventKind.CAPTURE_GAP)]


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
def test_an_ack_of_text_outside_the_window_proves_that_the_capture_has_a_gap(isns: str) -> None:
    replayed = Replayed(isns + HANDSHAKE + BEHIND_GAP + "2.01 < . 1:1(0) ack 202001 win 65160\n")
    assert replayed.verdict(-2) == ("invalid", Rule.OUTSIDE_WINDOW, 201001, 66161)  # 1001 + 65160
    assert replayed.verdict() == ("ack", Rule.ACK_ADVANCES, 201000, None)  # 202001 - 1001
    assert gaps(replayed) == [(CLIENT, 7, 201000)]  # the text that was refused counts as never seen


def test_a_connection_goes_on_after_a_gap_wider_than_its_window() -> None:
    lines = "".join(
        f"{i}.0 > . {i}01001:{i}02001(1000) ack 1 win 64240\n{i}.01 < . 1:1(0) ack {i}02001 win 65160\n"
        for i in (2, 3, 4)
    )
    data = "5.0 > . 402001:403001(1000) ack 1 win 64240\n5.01 < . 1:1(0) ack 403001 win 65160\n"
    replayed = Replayed(HANDSHAKE + BEHIND_GAP[: BEHIND_GAP.index("2.0")] + lines + data)
    assert replayed.kinds()[5:] == ["invalid", "ack"] * 3 + ["new", "ack"]
    # All from 1001 to 402001 is missing; the first thousand bytes and the last were seen.
    told = replayed.direction(CLIENT)
    assert (told["missing_bytes"], told["unique_bytes"]) == (401000, 2000)


def test_an_ack_of_some_of_the_text_outside_the_window_proves_the_gap_too() -> None:
    more = "2.0 > . 202001:203001(1000) ack 1 win 64240\n2.0 > . 201501:202001(500) ack 1 win 64240\n"
    for ack in (201001, 202001, 203001):
        assert Replayed(HANDSHAKE + BEHIND_GAP + more + f"2.1 < . 1:1(0) ack {ack} win 9\n").kinds()[-1] == "ack"
    for ack in (201000, 203002):
        assert Replayed(HANDSHAKE + BEHIND_GAP + more + f"2.1 < . 1:1(0) ack {ack} win 9\n").kinds()[-1] == "invalid"


def test_only_the_newest_text_outside_the_window_counts() -> None:
    forged = BEHIND_GAP + "2.0 > . 900001:900011(10) ack 1 win 9\n"
    assert Replayed(HANDSHAKE + forged + "2.1 < . 1:1(0) ack 202001 win 9\n").kinds()[-1] == "invalid"
    assert Replayed(HANDSHAKE + forged + "2.1 < . 1:1(0) ack 900011 win 9\n").kinds()[-1] == "ack"


@pytest.mark.parametrize("isns", ["", WRAPPING], ids=["low ISNs", "ISNs at 2^32"])
def test_text_where_the_peer_acknowledged_too_much_proves_a_gap(isns: str) -> None:
    early = HANDSHAKE + "2.0 < . 1:1(0) ack 202001 win 1000\n"
    replayed = Replayed(isns + early + "2.1 > . 202501:203001(500) ack 1 win 64240\n")
    assert replayed.verdict(-2) == ("invalid", Rule.ACK_OF_UNSENT, 202001, 65162)  # 1 + 65160, and one for a FIN
    assert replayed.verdict() == ("new", Rule.NEW_AFTER_GAP, 500, None)  # 202501 - 202001
    assert gaps(replayed) == [(CLIENT, 5, 202000)]
    assert (replayed.client.snd_una, replayed.client.flight_max) == (202001, 1000)
    for start in (202000, 203002):  # below the acknowledgment, and outside the window that came with it
        text = early + f"2.1 > . {start}:{start + 10}(10) ack 1 win 9\n"
        assert Replayed(isns + text).verdict()[:2] == ("invalid", Rule.OUTSIDE_WINDOW)


def test_a_gap_wider_than_the_window_in_both_directions_is_overcome() -> None:
    first = "2.0 > . 200001:200101(100) ack 300001 win 64240\n"
    both = first + "2.1 < . 300001:300101(100) ack 200101 win 65160\n"
    replayed = Replayed(HANDSHAKE + both + "2.2 > . 200101:200201(100) ack 300101 win 64240\n")
    assert replayed.kinds()[3:] == ["invalid", "new", "new"]
    # The server is at 300001 when frame 5 says so; its ACK covers what the client sent up to 200101, frame 4 included.
    assert gaps(replayed) == [(SERVER, 5, 300000), (CLIENT, 5, 200100)]


# What cannot be: numbers of others, and streams that end twice


def test_a_refused_segment_does_not_decide_where_an_ends_numbers_begin() -> None:
    forged = "0.0 > S 0:0(0) win 1000\n0.1 < R 1000000000:1000000000(0) win 0\n"
    replayed = Replayed(forged + "0.2 > . 1:1(0) ack 1 win 1000\n0.3 < P. 1:11(10) ack 1 win 1000\n")
    assert replayed.kinds() == ["new", "invalid", "ack", "new"]
    assert replayed.states()[-1] == "ESTABLISHED ESTABLISHED"
    assert replayed.direction(SERVER)["unique_bytes"] == 10


def test_a_syn_ack_of_another_connection_leaves_an_open_one_as_it_is() -> None:
    data = "1.0 < P. 1:11(10) ack 1 win 65160\n1.1 > . 1:1(0) ack 11 win 64240\n"
    forged = data + "1.2 < S. 1000000000:1000000000(0) ack 1 win 9\n"
    replayed = Replayed(HANDSHAKE + forged + "1.3 < P. 11:21(10) ack 1 win 65160\n")
    assert replayed.kinds()[5:] == ["invalid", "new"]
    assert replayed.states()[2:] == ["ESTABLISHED ESTABLISHED"] * 5
    assert replayed.server.stream.highest == 21


def test_a_syn_ack_may_have_another_number_until_its_peer_acknowledges_it() -> None:
    opening = SYN + "0.1 < S. 5000:5000(0) ack 1 win 9\n0.2 < S. 0:0(0) ack 1 win 9\n"
    assert Replayed(opening + "0.3 > . 1:1(0) ack 1 win 9\n").kinds()[2:] == ["syn-retransmission", "ack"]


@pytest.mark.parametrize("again", ["50:101(51)", "100:101(1)", "101:101(0)"])
def test_a_fin_sent_again_may_carry_less_than_the_first(again: str) -> None:
    text = OPEN + "1.0 > F. 1:101(100) ack 1 win 9\n1.1 < . 1:1(0) ack 102 win 900\n"
    assert after(text, f"> F. {again} ack 1 win 9").kinds()[-1] in AGAIN


def test_a_fin_below_text_that_nobody_acknowledged_is_not_refused() -> None:
    # The receiver may stand at 1 and take it; a frame's padding that counted as text looks like this.
    replayed = after(OPEN + "1.0 > . 1:7(6) ack 1 win 9\n", "> F. 1:1(0) ack 1 win 9")
    assert replayed.kinds()[-1] in AGAIN
    assert replayed.states()[-1] == "FIN-WAIT-1 CLOSE-WAIT"


def test_the_first_fin_ends_the_stream() -> None:
    # The second one starts below the first and ends above it: it may be taken, but the stream has ended at 2.
    replayed = after(FINISHED, "> F. 1:11(10) ack 1 win 9")
    assert replayed.kinds()[-1] in AGAIN
    assert replayed.client.fin_end == 2
