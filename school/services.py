"""What teachers do with classes and their lists. Pages, API and grading come through here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count, groupby

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import QuerySet, RestrictedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import Job
from school.models import (
    Enrollment,
    SchoolClass,
    Student,
    new_class_code,
    school_year,
)
from school.roster.changes import is_same_name, plain
from school.roster.rows import RosterRow, is_student_number
from trash import services as trash
from trash.models import Item
from web.files import remove_on_commit

# --- classes


def create_class(*, owner: User, name: str, year: int | None = None, **fields: bool) -> SchoolClass:
    """Raises ValidationError where there is one of that name in that year."""
    return save_class(SchoolClass(owner=owner, name=name, year=year or school_year(), **fields))


def save_class(school_class: SchoolClass) -> SchoolClass:
    """Raises ValidationError where there is another one of its name in its year."""
    try:
        with transaction.atomic():
            school_class.save()
    except IntegrityError as taken:
        words = {"name": school_class.name, "year": school_class.year}
        raise ValidationError(_("There is a class “%(name)s” in %(year)s already.") % words) from taken
    return school_class


def free_name(owner: int, name: str, year: int | None = None) -> str:
    """The name itself, or the first with a number behind it that no class of theirs has, in the trash, too."""
    taken = SchoolClass.with_trashed.filter(owner=owner, year=year or school_year())
    names = set(taken.values_list("name", flat=True))
    numbered = (f"{name[:90]} ({number})" for number in count(2))
    return next(one for one in chain([name], numbered) if one not in names)


def change_class(*, school_class: SchoolClass, **fields: object) -> SchoolClass:
    """Raises ValidationError."""
    for name, value in fields.items():
        setattr(school_class, name, value)
    return save_class(school_class)


def set_class_code(*, school_class: SchoolClass, is_open: bool) -> None:
    """A new one each time it is opened: the old one may have gone round."""
    school_class.code = new_class_code() if is_open else None
    school_class.save(update_fields=["code"])


def delete_class(*, school_class: SchoolClass, by: User) -> Item | None:
    """Into the trash. Raises ValidationError where exams know its students."""
    try:
        Collector(using=DEFAULT_DB_ALIAS).collect([school_class])  # what would go along
    except RestrictedError as used:
        raise ValidationError(
            _(
                "Exams have results of this class. Archive it: it is out of the way, and they keep their names."
            )
        ) from used
    return trash.delete(rows=[school_class], by=by)


@transaction.atomic
def purge_class(*, school_class: SchoolClass) -> None:
    """An end of it, and of those whom no other class knows. Where exams of others have results of it, it becomes
    theirs: archived, without its code."""
    if heir := first_heir(school_class):
        give_away(school_class, heir)
        return
    students = list(Student.objects.filter(enrollments__school_class=school_class))
    remove_on_commit(upload.file for upload in school_class.uploads.all())
    jobs_of(school_class).delete()
    school_class.delete()
    remove_unknown(students)


def first_heir(school_class: SchoolClass) -> int | None:
    """The owner of an exam that knows its students."""
    known = school_class.enrollments.exclude(candidates=None)
    return known.values_list("candidates__exam__owner", flat=True).first()


def give_away(school_class: SchoolClass, heir: int) -> None:
    school_class.name = free_name(heir, school_class.name, school_class.year)
    school_class.owner_id, school_class.trashed = heir, None
    school_class.code, school_class.is_archived = None, True
    school_class.save()
    school_class.grants.all().delete()


def jobs_of(school_class: SchoolClass) -> QuerySet[Job]:
    return Job.with_trashed.filter(class_upload__school_class=school_class)


@transaction.atomic
def move_up(*, school_class: SchoolClass, name: str, enrollments: Iterable[Enrollment]) -> SchoolClass:
    """The class of the next year with these students, their numbers and accounts; the old one goes to the archive.

    Raises ValidationError where there is one of that name.
    """
    new = create_class(
        owner=school_class.owner,
        name=name,
        year=school_class.year + 1,
        needs_consent=school_class.needs_consent,
    )
    Enrollment.objects.bulk_create(
        Enrollment(school_class=new, student_id=one.student_id, number=one.number) for one in enrollments
    )
    school_class.is_archived, school_class.code = True, None
    school_class.save(update_fields=["is_archived", "code"])
    return new


# --- students


@transaction.atomic
def put_students(*, school_class: SchoolClass, rows: Sequence[RosterRow]) -> list[Enrollment]:
    """Who is on the list is in the class, in its order; nobody else leaves it.

    Another name at a number is another student, who takes it over: results of the one before keep their name. Who has
    another number now, by a name that is there once, is the same student as before.
    """
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)  # one list after the other
    there = {one.number: one for one in school_class.enrollments.present().select_related("student")}
    name_unnamed(there, rows)
    new = [row for row in rows if not is_same(there.get(row.number), row)]
    is_renumbered = any(row.number in there for row in new)  # else new ones come, who may be namesakes
    moved = {row.number: one for row, one in by_name(there.values(), new).items()} if is_renumbered else {}
    left = {there[row.number].pk for row in new if row.number in there} | {one.pk for one in moved.values()}
    school_class.enrollments.filter(pk__in=left).update(left_at=timezone.now())
    unknown = [row for row in new if row.number not in moved]
    students = Student.objects.bulk_create(Student(name=row.name) for row in unknown)
    student_of = {row.number: student for row, student in zip(unknown, students, strict=True)}
    student_of |= {number: one.student for number, one in moved.items()}
    added = Enrollment.objects.bulk_create(
        Enrollment(school_class=school_class, student=student_of[row.number], number=row.number)
        for row in new
    )
    there |= {one.number: one for one in added}
    return [there[row.number] for row in rows]


def by_name(there: Iterable[Enrollment], rows: Iterable[RosterRow]) -> dict[RosterRow, Enrollment]:
    """Who is meant by rows whose number is not the one in the class: names that are on both sides once."""
    there, rows = list(there), [row for row in rows if row.name]
    known = Counter(plain(one.student.name) for one in there)
    wanted = Counter(plain(row.name) for row in rows)
    of_name = {plain(one.student.name): one for one in there}
    once = [row for row in rows if known[plain(row.name)] == wanted[plain(row.name)] == 1]
    return {row: of_name[plain(row.name)] for row in once}


def name_unnamed(there: Mapping[str, Enrollment], rows: Iterable[RosterRow]) -> None:
    """A list with names after one without."""
    unnamed = [(there[row.number].student, row.name) for row in rows if row.number in there and row.name]
    unnamed = [(student, name) for student, name in unnamed if not student.name]
    for student, name in unnamed:
        student.name = name
    Student.objects.bulk_update([student for student, _name in unnamed], ["name"])


def is_same(enrollment: Enrollment | None, row: RosterRow) -> bool:
    return enrollment is not None and is_same_name(enrollment.student.name, row.name)


@transaction.atomic
def enroll(*, owner: User, rows: Sequence[RosterRow], otherwise: str) -> list[Enrollment]:
    """Into the classes of this year that the rows name, made where there are none; others into that of `otherwise`."""
    found: dict[str, Enrollment] = {}
    by_class = sorted(rows, key=lambda row: row.class_name)
    for name, some in groupby(by_class, key=lambda row: row.class_name):
        school_class, _is_new = SchoolClass.objects.get_or_create(
            owner=owner, name=name or otherwise[:100], year=school_year()
        )
        if school_class.is_archived:
            change_class(school_class=school_class, is_archived=False)
        found |= enroll_in(school_class, list(some))
    return [found[row.number] for row in rows]


def enroll_in(school_class: SchoolClass, rows: Sequence[RosterRow]) -> dict[str, Enrollment]:
    """By the number of each row. An exam may know students by longer numbers than their class does: who is there once
    by that name keeps the number of the class."""
    there = list(school_class.enrollments.present().select_related("student"))
    numbers = {one.number for one in there}
    known = by_name(there, [row for row in rows if row.number not in numbers])
    rest = [row for row in rows if row not in known]
    put = put_students(school_class=school_class, rows=rest)
    return {row.number: one for row, one in known.items()} | {one.number: one for one in put}


def check_number(number: str) -> None:
    if not is_student_number(number):
        raise ValidationError(_("A student number has up to 20 digits or Latin letters."))


def change_student(*, enrollment: Enrollment, number: str, name: str) -> Enrollment:
    """Raises ValidationError where the number is none, or somebody else's."""
    check_number(number)
    enrollment.number, enrollment.student.name = number, name
    try:
        with transaction.atomic():
            enrollment.save(update_fields=["number"])
            enrollment.student.save(update_fields=["name"])
    except IntegrityError as taken:
        raise ValidationError(_("Somebody else has the number %(number)s.") % {"number": number}) from taken
    return enrollment


@transaction.atomic
def add_student(*, school_class: SchoolClass, number: str, name: str) -> Enrollment:
    """Raises ValidationError where the number is none, or somebody else's."""
    check_number(number)
    if school_class.enrollments.present().filter(number=number).exists():
        raise ValidationError(_("Somebody else has the number %(number)s.") % {"number": number})
    return put_students(school_class=school_class, rows=[RosterRow(number, name)])[0]


@transaction.atomic
def move_student(*, enrollment: Enrollment, to: SchoolClass, number: str) -> Enrollment:
    """Into another class, with the account; results stay with the class in which they came about.

    Raises ValidationError where somebody there has the number.
    """
    check_number(number)
    SchoolClass.objects.select_for_update().get(pk=to.pk)
    if to.enrollments.present().filter(number=number).exists():
        words = {"number": number, "class": to.name}
        raise ValidationError(_("Somebody else has the number %(number)s in %(class)s.") % words)
    moved = Enrollment.objects.create(school_class=to, student=enrollment.student, number=number)
    end_enrollment(enrollment)
    return moved


@transaction.atomic
def change_and_move_student(*, enrollment: Enrollment, to: SchoolClass, number: str, name: str) -> Enrollment:
    """Raises ValidationError as both do."""
    if to.pk == enrollment.school_class_id:
        return change_student(enrollment=enrollment, number=number, name=name)
    enrollment.student.name = name
    enrollment.student.save(update_fields=["name"])
    return move_student(enrollment=enrollment, to=to, number=number)


def remove_students(*, enrollments: Sequence[Enrollment], by: User) -> Item | None:
    """From their class, into the trash; results of exams keep the names."""
    return trash.delete(rows=list(enrollments), by=by)


@transaction.atomic
def purge_enrollment(*, enrollment: Enrollment) -> None:
    """An end of it, and of who is in no other class."""
    student = enrollment.student
    end_enrollment(enrollment)
    remove_unknown([student])


def end_enrollment(enrollment: Enrollment) -> None:
    """What exams have results of stays, as of somebody who left."""
    try:
        with transaction.atomic():
            enrollment.delete()
    except RestrictedError:
        enrollment.left_at, enrollment.trashed = timezone.now(), None
        enrollment.save(update_fields=["left_at", "trashed"])


def remove_unknown(students: Iterable[Student]) -> None:
    """Those whom no class knows any more; their accounts stay, with what they made."""
    pks = [student.pk for student in students]
    Student.objects.filter(pk__in=pks, enrollments=None).delete()
