"""Services for how students get in: by a one-time code that a teacher makes, or by the code of their class."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services as accounts
from accounts.models import Role, User
from school.models import Enrollment, SchoolClass, Student
from school.roster.changes import plain
from web.codes import ungrouped

NOT_ON_LIST = gettext_lazy("Nobody with this number and name is on the list of the class. Ask your teacher.")


@transaction.atomic
def make_codes(*, enrollments: Iterable[Enrollment], by: User) -> list[tuple[Enrollment, str]]:
    """A one-time code for each, and an account for who has none. Raises ValidationError where somebody's account is
    not a student's: their teachers must not get into it."""
    return [(one, make_student_code(one, by)) for one in enrollments]


def make_student_code(enrollment: Enrollment, by: User | None) -> str:
    student = enrollment.student
    if student.account is None:
        student.account = new_account(student, enrollment.school_class)
        student.save(update_fields=["account"])
    words = {"name": student.name}
    if not student.account.is_active:
        raise ValidationError(
            _("The account of %(name)s was deactivated or deleted. Ask an administrator.") % words
        )
    if student.account.role != Role.STUDENT:
        raise ValidationError(
            _("The account of %(name)s is not a student's. Ask an administrator for a code.") % words
        )
    return accounts.make_code(user=student.account, by=by)


def new_account(student: Student, school_class: SchoolClass) -> User:
    account = User(
        username=accounts.free_username("student"),
        role=Role.STUDENT,
        first_name=student.name,
        needs_consent=school_class.needs_consent,
    )
    account.set_unusable_password()
    account.save()
    return account


def check_account(school_class: SchoolClass, account: User) -> None:
    """Raises ValidationError where it cannot be one more student's of the class."""
    if account.is_teacher:
        raise ValidationError(_("You are signed in as a teacher. Sign out to try it as a student."))
    if school_class.enrollments.present().filter(student__account=account).exists():
        raise ValidationError(_("You are in this class already."))
    if school_class.needs_consent and account.consent_at is None:
        raise ValidationError(
            _(
                "A guardian has to agree first: ask your teacher for a card, and use it instead of this account."
            )
        )


def find_class(*, text: str) -> SchoolClass | None:
    """By the code that its students were told, however it is typed."""
    code = ungrouped(text)
    return SchoolClass.objects.filter(code=code, is_archived=False).first() if code else None


@transaction.atomic
def join_class(*, school_class: SchoolClass, number: str, name: str, account: User | None = None) -> str:
    """Somebody finds themselves on the list. Who is signed in is that student from now on; others get the one-time code
    with which they choose a password. Raises ValidationError where that is nobody, or somebody was it before."""
    rows = school_class.enrollments.present().select_related("student__account", "school_class")
    found = rows.select_for_update(of=("self",)).filter(number=number).first()
    if found is None or plain(found.student.name) != plain(name):
        raise ValidationError(NOT_ON_LIST)
    known = found.student.account
    if known is not None and not known.is_invited and known != account:
        raise ValidationError(
            _("Somebody signed in as this student before. Ask your teacher for a new code.")
        )
    if account is None:
        return make_student_code(found, None)
    check_account(school_class, account)
    found.student.account = account
    found.student.save(update_fields=["account"])
    return ""
