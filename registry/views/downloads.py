"""Weights to take along."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from packaged.networks import NETWORKS
from registry.downloads import download_of_packaged, download_of_version, may_download
from registry.models import ModelVersion
from web.refusals import refused_as_message


@require_GET
@login_required
def weights(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion.objects.public(), pk=pk)
    if not may_download(version, request.user):
        raise PermissionDenied
    with refused_as_message(request):
        return download_of_version(version)
    return redirect("registry:model", pk)


@require_GET
@login_required
def packaged_weights(request: HttpRequest, key: str) -> HttpResponse:
    if key not in NETWORKS:
        raise Http404
    with refused_as_message(request):
        return download_of_packaged(NETWORKS[key])
    return redirect("registry:models")
