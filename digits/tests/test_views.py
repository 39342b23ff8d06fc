"""The pages of digits: what each shows and to whom, without a script and without a worker."""

import io

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from digits import services, tasks
from digits.models import Inside, Reading
from jobs.models import Status

pytestmark = pytest.mark.django_db


def png(*, wide: int = 120, high: int = 160, kind: str = "PNG", **options) -> bytes:
    """A seven, dark on light, off the centre."""
    picture = Image.new("RGB", (wide, high), "white")
    line = [(wide * 0.2, high * 0.2), (wide * 0.7, high * 0.22), (wide * 0.4, high * 0.8)]
    ImageDraw.Draw(picture).line(line, "black", width=max(2, wide // 14), joint="curve")
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "seven.png") -> dict:
    return {"image": SimpleUploadedFile(name, content)}


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def seven(alice) -> Reading:
    """A picture of a seven that was read."""
    return read(alice, png())


def read(owner, content: bytes, *, source: str = "upload", name: str = "seven.png") -> Reading:
    picture = SimpleUploadedFile(name, content)
    made = services.read(owner=owner, source=source, picture=picture, saliency=True)
    tasks.read(str(made.job_id))
    made.refresh_from_db()
    assert made.job.status == Status.DONE
    return made


def path(name: str, row: Reading, *more: object) -> str:
    return reverse(f"digits:{name}", args=[row.pk, *more])


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_picture_sent_by_a_plain_form_leads_to_its_page_which_waits_for_the_answer(page):
    answer = page.post("/digits/", upload(png()), follow=True)
    made = Reading.objects.get()
    assert answer.redirect_chain == [(path("reading", made), 302)]
    assert "data-reload-when-job-ends" in text_of(answer)
    assert "<noscript><p>This picture is being read. Load the page again" in text_of(answer)
    assert page.get(reverse("digits:result", args=[made.job_id])).url == path("reading", made)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "This file is not a picture"),
        (b"", "This file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF."),
        (png(kind="WEBP", save_all=True, append_images=[Image.new("RGB", (120, 160))]), "several pictures"),
    ],
)
def test_what_is_no_single_picture_is_refused_with_a_sentence(page, content, words):
    answer = page.post("/digits/", upload(content, "picture.png"))
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert not Reading.objects.exists()


def test_sending_no_file_says_so(page):
    assert "Please choose a file." in text_of(page.post("/digits/", {"image": ""}))


def test_the_page_of_a_reading_shows_every_digit_with_its_ten_probabilities(page, seven):
    html = text_of(page.get(path("reading", seven)))
    assert seven.text == "7" and '<p class="text">7</p>' in html
    assert html.count("<meter") == 10
    assert html.count("<rect") == len(seven.digits)
    for name in ("frame", "heat"):
        assert path(name, seven, 0) in html
    assert f"{path('layers', seven)}?digit=0" in html


def test_a_doubtful_digit_names_the_other_one_it_may_be(page, seven):
    probabilities = [0.0] * 10
    probabilities[7], probabilities[1] = 0.6, 0.4
    seven.digits = [seven.digits[0] | {"is_certain": False, "probabilities": probabilities}]
    seven.is_certain = False
    seven.save()
    html = text_of(page.get(path("reading", seven)))
    assert "I am not sure." in html and "or 1" in html


def test_a_picture_with_nothing_in_it_says_so(page, alice):
    out = io.BytesIO()
    Image.new("RGB", (200, 150), "white").save(out, "PNG")
    html = text_of(page.get(path("reading", read(alice, out.getvalue()))))
    assert "There is nothing to read here." in html
    assert "<meter" not in html


def test_pictures_are_shown_upright_no_larger_than_a_screen_and_without_what_the_camera_wrote(page, alice):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera maker"  # lies on its side
    photo = read(alice, png(wide=3000, high=2000, kind="JPEG", exif=exif), name="photo.jpg")
    answer = page.get(path("picture", photo))
    shown = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], shown.size) == ("image/jpeg", (1067, 1600))
    assert b"Camera maker" not in answer.content
    small = Image.open(io.BytesIO(page.get(path("picture", photo) + "?small").content))
    assert max(small.size) == 192


def test_numbers_that_a_program_sent_are_shown_as_a_picture(page, alice):
    sent = services.read(owner=alice, source="pixels", pixels=bytes(range(256)) * 3 + bytes(16))
    shown = Image.open(io.BytesIO(page.get(path("picture", sent)).content))
    assert shown.tobytes() == bytes(range(256)) * 3 + bytes(16)


def test_frame_and_heat_are_what_the_network_saw_and_what_counted(page, seven):
    frame = Image.open(io.BytesIO(page.get(path("frame", seven, 0)).content))
    heat = Image.open(io.BytesIO(page.get(path("heat", seven, 0)).content))
    assert frame.tobytes() == seven.frame(0)
    assert heat.getchannel("A").tobytes() == seven.saliency_of(0)
    assert not np.asarray(heat.getchannel("A"))[np.asarray(frame) == 0].any()
    assert [page.get(path(name, seven, 5)).status_code for name in ("frame", "heat")] == [404, 404]


def test_a_correction_is_kept_shown_and_can_be_taken_back(page, seven):
    answer = page.post(path("correct", seven), {"text": " 1 \n"}, follow=True)
    assert "kept for training" in text_of(answer) and "The network read 7." in text_of(answer)
    seven.refresh_from_db()
    assert (seven.text, seven.right_text) == ("7", "1")
    assert "taken back" in text_of(page.post(path("correct", seven), {"text": ""}, follow=True))
    seven.refresh_from_db()
    assert seven.right_text == ""


def test_a_correction_that_is_no_digits_is_refused_in_words(page, seven):
    answer = page.post(path("correct", seven), {"text": "seven"}, follow=True)
    assert "in the digits 0 to 9" in text_of(answer)
    seven.refresh_from_db()
    assert seven.right_text == ""


@pytest.fixture
def kinds(alice, seven) -> dict[str, Reading]:
    """A sure upload, an unsure drawing, one without digits, a corrected one."""
    model, digit = seven.model, seven.digits[0]

    def one(text: str, **fields) -> Reading:
        made = services.read(owner=alice, source=fields.pop("source", "upload"), pixels=bytes(784))
        digits = [digit | {"value": int(figure)} for figure in text]
        for name, value in {"text": text, "model": model, "digits": digits, **fields}.items():
            setattr(made, name, value)
        made.save()
        return made

    return {
        "sure": seven,
        "unsure": one("31", source="canvas"),
        "none": one(""),
        "corrected": one("4", right_text="9", is_certain=True),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"sure", "unsure", "none", "corrected"}),
        ("state=sure", {"sure", "corrected"}),
        ("state=unsure", {"unsure"}),
        ("state=none", {"none"}),
        ("state=corrected", {"corrected"}),
        ("source=canvas", {"unsure"}),
        ("text=9", {"corrected"}),
        ("text=4", set()),
        ("first=2999-01-01", set()),
        ("first={today}&last={today}", {"sure", "unsure", "none", "corrected"}),
        ("last=2000-01-01", set()),
        ("state=nonsense&first=nonsense", {"sure", "unsure", "none", "corrected"}),
    ],
)
def test_the_history_is_filtered(page, kinds, query, names):
    today = timezone.localdate().isoformat()
    shown = page.get(f"/digits/history/?{query.format(today=today)}").context["page"].object_list
    assert {row.pk for row in shown} == {kinds[name].pk for name in names}


def test_an_empty_history_says_what_to_do_and_an_empty_filter_how_to_leave_it(page):
    assert "draw a digit or upload a picture" in text_of(page.get("/digits/history/"))
    assert "Nothing fits this filter." in text_of(page.get("/digits/history/?state=sure"))


def test_the_history_goes_on_over_pages_with_the_filter(page, alice, monkeypatch):
    monkeypatch.setattr("digits.views.PER_PAGE", 2)
    for _ in range(3):
        services.read(owner=alice, source="pixels", pixels=bytes(784))
    answer = page.get("/digits/history/?source=pixels")
    assert len(answer.context["page"].object_list) == 2
    assert "source=pixels&amp;page=2" in text_of(answer)


def test_deleting_needs_a_button_and_offers_to_undo_it(page, seven):
    assert page.get(path("delete", seven)).status_code == 405
    assert page.post(path("delete", seven)).url == "/digits/history/"
    assert not Reading.objects.exists() and seven.picture.storage.exists(seven.picture.name)
    undo = reverse("trash:restore", args=[Reading.with_trashed.get().trashed_id])
    assert undo in text_of(page.get("/digits/history/"))
    assert page.post(undo).url == path("reading", seven)
    assert page.get(path("reading", seven)).status_code == 200


def test_a_shared_link_shows_picture_and_answer_to_anyone_and_nothing_of_the_owner(page, browse, seven):
    page.post(path("share", seven))
    seven.refresh_from_db()
    link = reverse("digits:shared", args=[seven.share_key])
    assert link in text_of(page.get(path("reading", seven)))
    answer = browse().get(link)
    assert '<p class="text">7</p>' in text_of(answer)
    assert answer["X-Robots-Tag"] == "noindex, nofollow" and 'content="noindex' in text_of(answer)
    for private in ("alice", str(seven.pk), path("reading", seven), "Delete", "correct"):
        assert private not in text_of(answer)
    for part in (f"{link}picture", f"{link}frames/0.png"):
        assert browse().get(part)["Content-Type"].startswith("image/")


def test_a_link_that_was_taken_back_opens_nothing(page, browse, seven):
    page.post(path("share", seven))
    seven.refresh_from_db()
    link = reverse("digits:shared", args=[seven.share_key])
    page.post(path("share", seven), {"stop": "1"})
    assert {browse().get(f"{link}{part}").status_code for part in ("", "picture", "frames/0.png")} == {404}


def test_a_job_that_looked_inside_leads_to_the_page_of_its_reading(page, seven):
    for label in (1, 2):
        inside: Inside = services.look_inside(reading=seven, place=0, label=label)
    for job in (inside.job_id, seven.job_id):
        assert page.get(reverse("digits:result", args=[job])).url == path("reading", seven)


@pytest.mark.parametrize("digit", ["9" * 5000, "²", "-1", "8"])
def test_inside_the_network_of_a_digit_that_is_not_there_is_a_page(page, seven, digit):
    assert page.get(path("layers", seven), {"digit": digit}).status_code == 200


@pytest.mark.parametrize("name", ["reading", "picture", "frame", "heat", "correct", "delete", "share"])
def test_a_stranger_finds_nothing_and_changes_nothing(browse, bob, seven, name):
    url = path(name, seven, *([0] if name in ("frame", "heat") else []))
    assert browse(bob).post(url).status_code in (404, 405)
    assert browse(bob).get(url).status_code in (404, 405)
    assert browse().get(url).status_code in (302, 405)
    seven.refresh_from_db()
    assert (seven.share_key, seven.right_text) == (None, "")
