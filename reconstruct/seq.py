# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""32-bit wire numbers to 64-bit offsets and back: the only place with modular arithmetic (RFC 9293 3.4)."""

SEQ_MODULUS = 1 << 32
UNKNOWN = -(1 << 63)  # what a typed field holds where the capture shows nothing; tables print it as null

_MASK = 0xFFFFFFFF
_HALF = 1 << 31
_MODULUS = 1 << 32


def unwrap(wire: int, near: int) -> int:
    """Return the offset congruent to `wire` modulo 2^32 that lies closest to the offset `near`.

    Of two equally close offsets the lower one is returned.
    """
    distance = (wire - near) & _MASK
    if distance >= _HALF:
        distance -= _MODULUS
    return near + distance


def wrap(offset: int) -> int:
    """Return the 32-bit wire number of an offset."""
    return offset & _MASK
