# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""Whether the rows of a connection may tell of something that no segment of it was a sign of: growing round trips."""

from reconstruct.recorder import DIRECTION_COLUMNS, RowStore
from reconstruct.seq import UNKNOWN

INFLATION = 2  # 95 % of the round trips may take so many times the least one
GROWTH_NS = 20_000_000  # ns by which they may exceed it; less is no ground for a diagnosis

_UNKNOWN = UNKNOWN
_INFLATION, _GROWTH_NS = INFLATION, GROWTH_NS
_LEAST, _HIGH = DIRECTION_COLUMNS.index("rtt_min_ns"), DIRECTION_COLUMNS.index("rtt_p95_ns")


def is_telling(directions: RowStore) -> int:
    """Return 1 if one of the two rows that were written last may be about a delay."""
    for back in range(1, 3):
        at = (directions.count - back) * directions.width
        least_ns, high_ns = directions.cells[at + _LEAST], directions.cells[at + _HIGH]
        if least_ns != _UNKNOWN and high_ns > _INFLATION * least_ns and high_ns - least_ns > _GROWTH_NS:
            return 1
    return 0
