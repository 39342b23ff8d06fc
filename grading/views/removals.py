"""What a teacher takes out of an exam, or has read again: scans and papers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading import removals
from grading.access import find_paper, find_scan
from grading.reading.again import read_scan_again
from trash.undo import offer_undo
from web.refusals import refused_as_message


@require_POST
@teacher_required
def remove_scan(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    row = find_scan(request.user, Right.MARK, exam=pk, pk=scan)
    item = removals.remove_scan(scan=row, by=request.user)
    offer_undo(request, item, _("“%(title)s” was deleted, with its papers.") % {"title": row})
    return redirect("grading:scans", pk)


@require_POST
@teacher_required
def remove_paper(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    row = find_paper(request.user, Right.MARK, exam=pk, pk=paper)
    item = removals.remove_paper(paper=row, by=request.user)
    offer_undo(request, item, _("“%(title)s” was deleted.") % {"title": row})
    return redirect("grading:papers", pk)


@require_POST
@teacher_required
def read_again(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    row = find_scan(request.user, Right.MARK, exam=pk, pk=scan)
    with refused_as_message(request):
        read_scan_again(scan=row, by=request.user)
        messages.success(request, _("It is read again. What you corrected by hand stays."))
    return redirect(row)
