"""Pictures with a palette: a screenshot of flat colours in a third of the bytes, and looking the same."""

import struct
import zlib
from typing import Any

import numpy as np

COLOURS = 256  # as many as a palette holds (PNG 11.2.2)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE_TYPE = 3


def png_of(pixels: bytes, width: int, height: int) -> bytes:
    """Return a PNG of RGBA pixels, of which the frequent colours stay and the others become the nearest of those."""
    seen = np.frombuffer(pixels, dtype=np.uint8).reshape(-1, 4)[:, :3].astype(np.int64)
    codes = seen[:, 0] << 16 | seen[:, 1] << 8 | seen[:, 2]
    different, which, count = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([different >> 16 & 255, different >> 8 & 255, different & 255], 1)
    kept = np.sort(_chosen(colours, count))
    nearest = np.array([int(((colours[kept] - colour) ** 2).sum(axis=1).argmin()) for colour in colours])
    rows = nearest[which.reshape(-1)].astype(np.uint8).reshape(height, width)
    unfiltered = np.concatenate([np.zeros((height, 1), dtype=np.uint8), rows], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, _PALETTE_TYPE, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", colours[kept].astype(np.uint8).tobytes()),
             (b"IDAT", zlib.compress(unfiltered.tobytes(), 9)), (b"IEND", b"")]  # fmt: skip
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def _chosen(colours: Any, count: Any) -> Any:
    """Return which colours stay: half of them the most frequent ones, half those farthest from any that stays."""
    kept = list(np.argsort(-count, kind="stable")[: COLOURS // 2])
    distance = np.min([((colours - colours[one]) ** 2).sum(axis=1) for one in kept], axis=0)
    while len(kept) < min(COLOURS, len(colours)):
        farthest = int(np.argmax(distance * np.sqrt(count)))
        kept.append(farthest)
        distance = np.minimum(distance, ((colours - colours[farthest]) ** 2).sum(axis=1))
    return np.array(sorted({int(one) for one in kept}))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
