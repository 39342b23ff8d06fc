"""Pictures that travel with their classes: out as one ZIP, and in from here, from folders and from Label Studio."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from classifier.models import Classifier
from classifier.services import pictures, teaching
from classifier.tasks import teaching as tasks
from classifier.tests.things import zipped
from classifier.things import jpeg
from classifier.uploads import NOT_LISTED, NOT_THERE, SEVERAL_LISTED, TOO_MANY_LABELS

pytestmark = pytest.mark.django_db


def made_of(members: dict[str, bytes], owner) -> Classifier:
    """As a worker makes one of a ZIP."""
    classifier = teaching.create(owner=owner, name="", file=zipped(members))
    tasks.take_examples(str(classifier.deliveries.get().job_id))
    return classifier


def pictures_of(classifier: Classifier) -> dict[str, list[str]]:
    return {
        label.name: sorted(label.examples.values_list("sha256", flat=True))
        for label in classifier.labels.all()
    }


def skipped(classifier: Classifier) -> dict[str, str]:
    return {one["name"]: one["problem"] for one in classifier.deliveries.get().skipped}


def exported(api, classifier: Classifier, query: str = "") -> zipfile.ZipFile:
    answer = api.get(f"/api/classifiers/{classifier.pk}/export/{query}")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def listed(*tasks: dict) -> bytes:
    return json.dumps(tasks).encode()


def chosen(image: str, *classes: str, is_cancelled: bool = False) -> dict:
    """One task of Label Studio's JSON."""
    said = {"from_name": "c", "to_name": "i", "type": "choices", "value": {"choices": list(classes)}}
    return {"data": {"image": image}, "annotations": [{"result": [said], "was_cancelled": is_cancelled}]}


def test_a_classifier_comes_back_from_its_export_with_every_picture_in_its_class(alice, bob, api, call):
    first = made_of(
        {f"{name}/{n}.jpg": jpeg("leaf", n + 10 * at) for at, name in enumerate("ab") for n in range(2)},
        alice,
    )
    odd = 'tea/coffee: "half" · 차'
    teaching.rename_label(label=first.labels.get(name="a"), name=odd)
    with exported(api, first) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
        assert archive.testzip() is None
    answer = call(bob).post(
        "/api/classifiers/", {"file": SimpleUploadedFile("Hot drinks.zip", zipped(content).read())}
    )
    assert answer.status_code == 202 and answer.data["name"] == "Hot drinks"
    again = Classifier.objects.get(pk=answer.data["id"])
    tasks.take_examples(str(again.deliveries.get().job_id))
    assert pictures_of(again) == pictures_of(first) and set(pictures_of(again)) == {odd, "b"}
    assert skipped(again) == {}


def test_an_export_has_folders_for_each_class_and_the_tasks_of_label_studio(api, alice):
    classifier = made_of({"cat/one.jpg": jpeg("leaf", 1), "Cat/ONE.JPG": jpeg("leaf", 2)}, alice)
    with exported(api, classifier) as archive:
        names = archive.namelist()
        tasks = json.loads(archive.read("label_studio.json"))
        assert b'<Choice value="Cat"/>' in archive.read("label_studio.xml")
    files = [name for name in names if not name.startswith("label_studio")]
    assert len({name.casefold() for name in files}) == 2  # also on a disk that tells no capitals apart
    for task, name in zip(tasks, files, strict=True):
        assert task["data"]["image"] == f"/data/local-files/?d=things/{name}"
        [said] = task["annotations"][0]["result"]
        assert said["type"] == "choices" and said["value"]["choices"][0].lower() == "cat"


def test_one_class_is_exported_alone_and_a_picture_that_is_gone_is_left_out(api, alice):
    classifier = made_of(
        {f"{name}/{n}.jpg": jpeg(name, n) for name in ("leaf", "coin") for n in range(2)}, alice
    )
    gone = classifier.labels.get(name="leaf").examples.first()
    Path(gone.file.path).unlink()
    with exported(api, classifier, "?label=leaf") as archive:
        assert [name for name in archive.namelist() if name.endswith(".jpg")] == ["leaf/1.jpg"]
        assert len(json.loads(archive.read("label_studio.json"))) == 1


@pytest.mark.parametrize(
    "image",
    [
        "/data/upload/3/0a1b2c3d-cat.jpg",
        "/data/local-files/?d=pets/images/cat.jpg",
        "https://a.example/x/cat.jpg?v=1",
    ],
)
def test_pictures_go_into_the_classes_that_label_studio_has_for_them(alice, image):
    members = {
        "images/cat.jpg": jpeg("leaf", 1),
        "images/0a1b2c3d-dog 1.jpg": jpeg("coin", 1),
        "images/both.jpg": jpeg("sky", 1),
        "images/skipped.jpg": jpeg("sky", 2),
        "images/new.jpg": jpeg("sky", 3),
        "images/odd.jpg": jpeg("sky", 4),
        "project-1.json": listed(
            chosen(image, "Cat"),
            chosen("/data/upload/3/0a1b2c3d-dog%201.jpg", "Dog"),
            chosen("images/both.jpg", "Cat", "Dog"),
            chosen("images/skipped.jpg", "Cat", is_cancelled=True),
            chosen("/data/upload/3/0a1b2c3d-lo\ud800\x00st.jpg", "Cat"),
            chosen("images/odd.jpg", "\ud800 \x01Cat\n"),
            {"data": 7},
            "odd",
        ),
    }
    classifier = made_of(members, alice)
    assert {name: len(found) for name, found in pictures_of(classifier).items()} == {"Cat": 2, "Dog": 1}
    assert skipped(classifier) == {
        "images/both.jpg": SEVERAL_LISTED,
        "images/skipped.jpg": NOT_LISTED,
        "images/new.jpg": NOT_LISTED,
        "/data/upload/3/0a1b2c3d-lost.jpg": NOT_THERE,
    }


def test_the_short_json_of_label_studio_is_read_too(alice):
    members = {"a/1.jpg": jpeg("leaf", 1), "b/1.jpg": jpeg("coin", 1)}
    short = [{"image": "/data/local-files/?d=x/b/1.jpg", "id": 1, "choice": "coin", "annotator": 1}]
    short.append({"image": "/data/local-files/?d=x/a/1.jpg", "id": 2, "choice": "leaf", "annotator": 1})
    classifier = made_of(members | {"min.json": listed(*short)}, alice)
    assert set(pictures_of(classifier)) == {"leaf", "coin"} and skipped(classifier) == {}


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b"{", b"[1, {}]", b"\xff\xfe", b'[{"data": {"image": "http://[a/x.jpg"}}]']
)
def test_a_json_file_that_is_no_list_is_named_and_folders_count(alice, content):
    classifier = made_of({"leaf/1.jpg": jpeg("leaf", 1), "list.json": content}, alice)
    if b"data" in content:  # a list, of something else
        assert skipped(classifier) == {"leaf/1.jpg": NOT_LISTED, "http://[a/x.jpg": NOT_THERE}
        return
    assert set(pictures_of(classifier)) == {"leaf"}
    assert "not a picture" in skipped(classifier)["list.json"]


def test_what_is_no_picture_makes_no_class(alice):
    """The ZIP of a Mac with its data in train/ and a README above."""
    members = {
        "My Dataset/README.txt": b"words",
        "__MACOSX/My Dataset/train/brick/._0.jpg": b"junk",
        "My Dataset/train/brick/.DS_Store": b"junk",
        "My Dataset/train/brick/0.jpg": jpeg("brick", 1),
        "My Dataset/train/leaf/0.jpg": jpeg("leaf", 1),
    }
    classifier = made_of(members, alice)
    assert sorted(pictures_of(classifier)) == ["brick", "leaf"]
    assert list(skipped(classifier)) == ["My Dataset/README.txt"]


def test_folders_beyond_two_hundred_make_no_classes(alice, monkeypatch):
    monkeypatch.setattr("classifier.uploads.MOST_LABELS", 2)
    classifier = made_of({f"{name}/1.jpg": jpeg("leaf", at) for at, name in enumerate("abc")}, alice)
    assert sorted(pictures_of(classifier)) == ["a", "b"] and skipped(classifier) == {
        "c/1.jpg": TOO_MANY_LABELS
    }


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"words", "This file is no ZIP with a folder for each class."),
        (b"PK\x03\x04 and nothing", "This file is damaged and cannot be opened."),
    ],
)
def test_what_is_no_zip_makes_no_classifier_and_says_why(page, api, file, sentence):
    told = page.post("/classifiers/", {"name": "Pets", "file": SimpleUploadedFile("a.zip", file)})
    assert sentence in told.content.decode()
    refused = api.post("/api/classifiers/", {"name": "Pets", "file": SimpleUploadedFile("a.zip", file)})
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["attr"]) == (400, "file") and sentence in error["detail"]
    assert not Classifier.objects.exists()


def test_a_classifier_is_made_of_a_zip_on_its_page_and_exported_from_there(page, api, alice):
    answer = page.post("/classifiers/", {"file": zipped({"leaf/1.jpg": jpeg("leaf", 1)})})
    classifier = Classifier.objects.get()
    assert answer.status_code == 302 and answer.url == classifier.get_absolute_url()
    assert classifier.name == "things" and classifier.deliveries.count() == 1
    assert f"/api/classifiers/{classifier.pk}/export/" in page.get(answer.url).content.decode()


def test_the_same_key_makes_one_classifier_of_a_zip(api):
    def sent(key: str) -> str:
        file = zipped({"leaf/1.jpg": jpeg("leaf", 1)})
        return api.post("/api/classifiers/", {"file": file}, headers={"Idempotency-Key": key}).data["id"]

    first = sent("a")
    assert sent("a") == first != sent("b") and Classifier.objects.count() == 2


def test_a_classifier_of_a_zip_is_made_once_its_pictures_are_taken(api):
    """Until then the answer is 202, however long one waits."""

    def sent():
        file = zipped({"leaf/1.jpg": jpeg("leaf", 1)})
        return api.post(
            "/api/classifiers/", {"file": file}, headers={"Idempotency-Key": "a", "Prefer": "wait=1"}
        )

    begun = sent()
    (delivery,) = begun.data["deliveries"]
    assert (begun.status_code, delivery["job"]["status"]) == (202, "queued")
    tasks.take_examples(delivery["job"]["id"])
    made = sent()
    assert (made.status_code, made["Location"]) == (201, begun["Location"])
    assert [label["count"] for label in made.data["labels"]] == [1]


def test_addresses_and_names_with_the_separator_of_windows_are_found(alice):
    members = {"x\\a\\1.jpg": jpeg("leaf", 1), "x\\b\\1.jpg": jpeg("coin", 1)}
    tasks_of = [
        chosen(r"/data/local-files/?d=x\a\1.jpg", "leaf"),
        chosen(r"/data/local-files/?d=x\b\1.jpg", "coin"),
    ]
    classifier = made_of(members | {"list.json": listed(*tasks_of)}, alice)
    assert set(pictures_of(classifier)) == {"leaf", "coin"} and skipped(classifier) == {}


def test_a_list_that_breaks_the_limits_is_no_list_and_ends_nobodys_job(alice):
    """[[],[],…]: 48 MB that would be 1 GB in memory."""
    members = {"leaf/1.jpg": jpeg("leaf", 1), "list.json": b"[" + b"[]," * 16_000_000 + b"[]]"}
    classifier = made_of(members, alice)
    assert set(pictures_of(classifier)) == {"leaf"} and list(skipped(classifier)) == ["list.json"]


def test_neither_a_name_nor_a_zip_is_a_sentence(page, api):
    assert "Please give it a name." in page.post("/classifiers/", {"name": " "}).content.decode()
    assert api.post("/api/classifiers/", {"labels": ["a"]}, format="json").status_code == 400


def test_corrected_pictures_are_exported_as_a_data_set_that_teaches_a_classifier(page, api, alice, bob):
    for number, (label, owner) in enumerate(
        [("a mug", alice), ("a mug", alice), ("", alice), ("a cat", bob)]
    ):
        image = SimpleUploadedFile("cup.jpg", jpeg("coin", number))
        picture = pictures.submit_picture(owner=owner, image=image, only_labels=True)
        pictures.correct(picture=picture, label=label)
    answer = api.get("/api/pictures/corrections/")
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="Corrected pictures.zip"'
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist()[:2] == ["a mug/cup.jpg", "a mug/cup-2.jpg"]
        members = {name: archive.read(name) for name in archive.namelist()}
    assert {name: len(found) for name, found in pictures_of(made_of(members, alice)).items()} == {"a mug": 2}
    assert "/api/pictures/corrections/" in page.get("/pictures/history/").content.decode()


def test_without_corrections_the_history_offers_no_export(page):
    assert "/api/pictures/corrections/" not in page.get("/pictures/history/").content.decode()
