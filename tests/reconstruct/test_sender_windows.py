"""Rows that say what a sender had when it sent, not what had passed the tap by then."""

from reconstruct.flow_control import OfferedWindow
from reconstruct.recorder import Recorder
from reconstruct.sender_event import HEARD, SENT, SenderEvent
from reconstruct.sender_windows import SenderWindows
from reconstruct.seq import UNKNOWN
from tests.reconstruct.ordering import Listener
from tests.reconstruct.replaying import rows_of


class Followed:
    """A sender that has sent bytes 1 to 10,000, none of them acknowledged, with a window of 20,000 bytes."""

    def __init__(self) -> None:
        """Begin with five rows that say nothing yet."""
        self.recorder = Recorder(True, True)
        for _ in range(5):
            at = self.recorder.windows.new_row()
            for column in range(self.recorder.windows.width):
                self.recorder.windows.cells[at + column] = -7
        self.listener = Listener()
        self.windows = SenderWindows(self.recorder)
        offered = OfferedWindow()
        offered.offer(1, 1, 20_000, 20_000)
        self.windows.begin(self.listener, 1, 10_001, offered)

    def sent(self, seq: int, end: int, row: int = -1) -> None:
        """Let the sender send."""
        event = SenderEvent()
        event.what, event.seq, event.end, event.row = SENT, seq, end, row
        self.windows.take(event)

    def heard(self, ack: int, window: int, seq: int = 1, row: int = -1) -> None:
        """Let the sender hear an acknowledgment."""
        event = SenderEvent()
        event.what, event.ack, event.window, event.seq, event.end, event.row = HEARD, ack, window, seq, seq, row
        self.windows.take(event)

    def row(self, index: int) -> tuple[int | None, int | None]:
        """Return flight and window of a row."""
        row = rows_of(self.recorder.windows)[index]
        return row["flight"], row["rwnd"]


def test_each_row_says_what_its_sender_had_then() -> None:
    followed = Followed()
    followed.sent(10_001, 11_001, row=2)
    followed.heard(5_001, 18_000, row=0)
    followed.sent(11_001, 12_001, row=3)
    assert (followed.row(2), followed.row(0), followed.row(3)) == ((11_000, 20_000), (6_000, 18_000), (7_000, 18_000))
    assert followed.row(1) == (-7, -7)


def test_an_old_acknowledgment_changes_nothing() -> None:
    followed = Followed()
    followed.heard(5_001, 18_000)
    followed.heard(3_001, 16_000, row=0)
    assert followed.row(0) == (5_000, 18_000)


def test_the_window_is_taken_as_rfc_9293_says() -> None:
    followed = Followed()
    followed.heard(5_001, 18_000, seq=100)
    followed.heard(5_001, 16_000, seq=50, row=0)  # 3.10.7.4: SND.WL1 < SEG.SEQ, or equal and SND.WL2 =< SEG.ACK
    assert followed.row(0) == (5_000, 18_000)
    followed.heard(5_001, 0, seq=100, row=1)
    assert followed.row(1) == (5_000, 0)


def test_a_sender_whose_first_acknowledgment_was_not_seen_has_no_flight_yet() -> None:
    followed = Followed()
    followed.windows.begin(followed.listener, UNKNOWN, 10_001, OfferedWindow())
    followed.sent(10_001, 11_001, row=0)
    assert followed.row(0) == (None, None)
    followed.heard(9_001, 18_000, row=1)
    assert followed.row(1) == (2_000, 18_000)


def test_every_event_is_handed_on() -> None:
    followed = Followed()
    followed.sent(10_001, 11_001)
    followed.heard(5_001, 18_000)
    followed.windows.finish()
    assert followed.listener.names() == "S10001 H5001"
    assert followed.listener.finished == 1
