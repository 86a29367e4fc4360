"""How the ends use a connection and leave it: turns and pauses, resets and what they cost, silence after a FIN."""

import pytest

from reconstruct.conduct import WORTH_NOTING_NS
from reconstruct.seq import UNKNOWN
from reconstruct.vocabulary import Sender, Sign
from tests.drill import read_script, segments_of
from tests.reconstruct.replaying import HANDSHAKE, MS, Replayed

S = WORTH_NOTING_NS  # one second
CLIENT, SERVER = Sender.CLIENT, Sender.SERVER
# Two requests, each answered after 10 ms; the last text passes the tap 142 ms after the first SYN.
SERVED = (
    HANDSHAKE
    + """
+0.001 > P. 1:101(100) ack 1 win 64240
+0.010 < P. 1:201(200) ack 101 win 65160
+0.001 > .  101:101(0) ack 201 win 64240
+0.099 > P. 101:201(100) ack 201 win 64240
+0.010 < P. 201:401(200) ack 201 win 65160
+0.001 > .  201:201(0) ack 401 win 64240
"""
)
REQUEST = "> P. 201:301(100) ack 401 win 64240\n"
HELLO = 0x160301  # a TLS record of type 22, version 3.x, with a ClientHello
KEYS = 0x160310
DATA = 0x170300


def noted(replayed: Replayed, sign: Sign, sender: Sender = CLIENT) -> list[tuple[int, int]]:
    """Return how often an end showed a sign, and the sum of its figures, if it did."""
    signs = replayed.connection.signs
    return [(signs.count(sign, sender), signs.total(sign, sender))] if signs and signs.count(sign, sender) else []


def test_turns_are_those_of_the_client() -> None:
    replayed = Replayed(SERVED + "+0.001 " + REQUEST)
    assert (replayed.connection.turns, replayed.connection.setup_turns) == (3, 0)


@pytest.mark.parametrize(("heads", "setup"), [([HELLO, DATA], 1), ([HELLO, KEYS], 2), ([0x474500, DATA], 0)])
def test_turns_of_a_tls_handshake_are_told_by_its_records(heads: list[int], setup: int) -> None:
    replayed = Replayed(HANDSHAKE)
    script = SERVED.splitlines()[-6:]
    texts = segments_of(read_script(HANDSHAKE + "\n".join(script)))[3:]
    for cursor in texts:
        if cursor.sport > cursor.dport and cursor.payload_len:
            cursor.text_head = heads.pop(0)
        replayed.connection.replay(cursor)
    assert replayed.connection.setup_turns == setup


def test_a_pause_that_was_survived_is_kept_with_its_length() -> None:
    # 1 ms between the last text and the ACK, then 2 s.
    replayed = Replayed(SERVED + "+2.000 " + REQUEST + "+0.010 < P. 401:501(100) ack 301 win 65160\n")
    connection = replayed.connection
    assert (connection.longest_idle_ns, connection.resumed, connection.stale_ns) == (2 * S + MS, 1, UNKNOWN)


def test_a_request_after_a_pause_that_meets_a_reset_is_stale() -> None:
    replayed = Replayed(SERVED + "+2.000 " + REQUEST + "+0.010 < R 401:401(0) win 0\n")
    assert noted(replayed, Sign.STALE_RESET) == [(1, 2 * S + MS)]
    assert noted(replayed, Sign.RESET, SERVER) == [(1, 100)]  # the request was never acknowledged
    assert noted(replayed, Sign.RESET_TOO_SOON, SERVER) == []  # the server is 10 ms away


def test_a_reset_that_comes_sooner_than_the_server_can_answer_is_not_its_own() -> None:
    replayed = Replayed(SERVED + "+2.000 " + REQUEST + "+0.002 < R 401:401(0) win 0\n")
    assert noted(replayed, Sign.RESET_TOO_SOON, SERVER) == [(1, 8 * MS)]  # 10 ms to the server less 2


@pytest.mark.parametrize(("ttl", "hops"), [(64, []), (63, []), (61, [(1, 3)]), (255, []), (250, [(1, 5)])])
def test_a_reset_over_another_number_of_routers_is_odd(ttl: int, hops: list[tuple[int, int]]) -> None:
    # The script's packets have a TTL of 64: no router. 255 is no router either, of a host that begins there.
    replayed = Replayed(SERVED + f"+0.010 < R. 401:401(0) ack 201 win 0 ttl {ttl}\n")
    assert noted(replayed, Sign.RESET_TTL, SERVER) == hops


def test_an_answer_to_nothing_that_passed_here_comes_from_before_the_tap() -> None:
    assert noted(Replayed(SERVED + "+1.500 < R 401:401(0) win 0\n"), Sign.RESET_UNASKED, SERVER) == [(1, 1_500 * MS)]
    assert noted(Replayed(SERVED + "+1.500 < R. 401:401(0) ack 201 win 0\n"), Sign.RESET_UNASKED, SERVER) == []


def test_an_end_that_sends_new_text_after_a_reset_disowns_it() -> None:
    replayed = Replayed(SERVED + "+0.010 < R. 401:401(0) ack 201 win 0\n+0.010 < P. 401:501(100) ack 201 win 65160\n")
    assert noted(replayed, Sign.RESET_DISOWNED, SERVER) == [(1, 100)]


def test_a_request_after_the_fin_of_an_idle_server_is_stale_by_the_pause_before_the_fin() -> None:
    fin = "+1.000 < F. 401:401(0) ack 201 win 65160\n+0.001 > . 201:201(0) ack 402 win 64240\n"
    replayed = Replayed(SERVED + fin + "+3.000 > P. 201:301(100) ack 402 win 64240\n")
    assert noted(replayed, Sign.STALE_FIN) == [(1, S + MS)]
    assert noted(replayed, Sign.HALF_CLOSED) == [(1, 100)]


def test_a_request_that_crosses_the_fin_is_stale_too() -> None:
    replayed = Replayed(SERVED + "+2.000 " + REQUEST + "+0.004 < F. 401:401(0) ack 201 win 65160\n")
    assert noted(replayed, Sign.STALE_FIN) == [(1, 2 * S + MS)]


def test_a_request_that_nobody_answers_is_stale_when_the_capture_ends() -> None:
    again = "".join(f"+{wait} {REQUEST}" for wait in ("0.300", "0.600", "1.200"))
    replayed = Replayed(SERVED + "+2.000 " + REQUEST + again)
    replayed.connection.settle(replayed.last.time_ns)
    assert noted(replayed, Sign.STALE_SILENCE) == [(1, 2 * S + MS)]


def test_silence_is_not_told_where_the_server_was_never_heard() -> None:
    client = [line for line in SERVED.splitlines() if "<" not in line.split()[1:2]]
    again = "".join(f"+{wait} {REQUEST}" for wait in ("2.000", "0.600", "1.200"))
    replayed = Replayed("\n".join(client) + "\n" + again)
    replayed.connection.settle(replayed.last.time_ns)
    assert noted(replayed, Sign.STALE_SILENCE) == []


def test_a_request_that_waits_for_less_than_a_second_is_not_given_up() -> None:
    replayed = Replayed(SERVED + "+2.000 " + REQUEST + "+0.300 " + REQUEST)
    replayed.connection.settle(replayed.last.time_ns)
    assert noted(replayed, Sign.STALE_SILENCE) == []


def test_a_server_that_resets_an_idle_connection_is_told_after_two_requests() -> None:
    reset = "+1.500 < R. 401:401(0) ack 201 win 0\n"
    assert noted(Replayed(SERVED + reset), Sign.IDLE_RESET) == [(1, 1_501 * MS)]
    once = HANDSHAKE + "+0.001 > P. 1:101(100) ack 1 win 64240\n+0.010 < P. 1:201(200) ack 101 win 65160\n"
    assert noted(Replayed(once + "+1.500 < R. 201:201(0) ack 101 win 0\n"), Sign.IDLE_RESET) == []


def test_text_for_an_end_that_has_closed_is_lost_late() -> None:
    closed = "+0.010 > F. 201:201(0) ack 401 win 64240\n+0.010 < P. 401:425(24) ack 202 win 65160\n"
    replayed = Replayed(SERVED + closed + "+0.001 > R 202:202(0) win 0\n")
    assert (noted(replayed, Sign.RESET_LATE), noted(replayed, Sign.RESET)) == ([(1, 24)], [])


def test_text_that_was_acknowledged_and_not_answered_may_be_unread_at_a_reset() -> None:
    asked = "+0.001 > P. 1:101(100) ack 1 win 64240\n+0.010 < . 1:1(0) ack 101 win 65160\n"
    replayed = Replayed(HANDSHAKE + asked + "+0.010 < R. 1:1(0) ack 101 win 0\n")
    assert noted(replayed, Sign.RESET_UNREAD, SERVER) == [(1, 100)]
    assert noted(replayed, Sign.RESET, SERVER) == []


def test_a_reset_after_everything_was_answered_costs_nothing() -> None:
    replayed = Replayed(SERVED + "+0.010 < R. 401:401(0) ack 201 win 0\n")
    assert replayed.connection.signs is None


def test_an_end_that_stays_silent_after_a_fin_is_noted_when_it_closes() -> None:
    closed = "+0.010 > F. 201:201(0) ack 401 win 64240\n+0.010 < . 401:401(0) ack 202 win 65160\n"
    replayed = Replayed(SERVED + closed + "+70.0 < F. 401:401(0) ack 202 win 65160\n")
    assert noted(replayed, Sign.CLOSE_WAIT, SERVER) == [(1, 70 * S)]


def test_a_silence_that_lasts_is_noted_when_the_capture_ends() -> None:
    closed = "+0.010 > F. 201:201(0) ack 401 win 64240\n+0.010 < . 401:401(0) ack 202 win 65160\n"
    replayed = Replayed(SERVED + closed)
    replayed.connection.settle(replayed.last.time_ns + 90 * S)
    assert noted(replayed, Sign.CLOSE_WAIT, SERVER) == [(1, 90 * S)]


def test_a_fin_that_nobody_acknowledged_proves_no_silence() -> None:
    replayed = Replayed(SERVED + "+0.010 > F. 201:201(0) ack 401 win 64240\n")
    replayed.connection.settle(replayed.last.time_ns + 90 * S)
    assert noted(replayed, Sign.CLOSE_WAIT, SERVER) == []


def test_a_peer_that_answers_no_keep_alive_is_found_dead() -> None:
    probe = "> . 200:200(0) ack 401 win 64240\n"
    replayed = Replayed(SERVED + f"+5.0 {probe}+1.0 {probe}+1.0 > R. 201:201(0) ack 401 win 0\n")
    assert noted(replayed, Sign.KEEP_ALIVE)[0][0] == 2
    assert noted(replayed, Sign.KEEP_ALIVE_ANSWER, SERVER) == []
    assert noted(replayed, Sign.FOUND_DEAD) == [(1, 7 * S + MS)]


def test_an_answered_keep_alive_is_counted_as_such() -> None:
    probe = "+5.0 > . 200:200(0) ack 401 win 64240\n+0.010 < . 401:401(0) ack 201 win 65160\n"
    assert noted(Replayed(SERVED + probe), Sign.KEEP_ALIVE_ANSWER, SERVER) == [(1, 0)]


def test_a_request_that_the_closing_server_had_taken_met_no_stale_connection() -> None:
    # Telnet's `exit`: the FIN acknowledges it.
    script = SERVED + "+5.0 > P. 201:203(2) ack 401 win 64240\n+0.020 < F. 401:401(0) ack {} win 65160\n"
    assert noted(Replayed(script.format(203)), Sign.STALE_FIN) == []
    assert len(noted(Replayed(script.format(201)), Sign.STALE_FIN)) == 1


def test_resets_that_answer_acknowledgments_tell_what_an_end_that_gave_up_had_under_way() -> None:
    # The tap is at the server, which acknowledges 101 to 301 before the reset comes by; its ACKs find nobody.
    sent = "+1.0 > P. 201:301(100) ack 401 win 64240\n+0.000 < . 401:401(0) ack 301 win 65160\n"
    script = SERVED + sent + "+0.001 > R. 301:301(0) ack 401 win 0\n+0.010 > R 201:201(0) win 0\n"
    assert noted(Replayed(script), Sign.RESET) == [(1, 100)]
    closed = script.replace("> R. 301:301(0)", "> F. 301:301(0)")
    assert noted(Replayed(closed), Sign.RESET) == []
