"""Deleting a person with all that is theirs."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Role, User
from accounts.services import make_token
from audit.models import Entry
from classifier.models import Classifier
from classifier.services import teaching
from conftest import PASSWORD
from grading.models import Exam
from jobs.models import Job
from tests.support.deletions import files_in
from trash import services
from trash.models import Item
from trash.people import delete_person


def signed_in(username: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/account/login/", {"username": username, "password": PASSWORD})
    return client


def test_who_is_deleted_is_out_everywhere_and_comes_back_as_they_were(owned, browse, call, alice, bob, root):
    _token, key = make_token(user=alice, name="script")
    own, shown = browse(alice), f"/digits/shared/{owned['share_key']}/"
    teaching.share(classifier=Classifier.objects.get(pk=owned["classifier"]), is_shared=True)
    browse(root).post(f"/settings/people/{alice.pk}/delete/")

    assert own.get("/exams/").status_code == 302
    assert signed_in("alice").get("/account/").status_code == 302
    assert Client(headers={"authorization": f"Bearer {key}"}).get("/api/jobs/").status_code == 401
    assert browse().get(shown).status_code == 404
    assert call(bob).get("/api/classifiers/").json()["results"] == []
    assert not Job.objects.filter(owner=alice).exists()
    assert call(bob).get("/api/trash/").json()["results"] == []

    (item,) = call(root).get("/api/trash/").json()["results"]
    assert (item["kind"], item["name"]) == ("accounts.user", "alice")
    assert call(root).post(f"/api/trash/{item['id']}/restore/").status_code == 204
    page = signed_in("alice")
    assert page.get(f"/exams/{owned['exam']}/").status_code == browse().get(shown).status_code == 200
    assert not alice.tokens.exists()
    assert [row["id"] for row in page.get("/api/trash/").json()["results"]] == [str(owned["trashed"])]


def test_in_the_end_nothing_of_them_is_left_but_the_log(
    owned, alice, bob, root, settings, django_capture_on_commit_callbacks
):
    Exam.objects.create(owner=bob, title="Bob's")
    delete_person(person=alice, by=root)
    Item.objects.update(is_ending=True)
    with django_capture_on_commit_callbacks(execute=True):
        services.purge_due()
    assert not User.objects.filter(pk=alice.pk).exists() and Exam.with_trashed.get().owner == bob
    left = [name for name in files_in(Path(settings.MEDIA_ROOT)) if not name.startswith("models/")]
    assert left == ["page.jpg"]
    lines = Entry.objects.filter(app_label="accounts").order_by("pk").values_list("verb", "object_name")
    assert list(lines) == [("deleted", "alice"), ("purged", "alice")]


def test_emptying_the_trash_ends_no_person(alice, bob, root, browse):
    delete_person(person=alice, by=root)
    browse(root).post("/trash/empty/")
    assert Item.objects.for_user(root).count() == 1
    assert "alice" in browse(root).get("/trash/").text and "alice" not in browse(bob).get("/trash/").text


def test_someone_deactivated_stays_so_when_they_are_restored(alice, root):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    services.restore(item=delete_person(person=alice, by=root), by=root)
    alice.refresh_from_db()
    assert (alice.is_active, alice.deleted_at) == (False, None)


def test_the_last_admin_stays_and_nobody_goes_twice(alice, root, browse):
    with pytest.raises(ValidationError, match="administer"):
        delete_person(person=root, by=root)
    other = User.objects.create_user("other", password=PASSWORD, role=Role.ADMIN)
    assert browse(root).post(f"/settings/people/{root.pk}/delete/").status_code == 404  # oneself: by password
    delete_person(person=other, by=root)
    with pytest.raises(ValidationError, match="already"):
        delete_person(person=other, by=root)


def test_one_deletes_oneself_by_ones_password(alice, browse, root):
    page = browse(alice)
    assert "This is not your password." in page.post("/account/delete/", {"password": "guess"}).text
    assert User.objects.get(pk=alice.pk).is_active
    answer = page.post("/account/delete/", {"password": PASSWORD}, follow=True)
    assert "Your account was deleted." in answer.text
    assert page.get("/account/").status_code == 302 and not User.objects.get(pk=alice.pk).is_active
    refused = browse(root).post("/account/delete/", {"password": PASSWORD})
    assert "Somebody has to administer the site" in refused.text


def test_what_they_uploaded_for_a_colleague_stays(owned, alice, bob, root):
    Job.objects.filter(pk=owned["job"]).update(owner=bob)
    item = delete_person(person=bob, by=root)
    assert Job.objects.get(pk=owned["job"]).owner == alice
    services.purge(item=item)
    assert Exam.objects.get(pk=owned["exam"]).scans.filter(job=owned["job"]).exists()
