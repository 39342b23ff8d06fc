"""What a site may look like: nothing there yet, one of each kind, all at work, all failed, five hundred of each."""

import uuid
from collections.abc import Callable, Iterable
from itertools import count

from django.db.models import Model, UUIDField
from django.utils import timezone

from accounts.models import Token, User
from audit.models import Entry
from classifier.models import Album, Classifier, Picture
from digits.models import Reading
from generator.models import Face, Order
from grading.models import Candidate, Correction, Exam, Paper, ScanPage
from jobs.models import Job, Status
from registry.models import Change, Disagreement, TrainingRun
from school.models import Enrollment, SchoolClass
from tests.support.everything import one_of_each_kind
from trash.models import Item

MANY = 500
FAILURE = "Something went wrong. The error was noted; please try again."
numbers = count(1000)

Owned = dict[str, object]


def empty(_owner: User) -> Owned:
    return {}


def full(owner: User) -> Owned:
    owned = one_of_each_kind(owner)
    Job.objects.filter(owner=owner).update(status=Status.DONE, ended_at=timezone.now())
    finish_exam(Exam.objects.get(pk=owned["exam"]), owner)
    return owned


def running(owner: User) -> Owned:
    """Half way; the second half of what is there waits."""
    owned = full(owner)
    jobs = Job.objects.filter(owner=owner)
    jobs.update(status=Status.RUNNING, ended_at=None, progress=40, step="Reading pages", position="12 / 30")
    TrainingRun.objects.update(state="running", seen_at=timezone.now())
    Picture.objects.filter(owner=owner).update(answered_at=None)
    Reading.objects.filter(owner=owner).update(model=None, digits=[], text="")
    return owned


def failed(owner: User) -> Owned:
    owned = full(owner)
    jobs = Job.objects.filter(owner=owner)
    jobs.update(status=Status.FAILED, error=FAILURE, ended_at=timezone.now())
    Picture.objects.filter(owner=owner).update(answered_at=None, problem=FAILURE)
    Reading.objects.filter(owner=owner).update(model=None, digits=[], text="")
    ScanPage.objects.update(status="rejected", reason="other_exam", paper=None)
    return owned


def many(owner: User) -> Owned:
    """Five hundred of all that lists show, and of all that hangs on one thing."""
    owned = full(owner)
    exam = Exam.objects.get(pk=owned["exam"])
    copies(exam)
    copies_of_papers(exam)
    copies(ScanPage.objects.get(pk=owned["rejected_page"]), page=numbered(2000))
    copies(exam.scans.get())
    copies_of_classes(SchoolClass.objects.get(pk=owned["class"]))
    copies(Token.objects.get(pk=owned["token"]))
    copies(Reading.objects.get(pk=owned["reading"]))
    copies(Picture.objects.get(pk=owned["picture"]))
    copies(Picture.objects.filter(album=owned["album"]).last(), place=numbered(10))
    copies(Album.objects.get(pk=owned["album"]), times=50)
    order = Order.objects.get(pk=owned["order"])
    faces = list(order.faces.all())
    for other in copies(order):
        Face.objects.bulk_create(copy_of(face, order=other) for face in faces)
    copies_of_classifiers(Classifier.objects.get(pk=owned["classifier"]))
    copies(TrainingRun.objects.get(pk=owned["training"]))
    copies(Disagreement.objects.get(pk=owned["disagreement"]))
    copies(Change.objects.last())
    copies(Item.objects.get(pk=owned["trashed"]))
    copies(Entry.objects.first())
    return owned


STATES: dict[str, Callable[[User], Owned]] = {
    "empty": empty,
    "full": full,
    "running": running,
    "failed": failed,
    "many": many,
}


def finish_exam(exam: Exam, owner: User) -> None:
    """A student with a paper that has a score, a doubt, and a correction; and one who was absent."""
    enrollment = Enrollment.objects.for_user(owner).get(number="1")
    here, _absent = Candidate.objects.bulk_create(
        Candidate(exam=exam, number=number, enrollment=enrollment) for number in ("01", "02")
    )
    paper = exam.papers.get()
    Paper.objects.filter(pk=paper.pk).update(
        candidate=here, number="01", reasons=["duplicate_student"], max_score=1
    )
    Correction.objects.create(paper=paper, item=exam.items.get(), field="value", old="X", new="O", by=owner)


def copies_of_papers(exam: Exam) -> None:
    paper, page = exam.papers.get(), ScanPage.objects.get(paper__exam=exam)
    answer, correction = paper.answers.get(), paper.corrections.get()
    candidates = copies(exam.candidates.first(), number=numbered())
    papers = copies(paper, number=numbered(), each=[{"candidate": one} for one in candidates])
    pages = copies(page, page=numbered(3), each=[{"paper": one} for one in papers])
    copies(answer, each=[{"paper": one, "page": of} for one, of in zip(papers, pages, strict=True)])
    items = copies(exam.items.get(), times=60, number=numbered(2))
    copies(answer, each=[{"paper": paper, "item": item} for item in items])
    copies(correction)
    Exam.objects.get(pk=exam.pk).stored_layout()  # of all these items


def copies_of_classes(school_class: SchoolClass) -> None:
    """And people: each student has an account."""
    copies(school_class, name=numbered())
    enrollment = school_class.enrollments.get()
    people = User.objects.bulk_create(User(username=f"pupil {at}", role="student") for at in range(MANY))
    students = copies(enrollment.student, each=[{"account": person} for person in people])
    copies(enrollment, number=numbered(), each=[{"student": student} for student in students])


def copies_of_classifiers(classifier: Classifier) -> None:
    example = classifier.examples.first()
    copies(classifier)
    copies(example, place=numbered(10))
    copies(example.delivery)
    labels = copies(example.label, times=30, name=numbered())
    copies(example, each=[{"label": label, "place": 1000 + at} for at, label in enumerate(labels)])
    copies(classifier.trainings.get(), version=None)


def numbered(first: int = 1000) -> Iterable[int]:
    return count(first)


def copies(
    row: Model, times: int = MANY, each: list[dict[str, object]] | None = None, **changes: object
) -> list:
    """Of a row, with a job of its own each where it has one; `changes` may be different for each."""
    each = each or [{} for _ in range(times)]
    rows = [copy_of(row, **valued(changes), **own) for own in each]
    for field in row._meta.concrete_fields:
        if field.one_to_one and field.related_model is Job and getattr(row, field.attname):
            jobs = copies(getattr(row, field.name), times=len(rows))
            for one, job in zip(rows, jobs, strict=True):
                setattr(one, field.name, job)
    return type(row)._default_manager.bulk_create(rows)


def valued(changes: dict[str, object]) -> dict[str, object]:
    return {name: next(value) if isinstance(value, count) else value for name, value in changes.items()}


def copy_of(row: Model, **changes: object) -> Model:
    """Unsaved, with a key of its own and of its own whatever is to be unique."""
    new = type(row)()
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.primary_key:
            value = uuid.uuid4() if isinstance(field, UUIDField) else None
        elif field.unique:
            value = None if field.null else f"{next(numbers)}"
        setattr(new, field.attname, value)
    for name, value in changes.items():
        setattr(new, name, value)
    return new
