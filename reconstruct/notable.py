# cython: annotation_typing=False, initializedcheck=False, wraparound=False
"""The connections that a diagnosis may be about: their rows and signs, the most troubled ones where there are many."""

import heapq

from reconstruct.recorder import RowStore
from reconstruct.signs import Signs

MOST_NOTABLE = 1_024  # connections; about 6 KiB each, and ten times what is shown of one kind of finding

_MOST_NOTABLE = MOST_NOTABLE


class NotableFlow:
    """One of them: its row of `FLOW_COLUMNS`, the two of `DIRECTION_COLUMNS`, and its signs, if it showed any."""

    def __init__(
        self, flow: tuple[int, ...], client: tuple[int, ...], server: tuple[int, ...], signs: Signs | None
    ) -> None:
        """Take over what there is."""
        self.flow, self.client, self.server, self.signs = flow, client, server, signs


class Notable:
    """A bounded collection: above `most`, those with the fewest points go; `passed_over` counts them."""

    def __init__(self, most: int = MOST_NOTABLE) -> None:
        """Make an empty collection."""
        self.most = most
        self.heap: list[tuple[int, int, NotableFlow]] = []
        self.threshold = -1
        self.passed_over = 0

    def offer(self, flows: RowStore, directions: RowStore, signs: Signs | None, points: int) -> None:
        """Take the connection whose rows were written last, if it is among the most troubled so far.

        Of two with equal points the one that appeared first stays.
        """
        if points <= self.threshold:
            self.passed_over += 1
            return
        flow = flows.row(flows.count - 1)
        client, server = directions.row(directions.count - 2), directions.row(directions.count - 1)
        entry = (points, -flow[0], NotableFlow(flow, client, server, signs))
        if len(self.heap) < self.most:
            heapq.heappush(self.heap, entry)
        else:
            heapq.heapreplace(self.heap, entry)
            self.passed_over += 1
        if len(self.heap) == self.most:
            self.threshold = self.heap[0][0]

    def in_order(self) -> list[NotableFlow]:
        """Return what was kept, in order of appearance."""
        return [entry[2] for entry in sorted(self.heap, key=lambda entry: -entry[1])]
