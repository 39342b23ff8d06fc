"""The trash: all that one deleted and can have back."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import OwnPasswordForm
from accounts.models import User
from accounts.permissions import admin_required
from siteconfig.services import site_settings
from trash import services
from trash.kinds import KINDS
from trash.models import Item
from trash.people import delete_person
from trash.presentation import counts_of, name_of, restored_text, with_kinds
from trash.undo import offer_undo
from web.pagination import paginated
from web.refusals import refused_as_message, refused_on_form

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
        "days": site_settings().trash_days,
        "quota": settings.QUOTA_GB,
    }
    return render(request, "trash/trash.html", context)


@contextmanager
def ended_meanwhile() -> Iterator[None]:
    """Raises Http404 where somebody else was faster."""
    try:
        yield
    except Item.DoesNotExist as gone:
        raise Http404 from gone


@require_POST
@login_required
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = own_item(request, pk)
    with refused_as_message(request), ended_meanwhile():
        place = services.restore(item=item, by=request.user)
        messages.success(request, restored_text(item))
        return redirect(place)
    return redirect("trash:trash")


@require_POST
@login_required
def purge(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = get_object_or_404(Item.objects.endable_by(request.user), pk=pk)
    services.purge(item=item, by=request.user)
    messages.success(request, _("“%(name)s” is gone for good.") % {"name": name_of(item)})
    return redirect("trash:trash")


@require_http_methods(["GET", "POST"])
@login_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """One's own, by one's password."""
    form = OwnPasswordForm(request.POST or None, request=request)
    if form.is_valid():
        with refused_on_form(form):
            delete_person(person=request.user, by=request.user)
            logout(request)
            messages.success(request, _("Your account was deleted."))
            return redirect("accounts:login")
    return render(request, "trash/delete_account.html", {"form": form, "days": site_settings().trash_days})


@require_POST
@admin_required
def delete_someone(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else, with all that is theirs."""
    person = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=pk, deleted_at=None)
    with refused_as_message(request):
        item = delete_person(person=person, by=request.user)
        offer_undo(request, item, _("“%(name)s” was deleted, with all that is theirs.") % {"name": item})
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
