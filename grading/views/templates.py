"""The teacher's pages of exams whose sheets were printed elsewhere: upload a template, its key, its blocks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading import template_exams
from grading.access import find_exam
from grading.forms.templates import BlockForm, NewTemplateForm, PictureForm, moved_blocks
from grading.models import Exam
from grading.presentation import PLACES, blocks_of, steps_of
from grading.reading.template_files import MOST_BYTES, MOST_SHEET_BYTES
from grading.sheet.omrchecker.problems import WrongTemplate
from web.files import PRIVATE
from web.refusals import refused_as_message, refused_on_form

ON_PAGE = {
    "outside_page": gettext_lazy(
        "The bubbles of %(where)s lie outside of the page. Please correct “%(x)s”, “%(y)s”, “%(bubblesGap)s” or "
        "“%(labelsGap)s” of their block."
    ),
    "overlapping": gettext_lazy(
        "Bubbles of %(where)s lie on each other. Please move their block, or correct its “%(bubblesGap)s” or "
        "“%(labelsGap)s”."
    ),
    "no_bubbles": gettext_lazy("A form needs a block of bubbles. Please add one first."),
}
GET_OR_POST = require_http_methods(["GET", "POST"])


@GET_OR_POST
@teacher_required
def new_template(request: HttpRequest) -> HttpResponse:
    form = NewTemplateForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if form.is_valid():
        with refused_on_form(form):
            exam = template_exams.create_exam(
                owner=request.user,
                uploads=request.FILES.getlist("files"),
                title=form.cleaned_data["title"],
                language=form.cleaned_data["language"],
            )
            return redirect("grading:template", exam.pk)
    return render(request, "grading/new_template.html", {"form": form, "most_bytes": MOST_BYTES})


@GET_OR_POST
@teacher_required
def new_picture(request: HttpRequest) -> HttpResponse:
    form = PictureForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if form.is_valid():
        with refused_on_form(form):
            exam = template_exams.create_from_picture(
                owner=request.user, upload=request.FILES.get("picture"), **form.cleaned_data
            )
            return redirect("grading:template", exam.pk)
    return render(request, "grading/new_picture.html", {"form": form, "most_bytes": MOST_SHEET_BYTES})


@GET_OR_POST
@teacher_required
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Where its blocks are, over a sheet of it."""
    row = find_template_exam(request, pk)
    if request.method == "POST":
        with refused_as_message(request), in_words_of_page():
            change_blocks(request, row)
        return redirect("grading:template", row.pk)
    context = {
        "exam": row,
        "steps": steps_of(row, "template"),
        "blocks": blocks_of(row),
        "new": BlockForm(prefix="new") if row.template.get("is_drawn") else None,
        "width": row.read_by.width,
        "height": row.read_by.height,
        "most_bytes": MOST_SHEET_BYTES,
    }
    return render(request, "grading/template.html", context)


@contextmanager
def in_words_of_page() -> Iterator[None]:
    """What is wrong with a form is said with the labels of its fields, not with the names in template.json."""
    try:
        yield
    except ValidationError as refused:
        problem = refused.__cause__
        if not isinstance(problem, WrongTemplate) or problem.reason not in ON_PAGE:
            raise
        words = {"where": problem.where, **PLACES}
        raise ValidationError(ON_PAGE[problem.reason] % words) from problem


def change_blocks(request: HttpRequest, row: Exam) -> None:
    """Save where they are, then do what the button says. Raises ValidationError."""
    sent = request.POST
    template_exams.move_blocks(exam=row, blocks=moved_blocks(sent, row))
    if "add" in sent:
        new = BlockForm(sent, prefix="new")
        if not new.is_valid():
            raise ValidationError([error for errors in new.errors.values() for error in errors])
        template_exams.add_block(exam=row, **new.fields_of_block())
    elif "copy" in sent:
        template_exams.copy_block(exam=row, name=sent["copy"])
    elif "remove" in sent:
        template_exams.remove_block(exam=row, name=sent["remove"])
    else:
        messages.success(request, _("The places were saved. Sheets that you upload now are read by them."))


@require_POST
@teacher_required
def show_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_template_exam(request, pk)
    with refused_as_message(request):
        template_exams.show_sheet(exam=row, upload=request.FILES.get("sheet"))
    return redirect("grading:template", row.pk)


@require_GET
@teacher_required
def shown_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture under the blocks."""
    row = find_template_exam(request, pk)
    if not row.template.get("sheet"):
        raise Http404
    with default_storage.open(row.template["sheet"]) as file:
        return HttpResponse(file.read(), content_type="image/jpeg", headers={"Cache-Control": PRIVATE})


def find_template_exam(request: HttpRequest, pk: int) -> Exam:
    row = find_exam(request.user, pk, Right.OWN)
    if not row.template:
        raise Http404
    return row
