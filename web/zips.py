"""A ZIP that is read while it is written: a download of any size, of which no more than one piece is in memory."""

import json
from collections.abc import Iterator
from io import RawIOBase
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage

PIECE = 2**20  # bytes
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same rows give the same file


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class ZipStream:
    """Each call answers the pieces that it made; `close` the last ones."""

    def __init__(self) -> None:
        self.out = Pieces()
        self.zip = ZipFile(self.out, "w")

    def add_text(self, name: str, text: str) -> Iterator[bytes]:
        self.zip.writestr(entry(name, ZIP_DEFLATED), text)
        yield from self.out.take()

    def add_json(self, name: str, content: Any) -> Iterator[bytes]:
        yield from self.add_text(name, json.dumps(content, ensure_ascii=False))

    def add_stored(self, name: str, path: str) -> Iterator[bytes]:
        """A file of the storage. Raises FileNotFoundError."""
        with default_storage.open(path) as file:
            yield from self.add_file(name, file)

    def add_file(self, name: str, file: Readable) -> Iterator[bytes]:
        """What pictures, PDFs and weights hold does not get smaller."""
        with self.zip.open(entry(name, ZIP_STORED), "w") as into:
            while piece := file.read(PIECE):
                into.write(piece)
                yield from self.out.take()

    def close(self) -> Iterator[bytes]:
        self.zip.close()
        yield from self.out.take()


class Pieces(RawIOBase):
    """Where a ZIP is written to that is read at the same time."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> Iterator[bytes]:
        pieces, self.pieces = self.pieces, []
        yield b"".join(pieces)


def entry(name: str, how: int) -> ZipInfo:
    info = ZipInfo(name, LONG_AGO)
    info.compress_type = how
    return info
