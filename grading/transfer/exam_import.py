"""An exported exam (`grading.transfer.exam_export`), opened as the file of a stranger.

A worker does it. JSON and pictures are read by children with limits, and pictures are written anew; what the JSON says
is checked by `grading.serializers.transfer`, and held against the sheet where it is stored
(`grading.transfer.exam_moving`).
What does not fit together ends it with a sentence, and nothing is stored.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop
from rest_framework import serializers

from grading.serializers import transfer
from grading.sheet.kept_pictures import kept_picture
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.stored import OpenedTemplate, open_template
from grading.sheet.omrchecker.template_reading import WHERE
from grading.transfer.exam_export import FORMAT, VERSION
from grading.transfer.imports import MOST_FILES, NOT_ONE
from jobs.claims import Rejected
from uploads.archive import names_in_archive, read_json_file, read_named
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from web.parsers import is_storable

MOST_JSON = 20_000_000  # bytes of one document

NEWER = gettext_noop(
    "This exam was exported by a newer release than this site runs. Upgrade this site first."
)
BROKEN = {
    "exam": gettext_noop(
        "In this file the sheet, items, key or roster were changed, and do not fit together."
    ),
    "papers": gettext_noop("In this file the papers were changed, and do not fit its items and pages."),
    "scans": gettext_noop("In this file the scans were changed, and do not fit its sheet."),
    "cells": gettext_noop("In this file what was read of its pages was changed, and does not fit its sheet."),
    "pictures": gettext_noop("In this file a picture or an upload is missing or damaged."),
}
Report = Callable[[float], None]


@dataclass
class MovedExam:
    """What the file says, well formed. `pictures` and `uploads`: names in the file → where they lie for now."""

    exam: dict[str, Any]
    papers: list[dict[str, Any]]
    scans: list[dict[str, Any]]
    cells: dict[tuple[int, int, int], dict[str, Any]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    template: OpenedTemplate | None = None


class ExportedFile:
    """One that was sent. Each call opens it in a child. Raises Rejected."""

    def __init__(self, path: Path) -> None:
        self.path, self.sandbox = path, Sandbox()
        with refused_as_job():
            self.names = set(self.sandbox.run(names_in_archive, path, MOST_FILES))

    def document(self, name: str, part: str) -> Any:
        with refused_as_job():
            found = self.sandbox.run(read_json_file, self.path, MOST_FILES, name, MOST_JSON)
        if found is None or not is_storable(found):
            raise Rejected(BROKEN[part])
        return found

    def checked(self, name: str, part: str, serializer: serializers.BaseSerializer) -> Any:
        """Raises Rejected where it is not as the serializer has it."""
        data = self.document(name, part)
        try:
            return serializer.run_validation(data)
        except (serializers.ValidationError, ValidationError, TypeError, ValueError, RecursionError) as wrong:
            raise Rejected(BROKEN[part]) from wrong

    def content(self, name: str) -> bytes:
        try:
            return self.sandbox.run(read_named, self.path, MOST_FILES, name)
        except BadFile as problem:
            raise Rejected(BROKEN["pictures"]) from problem

    def picture(self, name: str) -> bytes:
        try:
            return self.sandbox.run(kept_picture, self.path, MOST_FILES, name)
        except BadFile as problem:
            raise Rejected(BROKEN["pictures"]) from problem


@contextmanager
def refused_as_job() -> Iterator[None]:
    """What is wrong with a file ends the job with its sentence."""
    try:
        yield
    except BadFile as problem:
        raise Rejected(str(problem)) from problem


def open_exam(path: Path, folder: Path, report: Report) -> MovedExam:
    """All of it, well formed; files lie in the folder. Raises Rejected."""
    source = ExportedFile(path)
    check_manifest(source)
    moved = MovedExam(
        source.checked("exam.json", "exam", transfer.ExamDocumentSerializer()),
        read_papers(source),
        source.checked("scans.json", "scans", many(transfer.MovedScanSerializer(), transfer.MOST_SCANS)),
    )
    read_cells(source, moved)
    read_pictures(source, moved, folder, report)
    return moved


def read_papers(source: ExportedFile) -> list[dict[str, Any]]:
    names = sorted(name for name in source.names if name.startswith("papers/"))
    child = many(transfer.MovedPaperSerializer(), transfer.MOST_PAPERS)
    papers = [paper for name in names for paper in source.checked(name, "papers", child)]
    if len(papers) > transfer.MOST_PAPERS:
        raise Rejected(BROKEN["papers"])
    return papers


def many(child: serializers.Serializer, most: int) -> serializers.ListField:
    return serializers.ListField(child=child, max_length=most)


def check_manifest(source: ExportedFile) -> None:
    if "manifest.json" not in source.names:
        raise Rejected(NOT_ONE)
    manifest = source.document("manifest.json", "exam")
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Rejected(NOT_ONE)
    if type(manifest.get("version")) is not int or manifest["version"] > VERSION:
        raise Rejected(NEWER)


def read_cells(source: ExportedFile, moved: MovedExam) -> None:
    for name in sorted(name for name in source.names if name.startswith("cells/")):
        scan = name.removeprefix("cells/").partition("-")[0]
        if not scan.isdecimal() or len(scan) > 4:
            raise Rejected(BROKEN["cells"])
        for row in source.checked(name, "cells", many(transfer.MovedCellsSerializer(), 1000)):
            moved.cells[int(scan), row["page"], row["part"]] = row


def read_pictures(source: ExportedFile, moved: MovedExam, folder: Path, report: Report) -> None:
    """Pictures of pages as a child writes them anew, and uploads as they are: they are opened when they are read."""
    names = sorted(name for name in source.names if name.startswith("scans/"))
    for place, name in enumerate(names):
        data = source.picture(name) if name.endswith(".jpg") else source.content(name)
        moved.files[name] = folder / f"{place:05d}"
        moved.files[name].write_bytes(data)
        report(place / len(names))
    if moved.exam["template"] is not None:
        read_template(source, moved, folder)


def read_template(source: ExportedFile, moved: MovedExam, folder: Path) -> None:
    """As one that is uploaded."""
    given = moved.exam["template"]
    files = [(WHERE, json.dumps(given["values"]).encode())]
    files += [
        (name, source.content(f"template/{place:02d}"))
        for place, name in enumerate(sorted(given["pictures"]))
    ]
    try:
        moved.template = source.sandbox.run(open_template, files)
    except (WrongTemplate, BadFile) as problem:
        raise Rejected(BROKEN["exam"]) from problem
    if "template/sheet.jpg" in source.names:
        moved.files["template/sheet.jpg"] = folder / "sheet"
        moved.files["template/sheet.jpg"].write_bytes(source.picture("template/sheet.jpg"))
