"""How students get in: by the code on a card, or by the one of their class."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.services import find_code
from school import joining
from school.forms import CodeForm, JoinForm
from web.codes import ungrouped
from web.refusals import refused_on_form

GET_OR_POST = require_http_methods(["GET", "POST"])


@GET_OR_POST
def join(request: HttpRequest) -> HttpResponse:
    """One field for every code; what it opens says the code."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = ungrouped(form.cleaned_data["code"])
        if find_code(text=code):
            return redirect("accounts:use_code", code)
        if joining.find_class(text=code):
            return redirect("school:join_class", code)
        form.add_error(
            "code", _("This code does not work. Compare it letter by letter, or ask for a new one.")
        )
    return render(request, "school/join.html", {"form": form})


@GET_OR_POST
@never_cache
def join_class(request: HttpRequest, code: str) -> HttpResponse:
    found = joining.find_class(text=code)
    if found is None:
        return render(request, "accounts/no_code.html", status=404)
    account = request.user if request.user.is_authenticated else None
    form = JoinForm(request.POST or None)
    if form.is_valid():
        with refused_on_form(form):
            own_code = joining.join_class(school_class=found, account=account, **form.cleaned_data)
            if own_code:
                return redirect("accounts:use_code", own_code)
            messages.success(request, _("You are in the class %(name)s now.") % {"name": found})
            return redirect("home")
    return render(request, "school/join_class.html", {"form": form, "class": found})
