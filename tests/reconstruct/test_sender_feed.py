"""What a connection tells those who follow its ends, and in which order they learn of it."""

from reconstruct.sender_feed import DEFAULT_MSS, look
from tests.reconstruct.replaying import CLIENT, SERVER, Replayed

STAMPED = """
0.000  > S  0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0>
+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 500 ecr 100>
+0.001 > .  1:1(0) ack 1 win 64240 <TS val 101 ecr 500>
+0.010 < .  1:1001(1000) ack 1 win 65160 <TS val 515 ecr 101>
+0.001 > .  1:1(0) ack 1001 win 63000 <TS val 112 ecr 515>
+0.002 < .  1001:2001(1000) ack 1 win 65160 <TS val 518 ecr 101>
+0.010 < .  2001:3001(1000) ack 1 win 65160 <TS val 527 ecr 112>
"""  # the ACK that passes the tap at 22 ms comes to the server 5 ms later, after its second segment was sent


def test_a_row_says_what_the_sender_had_when_it_sent() -> None:
    replayed = Replayed(STAMPED)
    replayed.connection.finish()
    rows = {row["frame"]: (row["flight"], row["rwnd"]) for row in replayed.windows(SERVER)}
    assert rows[6] == (2000, 64_240)  # the ACK was on its way
    assert rows[5] == (1000, 63_000)  # then it came
    assert rows[7] == (2000, 63_000)


AT_CLIENT = """
0.000    > S  0:0(0) win 64240 <mss 1460>
+0.010   < S. 0:0(0) ack 1 win 65160 <mss 1400>
+0.00005 > .  1:1(0) ack 1 win 64240
+0.001   > .  1:1001(1000) ack 1 win 64240
+0.010   < .  1:1(0) ack 1001 win 60000
+0.000   > .  1001:2001(1000) ack 1 win 64240
"""


def test_at_the_sender_the_order_of_the_capture_is_its_own() -> None:
    replayed = Replayed(AT_CLIENT)
    replayed.connection.finish()
    rows = {row["frame"]: (row["flight"], row["rwnd"]) for row in replayed.windows(CLIENT)}
    assert (rows[5], rows[6]) == ((0, 60_000), (1000, 60_000))


def test_an_end_that_sends_no_text_is_not_followed() -> None:
    replayed = Replayed(STAMPED)
    replayed.connection.finish()
    assert replayed.server.follower is not None
    assert replayed.client.follower is None


def test_without_an_option_segments_are_of_the_default_size() -> None:
    text = """
0.000  > S  0:0(0) win 64240
+0.010 < S. 0:0(0) ack 1 win 65160
+0.001 > .  1:1(0) ack 1 win 64240
+0.010 < .  1:1001(1000) ack 1 win 65160
"""
    transcript = Replayed(text).server.transcript
    assert transcript is not None
    assert transcript.mss == DEFAULT_MSS


def test_a_follower_tells_what_the_windows_let_out() -> None:
    replayed = Replayed(AT_CLIENT)
    follower = look(replayed.client, replayed.connection.followers)
    # One of the two segments is unacknowledged, so nine of the first ten are left, of 1,400 bytes (the MSS of the
    # peer); one segment out does not fill a window of ten, so it has not grown (RFC 7661 4.3).
    assert follower.replay.allowance() == 9 * 1_400
