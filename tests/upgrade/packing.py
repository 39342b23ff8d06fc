"""A site's database and files as parts of the fixture, small enough for the repository."""

import lzma
import sqlite3
import subprocess
import tarfile
from pathlib import Path

from processes import Checkout


def pack_sqlite(database: Path, out: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("VACUUM")
    connection.close()
    (out / "nunbit.sqlite3.xz").write_bytes(lzma.compress(database.read_bytes(), preset=9))


def pack_files(folder: Path, shipped: set[str], out: Path) -> None:
    """The secret key and the media, without what the release itself brings."""

    def wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        path = Path(entry.name)
        return None if shipped & set(path.parts) or path.name == "taught.onnx" else entry

    with tarfile.open(out / "data.tar.xz", "w:xz", preset=9) as archive:
        for name in ("secret_key", "files"):
            archive.add(folder / name, name, filter=wanted)


def pack_postgres(old: Checkout, rows: Path, url: str, out: Path) -> None:
    """The same rows in PostgreSQL, as SQL that any client can send to an empty database."""
    old.manage("dumpdata", "--exclude", "contenttypes", "--exclude", "auth", "--output", str(rows))
    copy = Checkout(old.folder, old.python, **old.environment | {"DATABASE_URL": url})
    copy.manage("migrate", "--verbosity", "0")
    copy.manage("flush", "--no-input", "--verbosity", "0")
    copy.manage("loaddata", str(rows))
    dump = [
        "pg_dump",
        "--no-owner",
        "--no-privileges",
        "--rows-per-insert=50",
        url.replace("postgres:", "postgresql:"),
    ]
    sql = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    lines = [line for line in sql.splitlines(keepends=True) if not line.startswith("\\")]  # for psql alone
    (out / "postgres.sql.xz").write_bytes(lzma.compress("".join(lines).encode(), preset=9))
