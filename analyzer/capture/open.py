"""Opening a capture: what it is stored in, how it is compressed, which format it has. Never by its name."""

import io
import os
import sys
from pathlib import Path
from typing import BinaryIO

from analyzer.capture.blocks import Window
from analyzer.capture.compressed import MAGIC_BYTES, Inflated, compression_of
from analyzer.capture.pcap import byte_order, open_pcap
from analyzer.capture.pcapng import MAGIC as PCAPNG_MAGIC
from analyzer.capture.pcapng import open_pcapng
from analyzer.capture.reader import CaptureReader, printable
from analyzer.capture.snoop import MAGIC as SNOOP_MAGIC
from analyzer.capture.snoop import open_snoop
from analyzer.capture.stored import ByteStream, Stored, StreamDamage
from analyzer.errors import CaptureError

_STANDARD_INPUT = "-"
_FORMAT_MAGIC_BYTES = 8  # the longest, snoop's
_CONVERTIBLE = (  # capture formats that Wireshark reads and this project does not (wiretap)
    ("Microsoft Network Monitor 1", b"RTSS"),
    ("Microsoft Network Monitor 2", b"GMBU"),
    ("Sniffer", b"TRSNIFF data"[:_FORMAT_MAGIC_BYTES]),
    ("NetXRay", b"XCP\0"),
    ("NetInstruments Observer", b"Observer"),
    ("IBM iptrace", b"iptrace "),
    ("btsnoop", b"btsnoop\0"),
)


def open_capture(source: str | os.PathLike[str] | bytes | BinaryIO) -> CaptureReader:
    """Open a capture to be read once, front to back; nothing is ever sought, so pipes are fine.

    `source` is a path ("-": standard input), the bytes of a capture, or a binary file object, which stays open when
    the reader is closed. Raises `CaptureError`, one line that names the file, where not even a header can be read.
    """
    name, stored = _store(source)
    try:
        return _reader(name, stored)
    except StreamDamage as damage:
        stored.close()
        raise CaptureError(f"{name}: {damage}") from damage
    except BaseException:
        stored.close()
        raise


def open_bytes(source: str | os.PathLike[str] | bytes | BinaryIO) -> tuple[ByteStream, bytes]:
    """Open a capture as the bytes of its format, inflated, for whoever reads them elsewhere: the stream and its head.

    The head was taken from the stream already. Raises `CaptureError`, one line that names the file.
    """
    name, stored = _store(source)
    try:
        return _plain(name, stored)
    except StreamDamage as damage:
        stored.close()
        raise CaptureError(f"{name}: {damage}") from damage
    except BaseException:
        stored.close()
        raise


def _store(source: str | os.PathLike[str] | bytes | BinaryIO) -> tuple[str, Stored]:
    """Return the printable name of a source, and its bytes."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "<bytes>", Stored(io.BytesIO(source), owned=True, size=len(source))
    if source == _STANDARD_INPUT:
        return "standard input", Stored(_standard_input(), owned=False)
    if not isinstance(source, (str, os.PathLike)):
        return _name_of(source), Stored(source, owned=False)
    name = printable(os.fspath(source))
    try:
        return name, Stored(Path(source).open("rb", buffering=0), owned=True)
    except OSError as error:
        raise CaptureError(f"{name}: {(error.strerror or str(error)).lower()}") from error
    except ValueError as error:  # a NUL in the path
        raise CaptureError(f"{name}: {error}") from error


def _standard_input() -> BinaryIO:
    """Return the bytes of standard input."""
    if sys.stdin is None or sys.stdin.closed:
        raise CaptureError("standard input: is closed")
    return sys.stdin.buffer


def _name_of(file: BinaryIO) -> str:
    """Return the printable name of a file object."""
    name = getattr(file, "name", None)
    return printable(name) if isinstance(name, str) and name else f"<{type(file).__name__}>"


def _plain(name: str, stored: Stored) -> tuple[ByteStream, bytes]:
    """Return the stream without its compression, and its first bytes."""
    stream: ByteStream = stored
    head = _head(stream, _FORMAT_MAGIC_BYTES)
    if not head:
        raise CaptureError(f"{name}: the file is empty")
    compression = compression_of(head[:MAGIC_BYTES])
    if compression:
        stream = Inflated(stored, compression, head)
        head = _head(stream, _FORMAT_MAGIC_BYTES)
        if compression_of(head[:MAGIC_BYTES]):
            raise CaptureError(f"{name}: compressed twice, which is not read")
    return stream, head


def _reader(name: str, stored: Stored) -> CaptureReader:
    """Return the reader for what the stream holds."""
    stream, head = _plain(name, stored)
    window = Window(stream, head)
    if byte_order(head):
        return open_pcap(name, window)
    if head.startswith(PCAPNG_MAGIC):
        return open_pcapng(name, window)
    if head == SNOOP_MAGIC:
        return open_snoop(name, window)
    raise CaptureError(f"{name}: {_unknown(head, stream.compression)}")


def _head(stream: ByteStream, count: int) -> bytes:
    """Return the first bytes of a stream, fewer only where it ends; raises `StreamDamage`."""
    head = memoryview(bytearray(count))
    held = 0
    while held < count:
        got = stream.fill(head[held:])
        if not got:
            break
        held += got
    return bytes(head[:held])


def _unknown(head: bytes, compression: str | None) -> str:
    """Say what these bytes are if not the start of a capture that is read."""
    for known, magic in _CONVERTIBLE:
        if head.startswith(magic):
            return f"{known} captures are not read; convert it with: editcap -F pcapng"
    inside = f" (inside {compression})" if compression else ""
    if len(head) < 4:
        return f"{len(head)} bytes are too few for a capture{inside}"
    return f"not a capture: neither pcap nor pcapng nor snoop{inside}"
