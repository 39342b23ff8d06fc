"""Teaching by program, as the REST contract says."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from classifier.models import Classifier, Training
from classifier.services import teaching
from classifier.tasks import teaching as teaching_tasks
from classifier.tests.taught import a_classifier, a_version
from classifier.tests.things import folders, uploads, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(call, alice):
    return call(alice)


def sentences(answer) -> str:
    return " ".join(error["detail"] for error in answer.json()["errors"])


def test_from_nothing_to_a_taught_classifier(api):
    made = api.post("/api/classifiers/", {"name": "Things"}, format="json")
    assert made.status_code == 201 and made["Location"] == made.data["url"]
    sent = api.post(f"{made.data['url']}examples/", {"file": zipped(folders(4, ("leaf", "coin")))})
    assert sent.status_code == 202 and sent.data["job"]["status"] == "queued"
    teaching_tasks.take_examples(sent.data["job"]["id"])
    shown = api.get(made.data["url"]).data
    assert {(label["name"], label["count"]) for label in shown["labels"]} == {("leaf", 4), ("coin", 4)}
    assert shown["deliveries"][0]["taken"] == 8 and shown["deliveries"][0]["skipped"] == []
    begun = api.post(f"{made.data['url']}train/", {"fine_tune": False}, format="json")
    assert begun.status_code == 202
    teaching_tasks.train(begun.data["job"]["id"])
    training = api.get(begun["Location"]).data
    assert (
        training["job"]["status"] == "done" and training["verdict_text"] == "Fine-tuning was not asked for."
    )
    assert training["evaluation"]["confusion"] and training["curves"]
    done = api.get(made.data["url"]).data
    assert done["active"] == training["version"] == done["versions"][0]["id"]
    assert done["versions"][0]["accuracy"] == training["evaluation"]["accuracy"]
    weights = api.get(done["versions"][0]["files"]["taught.onnx"])
    assert weights.status_code == 200 and len(b"".join(weights.streaming_content)) > 10_000_000


def test_pictures_of_one_label(api, alice):
    classifier = teaching.create(owner=alice, name="Pets")
    url = f"/api/classifiers/{classifier.pk}/"
    assert api.post(f"{url}examples/", {"label": "leaf", "images[]": uploads("leaf", 3)}).status_code == 202
    rows = api.get(f"{url}examples/?label=leaf").data
    assert rows["count"] == 3 and not rows["results"][0]["is_seen"]
    assert api.get(rows["results"][0]["picture_url"])["Content-Type"] == "image/jpeg"
    assert api.delete(f"{url}examples/{rows['results'][0]['id']}/").status_code == 204
    assert api.get(f"{url}examples/").data["count"] == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Please choose a file."),
        ({"images[]": []}, "Please choose a file."),
        (
            {"label": "a", "images[]": SimpleUploadedFile("a.txt", b"text " * 99)},
            "a.txt: This file is not a picture",
        ),
        ({"label": "a", "images[]": SimpleUploadedFile("a.jpg", b"")}, "This file is empty"),
        ({"images[]": SimpleUploadedFile("a.jpg", b"\xff\xd8")}, "Say which class"),
        ({"file": SimpleUploadedFile("a.zip", b"PK\x03\x04rubbish")}, "damaged"),
    ],
)
def test_bad_uploads_are_400_with_a_sentence(api, alice, data, sentence):
    classifier = teaching.create(owner=alice, name="Pets")
    for file in data.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)
    answer = api.post(f"/api/classifiers/{classifier.pk}/examples/", data)
    assert answer.status_code == 400 and sentence in sentences(answer)


def test_zips_that_reach_outside_or_are_empty_are_400(api, alice):
    classifier = teaching.create(owner=alice, name="Pets")
    for members, sentence in (
        ({"../evil.jpg": b"x"}, "outside of itself"),
        ({}, "There is no picture in it."),
    ):
        answer = api.post(f"/api/classifiers/{classifier.pk}/examples/", {"file": zipped(members)})
        assert answer.status_code == 400 and sentence in sentences(answer)


def test_too_little_to_learn_from_is_400(api, alice):
    classifier = a_classifier(alice, 1)
    answer = api.post(f"/api/classifiers/{classifier.pk}/train/")
    assert answer.status_code == 400 and "one picture each" in sentences(answer)


def test_the_same_key_is_the_same_training(api, alice):
    classifier = a_classifier(alice)
    for _ in range(2):
        answer = api.post(f"/api/classifiers/{classifier.pk}/train/", headers={"idempotency-key": "k"})
        assert answer.status_code == 202
    assert Training.objects.count() == 1


def test_sharing_lets_others_see_and_use_but_not_change(api, call, alice, bob):
    classifier = a_classifier(alice)
    version = a_version(classifier)
    url, other = f"/api/classifiers/{classifier.pk}/", call(bob)
    assert other.get(url).status_code == 404
    assert api.patch(url, {"is_shared": True}, format="json").data["is_shared"]
    shown = other.get(url).data
    assert shown["active"] == version.pk and not shown["is_own"] and shown["owner"] == "alice"
    assert (
        shown["comparison"] is None and shown["deliveries"] is None and shown["versions"][0]["files"] is None
    )
    assert other.patch(url, {"name": "Mine"}, format="json").status_code == 404
    assert other.delete(url).status_code == 404
    for part in ("examples/", "train/", "activate/", "rollback/"):
        assert other.post(url + part, {"version": version.pk}).status_code == 404
    assert other.get(f"{url}examples/").status_code == 404
    assert other.get(f"{url}versions/{version.pk}/taught.onnx").status_code == 404


def test_versions_are_activated_and_rolled_back(api, alice):
    classifier = a_classifier(alice)
    first, second = a_version(classifier), a_version(classifier)
    url = f"/api/classifiers/{classifier.pk}/"
    assert api.get(url).data["active"] == second.pk
    assert api.post(f"{url}rollback/").data["active"] == first.pk
    answer = api.post(f"{url}rollback/")
    assert answer.status_code == 400 and "no earlier version" in sentences(answer)
    assert api.post(f"{url}activate/", {"version": second.pk}, format="json").data["active"] == second.pk
    assert api.post(f"{url}activate/", {"version": 999999}, format="json").status_code == 404


def test_renaming_and_deleting(api, alice):
    classifier = a_classifier(alice)
    url = f"/api/classifiers/{classifier.pk}/"
    assert api.patch(url, {"name": " My  pets "}, format="json").data["name"] == "My pets"
    assert api.patch(url, {"name": " "}, format="json").status_code == 400
    assert api.delete(url).status_code == 204 and not Classifier.objects.exists()


def test_the_list_is_paginated_and_ordered(api, alice):
    for name in "bac":
        teaching.create(owner=alice, name=name)
    rows = api.get("/api/classifiers/?ordering=name&page_size=2").data
    assert [row["name"] for row in rows["results"]] == ["a", "b"] and rows["count"] == 3


@pytest.mark.parametrize("body", [[], 0.5, "x", {"label": []}, None], ids=str)
def test_examples_that_come_as_no_form_are_a_400(api, alice, body):
    row = a_classifier(alice)
    answer = api.post(f"/api/classifiers/{row.pk}/examples/", body, format="json")
    assert answer.status_code == 400 and sentences(answer)
