"""The trash: all that one deleted and can have back."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from trash import services
from trash.kinds import KINDS
from trash.models import KEPT, Item
from trash.presentation import counts_of, with_kinds
from web.pagination import paginated
from web.refusals import refused_as_message

PER_PAGE = 50


def own_item(request: HttpRequest, pk: UUID) -> Item:
    return get_object_or_404(Item.objects.for_user(request.user), pk=pk)


@require_GET
@login_required
def trash(request: HttpRequest) -> HttpResponse:
    items, kind = Item.objects.for_user(request.user), request.GET.get("kind", "")
    page = paginated(request, items.filter(kind=kind) if kind in KINDS else items, PER_PAGE)
    context = {
        "page": page,
        "rows": with_kinds(page.object_list),
        "kinds": counts_of(items),
        "kind": kind,
        "days": KEPT.days,
        "quota": settings.QUOTA_GB,
    }
    return render(request, "trash/trash.html", context)


@require_POST
@login_required
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = own_item(request, pk)
    with refused_as_message(request):
        place = services.restore(item=item, by=request.user)
        messages.success(request, _("“%(name)s” is back, as it was.") % {"name": item})
        return redirect(place)
    return redirect("trash:trash")


@require_POST
@login_required
def purge(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = own_item(request, pk)
    services.purge(item=item, by=request.user)
    messages.success(request, _("“%(name)s” is gone for good.") % {"name": item})
    return redirect("trash:trash")


@require_POST
@login_required
def empty(request: HttpRequest) -> HttpResponse:
    count = services.empty(owner=request.user)
    said = ngettext(
        "The trash is empty: %(count)s thing is gone for good.",
        "The trash is empty: %(count)s things are gone for good.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("trash:trash")
