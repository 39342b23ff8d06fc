"""The sheet as it would be printed, in small, beside the form in which it is changed."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_exam
from grading.forms.blocks import NEW, Blocks, item_blocks
from grading.forms.exams import ExamForm
from grading.forms.key import KeyForm
from grading.forms.live_sheets import pages_of_design, pages_of_key
from grading.models import Exam
from grading.sheet.svg_pages import SvgPage
from web.parsers import parsed_number
from web.refusals import refused_with


@require_POST
@teacher_required
def new_sheet(request: HttpRequest) -> HttpResponse:
    form, blocks = ExamForm(request.POST), Blocks(request.POST, initial=NEW, prefix="block")
    return show(request, lambda: pages_of_design(form, blocks))


@require_POST
@teacher_required
def design_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    exam = printed_exam(request, pk)
    form = ExamForm(request.POST, instance=exam)
    blocks = Blocks(request.POST, initial=item_blocks(exam), prefix="block")
    return show(request, lambda: pages_of_design(form, blocks))


@require_POST
@teacher_required
def key_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    form = KeyForm(printed_exam(request, pk), request.POST)
    version = parsed_number(request.POST.get("version", "")) or 1
    return show(request, lambda: pages_of_key(form, version))


def printed_exam(request: HttpRequest, pk: int) -> Exam:
    exam = find_exam(request.user, pk, Right.OWN)
    if exam.template:
        raise Http404
    return exam


def show(request: HttpRequest, draw: Callable[[], tuple[list[SvgPage], int]]) -> HttpResponse:
    """Where it cannot be printed, why."""
    pages: list[SvgPage] = []
    count, sentences = 0, list[str]()
    with refused_with(sentences):
        pages, count = draw()
    context = {"pages": pages, "count": count, "more": count - len(pages), "sentences": sentences}
    return render(request, "grading/_live_sheet.html", context)
