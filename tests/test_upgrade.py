"""What a site of commit 9c7b836 has stored must go on: its rows and files under today's code, over HTTP alone.

tests/upgrade/make_fixture.py says how the fixture was made. It is never to be made anew with other code: that a change
breaks this test means that it breaks the sites that people run.
"""

import hashlib
import io
import json
import lzma
import sys
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
import safetensors.torch
from django.conf import settings
from django.db import connection
from PIL import Image

from conftest import Worker, forget_messages
from registry.models import BUILT_IN
from tests.upgrade.processes import Checkout, processor
from tests.upgrade.visitor import Visitor

pytestmark = [pytest.mark.worker, pytest.mark.services]
FIXTURE = Path(__file__).parent / "upgrade" / "fixture"
EXPECTED: dict[str, Any] = json.loads((FIXTURE / "expected.json").read_text())
JOBS, READINGS = EXPECTED["jobs"], EXPECTED["readings"]


def unpacked(name: str) -> bytes:
    return lzma.decompress((FIXTURE / f"{name}.xz").read_bytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the old site: its secret key and its files."""
    place = tmp_path_factory.mktemp("old")
    with tarfile.open(FIXTURE / "data.tar.xz") as archive:
        archive.extractall(place, filter="data")
    keep_former_stylegan(place / "files" / "models")
    return place


def keep_former_stylegan(models: Path) -> None:
    """The old site kept a copy of what drew its faces, which the fixture has not: only its edits were others then."""
    tensors = safetensors.torch.load_file(BUILT_IN / "stylegan.safetensors")
    former = safetensors.torch.load_file(FIXTURE / "stylegan_directions.safetensors")
    content = safetensors.torch.save(tensors | former)
    folder = models / hashlib.sha256(content).hexdigest()
    folder.mkdir()
    (folder / "stylegan.safetensors").write_bytes(content)


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[str]:
    """The old site's rows, in a database like the one that the tests have."""
    if connection.vendor == "sqlite":
        (folder / "nunbit.sqlite3").write_bytes(unpacked("nunbit.sqlite3"))
        yield f"sqlite:///{folder}/nunbit.sqlite3"
    else:
        yield from restored(unpacked("postgres.sql").decode())


def restored(sql: str) -> Iterator[str]:
    """A database of PostgreSQL beside the test database, with these rows."""
    own = connection.settings_dict
    login = f"{own['USER']}:{own['PASSWORD']}@" if own["USER"] else ""
    server = f"{login}{own['HOST']}:{own['PORT'] or 5432}"
    name = f"upgrade_{uuid.uuid4().hex}"
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(f"postgresql://{server}/{name}") as empty:
                empty.execute(sql)
            yield f"postgres://{server}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def environment(folder: Path, database: str) -> dict[str, str]:
    cache = str(settings.MODEL_CACHE_DIR)
    secret = (folder / "secret_key").read_text()
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "SECRET_KEY": secret,
        "MODEL_CACHE_DIR": cache,
    }


@pytest.fixture(scope="module")
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of the site after its upgrade; no worker runs yet."""
    today = Checkout(settings.BASE_DIR, sys.executable, **environment)
    today.manage("migrate", "--verbosity", "0")
    with today.web() as url:
        yield url


def test_the_history_reads_as_before_in_both_languages(site):
    """But for the button that led to a result: what was done does."""
    for name, histories in EXPECTED["histories"].items():
        visitor = Visitor(site, name, EXPECTED["password"])
        for language, rows in histories.items():
            for (what, state), (what_before, state_before) in zip(
                visitor.history(language), rows, strict=True
            ):
                assert what == what_before and state and state_before.startswith(state)


@pytest.fixture(scope="module")
def minji(site: str, environment: dict[str, str]) -> Iterator[Visitor]:
    """A teacher of the old site, and a worker that has taken up what was left."""
    forget_messages()
    worker = Worker(**environment)
    worker.start()
    yield Visitor(site, "minji", EXPECTED["password"])
    worker.stop()


@pytest.mark.parametrize("name", ["digits", "scan", "running"])
def test_what_was_queued_or_cut_off_ends(minji, name):
    assert minji.ended(JOBS[name])["status"] == "done"


def test_what_was_cancelled_stays_so(minji):
    assert minji.job(JOBS["cancelled"])["status"] == "cancelled"


def test_an_order_that_was_cut_off_has_all_its_faces(minji):
    minji.ended(JOBS["running"])
    orders = minji.get("/api/faces/?seed=500")["results"]
    assert [len(order["images"]) for order in orders] == [64]


def answers_of(visitor: Visitor, student: str) -> list[str]:
    papers = visitor.get(f"/api/exams/{EXPECTED['exam']}/papers/?student={student}")["results"]
    assert [paper["status"] for paper in papers] == ["graded"]
    return [answer["value"] for answer in papers[0]["answers"]]


def test_paper_that_was_printed_before_is_read_right(minji):
    """By the network of marks that an admin had uploaded."""
    (live,) = minji.get("/api/models/?kind=marks&state=active")["results"]
    assert live["name"] == "own_marks"
    exam, paper = EXPECTED["exam"], EXPECTED["papers"]["unread"]
    assert minji.get(f"/api/exams/{exam}/layout/")["fingerprint"] == EXPECTED["layout"]
    file = ("unread.pdf", (FIXTURE / "unread.pdf").read_bytes())
    minji.ask(f"/api/exams/{exam}/scans/", "/api/scans/", files={"files[]": file})
    assert answers_of(minji, paper["student"]) == paper["answers"]


@pytest.mark.parametrize("name", ["first", "queued"])
def test_papers_that_were_read_or_waited_have_their_answers(minji, name):
    minji.ended(JOBS["scan"])
    paper = EXPECTED["papers"][name]
    assert answers_of(minji, paper["student"]) == paper["answers"]


def test_the_picture_of_an_old_paper_is_still_cut_where_its_answers_are(minji):
    papers = minji.get(
        f"/api/exams/{EXPECTED['exam']}/papers/?student={EXPECTED['papers']['first']['student']}"
    )
    crop = Image.open(io.BytesIO(minji.fetch(f"/api/papers/{papers['results'][0]['id']}/answers/1/crop.jpg")))
    assert (np.asarray(crop.convert("L")) < 128).any()  # the mark


def probabilities(reading: dict[str, Any]) -> np.ndarray:
    return np.array([digit["probabilities"] for digit in reading["digits"]])


@pytest.mark.parametrize("name", READINGS)
def test_digits_are_read_as_before(minji, name):
    stored = minji.get(f"/api/digits/{READINGS[name]['id']}/")
    assert stored["digits"] == READINGS[name]["digits"]
    assert stored["model"] == READINGS[name]["model"]


@pytest.mark.parametrize("name", ["picture", "by_small"])
def test_the_same_picture_of_digits_gets_the_same_probabilities(minji, name):
    """By the built-in network, and by one that an admin uploaded."""
    old = READINGS[name]
    picture = {"image": ("again.png", minji.fetch(f"/api/digits/{old['id']}/picture/"))}
    new = minji.ask("/api/digits/", data={"model": old["model"]["id"]}, files=picture)
    assert new["model"] == old["model"]
    np.testing.assert_allclose(probabilities(new), probabilities(old), atol=1e-6)


def test_a_picture_is_named_as_before(minji):
    old = EXPECTED["pictures"]["picture"]
    assert minji.get(f"/api/pictures/{old['id']}/")["caption"] == old["caption"]
    picture = {"image": ("again.jpg", minji.fetch(f"/api/pictures/{old['id']}/picture/"))}
    new = minji.ask("/api/pictures/", data={"only": "labels"}, files=picture)
    assert new["labels"] == [pytest.approx(label, abs=1e-4) for label in old["labels"]]


def test_a_classifier_that_was_taught_answers_as_before(minji):
    old = EXPECTED["pictures"]["taught"]
    picture = {"image": ("again.png", minji.fetch(f"/api/pictures/{old['id']}/picture/"))}
    asked = {"classifier": EXPECTED["classifier"], "only": "labels"}
    new = minji.ask("/api/pictures/", data=asked, files=picture)
    assert [one["name"] for one in new["taught"]["labels"]] == [
        one["name"] for one in old["taught"]["labels"]
    ]
    assert new["taught"]["distance"] == pytest.approx(old["taught"]["distance"], abs=1e-3)


def test_a_face_is_drawn_again_as_the_same_file(minji):
    """To the byte on the processor that drew the first one; another one may round a dot's brightness otherwise."""
    old = minji.get(f"/api/faces/{EXPECTED['faces']}/")
    new = minji.ask("/api/faces/", json=old["settings"])
    for before, after in zip(old["images"], new["images"], strict=True):
        files = [minji.fetch(image["url"]) for image in (before, after)]
        one, other = (Image.open(io.BytesIO(file)) for file in files)
        assert one.text == other.text  # type: ignore[attr-defined]
        assert np.abs(np.asarray(one, int) - np.asarray(other, int)).max() <= 1
        assert processor() != EXPECTED["processor"] or files[0] == files[1]
