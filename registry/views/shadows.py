"""What the page of a version shows of its shadow or canary, and what admins do there."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import admin_required
from registry import services
from registry.canaries import Given, given, interval
from registry.forms import CanaryForm, RightForm, ShadowForm
from registry.models import CANARIES, RIVALS, Disagreement, ModelVersion, Shadow
from web.refusals import refused_as_message

CROPS = 60


def shadow_context(version: ModelVersion, live: ModelVersion | None) -> dict[str, object]:
    shadows = Shadow.objects.own_and_running(version).select_related("live", "version")
    shadow = next((one for one in shadows if one.version_id == version.pk), None)
    is_running = shadow is not None and shadow.ended_at is None
    return {
        "shadow": shadow,
        "may_shadow": live is not None and version.kind in RIVALS and not is_running,
        "disagreements": shadow.disagreements.defer("crop")[:CROPS] if shadow else None,
        "in_its_place": next((one for one in shadows if one.version_id != version.pk), None),
        "shadow_form": ShadowForm(),
        "may_be_canary": live is not None and version.kind in CANARIES and not is_running,
        "canary_form": CanaryForm(auto_id="canary_%s"),
        "shadow_interval": interval(shadow.compared - shadow.agreed, shadow.compared) if shadow else None,
        "given": canary_rows(shadow) if shadow and shadow.is_canary else None,
    }


def canary_rows(canary: Shadow) -> list[tuple[ModelVersion, Given]]:
    """What both gave since it began."""
    own, live = given(canary)
    return [(canary.version, own), (canary.live, live)]


@require_POST
@admin_required
def begin_shadow(request: HttpRequest, pk: int) -> HttpResponse:
    wrong = _("Please say of how many percent, 1 to 100.")
    return begin(request, pk, ShadowForm(request.POST), services.begin_shadow, wrong)


@require_POST
@admin_required
def begin_canary(request: HttpRequest, pk: int) -> HttpResponse:
    wrong = _("Please say of how many percent, 1 to 50.")
    return begin(request, pk, CanaryForm(request.POST), services.begin_canary, wrong)


def begin(
    request: HttpRequest, pk: int, form: Form, begin_with: Callable[..., Shadow], wrong: str
) -> HttpResponse:
    version = get_object_or_404(ModelVersion.objects.public(), pk=pk)
    if form.is_valid():
        with refused_as_message(request):
            begin_with(version=version, by=request.user, **form.cleaned_data)
    else:
        messages.error(request, wrong)
    return redirect("registry:model", pk)


@require_POST
@admin_required
def end_shadow(request: HttpRequest, pk: int) -> HttpResponse:
    services.end_shadow(version=get_object_or_404(ModelVersion.objects.public(), pk=pk), by=request.user)
    return redirect("registry:model", pk)


@require_POST
@admin_required
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the two is right; the page takes its new part out of the answer."""
    row = get_object_or_404(Disagreement.objects.select_related("shadow"), pk=pk)
    form = RightForm(request.POST)
    if form.is_valid():
        services.judge_disagreement(disagreement=row, **form.cleaned_data)
    return redirect("registry:model", row.shadow.version_id)
