"""Cases held against an analysis made by hand (tests/fake_analysis.py)."""

from pathlib import Path
from typing import Any

import pytest

from analyzer.errors import CaptureError, UsageError
from analyzer.expectations import CaseResult, check_case
from analyzer.settings import Settings
from tests.fake_analysis import FakeAnalysis

HEAD = 'about = "a"\norigin = "b"\n'


def checked(folder: Path, text: str, analysis: Any = None) -> CaseResult:
    """Return what comes of a case with this text."""
    (folder / "x.pcap").touch()
    path = folder / "x.toml"
    path.write_text(HEAD + text)
    return check_case(path, lambda *captures, settings: analysis or FakeAnalysis())


HOLDING = [
    '[capture_facts]\npackets = 12\nsegments = {min = 10}\nconnections = 2\nformats = ["pcapng"]\ndropped = 3',
    "[capture_facts]\npartial = false\ninterfaces = 1\nsnaplen = 262144",
    '[[flow]]\nflow = 0\nopening = "handshake"\nclient_ip = "10.0.0.1"\nduration_s = 1.5\nvlan = {null = true}',
    '[[flow]]\nflow = 1\nserver_state = {null = true}\nvlan = "10.20"',
    '[[flow]]\nflow = 0\npath.client = ["SYN-SENT", "ESTABLISHED"]\npath.server = ["SYN-RECEIVED"]',
    '[[flow]]\nflow = 0\npath.client = ["SYN-SENT", "(SYN-RECEIVED)", "ESTABLISHED", "(CLOSE-WAIT)"]',
    '[[flow]]\nopening = "refused"',
    '[[flow]]\nopening = ["refused", "handshake"]\ncount = 2',
    '[[flow]]\nflow = 0\nfirst_time = "2023-11-14T22:13:20Z"',
    '[[direction]]\nflow = 0\nsender = "client"\nmss = 1460\nretransmissions = {min = 1, max = 5}',
    '[[direction]]\nflow = 0\nsender = "client"\nzero_window_s = {value = 0.25, within = 0.01}',
    '[[segment]]\nframe = 7\nkind = "retransmission"\nspurious = true\nflags = "PA"',
    '[[segment]]\nframes = [4, 8]\nkind = "ack"\nonly = true',
    '[[segment]]\nkind = "ack"\ncount = 2',
    '[[segment]]\nframe = 7\nreason = {contains = "captured before"}',
    '[[window]]\nflow = 0\nsender = "client"\nframe = 9\nflight = 100\ncwnd = {null = true}',
    '[[event]]\nevent = "zero-window.begin"\nframe = 6',
    '[[event]]\nevent = "state"\nframes = [1, 2]',
    '[[event]]\nevent = "state"\nframe = 2\ndetail.to = "ESTABLISHED"\ndetail.on = "rcv SYN,ACK"',
    '[[event]]\nevent = "zero-window.end"\ndetail.probes = 2\ndetail.held_ms = {min = 249, max = 251}',
    '[[event]]\nevent = "state"\nframe = {max = 2}\ncount = 3',
    '[[finding]]\nfinding = "zero-window"\nflow = 0\nseverity = "warning"\nframes = [7]',
    '[[skipped]]\nreason = "ARP"\ncount = 2',
    '[[absent]]\nkind = "invalid"',
    '[[absent]]\nevent = "rto"',
    '[[absent]]\nkind = "ack"\nframes = [6, 7]',
    '[[absent]]\nfinding = "loss"',
    '[[absent]]\ntable = "flows"\nopening = "simultaneous"',
]


@pytest.mark.parametrize("text", HOLDING)
def test_what_was_found_holds(tmp_path: Path, text: str) -> None:
    result = checked(tmp_path, text)
    assert (result.error, result.differences) == (None, [])
    assert result.passed
    assert result.statements > 0


DIFFERING = [
    ("[capture_facts]\npackets = 13", ["capture: packets: expected 13, found 12"]),
    (
        '[[flow]]\nflow = 0\nclosing = "rst"\nopening = "handshake"\nbytes = {min = 101}',
        [
            'flow 0: closing: expected "rst", found "fin"',
            "flow 0: bytes: expected at least 101, found 100",
        ],
    ),
    ("[[flow]]\nflow = 7\nbytes = 1", ["flow 7: expected, found no such row in flows"]),
    (
        '[[flow]]\nflow = 0\npath.client = ["SYN-SENT", "CLOSED"]',
        ["flow 0: path: expected client SYN-SENT > CLOSED, found client SYN-SENT > ESTABLISHED, server SYN-RECEIVED"],
    ),
    (
        '[[direction]]\nflow = 0\nsender = "client"\nretransmissions = {min = 3, max = 5}',
        ['flow 0, sender "client": retransmissions: expected 3 to 5, found 1'],
    ),
    (
        '[[segment]]\nframes = [6, 7]\nkind = "dup-ack"',
        [
            'frame 6: kind: expected "dup-ack", found "new" (starts at SND.NXT (RFC 9293 3.4))',
            (
                'frame 7: kind: expected "dup-ack", found "retransmission" '
                "(100 of its 100 bytes were captured before (RFC 9293 3.8.1))"
            ),
        ],
    ),
    ('[[segment]]\nframe = 3\nkind = "ack"', ["frame 3: expected, found no such row in segments"]),
    (
        '[[segment]]\nframes = [4]\nkind = "ack"\nonly = true',
        ['segments: kind = "ack": expected in no other frame, found in frame 8'],
    ),
    (
        '[[segment]]\nkind = "ack"\ncount = {min = 3}',
        ['segments: kind = "ack": expected at least 3 times, found 2 times, in frames 4, 8'],
    ),
    (
        '[[event]]\nevent = "zero-window.begin"\nframe = 33',
        ['events: event = "zero-window.begin": expected in frame 33, found in frame 6'],
    ),
    (
        '[[event]]\nevent = "rto"\nframe = 33',
        ['events: event = "rto": expected in frame 33, found nowhere'],
    ),
    (
        '[[event]]\nevent = "zero-window.end"\nframe = 7\ndetail.probes = 5',
        [
            (
                'events: event = "zero-window.end", detail = {probes = 5}: expected in frame 7, found there '
                'event = "zero-window.end", detail = {"probes": 2, "held_ms": 250.0} in frame 7'
            )
        ],
    ),
    (
        '[[finding]]\nfinding = "zero-window"\nseverity = "error"',
        [
            (
                'findings: finding = "zero-window", severity = "error": expected, found '
                'finding = "zero-window", severity = "warning" in frame 6'
            )
        ],
    ),
    ('[[finding]]\nfinding = "loss"', ['findings: finding = "loss": expected, found none']),
    ('[[absent]]\nkind = "ack"', ['segments: kind = "ack": expected nowhere, found in frames 4, 8']),
    (
        '[[window]]\nflow = 0\nsender = "client"\nframe = 9\nrwnd = 1',
        ['flow 0, sender "client", frame 9: rwnd: expected 1, found 64140'],
    ),
    (
        '[[window]]\nflow = 0\nsender = "client"\nframe = 5\nrwnd = 1',
        ['flow 0, sender "client", frame 5: expected, found no such row in windows'],
    ),
    ('[[skipped]]\nreason = "UDP"\ncount = 1', ['reason "UDP": expected, found no such row in skipped']),
    ('[[skipped]]\nreason = "ARP"\ncount = 1', ['reason "ARP": count: expected 1, found 2']),
]


@pytest.mark.parametrize(("text", "differences"), DIFFERING)
def test_a_difference_tells_expected_and_found(tmp_path: Path, text: str, differences: list[str]) -> None:
    result = checked(tmp_path, text)
    assert result.differences == differences
    assert not result.passed


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[flow]]\nflow = 0\nclozing = 1", "[[flow]] number 1: 'clozing' is unknown; did you mean 'closing'?"),
        ('[[segment]]\nframe = 1\nkind = "akc"', '[[segment]] number 1 kind: "akc" is no known name'),
        ('[[segment]]\nframe = 1\nflags = "AS"', '[[segment]] number 1 flags: "AS" is no known name'),
        ("[[segment]]\nframe = 1\nkind = 3", "[[segment]] number 1 kind: 3 where the column holds text"),
        ('[[absent]]\nkind = "invalidd"', '[[absent]] number 1 kind: "invalidd" is no known name'),
        ('[[event]]\nevent = "state"\ndetail.too = "CLOSED"', "detail: 'too' is unknown; did you mean 'to'?"),
        ('[[event]]\nevent = "state"\ndetail.to = "CLOSE"', '"CLOSE" is no known name'),
        ('[[flow]]\nflow = 0\npath.klient = ["CLOSED"]', "write path.client = [states] or path.server = [states]"),
        ('[[flow]]\nflow = 0\npath.client = ["SYN_SENT"]', "path: 'SYN_SENT' is unknown; did you mean 'SYN-SENT'?"),
        ('[[flow]]\nflow = 0\npath.client = "CLOSED"', "a path is a list of states"),
    ],
)
def test_a_typing_error_is_an_error_and_never_passes(tmp_path: Path, text: str, complaint: str) -> None:
    result = checked(tmp_path, text)
    assert result.error is not None
    assert complaint in result.error
    assert not result.passed


def refusing(*captures: Path, settings: Settings) -> Any:
    """Refuse every capture."""
    raise CaptureError(f"{captures[0].name}: starts with no magic number that is known")


def test_a_capture_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.pcap").touch()
    (tmp_path / "x.toml").write_text(HEAD + "[[flow]]\nflow = 0")
    assert check_case(tmp_path / "x.toml", refusing).error == "x.pcap: starts with no magic number that is known"


@pytest.mark.parametrize(("text", "passed"), [("magic number", True), ("empty", False)])
def test_a_case_may_expect_that_its_capture_is_refused(tmp_path: Path, text: str, passed: bool) -> None:
    (tmp_path / "x.pcap").touch()
    (tmp_path / "x.toml").write_text(HEAD + f'unreadable = "{text}"')
    result = check_case(tmp_path / "x.toml", refusing)
    assert (result.passed, result.error) == (passed, None)


def test_a_capture_that_should_be_refused_and_is_read_differs(tmp_path: Path) -> None:
    result = checked(tmp_path, 'unreadable = "magic"')
    assert result.differences == ['capture: expected to be refused with "magic", but it was read']


def test_a_usage_error_of_the_analysis_is_an_error(tmp_path: Path) -> None:
    def confused(*captures: Path, settings: Settings) -> Any:
        raise UsageError("no such thing")

    (tmp_path / "x.pcap").touch()
    (tmp_path / "x.toml").write_text(HEAD + "[[flow]]\nflow = 0")
    assert check_case(tmp_path / "x.toml", confused).error == "no such thing"


def test_the_analysis_is_given_the_captures_in_their_order(tmp_path: Path) -> None:
    given: list[Path] = []

    def remembering(*captures: Path, settings: Settings) -> Any:
        given.extend(captures)
        return FakeAnalysis()

    for name in ("one", "two"):
        (tmp_path / name).touch()
    (tmp_path / "x.toml").write_text(HEAD + 'capture = ["two", "one"]\n[[flow]]\nflow = 0')
    assert check_case(tmp_path / "x.toml", remembering).passed
    assert given == [tmp_path / "two", tmp_path / "one"]


def test_the_report_lists_each_difference_below_the_case(tmp_path: Path) -> None:
    report = checked(tmp_path, '[[flow]]\nflow = 0\nclosing = "rst"').report()
    path = tmp_path / "x.toml"
    assert report == f'{path}: 1 difference in 2 statements\n  flow 0: closing: expected "rst", found "fin"'


def test_the_report_of_a_case_that_holds_counts_its_statements(tmp_path: Path) -> None:
    assert checked(tmp_path, "[[flow]]\nflow = 0\nbytes = 100").report().endswith("x.toml: all 2 statements hold")


def test_the_report_of_an_error_is_one_line(tmp_path: Path) -> None:
    report = checked(tmp_path, "[[flow]]\nflo = 0").report()
    assert "\n" not in report
    assert "'flo' is unknown" in report
