"""The teacher's pages of an exam: design, scan, results."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading import services
from grading.access import find_exam
from grading.exam_list import ExamListForm, State
from grading.forms.blocks import NEW, BlockFormSet, Blocks, item_blocks
from grading.forms.exams import ExamForm
from grading.forms.grades import GradesForm
from grading.forms.pages import ScanForm
from grading.key.drafts import is_scanned
from grading.models import Exam, ExamImport, PageAssignment, RosterUpload, Scan, ScanPage
from grading.models.papers import CANDIDATE_OF_PAPER
from grading.papers.key_changes import Unseen
from grading.presentation import counted, steps_of, with_counts
from grading.reading.repeated_pages import repeated_pages
from grading.results.exports import counts_of_grades
from grading.results.exports import results as result_rows
from grading.results.grade_scales import SCALES, scales_of
from grading.results.item_analysis import (
    counted_papers,
    item_analysis,
    texts_left_out,
    texts_of_states,
)
from grading.results.matrix import ITEMS, STUDENTS, in_order, lines_of
from grading.results.releases import news_of
from grading.results.score_bars import ScoreRange, counted_rows, left_out, overview
from grading.results.statistics import FEWEST
from grading.scoring import as_number
from grading.sheet.scan_files import ACCEPT, MOST_BYTES, NAMES
from grading.views.placing import to_place, with_assignments
from grading.views.questions import ask_about_scores
from web.pagination import paginated
from web.refusals import refused_as_message, refused_on_form

PER_PAGE = 60
STUDENTS_PER_PAGE = 100
GET_OR_POST = require_http_methods(["GET", "POST"])


@require_GET
@teacher_required
def exams(request: HttpRequest) -> HttpResponse:
    form = ExamListForm(request.GET)
    page = paginated(request, form.exams(request.user).select_related("owner").defer("template"), PER_PAGE)
    own = Exam.objects.for_user(request.user, Right.OWN).filter(pk__in=[row.pk for row in page.object_list])
    rows = [(row, State(row.state)) for row in page.object_list]
    context = {"form": form, "page": page, "rows": rows, "own": set(own.values_list("pk", flat=True))}
    return render(request, "grading/exams.html", context)


@GET_OR_POST
@teacher_required
def new_exam(request: HttpRequest) -> HttpResponse:
    form = ExamForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    blocks = Blocks(request.POST or None, initial=NEW, prefix="block")
    if items := good_items(form, blocks):
        exam = services.create_exam(owner=request.user, items=items, **form.exam_fields())
        return redirect("grading:sheet", exam.pk)
    return show_design(request, form, blocks)


@GET_OR_POST
@teacher_required
def design(request: HttpRequest, pk: int) -> HttpResponse:
    exam = find_exam(request.user, pk, Right.OWN)
    if exam.template:
        return redirect("grading:key", exam.pk)
    form = ExamForm(request.POST or None, instance=Exam.objects.get(pk=exam.pk))
    blocks = Blocks(request.POST or None, initial=item_blocks(exam), prefix="block")
    if "back" not in request.POST and (items := good_items(form, blocks)):
        with refused_on_form(form):
            fields = {**form.exam_fields(), "items": items, "by": request.user}
            try:
                services.update_exam(exam=exam, shown=request.POST.get("seal", ""), **fields)
            except Unseen as unseen:
                return ask_about_scores(request, exam, unseen.change, "design")
            messages.success(request, _("The exam was changed."))
            return redirect(exam)
    return show_design(request, form, blocks, exam)


def good_items(form: ExamForm, blocks: BlockFormSet) -> list | None:
    """The items that were typed; None, with the errors on the form, where something is wrong."""
    if not (form.is_bound and form.is_valid() & blocks.is_valid()):
        return None
    with refused_on_form(form):
        return blocks.items(form.cleaned_data["versions"])
    return None


def show_design(
    request: HttpRequest, form: ExamForm, blocks: BlockFormSet, exam: Exam | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "blocks": blocks,
        "exam": exam,
        "is_fixed": exam is not None and is_scanned(exam),
        "steps": steps_of(exam, "design") if exam else [],
    }
    return render(request, "grading/design.html", context)


@require_GET
@teacher_required
def preview(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """A picture of one page of the sheet."""
    row = find_exam(request.user, pk)
    if row.template:
        raise Http404
    picture = services.sheet_picture(exam=row, page=min(max(page, 1), len(row.layout.pages)))
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-cache"})


@GET_OR_POST
@teacher_required
def scans(request: HttpRequest, pk: int) -> HttpResponse:
    right = Right.MARK if request.method == "POST" else Right.VIEW
    row = find_exam(request.user, pk, right, among=with_counts(Exam.objects.all(), "pk"))
    form = ScanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        with refused_as_message(request):
            given = {"uploads": request.FILES.getlist("files"), "if_there": form.wanted()}
            return redirect(services.submit_scans(exam=row, owner=request.user, **given))
    counts = counted(row)
    context = {"exam": row, "steps": steps_of(row, "scans", counts), "scans": row.scans.select_related("job")}
    context |= {"most_bytes": MOST_BYTES, "accept": ACCEPT, "kinds": NAMES, "form": form}
    context["asks"] = counts["papers"] > 0
    rejected = paginated(request, with_assignments(row), PER_PAGE)
    context |= {"rejected": rejected, "places": [to_place(row, page) for page in rejected]}
    return render(request, "grading/scans.html", context)


@require_GET
@teacher_required
def scan(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    row = find_exam(request.user, pk)
    found = get_object_or_404(row.scans.select_related("job"), pk=scan)
    pages = list(found.pages.select_related(*CANDIDATE_OF_PAPER, "instead_of__scan"))
    counts = Counter(page.shown_status for page in pages)
    context = {"exam": row, "steps": steps_of(row, "scans"), "scan": found, "pages": pages, "counts": counts}
    context["repeated"] = repeated_pages(pages)
    return render(request, "grading/scan.html", context)


@require_POST
@teacher_required
def keep_page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    row = get_object_or_404(ScanPage.objects.for_user(request.user, Right.MARK), scan__exam=pk, pk=page)
    with refused_as_message(request):
        return redirect(services.keep_page(page=row, by=request.user))
    return redirect(row.scan)


@require_GET
@teacher_required
def result(request: HttpRequest, pk: str) -> HttpResponse:
    """From a job to the page of its scan or roster, of what was read again, or of an exam that was taken in."""
    if moved := ExamImport.objects.for_user(request.user).filter(job_id=pk).first():
        return redirect("grading:imported", moved.pk)
    if asked := PageAssignment.objects.for_user(request.user, Right.VIEW).filter(job_id=pk).first():
        return redirect(asked.page)
    if upload := RosterUpload.objects.for_user(request.user, Right.VIEW).filter(job_id=pk).first():
        if upload.table:
            return redirect("grading:roster_preview", upload.exam_id, upload.pk)
        return redirect("grading:sheet", upload.exam_id)
    return redirect(get_object_or_404(Scan.objects.for_user(request.user, Right.VIEW), job_id=pk))


@require_GET
@teacher_required
def results(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk)
    return show_results(request, row, GradesForm(row))


def show_results(request: HttpRequest, row: Exam, form: GradesForm) -> HttpResponse:
    rows, chosen = result_rows(row), wanted_scores(request)
    counted = counted_rows(rows)
    shown = [one for one in counted if chosen.has(one["score"])] if chosen else rows
    context = {"exam": row, "steps": steps_of(row, "results"), "rows": rows, "shown": shown, "form": form}
    context |= {"found": overview(counted, chosen), "chosen": chosen}
    context |= {"scales": {name: SCALES[name] for name in scales_of(row)}, "counts": counts_of_grades(rows)}
    why = left_out(rows)
    context |= {"left_out": texts_left_out(why), "waits": why["in_review"]}
    classes = sorted({one["class_name"] for one in rows} - {""})
    context |= {"classes": classes if len(classes) > 1 else [], "news": news_of(row)}
    return render(request, "grading/results.html", context)


def wanted_scores(request: HttpRequest) -> ScoreRange:
    """What a bar of the histogram leads to."""
    low, high = (as_number(request.GET.get(name, "")) for name in ("score_from", "score_to"))
    return ScoreRange(None if low is None else float(low), None if high is None else float(high))


@require_POST
@teacher_required
def grades(request: HttpRequest, pk: int) -> HttpResponse:
    """Which grades the exam gives, and where one ends."""
    row = find_exam(request.user, pk, Right.OWN)
    form = GradesForm(row, request.POST)
    if not form.is_valid():
        return show_results(request, row, form)
    services.update_exam(exam=row, by=request.user, grades=form.cleaned_data["grades"])
    messages.success(request, _("The grades were changed."))
    return redirect("grading:results", row.pk)


@require_GET
@teacher_required
def statistics(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk)
    found = item_analysis(row)
    context = {
        "exam": row,
        "steps": steps_of(row, "statistics"),
        "found": found,
        "most": max((bar["count"] for bar in found["histogram"]), default=0) or 1,
        "handed_in": found["papers"] + sum(found["left_out"].values()),
        "by_class": beside_each_other(found),
        "left_out": texts_left_out(found["left_out"]),
        "fewest": FEWEST,
        "states": texts_of_states(found["states"]),
    }
    return render(request, "grading/statistics.html", context)


def beside_each_other(found: dict[str, Any]) -> list[tuple[str, list[float | None]]]:
    """Of each item how hard it was in each class."""
    return [
        (item["name"], [one["difficulties"][place] for one in found["classes"]])
        for place, item in enumerate(found["items"])
    ]


@require_GET
@teacher_required
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Students by items."""
    row = find_exam(request.user, pk)
    students, items = request.GET.get("students"), request.GET.get("items")
    papers, columns, _why = counted_papers(row)
    columns = in_order(columns, items if items in ITEMS else ITEMS[0])
    lines = lines_of(papers, columns, students if students in STUDENTS else STUDENTS[0])
    context = {"exam": row, "steps": steps_of(row, "statistics"), "columns": columns}
    context |= {"page": paginated(request, lines, STUDENTS_PER_PAGE), "students": students, "items": items}
    return render(request, "grading/matrix.html", context)


@require_POST
@teacher_required
def regrade(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.MARK)
    changed = services.regrade(exam=row)
    return render(
        request, "grading/regraded.html", {"exam": row, "steps": steps_of(row, "results"), "changed": changed}
    )
