"""The page on which one asks for all that is one's own."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from dataexport import services
from dataexport.models import Export
from dataexport.presentation import download_of


@require_http_methods(["GET", "POST"])
@login_required
def export(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        services.ask(owner=request.user)
        return redirect("dataexport:export")
    rows = Export.objects.for_user(request.user).select_related("job")
    return render(request, "dataexport/export.html", {"exports": rows, "last": rows.first()})


@require_GET
@login_required
def download(request: HttpRequest, pk: UUID) -> FileResponse:
    row = get_object_or_404(Export.objects.for_user(request.user), pk=pk)
    if not row.file:
        raise Http404
    return download_of(row)


@require_GET
@login_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a job to the page of its file."""
    get_object_or_404(Export.objects.for_user(request.user), job=pk)
    return redirect("dataexport:export")
