"""tshark run over captures of every form, apart from everybody's preferences."""

import io
from pathlib import Path

import pytest

from analyzer.crosscheck.labels import Label, Mark
from analyzer.crosscheck.tshark import Tshark, find_tshark, said, tshark_version
from analyzer.errors import ToolError
from reconstruct.seq import UNKNOWN
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES

FORMATS = FIXTURES / "formats"
ZERO_WINDOW = FIXTURES / "window" / "zero-window-mid-path.pcap"
FORMS = ["pcap-gzip.pcap.gz", "pcap-xz.pcap.xz", "pcap-bzip2.pcap.bz2", "pcapng.pcapng"]


@needs_tshark
def test_labels_and_marks_are_those_of_the_analysis() -> None:
    opinions = {opinion.frame: opinion for opinion in Tshark(str(ZERO_WINDOW))}
    # tshark -r FILE -Y tcp.analysis.flags: 45 window full, 46 zero window, 47 keep-alive, 49 its answer.
    assert opinions[45].marks == {Mark.WINDOW_FULL}
    assert opinions[46].marks == {Mark.ZERO_WINDOW}
    assert (opinions[47].label, opinions[49].label) == (Label.KEEP_ALIVE, Label.KEEP_ALIVE_ACK)


@needs_tshark
def test_numbers_are_those_of_the_last_tcp_layer() -> None:
    opinions = list(Tshark(str(ZERO_WINDOW)))
    assert len(opinions) == 788
    assert opinions[0].first_rtt_ns == UNKNOWN
    # frame 47: tcp.len 0, tcp.window_size_value 63, tcp.analysis.initial_rtt 0.057270414
    assert (opinions[46].streams, opinions[46].len, opinions[46].window) == ((0,), 0, 63)
    assert opinions[46].first_rtt_ns == 57_270_414


@needs_tshark
@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_capture_is_read(name: str) -> None:
    tshark = Tshark(str(FORMATS / name))
    assert [opinion.frame for opinion in tshark] == list(range(1, 11))
    assert tshark.message == ""


@needs_tshark
def test_bytes_and_open_files_are_read_from_their_start() -> None:
    data = ZERO_WINDOW.read_bytes()
    with ZERO_WINDOW.open("rb") as file:
        file.seek(100)
        assert list(Tshark(file)) == list(Tshark(data)) == list(Tshark(str(ZERO_WINDOW)))


@needs_tshark
def test_a_run_can_be_left_before_its_end() -> None:
    opinions = iter(Tshark(ZERO_WINDOW.read_bytes()))
    assert next(opinions).frame == 1
    opinions.close()  # type: ignore[attr-defined] # it is a generator


@needs_tshark
def test_what_tshark_says_about_a_damaged_capture_is_kept() -> None:
    tshark = Tshark(str(FORMATS / "cut-off.pcap"))
    assert len(list(tshark)) == 9
    assert "cut short" in tshark.message


@needs_tshark
def test_a_capture_that_only_tshark_refuses_is_an_error() -> None:
    # A pcap of 24 bytes whose link type nobody has assigned.
    header = bytes.fromhex("d4c3b2a1020004000000000000000000ffff0000") + (60000).to_bytes(4, "little")
    record = bytes(8) + (4).to_bytes(4, "little") * 2 + bytes(4)
    with pytest.raises(ToolError, match=r"^tshark: "):
        list(Tshark(header + record))


@needs_tshark
def test_preferences_of_the_user_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = list(Tshark(str(ZERO_WINDOW)))
    (tmp_path / "preferences").write_text("tcp.analyze_sequence_numbers: FALSE\n", "utf-8")
    monkeypatch.setenv("WIRESHARK_CONFIG_DIR", str(tmp_path))
    assert list(Tshark(str(ZERO_WINDOW))) == expected


@needs_tshark
def test_the_version_is_a_number() -> None:
    assert tshark_version()[0].isdecimal()


def test_a_missing_tshark_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="not installed"):
        find_tshark()


def test_complaints_are_one_line_without_noise() -> None:
    complaints = io.BytesIO(
        b'Running as user "root" and group "root". This could be dangerous.\n\ntshark: bad\n  file.\n'
    )
    assert said(complaints) == "bad file."
