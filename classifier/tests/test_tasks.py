"""From waiting pictures to answers, as the worker's threads do it."""

import io
import time

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image

from classifier.models import Likeness, Picture
from classifier.services import pictures as services
from classifier.tasks import pictures as tasks
from classifier.tests import photos
from classifier.tests.calls import analysed, ask
from classifier.tests.photos import as_file, packed, photo, upload
from jobs.claims import Claim, Interrupted, stopping
from jobs.models import OPEN, Job, Status
from jobs.services import cancel, retry
from ml.core.parts import NOT_INSTALLED, PartMissing
from ml.pictures import reader
from registry import shadow_runs
from registry.models import ModelVersion
from registry.services import begin_shadow
from tests.support.deletions import delete_for_good
from web.files import copy_of

pytestmark = pytest.mark.django_db

CAT = "n02121620"


def fresh(picture: Picture) -> Picture:
    return Picture.objects.select_related("job", "model").get(pk=picture.pk)


def waiting(owner, name: str = "chelsea", content: bytes | None = None) -> Picture:
    file = upload(as_file(photo(name)) if content is None else content)
    return services.submit_picture(owner=owner, image=file, only_labels=True)


def wnids(picture: Picture) -> set[str]:
    return {one["wnid"] for one in fresh(picture).card["concepts"]}


def test_a_card_says_what_it_shows_and_why(api):
    found = analysed(api)
    assert found["job"]["status"] == "done" and found["is_certain"]
    assert "cat" in {one["name"] for one in found["concepts"]}
    assert found["caption"].endswith(".") and "cat" in found["caption"]
    assert {part["from"] for part in found["caption_parts"]} > {None}
    assert (found["width"], found["height"]) == (451, 300)
    assert found["colors"] and found["light"]["verdicts"] is not None
    assert found["photo"]["size"] == {"width": 451, "height": 300}
    assert found["model"]["name"] == ModelVersion.objects.active("classifier").name
    spoke = Image.open(io.BytesIO(api.get(found["saliency_url"]).content)).getchannel("A")
    assert spoke.getextrema()[1] > 200 > spoke.getextrema()[0]


def test_each_step_is_reported(alice, monkeypatch):
    picture = services.submit_picture(owner=alice, image=upload())
    steps: list[tuple[float, str]] = []
    report = Claim.report
    monkeypatch.setattr(Claim, "report", lambda job, *said: (steps.append(said), report(job, *said)))
    tasks.analyse_picture(str(picture.job_id))
    assert {words for _percent, words in steps} >= {*tasks.STEPS.values(), tasks.COMPARING}
    percents = [percent for percent, _words in steps]
    assert percents == sorted(percents) and percents[-1] < 100


def test_what_waits_is_labelled_together_each_with_its_own_answer(alice, bob):
    rows = [waiting(alice, "chelsea"), waiting(bob, "coffee"), waiting(alice, "rocket")]
    tasks.label_pictures(str(rows[0].job_id))
    assert {fresh(row).job.status for row in rows} == {Status.DONE}
    assert [fresh(row).owner_id for row in rows] == [alice.pk, bob.pk, alice.pk]
    assert CAT in wnids(rows[0]) and CAT not in wnids(rows[1])
    assert fresh(rows[0]).card.get("objects") is None and fresh(rows[0]).features


def test_labels_alone_and_a_whole_card_agree(alice):
    alone, whole = waiting(alice), services.submit_picture(owner=alice, image=upload())
    tasks.label_pictures(str(alone.job_id))
    tasks.analyse_picture(str(whole.job_id))
    first, second = (fresh(one).card["labels"][0] for one in (alone, whole))
    assert first["wnid"] == second["wnid"] and first["probability"] == pytest.approx(
        second["probability"], abs=0.02
    )


def test_a_broken_picture_fails_alone(alice):
    good, whole = waiting(alice), as_file(photo())
    bad, gone, deleted = waiting(alice, content=whole[: len(whole) // 2]), waiting(alice), waiting(alice)
    cancel(job=gone.job)
    delete_for_good(deleted)
    tasks.label_pictures(str(bad.job_id))
    assert fresh(good).answered_at
    assert fresh(bad).job.status == Status.FAILED and "damaged" in fresh(bad).job.error
    assert fresh(gone).job.status == Status.CANCELLED and fresh(gone).answered_at is None


def test_a_message_that_comes_twice_is_answered_once(alice):
    picture = services.submit_picture(owner=alice, image=upload())
    for _ in range(2):
        tasks.analyse_picture(str(picture.job_id))
    assert fresh(picture).job.attempt == 1


def test_the_network_that_was_asked_for_answers(api, alice):
    lite0 = ModelVersion.objects.get(kind="classifier", name="lite0")
    found = analysed(api, model="lite0", only="labels")
    assert found["model"]["id"] == lite0.pk and "cat" in {one["name"] for one in found["concepts"]}


def test_a_version_in_the_shadow_names_the_same_pictures_unseen(alice, background_at_once):
    lite0 = ModelVersion.objects.get(kind="classifier", name="lite0")
    shadow = begin_shadow(version=lite0, percent=100)
    alone, whole = waiting(alice), services.submit_picture(owner=alice, image=upload())
    asked = services.submit_picture(owner=alice, image=upload(), only_labels=True, model=lite0)
    tasks.label_pictures(str(alone.job_id))
    tasks.analyse_picture(str(whole.job_id))
    assert {fresh(one).model for one in (alone, whole)} == {shadow.live}
    assert fresh(asked).model == lite0
    shadow.refresh_from_db()
    assert (shadow.requests, shadow.compared) == (2, 2)
    differing = shadow.disagreements.all()
    assert len(differing) == shadow.compared - shadow.agreed
    for row in differing:
        assert row.live["name"] != row.own["name"] and max(Image.open(io.BytesIO(row.crop)).size) <= 160


def test_a_canary_names_its_share_of_the_pictures(alice, background_at_once, monkeypatch):
    lite0 = ModelVersion.objects.get(kind="classifier", name="lite0")
    canary = begin_shadow(version=lite0, percent=50, is_canary=True)
    ours, others = waiting(alice), waiting(alice)
    monkeypatch.setattr(shadow_runs, "place_of", lambda job: 0.1 if job == ours.job_id else 0.9)
    tasks.label_pictures(str(ours.job_id))
    tasks.label_pictures(str(others.job_id))
    assert (fresh(ours).model, fresh(others).model) == (lite0, canary.live)
    canary.refresh_from_db()
    assert (canary.requests, canary.compared, canary.failed) == (1, 1, 0)


def test_near_duplicates_and_similar_pictures_of_ones_own_are_found(api, call, bob):
    small = as_file(photo().resize((225, 150)), quality=60)
    mirrored = as_file(Image.fromarray(np.asarray(photo())[:, ::-1]))
    analysed(call(bob))
    first, other = analysed(api), analysed(api, as_file(photo("coffee")))
    twin, cousin = analysed(api, small), analysed(api, mirrored)
    assert [(one["id"], one["is_near_duplicate"]) for one in twin["similar"]] == [(first["id"], True)]
    assert {one["id"] for one in cousin["similar"]} == {first["id"], twin["id"]}
    assert not any(one["is_near_duplicate"] for one in cousin["similar"])
    assert other["similar"] == []
    assert {one["id"] for one in api.get(first["url"]).data["similar"]} == {twin["id"], cousin["id"]}


def test_only_the_newest_pictures_are_compared(alice, monkeypatch):
    monkeypatch.setattr(tasks, "NEWEST", 1)
    for _ in range(3):
        picture = services.submit_picture(owner=alice, image=upload())
        tasks.analyse_picture(str(picture.job_id))
    assert Likeness.objects.filter(picture=picture).count() == 1


@pytest.fixture
def without_faces(monkeypatch, tmp_path):
    """A worker where the package that finds faces is not installed, and whose colours are broken."""

    def missing(_folder):
        raise PartMissing(NOT_INSTALLED, "dlib")

    def broken(_folder):
        def look(_content, _picture):
            raise ValueError("no such colour")

        return look

    monkeypatch.setitem(reader.LOADERS, "faces", missing)
    monkeypatch.setitem(reader.LOADERS, "colors", broken)
    reader.parts_in.cache_clear()
    tasks.load_version.cache_clear()
    yield
    reader.parts_in.cache_clear()
    tasks.load_version.cache_clear()


def test_the_card_comes_with_what_is_missing_named(api, without_faces):
    found = analysed(api)
    assert found["job"]["status"] == "done" and "cat" in {one["name"] for one in found["concepts"]}
    assert (found["faces"], found["colors"]) == (None, None)
    missing = {one["part"]: one for one in found["missing"]}
    assert missing["faces"]["what"] == "dlib" and missing["faces"]["sentence"] == NOT_INSTALLED
    assert missing["colors"]["sentence"] == reader.FAILED


def test_without_its_weights_the_network_is_missing_but_the_card_comes(api, monkeypatch):
    version = ModelVersion.objects.active("classifier")
    ModelVersion.objects.filter(pk=version.pk).update(
        sha256="0" * 64, card=version.card | {"sha256": "0" * 64, "packaged": "no_such_package/weights.pth"}
    )
    found = analysed(api)
    assert found["job"]["status"] == "done" and found["labels"] is None and found["colors"]
    assert "labels" in {one["part"] for one in found["missing"]}
    alone = analysed(api, only="labels")
    assert alone["job"]["status"] == "failed" and "administrator" in alone["job"]["error"]


def test_no_network_at_all_is_said_in_a_sentence(api):
    ModelVersion.objects.filter(kind="classifier").update(state="retired")
    found = analysed(api)
    assert (
        found["job"]["status"] == "failed"
        and "network that names pictures is missing" in found["job"]["error"]
    )


# --- albums


def an_album(owner, content: bytes | None = None, **how):
    files = [upload(content, "trip.zip")] if content else [upload(), upload(b"hello", "notes.txt"), upload()]
    return services.submit_album(owner=owner, files=files, **how)


@pytest.mark.parametrize("only_labels", [False, True])
def test_an_album_is_looked_through_and_what_is_no_picture_does_not_stop_it(alice, only_labels):
    album = an_album(alice, only_labels=only_labels)
    tasks.analyse_album(str(album.job_id))
    album.refresh_from_db()
    rows = list(album.pictures.order_by("place"))
    assert album.job.status == Status.DONE
    assert [bool(row.answered_at) for row in rows] == [True, False, True]
    assert [("objects" in row.card) for row in rows if row.answered_at] == [not only_labels] * 2
    assert "not a picture" in rows[1].problem


def test_a_zip_is_unpacked_looked_through_and_forgotten(alice, settings, django_capture_on_commit_callbacks):
    cat, cut = as_file(photo()), as_file(photo())[:9000]
    album = an_album(alice, packed({"b/cat.jpg": cat, "a/cut.jpg": cut, "c.txt": b"hello"}), only_labels=True)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.analyse_album(str(album.job_id))
    rows = {row.name: row for row in album.pictures.all()}
    assert rows["b/cat.jpg"].answered_at and rows["b/cat.jpg"].card["labels"]
    assert "damaged" in rows["a/cut.jpg"].problem and "not a picture" in rows["c.txt"].problem
    album.refresh_from_db()
    assert album.archive.name == "" and not list(settings.MEDIA_ROOT.rglob("*.zip"))


def test_a_stopped_album_goes_on_where_it_was(alice, monkeypatch):
    album = an_album(alice)
    monkeypatch.setattr("classifier.tasks.pictures.AT_ONCE", 1)
    everything_in, seen = tasks.everything_in, []

    def once(picture, *how):
        if seen:
            stopping.set()
            raise Interrupted
        seen.append(picture.place)
        return everything_in(picture, *how)

    monkeypatch.setattr(tasks, "everything_in", once)
    tasks.analyse_album(str(album.job_id))
    stopping.clear()
    album.job.refresh_from_db()
    first = album.pictures.get(place=0).answered_at
    assert (album.job.status, seen) == (Status.QUEUED, [0]) and first
    monkeypatch.setattr(tasks, "everything_in", everything_in)
    tasks.analyse_album(str(album.job_id))
    album.job.refresh_from_db()
    assert album.job.status == Status.DONE and album.pictures.get(place=0).answered_at == first
    assert album.pictures.get(place=2).answered_at


def test_a_cancelled_album_keeps_what_it_has_and_can_be_taken_up_again(alice):
    album = an_album(alice)
    cancel(job=album.job)
    tasks.analyse_album(str(album.job_id))
    assert not album.pictures.exclude(answered_at=None).exists()
    retry(job=album.job)
    tasks.analyse_album(str(album.job_id))
    assert album.pictures.exclude(answered_at=None).count() == 2


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_who_prefers_to_wait_gets_201_with_the_answer(api, worker):
    worker()
    for more in ({"only": "labels"}, {}):
        answer = ask(api, headers={"prefer": "wait=30"}, **more)
        while answer.data["job"]["status"] in OPEN:  # the wait may end before the networks are loaded
            time.sleep(0.2)
            answer = api.get(answer.data["url"])
        assert answer.data["job"]["status"] == "done" and answer.data["labels"]
    assert Job.objects.count() == 2


def test_odd_pictures_are_upright(api):
    found = analysed(api, photos.on_its_side(), only="labels")
    assert (found["width"], found["height"]) == (451, 300) and "cat" in {
        one["name"] for one in found["concepts"]
    }


def test_a_large_picture_is_shown_by_a_copy_that_goes_with_it(
    api, alice, browse, settings, django_capture_on_commit_callbacks
):
    """Web processes do not open it: until a worker has, there is nothing to show."""
    asked = ask(api, as_file(photo(), "TIFF"), only="labels")
    picture = Picture.objects.get()
    shown = reverse("classifier:image", args=[picture.pk])
    assert browse(alice).get(shown).status_code == 404
    tasks.label_pictures(asked.data["job"]["id"])
    answer = browse(alice).get(shown)
    assert Image.open(io.BytesIO(answer.content)).size == photo().size
    with django_capture_on_commit_callbacks(execute=True):
        delete_for_good(picture)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_large_picture_of_an_earlier_release_gets_its_copy_when_it_is_first_shown(api, alice, browse):
    asked = ask(api, as_file(photo(), "TIFF"), only="labels")
    tasks.label_pictures(asked.data["job"]["id"])
    picture = Picture.objects.get()
    picture.file.storage.delete(copy_of(picture.file.name))
    shown = reverse("classifier:image", args=[picture.pk])
    assert [browse(alice).get(shown).status_code for _ in range(2)] == [200, 200]
    assert picture.file.storage.exists(copy_of(picture.file.name))
