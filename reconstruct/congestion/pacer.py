# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""When a paced sender lets the next burst go, and whether the capture shows it then."""

BETWEEN_BURSTS_NS = 50_000  # ns; segments of one burst are closer
SLACK_NS, SLACK_PERCENT = 400_000, 15  # ns, and percent of the time since the burst before: a host's timers

_BETWEEN_BURSTS_NS, _SLACK_NS, _SLACK_PERCENT = BETWEEN_BURSTS_NS, SLACK_NS, SLACK_PERCENT
_MOST_WAIT_NS, _NS_PER_S = 1_000_000_000, 1_000_000_000
_UNIT = 256
_MOST_QUOTA = 4 * _UNIT


class Pacer:
    """The pacing of one sender: `departure_ns` is when the next burst may leave, `burst_ns` when the last one did.

    `fits` counts bursts that left when they should, `overs` those that left earlier and `unders` later. The last one
    was due `due_ns` after the burst before it, and left `waited_ns` after that.
    """

    def __init__(self) -> None:
        """Make one that has let nothing go."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.departure_ns = self.burst_ns = self.last_ns = self.sent_to = 0
        self.fits = self.overs = self.unders = 0
        self.due_ns = self.waited_ns = 0

    def take(self, now_ns: int, sent_to: int, pacing: int) -> int:
        """Take a segment that ends at offset `sent_to`, paced at so many bytes/s.

        Return for the first of a burst in 256ths how much faster than that the last burst was let go, 0 else.
        """
        quota = 0
        if now_ns - self.last_ns >= _BETWEEN_BURSTS_NS:
            quota = self._begin_burst(now_ns)
        self.departure_ns += min((sent_to - self.sent_to) * _NS_PER_S // pacing, _MOST_WAIT_NS)
        self.sent_to = sent_to
        self.last_ns = now_ns
        return quota

    def _begin_burst(self, now_ns: int) -> int:
        waited_ns = self.departure_ns - self.burst_ns
        self.due_ns, self.waited_ns = waited_ns, now_ns - self.burst_ns
        slack_ns = _SLACK_NS + waited_ns * _SLACK_PERCENT // 100
        if now_ns < self.departure_ns - slack_ns:
            self.overs += 1
        elif now_ns <= self.departure_ns + slack_ns:
            self.fits += 1
        else:
            self.unders += 1
        quota = 0
        if self.burst_ns > 0 and waited_ns > 0:
            quota = min(waited_ns * _UNIT // (now_ns - self.burst_ns), _MOST_QUOTA)
        self.burst_ns = self.departure_ns = now_ns
        return quota
