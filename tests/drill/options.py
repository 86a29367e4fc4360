"""The TCP options of a script: packetdrill's words to options, options to header bytes and to the decoder's fields."""

import struct
from collections.abc import Callable

from reconstruct.segment import (
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
)
from tests.drill.script import SEQ_MODULUS, DrillError, TcpOption

END_OF_OPTIONS, NO_OPERATION, MSS, WINDOW_SCALE, SACK_PERMITTED, SACK, TIMESTAMPS = 0, 1, 2, 3, 4, 5, 8
FAST_OPEN, EXPERIMENTAL = 34, 254
MAX_OPTION_BYTES = 40  # RFC 9293 3.1: the data offset has four bits
FAST_OPEN_MAGIC = b"\xf9\x89"  # RFC 7413 4.1.1

BITS = {
    MSS: OPTION_MSS,
    WINDOW_SCALE: OPTION_WINDOW_SCALE,
    SACK_PERMITTED: OPTION_SACK_PERMITTED,
    SACK: OPTION_SACK,
    TIMESTAMPS: OPTION_TIMESTAMPS,
    19: OPTION_MD5,
    29: OPTION_AO,
    30: OPTION_MPTCP,
    FAST_OPEN: OPTION_FAST_OPEN,
    EXPERIMENTAL: OPTION_FAST_OPEN_EXPERIMENTAL,
}


def read_options(listed: str, peer_isn: int) -> tuple[TcpOption, ...]:
    """Return the options between the angle brackets; SACK edges count from the ISN of the end that they speak of."""
    return tuple(_read_option(words.split(), peer_isn) for words in listed.split(",") if words.strip())


def _read_option(words: list[str], peer_isn: int) -> TcpOption:
    """Return one option of its words."""
    name, *values = words
    if name == "sack":
        return TcpOption(SACK, b"".join(_sack_block(value, peer_isn) for value in values))
    if name not in _OPTIONS:
        raise ValueError(f"no option is written {name!r}")
    return _OPTIONS[name](values)


def _sack_block(word: str, peer_isn: int) -> bytes:
    """Return the wire edges of "left:right"."""
    left, right = (int(edge) for edge in word.split(":"))
    return struct.pack(">II", (left + peer_isn) % SEQ_MODULUS, (right + peer_isn) % SEQ_MODULUS)


def _timestamps(values: list[str]) -> TcpOption:
    """Return the option of `TS val X ecr Y`."""
    if len(values) != 4 or values[0] != "val" or values[2] != "ecr":
        raise ValueError("timestamps are written TS val X ecr Y")
    return TcpOption(TIMESTAMPS, struct.pack(">II", int(values[1]), int(values[3])))


_OPTIONS: dict[str, Callable[[list[str]], TcpOption]] = {
    "eol": lambda values: TcpOption(END_OF_OPTIONS),
    "nop": lambda values: TcpOption(NO_OPERATION),
    "mss": lambda values: TcpOption(MSS, int(values[0]).to_bytes(2, "big")),
    "wscale": lambda values: TcpOption(WINDOW_SCALE, int(values[0]).to_bytes(1, "big")),
    "sackOK": lambda values: TcpOption(SACK_PERMITTED),
    "TS": _timestamps,
    "FO": lambda values: TcpOption(FAST_OPEN, bytes.fromhex("".join(values))),
    "FOEXP": lambda values: TcpOption(EXPERIMENTAL, FAST_OPEN_MAGIC + bytes.fromhex("".join(values))),
    "kind": lambda values: TcpOption(int(values[0]), bytes.fromhex("".join(values[1:]))),
    "raw": lambda values: TcpOption(-1, bytes.fromhex("".join(values)), raw=True),
}


def option_bytes(options: tuple[TcpOption, ...]) -> bytes:
    """Return the option part of a header, filled with end-of-options to a multiple of four bytes."""
    parts = []
    for option in options:
        if option.raw:
            parts.append(option.value)
        elif option.kind in (END_OF_OPTIONS, NO_OPERATION):
            parts.append(bytes([option.kind]))
        else:
            parts.append(bytes([option.kind, 2 + len(option.value)]) + option.value)
    joined = b"".join(parts)
    if len(joined) > MAX_OPTION_BYTES:
        raise DrillError(f"{len(joined)} bytes of options, a header holds {MAX_OPTION_BYTES}")
    return joined + bytes(-len(joined) % 4)
