"""An example is loaded once, of real jobs, and goes as one thing, however far it came."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from accounts.models import Role
from classifier.models import Album, Classifier
from classifier.models import Example as Picture
from classifier.tasks import teaching as classifier
from example import services, tasks
from example.models import Example
from generator import tasks as generator
from generator.models import Order
from grading import tasks as grading
from grading.models import Answer, Exam, Paper, Scan
from jobs.models import Job, Status
from school.models import SchoolClass
from tests.support.deletions import before, files_in
from trash import services as trash
from trash.models import Item

pytestmark = pytest.mark.django_db
MADE = (SchoolClass, Exam, Album, Classifier, Order)


@pytest.fixture
def loaded(alice, english) -> Example:
    example = services.load(owner=alice)
    tasks.load()
    return example


def counts() -> list[int]:
    return [model.objects.count() for model in MADE]


def test_loading_twice_gives_one_example(alice):
    first = services.load(owner=alice)
    tasks.load()
    assert services.load(owner=alice) == first
    tasks.load()
    assert counts() == [1] * 5 and Example.objects.count() == 1


def test_workers_read_its_sheets_and_leave_some_for_review(loaded):
    grading.read_scan()
    exam = Exam.objects.get()
    papers = list(exam.papers.with_candidate())
    assert len(papers) == 12 and exam.candidates.count() == 13
    assert all(paper.candidate for paper in papers)
    to_review = [paper for paper in papers if paper.status == Paper.Status.REVIEW]
    assert 1 <= len(to_review) <= 4
    doubts = Answer.objects.filter(paper__in=to_review, state=Answer.State.REVIEW)
    assert {2, 7, 12} <= set(doubts.values_list("item__number", flat=True))
    scores = [paper.score for paper in papers]
    assert max(scores) >= 70 and len(set(scores)) > 5


def test_its_classifier_learns_as_soon_as_its_pictures_are_taken_in(loaded):
    classifier.take_examples()
    classifier.train()
    taught = Classifier.objects.get()
    assert taught.active_version is not None
    assert sorted(taught.labels.values_list("name", flat=True)) == ["bricks", "coins", "leaves", "sky"]


def test_its_faces_are_drawn(loaded):
    generator.draw()
    assert Order.objects.get().faces.count() == 6


def test_names_are_those_of_the_language_in_which_it_was_asked_for(alice):
    with override("ko"):
        services.load(owner=alice)
    tasks.load()
    assert Exam.objects.get().title == "예시: 과학 쪽지 시험"
    assert Exam.objects.get().candidates.first().name == "김하늘"


def test_who_teaches_nobody_gets_no_exam(charlie, english):
    services.load(owner=charlie)
    tasks.load()
    assert counts() == [0, 0, 1, 1, 1]


def test_it_goes_as_one_thing_and_comes_back_as_it_was(loaded, alice):
    grading.read_scan()
    there = counts(), Paper.objects.count(), Job.objects.count()
    item = services.remove(example=loaded, by=alice)
    assert counts() == [0] * 5 and not Job.objects.exists() and not Example.objects.exists()
    assert Item.objects.get() == item
    trash.restore(item=item, by=alice)
    assert (counts(), Paper.objects.count(), Job.objects.count()) == there


def test_what_was_deleted_from_inside_goes_along_and_stays_deleted(loaded, alice):
    inner = trash.delete(rows=[Album.objects.get()], by=alice)
    item = services.remove(example=loaded, by=alice)
    assert list(Item.objects.of_owner(alice)) == [item]
    trash.restore(item=item, by=alice)
    assert list(Item.objects.of_owner(alice)) == [inner] and not Album.objects.exists()


@pytest.mark.parametrize(
    "step", ["example.tasks.make", "example.tasks.app_modules", "grading.example.scanned_sheets"]
)
def test_removed_while_it_is_loaded_nothing_is_added_and_it_goes_on_when_it_comes_back(
    alice, monkeypatch, step, english
):
    example = services.load(owner=alice)
    removed = []
    before(monkeypatch, step, lambda: removed.append(services.remove(example=example, by=alice)))
    tasks.load()
    assert counts() == [0] * 5 and not Scan.objects.filter(exam__trashed=None).exists()
    trash.restore(item=removed[0], by=alice)
    tasks.load()
    example.job.refresh_from_db()
    assert counts() == [1] * 5 and Scan.objects.count() == 1 and example.job.status == Status.DONE


def test_what_an_attempt_that_broke_off_has_made_is_not_made_again(alice, monkeypatch, english):
    services.load(owner=alice)
    calls = []

    def break_off() -> None:
        if not calls:
            calls.append(1)
            raise MemoryError

    before(monkeypatch, "grading.example.scanned_sheets", break_off)
    tasks.load()
    assert Exam.objects.count() == 1 and not Scan.objects.exists()
    tasks.load()
    assert counts() == [1] * 5 and Scan.objects.count() == 1


def test_a_second_example_keeps_the_first_from_coming_back(loaded, alice):
    item = services.remove(example=loaded, by=alice)
    services.load(owner=alice)
    tasks.load()
    with pytest.raises(ValidationError, match="another example"):
        trash.restore(item=item, by=alice)
    assert counts() == [1] * 5


def test_gone_for_good_it_leaves_no_row_and_no_file(
    loaded, alice, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        grading.read_scan()
        classifier.take_examples()
        trash.purge(item=services.remove(example=loaded, by=alice))
    assert [model.with_trashed.count() for model in (*MADE, Example, Picture, Paper, Job)] == [0] * 9
    assert files_in(settings.MEDIA_ROOT) == []


def test_an_example_of_a_role_that_changed_is_removed_all_the_same(loaded, alice):
    alice.role = Role.MEMBER
    alice.save()
    services.remove(example=loaded, by=alice)
    assert counts() == [0] * 5


def test_a_program_loads_it_once_sees_what_it_is_made_of_and_removes_it(call, alice):
    api = call(alice)
    assert api.get("/api/example/").status_code == 404
    made, again = (api.post("/api/example/") for _time in range(2))
    assert (made.status_code, made.json()["id"]) == (202, again.json()["id"])
    tasks.load()
    seen = api.get("/api/example/").json()
    assert [thing["kind"] for thing in seen["things"]] == [model._meta.label_lower for model in MADE]
    assert seen["things"][1]["name"] == "Example: science quiz" and "/exams/" in seen["things"][1]["url"]
    assert [api.delete("/api/example/").status_code for _time in range(2)] == [204, 404]
    assert counts() == [0] * 5


def test_who_has_too_many_jobs_is_told_so_and_gets_no_half_of_it(alice, browse, settings):
    settings.QUOTA_JOBS = 1
    Job.objects.create(owner=alice, task="grading.of_no_worker")
    assert browse(alice).post("/example/").status_code == 429
    assert not Example.objects.exists()


def test_too_many_jobs_meanwhile_end_the_loading_with_a_sentence(alice, settings, english):
    settings.QUOTA_JOBS = 2
    example = services.load(owner=alice)
    tasks.load()
    example.job.refresh_from_db()
    assert example.job.status == Status.FAILED and "No more than 2 of your jobs" in example.job.error
