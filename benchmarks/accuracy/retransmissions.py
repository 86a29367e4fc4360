"""Retransmissions: recognised, given the kernel's cause, called unneeded where they were."""

from dataclasses import dataclass, field

from benchmarks.accuracy.run import Run
from benchmarks.accuracy.share import Labels, Share
from benchmarks.accuracy.tshark import Shark
from benchmarks.accuracy.view import View

FAST, TIMEOUT, SLOW_START = "fast or recovery", "timeout", "slow start after a timeout"
PROBE, SYN = "tail loss probe", "SYN"
CAUSES = (FAST, TIMEOUT, SLOW_START, PROBE, SYN)
KINDS = {
    FAST: frozenset({"fast-retransmission", "recovery-retransmission"}),
    TIMEOUT: frozenset({"rto-retransmission"}),
    SLOW_START: frozenset({"slow-start-retransmission"}),
    PROBE: frozenset({"tail-loss-probe"}),
    SYN: frozenset({"syn-retransmission"}),
}
EVERY_KIND = frozenset({"retransmission"}).union(*KINDS.values())


def cause_of(counted: str) -> str | None:
    """Return which cause the kernel's counters tell, None where none moved."""
    words = set(counted.split("+"))
    for word, cause in {"syn": SYN, "tlp": PROBE, "rto_recovery": SLOW_START, "rto": TIMEOUT, "fast": FAST}.items():
        if word in words:
            return cause
    return None


@dataclass
class Retransmissions:
    """The figures of one tap, and tshark's on the same frames."""

    ours: Labels = field(default_factory=Labels)
    theirs: Labels = field(default_factory=Labels)
    kinds: dict[str, Share] = field(default_factory=lambda: {cause: Share() for cause in CAUSES})
    spurious: Labels = field(default_factory=Labels)
    out_of_order: Share = field(default_factory=Share)

    def add(self, run: Run, view: View, shark: Shark) -> None:
        """Take one capture."""
        due = run.resent_frames(view.tap)
        self.ours.add(view.labelled(EVERY_KIND), due)
        self.theirs.add(shark.resent & set(view.segments.index), due)
        unneeded = set()
        for each in run.resent:
            frame = each.frames[view.tap]
            cause = cause_of(each.cause)
            if frame is not None:
                if cause is not None:
                    self.kinds[cause].add(view.segments.kind[frame] in KINDS[cause])
                self.out_of_order.add(frame in shark.marked["out_of_order"])
                if not each.needed and cause != SYN:
                    unneeded.add(frame)
        said = view.segments.index[view.segments.spurious.fillna(value=False).astype(bool)]
        self.spurious.add(set(said), unneeded)
