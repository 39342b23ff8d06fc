"""A version in the shadow: what is counted and kept, who may do what, and that it never reaches who asked."""

from functools import partial
from io import BytesIO

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from PIL import Image

from jobs.models import Job
from registry import services, shadow_runs
from registry.models import Disagreement, ModelVersion, Shadow
from registry.services import activate, archive
from registry.shadow_runs import ShadowComparison, run_in_shadow

pytestmark = pytest.mark.django_db
CROP = np.arange(28 * 28, dtype=np.uint8).reshape(28, 28)


@pytest.fixture
def live() -> ModelVersion:
    return ModelVersion.objects.active("digits")


@pytest.fixture
def other() -> ModelVersion:
    return ModelVersion.objects.get(name="digits_dense")


@pytest.fixture
def shadow(other, root) -> Shadow:
    return services.begin_shadow(version=other, percent=100, by=root)


def a_job(owner) -> Job:
    return Job.objects.create(owner=owner, task="digits.read", status="done")


def says(live: str, own: str, version: ModelVersion) -> list[ShadowComparison]:
    return [ShadowComparison({"name": live, "probability": 0.9}, {"name": own, "probability": 0.6}, CROP)]


def saw(live: ModelVersion, owner, *pairs: tuple[str, str]) -> list[Job]:
    """The jobs of so many requests: what the live one said of each, and what the shadow does."""
    jobs = [a_job(owner) for _ in pairs]
    run_in_shadow(live, [(job.pk, partial(says, *pair)) for job, pair in zip(jobs, pairs, strict=True)])
    return jobs


def test_it_is_counted_how_often_the_two_agree_and_kept_where_not(background_at_once, live, shadow, charlie):
    saw(live, charlie, ("7", "7"), ("3", "8"), ("1", "1"), ("4", "9"))
    shadow.refresh_from_db()
    assert (shadow.requests, shadow.compared, shadow.agreed, shadow.share) == (4, 4, 2, 50)
    newest, oldest = shadow.disagreements.all()
    assert (str(oldest), str(newest)) == ("3 / 8", "4 / 9")
    assert np.array_equal(np.asarray(Image.open(BytesIO(oldest.crop))), CROP)


def test_it_sees_about_its_share_of_the_requests(background_at_once, live, other, charlie):
    few = services.begin_shadow(version=other, percent=20)
    job = a_job(charlie)
    run_in_shadow(live, [(job.pk, partial(says, "7", "7"))] * 2000)
    few.refresh_from_db()
    assert 300 < few.requests < 500


def test_answers_of_a_version_that_is_not_live_are_not_compared(background_at_once, shadow, other, charlie):
    saw(other, charlie, ("7", "1"))
    shadow.refresh_from_db()
    assert shadow.requests == 0


def test_what_it_cannot_answer_is_counted_and_the_rest_goes_on(background_at_once, live, shadow, charlie):
    def breaks(version: ModelVersion) -> list[ShadowComparison]:
        raise ValueError("no such layer")

    def is_gone(version: ModelVersion) -> list[ShadowComparison]:
        raise FileNotFoundError("deleted meanwhile")

    job = a_job(charlie).pk
    run_in_shadow(live, [(job, partial(says, "7", "7")), (job, is_gone), (job, breaks)])
    saw(live, charlie, ("1", "1"))
    shadow.refresh_from_db()
    assert (shadow.requests, shadow.compared, shadow.failed) == (3, 2, 1)


def test_the_newest_are_kept(background_at_once, live, shadow, charlie, monkeypatch):
    monkeypatch.setattr(shadow_runs, "KEPT", 2)
    saw(live, charlie, ("1", "7"), ("2", "7"), ("3", "7"))
    shadow.refresh_from_db()
    assert shadow.compared - shadow.agreed == 3
    assert [row.live_text for row in shadow.disagreements.all()] == ["3", "2"]


def test_activating_any_version_ends_it(background_at_once, live, shadow, other, charlie):
    activate(version=other)
    saw(live, charlie, ("7", "1"))  # a worker that has not noticed yet
    shadow.refresh_from_db()
    assert shadow.ended_at and (shadow.requests, shadow.disagreements.count()) == (0, 0)


def test_another_one_takes_its_place_and_an_archived_one_leaves(shadow, other, root):
    third = ModelVersion.objects.create(kind="digits", name="third", sha256="3" * 64, state="candidate")
    newer = services.begin_shadow(version=third, percent=5, by=root)
    assert list(Shadow.objects.running("digits")) == [newer]
    archive(version=third)
    assert not Shadow.objects.running("digits").exists()


def test_the_live_one_and_generators_have_no_shadow(live):
    for version in (live, ModelVersion.objects.get(name="gan")):
        with pytest.raises(ValidationError):
            services.begin_shadow(version=version, percent=10)


def test_what_was_found_of_a_request_is_deleted_with_it(background_at_once, live, shadow, charlie):
    first, _second = saw(live, charlie, ("1", "7"), ("2", "7"))
    first.delete()
    assert [row.live_text for row in shadow.disagreements.all()] == ["2"]


def test_nothing_is_kept_of_a_request_that_was_deleted_meanwhile(background_at_once, live, shadow, charlie):
    def deleted_meanwhile(job: Job, version: ModelVersion) -> list[ShadowComparison]:
        found = says("1", "7", version)
        Job.objects.filter(pk=job.pk).delete()
        return found

    gone, there = a_job(charlie), a_job(charlie)
    asked = [(gone.pk, partial(deleted_meanwhile, gone)), (there.pk, partial(says, "2", "7"))]
    run_in_shadow(live, asked)
    connection.check_constraints()
    assert [row.job for row in Disagreement.objects.all()] == [there]
    shadow.refresh_from_db()
    assert (shadow.requests, shadow.compared - shadow.agreed) == (2, 2)


# --- pages, API, commands


def test_an_admin_runs_it_judges_and_ends_it_on_the_page(
    background_at_once, browse, live, other, root, charlie
):
    admin, page = browse(root), f"/models/{other.pk}/"
    assert "Run it in the shadow" in admin.get(page).text
    admin.post(f"{page}shadow/", {"percent": 100})
    assert "sees 100 % of the requests" in admin.get(page).text
    saw(live, charlie, ("3", "8"), ("5", "5"))
    text = admin.get(page).text
    assert "<b>50.00 %</b> the same: 1 of 2 answers in 2 requests." in text
    row = Disagreement.objects.get()
    assert f"/api/models/disagreements/{row.pk}/crop.png" in text
    admin.post(f"/models/disagreements/{row.pk}/", {"right": "own"})
    assert "This one is right 1 " in admin.get(page).text
    admin.post(f"{page}shadow/end/")
    assert "it saw 100 % of the requests" in admin.get(page).text
    assert not Shadow.objects.running("digits").exists()


@pytest.mark.parametrize("percent", ["0", "101", "some", ""])
def test_a_share_that_is_none_is_a_sentence(browse, call, other, root, percent):
    answer = browse(root).post(f"/models/{other.pk}/shadow/", {"percent": percent}, follow=True)
    assert "Please say of how many percent, 1 to 100." in answer.text
    answer = call(root).post(f"/api/models/{other.pk}/shadow/", {"percent": percent})
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == "percent"
    assert not Shadow.objects.exists()


def test_a_program_runs_it_reads_what_was_found_judges_and_ends_it(
    background_at_once, call, live, other, root, charlie
):
    api, url = call(root), f"/api/models/{other.pk}/shadow/"
    assert api.get(url).status_code == 404
    begun = api.post(url, {"percent": 100})
    assert (begun.status_code, begun.json()["live"]["id"], begun.json()["by"]) == (201, live.pk, "root")
    saw(live, charlie, ("3", "8"))
    found = api.get(url).json()
    assert (found["compared"], found["agreed"], found["ended_at"]) == (1, 0, None)
    (one,) = found["disagreements"]
    assert one["own"] == {"name": "8", "probability": 0.6} and one["right"] == ""
    assert api.get(one["crop_url"])["Content-Type"] == "image/png"
    judged = api.patch(f"/api/models/disagreements/{one['id']}/", {"right": "live"})
    assert (judged.status_code, judged.json()["right"]) == (200, "live")
    assert api.patch(f"/api/models/disagreements/{one['id']}/", {"right": "me"}).status_code == 400
    assert api.delete(url).status_code == 204
    assert api.get(url).json()["ended_at"]
    refused = api.post(f"/api/models/{live.pk}/shadow/", {"percent": 10})
    assert (
        refused.json()["errors"][0]["detail"] == "A version runs in the shadow of another one that answers."
    )


def test_names_are_told_in_the_readers_language(background_at_once, browse, live, shadow, root, charlie):
    cat, dog = {"en": "cat", "ko": "고양이"}, {"en": "dog", "ko": "개"}
    saw(live, charlie, (cat, dog), ("", "mark"))
    page = f"/models/{shadow.version_id}/"
    english = browse(root).get(page).text
    korean = browse(root).get(page, headers={"accept-language": "ko"}).text
    assert all(word in english for word in (">cat<", ">dog<", ">nothing<", ">marked<"))
    assert all(word in korean for word in (">고양이<", ">개<", ">없음<")) and ">marked<" not in korean


def test_the_commands_do_the_same(live, other, capsys):
    call_command("models", "shadow", "digits_dense", "--percent", "30")
    assert Shadow.objects.running("digits").get().percent == 30
    call_command("models", "shadow", "digits_dense")
    assert "30 % of the requests" in capsys.readouterr().out
    call_command("models", "shadow", "digits_dense", "--end")
    assert not Shadow.objects.running("digits").exists()
