# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Whether a sender spaces its bursts by a clock of its own, as its new data show it."""

PACED = 4  # spacings that matched, less those that did not: from here on a sender counts as paced
MOST_MATCHES = 8  # spacings that are remembered
SPACING_RATIO = (3, 5)  # a spacing matches within this ratio; BBR paces at 3/4 to 5/4 of its bandwidth
SPACING_SHIFT = 10  # bits of fraction of a spacing in ns a byte
MAX_BURST = 65536  # bytes, the largest burst that a host hands to its network card at once

_PACED, _MOST, _MISS = PACED, MOST_MATCHES, 2
_LOW, _HIGH = SPACING_RATIO
_SHIFT, _MAX_BURST = SPACING_SHIFT, MAX_BURST


class Pace:
    """The bursts of one sender: what it sends back to back is one.

    `burst` is the size of the last one that an acknowledgment set off, in bytes; `spacing` how far the newest two began
    apart and `usual` how far paced ones do, in ns a byte with a fraction of `SPACING_SHIFT` bits.
    """

    def __init__(self) -> None:
        """Make a sender without a burst."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.began_ns = self.sent = self.burst = 0
        self.prompted = 0
        self.spacing = self.usual = self.matches = 0

    def begin(self, time_ns: int, prompt: int) -> None:
        """Begin a burst; `prompt`: an acknowledgment set it off."""
        if self.sent > 0:
            if self.prompted:
                self.burst = min(self.sent, _MAX_BURST)
            self.spacing = (max(0, time_ns - self.began_ns) << _SHIFT) // self.sent
            if prompt and self.spacing < self.usual // 2 and self.matches > 0:
                self.matches -= 1  # a paced sender would have waited
        self.began_ns = time_ns
        self.prompted = prompt
        self.sent = 0

    def fits(self) -> int:
        """Return 1 if the newest spacing is one that the sender usually keeps."""
        return 1 if self.usual * _LOW < self.spacing * _HIGH and self.spacing * _LOW < self.usual * _HIGH else 0

    def keep(self) -> None:
        """Take the newest spacing for one that the sender's clock made."""
        self.usual = self.spacing if self.usual == 0 else self.usual + (self.spacing - self.usual) // 4
        self.matches = min(self.matches + 1, _MOST)

    def drop(self) -> None:
        """Take the newest spacing for an accident."""
        self.usual = self.spacing
        self.matches = max(0, self.matches - _MISS)

    def is_paced(self) -> int:
        """Return 1 if the sender spaces its bursts."""
        return 1 if self.matches >= _PACED else 0

    def until_ns(self) -> int:
        """Return when the clock of a paced sender lets the next burst go; the begin of the newest for any other."""
        if self.matches < _PACED:
            return self.began_ns
        return self.began_ns + (self.sent * self.usual >> _SHIFT)
