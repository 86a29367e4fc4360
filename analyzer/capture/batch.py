# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""One block of packets: what a reader of any format hands to the decoder."""

from array import array

BATCH_PACKETS = 4096  # packets; enough to make the cost of a batch vanish, few enough to stay in the second-level cache


class PacketBatch:
    """Packets of one capture, as columns over one buffer; the reader fills it again for the next block.

    `data` is the buffer; packet `i` of `count` is `captured[i]` bytes at `start[i]`, was `wire[i]` bytes long on the
    wire, has time `time_ns[i]` (integer nanoseconds since the epoch), link type `link[i]` (the registry's LINKTYPE_
    number) and came from interface `interface[i]` (0-based over all sections of the capture).
    """

    def __init__(self) -> None:
        """Make an empty batch."""
        self.data: bytes | bytearray = b"\0"
        self.count = 0
        self.start = array("q", bytes(8 * BATCH_PACKETS))
        self.captured = array("q", bytes(8 * BATCH_PACKETS))
        self.wire = array("q", bytes(8 * BATCH_PACKETS))
        self.time_ns = array("q", bytes(8 * BATCH_PACKETS))
        self.link = array("q", bytes(8 * BATCH_PACKETS))
        self.interface = array("q", bytes(8 * BATCH_PACKETS))
