"""Files that belong to rows: kept under harmless names, deleted with their rows, shown by browsers."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse

PRIVATE = "private, max-age=86400, immutable"  # what was uploaded never changes


def extension(name: str | None) -> str:
    """A short harmless one of the name that a file came with; what the file is, is told by its content."""
    found = re.search(r"\.([a-z0-9]{1,5})$", (name or "").lower())
    return found[1] if found else "bin"


def remove_on_commit(files: Iterable[FieldFile]) -> None:
    """Once the deletion of their rows is committed, the files go, too."""
    stored = [(file.storage, file.name) for file in files if file.name]

    def remove() -> None:
        for storage, name in stored:
            storage.delete(name)

    transaction.on_commit(remove)


def image_answer(content: bytes) -> HttpResponse:
    """A PNG or JPEG for whoever asked, who may keep it."""
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": PRIVATE})
