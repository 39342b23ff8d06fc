"""The files of a template as they were uploaded: JSON and pictures that name each other by relative paths."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
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


@dataclass(frozen=True, eq=False)
class Folder:
    """The files of an upload, seen from the folder of its template.json."""

    files: Mapping[PurePosixPath, bytes]
    here: PurePosixPath

    def find(self, name: str) -> bytes | None:
        """By its path from here, or by its name alone where only one file has it."""
        path = PurePosixPath(name.replace("\\", "/"))
        whole = PurePosixPath(*(part for part in (self.here / path).parts if part != "."))
        alike = [data for known_path, data in self.files.items() if known_path.name == path.name]
        return self.files.get(whole) or (alike[0] if len(alike) == 1 else None)

    def data(self, name: str) -> bytes:
        found = self.find(name)
        if found is None:
            raise WrongTemplate("missing_file", name)
        return found

    def values(self, name: str) -> dict[str, Any]:
        """An optional JSON file beside the template."""
        found = self.files.get(self.here / name)
        return read_json(found, name) if found is not None else {}

    def picture(self, name: str) -> Grey:
        """The marker or blank form. These are small, so the limits of scans do not fit."""
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
