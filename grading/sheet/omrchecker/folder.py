"""The files of a template: JSON and pictures that name each other by relative paths, uploaded or on this machine."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image

from grading.sheet.decoding import Grey
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.values import read_json
from uploads import archive
from uploads.pictures import decoding
from uploads.problems import BadFile

MOST_PIXELS = 40_000_000
MOST_BYTES = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
KINDS = {".json", ".csv", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"}


def unpack_uploads(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files of an upload by their paths, those inside of a ZIP among them; only the kinds that templates have.

    Raises BadFile for a ZIP that should not be opened, and for more than MOST_BYTES in all.
    """
    found: dict[str, bytes] = {}
    for name, data in uploads:
        if not data.startswith(b"PK\x03\x04"):
            found[name] = data
            continue
        packed = archive.Archive(BytesIO(data))
        for place, inner in enumerate(packed.names()):
            if PurePosixPath(inner).suffix.lower() in KINDS:
                found[inner] = packed.read(place)
            if sum(map(len, found.values())) > MOST_BYTES:
                raise BadFile("too_big")
    return found


class Folder(ABC):
    """Files, seen from the folder of a template.json."""

    @abstractmethod
    def find(self, name: str) -> bytes | None:
        """By its path from here. Raises WrongTemplate where it is too large."""

    def data(self, name: str) -> bytes:
        found = self.find(name)
        if found is None:
            raise WrongTemplate("missing_file", name)
        return found

    def values(self, name: str) -> dict[str, Any]:
        """An optional JSON file beside the template."""
        found = self.find(name)
        return read_json(found, name) if found is not None else {}

    def picture(self, name: str) -> Grey:
        """The marker, the blank form or the answer key. These are small, so the limits of scans do not fit."""
        data = BytesIO(self.data(name))
        try:
            with decoding("broken_picture"), Image.open(data, formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS or min(width, height) < 8:
                    raise BadFile("broken_picture")
                grey = np.asarray(picture.convert("L"))
        except BadFile as error:
            raise WrongTemplate("wrong_picture", name) from error
        if grey.std() < 2:
            raise WrongTemplate("wrong_picture", name)
        return grey


@dataclass(frozen=True, eq=False)
class UploadedFolder(Folder):
    """Of an upload, `files` by their paths. A picture is found by its name alone, too, where only one file has it: who
    uploads files one by one has no folders."""

    files: Mapping[PurePosixPath, bytes]
    here: PurePosixPath

    def find(self, name: str) -> bytes | None:
        path = PurePosixPath(name.replace("\\", "/"))
        whole = PurePosixPath(*(part for part in (self.here / path).parts if part != "."))
        if path.suffix == ".json":
            return self.files.get(whole)
        alike = [data for known_path, data in self.files.items() if known_path.name == path.name]
        return self.files.get(whole) or (alike[0] if len(alike) == 1 else None)


@dataclass(frozen=True)
class LocalFolder(Folder):
    """On this machine."""

    here: Path

    def find(self, name: str) -> bytes | None:
        path = self.place_of(name)
        try:
            if not path.is_file():
                return None
            if path.stat().st_size > MOST_BYTES:
                raise WrongTemplate("too_large", name)
            return path.read_bytes()
        except OSError:  # may not be read, a loop of links
            return None

    def place_of(self, name: str) -> Path:
        return self.here / name.replace("\\", "/").replace("\0", "")
