"""The rules that say what a segment was, each with its words and its source."""

from enum import IntEnum


class Rule(IntEnum):
    """Why a segment has its kind. `template` puts the two figures of the segment into words."""

    NEW_DATA = 0
    NEW_AFTER_GAP = 1
    ACK_ADVANCES = 2
    ACK_OLD = 3
    ACK_REPEATED = 4
    ACK_DUPLICATE = 5
    ACK_WITH_SACK = 6
    WINDOW_CHANGED = 7
    KEEP_ALIVE = 8
    KEEP_ALIVE_ANSWER = 9
    PROBE_BELOW_SND_UNA = 10
    PROBE_AT_SND_NXT = 11
    PROBE_ANSWER = 12
    CHALLENGE = 13
    SYN = 14
    SYN_ACK = 15
    SYN_AGAIN = 16
    BYTES_SEEN_BEFORE = 17
    SKIPPED = 18
    HOLE_FILLED_LATE = 19
    HOLE_FILLED_SOON = 20
    RESET = 21
    RESET_NOT_ACCEPTABLE = 22
    RESET_IN_SYN_SENT = 23
    ACK_BIT_OFF = 24
    ACK_OF_UNSENT = 25
    OUTSIDE_WINDOW = 26
    BEFORE_ISN = 27
    TEXT_AFTER_FIN = 28
    HANDSHAKE_ACK_WRONG = 29
    STALE_RESET = 30
    SYN_OF_ANOTHER = 31
    OLD_FIN = 32
    RESET_WITHOUT_ACK = 33
    FAST = 34
    FAST_BY_SACK = 35
    IN_RECOVERY = 36
    TIMEOUT = 37
    IN_LOSS = 38
    TAIL_PROBE = 39
    SENT_EARLIER = 40
    COPY = 41
    COPY_BY_TIME = 42
    UNASKED = 43
    SYN_DATA_AGAIN = 44
    NOTHING_HEARD = 45
    SENT_BEFORE = 46
    LATE_FIN = 47
    PROBE_UNHEARD = 48

    @property
    def template(self) -> str:
        """Return the rule in words, with {a} and {b} where its figures go."""
        return _RULES[self][0]

    @property
    def source(self) -> str:
        """Return the section that the rule stands in."""
        return _RULES[self][1]

    def reason(self, figure_a: int, figure_b: int) -> str:
        """Return the rule in words with its figures, and its source."""
        words = self.template.format(a=figure_a, b=figure_b)
        return f"{words} ({self.source})" if self.source else words


_RULES = {
    Rule.NEW_DATA: ("starts at SND.NXT", "RFC 9293 3.4"),
    Rule.NEW_AFTER_GAP: ("starts {a} bytes above what the capture has seen", "RFC 9293 3.4"),
    Rule.ACK_ADVANCES: ("acknowledges {a} new bytes", "RFC 9293 3.10.7.4"),
    Rule.ACK_OLD: ("acknowledges {a} bytes less than an earlier segment did", "RFC 9293 3.10.7.4"),
    Rule.ACK_REPEATED: ("repeats the acknowledgment, nothing is outstanding", "RFC 5681 2"),
    Rule.ACK_DUPLICATE: ("duplicate acknowledgment number {a} while {b} bytes are outstanding", "RFC 5681 2"),
    Rule.ACK_WITH_SACK: ("repeats the acknowledgment with {a} SACK blocks", "RFC 2018 4"),
    Rule.WINDOW_CHANGED: ("only the window changed, from {a} to {b}", "RFC 9293 3.10.7.4"),
    Rule.KEEP_ALIVE: ("{a} bytes at SND.NXT-1", "RFC 9293 3.8.4"),
    Rule.KEEP_ALIVE_ANSWER: ("answers a keep-alive", "RFC 9293 3.8.4"),
    Rule.PROBE_BELOW_SND_UNA: ("{a} bytes below SND.NXT while the window is zero", "RFC 9293 3.8.6.1"),
    Rule.PROBE_AT_SND_NXT: ("{a} bytes beyond a zero window", "RFC 9293 3.8.6.1"),
    Rule.PROBE_UNHEARD: (
        "probes {a} ns after the window was reopened: the sender had not heard of that",
        "RFC 9293 3.8.6.1",
    ),
    Rule.PROBE_ANSWER: ("answers a zero-window probe", "RFC 9293 3.8.6.1"),
    Rule.CHALLENGE: ("answers a segment that was not acceptable", "RFC 5961 3.2"),
    Rule.SYN: ("opens", "RFC 9293 3.5"),
    Rule.SYN_ACK: ("accepts the opening", "RFC 9293 3.5"),
    Rule.SYN_AGAIN: ("SYN sent again, number {a}, {b} ns after the one before", "RFC 6298 2.1"),
    Rule.BYTES_SEEN_BEFORE: ("{a} of its {b} bytes were captured before", "RFC 9293 3.8.1"),
    Rule.HOLE_FILLED_LATE: ("fills a hole {a} ns after it was made, a round trip is {b} ns", "RFC 4737 3"),
    Rule.HOLE_FILLED_SOON: ("fills a hole {a} ns after it was made, a round trip is {b} ns", "RFC 4737 3"),
    Rule.RESET: ("resets", "RFC 9293 3.10.7.4"),
    Rule.RESET_NOT_ACCEPTABLE: ("reset at {a}, acceptable is {b}", "RFC 9293 3.10.7.4, RFC 5961 3.2"),
    Rule.RESET_IN_SYN_SENT: ("reset that does not acknowledge the SYN: ack {a}, expected {b}", "RFC 9293 3.10.7.3"),
    Rule.ACK_BIT_OFF: ("neither SYN nor RST, and the ACK bit is off", "RFC 9293 3.10.7.4"),
    Rule.ACK_OF_UNSENT: ("acknowledges {a}, at most {b} can have been sent", "RFC 9293 3.10.7.4"),
    Rule.OUTSIDE_WINDOW: ("starts at {a}, the right edge of the window is {b}", "RFC 9293 3.4"),
    Rule.BEFORE_ISN: ("starts {a} bytes before the initial sequence number", "RFC 9293 3.4"),
    Rule.TEXT_AFTER_FIN: ("starts at {a}, the FIN ended the stream at {b}", "RFC 9293 3.10.7.4"),
    Rule.STALE_RESET: ("reset at {a} answers an old segment, the newest acknowledgment is {b}", "RFC 9293 3.10.7.1"),
    Rule.FAST: ("sent again after {a} duplicate acknowledgments", "RFC 5681 3.2"),
    Rule.FAST_BY_SACK: ("sent again below {b}, up to which SACK reports data", "RFC 6675 5, RFC 8985 6.2"),
    Rule.IN_RECOVERY: ("below {a}, where the recovery ends", "RFC 6675 5"),
    Rule.TIMEOUT: ("at SND.UNA, {a} ns after the last progress; the timeout is {b} ns", "RFC 6298 5.4"),
    Rule.IN_LOSS: ("below {a}, where the recovery from the timeout ends", "RFC 5681 3.1"),
    Rule.TAIL_PROBE: ("the last segment again after {a} ns of silence; the probe timeout is {b} ns", "RFC 8985 7.3"),
    Rule.SENT_EARLIER: ("{a} bytes that were sent before others that came first: TSval or IP-ID", "RFC 4737 3"),
    Rule.COPY: ("all {a} bytes were captured before, TSval or IP-ID are those of an earlier segment", "RFC 7323 4"),
    Rule.COPY_BY_TIME: ("all {a} bytes again, {b} ns after the last: no timer is that short", "RFC 6298 2"),
    Rule.UNASKED: ("sent again after {a} ns, no acknowledgment asked for it; the timeout is {b} ns", "RFC 6298 5.4"),
    Rule.SYN_DATA_AGAIN: ("the {a} bytes of the SYN again, which the SYN,ACK left out", "RFC 7413 4.2"),
    Rule.SKIPPED: ("after {a} ns of silence the IP-ID skips {b} segments that never came here", "RFC 6298 5.4"),
    Rule.NOTHING_HEARD: (
        "at SND.UNA, {a} ns after all that came before; no timeout is below {b} ns",
        "RFC 6298 5.4",
    ),
    Rule.SENT_BEFORE: (
        "below the SND.NXT {a} that an empty segment told, {b} ns ago at most",
        "RFC 9293 3.4",
    ),
    Rule.LATE_FIN: ("a FIN {a} ns after the peer's, which is acknowledged at once: that was lost", "RFC 6298 5.4"),
    Rule.HANDSHAKE_ACK_WRONG: ("acknowledges {a} in the handshake, expected {b}", "RFC 9293 3.10.7.3"),
    Rule.SYN_OF_ANOTHER: ("SYN at {a} after the peer acknowledged up to {b}", "RFC 9293 3.10.7.4, RFC 5961 4"),
    Rule.OLD_FIN: ("ends the stream at {a}, the peer acknowledged up to {b}", "RFC 9293 3.10.7.4"),
    Rule.RESET_WITHOUT_ACK: ("reset that acknowledges nothing, where the SYN must be", "RFC 9293 3.10.7.3"),
}
