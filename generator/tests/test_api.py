"""What a program asks of faces, and what it is told."""

import base64
import io
import json
import math
import zipfile

import numpy as np
import pytest
from PIL import Image

from generator.models import Order
from generator.pngs import face_png
from generator.tests.calls import ask, draw, drawn, photo, pngs, sentences, upload, wish
from jobs.models import Job
from trash.models import Item

pytestmark = pytest.mark.django_db


def send(api, **fields):
    return api.post("/api/faces/", fields, format="multipart")


def test_a_wish_becomes_an_order_with_its_pictures(api):
    answer = ask(api, model="dcgan", count=3, seed=5)
    assert answer.status_code == 202 and answer["Location"] == answer.data["url"]
    assert answer.data["job"]["status"] == "queued" and answer.data["images"] == []
    assert answer.data["wait"] == {"position": 0, "seconds": None}
    draw()
    found = api.get(answer.data["url"]).data
    assert found["job"]["status"] == "done" and found["wait"] is None
    assert [(one["seed"], one["width"], one["height"]) for one in found["images"]] == [
        (seed, 64, 64) for seed in (5, 6, 7)
    ]
    picture = api.get(found["images"][0]["url"])
    assert picture["Content-Type"] == "image/png" and Image.open(io.BytesIO(picture.content)).size == (64, 64)
    assert found["model"]["name"] == "dcgan" and found["licences"][0]["licence"] == "non-commercial research"
    assert found["made_by"].startswith("Made by a model")


def test_without_a_network_the_usual_one_draws_and_a_seed_is_told(api):
    found = ask(api).data
    assert found["model"]["name"] == "stylegan" and 0 <= found["seed"] < 2**32 and found["count"] == 1


def test_sheet_film_and_zip_are_made_of_what_is_there(api, alice):
    order = drawn(alice, seed=1, interpolate={"to_seed": 2, "frames": 4})
    found = api.get(f"/api/faces/{order.pk}/").data
    assert Image.open(io.BytesIO(api.get(found["grid_url"]).content)).size == (32, 32)
    film = Image.open(io.BytesIO(api.get(found["video_url"]).content))
    assert (film.format, film.n_frames) == ("WEBP", 6)
    packed = zipfile.ZipFile(io.BytesIO(api.get(found["zip_url"]).content))
    assert [packed.read(name) for name in packed.namelist()] == pngs(order)
    assert packed.namelist()[0] == "01-stylegan-1.png"
    waiting = api.get(f"/api/faces/{wish(alice).pk}/").data
    assert waiting["video_url"] is None
    assert [api.get(waiting[name]).status_code for name in ("grid_url", "zip_url")] == [404, 404]


def test_the_settings_of_an_answer_give_the_same_files_again(api, alice):
    order = drawn(alice, seed=1, count=2, mix={"with_seed": 3, "from_layer": 2}, truncation=0.6)
    again = ask(api, **api.get(f"/api/faces/{order.pk}/").data["settings"])
    draw()
    assert pngs(Order.objects.get(pk=again.data["id"])) == pngs(order)


def test_a_png_brings_its_settings_back(api, alice):
    order = drawn(alice, seed=1, count=3, edits={"smile": 1}, prompt="glasses")
    content = pngs(order)[2]
    found = api.post("/api/faces/settings/", {"image": upload(content)}, format="multipart").data
    assert found["is_same_version"] and (found["seed"], found["count"]) == (3, 1)
    again = ask(api, **found)
    draw()
    assert pngs(Order.objects.get(pk=again.data["id"])) == [content]


@pytest.mark.parametrize("content", [photo(), b"hello"])
def test_a_picture_that_says_nothing_is_answered_with_a_sentence(api, content):
    answer = api.post("/api/faces/settings/", {"image": upload(content)}, format="multipart")
    assert answer.status_code == 400 and sentences(answer)[0].endswith(".")


@pytest.mark.parametrize(
    "note",
    [
        {"edits": 5},
        {"mix": "abc"},
        {"truncation": math.nan},
        {"model": "dalle"},
        {"count": 99},
        {"like": [[[]]]},
        {"image": "x", "edits": {"wings": 1}},
        [],
    ],
)
def test_a_picture_whose_note_is_forged_is_answered_with_a_sentence(api, page, note):
    content = face_png(np.zeros((16, 16, 3), np.uint8), json.dumps(note))
    answer = api.post("/api/faces/settings/", {"image": upload(content)}, format="multipart")
    assert answer.status_code == 400 and sentences(answer)[0].endswith(".")
    assert page.post("/faces/restore/", {"picture": upload(content)}).context["problem"].endswith(".")


WRONG = [
    ({"count": 0}, "count"),
    ({"count": 65}, "count"),
    ({"count": 1.5}, "count"),
    ({"count": True}, "count"),
    ({"seed": -1}, "seed"),
    ({"seed": 2**63}, "seed"),
    ({"seed": "many"}, "seed"),
    ({"seed": "9" * 5000}, "seed"),
    ({"truncation": "nan"}, "truncation"),
    ({"truncation": "inf"}, "truncation"),
    ({"truncation": 2}, "truncation"),
    ({"prompt": "smile " * 2000}, "prompt"),
    ({"edits": {"wings": 1}}, "edits"),
    ({"edits": {"smile": 4}}, "edits.smile"),
    ({"edits": {"smile": "nan"}}, "edits.smile"),
    ({"edits": [1]}, "edits"),
    ({"model": "gan", "edits": {"smile": 1}}, "edits"),
    ({"model": "gan", "mix": {"with_seed": 1}}, "mix"),
    ({"mix": {"with_seed": 1, "from_layer": 6}}, "mix"),
    ({"mix": {}}, "mix.with_seed"),
    ({"interpolate": {"to_seed": 1, "frames": 65}}, "interpolate.frames"),
    ({"interpolate": {"to_seed": 1, "frames": 3, "share": 0.1}}, "interpolate"),
    ({"like": {"share": 0.2}}, "like"),
    ({"like": {"code": "AAAA"}}, "like"),
    ({"like": {"code": "%"}}, "like.code"),
    ({"like": {"seed": 1}, "interpolate": {"to_seed": 2}}, "like"),
    ({"model": "dalle"}, "model"),
]


@pytest.mark.parametrize(("settings_", "field"), WRONG)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_bad_input_is_a_sentence_in_both_languages(api, settings_, field, language):
    answer = ask(api, headers={"accept-language": language}, **settings_)
    assert answer.status_code == 400, answer.data
    error = answer.json()["errors"][0]
    assert error["attr"].startswith(field) and error["detail"].rstrip().endswith((".", "요", "다"))
    assert any("가" <= letter <= "힣" for letter in error["detail"]) == (language == "ko")
    assert not Job.objects.exists()


def test_no_number_in_json_is_no_number(api):
    answer = api.post("/api/faces/", json.dumps({"truncation": math.nan}), content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("field", ["edits", "mix", "interpolate", "like"])
def test_forms_send_what_has_parts_as_json(api, field):
    assert send(api, **{field: "{"}).json()["errors"][0]["attr"].startswith(field)
    assert send(api, **{field: "[" * 100_000}).status_code == 400
    good = {
        "edits": {"smile": 1},
        "mix": {"with_seed": 2},
        "interpolate": {"to_seed": 3},
        "like": {"seed": 1},
    }
    assert send(api, **{field: json.dumps(good[field])}).status_code == 202


def test_a_text_is_no_photo(api):
    answer = send(api, image=upload(b"hello", "face.jpg"))
    assert answer.status_code == 400 and "not a picture" in sentences(answer)[0]


def test_networks_without_styles_start_from_no_photo(api):
    answer = send(api, model="gan", image=upload(photo()))
    assert answer.status_code == 400 and "cannot start from a photo" in sentences(answer)[0]


def test_a_photo_and_another_face_are_one_start_too_many(api):
    answer = send(api, image=upload(photo()), like='{"seed": 1}')
    assert answer.status_code == 400


def test_a_code_of_another_network_means_nothing_here(api):
    code = base64.b64encode(np.zeros((4, 4), np.float16).tobytes()).decode()
    answer = ask(api, like={"code": code})
    assert answer.status_code == 400 and "another network" in sentences(answer)[0]


def test_the_same_idempotency_key_gives_the_same_order(api):
    first, again = (ask(api, headers={"idempotency-key": "monday"}, count=2) for _ in range(2))
    assert first.data["id"] == again.data["id"] and Job.objects.count() == 1


def test_orders_and_faces_become_favourites(api, alice):
    url = f"/api/faces/{drawn(alice, count=2).pk}/"
    assert api.patch(url, {"is_favourite": True}, format="json").data["is_favourite"]
    after = api.patch(url, {"is_favourite": True, "place": 1}, format="json").data
    assert [one["is_favourite"] for one in after["images"]] == [False, True]
    assert not api.patch(url, {"is_favourite": False}, format="json").data["is_favourite"]
    assert api.get("/api/faces/?favourite=true").data["count"] == 1
    assert api.patch(url, {"is_favourite": True, "place": 2}, format="json").status_code == 400


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("model=gan", 1),
        ("seed=7", 1),
        ("favourite=false", 3),
        ("created_after=2999-01-01T00:00:00Z", 0),
    ],
)
def test_the_gallery_is_filtered(api, alice, query, count):
    for model, seed in (("gan", 7), ("dcgan", 8), ("stylegan", 9)):
        wish(alice, model=model, seed=seed)
    assert api.get(f"/api/faces/?{query}").data["count"] == count


def test_deleting_takes_everything_along(api, alice):
    url = f"/api/faces/{drawn(alice).pk}/"
    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404 and not Job.objects.exists()


def test_position_and_time_are_told(api, alice, bob):
    past = drawn(bob, count=4)
    Order.objects.filter(pk=past.pk).update(seconds=8.0)
    first, others = wish(alice, count=10), wish(bob, count=3)
    mine = wish(alice, count=2)
    told = {str(row["id"]): row["wait"] for row in api.get("/api/faces/").data["results"]}
    assert told[str(first.pk)] == {"position": 1, "seconds": 2 * (10 + 3)}
    assert told[str(mine.pk)] == {"position": 2, "seconds": 2 * (12 + 3)}
    theirs = api.get(f"/api/faces/{others.pk}/")
    assert theirs.status_code == 404


def test_orders_of_others_are_not_there(api, call, alice, bob):
    path = f"/api/faces/{drawn(alice, seed=1, interpolate={'to_seed': 2, 'frames': 2}).pk}/"
    for part in ("", "images/0.png", "grid.png", "film.webp", "faces.zip", "photo/file/"):
        assert call(bob).get(path + part).status_code == 404
        assert call().get(path + part).status_code == 401
    for method in ("patch", "delete"):
        assert getattr(call(bob), method)(path, {"is_favourite": True}, format="json").status_code == 404
    assert call(bob).post(path + "share/").status_code == 404
    assert call(bob).get("/api/faces/").data["count"] == 0


def test_several_orders_are_deleted_at_once_and_only_ones_own(api, call, alice, bob):
    first, second, of_bob = drawn(alice), drawn(alice), drawn(bob)
    ids = [str(order.pk) for order in (first, second, of_bob)]
    assert api.post("/api/faces/delete/", {"ids": ids}, format="json").status_code == 204
    assert list(Order.objects.all()) == [of_bob] and Item.objects.get().count == 2
    assert api.post("/api/faces/delete/", {"ids": ids}, format="json").status_code == 404
    for wrong in ([], ["x"], "x", [ids[0]] * 201):
        assert api.post("/api/faces/delete/", {"ids": wrong}, format="json").status_code == 400


def test_a_grid_is_seeds_by_truncations_and_its_settings_draw_it_again(api, alice):
    order = drawn(alice, seed=3, grid={"seeds": 2, "truncations": [0.2, 1]})
    told = api.get(f"/api/faces/{order.pk}/").data
    assert [(one["seed"], one["truncation"]) for one in told["images"]] == [
        (3, 0.2),
        (3, 1.0),
        (4, 0.2),
        (4, 1.0),
    ]
    assert told["settings"]["grid"] == {"seeds": 2, "truncations": [0.2, 1.0]}
    assert pngs(drawn(alice, **told["settings"])) == pngs(order)
    sheet = Image.open(io.BytesIO(api.get(told["grid_url"]).content))
    assert sheet.size == (32, 32)
