# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The window that a peer offers to a sender: scaled, with its right edge and the times when it was closed."""

from reconstruct.seq import UNKNOWN

MAX_WINDOW_SHIFT = 14  # bits, RFC 7323 (2.3): a larger shift is used as 14
_UNKNOWN = UNKNOWN


class OfferedWindow:
    """SND.WND of one sender (RFC 9293 3.3.1), as the segments of its peer set it.

    `snd_wnd` in bytes after scaling, `UNKNOWN` before the first or while the shift is unknown; `right_edge` is the
    highest offset ever allowed; `closed_since_ns` tells when the window became zero (`UNKNOWN` while it is open);
    `episodes` and `closed_ns` count the times it was closed and for how long.

    `edge` is the right edge by the newest offer, `high_edge` the highest that has not been taken back, `largest` the
    largest window, all three as `snd_wnd`. A `loose` window binds nobody: its shift is unknown or inferred. `longest`
    is the longest payload that the sender sent, `filled_end` the end of the segment that filled the window last and
    `filled_ns` when (`UNKNOWN`: none did). `opened_little` tells that the last step of the edge allowed only a tiny
    segment.
    """

    def __init__(self) -> None:
        """Make a window that nothing is known of."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.snd_wnd = self.right_edge = _UNKNOWN
        self.snd_wl1 = self.snd_wl2 = _UNKNOWN
        self.last_offer = _UNKNOWN
        self.closed_since_ns = _UNKNOWN
        self.episodes = self.closed_ns = self.probes = 0
        self.edge = self.high_edge = self.filled_end = self.filled_ns = _UNKNOWN
        self.largest = self.longest = self.loose = self.opened_little = 0

    def copy(self, other: "OfferedWindow") -> None:
        """Become what another sender has in force."""
        self.reset()
        self.snd_wnd, self.right_edge = other.snd_wnd, other.right_edge
        self.snd_wl1, self.snd_wl2 = other.snd_wl1, other.snd_wl2

    def offer(self, seq: int, ack: int, window: int, scaled: int) -> int:
        """Take the window field of a segment; return 1 if SND.WND changed.

        `window` is the field itself, `scaled` its value in bytes or `UNKNOWN`.
        """
        self.last_offer = window
        if scaled != _UNKNOWN and ack + scaled > self.right_edge and not self.loose:
            self.right_edge = ack + scaled
        if not self._newer(seq, ack, scaled):
            return 0
        self.snd_wl1 = seq
        self.snd_wl2 = ack
        self.edge = ack + scaled if scaled != _UNKNOWN else _UNKNOWN
        if scaled == self.snd_wnd:
            return 0
        self.snd_wnd = scaled
        if scaled > self.largest:
            self.largest = scaled
        return 1

    def _newer(self, seq: int, ack: int, scaled: int) -> int:
        """Return 1 if a segment may update the window (RFC 9293 3.10.7.4, fifth check).

        Linux also takes an equal SEG.SEQ and SEG.ACK only if the window grows or closes, and any segment that
        acknowledges new data; where they differ, the sender's kernel counts.
        """
        if ack > self.snd_wl2 or seq > self.snd_wl1:
            return 1
        if seq == self.snd_wl1 and ack == self.snd_wl2:
            if scaled == _UNKNOWN:
                return 1 if self.snd_wnd == 0 else 0  # whatever the scale, it is open again
            return 1 if scaled > self.snd_wnd or scaled == 0 else 0
        return 0

    def renumber(self) -> None:
        """Forget every offset: the sender counts from another ISN."""
        self.right_edge = self.snd_wl2 = self.edge = self.high_edge = self.filled_end = _UNKNOWN

    def close(self, time_ns: int) -> None:
        """Begin an episode of zero window."""
        self.closed_since_ns = time_ns
        self.episodes += 1
        self.probes = 0

    def reopen(self, time_ns: int) -> int:
        """End the episode and return how long it was, in ns."""
        held_ns = max(0, time_ns - self.closed_since_ns)
        self.closed_ns += held_ns
        self.closed_since_ns = _UNKNOWN
        return held_ns
