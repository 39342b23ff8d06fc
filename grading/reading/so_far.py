"""What was read of a scan so far, kept in its folder: whoever goes on after a kill, or once others had their turn,
begins there. JSON, for files of people lie in the same storage.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from grading.models import Scan
from grading.reading.cells import PageReading, as_list
from grading.sheet.code import PageCode
from grading.sheet.interpret import Identity
from registry.models import ModelVersion
from uploads.sandbox import Sandbox

PREFIX = "readings-"


class ReadSoFar:
    """By these versions: what others read is read anew."""

    def __init__(self, scan: Scan, versions: Sequence[ModelVersion]) -> None:
        self.folder, self.versions = scan.folder, sorted(version.pk for version in versions)

    def load(self, sandbox: Sandbox) -> list[PageReading]:
        """The pages from the first on; the sandbox gets the time that the upload has left."""
        pages: list[PageReading] = []
        for name in self.names():
            with default_storage.open(name) as file:
                kept = json.load(file)
            if kept["versions"] != self.versions or kept["first"] != len(pages):
                break
            pages += map(from_json, kept["pages"])
            sandbox.left = kept["left"]
        return pages

    def save(self, pages: Sequence[PageReading], first: int, sandbox: Sandbox) -> None:
        """first: how many pages are before these."""
        kept = {"versions": self.versions, "first": first, "left": sandbox.left}
        name = f"{self.folder}/{PREFIX}{first:04d}.json"
        default_storage.delete(name)
        content = json.dumps(kept | {"pages": list(map(to_json, pages))}, default=asdict)
        default_storage.save(name, ContentFile(content.encode()))

    def remove(self) -> None:
        for name in self.names():
            default_storage.delete(name)

    def names(self) -> Iterator[str]:
        if default_storage.exists(self.folder):
            for name in sorted(default_storage.listdir(self.folder)[1]):
                if name.startswith(PREFIX):
                    yield f"{self.folder}/{name}"


def to_json(page: PageReading) -> dict[str, Any]:
    """All but its code and its identity, which `asdict` makes of them: of a whole page that takes 6 ms."""
    return vars(page) | {"cells": {number: as_list(cells) for number, cells in page.cells.items()}}


def from_json(kept: dict[str, Any]) -> PageReading:
    cells = {int(number): np.array(rows, np.float32) for number, rows in kept["cells"].items()}
    code = PageCode(**kept["code"]) if kept["code"] else None
    return PageReading(**kept | {"cells": cells, "code": code, "identity": Identity(**kept["identity"])})
