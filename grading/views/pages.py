"""The teacher's pages of what was turned away: look at it, say what it is, type it in, delete it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_page
from grading.forms.pages import AssignForm, known_of
from grading.models import ScanPage
from grading.presentation import boxes_of_pages, steps_of
from grading.reading import rejected_pages
from grading.views.placing import place_of
from trash.undo import offer_undo, offer_undo_at
from web.refusals import refused_as_message, refused_on_form


@require_http_methods(["GET", "POST"])
@teacher_required
def page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    right = Right.MARK if request.method == "POST" else Right.VIEW
    row = find_page(request.user, right, scan__exam=pk, pk=page)
    if not row.is_rejected:
        return redirect(row.paper or row.scan)
    wanted = {
        name: request.GET[name] for name in ("student", "sheet_page", "version") if request.GET.get(name)
    }
    form = AssignForm(row.scan.exam, row.is_as_it_came, request.POST or None, initial=known_of(row) | wanted)
    if form.is_valid():
        with refused_on_form(form):
            return give_place(request, row, form)
    exam, asked = row.scan.exam, row.assignments.select_related("job").last()
    context = {
        "exam": exam,
        "steps": steps_of(exam, "scans"),
        "page": row,
        "form": form,
        "asked": asked,
        "is_open": asked is not None and not asked.job.has_ended,
        "candidates": exam.candidates.all(),
        "boxes": boxes_of_pages(exam),
    }
    return render(request, "grading/page.html", context)


def give_place(request: HttpRequest, row: ScanPage, form: AssignForm) -> HttpResponse:
    """As the button says. Raises ValidationError."""
    if "type" in request.POST:
        return redirect(rejected_pages.type_in_page(page=row, by=request.user, **form.place()))
    asked = rejected_pages.assign_page(page=row, by=request.user, corners=form.corners_set(), **form.place())
    if not (place := request.POST.get("next", "")):
        return redirect(row)
    said = _("“%(page)s” is read as a page of %(student)s.") % {"page": row, "student": asked.number or "?"}
    undo = reverse("grading:take_back_page", args=[row.scan.exam_id, row.pk])
    offer_undo_at(request, f"{undo}?{urlencode({'next': place})}", said)
    return redirect(place_of(place, row.scan.exam_id))


@require_POST
@teacher_required
def discard_page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    row = find_page(request.user, Right.MARK, scan__exam=pk, pk=page)
    with refused_as_message(request):
        item = rejected_pages.discard_page(page=row, by=request.user)
        offer_undo(request, item, _("“%(title)s” was deleted.") % {"title": row})
    return redirect(row.scan)
