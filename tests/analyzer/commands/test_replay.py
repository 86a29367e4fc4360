"""`tcpscope replay` prints the segments that the table holds."""

import analyzer
from tests.analyzer.commands.test_analyze import as_json_values
from tests.analyzer.running import FIXTURES, tcpscope

CAPTURE = FIXTURES / "opening" / "accept-queue-full.pcap"


def frames(out: str) -> list[int]:
    """Return the frames of the lines of a diagram."""
    return [
        int(line.split()[0]) for line in out.splitlines() if line.strip()[:1].isdecimal() and "segments of" not in line
    ]


def test_json_holds_the_rows_of_the_data_frame() -> None:
    expected = analyzer.analyze(CAPTURE).segments(flow=3)
    assert tcpscope("replay", CAPTURE, "3", "--json").json == as_json_values(expected)


def test_every_segment_has_a_line() -> None:
    run = tcpscope("replay", CAPTURE, "3")
    assert frames(run.out) == list(analyzer.analyze(CAPTURE).segments(flow=3)["frame"])
    assert run.out.splitlines()[-1] == "13 segments of 13"


def test_frames_can_be_chosen_on_the_screen_and_in_json() -> None:
    # Of flow 3, frames 41 and 42 lie there: SYN-ACK and its ACK.
    chosen = ["--from", "41", "--to", "42"]
    assert frames(tcpscope("replay", CAPTURE, "3", *chosen).out) == [41, 42]
    rows = tcpscope("replay", CAPTURE, "3", *chosen, "--json").json
    assert [(row["frame"], row["flags"], row["sender"]) for row in rows] == [(41, "SA", "server"), (42, "A", "client")]


def test_no_segment_between_the_frames_is_said() -> None:
    run = tcpscope("replay", CAPTURE, "3", "--from", "16", "--to", "18")
    assert run.code == 0
    assert "no segment between these frames" in run.out
    assert tcpscope("replay", CAPTURE, "3", "--from", "16", "--to", "18", "--json").json == []
