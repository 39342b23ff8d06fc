"""The hostile files of `benchmarks/hostile.py`: enough, always the same, and a place for each upload of the site."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator

from benchmarks import hostile  # noqa: F401 - registers all mechanisms
from benchmarks.hostile_files import MECHANISMS, STEPS, hostile_file, hostile_files
from benchmarks.hostile_people import is_sentence, page_sentences
from benchmarks.hostile_places import PLACES, places_for

QUICK = (
    "nested_forms",
    "thin_mediabox",
    "lying_size_jpeg",
    "outside_paths",
    "line_ends",
    "deep_note",
    "no_boundary",
)
AN_ID = "00000000-0000-0000-0000-000000000001"
TEMPLATES = {
    "classifiers.html": "classifier:classifiers",
    "import.html": "grading:import",
    "pictures.html": "classifier:pictures",
    "new_picture.html": "grading:new_picture",
    "new_template.html": "grading:new_template",
    "scans.html": "grading:scans",
    "upload.html": "registry:upload",
}  # whose form is sent to its own page


def routes_of_pages() -> Iterator[str]:
    """Where forms of templates send files."""
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        for form in re.findall(r"<form[^>]*multipart/form-data[^>]*", path.read_text()):
            named = re.search(r"url '([\w:]+)'", form)
            yield named[1] if named else TEMPLATES.get(path.name, path.name)


def routes_of_the_api() -> Iterator[str]:
    """What the schema says takes files."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in schema["paths"].items():
        for asked in methods.values():
            if takes_files(asked.get("requestBody", {}), schema):
                yield name_of(path)


def name_of(path: str) -> str:
    """A number stands for exams and classes, a UUID for all else."""
    has_number = path.startswith(("/api/exams/", "/api/classes/"))
    return resolve(path.replace("{id}", "1" if has_number else AN_ID)).view_name


def takes_files(described: Any, schema: dict[str, Any]) -> bool:
    if isinstance(described, list):
        return any(takes_files(some, schema) for some in described)
    if not isinstance(described, dict) or described.get("readOnly"):
        return False
    if reference := described.get("$ref"):
        return takes_files(schema["components"]["schemas"][reference.rpartition("/")[2]], schema)
    return described.get("format") in ("binary", "uri") or takes_files(list(described.values()), schema)


def test_there_is_a_place_for_each_upload_of_the_site() -> None:
    known = {place.route for place in PLACES}
    assert set(routes_of_pages()) == {route for route in known if "api-" not in route}
    assert set(routes_of_the_api()) == {route for route in known if "api-" in route}


def test_places_lie_where_their_routes_are() -> None:
    for place in PLACES:
        path = place.path.format(exam=1, template_exam=1, classifier=AN_ID, school_class=1).partition("?")[0]
        assert resolve(path).view_name == place.route


def test_there_are_enough_mechanisms_and_files() -> None:
    assert len(MECHANISMS) >= 60
    assert len(MECHANISMS) * STEPS >= 300
    assert {found.family for found in MECHANISMS.values()} == {
        family for place in PLACES for family in place.families
    }


@pytest.mark.parametrize("name", QUICK)
def test_a_seed_makes_the_same_file_again_and_a_step_another(name: str) -> None:
    first = hostile_file(name, 1, seed=1)
    assert first == hostile_file(name, 1, seed=1)
    assert first.content != hostile_file(name, 2, seed=1).content


def test_each_mechanism_has_its_turn_before_one_comes_again() -> None:
    files = [file.mechanism for file in hostile_files(2 * len(QUICK), 1, list(QUICK))]
    assert files == [*QUICK, *QUICK]


def test_so_many_places_have_their_turn_with_each_file_or_all() -> None:
    file = hostile_file("thin_mediabox", 0, 1)
    turns = {place.path for number in range(20) for place in places_for(file, PLACES, 2, number)}
    assert turns == {place.path for place in PLACES if "pdf" in place.families}
    assert places_for(file, PLACES, 0, 5) == PLACES


def test_what_a_page_says_is_found() -> None:
    page = """<p>Other</p><div class="toast error"><p>No <b>file</b>.</p></div>
    <p class="problem" hidden>Never.</p><p class="problem">Not read.</p>"""
    assert page_sentences(page) == ["No file.", "Not read."]
    assert page_sentences("<html><main><h1>Bad</h1><p>Too long.</p></main>", is_error=True)[-1] == "Too long."


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("This file is empty.", "en", True),
        ("This file is empty.", "ko", False),
        ("빈 파일이에요.", "ko", True),
        ("CSV나 XLSX 표가 아니에요.", "ko", True),
        ("The first row has to name the columns: number (or 학번).", "en", True),
        ("Invalid boundary: None", "en", False),
        ("Traceback (most recent call last).", "en", False),
    ],
)
def test_a_sentence_is_in_the_language_asked_and_shows_no_inside(
    text: str, language: str, expected: bool
) -> None:
    assert is_sentence(text, language) is expected


@pytest.mark.full
@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_makes_a_file(name: str) -> None:
    """One of its steps may be the empty file."""
    assert all(hostile_file(name, step, 1).content for step in range(1, 3))
