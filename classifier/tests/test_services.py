"""What a person does with pictures, below pages and API."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from accounts.sharing import share
from classifier.models import Album, Picture
from classifier.services import pictures as services
from classifier.tests import photos
from classifier.tests.findings import a_picture
from classifier.tests.photos import packed, upload
from classifier.uploads import unpack_album
from jobs.models import Job, Queue
from tests.support.deletions import delete_for_good

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def test_pictures_one_by_one_never_wait_behind_long_work(alice):
    services.submit_picture(owner=alice, image=upload())
    services.submit_picture(owner=alice, image=upload(), only_labels=True)
    assert list(Job.objects.order_by("created_at").values_list("task", "queue")) == [
        (services.LOOK, Queue.QUICK),
        (services.LABEL, Queue.QUICK),
    ]


def test_the_same_key_gives_the_same_picture_and_stores_no_second_file(alice, settings):
    first, second = (services.submit_picture(owner=alice, image=upload(), key="once") for _ in range(2))
    assert first == second and len(list(settings.MEDIA_ROOT.rglob("*.jpg"))) == 1


def test_one_file_is_a_picture_and_several_or_a_zip_are_an_album(alice):
    asked = [
        services.submit_pictures(owner=alice, files=files)
        for files in ([upload()], [upload(), upload()], [upload(packed({"a.jpg": b"x"}), "trip.zip")])
    ]
    assert [type(one) for one in asked] == [Picture, Album, Album]


def test_an_album_keeps_the_order_and_says_what_is_wrong_with_a_file(alice):
    album = services.submit_album(
        owner=alice, files=[upload(), upload(b"hello", "notes.txt"), upload(b"", "empty.jpg")], name="Trip"
    )
    rows = list(album.pictures.order_by("place"))
    assert [row.name for row in rows] == ["photo.jpg", "notes.txt", "empty.jpg"]
    assert [bool(row.file) for row in rows] == [True, False, False]
    assert rows[0].problem == "" and "not a picture" in rows[1].problem and "empty" in rows[2].problem
    assert {row.job for row in rows} == {album.job} and album.job.queue == Queue.WORK


def test_an_album_is_in_the_history_by_its_name_or_those_of_its_files(alice):
    files = [upload(), upload(b"hello", "notes.txt")]
    assert services.submit_album(owner=alice, files=files, name="Trip").job.subject == "Trip"
    assert services.submit_album(owner=alice, files=files).job.subject == "photo.jpg, notes.txt"


def test_a_zip_is_unpacked_once_however_often_that_is_begun(alice, settings):
    content = packed({"b/two.jpg": photos.as_file(photos.photo()), "a.jpg": b"", "c.txt": b"hello"})
    album = services.submit_album(owner=alice, files=[upload(content, "trip.zip")])
    assert not album.pictures.exists()
    assert list(unpack_album(album)) == [1, 2, 3]
    album.pictures.filter(place=1).delete()
    assert list(unpack_album(album)) == [1, 2, 3]
    assert list(album.pictures.order_by("place").values_list("name", flat=True)) == [
        "a.jpg",
        "b/two.jpg",
        "c.txt",
    ]
    assert [bool(one.file) for one in album.pictures.order_by("place")] == [False, True, False]


def test_the_same_key_gives_the_same_album_and_leaves_no_files(
    alice, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = (
            services.submit_album(owner=alice, files=[upload(), upload()], key="once") for _ in range(2)
        )
    assert first == second and Picture.objects.count() == 2
    assert len(list(settings.MEDIA_ROOT.rglob("*.jpg"))) == 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Please choose one"),
        ([upload(packed({}), "empty.zip")], "Please choose one"),
        ([upload(packed({"../evil.jpg": b"x"}), "out.zip")], "outside of itself"),
        ([upload(b"PK\x03\x04 and no more", "cut.zip")], "damaged"),
        ([upload(b"%PDF-1.7", "letter.pdf")], "This is a PDF."),
    ],
    ids=["nothing", "empty ZIP", "ZIP that names files outside", "broken ZIP", "PDF"],
)
def test_what_cannot_be_looked_at_is_refused_with_a_sentence(alice, files, words):
    for file in files:
        file.seek(0)
    with pytest.raises(ValidationError, match=words):
        services.submit_pictures(owner=alice, files=files)
    assert not Job.objects.exists()


def test_more_pictures_than_an_album_holds_are_refused(alice, monkeypatch):
    monkeypatch.setattr("classifier.services.pictures.MOST_PICTURES", 1)
    with pytest.raises(ValidationError, match="in parts"):
        services.submit_pictures(owner=alice, files=[upload(), upload()])


def test_a_correction_is_kept_in_ones_own_words_and_taken_back(alice):
    picture = a_picture(alice)
    services.correct(picture=picture, label="  Chelsea,\n the cat ")
    assert Picture.objects.get().right_label == "Chelsea, the cat"
    services.correct(picture=picture, label="")
    assert Picture.objects.get().right_label == ""
    with override("ko"), pytest.raises(ValidationError, match="100"):
        services.correct(picture=picture, label="x" * 101)


def test_a_link_stays_the_same_until_it_is_taken_back(alice):
    picture = a_picture(alice)
    share(row=picture)
    first = picture.share_key
    share(row=picture)
    assert picture.share_key == first and list(Picture.objects.shared()) == [picture]
    share(row=picture, is_shared=False)
    assert not Picture.objects.shared().exists()


def test_deleting_takes_row_job_and_file_of_a_picture_but_leaves_its_album(
    alice, settings, django_capture_on_commit_callbacks
):
    alone = a_picture(alice)
    album = services.submit_album(owner=alice, files=[upload(), upload()])
    with django_capture_on_commit_callbacks(execute=True):
        delete_for_good(alone)
        delete_for_good(album.pictures.first())
    assert list(Job.objects.all()) == [album.job] and album.pictures.count() == 1
    assert len(list(settings.MEDIA_ROOT.rglob("*.jpg"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        delete_for_good(album)
    assert not Job.objects.exists() and not list(settings.MEDIA_ROOT.rglob("*.jpg"))
