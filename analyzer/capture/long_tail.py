"""The long tail of link types and tunnels: finds the IP packet that a frame carries, with dpkt's eyes.

Only headers are handed to dpkt, never what follows them: the lengths that count are those on the wire, and a payload
that the snap length cut must not keep its headers from being read.
"""

from collections.abc import Callable
from typing import Any

from analyzer.capture import links, tunnels
from analyzer.capture.ledger import Skip
from analyzer.capture.walk import Layer, NoPacketError, Walk

__all__ = ["Layer", "find_ip"]


def find_ip(link: int, frame: bytes, wire: int) -> Layer | Skip:
    """Return the innermost IP packet of a frame with a registry link type, or why there is none.

    `wire` is the frame's length on the wire. Nothing is raised, whatever the bytes are.
    """
    walk = Walk(frame, wire)
    step: Callable[[Walk], Any] | None = links.LINKS.get(link)
    if step is None:
        return Skip.UNKNOWN_LINK
    try:
        step(walk)
        tunnels.follow(walk)
    except NoPacketError as error:
        return error.skip
    return Layer(walk.data, walk.at, max(walk.at, min(walk.end, walk.limit)), walk.limit, walk.domain)
