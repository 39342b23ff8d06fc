"""A teacher's classes: the list of students, cards and codes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right, find_permitted
from accounts.models import User
from accounts.permissions import teacher_required
from accounts.services import note_consent
from school import joining, services
from school.forms import ClassForm, ListForm, MoveUpForm, PasteForm
from school.models import EnrollmentQuerySet, SchoolClass, school_year
from school.presentation import card, student_line
from trash.undo import offer_undo
from web.codes import grouped
from web.parsers import parsed_number
from web.refusals import refused_as_message, refused_on_form

GET_OR_POST = require_http_methods(["GET", "POST"])


def find_class(request: HttpRequest, pk: int, right: Right) -> SchoolClass:
    return find_permitted(SchoolClass.objects.all(), request.user, right, pk=pk)


@GET_OR_POST
@teacher_required
def classes(request: HttpRequest) -> HttpResponse:
    form = ClassForm(request.POST or None, initial={"year": school_year()})
    if form.is_valid():
        with refused_on_form(form):
            return redirect(services.create_class(owner=request.user, **form.cleaned_data))
    rows = SchoolClass.objects.for_user(request.user, Right.VIEW).counted()
    context = {"form": form, "classes": rows.filter(is_archived=False), "old": rows.filter(is_archived=True)}
    return render(request, "school/classes.html", context)


@require_GET
@teacher_required
def school_class(request: HttpRequest, pk: int) -> HttpResponse:
    return show_class(request, find_class(request, pk, Right.VIEW))


def show_class(request: HttpRequest, row: SchoolClass, **more: object) -> HttpResponse:
    students = row.enrollments.present().select_related("student__account__code")
    context = {
        "class": row,
        "lines": [student_line(one) for one in students],
        "upload": row.uploads.select_related("job").first(),
        "paste": PasteForm(),
        "file_form": ListForm(),
        "code": grouped(row.code or ""),
        "address": request.build_absolute_uri(reverse("school:join")),
        **more,
    }
    return render(request, "school/class.html", context)


@GET_OR_POST
@teacher_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_class(request, pk, Right.OWN)
    form = ClassForm(request.POST or None, instance=SchoolClass.objects.get(pk=pk))
    if form.is_valid():
        with refused_on_form(form):
            return redirect(services.change_class(school_class=row, **form.cleaned_data))
    move = MoveUpForm(initial={"name": row.name})
    return render(request, "school/change.html", {"class": row, "form": form, "move": move})


@require_POST
@teacher_required
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    is_archived = "back" not in request.POST
    services.change_class(school_class=find_class(request, pk, Right.OWN), is_archived=is_archived)
    return redirect("school:classes")


@require_POST
@teacher_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_class(request, pk, Right.OWN)
    with refused_as_message(request):
        item = services.delete_class(school_class=row, by=request.user)
        offer_undo(request, item, _("“%(title)s” was deleted.") % {"title": row})
        return redirect("school:classes")
    return redirect("school:change", pk)


@require_POST
@teacher_required
def move_up(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_class(request, pk, Right.OWN)
    form = MoveUpForm(request.POST)
    if form.is_valid():
        with refused_on_form(form):
            students = row.enrollments.present()
            return redirect(services.move_up(school_class=row, enrollments=students, **form.cleaned_data))
    context = {"class": row, "form": ClassForm(instance=row), "move": form}
    return render(request, "school/change.html", context)


@require_POST
@teacher_required
def class_code(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_class(request, pk, Right.MARK)
    services.set_class_code(school_class=row, is_open="close" not in request.POST)
    return redirect(row)


@require_POST
@never_cache
@teacher_required
def cards(request: HttpRequest, pk: int) -> HttpResponse:
    """To be printed at once: codes are shown this one time. For one student, or all who never signed in."""
    row = find_class(request, pk, Right.MARK)
    students = chosen(request, row)
    if "enrollment" not in request.POST:
        students = students.without_password()
    with refused_as_message(request):
        codes = joining.make_codes(enrollments=students, by=request.user)
        found = [card(request, enrollment, code) for enrollment, code in codes]
        return render(
            request, "school/cards.html", {"class": row, "cards": found, "is_local": is_local(request)}
        )
    return redirect(row)


@require_POST
@teacher_required
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one student, or of all who wait for it."""
    row = find_class(request, pk, Right.MARK)
    for person in User.objects.filter(students__enrollments__in=chosen(request, row)):
        if person.awaits_consent:
            note_consent(person=person, by=request.user)
    return redirect(row)


def is_local(request: HttpRequest) -> bool:
    """Whether the address of this page means another machine to whoever types it elsewhere."""
    return split_domain_port(request.get_host())[0] in settings.LOCAL_HOSTS


def chosen(request: HttpRequest, row: SchoolClass) -> EnrollmentQuerySet:
    """The one that was named, else all who are in the class."""
    students = row.enrollments.present().select_related("student__account", "school_class")
    if (one := request.POST.get("enrollment")) is None:
        return students
    return students.filter(pk=parsed_number(one) or 0)
