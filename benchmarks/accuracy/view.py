"""What tcpscope says of one capture, with the columns of the sender's end at hand."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

import analyzer
from benchmarks.accuracy.run import Run


@dataclass
class View:
    """tcpscope's tables of one tap of a run, for the connection and the end that the kernel's answers are about."""

    run: Run
    tap: str
    flow: int = field(init=False)
    end: str = field(init=False)
    flows: pd.Series = field(init=False)
    direction: pd.Series = field(init=False)

    def __post_init__(self) -> None:
        """Analyze the capture."""
        result = analyzer.analyze(str(self.run.capture(self.tap)))
        flows = result.flows
        port = self.run.facts["port"]
        ours = flows[(flows.client_port == port) | (flows.server_port == port)].iloc[0]
        self.flow = int(ours.flow)
        self.end = "client" if ours.client_port == port else "server"
        self.flows = ours
        directions = result.directions
        self.direction = directions[(directions.flow == self.flow) & (directions.sender == self.end)].iloc[0]
        segments = result.segments(flow=self.flow)
        self.segments = segments[segments.sender == self.end].set_index("frame")
        windows = result.windows(flow=self.flow)
        self.windows = windows[windows.sender == self.end].reset_index(drop=True)

    @cached_property
    def _frames(self) -> npt.NDArray[np.int64]:
        return self.windows.frame.to_numpy(np.int64)

    def windows_at(self, frame: int) -> pd.Series | None:
        """Return the row that is in force at a frame, None before the first."""
        index = int(np.searchsorted(self._frames, frame, side="right")) - 1
        return self.windows.iloc[index] if index >= 0 else None

    def labelled(self, kinds: frozenset[str]) -> set[int]:
        """Return the frames of the sender that have one of these kinds."""
        return set(self.segments.index[self.segments.kind.isin(kinds)])
