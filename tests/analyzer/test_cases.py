"""Cases as they are read: what a typing error leads to, and which capture a case is about."""

from pathlib import Path

import pytest

from analyzer.cases import is_case, read_case
from analyzer.expected import CaseError

HEAD = 'about = "a"\norigin = "b"\n'


def case_of(folder: Path, text: str, capture: str | None = "x.pcap") -> Path:
    """Write a case, and an empty capture beside it."""
    if capture is not None:
        (folder / capture).touch()
    path = folder / "x.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("about = x", "is no TOML: .*line 1"),
        ('about = "a"\n[[flow]]\nflow = 0', "origin is missing"),
        ('about = " "\norigin = "b"\n[[flow]]\nflow = 0', "about is missing"),
        ('about = 3\norigin = "b"', "about is a text, not 3"),
        (HEAD + "[[flows]]\nflow = 0", "the case: 'flows' is unknown; did you mean 'flow'"),
        (HEAD + "[capture_facts]\npackest = 1", r"\[capture_facts\]: 'packest' is unknown; did you mean 'packets'"),
        (HEAD + '[capture_facts]\npackets = "1"', r"\[capture_facts\] packets: \"1\" where the column holds a number"),
        (HEAD + "[[capture_facts]]\npackets = 1", "capture_facts is one table"),
        (
            HEAD + "[settings]\nclose_wait = 1",
            r"\[settings\]: there is no threshold 'close_wait'; did",
        ),
        (HEAD + "[settings]\nclose_wait_s = 'x'", r"\[settings\]: close_wait_s is a number"),
        (HEAD + "settings = 3", "settings is one table"),
        (HEAD + "[flow]\nflow = 0", r"flow is a list of tables: \[\[flow\]\]"),
        (HEAD + "[[segment]]\nframes = 3", r"\[\[segment\]\] number 1: frames is a list of frame numbers, not 3"),
        (HEAD + "[[segment]]\nframes = []", "frames is a list of frame numbers"),
        (HEAD + '[[segment]]\nframe = 0\nkind = "ack"', "frames is a list of frame numbers"),
        (HEAD + "[[segment]]\nframe = 3\nframes = [3]", "either frame or frames"),
        (HEAD + "[[segment]]\nframe = 3", "states no column"),
        (HEAD + '[[segment]]\nkind = "ack"\nonly = true', "only = true says"),
        (HEAD + '[[segment]]\nframes = [1]\nkind = "ack"\ncount = 3', "either count or frames"),
        (HEAD + '[[segment]]\nkind = "ack"\ncount = "3"', r"\[\[segment\]\] number 1 count: \"3\" where"),
        (HEAD + "[[absent]]\nflow = 3", "state one of event, finding and kind"),
        (HEAD + '[[absent]]\ntable = "segmants"\nflow = 3', "'segmants' is unknown; did you mean 'segments'"),
        (HEAD + '[[absent]]\nkind = "ack"\ncount = 2', "what is absent has no count"),
        (HEAD, "either expects something of its capture or that it is unreadable"),
        (HEAD + 'unreadable = "magic"\n[[flow]]\nflow = 0', "either expects something"),
        (HEAD + "capture = 7\n[[flow]]\nflow = 0", "capture is a text or a list of them"),
        (HEAD + 'capture = "y.pcap"\n[[flow]]\nflow = 0', r"the capture .*y\.pcap is not there"),
        (HEAD + 'rfc = "RFC 9293"\n[[flow]]\nflow = 0', "rfc is a text or a list of them"),
    ],
)
def test_what_a_case_gets_wrong_is_told_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(CaseError, match=complaint):
        read_case(case_of(tmp_path, text))


def test_a_case_without_a_capture_of_its_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"needs one capture named x\.pcap or the like beside it, found none"):
        read_case(case_of(tmp_path, HEAD + "[[flow]]\nflow = 0", capture=None))


def test_a_case_with_two_captures_of_its_name_must_choose(tmp_path: Path) -> None:
    (tmp_path / "x.pcapng.gz").touch()
    with pytest.raises(CaseError, match=r"found x\.pcap, x\.pcapng\.gz"):
        read_case(case_of(tmp_path, HEAD + "[[flow]]\nflow = 0"))


def test_a_case_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot be read: No such file"):
        read_case(tmp_path / "x.toml")


@pytest.mark.parametrize("name", ["x.pcap", "x.pcapng", "x.pcap.zst", "x.snoop"])
def test_the_capture_of_a_case_has_its_name(tmp_path: Path, name: str) -> None:
    case = read_case(case_of(tmp_path, HEAD + "[[flow]]\nflow = 0", capture=name))
    assert case.captures == (tmp_path / name,)


def test_a_case_may_name_several_captures(tmp_path: Path) -> None:
    (tmp_path / "one").touch()
    (tmp_path / "two").touch()
    case = read_case(case_of(tmp_path, HEAD + 'capture = ["two", "one"]\n[[flow]]\nflow = 0', capture=None))
    assert case.captures == (tmp_path / "two", tmp_path / "one")


def test_a_toml_file_beside_a_capture_of_its_name_is_a_case(tmp_path: Path) -> None:
    assert is_case(case_of(tmp_path, "about ="))


def test_a_toml_file_that_names_a_capture_and_states_something_is_a_case(tmp_path: Path) -> None:
    assert is_case(case_of(tmp_path, HEAD + 'capture = "y"\n[[flow]]\nflow = 0', capture=None))


@pytest.mark.parametrize("text", ['[project]\nname = "x"', "about =", 'capture = "y"'])
def test_other_toml_files_are_none(tmp_path: Path, text: str) -> None:
    assert not is_case(case_of(tmp_path, text, capture=None))


def test_a_case_may_set_thresholds_of_its_own(tmp_path: Path) -> None:
    text = HEAD + "[settings]\nclose_wait_s = 5\n[[flow]]\nflow = 0"
    assert read_case(case_of(tmp_path, text)).settings == {"close_wait_s": 5}
