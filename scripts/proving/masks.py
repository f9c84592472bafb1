"""Masks as files, and how far two folders of them agree."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


class NoMask(Exception):
    """A file that is no 8-bit grey PNG, or is missing."""


def read(path):
    """The width, the height and the samples, row by row, of an 8-bit grey PNG file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoMask(f"{path.name}: {error.strerror}") from error
    if not data.startswith(SIGNATURE):
        raise NoMask(f"{path.name} is no PNG file")
    try:
        head, compressed = _chunks(data)
        width, height, depth, colour, _, _, interlacing = struct.unpack(">IIBBBBB", head)
        lines = zlib.decompress(compressed)
    except (struct.error, zlib.error, TypeError) as error:
        raise NoMask(f"{path.name} is damaged") from error
    if (depth, colour, interlacing) != (8, 0, 0) or len(lines) != height * (width + 1):
        raise NoMask(f"{path.name} is no 8-bit grey image")
    return width, height, _unfiltered(lines, width, height)


def _chunks(data):
    head, compressed, at = None, b"", len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8: at + 8 + length]
        at += length + 12
        if kind == b"IHDR":
            head = body
        elif kind == b"IDAT":
            compressed += body
    return head, compressed


def _unfiltered(lines, width, height):
    """Undoes the filter of each line (PNG specification, section 9), for one byte a pixel."""
    above = bytes(width)
    rows = []
    for start in range(0, height * (width + 1), width + 1):
        kind, row = lines[start], bytearray(lines[start + 1: start + 1 + width])
        if kind == 1:
            for x in range(1, width):
                row[x] = (row[x] + row[x - 1]) & 255
        elif kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, above))
        elif kind in (3, 4):
            left = corner = 0
            for x in range(width):
                up = above[x]
                guess = (left + up) // 2 if kind == 3 else _nearest(left, up, corner)
                left, corner = (row[x] + guess) & 255, up
                row[x] = left
        above = bytes(row)
        rows.append(above)
    return b"".join(rows)


def _nearest(left, up, corner):
    estimate = left + up - corner
    return min((left, up, corner), key=lambda value: abs(estimate - value))


def iou(one, other):
    """The intersection over union of two masks, as `read` returns them; 1 where both are empty."""
    if one[:2] != other[:2]:
        raise NoMask(f"masks of {one[0]}x{one[1]} and of {other[0]}x{other[1]}")
    # An object's samples are 128 or more: their highest bits, as one number each.
    high = int.from_bytes(b"\x80" * len(one[2]), "big")
    a, b = (int.from_bytes(mask[2], "big") & high for mask in (one, other))
    union = _bits(a | b)
    return _bits(a & b) / union if union else 1.0


def _bits(number):
    return bin(number).count("1")


def covered(mask):
    """The part of a mask that is the object."""
    high = int.from_bytes(b"\x80" * len(mask[2]), "big")
    return _bits(int.from_bytes(mask[2], "big") & high) / max(len(mask[2]), 1)


def compare(folder, other):
    """The mean and the least IoU of the frames of a folder with those of the same names in another
    one, which may have more."""
    names = sorted(path.name for path in folder.glob("frame_*.png"))
    if not names:
        raise NoMask(f"{folder} has no masks")
    values = [iou(read(folder / name), read(other / name)) for name in names]
    return sum(values) / len(values), min(values)
