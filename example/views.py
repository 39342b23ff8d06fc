"""The two buttons of the first page."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from example import services
from example.models import Example
from trash.undo import offer_undo


@require_POST
@login_required
def load(request: HttpRequest) -> HttpResponse:
    services.load(owner=request.user)
    return redirect("home")


@require_POST
@login_required
def remove(request: HttpRequest) -> HttpResponse:
    """Pressed twice it has nothing more to do."""
    for example in Example.objects.for_user(request.user):
        item = services.remove(example=example, by=request.user)
        offer_undo(request, item, _("The example was removed, with all that was made in it."))
    return redirect("home")


@require_GET
@login_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From the job that loads it to where it is shown."""
    get_object_or_404(Example.objects.for_user(request.user), job=pk)
    return redirect("home")
