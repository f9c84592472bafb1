"""Folders as files of limited size: packed, split, checked by their digests, and unpacked."""

import hashlib
import json
import lzma
import pathlib
import shutil
import tarfile

# A part fits where files of 64 MiB do not.
PART_BYTES = 56 << 20
LIST = "parts.json"
BLOCK = 1 << 20


class DamagedParts(Exception):
    """Parts that are missing, or are not what was packed."""


class PartWriter:
    """A stream that goes into files of limited size."""

    def __init__(self, folder, name, part_bytes=PART_BYTES):
        self._folder = folder
        self._name = name
        self._limit = part_bytes
        self._file = None
        self._left = 0
        self.parts = []

    def write(self, data):
        view = memoryview(data)
        written = len(view)
        while view:
            if self._left == 0:
                self._begin()
            piece = view[: self._left]
            self._file.write(piece)
            self._digest.update(piece)
            self._left -= len(piece)
            self.parts[-1]["bytes"] += len(piece)
            view = view[len(piece):]
        return written

    def close(self):
        if self._file:
            self._file.close()
            self._file = None
            self.parts[-1]["sha256"] = self._digest.hexdigest()

    def _begin(self):
        self.close()
        name = f"{self._name}.{len(self.parts):02d}"
        self._file = open(self._folder / name, "wb")
        self._digest = hashlib.sha256()
        self._left = self._limit
        self.parts.append({"name": name, "bytes": 0})


class PartReader:
    """The stream that went into the files; each is checked when its end is reached."""

    def __init__(self, folder, parts):
        self._folder = folder
        self._waiting = list(parts)
        self._file = None

    def read(self, count=-1):
        gathered = bytearray()
        while count < 0 or len(gathered) < count:
            if self._file is None and not self._begin():
                break
            piece = self._file.read(BLOCK if count < 0 else count - len(gathered))
            if piece:
                self._digest.update(piece)
                self._seen += len(piece)
                gathered += piece
            else:
                self._end()
        return bytes(gathered)

    def close(self):
        if self._file:
            self._file.close()
            self._file = None

    def _end(self):
        self.close()
        if (self._seen, self._digest.hexdigest()) != (self._part["bytes"], self._part["sha256"]):
            name = self._part["name"]
            raise DamagedParts(f"{name} is not the file that was packed: copy it again")

    def _begin(self):
        if not self._waiting:
            return False
        self._part = self._waiting.pop(0)
        try:
            self._file = open(self._folder / self._part["name"], "rb")
        except OSError as error:
            raise DamagedParts(f"{self._part['name']} cannot be read: {error.strerror}") from error
        self._digest = hashlib.sha256()
        self._seen = 0
        return True


def pack(source, folder, name="proof.tar.xz", part_bytes=PART_BYTES, preset=6):
    """Writes a folder into parts in another one, with a list of them; returns their sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob(f"{name}.*"), folder / LIST]:
        old.unlink(missing_ok=True)
    writer = PartWriter(folder, name, part_bytes)
    with lzma.LZMAFile(writer, "wb", preset=preset) as stream:
        with tarfile.open(fileobj=stream, mode="w|") as archive:
            for path in sorted(source.iterdir()):
                archive.add(path, path.name)
    writer.close()
    # Written last: without it there is nothing to unpack.
    (folder / LIST).write_text(json.dumps({"v": 1, "parts": writer.parts}, indent=1) + "\n")
    return [part["bytes"] for part in writer.parts]


def unpack(folder, destination):
    """Unpacks the parts of a folder into another one, which is emptied first.

    Raises DamagedParts when they are not what was packed; then there is no such folder.
    """
    try:
        parts = json.loads((folder / LIST).read_text(encoding="utf-8"))["parts"]
        names = [str(part["name"]) for part in parts]
    except OSError as error:
        raise DamagedParts(f"{folder / LIST} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedParts(f"{folder / LIST} is damaged") from error
    if any(pathlib.PurePath(name).name != name for name in names):
        raise DamagedParts(f"{folder / LIST} names files elsewhere")
    shutil.rmtree(destination, ignore_errors=True)
    destination.mkdir(parents=True)
    reader = PartReader(folder, parts)
    try:
        with lzma.LZMAFile(reader, "rb") as stream:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                extract(archive, destination)
            # Also what follows the archive's end counts.
            while stream.read(BLOCK):
                pass
        reader.read()
    except (DamagedParts, lzma.LZMAError, tarfile.TarError, EOFError) as error:
        shutil.rmtree(destination, ignore_errors=True)
        if isinstance(error, DamagedParts):
            raise
        raise DamagedParts(f"{folder} is damaged: {error}") from error
    finally:
        reader.close()


def extract(archive, destination):
    """Extracts, without what would land outside, where Python can tell (3.12, 3.11.4)."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(destination, filter="data")
    else:
        archive.extractall(destination)
