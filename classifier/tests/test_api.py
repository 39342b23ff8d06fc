"""Pictures by program: what is taken, what comes back, and what becomes of them."""

import csv
import io

import openpyxl
import pytest
from PIL import Image

from classifier.models import Album, Likeness, Picture, record
from classifier.services import pictures as services
from classifier.tests import photos
from classifier.tests.findings import Findings, a_picture
from classifier.tests.photos import packed, upload
from jobs.models import Job
from registry.models import ModelVersion

pytestmark = pytest.mark.django_db

OF_OTHERS = ["", "share/", "picture/", "saliency/"]


def ask(api, path: str = "/api/pictures/", headers=None, **data):
    return api.post(path, data or {"image": upload()}, format="multipart", headers=headers)


def sentences(answer) -> list[str]:
    return [error["detail"] for error in answer.json()["errors"]]


def test_a_picture_answers_202_with_its_place_and_its_job(api):
    answer = ask(api)
    assert answer.status_code == 202
    assert answer["Location"].endswith(f"/api/pictures/{answer.data['id']}/")
    assert answer.data["job"]["status"] == "queued"
    assert (answer.data["labels"], answer.data["similar"], answer.data["name"]) == (None, [], "photo.jpg")


def test_labels_alone_are_asked_for_by_only(api):
    assert ask(api, image=upload(), only="labels").data["job"]["task"] == services.LABEL
    answer = ask(api, image=upload(), only="faces")
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == "only"


def test_another_network_is_asked_by_its_name(api):
    ModelVersion.objects.create(kind="classifier", name="tiny", sha256="0" * 64)
    assert ask(api, image=upload(), model="tiny").data["model"]["name"] == "tiny"
    answer = ask(api, image=upload(), model="guess")
    assert answer.status_code == 400 and "/api/models/?kind=classifier" in sentences(answer)[0]


def test_the_same_idempotency_key_gives_the_same_picture(api):
    first, again = (ask(api, headers={"idempotency-key": "monday"}) for _ in range(2))
    assert first.data["id"] == again.data["id"] and Job.objects.count() == 1


def test_a_card_has_the_parts_of_the_contract_each_with_how_sure_it_is(api, alice):
    found = api.get(f"/api/pictures/{a_picture(alice).pk}/").data
    assert found["caption"] == "Probably a tabby cat." and found["caption_parts"][1]["from"] == "labels.0"
    assert found["labels"][0] == {"name": "tabby cat", "probability": 0.82, "wnid": "n02123045"}
    assert [one["name"] for one in found["concepts"]] == ["tabby cat", "cat", "animal"]
    assert found["objects"][0] == {"name": "cat", "confidence": 0.91, "label": "cat", "box": [10, 20, 60, 40]}
    assert (found["faces"], found["colors"][0]["hex"]) == ([], "#808080")
    assert found["photo"]["gps"]["latitude"] == 37.566389
    assert (found["missing"][0]["part"], found["missing"][0]["what"]) == ("faces", "dlib")
    assert (found["label"], found["is_certain"], found["width"]) == ("tabby cat", True, 100)


def test_names_come_in_the_language_that_is_accepted(api, alice):
    found = api.get(f"/api/pictures/{a_picture(alice).pk}/", headers={"accept-language": "ko"}).data
    assert found["caption"] == "아마 얼룩고양이예요." and found["label"] == "얼룩고양이"
    assert found["light"]["verdicts"][0]["name"] == "선명함"


def test_what_was_not_looked_for_is_null(api, alice):
    labels = {kind: Findings().found[kind] for kind in ("answer", "labels", "concepts")}
    found = api.get(f"/api/pictures/{a_picture(alice, Findings(labels, saliency=None)).pk}/").data
    assert {found[kind] for kind in ("objects", "faces", "text", "photo", "caption", "saliency_url")} == {
        None
    }
    assert found["missing"] == []


def test_file_and_saliency_can_be_fetched(api, alice):
    found = api.get(f"/api/pictures/{a_picture(alice).pk}/").data
    answer = api.get(found["picture_url"])
    assert 'filename="cat.jpg"' in answer["Content-Disposition"]
    assert Image.open(io.BytesIO(answer.getvalue())).size == (100, 75)
    assert Image.open(io.BytesIO(api.get(found["saliency_url"]).content)).mode == "RGBA"
    bare = a_picture(alice, Findings(saliency=None))
    assert api.get(f"/api/pictures/{bare.pk}/saliency/").status_code == 404


def test_similar_pictures_come_with_their_distance_the_nearest_first(api, alice):
    first, second, third = (a_picture(alice) for _ in range(3))
    Likeness.objects.create(picture=third, other=first, distance=0.3)
    Likeness.objects.create(picture=third, other=second, distance=0.01, is_near_duplicate=True)
    similar = api.get(f"/api/pictures/{third.pk}/").data["similar"]
    assert [(one["id"], one["is_near_duplicate"]) for one in similar] == [
        (str(second.pk), True),
        (str(first.pk), False),
    ]
    assert api.get(similar[0]["url"]).data["similar"][0]["id"] == str(third.pk)


def test_a_correction_is_kept_beside_what_was_found(api, alice):
    url = f"/api/pictures/{a_picture(alice).pk}/"
    after = api.patch(url, {"label": " Chelsea "}, format="json").data
    assert (after["label"], after["right_label"], after["answer"]["name"]) == (
        "Chelsea",
        "Chelsea",
        "tabby cat",
    )
    assert api.patch(url, {"label": ""}, format="json").data["label"] == "tabby cat"
    for wrong in ({"label": "x" * 101}, {"label": None}, {"label": ["cat"]}, {}):
        answer = api.patch(url, wrong, format="json")
        assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == "label"


def test_a_link_is_given_kept_and_taken_back(api, browse, alice):
    url = f"/api/pictures/{a_picture(alice).pk}/"
    shared = api.post(f"{url}share/").data["share_url"]
    assert api.post(f"{url}share/").data["share_url"] == shared
    assert browse().get(shared).status_code == 200
    assert api.delete(f"{url}share/").status_code == 204
    assert browse().get(shared).status_code == 404 and api.get(url).data["share_url"] is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"sure", "unsure", "corrected"}),
        ("is_certain=false", {"unsure"}),
        ("corrected=true", {"corrected"}),
        ("corrected=false", {"sure", "unsure"}),
        ("text=chelsea", {"corrected"}),
        ("text=tabby", {"sure", "unsure", "corrected"}),
        ("album=00000000-0000-0000-0000-000000000000", set()),
        ("created_after=2999-01-01T00:00:00Z", set()),
    ],
)
def test_the_history_is_filtered(api, alice, query, names):
    made = {"sure": a_picture(alice), "unsure": a_picture(alice, answer=None), "corrected": a_picture(alice)}
    services.correct(picture=made["corrected"], label="Chelsea")
    if "album" in query:
        services.submit_album(owner=alice, files=[upload(), upload()])
        query, names = f"album={Album.objects.get().pk}", None
    found = {row["id"] for row in api.get(f"/api/pictures/?{query}").data["results"]}
    assert len(found) == 2 if names is None else found == {str(made[name].pk) for name in names}


@pytest.mark.parametrize("query", ["created_after=x", "model=x", "album=x"])
def test_a_filter_that_means_nothing_is_a_sentence(api, query):
    answer = api.get(f"/api/pictures/?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == query.split("=")[0]


def test_a_folder_becomes_an_album_with_a_table(api):
    answer = ask(
        api, "/api/albums/", **{"images[]": [upload(), upload(b"hello", "=1+1.txt")], "name": "Trip"}
    )
    assert answer.status_code == 202 and answer["Location"] == answer.data["url"]
    assert [answer.data[name] for name in ("name", "count", "answered", "problems")] == ["Trip", 2, 0, 1]
    record({Picture.objects.get(name="photo.jpg"): Findings()})
    header, first, second = csv.reader(
        io.StringIO(api.get(answer.data["csv_url"]).getvalue().decode("utf-8-sig"))
    )
    assert header[:3] == ["File", "What it shows", "Probability"]
    assert first[:5] == ["photo.jpg", "tabby cat", "0.82", "", "Probably a tabby cat."]
    assert second[0] == "'=1+1.txt" and "not a picture" in second[-1]
    book = openpyxl.load_workbook(
        io.BytesIO(api.get(answer.data["csv_url"].replace("csv", "xlsx")).getvalue())
    )
    assert book.worksheets[0]["B2"].value == "tabby cat"
    rows = api.get(answer.data["pictures_url"]).data["results"]
    assert [row["problem"] != "" for row in rows] == [False, True]


def test_a_zip_becomes_an_album_and_a_bad_one_a_sentence(api):
    good = ask(api, "/api/albums/", file=upload(packed({"a.jpg": b"x"}), "trip.zip"))
    assert good.status_code == 202 and good.data["count"] == 0
    for content in (packed({"../a.jpg": b"x"}), packed({}), b"PK\x03\x04 and no more"):
        answer = ask(api, "/api/albums/", file=upload(content, "trip.zip"))
        assert answer.status_code == 400 and sentences(answer)[0].endswith((".", "다."))
    assert ask(api, "/api/albums/", name="nothing").status_code == 400


def test_deleting_an_album_takes_its_pictures_along(api):
    url = ask(api, "/api/albums/", **{"images[]": [upload(), upload()]}).data["url"]
    assert api.delete(url).status_code == 204
    assert not Picture.objects.exists() and not Job.objects.exists() and api.get(url).status_code == 404


def test_the_owner_gets_the_file_as_it_was_sent(api):
    content = photos.located()
    found = ask(api, image=upload(content)).data
    assert api.get(found["picture_url"]).getvalue() == content


def test_pictures_of_others_are_not_there(api, call, alice, bob):
    path = f"/api/pictures/{a_picture(alice).pk}/"
    album = ask(api, "/api/albums/", **{"images[]": [upload(), upload()]}).data
    for part in OF_OTHERS:
        method = "post" if part == "share/" else "get"
        assert getattr(call(bob), method)(path + part).status_code == 404
        assert getattr(call(), method)(path + part).status_code == 401
    for method in ("patch", "delete"):
        assert getattr(call(bob), method)(path, {"label": "dog"}, format="json").status_code == 404
    assert [call(bob).get(album[name]).status_code for name in ("url", "csv_url")] == [404, 404]
    assert call(bob).get("/api/pictures/").data["count"] == call(bob).get("/api/albums/").data["count"] == 0
    assert set(Picture.objects.values_list("right_label", flat=True)) == {""}
