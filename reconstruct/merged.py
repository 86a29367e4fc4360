# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""How many segments of the sender's a captured one stands for, where offload put several together (TSO, GRO)."""

from reconstruct.segment import OPTION_TIMESTAMPS, Segment
from reconstruct.seq import UNKNOWN

ETHERNET_MTU = 1_500  # bytes, IEEE 802.3
TCP_HEADER, TIMESTAMPS_LEN = 20, 12  # bytes, RFC 9293 (3.1), RFC 7323 (A)
IPV4_HEADER, IPV6_HEADER = 20, 40  # bytes, RFC 791 (3.1), RFC 8200 (3)

_UNKNOWN = UNKNOWN
_TIMESTAMPS = OPTION_TIMESTAMPS
_MTU, _TCP_HEADER, _TIMESTAMPS_LEN = ETHERNET_MTU, TCP_HEADER, TIMESTAMPS_LEN
_IPV4_HEADER, _IPV6_HEADER = IPV4_HEADER, IPV6_HEADER


def full_payload(segment: Segment, mss: int) -> int:
    """Return the most text that one segment of a sender carries whose peer's SYN said `mss`, in bytes.

    Without a SYN (`UNKNOWN`) what is longer than an Ethernet frame may be a jumbo frame: only a whole number of full
    Ethernet frames is taken for several.
    """
    options = _TIMESTAMPS_LEN if segment.options & _TIMESTAMPS else 0
    if mss != _UNKNOWN:
        return max(mss - options, 1)  # RFC 9293 (3.7.1): options come out of the MSS
    header = _IPV6_HEADER if segment.ip_version == 6 else _IPV4_HEADER
    full = _MTU - header - _TCP_HEADER - options
    if segment.payload_len > full and segment.payload_len % full != 0:
        return segment.payload_len
    return full


def segments_in(segment: Segment, mss: int) -> int:
    """Return how many segments of a sender whose peer's SYN said `mss` a captured one with text stands for."""
    full = full_payload(segment, mss)
    return (segment.payload_len + full - 1) // full
