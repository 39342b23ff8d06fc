"""Digits by program: what is taken, what comes back, and what becomes of a reading."""

import json

import numpy as np
import pytest
from django.urls import reverse

from digits import tasks
from digits.models import Inside, Reading
from digits.tests.calls import SEVEN, ask, read, sentences
from digits.tests.pictures import as_file, grey, upload
from digits.tests.readings import a_reading
from jobs.models import Job
from registry.models import ModelVersion

pytestmark = pytest.mark.django_db

OF_OTHERS = ["", "share/", "picture/", "frames/0.png", "layers/", "layers/input/"]


def test_784_numbers_answer_202_with_their_place_and_their_job(api):
    answer = ask(api, {"pixels": SEVEN})
    assert answer.status_code == 202
    assert answer["Location"].endswith(f"/api/digits/{answer.data['id']}/")
    assert answer.data["job"]["status"] == "queued" and answer.data["verdict"] is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"pixels": SEVEN}, "json"),
        ({"pixels": np.array(SEVEN).reshape(28, 28).tolist()}, "json"),
        ({"pixels": [value / 255 for value in SEVEN]}, "json"),
        ({"pixels": ",".join(map(str, SEVEN))}, "json"),
        ({"pixels": ",".join(map(str, SEVEN))}, "multipart"),
        ({"pixels": [str(value) for value in SEVEN]}, "json"),
    ],
    ids=["list", "rows", "fractions", "joined", "joined in a form", "numbers in quotes"],
)
def test_numbers_are_read_however_they_are_written(api, data, kind):
    found = read(api, data, kind)
    assert (found["text"], found["source"]) == ("7", "pixels")
    [digit] = found["digits"]
    assert digit["value"] == 7 and len(digit["probabilities"]) == 10
    assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert found["model"]["name"] == ModelVersion.objects.active("digits").name


def test_several_digits_are_read_in_rows_each_with_its_box(api):
    found = read(api, upload(as_file(grey("314", "159"))), "multipart")
    assert found["text"] == "314\n159"
    assert [digit["row"] for digit in found["digits"]] == [0, 0, 0, 1, 1, 1]
    lefts = [digit["box"][0] for digit in found["digits"]]
    assert lefts[:3] == sorted(lefts[:3]) and lefts[3:] == sorted(lefts[3:])
    assert all(
        x >= 0 and x + w <= found["width"] for x, _y, w, _h in (digit["box"] for digit in found["digits"])
    )


def test_saliency_and_frames_come_where_they_are_asked_for(api):
    plain, asked = (read(api, {"pixels": SEVEN, "saliency": wanted}) for wanted in (False, True))
    assert plain["saliency"] is None and plain["frames"] is None
    [frame], [spoke] = asked["frames"], asked["saliency"]
    assert len(frame) == len(spoke) == 784 and max(spoke) == 255
    assert not any(spoke[place] for place, ink in enumerate(frame) if ink == 0)


def test_frames_and_the_picture_can_be_fetched(api):
    content = as_file(grey("7"))
    found = read(api, upload(content, "seven.png"), "multipart")
    assert api.get(found["picture_url"]).getvalue() == content
    [url] = found["frames_url"]
    assert api.get(url).content.startswith(b"\x89PNG")
    assert api.get(url.replace("/0.png", "/1.png")).status_code == 404


def test_the_same_idempotency_key_gives_the_same_reading(api):
    first, again = (ask(api, {"pixels": SEVEN}, **{"idempotency-key": "monday"}) for _ in range(2))
    assert first.data["id"] == again.data["id"]
    assert Job.objects.count() == 1


def test_another_network_is_asked_by_its_name_or_its_number(api):
    version = ModelVersion.objects.active("digits")
    for wanted in (version.name, version.pk, str(version.pk)):
        assert ask(api, {"pixels": SEVEN, "model": wanted}).data["model"]["id"] == version.pk
    for wrong in ("guess", 2**60):
        answer = ask(api, {"pixels": SEVEN, "model": wrong})
        assert answer.status_code == 400 and "There is no network" in sentences(answer)[0]
    for wrong in (10**30, "a\0"):
        assert ask(api, {"pixels": SEVEN, "model": wrong}).status_code == 400


def test_a_drawing_that_goes_on_takes_the_place_of_the_one_before(api, call, bob):
    first = ask(api, {"pixels": SEVEN, "source": "canvas"}).data
    strange = ask(call(bob), {"pixels": SEVEN, "replaces": first["id"]}).data
    second = ask(api, {"pixels": SEVEN, "source": "canvas", "replaces": first["id"]}).data
    assert {str(row.pk) for row in Reading.objects.all()} == {strange["id"], second["id"]}


def test_a_correction_is_kept_beside_what_was_read(api):
    found = read(api, {"pixels": SEVEN})
    after = api.patch(found["url"], {"text": " 1 "}, format="json").data
    assert (after["text"], after["read_text"], after["right_text"]) == ("1", "7", "1")
    assert api.patch(found["url"], {"text": ""}, format="json").data["text"] == "7"


@pytest.mark.parametrize(
    "wrong", [{"text": "seven"}, {"text": "1" * 501}, {"text": None}, {"text": ["7"]}, {}]
)
def test_a_correction_that_is_no_digits_is_refused(api, wrong):
    found = read(api, {"pixels": SEVEN})
    answer = api.patch(found["url"], wrong, format="json")
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == "text"
    assert Reading.objects.get().right_text == ""


def test_a_link_is_given_kept_and_taken_back(api, browse):
    found = read(api, {"pixels": SEVEN})
    shared = api.post(f"{found['url']}share/").data["share_url"]
    assert api.post(f"{found['url']}share/").data["share_url"] == shared
    assert browse().get(shared).status_code == 200
    assert api.delete(f"{found['url']}share/").status_code == 204
    assert browse().get(shared).status_code == 404
    assert api.get(found["url"]).data["share_url"] is None


@pytest.fixture
def rows(alice) -> dict[str, Reading]:
    made = {text: a_reading(alice, text) for text in ("7", "31", "4")}
    Reading.objects.filter(pk=made["31"].pk).update(is_certain=True, source="canvas")
    Reading.objects.filter(pk=made["4"].pk).update(right_text="9")
    return made


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("", {"7", "31", "9"}),
        ("is_certain=true", {"31"}),
        ("source=canvas", {"31"}),
        ("corrected=true", {"9"}),
        ("corrected=false", {"7", "31"}),
        ("text=1", {"31"}),
        ("text=4", set()),
        ("text=9", {"9"}),
        ("created_after=2999-01-01T00:00:00Z", set()),
        ("created_before=2000-01-01T00:00:00Z", set()),
    ],
)
def test_the_history_is_filtered(api, rows, query, texts):
    assert {row["text"] for row in api.get(f"/api/digits/?{query}").data["results"]} == texts


def test_the_history_comes_newest_first_in_pages(api, rows):
    page = api.get("/api/digits/?page_size=2").data
    assert page["count"] == 3 and [row["text"] for row in page["results"]] == ["9", "31"]
    assert [row["text"] for row in api.get(page["next"]).data["results"]] == ["7"]


@pytest.mark.parametrize("query", ["source=x", "created_after=x", "model=x", f"model={10**30}"])
def test_a_filter_that_means_nothing_is_a_sentence(api, query):
    answer = api.get(f"/api/digits/?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == query.split("=")[0]


def test_deleting_a_reading_for_good_takes_its_jobs_and_files_along(
    api, impatient, settings, django_capture_on_commit_callbacks
):
    found = read(api, upload(as_file(grey("7"))), "multipart")
    tasks.look_inside(api_layers_job(api, found))
    assert len(list((settings.MEDIA_ROOT / "digits").rglob("*.*"))) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(f"{found['url']}?for_good=true").status_code == 204
    assert not list((settings.MEDIA_ROOT / "digits").rglob("*.*"))
    assert not Job.with_trashed.exists() and api.get(found["url"]).status_code == 404


def api_layers_job(api, found: dict) -> str:
    """Asks for the layers and answers the job that makes them."""
    answer = api.get(found["layers_url"])
    assert answer.status_code == 202 and answer["Retry-After"] == "1"
    return answer.data["job"]["id"]


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr("digits.api.LONGEST_WAIT", 0)


def test_layers_are_202_until_the_worker_has_looked_and_200_then(api, impatient):
    found = read(api, {"pixels": SEVEN})
    job = api_layers_job(api, found)
    assert api_layers_job(api, found) == job
    tasks.look_inside(job)
    answer = api.get(found["layers_url"])
    assert answer.status_code == 200 and answer.data[0]["name"] == "input"
    assert Inside.objects.count() == 1
    assert json.loads(answer.content)[-1]["name"] == "is_digit"


def test_readings_of_others_are_not_there(api, call, bob):
    found = read(api, upload(as_file(grey("7"))), "multipart")
    path = reverse("digits:api-detail", args=[found["id"]])
    for part in OF_OTHERS:
        method = "post" if part == "share/" else "get"
        assert getattr(call(bob), method)(path + part).status_code == 404
        assert getattr(call(), method)(path + part).status_code == 401
    for method in ("patch", "delete"):
        assert getattr(call(bob), method)(path, {"text": "1"}, format="json").status_code == 404
    assert call(bob).get("/api/digits/").data["count"] == 0
    assert Reading.objects.get().right_text == ""
