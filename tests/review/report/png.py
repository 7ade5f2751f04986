"""The colours in a PNG as Chromium writes it: 8 bits a channel, not interlaced.

The format is https://www.w3.org/TR/png-3/.
"""

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}
"""By colour type: RGB, and RGB with alpha."""


def colours(data: bytes) -> set[tuple[int, int, int]]:
    """Every colour that occurs, as red, green and blue."""
    assert data.startswith(_SIGNATURE)
    chunks = list(_chunks(data[len(_SIGNATURE) :]))
    width, height, depth, kind, _, _, interlace = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
    assert (depth, interlace) == (8, 0)
    size = _CHANNELS[kind]
    packed = b"".join(content for name, content in chunks if name == b"IDAT")
    return {
        (row[at], row[at + 1], row[at + 2])
        for row in _rows(zlib.decompress(packed), width * size, height, size)
        for at in range(0, width * size, size)
    }


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    while data:
        (length,) = struct.unpack(">I", data[:4])
        yield data[4:8], data[8 : 8 + length]
        data = data[12 + length :]


def _rows(data: bytes, length: int, height: int, size: int) -> Iterator[bytes]:
    """The rows with their filters undone."""
    above = bytes(length)
    for number in range(height):
        line = data[number * (length + 1) : (number + 1) * (length + 1)]
        row = bytearray(line[1:])
        for at in range(length):
            left = row[at - size] if at >= size else 0
            corner = above[at - size] if at >= size else 0
            row[at] = (row[at] + _predicted(line[0], left, above[at], corner)) & 255
        above = bytes(row)
        yield above


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    if kind == 4:
        estimate = left + above - corner
        return min((left, above, corner), key=lambda one: abs(estimate - one))
    return (0, left, above, (left + above) // 2)[kind]
