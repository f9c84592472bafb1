"""CUDA libraries without the code for other cards.

A library has its kernels once for each kind of card, one after the other in containers, "fat
binaries": a header (magic number, version, header size, size of all that follows) and for each
entry another (kind, version, header size, size of its code; at byte 28 the compute capability, 90
for 9.0). CUDA loads the entry of the card that is there and no other. Their code is overwritten
with zeros here, which take no space once they are compressed; all headers and places stay.
"""

import struct

MAGIC = struct.pack("<I", 0xBA55ED50)
HEADER = struct.Struct("<IHHQ")
ENTRY = struct.Struct("<HHIQ")
CAPABILITY_AT = 28


def blank(data, capability):
    """Overwrites, in a library's bytes, the code for all cards but those of one compute
    capability. A container without any code for it stays whole, also one that is not understood.

    Returns how many bytes were overwritten.
    """
    blanked = 0
    at = data.find(MAGIC)
    while at >= 0:
        entries = _entries(data, at)
        if any(found == capability for found, _, _ in entries):
            for found, start, end in entries:
                if found != capability:
                    data[start:end] = bytes(end - start)
                    blanked += end - start
        at = data.find(MAGIC, entries[-1][2] if entries else at + len(MAGIC))
    return blanked


def _entries(data, at):
    """The compute capability, the start and the end of each code in a container; none where this
    is no container."""
    if at + HEADER.size > len(data):
        return []
    _, version, header, size = HEADER.unpack_from(data, at)
    position, end = at + header, at + header + size
    if version != 1 or header != HEADER.size or end > len(data):
        return []
    entries = []
    while position + CAPABILITY_AT + 4 <= end:
        _, _, header, size = ENTRY.unpack_from(data, position)
        start = position + header
        if header < CAPABILITY_AT + 4 or start + size > end:
            return []
        capability = struct.unpack_from("<I", data, position + CAPABILITY_AT)[0]
        entries.append((capability, start, start + size))
        position = start + size
    return entries if position == end else []
