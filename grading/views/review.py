"""The page on which a teacher works off what the site is not sure of, group by group."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_exam
from grading.forms.rubrics import RubricForms, filled_rows, rubric_rows
from grading.models import Answer, Exam, ItemKind, RegradeRequest
from grading.papers.corrections import Change, correct_answers
from grading.presentation import counted, steps_of
from grading.review.groups import (
    PAGES,
    PAPERS,
    REQUESTS,
    Group,
    Part,
    alike_in_a_row,
    answers_in,
    chosen,
    doubts_of,
    found_in,
    groups_of,
    parts_of,
    state_of,
)
from grading.review.open_papers import papers_in_doubt, with_papers
from grading.review.rubrics import save_rubric
from grading.views.placing import to_place, with_assignments
from web.pagination import paginated
from web.parsers import parsed_number
from web.refusals import refused_as_message

PER_PAGE = 36


@require_http_methods(["GET", "POST"])
@teacher_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return save_shown(request, find_exam(request.user, pk, Right.MARK))
    exam = find_exam(request.user, pk)
    found = found_in(exam)
    part = Part(request.GET.get("class_name", ""), parsed_number(request.GET.get("item", "")))
    groups = groups_of(exam, found, part)
    group = chosen(groups, request.GET.get("group", ""))
    context = {
        "exam": exam,
        "steps": steps_of(exam, "review", counted(found)),
        "groups": groups,
        "group": group,
        "part": part,
        "state": state_of(exam, found),
    }
    if group and group.key == PAPERS:
        candidates = with_papers(exam)
        context |= {"candidates": candidates, "papers": papers_in_doubt(exam, candidates)}
    elif group and group.key == PAGES:
        context["places"] = [to_place(exam, page) for page in with_assignments(exam)]
    elif group and group.key == REQUESTS:
        context["requests"] = RegradeRequest.objects.of_exam(exam).waiting()
    elif group:
        context |= parts_of(exam) | answers_shown(request, exam, group, part)
    return render(request, "grading/review.html", context)


def answers_shown(request: HttpRequest, exam: Exam, group: Group, part: Part) -> dict[str, Any]:
    rows = answers_in(exam, group.key, part)
    if group.kind != ItemKind.OPEN:
        page = paginated(request, rows, PER_PAGE)
        return {"page": page, "doubts": doubts_of(exam, page.object_list)}
    page = paginated(request, alike_in_a_row(rows), PER_PAGE)
    doubts = doubts_of(exam, sorted(rows.filter(pk__in=page.object_list), key=by_place(page.object_list)))
    if not doubts:  # somebody else worked them off meanwhile
        return {"page": page, "doubts": doubts}
    item = doubts[0].answer.item
    return {"page": page, "doubts": doubts, "item": item, "rubric": RubricForms(initial=rubric_rows(item))}


def by_place(keys: Sequence[int]) -> Callable[[Answer], int]:
    places = {pk: place for place, pk in enumerate(keys)}
    return lambda answer: places[answer.pk]


@require_POST
@teacher_required
def rubric(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    exam = find_exam(request.user, pk, Right.MARK)
    get_object_or_404(exam.items, number=number, kind=ItemKind.OPEN)
    rows = RubricForms(request.POST)
    if not rows.is_valid():
        messages.error(request, _("Please give points as a number in each row of the rubric."))
    else:
        with refused_as_message(request):
            changed = save_rubric(exam=exam, number=number, rows=filled_rows(rows), by=request.user)
            words = {"count": changed}
            messages.success(
                request, ngettext("%(count)s score changed.", "%(count)s scores changed.", changed) % words
            )
    return redirect(f"{reverse('grading:review', args=[pk])}?group={request.POST.get('group', '')}")


def save_shown(request: HttpRequest, exam: Exam) -> HttpResponse:
    """All answers of a page as they stand in its fields: where there is no script."""
    fields = [name.removeprefix("value-") for name in request.POST if name.startswith("value-")]
    keys = [number for name in fields if (number := parsed_number(name)) is not None and str(number) == name]
    rows = Answer.objects.filter(paper__exam=exam, pk__in=keys).select_related("item")
    changes = [
        Change(
            row.paper_id,
            row.item.number,
            request.POST[f"value-{row.pk}"],
            request.POST.get(f"was-{row.pk}"),
        )
        for row in rows
    ]
    refused = correct_answers(exam=exam, changes=changes, by=request.user).refused
    for detail in dict.fromkeys(refusal.detail for refusal in refused):
        messages.error(request, detail)
    return redirect(f"{request.path}?group={request.POST.get('group', '')}")
