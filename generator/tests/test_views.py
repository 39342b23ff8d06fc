"""The pages of faces: what each shows and to whom, without a script."""

import io
import zipfile

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.sharing import share
from generator import services, tasks
from generator.models import Order, Photo
from generator.tests.calls import draw, drawn, fresh, photo, pngs, upload
from generator.tests.networks import SMALL, version
from jobs.models import Job, Status
from ml.core.cards import WeightsDamaged
from ml.faces.alignment import NotAFace
from registry.models import ModelVersion
from trash.models import Item

pytestmark = pytest.mark.django_db


def path(name: str, order: Order) -> str:
    return reverse(f"generator:{name}", args=[order.pk])


def text_of(answer) -> str:
    return answer.content.decode()


def send(page, **fields):
    return page.post(
        "/faces/", {"count": "1", "truncation": "0.7", "share": "0.3", "edit_smile": "0"} | fields
    )


def test_a_wish_sent_by_a_plain_form_leads_to_its_page_which_grows(page):
    answer = send(page, prompt="smiling woman", model="stylegan", count="2", seed="7", edit_glasses="1.5")
    order = Order.objects.get()
    assert answer.url == path("order", order)
    assert (order.count, order.seed, order.edits, order.prompt) == (2, 7, {"glasses": 1.5}, "smiling woman")
    waiting = text_of(page.get(answer.url))
    assert "data-reload-when-job-ends" in waiting and path("progress", order) in waiting
    assert page.get(path("progress", order)).status_code == 200
    draw()
    assert page.get(path("progress", order)).status_code == 286
    done = text_of(page.get(answer.url))
    assert done.count('class="face"') == 2 and "Understood:" in done and "non-commercial research" in done
    assert page.get(reverse("generator:result", args=[order.job_id])).url == path("order", order)


@pytest.mark.parametrize(
    ("prompt", "understood"),
    [
        ("glasses off", ["no glasses"]),
        ("안경 안 쓴", ["no glasses"]),
        ("not smiling", ["serious"]),
        ("bald, smiling", ["smiling"]),
    ],
)
def test_what_is_understood_is_said_as_what_is_done(page, prompt, understood):
    send(page, prompt=prompt, model="stylegan")
    draw()
    order = Order.objects.get()
    assert sorted(map(str, order.understood)) == sorted(understood)
    shown = text_of(page.get(path("order", order)))
    assert all(f">{end}</span>" in shown for end in understood)
    assert ("bald" in prompt) == (">bald</span>" in shown)


def test_what_was_left_alone_is_not_wished_for(page):
    send(page, mix_from="4", frames="24")
    order = Order.objects.get()
    assert (order.mix_seed, order.to_seed, order.like_seed, order.edits) == (None, None, None, {})


def test_a_film_is_shown_as_one(page, browse, alice):
    send(page, seed="1", to_seed="2", frames="4")
    draw()
    order = Order.objects.get()
    share(row=order)
    assert order.count == 4 and "film.webp" in text_of(page.get(path("order", order)))
    film = browse().get(reverse("generator:shared_film", args=[order.share_key]))
    assert film["Content-Type"] == "image/webp"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"count": "65"}, "whole number from 1 to 64"),
        ({"seed": "-1"}, "whole number from 0 to 9223372036854775807"),
        ({"truncation": "nan"}, "number from 0 to 1"),
        ({"prompt": "x" * 10_000}, "at most 500 letters"),
        ({"model": "gan", "edit_smile": "1"}, "knows no edits"),
        ({"mix_seed": "x"}, "whole number"),
        ({"mix_seed": "1", "mix_from": "9"}, "layer 1 to 5"),
        ({"like_seed": "1", "to_seed": "2"}, "Choose one of the two"),
        ({"code": "AAAA"}, "no code of a face"),
        ({"code": "AAAAAAAAAAA="}, "found by another network"),
    ],
)
def test_bad_input_is_a_sentence_beside_its_field(page, fields, words):
    answer = send(page, **fields)
    assert answer.status_code == 200 and words in text_of(answer) and not Order.objects.exists()


def test_a_text_file_is_no_photo(page):
    answer = send(page, image=upload(b"hello", "face.jpg"))
    assert "not a picture" in text_of(answer) and not Job.objects.exists()


def initial(answer) -> dict:
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}


def test_a_png_brings_its_settings_back_to_the_form(page, alice):
    order = drawn(
        alice, seed=5, count=2, edits={"smile": 1}, mix={"with_seed": 3, "from_layer": 2}, truncation=0.4
    )
    answer = page.post("/faces/restore/", {"picture": upload(pngs(order)[1])})
    found = initial(answer)
    assert (found["seed"], found["edit_smile"], found["mix_seed"], found["truncation"]) == (6, 1, 3, 0.4)
    assert page.post("/faces/", found).status_code == 302
    draw()
    assert pngs(Order.objects.first()) == pngs(order)[1:]


@pytest.mark.parametrize("content", [photo(), b"hello", b""])
def test_a_picture_that_says_nothing_is_answered_with_a_sentence(page, content):
    answer = page.post("/faces/restore/", {"picture": upload(content)})
    assert answer.context["problem"].endswith(".")
    assert page.post("/faces/restore/").context["problem"] == "Please choose a file."


def test_a_picture_of_another_version_says_that_it_will_look_different(page, alice):
    content = pngs(drawn(alice))[0]
    ModelVersion.objects.filter(name="stylegan").update(sha256="0" * 64)
    assert "Another version" in text_of(page.post("/faces/restore/", {"picture": upload(content)}))


def test_settings_of_an_order_or_a_face_are_taken_over(page, alice):
    order = drawn(alice, seed=5, count=3, truncation=0.4)
    assert initial(page.get(f"/faces/?from={order.pk}"))["count"] == 3
    face = initial(page.get(f"/faces/?from={order.pk}&place=2"))
    assert (face["seed"], face["count"], face["truncation"]) == (7, 1, 0.4)
    for nonsense in ("from=x", f"from={order.pk}&place=99", "like=", "place=1"):
        assert page.get(f"/faces/?{nonsense}").status_code == 200


def test_more_like_this_leads_away_from_that_face(page, alice):
    order = drawn(alice, seed=5, count=3)
    found = initial(page.get(f"/faces/?like={order.pk}&place=2"))
    assert (found["like_seed"], found["share"], found["count"]) == (7, 0.3, 4) and "seed" not in found
    assert page.post("/faces/", found).status_code == 302


def again(page, order: Order, **moved) -> Order:
    """The form below the faces, sent as it stands but for what was moved."""
    form = page.get(path("order", order)).context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert page.post("/faces/", fields | moved).status_code == 302
    draw()
    return Order.objects.first()


def test_the_form_below_the_faces_shows_what_the_words_changed(page, alice):
    order = drawn(alice, prompt="smiling, without glasses", edits={"glasses": 1}, seed=5)
    form = page.get(path("order", order)).context["form"]
    assert (form["edit_smile"].value(), form["edit_glasses"].value()) == (1.5, 1)
    same = again(page, order)
    assert same.edits == {"glasses": 1} and pngs(same) == pngs(order)


def test_a_slider_that_is_brought_back_from_where_words_put_it_wins(page, alice):
    order = drawn(alice, prompt="smiling", seed=5)
    plain = again(page, order, edit_smile="0")
    assert plain.edits == {"smile": 0} and pngs(plain) != pngs(order)
    assert initial(page.get(path("order", plain)))["edit_smile"] == 0
    assert again(page, plain).edits == {"smile": 0}
    more = again(page, order, edit_smile="2.25", edit_glasses="1")
    assert more.all_edits == {"smile": 2.25, "glasses": 1}


def test_sliders_and_words_end_where_faces_break(page, alice):
    order = drawn(alice, prompt="many glasses, very much glasses, glasses", seed=5)
    assert order.words["edits"]["glasses"] == 2.5
    form = page.get(path("order", order)).context["form"]
    assert form.fields["edit_glasses"].widget.attrs["max"] == 2.5 and form["edit_glasses"].value() == 2.5
    assert tuple(form.knows["stylegan"]["edits"]["glasses"]) == (-2.5, 2.5)
    assert again(page, order).all_edits == {"glasses": 2.5}


def test_a_network_of_an_earlier_release_has_the_widest_sliders(page):
    version("stylegan", {name: value for name, value in SMALL["stylegan"].items() if name != "ranges"}, 2)
    form = page.get("/faces/").context["form"]
    assert form.fields["edit_glasses"].widget.attrs["max"] == 3


def test_other_words_count_where_no_slider_was_moved(page, alice):
    order = drawn(alice, prompt="smiling", seed=5)
    assert again(page, order, prompt="sad").all_edits["smile"] < 0
    assert again(page, order, started="[5").all_edits["smile"] == 1.5, "what is no start is none"


def test_a_picture_of_words_keeps_what_its_sliders_are_set_to(page, alice):
    order = drawn(alice, prompt="smiling", seed=5)
    found = initial(page.post("/faces/restore/", {"picture": upload(pngs(order)[0])}))
    page.post("/faces/", found | {"edit_smile": "0"})
    assert Order.objects.first().edits == {"smile": 0}


def test_favourites_are_marked_and_found(page, alice):
    order, other = drawn(alice, count=2), drawn(alice)
    page.post(path("mark", order), {"place": "1"})
    assert [face.is_favourite for face in order.faces.all()] == [False, True]
    page.post(path("mark", order), {"place": "1", "off": "1"})
    page.post(path("mark", order), {"place": "9" * 40})
    order.refresh_from_db()
    assert not order.is_favourite
    page.post(path("mark", other))
    shown = text_of(page.get("/faces/gallery/?favourite=on"))
    assert str(other.pk) in shown and str(order.pk) not in shown


@pytest.mark.parametrize(
    "query", ["network=gan", "seed=8", "text=glasses", f"first={timezone.now():%Y-%m-%d}"]
)
def test_the_gallery_is_filtered(page, alice, query):
    found, other = drawn(alice, model="gan", seed=7, count=2, prompt="glasses"), drawn(alice, seed=20)
    if "first" in query:
        Order.objects.filter(pk=other.pk).update(created_at="2020-01-01T00:00:00Z")
    shown = text_of(page.get(f"/faces/gallery/?{query}"))
    assert str(found.pk) in shown and str(other.pk) not in shown
    assert page.get("/faces/gallery/?seed=x&network=9&first=never").status_code == 200


def test_two_ticked_faces_are_compared_and_any_are_packed(page, browse, alice, bob):
    order = drawn(alice, count=3, seed=1)
    ids = list(order.faces.values_list("pk", flat=True))
    compared = text_of(page.get("/faces/compare/", {"face": ids[:2]}))
    assert compared.count('class="face"') == 2 and "<b>2</b>" in compared
    assert page.get("/faces/compare/", {"face": ids[:1]}).status_code == 302
    packed = zipfile.ZipFile(io.BytesIO(page.get("/faces/download/", {"face": ids[1:]}).content))
    assert [packed.read(name) for name in packed.namelist()] == pngs(order)[1:]
    for address in ("/faces/compare/", "/faces/download/"):
        assert browse(bob).get(address, {"face": [*ids, "x", "9" * 50]}).status_code == 302


def test_a_link_shows_the_faces_and_nothing_else(page, browse, alice):
    order = drawn(alice)
    page.post(path("share", order))
    order.refresh_from_db()
    shared = reverse("generator:shared", args=[order.share_key])
    shown = browse().get(shared)
    assert "alice" not in text_of(shown) and shown["X-Robots-Tag"] == "noindex, nofollow"
    assert browse().get(f"{shared}images/0.png").content == pngs(order)[0]
    page.post(path("share", order), {"stop": "1"})
    assert browse().get(shared).status_code == 404


def test_pages_of_others_are_not_there(browse, alice, bob):
    order = drawn(alice)
    for name in ("order", "progress"):
        assert browse(bob).get(path(name, order)).status_code == 404
        assert browse().get(path(name, order)).status_code == 302
    for name in ("mark", "delete", "share", "photo"):
        assert browse(bob).post(path(name, order)).status_code == 404
    assert Order.objects.count() == 1


def test_deleting_leads_to_the_gallery(page, alice):
    assert page.post(path("delete", drawn(alice))).url == "/faces/gallery/"
    assert not Order.objects.exists() and "Undo" in text_of(page.get("/faces/gallery/"))


def test_ticked_orders_are_deleted_together_and_one_undo_brings_them_back(page, browse, alice, bob):
    first, second, kept = drawn(alice), drawn(alice), drawn(alice)
    of_bob = drawn(bob)
    gone = {"order": [first.pk, second.pk, of_bob.pk]}
    assert page.post("/faces/gallery/delete/?favourite=on", gone).url == "/faces/gallery/?favourite=on"
    assert set(Order.objects.all()) == {kept, of_bob}
    item = Item.objects.get()
    assert item.count == 2 and "2 sets of faces were deleted." in text_of(page.get("/faces/gallery/"))
    assert page.post(reverse("trash:restore", args=[item.pk])).url == "/faces/gallery/"
    assert Order.objects.count() == 4 and "all 2 are back" in text_of(page.get("/faces/gallery/"))


def test_nothing_ticked_is_told_and_no_id_is_not_there(page, alice):
    order = drawn(alice)
    assert page.post("/faces/gallery/delete/").url == "/faces/gallery/"
    assert "Tick what you want to delete." in text_of(page.get("/faces/gallery/"))
    assert page.post("/faces/gallery/delete/", {"order": "x"}).status_code == 404
    assert list(Order.objects.all()) == [order]


def test_a_grid_shows_each_seed_at_every_variety(page, alice):
    assert send(page, grid_seeds="2", truncations="0.2, 0.5 1", seed="7").status_code == 302
    draw()
    order = Order.objects.get()
    assert (order.count, order.truncations) == (6, [0.2, 0.5, 1.0])
    assert [face.seed for face in order.faces.all()] == [7, 7, 7, 8, 8, 8]
    shown = text_of(page.get(path("order", order)))
    assert shown.count('<th scope="row">') == 2 and shown.count('class="face"') == 6
    alone = drawn(alice, seed=8, truncation=0.5)
    assert order.faces.get(place=4).sha256 == alone.faces.get().sha256
    found = initial(page.get(path("order", order)))
    assert (found["grid_seeds"], found["truncations"]) == (2, "0.2 0.5 1")
    assert page.post("/faces/", found).status_code == 302
    draw()
    assert pngs(Order.objects.first()) == pngs(order)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"grid_seeds": "20", "truncations": "0 0.2 0.4 1"}, "at most 64 faces"),
        ({"grid_seeds": "2", "truncations": "0 2"}, "number from 0 to 1"),
        ({"grid_seeds": "2", "truncations": "low high"}, "number from 0 to 1"),
        ({"grid_seeds": "2", "truncations": "1"}, "at least 2"),
        ({"grid_seeds": "2", "to_seed": "5"}, "Choose one of the two"),
    ],
)
def test_a_grid_that_cannot_be_is_a_sentence(page, fields, words):
    answer = send(page, **fields)
    assert answer.status_code == 200 and words in text_of(answer) and not Order.objects.exists()


def test_without_a_network_a_sentence_says_so(page):
    ModelVersion.objects.filter(kind="faces").update(state="retired")
    assert "is missing" in text_of(page.get("/faces/"))


# --- photos


class Inverter:
    """Finds the face that seed 3 would be, in whatever is uploaded."""

    def __init__(self, drawer) -> None:
        self.drawer = drawer

    def invert(self, picture, report):
        if picture.shape[0] == 1:
            raise NotAFace("No face was found in this photo.")
        report(0.5)
        code = self.drawer.styles(tasks.FaceRequest(seed=3)).numpy().astype("float16")
        again = self.drawer.draw([tasks.FaceRequest(seed=0, code=code.astype("float32"))])[0]
        return Found(code, again, again, 0.125)


class Found:
    def __init__(self, code, aligned, picture, error) -> None:
        self.code, self.aligned, self.picture, self.error = code, aligned, picture, error


@pytest.fixture
def inverter(monkeypatch):
    monkeypatch.setattr(tasks, "inverter", lambda sha256: Inverter(tasks.load_version(sha256)))


def from_photo(page, **fields) -> Order:
    assert send(page, image=upload(photo()), seed="1", **fields).status_code == 302
    draw()
    return fresh(Order.objects.first())


def test_a_photo_becomes_a_face_beside_its_original_with_the_error(page, api, inverter):
    order = from_photo(page)
    shown = text_of(page.get(path("order", order)))
    assert "Error: 0.125" in shown and "deleted after a day" in shown
    told = api.get(f"/api/faces/{order.pk}/").data["photo"]
    assert (told["error"], told["is_kept"]) == (0.125, False) and told["deleted_at"]
    for name in ("url", "aligned_url", "drawn_url"):
        assert api.get(told[name])["Cache-Control"] == "private, no-store"


def test_a_face_from_a_photo_is_edited_and_varied_without_the_photo(page, alice, inverter):
    order = from_photo(page)
    again = initial(page.post("/faces/restore/", {"picture": upload(pngs(order)[0])}))
    page.post("/faces/", again)
    draw()
    assert pngs(Order.objects.first()) == pngs(order)
    edited = initial(page.get(f"/faces/?from={order.pk}&place=0")) | {"edit_smile": "2"}
    varied = initial(page.get(f"/faces/?like={order.pk}&place=0"))
    for wished in (edited, varied):
        assert page.post("/faces/", wished).status_code == 302
        draw()
        assert not set(pngs(Order.objects.first())) & set(pngs(order))


def test_what_shows_no_face_is_refused_with_a_sentence(page, inverter, monkeypatch):
    monkeypatch.setattr(tasks, "open_rgb", lambda content, longest: np.zeros((1, 1, 3), np.uint8))
    order = from_photo(page)
    assert order.job.status == Status.FAILED and order.job.error == "No face was found in this photo."


@pytest.mark.parametrize(("kept", "left"), [({}, 0), ({"keep_photo": "on"}, 1)])
def test_photos_are_deleted_after_a_day_unless_kept(
    page, inverter, settings, kept, left, django_capture_on_commit_callbacks
):
    order = from_photo(page, **kept)
    assert services.forget_photos() == 0
    Photo.objects.update(created_at=timezone.now() - services.photo_stays())
    with django_capture_on_commit_callbacks(execute=True):
        tasks.forget_photos()
    files = [file for file in (settings.MEDIA_ROOT / "faces").rglob("*") if file.is_file()]
    assert len(files) == left and bool(Photo.objects.get().aligned) == bool(left)
    assert fresh(order).code and Photo.objects.get().drawn


def test_a_photo_is_kept_or_deleted_at_once(page, inverter, settings, django_capture_on_commit_callbacks):
    order = from_photo(page)
    page.post(path("photo", order))
    assert Photo.objects.get().is_kept
    with django_capture_on_commit_callbacks(execute=True):
        page.post(path("photo", order), {"forget": "1"})
    assert not any(file.is_file() for file in (settings.MEDIA_ROOT / "faces").rglob("*"))
    assert "The photo was deleted." in text_of(page.get(path("order", order)))


def test_a_photo_deleted_before_its_turn_is_a_sentence(page, inverter):
    send(page, image=upload(photo()))
    services.forget_photo(photo=Photo.objects.get())
    draw()
    assert "deleted before" in Order.objects.get().job.error


def test_a_photo_that_was_found_once_is_not_looked_for_again(page, alice, inverter, monkeypatch):
    order = from_photo(page)
    Job.objects.filter(pk=order.job_id).update(status=Status.QUEUED)
    order.faces.all().delete()
    monkeypatch.setattr(Inverter, "invert", None)
    draw()
    assert fresh(order).job.status == Status.DONE


def test_where_no_face_can_be_looked_for_a_sentence_says_so(page, monkeypatch):
    def damaged(*_arguments):
        raise WeightsDamaged("The card cannot be read.")

    monkeypatch.setattr(tasks.inversion(), "load_inverter", damaged)
    assert "administrator" in from_photo(page).job.error
