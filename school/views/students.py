"""One student of a class: name and number, another class, removed."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from school import services
from school.forms import MoveForm, StudentForm
from school.models import Enrollment, SchoolClass
from school.presentation import student_line
from trash.undo import offer_undo
from web.refusals import refused_on_form


def find_enrollment(request: HttpRequest, pk: int, enrollment: int) -> Enrollment:
    rows = Enrollment.objects.for_user(request.user, Right.MARK).present()
    rows = rows.select_related("student__account", "school_class__owner")
    return get_object_or_404(rows, school_class=pk, pk=enrollment)


def other_classes(request: HttpRequest, row: Enrollment) -> QuerySet[SchoolClass]:
    """Where the student could go: what the person may change, of that school year."""
    classes = SchoolClass.objects.for_user(request.user, Right.MARK)
    return classes.filter(year=row.school_class.year, is_archived=False).exclude(pk=row.school_class_id)


@require_http_methods(["GET", "POST"])
@teacher_required
def student(request: HttpRequest, pk: int, enrollment: int) -> HttpResponse:
    row = find_enrollment(request, pk, enrollment)
    form = StudentForm(request.POST or None, initial={"number": row.number, "name": row.student.name})
    if form.is_valid():
        with refused_on_form(form):
            services.change_student(enrollment=row, **form.cleaned_data)
            return redirect(row.school_class)
    return show_student(request, row, form=form)


def show_student(request: HttpRequest, row: Enrollment, **forms: object) -> HttpResponse:
    initial = {"number": row.number, "name": row.student.name}
    context = {
        "class": row.school_class,
        "enrollment": row,
        "line": student_line(row),
        "form": StudentForm(initial=initial),
        "move": MoveForm(initial=initial, classes=other_classes(request, row)),
        **forms,
    }
    return render(request, "school/student.html", context)


@require_POST
@teacher_required
def move(request: HttpRequest, pk: int, enrollment: int) -> HttpResponse:
    row = find_enrollment(request, pk, enrollment)
    form = MoveForm(request.POST, classes=other_classes(request, row))
    if form.is_valid():
        with refused_on_form(form):
            to = form.cleaned_data["to"]
            services.move_student(enrollment=row, to=to, number=form.cleaned_data["number"])
            words = {"name": row.student.name or row.number, "class": to.name}
            messages.success(request, _("%(name)s is in %(class)s now.") % words)
            return redirect(to)
    return show_student(request, row, move=form)


@require_POST
@teacher_required
def remove(request: HttpRequest, pk: int, enrollment: int) -> HttpResponse:
    row = find_enrollment(request, pk, enrollment)
    item = services.remove_students(enrollments=[row], by=request.user)
    offer_undo(request, item, _("“%(title)s” was removed from the class.") % {"title": row})
    return redirect(row.school_class)
