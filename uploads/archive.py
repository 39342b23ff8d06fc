"""The files in a ZIP, one in memory at a time, within limits that hold whatever its directory claims."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from .pictures import decoding
from .problems import BadFile

MOST_FILES = 2_000
MOST_UNPACKED = 1_000_000_000
MOST_ENTRY = 100_000_000
CHUNK = 1 << 20
CLUTTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}
UTF8 = 0x800  # flag bit: the name is UTF-8
ENCRYPTED = 0x1


def entries(stream: BinaryIO, most_files: int = MOST_FILES) -> list[zipfile.ZipInfo]:
    """Its files in natural order, without what systems leave behind.

    Raises BadFile when it is damaged, holds too many files, claims too many bytes or names paths outside of itself.
    """
    with _open(stream) as opened:
        found = [entry for entry in opened.infolist() if not entry.is_dir()]
    if len(found) > most_files:
        raise BadFile("zip_too_many_files")
    if sum(entry.file_size for entry in found) > MOST_UNPACKED:
        raise BadFile("zip_too_big")
    if any(_is_outside(entry.filename) for entry in found):
        raise BadFile("zip_outside")
    return sorted((entry for entry in found if not _is_clutter(entry.filename)), key=_natural)


def read_files(stream: BinaryIO, most_files: int = MOST_FILES) -> Iterator[tuple[str, bytes | BadFile]]:
    """(name, bytes) of every file, or what is wrong with it. Raises BadFile as `entries` does."""
    found = entries(stream, most_files)
    unpacked = 0
    with _open(stream) as opened:
        for entry in found:
            data = _read(opened, entry, MOST_UNPACKED - unpacked)
            unpacked += len(data) if isinstance(data, bytes) else 0
            yield entry_name(entry), data


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: Windows in Korean writes CP949 where the standard says CP437."""
    if entry.flag_bits & UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp949")
    except UnicodeError:
        return entry.filename


def _open(stream: BinaryIO) -> zipfile.ZipFile:
    with decoding("broken_file"):
        return zipfile.ZipFile(stream)


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes | BadFile:
    """Counts what really comes out, since a directory may lie."""
    if entry.flag_bits & ENCRYPTED:
        return BadFile("encrypted")
    most = min(MOST_ENTRY, room)
    if entry.file_size > most:
        return BadFile("too_big")
    data = bytearray()
    try:
        with decoding("broken_file"), opened.open(entry) as file:
            while chunk := file.read(CHUNK):
                data += chunk
                if len(data) > most:
                    return BadFile("too_big")
    except BadFile as problem:
        return problem
    return bytes(data)


def _is_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(re.match(r"[A-Za-z]:", name))


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part in CLUTTER or part.startswith(".") for part in parts)


def _natural(entry: zipfile.ZipInfo) -> list[tuple[int, str]]:
    """Page 2 comes before page 10."""
    return [
        (int(part), "") if part.isdigit() else (-1, part)
        for part in re.split(r"(\d+)", entry.filename.lower())
    ]
