"""Every closed list of names that the tables use, once."""

from enum import IntEnum


class Name(IntEnum):
    """A closed list of names: small integers in the core, hyphenated words in the tables."""

    @property
    def text(self) -> str:
        """Return the name as the tables print it."""
        return self.name.lower().replace("_", "-")


class Sender(Name):
    """Which end sent a segment."""

    CLIENT = 0
    SERVER = 1


class Opening(Name):
    """How a connection began, as far as the capture shows it."""

    HANDSHAKE = 0
    FAST_OPEN = 1
    SIMULTANEOUS = 2
    HALF_OPEN = 3
    REFUSED = 4
    MID_CAPTURE = 5


class Closing(Name):
    """How a connection ended, as far as the capture shows it."""

    FIN = 0
    RST = 1
    HALF_CLOSED = 2
    OPEN = 3


class Vantage(Name):
    """Where on the path the capture was taken."""

    CLIENT = 0
    SERVER = 1
    PATH = 2


class SegmentKind(Name):
    """What a segment was for its sender."""

    NEW = 0
    ACK = 1
    DUP_ACK = 2
    WINDOW_UPDATE = 3
    KEEP_ALIVE = 4
    KEEP_ALIVE_ACK = 5
    ZERO_WINDOW_PROBE = 6
    ZERO_WINDOW_PROBE_ACK = 7
    FAST_RETRANSMISSION = 8
    RECOVERY_RETRANSMISSION = 9
    RTO_RETRANSMISSION = 10
    SLOW_START_RETRANSMISSION = 11
    TAIL_LOSS_PROBE = 12
    SYN_RETRANSMISSION = 13
    RETRANSMISSION = 14
    OUT_OF_ORDER = 15
    NETWORK_DUPLICATE = 16
    CHALLENGE_ACK = 17
    RST = 18
    INVALID = 19


class Phase(Name):
    """The congestion phase of a sender."""

    SLOW_START = 0
    CONGESTION_AVOIDANCE = 1
    RECOVERY = 2
    LOSS = 3
    STARTUP = 4
    DRAIN = 5
    PROBE_BW = 6
    PROBE_RTT = 7


class Limit(Name):
    """What held a sender back."""

    CWND = 0
    RWND = 1
    APPLICATION = 2
    NAGLE = 3
    RECOVERY = 4
    PACING = 5


class Reopening(Name):
    """What told a sender that a closed window is open again."""

    WINDOW_UPDATE = 0
    ACKNOWLEDGMENT = 1  # of something that was on its way when the window was closed
    DATA = 2
    PROBE_ANSWER = 3
    PROBE_ANSWER_FOR_LOST_UPDATE = 4


class CongestionControl(Name):
    """The congestion control of a sender."""

    UNKNOWN = 0
    RENO = 1
    CUBIC = 2
    BBR = 3


class Contradiction(Name):
    """How a sender did other than a model of its congestion control lets it: the first tells most."""

    BEYOND_WINDOW = 0  # bytes in flight that the model had forbidden
    AHEAD_OF_PACE = 1  # ns; a burst left earlier than the model paces it
    SHORT_OF_WINDOW = 2  # bytes; the sender stopped although the model had let it send more
    BEHIND_PACE = 3  # ns; a burst left later


class EventKind(Name):
    """Something that happened in a connection; `text` is the name in the events table."""

    STATE = 0
    RECOVERY_ENTER = 1
    RECOVERY_EXIT = 2
    RTO = 3
    TAIL_LOSS_PROBE = 4
    UNDO = 5
    SLOW_START_EXIT = 6
    ZERO_WINDOW_BEGIN = 7
    ZERO_WINDOW_PROBE = 8
    ZERO_WINDOW_END = 9
    WINDOW_FULL = 10
    NAGLE_STALL = 11
    IDLE_RESTART = 12
    CAPTURE_GAP = 13
    RULE_VIOLATION = 14

    @property
    def text(self) -> str:
        """Return the name as the tables print it: what it is about, a dot, what happened."""
        return _DOTTED_EVENTS.get(self.name, super().text)


class Sign(Name):
    """Something that an end did or met and that a diagnosis may rest on; behind each, what its figure says."""

    FAST_RETRANSMISSION = 0  # bytes
    RECOVERY_RETRANSMISSION = 1  # bytes
    RTO_RETRANSMISSION = 2  # ns that the timer ran
    SLOW_START_RETRANSMISSION = 3  # bytes
    TAIL_LOSS_PROBE = 4  # ns of silence before it
    SYN_RETRANSMISSION = 5  # ns since the SYN before
    OTHER_RETRANSMISSION = 6  # bytes
    SPURIOUS = 7  # retransmissions that the segment proves unneeded
    OUT_OF_ORDER = 8  # ns that the hole was open
    NETWORK_DUPLICATE = 9  # bytes
    ZERO_WINDOW = 10  # ns that the end was held
    WINDOW_PROBE = 11  # its number in the episode
    KEEP_ALIVE = 12  # ns of idleness before it
    RESET = 13  # bytes that both ends had sent and nobody acknowledged when the end reset
    WINDOW_UPDATE_LOST = 14  # ns from the update to the probe that tells, or from the last probe to its answer
    WINDOW_SHRUNK = 15  # bytes that the peer took back from the end
    SILLY_OPENING = 16  # bytes by which the peer of the end opened the window
    SILLY_SEGMENT = 17  # bytes of a segment that the window cut short
    SCALE_DENIED = 18  # the window field that the end's negotiated shift does not explain
    RWND_LIMITED = 19  # ns that the window of the peer held the end back; its frames are those around the longest span
    APPLICATION_LIMITED = 20  # ns that the application did, likewise
    NAGLE_LIMITED = 21  # ns that Nagle's algorithm did, likewise
    SEND_BUFFER_LIMITED = 22  # ns that the send buffer did, likewise
    RESET_UNREAD = 23  # bytes acknowledged by the end that resets since it last sent text: perhaps nobody read them
    RESET_TTL = 24  # routers by which the way of a reset differs from that of the end's segments
    RESET_TOO_SOON = 25  # ns by which a reset came sooner than an answer of the end can
    RESET_DISOWNED = 26  # bytes of new text that the end sent after a reset in its name
    KEEP_ALIVE_ANSWER = 27  # 0
    FOUND_DEAD = 28  # ns since the peer was heard, when the end gave up
    HALF_CLOSED = 29  # bytes sent after the peer's FIN was received
    CLOSE_WAIT = 30  # ns that the end kept its side open after the peer's FIN, silent
    STALE_RESET = 31  # ns of idleness before the request that met a reset
    STALE_FIN = 32  # ns of idleness before the FIN that a request met
    STALE_SILENCE = 33  # ns of idleness before the request that nobody answered
    IDLE_RESET = 34  # ns of idleness after which the peer reset a connection that had served requests
    RESET_LATE = 35  # bytes that came for an end which had closed and then resets
    RESET_UNASKED = 36  # ns since the peer of the end last sent anything, where the reset can only answer something
    TAIL_LOSS = 37  # ns that the timer ran for a loss above which nothing was reported
    REPEATED_TIMEOUT = 38  # timeouts in a row, this one included
    SIZE_REFUSED = 39  # bytes of a large segment that timed out again; fewer were ever acknowledged in all until then
    OVERTAKEN = 40  # segments that came before the late one
    CE_MARK = 41  # bytes of a segment of the end that came marked
    ECN_ECHO = 42  # bytes of a segment that tells the end of marks
    WINDOW_REDUCED = 43  # bytes of a segment by which the end says that it reduced its window
    NAGLE_STALL = 44  # ns over the least round trip that a small segment waited for an acknowledgment
    TINYGRAM = 45  # bytes of a small segment that left although an earlier one was unacknowledged
    IDLE_RESTART = 46  # round trips in slow start until the window of before the rest is there again
    SIZE_CUT = 47  # bytes of a smaller piece of a segment whose size was refused
    SIZE_PASSED = 48  # bytes acknowledged in the end, though a segment of a size that seemed refused is among them


class Met(Name):
    """What connections to a listener met while they opened; behind each, what its figure says."""

    SLOW = 0  # ns from the first SYN to the one that was answered
    ANSWER_RESENT = 1  # ns from the first SYN-ACK to the last
    REFUSED = 2  # ns from the first SYN to the reset
    UNANSWERED = 3  # ns from the first SYN to the end of the capture
    HALF_OPEN = 4  # ns from the first segment to the end of the capture
    ACK_UNHEEDED = 5  # ACKs that had arrived when the SYN-ACK was sent again
    SYN_UNHEEDED = 6  # SYNs that passed a tap beyond the client in vain before one was answered
    SIMULTANEOUS = 7  # 0
    FAST_OPEN_GRANTED = 8  # bytes of the cookie
    FAST_OPEN_USED = 9  # ns of the round trip that it saved
    FAST_OPEN_IGNORED = 10  # bytes of the SYN's data
    FAST_OPEN_LOST = 11  # ns until a SYN without data was answered
    SACK_WITHHELD = 12  # 0
    TIMESTAMPS_WITHHELD = 13  # 0
    SCALE_WITHHELD = 14  # 0
    SCALE_DENIED = 15  # segments that the negotiated shift does not explain
    STATELESS = 16  # ns for which an unanswered SYN-ACK was not sent again although it was due
    LAGGING = 17  # ns by which the TSval of the SYN-ACK lags behind the server's clock


class CookieSign(Name):
    """What speaks for or against SYN cookies in one SYN-ACK; each is counted per listener and minute."""

    ANSWERS = 0
    LAG_NONE = 1  # the TSval of the SYN-ACK goes with the server's clock
    LAG_FITS = 2  # it lags by no more than a cookie makes it
    LAG_NEGATIVE = 3  # it leads: the path's jitter
    LAG_ABOVE = 4  # it lags by more than a cookie can
    NOT_RESENT = 5
    RESENT = 6
    BARE = 7  # no option answers those that the SYN offered
    ANSWERED = 8  # some do
    ISN_SAME = 9  # the ISN follows that of the client: the same 4-tuple gave the same cookie
    ISN_CLOCK = 10  # the ISN of the same 4-tuple moved with the clock
    CODE_FITS = 11  # the low bits of TSval encode the SYN's options
    CODE_OTHER = 12
    BYTE_FITS = 13  # the ISN has the form of FreeBSD's cookies
    BYTE_OTHER = 14
    NO_WINDOW = 15


_DOTTED_EVENTS = {
    "RECOVERY_ENTER": "recovery.enter",
    "RECOVERY_EXIT": "recovery.exit",
    "SLOW_START_EXIT": "slow-start.exit",
    "ZERO_WINDOW_BEGIN": "zero-window.begin",
    "ZERO_WINDOW_PROBE": "zero-window.probe",
    "ZERO_WINDOW_END": "zero-window.end",
}
