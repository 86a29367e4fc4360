"""A batch: columns for as many packets as it says, and nothing in it at first."""

from analyzer.capture.batch import BATCH_PACKETS, PacketBatch


def test_a_batch_starts_empty_with_room_for_all_its_packets() -> None:
    batch = PacketBatch()
    assert batch.count == 0
    columns = [batch.start, batch.captured, batch.wire, batch.time_ns, batch.link, batch.interface]
    assert [len(column) for column in columns] == [BATCH_PACKETS] * 6


def test_columns_hold_64_bits_with_a_sign() -> None:
    batch = PacketBatch()
    batch.time_ns[0], batch.time_ns[BATCH_PACKETS - 1] = -(1 << 63), (1 << 63) - 1
    batch.link[0] = -1
    assert (batch.time_ns[0], batch.time_ns[BATCH_PACKETS - 1], batch.link[0]) == (-(1 << 63), (1 << 63) - 1, -1)
