# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The options of a TCP header (RFC 9293 3.2), from bytes into the cursor."""

from reconstruct.segment import (
    MAX_SACK_BLOCKS,
    OPTION_AO,
    OPTION_FAST_OPEN,
    OPTION_FAST_OPEN_EXPERIMENTAL,
    OPTION_MD5,
    OPTION_MPTCP,
    OPTION_MSS,
    OPTION_SACK,
    OPTION_SACK_PERMITTED,
    OPTION_TIMESTAMPS,
    OPTION_WINDOW_SCALE,
    OPTIONS_CUT,
    OPTIONS_MALFORMED,
    Segment,
)

# Kinds: IANA, "TCP Option Kind Numbers".
_END, _NOP, _MSS, _WINDOW_SCALE, _SACK_PERMITTED, _SACK, _TIMESTAMPS = 0, 1, 2, 3, 4, 5, 8
_MD5, _AO, _MPTCP, _FAST_OPEN, _EXPERIMENT = 19, 29, 30, 34, 254
_FAST_OPEN_MAGIC = 0xF989  # RFC 7413 (appendix B), RFC 6994
_MAX_BLOCKS = MAX_SACK_BLOCKS
_HAS_MSS, _HAS_SCALE, _HAS_SACK_PERMITTED = OPTION_MSS, OPTION_WINDOW_SCALE, OPTION_SACK_PERMITTED
_HAS_SACK, _HAS_TIMESTAMPS, _HAS_FAST_OPEN = OPTION_SACK, OPTION_TIMESTAMPS, OPTION_FAST_OPEN
_HAS_EXPERIMENT, _HAS_MD5, _HAS_AO, _HAS_MPTCP = OPTION_FAST_OPEN_EXPERIMENTAL, OPTION_MD5, OPTION_AO, OPTION_MPTCP
_CUT, _MALFORMED = OPTIONS_CUT, OPTIONS_MALFORMED


def read_options(data: bytes | bytearray, at: int, stop: int, end: int, segment: Segment) -> None:
    """Read the options at `data[at:stop]`, of which the capture holds those before `end`, into the cursor.

    An option of a wrong length is passed; one that is not whole ends the list with `OPTIONS_CUT` where the snap length
    cut it, and with `OPTIONS_MALFORMED` where it runs past the header.
    """
    found = 0
    while at < stop:
        if at >= end:
            found |= _CUT
            break
        kind = data[at]
        if kind == _END:
            break
        if kind == _NOP:
            at += 1
            continue
        if at + 1 >= stop:
            found |= _MALFORMED
            break
        if at + 1 >= end:
            found |= _CUT
            break
        size = data[at + 1]
        if size < 2 or at + size > stop:
            found |= _MALFORMED
            break
        if at + size > end:
            found |= _CUT
            break
        found |= _read_option(data, at, kind, size, segment)
        at += size
    segment.options = found


def _read_option(data: bytes | bytearray, at: int, kind: int, size: int, segment: Segment) -> int:
    """Read one whole option; return its bit, 0 for one that is unknown or has a wrong length."""
    if kind == _TIMESTAMPS and size == 10:
        segment.tsval = _u32(data, at + 2)
        segment.tsecr = _u32(data, at + 6)
        return _HAS_TIMESTAMPS
    if kind == _SACK and size >= 10 and (size - 2) % 8 == 0:
        return _read_sack(data, at + 2, (size - 2) // 8, segment)
    if kind == _MSS and size == 4:
        segment.mss = data[at + 2] << 8 | data[at + 3]
        return _HAS_MSS
    if kind == _WINDOW_SCALE and size == 3:
        segment.window_scale = data[at + 2]
        return _HAS_SCALE
    if kind == _SACK_PERMITTED and size == 2:
        return _HAS_SACK_PERMITTED
    return _read_rare(data, at, kind, size, segment)


def _read_sack(data: bytes | bytearray, at: int, blocks: int, segment: Segment) -> int:
    """Read SACK blocks (RFC 2018 3); the first may be a D-SACK (RFC 2883)."""
    if blocks > _MAX_BLOCKS:
        blocks = _MAX_BLOCKS
    for edge in range(2 * blocks):
        segment.sack_edges[edge] = _u32(data, at + 4 * edge)
    segment.sack_blocks = blocks
    return _HAS_SACK


def _read_rare(data: bytes | bytearray, at: int, kind: int, size: int, segment: Segment) -> int:
    if kind == _FAST_OPEN:
        segment.fast_open_len = size - 2
        return _HAS_FAST_OPEN
    if kind == _EXPERIMENT and size >= 4 and (data[at + 2] << 8 | data[at + 3]) == _FAST_OPEN_MAGIC:
        segment.fast_open_len = size - 4
        return _HAS_EXPERIMENT
    if kind == _MD5 and size == 18:
        return _HAS_MD5
    if kind == _AO and size >= 4:
        return _HAS_AO
    if kind == _MPTCP and size >= 3:
        return _HAS_MPTCP
    return 0


def _u32(data: bytes | bytearray, at: int) -> int:
    high = data[at] << 8 | data[at + 1]
    return high << 16 | data[at + 2] << 8 | data[at + 3]
