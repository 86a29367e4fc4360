"""Unsigned numbers in a buffer, read with one check of its bounds; compiled, the `.pxd` has them inline."""


def u16(data: bytes | bytearray | memoryview, at: int) -> int:
    """Return the 16-bit number at a position; raises `IndexError` where it is not all there."""
    if at < 0 or at + 2 > len(data):
        raise IndexError("past the end of the data")
    return data[at] << 8 | data[at + 1]


def u32(data: bytes | bytearray | memoryview, at: int) -> int:
    """Return the 32-bit number at a position; raises `IndexError` where it is not all there."""
    if at < 0 or at + 4 > len(data):
        raise IndexError("past the end of the data")
    return int.from_bytes(data[at : at + 4], "big")


def u32_ordered(data: bytes | bytearray | memoryview, at: int, big: int) -> int:
    """Return the 32-bit number at a position, highest byte first if `big`; raises `IndexError` as `u32` does."""
    if at < 0 or at + 4 > len(data):
        raise IndexError("past the end of the data")
    return int.from_bytes(data[at : at + 4], "big" if big else "little")
