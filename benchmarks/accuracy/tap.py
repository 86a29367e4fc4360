"""All figures of one tap."""

from dataclasses import dataclass

from benchmarks.accuracy.connections import Connections
from benchmarks.accuracy.retransmissions import Retransmissions
from benchmarks.accuracy.windows import Windows


@dataclass
class Tap:
    """The figures of the captures that were taken at one place."""

    retransmissions: Retransmissions
    windows: Windows
    connections: Connections
