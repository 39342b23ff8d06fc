"""Where a site takes files, by page and by API, and what a neighbour sends of the same kind meanwhile."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.hostile_files import HostileFile
from benchmarks.hostile_weights import GOOD_WEIGHTS, card, encoded_card
from benchmarks.own_site import ROOT

Part = tuple[str, tuple[str, bytes, str]]  # field, (name, content, content type), as `requests` takes them


@dataclass(frozen=True)
class Place:
    """One address that takes files. `path` may name {exam}, {template_exam}, {classifier} or {school_class};
    `families` are those meant for it."""

    route: str
    path: str
    field: str
    kind: str  # what a neighbour sends meanwhile
    families: tuple[str, ...]
    method: str = "POST"
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def parts(self, file: HostileFile) -> list[Part]:
        if self.field == "weights":
            return weights_parts(file)
        return [part(self.field, file.name, file.content)]


def part(name: str, file: str, content: bytes) -> Part:
    return name, (file, content, "application/octet-stream")


def weights_parts(file: HostileFile) -> list[Part]:
    """Weights come with a card: whichever of the two is hostile, the other one is good."""
    is_card = file.family == "card"
    weights = GOOD_WEIGHTS if is_card else file.content
    told = file.content if is_card else encoded_card(card(sha256=file.sha256))
    return [part("weights", "a.safetensors", weights), part("card", "a.json", told)]


TEMPLATE = {
    "pageDimensions": [400, 600],
    "bubbleDimensions": [20, 20],
    "preProcessors": [],
    "fieldBlocks": {
        "all": {
            "origin": [50, 50],
            "bubblesGap": 40,
            "labelsGap": 40,
            "fieldLabels": ["q1..10"],
            "fieldType": "QTYPE_MCQ4",
        }
    },
}
CAT = ROOT / "static/classifier/samples/cat.jpg"
SCANS = ("pdf", "picture", "archive", "request")
PICTURES = ("picture", "pdf", "note", "request")
ALBUMS = ("archive", "picture", "pdf", "request")
TEMPLATES = ("archive", "picture", "table", "request")
TABLES = ("table", "archive", "request")
MOVED = ("archive", "picture", "pdf", "request")
NOTES = ("note", "picture", "request")
FACES = {"count": "1", "model": "stylegan"}
WEIGHTS = ("weights", "card", "archive", "request")
PLACES = [
    Place("grading:scans", "/exams/{exam}/scans/", "files", "scan", SCANS),
    Place("grading:api-scans", "/api/exams/{exam}/scans/", "files[]", "scan", SCANS),
    Place("grading:roster", "/exams/{exam}/roster/", "file", "roster", TABLES),
    Place("grading:api-roster", "/api/exams/{exam}/roster/", "file", "roster", TABLES, "PUT"),
    Place("grading:api-roster", "/api/exams/{exam}/roster/?preview=true", "file", "roster", TABLES, "PUT"),
    Place(
        "grading:new_template",
        "/exams/new/template/",
        "files",
        "roster",
        TEMPLATES,
        fields={"title": "a", "language": "en"},
    ),
    Place(
        "grading:new_picture",
        "/exams/new/picture/",
        "picture",
        "scan",
        SCANS,
        fields={"title": "a", "language": "en", "count": "10", "options": "A-E"},
    ),
    Place("grading:import", "/exams/import/", "file", "scan", MOVED),
    Place("grading:api-imports", "/api/exams/import/", "file", "scan", MOVED),
    Place("grading:show_sheet", "/exams/{template_exam}/template/sheet/", "sheet", "scan", SCANS),
    Place("grading:api-templates", "/api/templates/", "files[]", "roster", TEMPLATES),
    Place("school:api-lists", "/api/classes/{school_class}/list/", "file", "roster", TABLES, "PUT"),
    Place("school:upload", "/classes/{school_class}/upload/", "file", "roster", TABLES),
    Place("digits:digits", "/digits/", "image", "digit", PICTURES),
    Place("digits:api-list", "/api/digits/", "image", "digit", PICTURES),
    Place("visitors:ask", "/demos/pictures/", "image", "picture", PICTURES),
    Place("classifier:pictures", "/pictures/", "images", "picture", PICTURES),
    Place("classifier:api-list", "/api/pictures/", "image", "picture", PICTURES),
    Place("classifier:api-album-list", "/api/albums/", "images[]", "album", ALBUMS),
    Place("classifier:classifiers", "/classifiers/", "file", "examples", ALBUMS),
    Place("classifier:api-classifier-list", "/api/classifiers/", "file", "examples", ALBUMS),
    Place(
        "classifier:add_examples",
        "/classifiers/{classifier}/add/",
        "images",
        "examples",
        ALBUMS,
        fields={"label": "a"},
    ),
    Place(
        "classifier:api-examples",
        "/api/classifiers/{classifier}/examples/",
        "images[]",
        "examples",
        ALBUMS,
        fields={"label": "a"},
    ),
    Place("generator:faces", "/faces/", "image", "faces", PICTURES, fields=FACES),
    Place("generator:api-list", "/api/faces/", "image", "faces", PICTURES, fields=FACES),
    Place("generator:restore", "/faces/restore/", "picture", "settings", NOTES),
    Place("generator:api-settings", "/api/faces/settings/", "image", "settings", NOTES),
    Place(
        "administration:site",
        "/settings/site/",
        "new_logo",
        "digit",
        NOTES,
        fields={"registration": "closed", "has_demos": "on", "guardian_age": "14", "year_begins": "3"},
    ),
    Place("administration:api-settings", "/api/settings/", "logo", "digit", NOTES, "PATCH"),
    Place("registry:upload", "/models/upload/", "weights", "digit", WEIGHTS),
    Place("registry:api-list", "/api/models/", "weights", "digit", WEIGHTS),
]


def places_for(file: HostileFile, places: list[Place], each: int, number: int) -> list[Place]:
    """`each` of the places that such a file is meant for, others with each file; all places where `each` is 0."""
    if not each:
        return places
    meant = [place for place in places if file.family in place.families]
    return [meant[(number + turn) % len(meant)] for turn in range(min(each, len(meant)))]


# --- what a neighbour sends


@dataclass(frozen=True)
class Good:
    """An upload that is read, and what of the resource tells that it was read as before."""

    path: str
    field: str
    file: tuple[str, bytes]
    result: Callable[[dict[str, Any]], Any]
    method: str = "POST"
    fields: dict[str, str] = field(default_factory=dict)


@cache
def digit_png() -> bytes:
    """A seven."""
    picture = Image.new("L", (64, 64), 255)
    ImageDraw.Draw(picture).line([(16, 14), (46, 14), (28, 52)], fill=0, width=6)
    return png_of(picture)


def png_of(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def noise_png() -> bytes:
    return png_of(Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)))


def good_uploads(sheet: bytes, face: bytes) -> dict[str, Good]:
    """By kind. sheet: the PDF of a sheet of the exam; face: a PNG that was drawn on the site."""
    cat = (CAT.name, CAT.read_bytes())
    roster = ("a.csv", "number,name\n1001,김\n1002,이\n".encode())
    examples = "/api/classifiers/{classifier}/examples/"
    return {
        "scan": Good("/api/exams/{exam}/scans/", "files[]", ("a.pdf", sheet), pages_of),
        "roster": Good("/api/exams/{exam}/roster/", "file", roster, lambda row: row["count"], "PUT"),
        "digit": Good("/api/digits/", "image", ("a.png", digit_png()), lambda row: row["text"]),
        "picture": Good(
            "/api/pictures/", "image", cat, lambda row: row["labels"][0], fields={"only": "labels"}
        ),
        "album": Good("/api/albums/", "images[]", cat, status_of, fields={"only": "labels"}),
        "examples": Good(examples, "images[]", ("a.png", noise_png()), status_of, fields={"label": "a"}),
        "faces": Good(
            "/api/faces/",
            "",
            ("", b""),
            lambda row: len(row["images"]),
            fields={"count": "1", "seed": "1", "model": "gan"},
        ),
        "settings": Good("/api/faces/settings/", "image", ("a.png", face), lambda row: row),
    }


def pages_of(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(page["status"], page["reason_code"]) for page in row["pages"]]


def status_of(row: dict[str, Any]) -> str:
    """That its job was done is known where it was sent."""
    return "done" if row["job"] else ""
