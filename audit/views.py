"""The log: all of it for admins, and for each person what was done to their things."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from audit.forms import LogForm, OwnLogForm
from audit.models import Entry
from web.pagination import paginated

PER_PAGE = 50
ADMINS_ONLY = _(
    "Only administrators see the log of the whole site. That of your own things is on your account page."
)


@require_GET
@login_required
def log(request: HttpRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied(ADMINS_ONLY)
    form = LogForm(request.GET)
    page = paginated(request, form.chosen(Entry.objects.select_related("owner")), PER_PAGE)
    return render(request, "audit/log.html", {"page": page, "form": form, "is_of_all": True})


@require_GET
@login_required
def own_log(request: HttpRequest) -> HttpResponse:
    form = OwnLogForm(request.GET)
    page = paginated(request, form.chosen(Entry.objects.of_things_of(request.user.pk)), PER_PAGE)
    return render(request, "audit/log.html", {"page": page, "form": form, "is_of_all": False})
