"""Who sits an exam, and what is printed for them: the roster from classes or a table, and by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading import rosters, services
from grading.access import find_exam
from grading.forms.exams import AddCandidateForm, CandidateForm
from grading.forms.states import StateForm
from grading.models import Exam, RosterUpload
from grading.papers.candidates import grid_of, known_in_exam
from grading.papers.states import set_states
from grading.presentation import steps_of
from jobs.long_poll import LongPoll
from school.choices import choice_on_page
from school.forms import ListForm
from school.models import SchoolClass
from school.previews import preview_of
from school.roster.rows import Choice
from web.parsers import parsed_number
from web.refusals import refused_as_message, refused_on_form

PATIENCE = 5  # seconds that a page waits for a roster to be read
ROSTERS = LongPoll(RosterUpload.objects.select_related("job"))
GET_OR_POST = require_http_methods(["GET", "POST"])


@require_GET
@teacher_required
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    return show_sheet(request, find_exam(request.user, pk), add=AddCandidateForm())


def show_sheet(
    request: HttpRequest, row: Exam, add: AddCandidateForm, states: StateForm | None = None
) -> HttpResponse:
    context = {
        "states": states or StateForm(row),
        "exam": row,
        "steps": steps_of(row, "sheet"),
        "candidates": row.candidates.all(),
        "versions": range(1, row.versions + 1),
        "form": ListForm(),
        "add": add,
        "classes": SchoolClass.objects.for_user(request.user, Right.VIEW).filter(is_archived=False),
        "upload": row.roster_uploads.select_related("job").first(),
    }
    return render(request, "grading/sheet.html", context)


@require_POST
@teacher_required
def take_classes(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster from lists of classes that are kept already."""
    row = find_exam(request.user, pk, Right.OWN)
    wanted = [number for text in request.POST.getlist("class") if (number := parsed_number(text)) is not None]
    classes = SchoolClass.objects.for_user(request.user, Right.VIEW).filter(pk__in=wanted)
    with refused_as_message(request):
        candidates = services.take_classes(exam=row, classes=classes)
        messages.success(request, _("The roster has %(count)s students.") % {"count": len(candidates)})
    return redirect("grading:sheet", row.pk)


@require_POST
@teacher_required
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Most tables are read before their preview is shown; the page of the sheet says how the others stand."""
    row = find_exam(request.user, pk, Right.OWN)
    with refused_as_message(request):
        file = request.FILES.get("file")
        sent = services.submit_roster(exam=row, file=file, owner=request.user, is_preview=True)
        ROSTERS.wait(sent, PATIENCE)
        return redirect(sent.job.result_url)
    return redirect("grading:sheet", row.pk)


@GET_OR_POST
@teacher_required
def roster_preview(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """What a table would come to; a POST stores it."""
    row = find_exam(request.user, pk, Right.OWN)
    sent = get_object_or_404(row.roster_uploads, pk=upload)
    choice = Choice()
    with refused_as_message(request):
        choice = choice_on_page(request.POST if request.method == "POST" else request.GET)
        if request.method == "POST":
            return accept(request, row, sent, choice)
    with refused_as_message(request):
        found = preview_of(sent, grid_of(row), choice, known_in_exam(row))
        context = {"exam": row, "steps": steps_of(row, "sheet"), "preview": found}
        return render(request, "grading/roster_preview.html", context)
    return redirect("grading:sheet", row.pk)


def accept(request: HttpRequest, row: Exam, sent: RosterUpload, choice: Choice) -> HttpResponse:
    found = rosters.accept_roster(upload=sent, choice=choice, by=request.user)
    said = ngettext("The roster has %(count)s student.", "The roster has %(count)s students.", len(found))
    messages.success(request, said % {"count": len(found)})
    return redirect("grading:sheet", row.pk)


@require_POST
@teacher_required
def add_candidate(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.OWN)
    form = AddCandidateForm(request.POST)
    if form.is_valid():
        with refused_on_form(form):
            one = rosters.add_candidate(exam=row, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(student)s is on the roster now.") % {"student": one})
            return redirect("grading:sheet", row.pk)
    return show_sheet(request, row, form)


@require_POST
@teacher_required
def states(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of the roster does not sit the exam: of all that are ticked."""
    row = find_exam(request.user, pk, Right.MARK)
    form = StateForm(row, request.POST)
    if form.is_valid():
        with refused_on_form(form):
            students = set_states(exam=row, by=request.user, **form.cleaned_data)
            said = ngettext("Noted for %(count)s student.", "Noted for %(count)s students.", len(students))
            messages.success(request, said % {"count": len(students)})
            return redirect("grading:sheet", row.pk)
    return show_sheet(request, row, AddCandidateForm(), form)


@GET_OR_POST
@teacher_required
def candidate(request: HttpRequest, pk: int, candidate: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.OWN)
    one = get_object_or_404(row.candidates.all(), pk=candidate)
    form = CandidateForm(request.POST or None, initial={"number": one.number, "name": one.name})
    if form.is_valid():
        with refused_on_form(form):
            rosters.change_candidate(candidate=one, **form.cleaned_data)
            return redirect("grading:sheet", row.pk)
    context = {"exam": row, "steps": steps_of(row, "sheet"), "candidate": one, "form": form}
    return render(request, "grading/candidate.html", context)


@require_POST
@teacher_required
def remove_candidate(request: HttpRequest, pk: int, candidate: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.OWN)
    one = get_object_or_404(row.candidates.all(), pk=candidate)
    said = _("%(student)s is no longer on the roster. The class and results keep the name.") % {
        "student": one
    }
    rosters.remove_candidate(candidate=one)
    messages.success(request, said)
    return redirect("grading:sheet", row.pk)
