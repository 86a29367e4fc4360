# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Who follows an end: its order of events rebuilt, its windows, its congestion control and its limits replayed."""

from reconstruct.congestion.replay import CongestionReplay
from reconstruct.recorder import Recorder
from reconstruct.sender_order import SenderOrder
from reconstruct.sender_windows import SenderWindows
from reconstruct.transcript import Transcript


class Follower:
    """Follows one end at a time by its transcript; `replay` is what it finds, `order` and `windows` what helps it."""

    def __init__(self, recorder: Recorder) -> None:
        """Make a follower whose rows go to a recorder."""
        self.recorder = recorder
        self.replay = CongestionReplay(recorder)
        self.order = SenderOrder()
        self.windows: SenderWindows | None = None

    def begin(self, transcript: Transcript) -> None:
        """Begin to follow an end where its transcript begins."""
        replay, trip_ns = self.replay, transcript.trip_ns()
        replay.begin(transcript.mss, transcript.window, transcript.seen)
        replay.has_sack, replay.has_timestamps = transcript.sack, transcript.timestamps
        replay.ecn = transcript.ecn
        replay.begin_at(transcript.first, transcript.offered.snd_wnd, trip_ns)
        replay.limits.begin(transcript.flow, transcript.server, transcript.mss)
        replay.limits.begin_at(transcript.first, transcript.offered.snd_wnd, trip_ns, transcript.far_ns)
        if self.recorder.wants(transcript.flow):
            self._begin_windows(transcript)
        else:
            self.order.begin(replay, transcript.mss, transcript.near_ns, transcript.far_ns)

    def _begin_windows(self, transcript: Transcript) -> None:
        """Let the rows of the end say what it had in its own order of events."""
        if self.windows is None:
            self.windows = SenderWindows(self.recorder)
        self.windows.begin(self.replay, transcript.una, transcript.first, transcript.offered)
        self.order.begin(self.windows, transcript.mss, transcript.near_ns, transcript.far_ns)

    def read(self, transcript: Transcript) -> None:
        """Take what the transcript has, which is forgotten there."""
        transcript.tell(self.order)

    def finish(self) -> None:
        """Settle what waits; nothing follows."""
        self.order.finish()


class Followers:
    """Followers that nobody needs, kept for the next end: the last one given back is still in the cache."""

    def __init__(self, recorder: Recorder) -> None:
        """Keep none yet."""
        self.recorder = recorder
        self.spare: list[Follower] = []

    def take(self) -> Follower:
        """Return a follower."""
        if self.spare:
            return self.spare.pop()
        return Follower(self.recorder)

    def give_back(self, follower: Follower) -> None:
        """Take a follower back."""
        self.spare.append(follower)
