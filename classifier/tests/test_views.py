"""The pages of pictures: what each shows and to whom, without a script and without a worker."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.sharing import share
from classifier.models import Album, Likeness, Picture, record
from classifier.services import pictures as services
from classifier.tasks import pictures as tasks
from classifier.tests import photos
from classifier.tests.findings import Findings, a_picture
from classifier.tests.photos import upload
from jobs.models import Job, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def cat(alice) -> Picture:
    return a_picture(alice)


def path(name: str, row: Picture | Album) -> str:
    return reverse(f"classifier:{name}", args=[row.pk])


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_picture_sent_by_a_plain_form_leads_to_its_page_which_waits_for_the_answer(page):
    answer = page.post("/pictures/", {"images": upload()}, follow=True)
    made = Picture.objects.get()
    assert answer.redirect_chain == [(path("picture", made), 302)]
    assert "data-reload-when-job-ends" in text_of(answer)
    assert page.get(reverse("classifier:result", args=[made.job_id])).url == path("picture", made)


def test_several_pictures_become_an_album_named_after_their_folder(page):
    answer = page.post("/pictures/", {"images": [upload(), upload()], "name": "Trip", "only_labels": "on"})
    album = Album.objects.get()
    assert (answer.url, album.name, album.wants_labels_only) == (path("album", album), "Trip", True)
    assert page.get(reverse("classifier:result", args=[album.job_id])).url == path("album", album)


@pytest.mark.parametrize("name", ["cat", "coffee", "rocket", "sign"])
def test_a_sample_is_one_click_away(page, name):
    assert f'value="{name}"' in text_of(page.get("/pictures/"))
    page.post("/pictures/", {"sample": name})
    assert Picture.objects.get().name == f"{name}.jpg"


def test_a_sample_that_does_not_exist_opens_no_file(page):
    answer = page.post("/pictures/", {"sample": "../../../manage"})
    assert "Please choose one" in text_of(answer) and not Picture.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "not a picture"),
        (b"", "empty"),
        (b"%PDF-1.7", "This is a PDF."),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(page, content, words):
    answer = page.post("/pictures/", {"images": upload(content)})
    assert answer.status_code == 200 and words in text_of(answer)
    assert not Picture.objects.exists()


def test_the_card_begins_with_a_caption_whose_words_lead_to_what_they_come_from(page, cat):
    html = " ".join(text_of(page.get(path("picture", cat))).split())  # lines of the template mean nothing
    assert '<a href="#labels-0" data-of="labels-0">a tabby cat</a>' in html
    assert 'id="labels-0"' in html and html.index("data-of=") < html.index('id="labels"')
    assert "82 %" in html and "animal" in html


def test_boxes_are_in_the_picture_and_in_a_list(page, cat):
    html = text_of(page.get(path("picture", cat)))
    assert html.count('data-of="objects-0"') == 2 and 'points="10,20 70,20 70,60 10,60"' in html
    assert 'points="5,62 55,60 55,68 5,70"' in html and "냐옹 MEOW" in html
    assert "No face." in html


def test_names_come_in_the_readers_language(page, cat):
    html = text_of(page.get(path("picture", cat), headers={"accept-language": "ko"}))
    assert "얼룩고양이" in html and "회색" in html and "tabby" not in html


def test_what_is_missing_is_named_in_a_sentence(page, cat):
    html = text_of(page.get(path("picture", cat)))
    assert "<b>Faces</b>: It failed on this picture. <code>dlib</code>" in html


def test_a_picture_without_an_answer_says_that_it_is_not_sure(page, alice):
    html = text_of(page.get(path("picture", a_picture(alice, answer=None, caption=None))))
    assert "I am not sure" in html and "Not sure" in html


def test_a_card_of_labels_alone_shows_no_other_parts(page, alice):
    labels = {kind: Findings().found[kind] for kind in ("answer", "labels", "concepts")}
    html = text_of(page.get(path("picture", a_picture(alice, Findings(labels, saliency=None)))))
    assert "tabby cat" in html
    for kind in ("objects", "faces", "text", "colors", "light", "photo", "missing"):
        assert f'id="{kind}"' not in html


def test_pictures_are_shown_upright_no_larger_than_a_screen_and_without_what_the_camera_wrote(page, alice):
    exif = Image.Exif()
    exif[0x0112], exif[photos.MAKER] = 6, "Camera maker"
    content = photos.as_file(Image.new("RGB", (3000, 2000)), exif=exif)
    photo = services.submit_picture(owner=alice, image=upload(content), only_labels=True)
    tasks.label_pictures(str(photo.job_id))
    answer = page.get(path("image", photo))
    shown = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], shown.size) == ("image/jpeg", (683, 1024))  # the network needs no more
    assert b"Camera maker" not in answer.content
    small = Image.open(io.BytesIO(page.get(path("image", photo) + "?small").content))
    assert max(small.size) == 256


def test_what_spoke_for_the_answer_is_laid_over_the_picture(page, cat, alice):
    heat = Image.open(io.BytesIO(page.get(path("saliency", cat)).content))
    assert heat.mode == "RGBA" and heat.getpixel((0, 0))[3] == 200
    assert page.get(path("saliency", a_picture(alice, Findings(saliency=None)))).status_code == 404


def test_similar_pictures_are_shown_with_what_they_show(page, cat, alice):
    other = a_picture(alice)
    Likeness.objects.create(picture=other, other=cat, distance=0.01, is_near_duplicate=True)
    html = text_of(page.get(path("picture", cat)))
    assert path("picture", other) in html and "nearly the same" in html


def test_a_correction_is_kept_shown_and_can_be_taken_back(page, cat):
    html = text_of(page.post(path("correct", cat), {"label": "Chelsea"}, follow=True))
    assert "kept for training" in html and "Chelsea" in html
    assert "taken back" in text_of(page.post(path("correct", cat), {"label": ""}, follow=True))
    answer = page.post(path("correct", cat), {"label": "x" * 101}, follow=True)
    assert "at most 100" in text_of(answer) and Picture.objects.get().right_label == ""


def test_a_shared_link_shows_the_card_to_anyone_but_not_where_it_was_taken(page, browse, alice):
    photo = a_picture(alice, Findings(size=(300, 451)))
    photo.file.save("located.jpg", upload(photos.located()))
    assert "37.566389" in text_of(page.get(path("picture", photo)))
    page.post(path("share", photo))
    photo.refresh_from_db()
    link = reverse("classifier:shared", args=[photo.share_key])
    assert link in text_of(page.get(path("picture", photo)))
    answer = browse().get(link)
    assert "tabby cat" in text_of(answer) and "Canon EOS R6" in text_of(answer)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    for private in ("37.5", "126.9", "alice", str(photo.pk), "Delete", "correct"):
        assert private not in text_of(answer)
    shared = Image.open(io.BytesIO(browse().get(f"{link}picture").content))
    assert shared.format == "JPEG" and not shared.getexif()
    assert browse().get(f"{link}saliency")["Content-Type"] == "image/png"


def test_a_link_that_was_taken_back_opens_nothing(page, browse, cat):
    share(row=cat)
    link = reverse("classifier:shared", args=[cat.share_key])
    page.post(path("share", cat), {"stop": "1"})
    assert {browse().get(f"{link}{part}").status_code for part in ("", "picture", "saliency")} == {404}


@pytest.fixture
def kinds(alice) -> dict[str, Picture]:
    album = services.submit_album(owner=alice, files=[upload(), upload(b"no picture", "no.txt")])
    made = {"sure": a_picture(alice), "unsure": a_picture(alice, answer=None, labels=[])}
    made["corrected"] = a_picture(alice, right_label="")
    services.correct(picture=made["corrected"], label="Chelsea")
    return made | {"first": album.pictures.get(place=0), "second": album.pictures.get(place=1)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"sure", "unsure", "corrected", "first", "second"}),
        ("state=sure", {"sure", "corrected"}),
        ("state=unsure", {"unsure"}),
        ("state=corrected", {"corrected"}),
        ("origin=single", {"sure", "unsure", "corrected"}),
        ("origin=album", {"first", "second"}),
        ("text=chelsea", {"corrected"}),
        ("text=얼룩고양이", {"sure", "unsure", "corrected"}),
        ("first=2999-01-01", set()),
        ("first={today}&last={today}&origin=single", {"sure", "unsure", "corrected"}),
        ("state=nonsense&first=nonsense&origin=x", {"sure", "unsure", "corrected", "first", "second"}),
    ],
)
def test_the_history_is_filtered(page, kinds, query, names):
    today = timezone.localdate().isoformat()
    shown = page.get(f"/pictures/history/?{query.format(today=today)}").context["page"].object_list
    assert {row.pk for row in shown} == {kinds[name].pk for name in names}


def test_an_empty_history_says_what_to_do_and_an_empty_filter_how_to_leave_it(page):
    assert "Ask about a picture" in text_of(page.get("/pictures/history/"))
    assert "Nothing fits this filter." in text_of(page.get("/pictures/history/?state=sure"))


def test_the_page_of_an_album_is_a_table_with_every_file_and_what_is_wrong_with_it(page, kinds):
    album = Album.objects.get()
    Job.objects.filter(pk=album.job_id).update(status=Status.DONE)
    record({kinds["first"]: Findings()})
    html = text_of(page.get(path("album", album)))
    assert "tabby cat" in html and "no.txt" in html and "This file is not a picture" in html
    csv = page.get(reverse("classifier:api-table", args=[album.pk, "csv"])).getvalue().decode("utf-8-sig")
    header, first, second = csv.splitlines()[:3]
    assert header.startswith("File,What it shows") and "tabby cat,0.82" in first and "37.566389" in first
    assert second.startswith("no.txt,,")


def test_lists_doubt_what_a_picture_shows_as_its_caption_does(page, alice):
    caption = [
        {"text": "Perhaps ", "from": None},
        {"text": "a receipt", "from": "image_type"},
        {"text": ".", "from": None},
    ]
    a_picture(alice, answer=None, labels=[], caption={"en": caption, "ko": caption})
    assert "Perhaps a receipt<" in text_of(page.get("/pictures/history/"))
    a_picture(alice, answer=None, labels=[], caption={"en": caption[2:], "ko": caption[2:]})
    assert "Not sure<" in text_of(page.get("/pictures/history/"))


def test_no_list_asks_for_a_picture_that_is_none(page, alice, kinds):
    broken = services.submit_picture(
        owner=alice, image=upload(photos.as_file(photos.photo())[:500], "broken.jpg")
    )
    Job.objects.filter(pk=broken.job_id).update(status=Status.FAILED, error="This file is damaged.")
    kinds["second"].note_problem("This file is not a picture.")
    for address in ("/", "/pictures/history/", path("album", Album.objects.get())):
        html = text_of(page.get(address))
        for row in (broken, kinds["second"]):
            assert path("image", row) not in html, address
        assert path("image", kinds["first"]) in html, address


def test_a_file_of_an_album_that_is_no_picture_has_a_page_that_says_so(page, kinds):
    html = text_of(page.get(path("picture", kinds["second"])))
    assert "This file is not a picture" in html and "<img" not in html.partition("<main")[2]
    assert page.get(path("image", kinds["second"])).status_code == 404


def test_deleting_needs_a_button_and_leads_back(page, kinds):
    assert page.get(path("delete", kinds["sure"])).status_code == 405
    assert page.post(path("delete", kinds["sure"])).url == "/pictures/history/"
    album = Album.objects.get()
    assert page.post(path("delete", kinds["first"])).url == path("album", album)
    assert page.post(path("delete_album", album)).url == "/pictures/history/"
    assert not Album.objects.exists() and set(Picture.objects.all()) == {kinds["unsure"], kinds["corrected"]}


@pytest.mark.parametrize("name", ["picture", "image", "saliency", "correct", "delete", "share"])
def test_a_stranger_finds_nothing_and_changes_nothing(browse, bob, cat, name):
    url = path(name, cat)
    assert browse(bob).post(url).status_code in (404, 405)
    assert browse(bob).get(url).status_code in (404, 405)
    assert browse().get(url).status_code in (302, 405)
    cat.refresh_from_db()
    assert (cat.share_key, cat.right_label) == (None, "")
