"""The teacher's pages of what is given out, and of what students ask about it."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_exam
from grading.forms.exams import ReleaseForm
from grading.models import RegradeRequest
from grading.presentation import steps_of
from grading.results import regrade_requests, releases
from grading.results.gradebooks import links_table
from web.pagination import paginated
from web.refusals import refused_as_message
from web.tables import as_download

PER_PAGE = 100


@require_GET
@teacher_required
def release(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk)
    found = releases.release_of(row)
    papers = found.papers.whole() if found else []
    page = paginated(request, papers, PER_PAGE)
    links = [
        {"released": one, "link": releases.link_of(one, request.build_absolute_uri)}
        for one in page.object_list
    ]
    context = {
        "exam": row,
        "steps": steps_of(row, "results"),
        "release": found,
        "form": ReleaseForm(instance=found),
        "page": page,
        "links": links if row.may_own else [],
        "changed": releases.changes_since(row),
        "settled": releases.not_given_out(releases.settled_papers(row)).count(),
        "waiting": releases.waiting_count(row),
    }
    return render(request, "grading/release.html", context)


@require_POST
@teacher_required
def give_out(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.OWN)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        for sentences in form.errors.values():
            messages.error(request, " ".join(sentences))
        return redirect("grading:release", pk)
    with refused_as_message(request):
        given = releases.release_results(exam=row, by=request.user, **form.cleaned_data)
        count = given.papers.count()
        text = ngettext(
            "The result of %(count)s student is given out.",
            "The results of %(count)s students are given out.",
            count,
        )
        messages.success(request, text % {"count": count})
    return redirect("grading:release", pk)


@require_POST
@teacher_required
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.OWN)
    releases.take_back(exam=row, by=request.user)
    messages.success(request, _("The results are taken back: no student sees them any more."))
    return redirect("grading:release", pk)


@require_GET
@teacher_required
def links(request: HttpRequest, pk: int) -> FileResponse:
    """Whoever holds them sees results, so only its owner gets them."""
    row = find_exam(request.user, pk, Right.OWN)
    return as_download(links_table(row, request.build_absolute_uri), f"{row.title} links", "csv")


@require_GET
@teacher_required
def requests(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk)
    page = paginated(request, RegradeRequest.objects.of_exam(row), PER_PAGE)
    context = {"exam": row, "steps": steps_of(row, "review"), "page": page, "requests": page.object_list}
    return render(request, "grading/requests.html", context)


@require_POST
@teacher_required
def answer_request(request: HttpRequest, pk: int, asked: int) -> HttpResponse:
    rows = RegradeRequest.objects.for_user(request.user, Right.MARK)
    there = {"paper__exam__trashed": None, "paper__trashed": None}
    row = get_object_or_404(rows, paper__exam=pk, pk=asked, **there)
    with refused_as_message(request):
        regrade_requests.answer(
            request=row,
            by=request.user,
            reply=request.POST.get("reply", ""),
            value=request.POST.get("value"),
            was=request.POST.get("was"),
        )
        messages.success(request, _("The student reads your answer beside the result."))
    return redirect("grading:review" if request.POST.get("next") == "review" else "grading:requests", pk)
