"""The files in a ZIP, one in memory at a time, within limits that hold whatever its directory claims.

Web processes look at the directory alone (`Archive`, `len`); workers have files unpacked by a child (`read_files`).
"""

import json
import re
import struct
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from .pictures import decoding
from .problems import BadFile
from .sandbox import Sandbox

MOST_FILES = 2_000
MOST_UNPACKED = 1_000_000_000
MOST_ENTRY = 100_000_000
DIRECTORY_BYTES = 400  # of a file in the directory, on average: a long name in Korean has 300
END_BYTES = 22 + 0xFFFF  # of the last record with its comment
CLUTTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}
UTF8 = 0x800  # flag bit: the name is UTF-8
ENCRYPTED = 0x1
WIDE = 0xFFFFFFFF  # the size stands in the record of ZIP64


class Archive:
    """The files of a ZIP in natural order, without what systems leave behind.

    Raises BadFile when it is damaged, holds too many files, claims too many bytes or names paths outside of itself.
    """

    def __init__(self, stream: BinaryIO, most_files: int = MOST_FILES) -> None:
        with decoding("broken_file"):
            if _directory_size(stream) > DIRECTORY_BYTES * most_files:
                raise BadFile("zip_too_many_files")
            self.zip = zipfile.ZipFile(stream)
        # one without a name is no file, and Python asks for its last letter
        found = [entry for entry in self.zip.infolist() if entry.filename and not entry.is_dir()]
        if len(found) > most_files:
            raise BadFile("zip_too_many_files")
        if sum(entry.file_size for entry in found) > MOST_UNPACKED:
            raise BadFile("zip_too_big")
        if any(_is_outside(entry.filename) for entry in found):
            raise BadFile("zip_outside")
        self.entries = sorted((entry for entry in found if not _is_clutter(entry.filename)), key=_natural)

    def __len__(self) -> int:
        return len(self.entries)

    def names(self) -> list[str]:
        return [entry_name(entry) for entry in self.entries]

    def read(self, place: int) -> bytes:
        """The content of one file; no more than the directory claims. Raises BadFile for what is wrong with it."""
        entry = self.entries[place]
        if entry.flag_bits & ENCRYPTED:
            raise BadFile("encrypted")
        if entry.file_size > MOST_ENTRY:
            raise BadFile("too_big")
        with decoding("broken_file"):
            return self.zip.read(entry)


def read_files(path: Path, most_files: int = MOST_FILES) -> Iterator[tuple[str, bytes | BadFile]]:
    """(name, content) of every file, unpacked by a child, or what is wrong with it. Raises BadFile like `Archive`."""
    sandbox = Sandbox()
    for place, name in enumerate(sandbox.run(names_in_archive, path, most_files)):
        try:
            yield name, sandbox.run(read_file, path, most_files, place)
        except BadFile as problem:
            yield name, problem


def names_in_archive(path: Path, most_files: int) -> list[str]:
    """In a child: the files of an archive."""
    return opened(path, most_files).names()


def read_file(path: Path, most_files: int, place: int) -> bytes:
    """In a child: the content of one of them."""
    return opened(path, most_files).read(place)


def read_named(path: Path, most_files: int, name: str) -> bytes:
    """In a child: the content of the file of this name. Raises BadFile where there is none, too."""
    archive = opened(path, most_files)
    place = next((at for at, one in enumerate(archive.entries) if one.filename == name), None)
    if place is None:
        raise BadFile("broken_file")
    return archive.read(place)


def read_json_file(path: Path, most_files: int, name: str, most_bytes: int) -> Any:
    """In a child: what the file of this name says, no longer than that; None where there is none. Raises BadFile."""
    archive = opened(path, most_files)
    place = next((at for at, one in enumerate(archive.entries) if one.filename == name), None)
    if place is None:
        return None
    if archive.entries[place].file_size > most_bytes:
        raise BadFile("broken_json")
    try:
        return json.loads(archive.read(place).decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, BadFile):
            raise
        raise BadFile("broken_json") from problem


def _refuse(constant: str) -> None:
    """NaN and Infinity, which Python would take."""
    raise ValueError(constant)


def opened(path: Path, most_files: int = MOST_FILES) -> Archive:
    """In a child, which keeps the last one open."""
    return _opened(path, path.stat().st_mtime_ns, most_files)


@lru_cache(maxsize=1)
def _opened(path: Path, changed: int, most_files: int) -> Archive:
    return Archive(path.open("rb"), most_files)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: Windows in Korean writes CP949 where the standard says CP437."""
    if entry.flag_bits & UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp949")
    except UnicodeError:
        return entry.filename


def _directory_size(stream: BinaryIO) -> int:
    """Bytes of the directory by the record at the end (APPNOTE 4.3.14 to 4.3.16); Python would read all of them."""
    length = stream.seek(0, 2)
    start = stream.seek(max(length - END_BYTES, 0))
    tail = stream.read()
    at = tail.rindex(b"PK\5\6")
    (size,) = struct.unpack_from("<I", tail, at + 12)
    if size != WIDE:
        return int(size)
    (record,) = struct.unpack_from("<Q", tail, at - 20 + 8)
    stream.seek(min(record, start + at))
    (wide,) = struct.unpack_from("<Q", stream.read(56), 40)
    return int(wide)


def _is_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(re.match(r"[A-Za-z]:", name))


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part in CLUTTER or part.startswith(".") for part in parts)


def _natural(entry: zipfile.ZipInfo) -> list[tuple[int, str]]:
    """Page 2 comes before page 10. Of two numbers the longer one is larger; Python reads none of 5,000 digits."""
    parts = re.split(r"0*(\d+)", entry.filename.lower())
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)]
