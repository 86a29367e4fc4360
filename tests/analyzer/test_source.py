"""What a user names as a capture can be read again, or says why it cannot."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from analyzer.errors import UsageError
from analyzer.source import STANDARD_INPUT, Source


@pytest.mark.parametrize("named", ["x.pcap", Path("x.pcap"), b"bytes", bytearray(b"bytes"), memoryview(b"bytes")])
def test_a_path_and_bytes_are_read_again_as_they_are(named: Any) -> None:
    source = Source(named)
    assert [source.again() is named for _ in range(3)] == [True] * 3


def test_standard_input_is_read_once() -> None:
    source = Source(STANDARD_INPUT)
    assert source.again() == "-"
    with pytest.raises(UsageError, match="a pipe cannot be read twice; save the capture to a file first"):
        source.again()


def test_a_path_that_is_called_like_standard_input_is_a_path() -> None:
    source = Source(Path("-"))
    assert [source.again() for _ in range(2)] == [Path("-")] * 2


def test_a_file_object_is_read_again_from_where_it_stood() -> None:
    file = io.BytesIO(b"before the capture")
    file.seek(7)
    source = Source(file)
    for _ in range(3):
        assert source.again() is file
        assert file.read() == b"the capture"


def test_a_file_object_is_not_moved_before_its_first_reading() -> None:
    file = io.BytesIO(b"before the capture")
    source = Source(file)
    file.seek(7)
    source.again()
    assert file.tell() == 7


def unseekable() -> io.BytesIO:
    """Return a file object that cannot seek."""

    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

    return Unseekable(b"once")


def pipe() -> io.BufferedReader:
    """Return the reading end of a pipe whose writer is gone."""
    reading, writing = os.pipe()
    os.close(writing)
    return os.fdopen(reading, "rb")


@pytest.mark.parametrize("made", [unseekable, pipe])
def test_a_file_object_that_cannot_seek_is_read_once(made: Callable[[], BinaryIO]) -> None:
    with made() as file:
        source = Source(file)
        assert source.again() is file
        with pytest.raises(UsageError, match="this file object cannot be read twice: it cannot seek"):
            source.again()
