"""Decodes single frames for the tests of the decoders."""

from analyzer.capture.batch import PacketBatch
from analyzer.capture.decode import Decoder
from analyzer.capture.ledger import Skip
from analyzer.capture.second_look import SecondLook
from reconstruct.segment import Segment
from tests.captures import ETHERNET, START_NS

BEFORE, AFTER = b"\x45" * 13, b"\x45" * 80  # what other packets leave around a frame in the buffer


def batch_of(frame: bytes, link: int = ETHERNET, wire: int | None = None, time_ns: int = START_NS) -> PacketBatch:
    """Return a batch of one packet, amid bytes that are not its own."""
    batch = PacketBatch()
    batch.data = BEFORE + frame + AFTER
    batch.count = 1
    batch.start[0] = len(BEFORE)
    batch.captured[0] = len(frame)
    batch.wire[0] = len(frame) if wire is None else wire
    batch.link[0] = link
    batch.time_ns[0] = time_ns
    return batch


def fast(frame: bytes, link: int = ETHERNET, wire: int | None = None) -> tuple[Skip, Segment]:
    """Decode a frame by the fast path alone."""
    batch, decoder, segment = batch_of(frame, link, wire), Decoder(), Segment()
    decoder.open(batch)
    return Skip(decoder.decode(batch, 0, segment)), segment


class Both:
    """The fast decoder and the one behind it, over several frames."""

    def __init__(self) -> None:
        self.decoder, self.second_look = Decoder(), SecondLook()

    def decode(
        self, frame: bytes, link: int = ETHERNET, wire: int | None = None, time_ns: int = START_NS
    ) -> tuple[Skip, Segment]:
        """Decode the next frame as the loop over packets does."""
        batch, segment = batch_of(frame, link, wire, time_ns), Segment()
        self.decoder.open(batch)
        skip = self.decoder.decode(batch, 0, segment)
        if skip in (Skip.LONG_TAIL, Skip.FRAGMENT):
            self.decoder.fragment_at -= batch.start[0]
            skip = self.second_look.decode(self.decoder, link, frame, batch.wire[0], skip, segment)
        return Skip(skip), segment


def both(frame: bytes, link: int = ETHERNET, wire: int | None = None) -> tuple[Skip, Segment]:
    """Decode one frame by the fast path and, where that gives up, by the other one."""
    return Both().decode(frame, link, wire)
