"""Captured segments that offload put together count as what was on the wire."""

import pytest

from reconstruct.merged import full_payload, segments_in
from reconstruct.segment import OPTION_TIMESTAMPS, Segment
from reconstruct.seq import UNKNOWN
from tests.reconstruct.replaying import CLIENT, SERVER, Replayed


def text(payload_len: int, options: int = 0, ip_version: int = 4) -> Segment:
    """Return a segment with so many bytes of text."""
    segment = Segment()
    segment.payload_len, segment.options, segment.ip_version = payload_len, options, ip_version
    return segment


@pytest.mark.parametrize(
    ("length", "options", "mss", "count"),
    [
        (1460, 0, 1460, 1),
        (1461, 0, 1460, 2),
        (
            64 * 1448,
            OPTION_TIMESTAMPS,
            1460,
            64,
        ),  # 1460 - 12 bytes each
        (300 * 1448, OPTION_TIMESTAMPS, 1460, 300),  # by the MSS alone 298
        (10, 0, 1, 10),
        (10, 0, 0, 10),  # an MSS of nothing: a byte each, never a division by zero
    ],
)
def test_what_is_longer_than_the_receiver_takes_is_several(length: int, options: int, mss: int, count: int) -> None:
    assert segments_in(text(length, options), mss) == count


@pytest.mark.parametrize(
    ("length", "options", "ip_version", "count"),
    [
        (2 * 1460, 0, 4, 2),  # 1500 - 20 - 20
        (3 * 1448, OPTION_TIMESTAMPS, 4, 3),  # - 12
        (2 * 1440, 0, 6, 2),  # 1500 - 40 - 20
        (4 * 1428, OPTION_TIMESTAMPS, 6, 4),
        (8948, OPTION_TIMESTAMPS, 4, 1),  # a jumbo frame: 9000 - 52
        (3000, 0, 4, 1),
        (700, 0, 4, 1),
    ],
)
def test_without_a_syn_only_whole_ethernet_frames_are_several(
    length: int, options: int, ip_version: int, count: int
) -> None:
    assert segments_in(text(length, options, ip_version), UNKNOWN) == count


def test_the_options_come_out_of_the_mss() -> None:
    assert full_payload(text(1, OPTION_TIMESTAMPS), 1400) == 1388


MERGED = """
0.000  > S  0:0(0) win 64240 <mss 1460,sackOK>
+0.010 < S. 0:0(0) ack 1 win 65160 <mss 1400,sackOK>
+0.001 > .  1:1(0) ack 1 win 64240
+0.001 > .  1:4201(4200) ack 1 win 64240
+0.001 > .  4201:5601(1400) ack 1 win 64240
+0.001 > .  5601:7001(1400) ack 1 win 64240
+0.001 > .  7001:8401(1400) ack 1 win 64240
+0.010 < .  1:1(0) ack 1 win 65160 <sack 4201:5601>
+0.001 < .  1:1(0) ack 1 win 65160 <sack 4201:7001>
+0.001 < .  1:1(0) ack 1 win 65160 <sack 4201:8401>
+0.001 > .  1:4201(4200) ack 1 win 64240
"""  # the MSS of the server is 1,400: three segments in one, lost and sent again


def test_merged_segments_count_as_what_was_on_the_wire() -> None:
    row = Replayed(
        MERGED.replace("<mss 1460>", "<mss 1460,sackOK>").replace("<mss 1400>", "<mss 1400,sackOK>")
    ).direction(CLIENT)
    assert row["data_segments"] == 3 + 3 + 3
    assert row["oversized_segments"] == 2
    assert (row["fast_retransmissions"], row["recovery_retransmissions"]) == (1, 2)
    assert row["retransmissions"] == 3


def test_without_a_syn_merged_segments_count_as_ethernet_frames() -> None:
    replayed = Replayed("""
0.000  < .  1:4381(4380) ack 1 win 500
+0.010 > .  1:1(0) ack 4381 win 500
""")
    assert replayed.direction(SERVER)["data_segments"] == 3
