"""One packet's dissection through pyshark, whose troubles stay in its own process."""

from pathlib import Path

import pytest

from analyzer.crosscheck import dissection as module
from analyzer.crosscheck.dissection import dissection
from analyzer.errors import ToolError, UsageError
from tests.analyzer.needing import needs_tshark
from tests.analyzer.running import FIXTURES

CAPTURE = FIXTURES / "window" / "zero-window-mid-path.pcap"
XZ = FIXTURES / "formats" / "pcap-xz.pcap.xz"
pytestmark = needs_tshark


def test_a_packet_is_told_layer_by_layer() -> None:
    lines = dissection(str(CAPTURE), 47).splitlines()
    assert "Layer TCP:" in lines
    assert "  Sequence Number (raw): 2749034150" in lines
    assert "  TCP keep-alive segment" in lines


def test_compressed_captures_and_open_files_are_read_too() -> None:
    with XZ.open("rb") as file:
        assert "Layer TCP:" in dissection(file, 10)
    assert "Layer TCP:" in dissection(str(XZ), 1)


def test_a_frame_that_is_not_there_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no frame 11"):
        dissection(str(XZ), 11)


def test_what_goes_wrong_in_the_other_process_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "tshark"
    broken.write_text("#!/bin/sh\necho 'TShark (Wireshark) 4.0.17'\nexit 2\n", "utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(module, "find_tshark", lambda: str(broken))
    with pytest.raises(ToolError, match=r"^pyshark: [^\n]+$"):
        dissection(str(CAPTURE), 1)
