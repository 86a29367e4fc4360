# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""What went wrong with the window that a peer offers, and what is remembered of its last closing."""

from reconstruct.seq import UNKNOWN

_UNKNOWN = UNKNOWN


class Troubles:
    """Counters of one sender that was held by its peer's window; made when the first of them counts.

    `longest_ns` is the longest time that the window was closed; `asked_ns` is when the sender last probed a closed
    window, or when that closed. `reopened_*` describe the segment that reopened it as the tap saw it: time, frame,
    TSval (`UNKNOWN`: no timestamps), up to where the sender had sent, and whether it is known to be lost on its way
    there; `reopened_ns` is `UNKNOWN` where none did.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.longest_ns = 0
        self.asked_ns = _UNKNOWN
        self.reopened_ns = self.reopened_tsval = self.reopened_at = _UNKNOWN
        self.reopened_frame = self.reopened_unheard = 0
        self.full_episodes = self.shrinks = self.shrunk_bytes = 0
        self.silly_openings = self.silly_segments = self.updates_lost = 0

    def note_closed(self, time_ns: int) -> None:
        """Note that the window was closed."""
        self.asked_ns = time_ns
        self.reopened_ns = _UNKNOWN

    def note_reopened(self, time_ns: int, frame: int, tsval: int, sent_to: int) -> None:
        """Remember the segment that reopened the window."""
        self.reopened_ns = time_ns
        self.reopened_frame = frame
        self.reopened_tsval = tsval
        self.reopened_at = sent_to
        self.reopened_unheard = 0
