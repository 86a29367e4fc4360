"""Compressed captures as streams: gzip, xz, bzip2, zstd and lz4, known by their magic number.

Input goes in by small pieces and output comes out by what the reader's buffer holds, so a file that inflates to a
terabyte costs no more memory than any other, and what a broken stream held before the break is delivered.
"""

import zlib
from collections.abc import Callable
from typing import Protocol

from analyzer.capture.stored import ByteStream, StreamDamage

# bytes; what a decoder is given at once. At the break of a damaged stream at most this much of it is lost, and a
# zstd block of 4 bytes may hold 128 KiB (RFC 8878, 3.1.1.2), so one piece inflates to at most 32 MiB.
PIECE_BYTES = 1024
FIRST_PIECE_BYTES = 64  # in the first chunk, so that of a small file little is lost
CHUNK_BYTES = 64 << 10  # bytes; what is read from storage at once
BOMB_BYTES = 1 << 30  # of output; what is smaller is read whatever its ratio
BOMB_RATIO = 200  # output to input; beyond both, a file was made to keep its reader busy
XZ_MEMORY_BYTES = 256 << 20  # bytes a dictionary may ask for; xz -9 needs 65 MiB

MAGIC_BYTES = 6  # bytes; the longest magic number below
_MAGICS = (
    ("gzip", b"\x1f\x8b"),  # RFC 1952 (2.3.1)
    ("xz", b"\xfd7zXZ\0"),  # The .xz File Format (2.1.1.1)
    ("bzip2", b"BZh"),
    ("zstd", b"\x28\xb5\x2f\xfd"),  # RFC 8878 (3.1.1)
    ("lz4", b"\x04\x22\x4d\x18"),  # LZ4 Frame Format
)
_SKIPPABLE = b"\x2a\x4d\x18"  # RFC 8878 (3.1.2): 0x50-0x5F, then this; both zstd and lz4 files may start so


def compression_of(magic: bytes) -> str | None:
    """Return the name of the compression that starts with these bytes, None for none that we read."""
    for name, start in _MAGICS:
        if magic.startswith(start):
            return name
    if magic[1:4] == _SKIPPABLE and magic[0] >> 4 == 5:
        return "zstd"
    return None


class Decompressor(Protocol):
    """One member (frame, stream) of a compressed file, as the standard library's decompressors behave."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out before something is put in."""

    @property
    def unused_data(self) -> bytes | None:
        """What was put in beyond the member's end."""

    def decompress(self, data: bytes | memoryview, max_length: int = -1) -> bytes:
        """Return at most `max_length` bytes of what the data holds and keep the rest."""


class _Gzip:
    """zlib's decompressor with the manners of the others."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)  # 31: a gzip header and trailer around a 32 KiB window
        self.needs_input = True

    def decompress(self, data: bytes | memoryview, max_length: int = -1) -> bytes:
        out = self._zlib.decompress(self._zlib.unconsumed_tail + bytes(data), max_length)
        self.needs_input = len(out) < max_length and not self._zlib.unconsumed_tail
        return out

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data


class _Zstd:
    """zstandard's decompressor with the manners of the others, except that it returns all that a piece holds."""

    needs_input = True

    def __init__(self) -> None:
        import zstandard

        self._zstd = zstandard.ZstdDecompressor().decompressobj()

    def decompress(self, data: bytes | memoryview, max_length: int = -1) -> bytes:
        return self._zstd.decompress(data)

    @property
    def eof(self) -> bool:
        return self._zstd.eof

    @property
    def unused_data(self) -> bytes:
        return self._zstd.unused_data


def _maker(compression: str) -> tuple[Callable[[], Decompressor], tuple[type[Exception], ...]]:
    """Return what makes a decompressor of this name, and what it raises on broken data."""
    if compression == "gzip":
        return _Gzip, (zlib.error,)
    if compression == "xz":
        import lzma

        return lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY_BYTES), (lzma.LZMAError,)
    if compression == "bzip2":
        import bz2

        return bz2.BZ2Decompressor, (OSError, ValueError)
    if compression == "zstd":
        import zstandard

        return _Zstd, (zstandard.ZstdError,)
    import lz4.frame

    return lz4.frame.LZ4FrameDecompressor, (RuntimeError, EOFError)


class Inflated:
    """A `ByteStream` of what a compressed one holds; members that follow one another are one stream."""

    def __init__(self, stored: ByteStream, compression: str, head: bytes) -> None:
        """Inflate `stored`, whose first bytes were read already: they are `head`."""
        self.compression: str | None = compression
        self._stored = stored
        self._make, self._errors = _maker(compression)
        self._member = self._make()
        self._inflated = 0  # bytes, of all members
        self._started = False  # whether the present member was given anything
        self._chunk = memoryview(bytearray(CHUNK_BYTES))
        self._chunk[: len(head)] = head
        self._position, self._end = 0, len(head)
        self._spare = memoryview(b"")  # inflated already, but there was no room
        self._damage: StreamDamage | None = None  # a decompressor that failed is not asked again

    @property
    def bytes_read(self) -> int:
        """Bytes taken from storage so far."""
        return self._stored.bytes_read

    @property
    def size(self) -> int | None:
        """Bytes in storage, None where that is not known."""
        return self._stored.size

    def close(self) -> None:
        """Close the storage."""
        self._stored.close()

    def fill(self, view: memoryview) -> int:
        """Inflate what has arrived until the view is full or more input would have to be waited for."""
        done = 0
        while done < len(view):
            if self._spare:
                done += self._take(view[done:])
            elif self._damage:
                break
            elif self._member.eof:
                if not self._next_member(wait=not done):
                    break
            elif self._member.needs_input and self._position == self._end:
                if done or not self._more_input():
                    break
            else:
                self._inflate(len(view) - done)
        if self._damage and not done:
            raise self._damage
        return done

    def _take(self, view: memoryview) -> int:
        """Move spare bytes into the view."""
        count = min(len(self._spare), len(view))
        view[:count] = self._spare[:count]
        self._spare = self._spare[count:]
        return count

    def _inflate(self, room: int) -> None:
        """Give the member one piece, and keep what comes out as spare bytes."""
        length = FIRST_PIECE_BYTES if self.bytes_read <= CHUNK_BYTES else PIECE_BYTES
        piece = self._chunk[self._position : min(self._position + length, self._end)]
        data = piece if self._member.needs_input else b""
        try:
            self._spare = memoryview(self._member.decompress(data, room))
        except self._errors as error:
            self._damage = StreamDamage(f"the {self.compression} data is damaged ({_one_line(error)})")
            return
        self._inflated += len(self._spare)
        if self._inflated > max(BOMB_BYTES, BOMB_RATIO * self.bytes_read):
            reason = f"the {self.compression} data inflates to more than {BOMB_RATIO} times its size"
            self._damage = StreamDamage(reason)
        if data:
            self._started = True
            self._position += len(piece)
        if self._member.eof:
            self._position -= len(self._member.unused_data or b"")

    def _more_input(self) -> bool:
        """Read from storage; False at its end, which must not be inside a member."""
        self._position, self._end = 0, 0
        self._end = self._stored.fill(self._chunk)
        if self._end == 0 and self._started and not self._member.eof:
            raise StreamDamage(f"the {self.compression} data is cut short")
        return self._end > 0

    def _next_member(self, wait: bool) -> bool:
        """Start the member that follows, if one does; zeros between members are padding."""
        while True:
            while self._position < self._end and self._chunk[self._position] == 0:
                self._position += 1
            if self._position < self._end:
                break
            if not wait or not self._more_input():
                return False
        self._member = self._make()
        self._started = False
        return True


def _one_line(error: Exception) -> str:
    """Return the first line of what a library said."""
    return (str(error) or type(error).__name__).splitlines()[0]
