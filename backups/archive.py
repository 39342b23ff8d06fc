"""The archive of a site: one tar file, and whether it is whole.

secret_key
rows/<app>.<model>.jsonl.gz   one a table; the first line names the columns
files/<name in the storage>   as they are: pictures and weights do not get smaller
manifest.json                 who made it, when, and how much is in it
SHA256SUMS                    of all members before it, as `sha256sum --check` reads them
"""

import hashlib
import io
import json
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from gzip import BadGzipFile
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import IO, cast

FORMAT = 1
SECRET_KEY, MANIFEST, SUMS = "secret_key", "manifest.json", "SHA256SUMS"
ROWS, FILES, ROWS_END = "rows/", "files/", ".jsonl.gz"
DAMAGE = (tarfile.TarError, BadGzipFile, EOFError, zlib.error, UnicodeDecodeError, json.JSONDecodeError)


class BackupError(Exception):
    """Backup or restore cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """made_at: ISO 8601; database: its vendor; migrations: app → names; tables: label → rows; sizes in bytes,
    those of rows before they were compressed."""

    format: int
    release: str
    made_at: str
    database: str
    migrations: dict[str, list[str]]
    tables: dict[str, int]
    row_bytes: int
    files: int
    file_bytes: int


class Hashed(io.RawIOBase):
    """Reads a file and knows the sha256 of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content, self.sha256 = content, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        read = self.content.read(size)
        self.sha256.update(read)
        return read


class ArchiveWriter:
    """Into an open tar; `close` ends what is in it."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar, self.sums = tar, dict[str, str]()

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Raises OSError where `content` ends before `size` bytes."""
        if "\n" in name:
            raise BackupError(
                f"{name!r} has a line break in its name, which SHA256SUMS cannot hold: rename it."
            )
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        hashed = Hashed(content)
        self.tar.addfile(member, hashed)
        forget_members(self.tar)
        self.sums[name] = hashed.sha256.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, io.BytesIO(content), len(content))

    def close(self, manifest: Manifest) -> None:
        self.add_bytes(MANIFEST, json.dumps(asdict(manifest), indent=2).encode())
        self.add_bytes(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self.sums.items()).encode())


def forget_members(tar: tarfile.TarFile) -> None:
    """tarfile remembers each that it has seen: a hundred thousand scans would fill 100 MB."""
    tar.members = []  # type: ignore[attr-defined]


@contextmanager
def open_archive(path: Path) -> Iterator[tarfile.TarFile]:
    """Raises BackupError where it cannot be read, or, while it is read, is not what was written."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except DAMAGE as problem:
        raise BackupError(f"{path} is damaged or was cut off ({problem}): take another backup.") from problem


def members(tar: tarfile.TarFile) -> Iterator[tuple[str, BufferedReader]]:
    """Name and content of each. Raises BackupError at what no backup holds: links, and paths that lead out."""
    while member := tar.next():
        forget_members(tar)
        path = PurePosixPath(member.name)
        content = tar.extractfile(member) if member.isfile() else None
        if content is None or path.is_absolute() or ".." in path.parts:
            raise BackupError(f"{member.name!r} has no place in a backup: this archive is not one of Nunbit.")
        yield member.name, cast(BufferedReader, content)  # which typeshed calls IO[bytes]


def verify_archive(path: Path) -> Manifest:
    """Reads all of it. Raises BackupError where a byte is not as it was written, or a newer release wrote it."""
    found: dict[str, str] = {}
    texts: dict[str, bytes] = {MANIFEST: b"", SUMS: b""}
    with open_archive(path) as tar:
        for name, content in members(tar):
            if name in found:
                raise BackupError(f"{name!r} is twice in the archive: take another backup.")
            found[name] = hashlib.file_digest(content, "sha256").hexdigest()
            if name in texts:
                content.seek(0)
                texts[name] = content.read()
        verify_digests(found, texts[SUMS])
        return manifest_of(texts[MANIFEST])


def verify_digests(found: dict[str, str], sums: bytes) -> None:
    """Raises BackupError where the digests of members are not those that the archive names last."""
    lines = (line.partition("  ") for line in sums.decode().split("\n") if line)
    written = {name: digest for digest, _two_spaces, name in lines}
    found = {name: digest for name, digest in found.items() if name != SUMS}
    if not {SECRET_KEY, MANIFEST} <= written.keys():
        raise BackupError("The archive has no end: it was cut off, or is no backup: take another backup.")
    for name in sorted(written.keys() | found.keys()):
        if written.get(name) != found.get(name):
            raise BackupError(f"{name!r} was changed since the backup was made: take another backup.")


def manifest_of(text: bytes) -> Manifest:
    values = json.loads(text)
    try:
        if values["format"] > FORMAT:
            raise BackupError(newer(values["release"]))
        return Manifest(**values)
    except (KeyError, TypeError) as problem:
        raise BackupError(f"{MANIFEST} of this archive is not one of Nunbit ({problem}).") from problem


def newer(release: str) -> str:
    return f"A newer release ({release}) made this backup: update Nunbit, then restore."
