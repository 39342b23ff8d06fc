"""Deleting anything: hidden at once, had back as it was, or gone with its files."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.grants import Right, grant
from audit.models import Entry
from classifier.services import teaching
from digits import services as digits
from digits import tasks as digits_tasks
from digits.models import Reading
from grading.models import Answer, Exam
from jobs.claims import LeaseLost, claim
from jobs.models import Job, Status
from jobs.services import kept_bytes
from school.models import SchoolClass
from siteconfig.services import change_site
from tests.support.deletions import before, files_in, is_quiet
from trash import services
from trash.kinds import KINDS
from trash.models import PERSON, Item, trashable_models

CASES = {  # kind → the name of its row among `owned`, and where the API shows and lists it
    "example.example": ("loaded_example", "/api/example/", "/api/example/"),
    "school.schoolclass": ("class", "/api/classes/{class}/", "/api/classes/"),
    "grading.exam": ("exam", "/api/exams/{exam}/", "/api/exams/"),
    "grading.scan": ("scan", "/api/scans/{scan}/", "/api/exams/{exam}/scans/"),
    "grading.paper": ("paper", "/api/papers/{paper}/", "/api/exams/{exam}/papers/"),
    "grading.scanpage": ("rejected_page", "/exams/{exam}/pages/{rejected_page}/", "/api/scans/{scan}/"),
    "school.enrollment": (
        "enrollment",
        "/api/classes/{class}/students/{enrollment}/",
        "/api/classes/{class}/students/",
    ),
    "digits.reading": ("reading", "/api/digits/{reading}/", "/api/digits/"),
    "generator.order": ("order", "/api/faces/{order}/", "/api/faces/"),
    "classifier.picture": ("picture", "/api/pictures/{picture}/", "/api/pictures/"),
    "classifier.album": ("album", "/api/albums/{album}/", "/api/albums/"),
    "classifier.classifier": ("classifier", "/api/classifiers/{classifier}/", "/api/classifiers/"),
    "classifier.label": (
        "label",
        "/classifiers/{classifier}/classes/{label}/",
        "/api/classifiers/{classifier}/",
    ),
    "classifier.example": (
        "example",
        "/api/classifiers/{classifier}/examples/{example}/picture/",
        "/api/classifiers/{classifier}/examples/",
    ),
}
LISTS = {list_url for _key, _url, list_url in CASES.values()} | {
    "/api/jobs/",
    "/api/papers/{paper}/",
    "/api/exams/{exam}/papers/",
    "/api/scans/{scan}/",
    "/api/exams/{exam}/statistics/",
}
PAGES = [
    "/exams/",
    "/digits/history/",
    "/faces/gallery/",
    "/pictures/history/",
    "/classifiers/",
    "/classes/",
    "/history/",
]


def row_of(kind: str, owned):
    return KINDS[kind].model.with_trashed.get(pk=owned[CASES[kind][0]])


def seen(api, owned) -> dict[str, object]:
    """All lists and what hangs on rows, as the API gives them."""
    answers = {url: api.get(url.format(**owned), {"page_size": 200}) for url in sorted(LISTS)}
    return {
        url: answer.json() if answer.status_code == 200 else answer.status_code
        for url, answer in answers.items()
    }


def ids_in(answer: dict | list) -> set[str]:
    rows = answer if isinstance(answer, list) else answer.get("results", [])
    return {str(row["id"]) for row in rows}


def test_every_kind_has_a_case():
    assert set(KINDS) == {*CASES, PERSON}  # who has tests of their own
    assert {KINDS[label].model for label in CASES} | {Job, Answer} == set(trashable_models())


def test_what_is_deleted_is_on_no_page_and_in_no_list_and_comes_back_as_it_was(
    owned, call, browse, alice, settings
):
    api, page, files = call(alice), browse(alice), files_in(Path(settings.MEDIA_ROOT))
    as_it_was = seen(api, owned)
    sizes = kept_bytes(alice.pk)
    for kind, (key, url, list_url) in CASES.items():
        item = services.delete(rows=[row_of(kind, owned)], by=alice)
        reader = api if url.startswith("/api/") else page
        assert reader.get(url.format(**owned)).status_code == 404, kind
        assert str(owned[key]) not in ids_in(api.get(list_url.format(**owned)).json()), kind
        shown = "".join(page.get(one).content.decode() for one in PAGES)
        assert KINDS[kind].url(row_of(kind, owned)) not in shown, kind
        hidden = Job.with_trashed.filter(trashed=item)
        assert not any(str(job.pk) in shown for job in hidden), kind
        assert services.delete(rows=[row_of(kind, owned)], by=alice) is None  # it is there already
        assert files_in(Path(settings.MEDIA_ROOT)) == files and kept_bytes(alice.pk) == sizes
        services.restore(item=item, by=alice)
        assert seen(api, owned) == as_it_was, kind


def test_what_is_gone_for_good_leaves_no_row_and_no_file(
    owned, call, alice, settings, django_capture_on_commit_callbacks
):
    for kind in reversed(CASES):  # parts before wholes
        item = services.delete(rows=[row_of(kind, owned)], by=alice)
        Item.objects.filter(pk=item.pk).update(is_ending=True)
        with django_capture_on_commit_callbacks(execute=True):
            assert services.purge_due() == 1
        assert not KINDS[kind].model.with_trashed.filter(pk=owned[CASES[kind][0]]).exists()
    services.delete(rows=[Exam.objects.get(pk=owned["template_exam"])], by=alice)
    services.empty(owner=alice)
    with django_capture_on_commit_callbacks(execute=True):
        services.purge_due()
        for school_class in SchoolClass.objects.all():  # that of the candidate
            services.purge(item=services.delete(rows=[school_class], by=alice))
    assert not Item.objects.exists()
    left = [
        name
        for name in files_in(Path(settings.MEDIA_ROOT))
        if not name.startswith(("models/", "exports/", "imports/"))
    ]
    assert left == ["page.jpg"]
    assert not any(
        model.with_trashed.exclude(pk__in=kept_jobs(model)).exists() for model in trashable_models()
    )


def kept_jobs(model) -> list:
    """Of weights that were uploaded, of exports and of exams that were taken in: nobody deletes those."""
    kept = Job.objects.of_app("registry") | Job.objects.of_app("dataexport")
    kept |= Job.objects.filter(task="grading.import_exam")
    return [*kept.values_list("pk", flat=True)] if model is Job else []


def test_what_was_deleted_from_inside_comes_back_only_after_the_whole(owned, call, alice):
    example, pets = row_of("classifier.example", owned), row_of("classifier.classifier", owned)
    part, whole = services.delete(rows=[example], by=alice), services.delete(rows=[pets], by=alice)
    listed = [row["id"] for row in call(alice).get("/api/trash/").json()["results"]]
    assert str(whole.pk) in listed and str(part.pk) not in listed
    assert call(alice).post(f"/api/trash/{part.pk}/restore/").status_code == 404
    services.restore(item=whole, by=alice)
    assert not pets.examples.filter(pk=example.pk).exists()
    assert call(alice).post(f"/api/trash/{part.pk}/restore/").status_code == 204
    assert pets.examples.filter(pk=example.pk).exists()


def test_a_class_whose_name_was_taken_meanwhile_is_refused_with_a_sentence(owned, call, alice):
    label = row_of("classifier.label", owned)
    item = services.delete(rows=[label], by=alice)
    teaching.add_label(classifier=label.classifier, name=label.name)
    answer = call(alice).post(f"/api/trash/{item.pk}/restore/")
    assert answer.status_code == 400
    assert "There is another class called" in answer.json()["errors"][0]["detail"]
    with pytest.raises(ValidationError):
        services.restore(item=item, by=alice)


def test_work_on_what_is_deleted_ends_and_goes_on_when_it_is_restored(alice):
    reading = digits.read(owner=alice, source="pixels", pixels=bytes(784))
    (held,) = claim("digits.read")
    item = services.delete(rows=[reading], by=alice)
    with pytest.raises(LeaseLost):
        held.report(50)
    held.row().give_back()
    assert not claim("digits.read") and not Job.objects.exists()
    services.restore(item=item, by=alice)
    (again,) = claim("digits.read")
    assert (again.pk, again.attempt) == (held.pk, 2)


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_while_a_worker_reads_it_is_read_once_it_is_restored(alice, monkeypatch, caplog):
    reading = digits.read(owner=alice, source="pixels", pixels=bytes(784))
    items = []
    before(
        monkeypatch, "digits.tasks.pixels_of", lambda: items.append(services.delete(rows=[reading], by=alice))
    )
    digits_tasks.read()
    assert not Reading.objects.exists() and not Reading.with_trashed.get().is_read and is_quiet(caplog)
    services.restore(item=items[0], by=alice)
    digits_tasks.read()
    assert Reading.objects.get().is_read and Job.objects.get().status == Status.DONE


def test_a_key_that_was_used_again_does_not_keep_the_first_from_coming_back(alice):
    first = digits.read(owner=alice, source="pixels", pixels=bytes(784), key="once")
    item = services.delete(rows=[first], by=alice)
    second = digits.read(owner=alice, source="pixels", pixels=bytes(784), key="once")
    assert second != first
    services.restore(item=item, by=alice)
    assert digits.read(owner=alice, source="pixels", pixels=bytes(784), key="once") == second
    assert Reading.objects.count() == 2


def test_whoever_restores_and_whoever_purges_do_not_get_in_each_others_way(browse, alice):
    exam = Exam.objects.create(owner=alice, title="Quiz")
    item = services.delete(rows=[exam], by=alice)
    services.restore(item=item, by=alice)
    services.purge(item=item)  # it was asked for before that
    assert Exam.objects.get() == exam
    item = services.delete(rows=[exam], by=alice)
    services.purge(item=item, by=alice)
    with pytest.raises(Item.DoesNotExist):
        services.restore(item=item, by=alice)
    assert browse(alice).post(f"/trash/{item.pk}/restore/").status_code == 404


def test_one_that_cannot_be_purged_does_not_keep_the_others(alice, monkeypatch, caplog):
    for title in ("Quiz", "Test"):
        services.delete(rows=[Exam.objects.create(owner=alice, title=title)], by=alice)
    Item.objects.update(is_ending=True)
    purge, failed = KINDS["grading.exam"].purge, []

    def fails_once(exam: Exam) -> None:
        if not failed:
            failed.append(exam)
            raise OSError("The storage is away.")
        purge(exam)

    monkeypatch.setitem(KINDS, "grading.exam", replace(KINDS["grading.exam"], purge=fails_once))
    services.purge_due()
    assert Exam.with_trashed.count() == 1 and "could not be deleted for good" in caplog.text
    services.purge_due()
    assert not Exam.with_trashed.exists()


def test_each_step_is_in_the_log(alice, bob):
    exam = Exam.objects.create(owner=alice, title="Quiz")
    services.restore(item=services.delete(rows=[exam], by=alice), by=alice)
    services.purge(item=services.delete(rows=[exam], by=alice))
    lines = [(one.verb, one.actor_name, one.object_name, one.owner) for one in Entry.objects.order_by("pk")]
    assert lines == [
        ("deleted", "alice", "Quiz", alice),
        ("restored", "alice", "Quiz", alice),
        ("deleted", "alice", "Quiz", alice),
        ("purged", "", "Quiz", alice),
    ]


def test_the_page_names_each_thing_and_ends_all_of_it(owned, browse, alice, bob):
    for kind in ("grading.exam", "classifier.album"):
        services.delete(rows=[row_of(kind, owned)], by=alice)
    page = browse(alice).get("/trash/")
    assert "Midterm" in page.content.decode() and "Midterm" not in browse(bob).get("/trash/").content.decode()
    assert "Midterm" not in browse(alice).get("/trash/?kind=classifier.album").content.decode()
    assert browse(bob).post("/trash/empty/").status_code == 302 and Item.objects.for_user(alice).exists()
    browse(alice).post("/trash/empty/")
    assert "Midterm" not in browse(alice).get("/trash/").content.decode()


def test_a_colleague_who_may_delete_an_exam_can_have_it_back_but_not_end_it(owned, call, alice, bob):
    exam = row_of("grading.exam", owned)
    grant(row=exam, who="bob", right=Right.OWN, by=alice)
    assert call(bob).delete(f"/api/exams/{exam.pk}/?for_good=true").status_code == 204
    (item,) = [row for row in call(bob).get("/api/trash/").json()["results"] if row["kind"] == "grading.exam"]
    assert call(alice).get(f"/api/trash/{item['id']}/").status_code == 200
    assert call(bob).delete(f"/api/trash/{item['id']}/").status_code == 404
    assert call(bob).post(f"/api/trash/{item['id']}/restore/").status_code == 204
    assert call(bob).get(f"/api/exams/{exam.pk}/").status_code == 200


def test_fewer_days_hold_for_what_lies_there_already(alice, root):
    item = services.delete(rows=[Exam.objects.create(owner=alice, title="Quiz")], by=alice)
    Item.objects.update(deleted_at=timezone.now() - timedelta(days=8))
    assert Item.objects.for_user(alice).get() == item and services.purge_due() == 0
    change_site(by=root, trash_days=7)
    assert not Item.objects.for_user(alice).exists() and services.purge_due() == 1
