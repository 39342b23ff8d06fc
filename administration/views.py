"""The pages of /settings/: what of them one may see, and what administrators set, try and watch; and the page about
privacy, which is everyone's."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from prometheus_client import CONTENT_TYPE_LATEST

from accounts.permissions import required
from administration.forms import RetentionForm, SiteForm, TestForm
from administration.metrics import exposition
from administration.presentation.health import health_context
from administration.presentation.mail import mail_server
from administration.presentation.privacy import privacy_context
from administration.presentation.storage import storage_context
from jobs.health import runs_the_site
from siteconfig.services import change_site, site_settings
from web.errors import is_scripted
from web.mail import NotSent, is_configured, send
from web.refusals import refused_on_form

ADMINS_ONLY = gettext_lazy("Only administrators change how the site is set.")
HEALTH_SECONDS = 5  # between two looks

admin_required = required(lambda user: user.is_staff, ADMINS_ONLY)


@require_GET
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/settings.html")


@require_http_methods(["GET", "POST"])
@admin_required
def site(request: HttpRequest) -> HttpResponse:
    # A form writes into the row that it is given, and this one is everybody's
    form = SiteForm(request.POST or None, request.FILES or None, instance=copy(site_settings()))
    if form.is_valid():
        with refused_on_form(form):
            change_site(by=request.user, **form.changes)
            messages.success(request, _("Saved."))
            return redirect("administration:site")
    return render(request, "administration/site.html", {"form": form})


@require_http_methods(["GET", "POST"])
@admin_required
def retention(request: HttpRequest) -> HttpResponse:
    form = RetentionForm(request.POST or None, instance=copy(site_settings()))
    if form.is_valid():
        with refused_on_form(form):
            change_site(by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("administration:retention")
    return render(request, "administration/retention.html", {"form": form})


@require_GET
@admin_required
def storage(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/storage.html", storage_context())


@require_GET
@admin_required
def health(request: HttpRequest) -> HttpResponse:
    """The page, or to htmx what of it changes."""
    template = "administration/_health.html" if is_scripted(request) else "administration/health.html"
    return render(request, template, health_context() | {"seconds": HEALTH_SECONDS})


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus; strangers are not even told that it is there."""
    if not runs_the_site(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


@require_http_methods(["GET", "POST"])
@admin_required
def mail(request: HttpRequest) -> HttpResponse:
    """Which server sends; POST sends a test to the administrator who asks."""
    form = TestForm(request.POST or None, initial={"address": request.user.email})
    if form.is_valid() and is_configured():
        with refused_on_form(form):
            send_test(form.cleaned_data["address"])
            messages.success(request, _("Sent to %(address)s.") % {"address": form.cleaned_data["address"]})
            return redirect("administration:mail")
    return render(request, "administration/mail.html", {"form": form, "server": mail_server()})


def send_test(address: str) -> None:
    """Raises ValidationError with the server's own answer where it does not take the mail."""
    site = site_settings()
    try:
        send(
            to=address,
            subject=_("%(site)s: a test") % {"site": site.shown_name},
            text=_("This site can send mail. You need not answer."),
        )
    except NotSent as problem:
        raise ValidationError(str(problem)) from problem


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/privacy.html", privacy_context(site_settings()))
