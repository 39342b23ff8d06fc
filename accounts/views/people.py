"""Who is here: for admins the list, invitations, and a page for each person."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import second_factor, services
from accounts.forms import InvitationForm, PeopleFilter, PersonForm
from accounts.models import People, User
from accounts.permissions import people_required
from accounts.views.joining import code_link
from siteconfig.services import site_settings
from web import mail
from web.pagination import paginated
from web.refusals import refused_as_message, refused_on_form

PER_PAGE = 50
GET_OR_POST = require_http_methods(["GET", "POST"])


@require_GET
@people_required
def people(request: HttpRequest) -> HttpResponse:
    form = PeopleFilter(request.GET)
    page = paginated(request, filtered(form).order_by("first_name", "username"), PER_PAGE)
    return render(request, "accounts/people.html", {"page": page, "form": form})


def filtered(form: PeopleFilter) -> People:
    form.is_valid()
    wanted, rows = form.cleaned_data, User.objects.here()
    if state := wanted.get("state"):
        rows = getattr(rows, state)()
    if role := wanted.get("role"):
        rows = rows.filter(role=role)
    if text := wanted.get("q"):
        named = Q(username__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text)
        rows = rows.filter(named | Q(email__icontains=text))
    return rows


@GET_OR_POST
@never_cache
@people_required
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    invited = []
    if form.is_valid():
        with refused_on_form(form):
            role, lines = form.cleaned_data["role"], form.cleaned_data["people"]
            invited = services.invite_all(by=request.user, role=role, people=lines)
            form = InvitationForm()
    sent = [send_invitation(request, person, code) for person, code in invited]
    return render(
        request, "accounts/invite.html", {"form": form, "sent": sent, "has_mail": mail.is_configured()}
    )


def send_invitation(request: HttpRequest, person: User, code: str) -> dict[str, object]:
    """What the page says of it: the link is shown in any case, mails get lost."""
    sent = {"person": person, "link": code_link(request, code), "is_mailed": False, "problem": ""}
    if not (person.email and mail.is_configured()):
        return sent
    words = {"site": site_settings().shown_name, "by": request.user.get_full_name() or request.user.username}
    text = _("%(by)s invites you to %(site)s. Choose your password here, within 30 days:") % words
    try:
        subject = _("Your invitation to %(site)s") % words
        mail.send(to=person.email, subject=subject, text=f"{text}\n\n{sent['link']}\n")
    except mail.NotSent as problem:
        return sent | {"problem": str(problem)}
    return sent | {"is_mailed": True}


@GET_OR_POST
@people_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(User.objects.here(), pk=pk)
    form = PersonForm(request.POST or None, instance=User.objects.get(pk=pk))
    if form.is_valid():
        with refused_on_form(form):
            services.change_person(person=row, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("accounts:person", pk)
    return show_person(request, row, form)


def show_person(
    request: HttpRequest, row: User, form: PersonForm | None = None, **more: object
) -> HttpResponse:
    context = {
        "person": row,
        "form": form or PersonForm(instance=row),
        "factor": second_factor.of(row),
        **more,
    }
    return render(request, "accounts/person.html", context)


@require_POST
@never_cache
@people_required
def new_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Shown on the person's page this once, and mailed where that can be."""
    row = get_object_or_404(User.objects.here(), pk=pk, is_active=True)
    code = services.make_code(user=row, by=request.user)
    return show_person(request, row, sent=send_invitation(request, row, code), code=code)


@require_POST
@people_required
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(User.objects.here(), pk=pk)
    with refused_as_message(request):
        services.change_person(person=row, is_active="activate" in request.POST)
    return redirect("accounts:person", pk)


@require_POST
@people_required
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    services.note_consent(person=get_object_or_404(User.objects.here(), pk=pk), by=request.user)
    return redirect("accounts:person", pk)


@require_POST
@people_required
def remove_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Of who has lost it."""
    second_factor.remove(person=get_object_or_404(User.objects.here(), pk=pk), by=request.user)
    return redirect("accounts:person", pk)
