"""Connections made of a row and signs, and captures of the fixtures, for the tests of detectors."""

from analyzer.analysis import analyze
from analyzer.findings import Detector, Finding, FlowSeen, Seen
from analyzer.settings import Settings
from reconstruct.notable import NotableFlow
from reconstruct.recorder import DIRECTION_COLUMNS, FLOW_COLUMNS
from reconstruct.signs import Signs
from reconstruct.vocabulary import Sign
from tests.analyzer.running import FIXTURES

Noted = tuple[Sign, int, int, int]  # sign, server, frame, figure


def flow_of(
    flow: dict[str, int] | None = None,
    client: dict[str, int] | None = None,
    server: dict[str, int] | None = None,
    signs: list[Noted] | None = None,
) -> FlowSeen:
    """Return connection 3 with these cells and signs; all other cells are 0."""
    account = Signs()
    for noted in signs or []:
        account.note(*noted)
    rows = [
        tuple((given or {}).get(name, 0) for name in names)
        for names, given in (
            (FLOW_COLUMNS, {"flow": 3} | (flow or {})),
            (DIRECTION_COLUMNS, client),
            (DIRECTION_COLUMNS, server),
        )
    ]
    return FlowSeen(NotableFlow(rows[0], rows[1], rows[2], account))


def found_by(detector: Detector, *flows: FlowSeen, settings: Settings | None = None) -> list[Finding]:
    """Return what a detector finds in connections made by hand."""
    return detector(Seen(connections=len(flows), flows=list(flows), settings=settings or Settings()))


def found_in(name: str, detector: Detector) -> list[Finding]:
    """Return what a detector finds in a capture of the fixtures."""
    return [found for found in analyze(FIXTURES / name).finding_list if found.finding == detector.name]
