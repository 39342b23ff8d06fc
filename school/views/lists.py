"""Lists that come into a class: typed, or as a table that is looked at before anything of it is stored."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from jobs.long_poll import LongPoll
from school import lists, services
from school.choices import choice_on_page
from school.forms import PasteForm
from school.models import ClassUpload
from school.previews import known_in_class, preview_of
from school.roster.rows import Choice, Grid
from school.views.classes import find_class, show_class
from trash.undo import offer_undo
from web.refusals import refused_as_message, refused_on_form

PATIENCE = 5  # seconds that a page waits for a list to be read
LISTS = LongPoll(ClassUpload.objects.select_related("job"))


@require_POST
@teacher_required
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_class(request, pk, Right.MARK)
    form = PasteForm(request.POST)
    if form.is_valid():
        with refused_on_form(form):
            rows = lists.pasted_rows(form.cleaned_data["students"])
            services.put_students(school_class=row, rows=rows)
            messages.success(request, _("%(count)s students are on the list.") % {"count": len(rows)})
            return redirect(row)
    return show_class(request, row, paste=form)


@require_POST
@teacher_required
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_class(request, pk, Right.MARK)
    with refused_as_message(request):
        file = request.FILES.get("file")
        sent = lists.submit_list(school_class=row, file=file, owner=request.user, is_preview=True)
        LISTS.wait(sent, PATIENCE)
        return redirect(sent.job.result_url)
    return redirect(row)


@require_http_methods(["GET", "POST"])
@teacher_required
def preview(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    """What a table would come to; a POST stores it."""
    row = find_class(request, pk, Right.MARK)
    sent = get_object_or_404(row.uploads.select_related("school_class__owner"), pk=upload)
    choice = Choice()
    with refused_as_message(request):
        choice = choice_on_page(request.POST if request.method == "POST" else request.GET)
        if request.method == "POST":
            return accept(request, sent, choice)
    with refused_as_message(request):
        found = preview_of(sent, Grid(), choice, known_in_class(row), is_whole=False)
        return render(request, "school/preview.html", {"class": row, "preview": found, "cancel": row})
    return redirect(row)


def accept(request: HttpRequest, sent: ClassUpload, choice: Choice) -> HttpResponse:
    item = lists.accept_list(upload=sent, choice=choice, by=request.user, is_whole="is_whole" in request.POST)
    students = sent.school_class.enrollments.present()
    said = ngettext("%(count)s student is on the list.", "%(count)s students are on the list.", len(students))
    messages.success(request, said % {"count": len(students)})
    if item is not None:
        sentence = ngettext("%(count)s student was removed.", "%(count)s students were removed.", item.count)
        offer_undo(request, item, sentence % {"count": item.count})
    return redirect(sent.school_class)


@require_GET
@teacher_required
def result(request: HttpRequest, pk: str) -> HttpResponse:
    """From the job that read a list to its preview or its class."""
    uploads = ClassUpload.objects.for_user(request.user, Right.VIEW).select_related("school_class")
    found = get_object_or_404(uploads, job_id=pk)
    if found.table:
        return redirect("school:preview", found.school_class_id, found.pk)
    return redirect(found.school_class)
