"""The teacher's pages of the key: its table, and whose score another one changes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading import services
from grading.access import find_exam
from grading.forms.blocks import LONGEST_KEY
from grading.forms.key import KeyForm, OrdersForm, Suggestion, field_name, read_pasted, suggested_by
from grading.key.orders import as_places
from grading.models import Exam
from grading.papers.key_changes import Unseen
from grading.presentation import steps_of
from grading.views.questions import ask_about_scores
from web.parsers import parsed_number
from web.refusals import refused_on_form

MOST_PAPERS = 300  # to choose from


@require_http_methods(["GET", "POST"])
@teacher_required
def key(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.OWN)
    if "fill" in request.POST:
        return show_key(request, row, pasted(request, row))
    details = [number for text in request.GET.getlist("details") if (number := parsed_number(text))]
    form = KeyForm(row, request.POST or None, suggestion=suggestion_of(request, row), details=details)
    if "back" not in request.POST and form.is_valid():
        with refused_on_form(form):
            try:
                fields = {**form.exam_fields(), "items": form.items(), "by": request.user}
                services.update_exam(exam=row, shown=request.POST.get("seal", ""), **fields)
            except Unseen as unseen:
                return ask_about_scores(request, row, unseen.change, "key")
            messages.success(request, _("The key was changed."))
            return redirect("grading:key", row.pk)
    return show_key(request, row, form)


@require_http_methods(["GET", "POST"])
@teacher_required
def orders(request: HttpRequest, pk: int) -> HttpResponse:
    """In which order the versions ask what the first asks; the key is then given once."""
    row = find_exam(request.user, pk, Right.OWN)
    form = OrdersForm(row, request.POST or None)
    if "back" not in request.POST and form.is_valid():
        with refused_on_form(form):
            try:
                fields = {"orders": form.cleaned_data["text"], "by": request.user}
                services.update_exam(exam=row, shown=request.POST.get("seal", ""), **fields)
            except Unseen as unseen:
                return ask_about_scores(request, row, unseen.change, "key")
            messages.success(request, _("The order of the versions was changed."))
            return redirect("grading:orders", row.pk)
    context = {"exam": row, "steps": steps_of(row, "key"), "form": form, "places": as_places(row.orders)}
    return render(request, "grading/orders.html", context)


def show_key(request: HttpRequest, row: Exam, form: KeyForm) -> HttpResponse:
    papers = row.papers.with_candidate().order_by("-created_at", "-pk")[:MOST_PAPERS]
    context = {"exam": row, "steps": steps_of(row, "key"), "form": form, "papers": papers}
    return render(request, "grading/key.html", context)


def pasted(request: HttpRequest, row: Exam) -> KeyForm:
    """The table with what was pasted in it; what is wrong there is said at its item, as if it had been typed."""
    sent = request.POST.copy()
    text = sent.get("text", "")
    cells = read_pasted(row, text) if len(text) <= LONGEST_KEY else []  # which the form says
    for cell in cells:
        if cell.item is not None:
            sent[field_name(cell.item, cell.version)] = cell.typed
    form = KeyForm(row, sent)
    for cell in cells:
        if cell.detail and (cell.item is None or not form.errors):
            form.add_error("text", cell.detail)
    return form


def suggestion_of(request: HttpRequest, row: Exam) -> Suggestion | None:
    """By a sheet that was filled in with the right answers: its paper is named in the address."""
    number = parsed_number(request.GET.get("from", ""))
    paper = row.papers.filter(pk=number).first() if number is not None else None
    return suggested_by(paper) if paper else None
