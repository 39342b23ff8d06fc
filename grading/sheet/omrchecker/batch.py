"""A folder of sheets as OMRChecker takes it: which template holds for which picture, and what each of them says.

template.json, evaluation.json and config.json hold in their folder and all below, until another of the same name.
"""

import os
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from grading.sheet.code import NotASheet
from grading.sheet.interpret import ItemReading
from grading.sheet.marks import MarksReader
from grading.sheet.omrchecker.folder import LocalFolder
from grading.sheet.omrchecker.key_picture import with_key
from grading.sheet.omrchecker.problems import TEMPLATE_PROBLEMS, WrongTemplate
from grading.sheet.omrchecker.sheet import read_template_sheet
from grading.sheet.omrchecker.template import Template
from grading.sheet.omrchecker.template_reading import PICTURES, template_in
from grading.sheet.problems import PROBLEMS
from grading.sheet.scan_files import SUFFIXES, PageImage, open_pages
from uploads.sandbox import Sandbox

FILES = ("template.json", "evaluation.json", "config.json")

SENTENCES = {**PROBLEMS, **TEMPLATE_PROBLEMS}

Holders = Mapping[str, Path]  # of FILES, those that hold somewhere -> their folders


class WrongFolder(ValueError):
    """Nothing of this folder can be graded; the sentence says why."""


@dataclass(frozen=True, eq=False)
class SheetFile:
    """A file of sheets; `name` is its path from the folder that is graded."""

    path: Path
    name: str
    template: Template


@dataclass(frozen=True, eq=False)
class GradedSheet:
    """One page: its readings by the names of answers; none where it is refused. `problem` is a sentence."""

    name: str
    template: Template
    readings: Mapping[str, ItemReading]
    problem: str = ""


@dataclass(frozen=True, eq=False)
class _Place:
    """A folder that is to be looked into, and what holds there."""

    folder: Path
    holders: Holders
    template: Template | None


@dataclass
class SheetFolder:
    """All sheets in a folder and below. Raises WrongFolder, which says what is wrong with it or one of its templates.

    `left_out`: sentences about folders that were not looked into.
    """

    root: Path
    left_out: list[str] = field(default_factory=list, init=False)
    _found: list[SheetFile] = field(default_factory=list, init=False)
    _no_sheets: set[str] = field(default_factory=set, init=False)
    _seen: set[str] = field(default_factory=set, init=False)
    _templates: dict[Template, Path] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if not self.root.is_dir():
            raise WrongFolder(
                f"{self.root} is no folder. Please name the one that holds template.json and pictures of sheets."
            )
        self._walk()
        if not self.sheets():
            raise WrongFolder(
                f"There is no picture of a sheet in {self.root}. Please put PNG, JPEG, TIFF or PDF files there."
            )

    def sheets(self) -> list[SheetFile]:
        """By their names. Markers, blank forms and pictures of keys are none."""
        found = [sheet for sheet in self._found if os.path.realpath(sheet.path) not in self._no_sheets]
        return sorted(found, key=lambda sheet: sheet.name)

    def read_keys(self, reader: MarksReader) -> None:
        """Those that are marked on pictures. Raises WrongFolder."""
        keyed = {}
        for template, folder in self._templates.items():
            with problems_of(folder):
                keyed[template] = with_key(template, reader)
        self._found = [replace(sheet, template=keyed[sheet.template]) for sheet in self._found]

    def _walk(self) -> None:
        """Links to folders last: each folder is looked into once, and under its own name if it has one here."""
        folders, links = deque([_Place(self.root, {}, None)]), deque[_Place]()
        while folders or links:
            place = (folders or links).popleft()
            if (real := os.path.realpath(place.folder)) in self._seen:
                self.left_out.append(f"{place.folder}: This folder was read already, under another name.")
                continue
            self._seen.add(real)
            with problems_of(place.folder):
                for inner in self._look_into(place):
                    (links if inner.folder.is_symlink() else folders).append(inner)

    def _look_into(self, place: _Place) -> list[_Place]:
        """Its sheets are noted, and its folders returned. Hidden files are none of the user's sheets."""
        folder, holders, template = place.folder, place.holders, place.template
        own = {name: folder for name in FILES if (folder / name).is_file()}
        if own:
            holders = {**holders, **own}
            template = self._read_template(holders)
        inner = []
        for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
            if path.is_dir():
                inner.append(_Place(path, holders, template))
            elif path.suffix.lower() in SUFFIXES and (path.is_file() or not path.exists()):  # no pipe
                self._add(path, template)
        return inner

    def _read_template(self, holders: Holders) -> Template | None:
        """None where there is a key or a config, and no template yet."""
        if "template.json" not in holders:
            return None
        folder, evaluation, config = (
            LocalFolder(holders.get(name, holders["template.json"])) for name in FILES
        )
        with problems_of(folder.here):
            template = template_in(folder, evaluation, config)
        self._templates[template] = evaluation.here
        pictures = [
            folder.place_of(step.options[PICTURES[step.name]])
            for step in template.steps
            if step.name in PICTURES
        ]
        options = evaluation.values("evaluation.json").get("options", {})
        if isinstance(key := options.get("answer_key_image_path"), str):
            pictures.append(evaluation.place_of(key))
        self._no_sheets |= {os.path.realpath(picture) for picture in pictures}
        return template

    def _add(self, path: Path, template: Template | None) -> None:
        if template is None:
            raise WrongFolder(
                f"{path}: There is no template.json in its folder or above it. Please put one there."
            )
        self._found.append(SheetFile(path, path.relative_to(self.root).as_posix(), template))


@contextmanager
def problems_of(folder: Path) -> Iterator[None]:
    """Raises WrongFolder where a template is wrong, or the folder cannot be opened."""
    try:
        yield
    except WrongTemplate as problem:
        raise WrongFolder(f"{folder}: {problem}") from problem
    except OSError as problem:
        raise WrongFolder(f"{folder}: This folder cannot be opened: {problem.strerror}.") from problem


def grade_file(sheet: SheetFile, reader: MarksReader) -> list[GradedSheet]:
    """Every page of it, named by its number where there are several."""
    try:
        pages = deque(open_pages(Sandbox(), sheet.path, sheet.name))
        several, graded = len(pages) > 1, []
        while pages:  # each page is forgotten before the next is opened
            graded.append(_grade_page(pages.popleft(), sheet, several, reader))
        return graded
    except OSError as problem:
        return [
            GradedSheet(sheet.name, sheet.template, {}, f"This file cannot be opened: {problem.strerror}.")
        ]


def _grade_page(page: PageImage, sheet: SheetFile, several: bool, reader: MarksReader) -> GradedSheet:
    graded = GradedSheet(f"{sheet.name}#page={page.number}" if several else sheet.name, sheet.template, {})
    grey = page.grey
    if grey is None:
        return replace(graded, problem=SENTENCES[page.problem or "broken_file"])
    try:
        readings = read_template_sheet(grey, sheet.template, reader)
    except NotASheet as problem:
        return replace(graded, problem=SENTENCES[problem.reason])
    except Exception as problem:  # noqa: BLE001 - whatever it is, it concerns this page alone
        return replace(
            graded, problem=f"This page could not be read, by a fault of the program: {problem!r}."
        )
    doubts = {reading.reason for reading in readings.values()} & TEMPLATE_PROBLEMS.keys()
    return replace(graded, readings=readings, problem=" ".join(SENTENCES[doubt] for doubt in sorted(doubts)))
