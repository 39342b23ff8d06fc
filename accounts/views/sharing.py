"""Who else may see, work in or do everything with a thing: one page for all kinds."""

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import GrantForm
from accounts.grants import Granted, Right, find_permitted, grant, revoke
from web.refusals import refused_on_form


def own_row(request: HttpRequest, label: str, pk: str) -> Granted:
    """Of any kind that can be shared. Raises Http404."""
    model = next((one for one in apps.get_models() if one._meta.label_lower == label), None)
    if model is None or not issubclass(model, Granted):
        raise Http404
    return find_permitted(model.objects.all(), request.user, Right.OWN, pk=pk)


@require_http_methods(["GET", "POST"])
@login_required
def sharing(request: HttpRequest, label: str, pk: str) -> HttpResponse:
    row = own_row(request, label, pk)
    form = GrantForm(request.POST or None)
    if form.is_valid():
        with refused_on_form(form):
            person = grant(row=row, by=request.user, **form.cleaned_data)
            name = person.get_full_name() or person.username
            messages.success(request, _("Shared with %(name)s.") % {"name": name})
            return redirect("accounts:sharing", label, pk)
    context = {"row": row, "grants": row.grants.select_related("user"), "form": form}
    return render(request, "accounts/sharing.html", context)


@require_POST
@login_required
def unshare(request: HttpRequest, label: str, pk: str, user: int) -> HttpResponse:
    row = own_row(request, label, pk)
    for one in row.grants.filter(user=user).select_related("user"):
        revoke(row=row, user=one.user, by=request.user)
    return redirect("accounts:sharing", label, pk)
