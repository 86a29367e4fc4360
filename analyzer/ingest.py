# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The loop over packets: from a reader's batches through the decoder into the table of connections."""

from analyzer.capture.batch import PacketBatch
from analyzer.capture.decode import Decoder
from analyzer.capture.ledger import Ledger, Skip
from analyzer.capture.second_look import SecondLook
from reconstruct.flows import FlowTable
from reconstruct.segment import Segment
from reconstruct.seq import UNKNOWN

CLOCK_STEP_NS = 10_000_000  # ns; queues of one network card are written out of order by less
MAX_EVIDENCE = 20  # frames kept where the clock stepped

_UNKNOWN = UNKNOWN
_CLOCK_STEP_NS = CLOCK_STEP_NS
_MAX_EVIDENCE = MAX_EVIDENCE
_NONE, _FRAGMENT, _LONG_TAIL = int(Skip.NONE), int(Skip.FRAGMENT), int(Skip.LONG_TAIL)


class Ingest:
    """Feeds packets to a table of connections and keeps account of all others.

    `frame` counts the packets of all files in the order in which they were taken; times are those of the first and the
    last packet, and `steps` how often the clock went back.
    """

    def __init__(self, table: FlowTable, ledger: Ledger) -> None:
        """Begin before the first packet."""
        self.table = table
        self.ledger = ledger
        self.decoder = Decoder()
        self.second_look = SecondLook()
        self.segment = Segment()
        self.frame = self.segments = self.steps = 0
        self.first_time_ns = self.last_time_ns = self.latest_ns = _UNKNOWN
        self.step_frames: list[int] = []
        self.cut_payloads = 0

    def run(self, batch: PacketBatch, start: int, until_ns: int) -> int:
        """Take the packets of a batch from index `start` on, up to the first that is later than `until_ns`.

        At least one is taken. Returns the index after the last one that was.
        """
        self.decoder.open(batch)
        segment = self.segment
        index = start
        while index < batch.count:
            time_ns = batch.time_ns[index]
            if time_ns > until_ns and index > start:
                break
            self.frame += 1
            if time_ns < self.latest_ns:
                self._note_step(time_ns)
            else:
                self.latest_ns = time_ns
            skip = self.decoder.decode(batch, index, segment)
            if skip != _NONE:
                skip = self._skip(batch, index, skip)
            if skip == _NONE:
                self.segments += 1
                segment.frame = self.frame
                if segment.captured_len < segment.payload_len:
                    self.cut_payloads += 1
                self.table.step(segment)
            index += 1
        if index > start:
            self._note_times(batch, start, index - 1)
        return index

    def _note_times(self, batch: PacketBatch, first: int, last: int) -> None:
        if self.first_time_ns == _UNKNOWN:
            self.first_time_ns = batch.time_ns[first]
        self.last_time_ns = batch.time_ns[last]

    def _note_step(self, time_ns: int) -> None:
        """Note a packet that is older than one before it."""
        if self.latest_ns - time_ns >= _CLOCK_STEP_NS:
            self.steps += 1
            self.latest_ns = time_ns
            if len(self.step_frames) < _MAX_EVIDENCE:
                self.step_frames.append(self.frame)

    def _skip(self, batch: PacketBatch, index: int, skip: int) -> int:
        """Ask the other decoder where the fast one gave up; account for what neither makes a segment of."""
        if skip in (_LONG_TAIL, _FRAGMENT):
            first = batch.start[index]
            frame = bytes(batch.data[first : first + batch.captured[index]])
            self.decoder.fragment_at -= first
            skip = self.second_look.decode(
                self.decoder, batch.link[index], frame, batch.wire[index], skip, self.segment
            )
        if skip != _NONE:
            self.ledger.add(skip, self.frame)
        return skip
