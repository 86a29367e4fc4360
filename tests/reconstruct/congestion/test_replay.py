"""The rows of a sender's windows, and where there are none."""

from reconstruct.vocabulary import CongestionControl, Phase, Sender
from tests.reconstruct.congestion.sending import Sending
from tests.reconstruct.replaying import Replayed, rows_of

HANDSHAKE = """
0.000  > S  0:0(0) win 64240 <mss 1000,sackOK>
+0.040 < S. 0:0(0) ack 1 win 65160 <mss 1000,sackOK>
+0.000 > .  1:1(0) ack 1 win 64240
"""


def flights(count: int = 3, first: int = 10) -> str:
    """Return so many flights of a sender in slow start, each acknowledged segment by segment."""
    lines, sent, acked, size = [], 0, 0, first
    for number in range(count):
        while sent < acked + size:
            lines.append(f"+0.000 > . {1 + 1000 * sent}:{1001 + 1000 * sent}(1000) ack 1 win 64240")
            sent += 1
        if number < count - 1:
            for step in range(size):
                pause = "+0.040" if step == 0 else "+0.000"
                acked += 1
                lines.append(f"{pause} < . 1:1(0) ack {1 + 1000 * acked} win 65160")
                for _ in range(2):
                    lines.append(f"+0.000 > . {1 + 1000 * sent}:{1001 + 1000 * sent}(1000) ack 1 win 64240")
                    sent += 1
            size *= 2
    return "\n".join(lines) + "\n"


def finished(script: str) -> Replayed:
    """Replay a script to its end."""
    replayed = Replayed(script)
    replayed.connection.finish()
    return replayed


def test_a_row_says_what_the_window_was_when_its_segment_was_sent() -> None:
    rows = finished(HANDSHAKE + flights()).windows(Sender.CLIENT)
    sent = [row for row in rows if row["cwnd"] is not None]
    assert [row["cwnd"] for row in sent[:10]] == [10_000] * 10
    # The first ACK made it 11, and two segments followed.
    assert [row["cwnd"] for row in sent[10:13]] == [11_000] * 3
    assert {row["phase"] for row in sent} == {Phase.SLOW_START}
    assert {row["ssthresh"] for row in sent} == {None}


def test_the_interval_holds_the_estimate() -> None:
    for row in finished(HANDSHAKE + flights()).windows(Sender.CLIENT):
        if row["cwnd"] is not None:
            assert row["cwnd_low"] <= row["cwnd"] <= row["cwnd_high"]  # type: ignore[operator] # all three are there


def test_the_side_that_sends_no_data_has_no_window() -> None:
    replayed = finished(HANDSHAKE + flights())
    assert {row["cwnd"] for row in replayed.windows(Sender.SERVER)} == {None}
    assert replayed.direction(Sender.SERVER)["cwnd_max"] is None


def test_a_single_flight_tells_nothing() -> None:
    replayed = finished(HANDSHAKE + flights(1))
    assert {row["cwnd"] for row in replayed.windows(Sender.CLIENT)} == {None}


def test_a_capture_of_one_side_tells_nothing() -> None:
    one_side = "\n".join(line for line in (HANDSHAKE + flights()).splitlines() if "<" not in line.split("<mss")[0])
    replayed = finished(one_side)
    assert {row["cwnd"] for row in replayed.windows(Sender.CLIENT)} == {None}


def test_a_capture_that_begins_late_and_shows_no_loss_tells_nothing() -> None:
    replayed = finished(flights())
    assert {row["cwnd"] for row in replayed.windows(Sender.CLIENT)} == {None}
    assert replayed.direction(Sender.CLIENT)["cwnd_max"] is None


def test_a_capture_that_begins_late_tells_the_window_from_the_first_loss_on() -> None:
    sending = Sending(seen=False)
    sending.send(0, 40)
    for number in range(3):
        sending.hear(50 + number, 0, (1, 2 + number))
    assert sending.model().ssthresh == 20
    sending.send(60, 1)
    sending.hear(100, 41)
    sending.send(101, 20)
    sending.hear(151, 61)
    sending.replay.finish()
    assert sending.replay.cwnd_max != -(1 << 63)


def test_the_largest_window_and_the_algorithm_stand_in_the_row_of_the_direction() -> None:
    row = finished(HANDSHAKE + flights()).direction(Sender.CLIENT)
    assert row["cwnd_max"] == 40_000  # 10 segments, and one more for each of the 30 that were delivered
    assert row["congestion_control"] == 0  # slow start alone tells no algorithm from another
    assert row["congestion_control_confidence"] is None


def test_how_each_model_fared_is_told_beside_the_rows() -> None:
    replayed = finished(HANDSHAKE + flights())
    told = rows_of(replayed.recorder.candidates)
    assert [(row["flow"], row["sender"], row["control"]) for row in told] == [
        (0, Sender.CLIENT, control)
        for control in (CongestionControl.RENO, CongestionControl.CUBIC, CongestionControl.BBR)
    ]
    assert [row["best"] for row in told] == [1, 0, 0]
    assert told[0]["against"] is None  # what was sent is what Reno does


def test_models_that_had_no_chance_to_be_wrong_are_told_without_a_best() -> None:
    told = rows_of(finished(HANDSHAKE + flights(1)).recorder.candidates)
    assert [(row["best"], row["chances"]) for row in told] == [(0, 0)] * 3


def test_nothing_is_told_of_models_where_the_start_and_every_reduction_are_missing() -> None:
    assert rows_of(finished(flights()).recorder.candidates) == []
