"""The pages of the networks: which answers for what, its card, how it was trained.

Admins compare a version with the one that answers, let it answer, go back, and read the log.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import admin_required
from registry import services
from registry.downloads import may_download
from registry.forms import (
    ConfirmationForm,
    MomentForm,
    UploadForm,
    WhyForm,
)
from registry.models import (
    Change,
    Measurement,
    ModelVersion,
    TrainingRun,
    Upload,
)
from registry.presentation.charts import confusion_table, reliability_chart, training_chart
from registry.presentation.data import sources
from registry.presentation.metrics import compared_metrics, test_sets
from registry.presentation.packaged import packaged_rows
from registry.usage import weeks_of
from registry.views.shadows import shadow_context
from registry.views.trainings import training_context
from registry.weight_files import size
from web.pagination import paginated
from web.refusals import refused_as_message, refused_on_form

LATEST = 20
PER_PAGE = 50


@require_GET
@login_required
def models(request: HttpRequest) -> HttpResponse:
    versions = (
        ModelVersion.objects.public()
        .exclude(state=ModelVersion.State.RETIRED)
        .order_by("kind", "state", "name")
    )
    live = {version.kind: version for version in versions if version.state == ModelVersion.State.ACTIVE}
    context = {
        "rows": [(version, live.get(version.kind)) for version in versions],
        "packaged": packaged_rows(),
        "trainings": TrainingRun.objects.select_related("version", "job")[:LATEST],
    }
    return render(request, "registry/models.html", context)


@require_GET
@login_required
def model(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion.objects.public().select_related("measuring"), pk=pk)
    same = TrainingRun.objects.live().filter(kind=version.kind, architecture=version.architecture)
    others = list(ModelVersion.objects.filter(kind=version.kind).exclude(pk=pk))
    context = {
        "version": version,
        "size": size(version),
        "may_download": may_download(version, request.user),
        "trained_at": parse_datetime(version.card.get("trained_at", "")),
        "sources": sources(version.card),
        "sets": test_sets(version.figures),
        "chart": training_chart(version.card.get("curves", [])),
        "others": others,
        "trainings": [training_context(run) for run in same],
        "confusion": confusion_table(version.card),
        "reliability": reliability_chart(version.card),
    }
    if request.user.is_staff:
        context |= admin_context(version, others)
    return render(request, "registry/model.html", context)


def admin_context(version: ModelVersion, others: list[ModelVersion]) -> dict[str, object]:
    """What admins see besides: whether to let it answer."""
    live = next((other for other in others if other.state == ModelVersion.State.ACTIVE), None)
    earlier = services.earlier(version.kind) if version.state == ModelVersion.State.ACTIVE else None
    return {
        "live": live,
        "compared": compared_metrics(version.proven, live.proven) if live else {},
        "doubt": services.doubt_about(earlier, version) if earlier else services.doubt_about(version, live),
        "weeks": weeks_of(version.kind, version.pk),
        "form": WhyForm(),
        "earlier": earlier,
        **shadow_context(version, live),
    }


@require_POST
@admin_required
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    version, form = get_object_or_404(ModelVersion.objects.public(), pk=pk), WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why: it is kept in the log."))
        return redirect("registry:model", pk)
    with refused_as_message(request):
        services.activate_measured(version=version, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(version)s answers from now on.") % {"version": version.exact_title})
    return redirect("registry:model", pk)


@require_POST
@admin_required
def roll_back(request: HttpRequest, kind: str) -> HttpResponse:
    live, form = (
        get_object_or_404(ModelVersion.objects.public().answering(kind)),
        ConfirmationForm(request.POST),
    )
    form.is_valid()
    with refused_as_message(request):
        live = services.roll_back(kind=kind, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(version)s answers again.") % {"version": live.exact_title})
    return redirect("registry:model", live.pk)


@require_POST
@admin_required
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion.objects.public(), pk=pk)
    with refused_as_message(request):
        services.measure(version=version, owner=request.user)
    return redirect("registry:model", pk)


@require_POST
@admin_required
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion.objects.public(), pk=pk)
    with refused_as_message(request):
        services.archive(version=version)
        messages.success(request, _("%(version)s is archived.") % {"version": version.exact_title})
    return redirect("registry:model", pk)


@require_http_methods(["GET", "POST"])
@admin_required
def upload(request: HttpRequest) -> HttpResponse:
    """Weights and card of a network from elsewhere."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refused_on_form(form):
            return redirect("registry:uploaded", services.upload(owner=request.user, **form.cleaned_data).pk)
    return render(request, "registry/upload.html", {"form": form})


@require_GET
@admin_required
def uploaded(request: HttpRequest, pk: int) -> HttpResponse:
    """How the look at them stands; in the end, the page of the candidate."""
    row = get_object_or_404(Upload.objects.select_related("job"), pk=pk)
    if row.version_id:
        return redirect("registry:model", row.version_id)
    return render(request, "registry/uploaded.html", {"upload": row})


@require_GET
@admin_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a job to what it was about."""
    run = TrainingRun.objects.filter(job=pk).first()
    if run:
        return redirect("registry:training", run.pk)
    measurement = Measurement.objects.filter(job=pk).first()
    if measurement:
        return redirect("registry:model", measurement.version_id)
    return redirect("registry:uploaded", get_object_or_404(Upload, job=pk).pk)


@require_GET
@admin_required
def log(request: HttpRequest) -> HttpResponse:
    """Who changed what answers; with `at` what was live then."""
    form = MomentForm(request.GET)
    moment = form.cleaned_data["at"] if form.is_valid() else None
    changes = Change.objects.public().select_related("before", "after")
    live = changes.in_force(moment).order_by("kind") if moment else None
    page = paginated(request, changes, PER_PAGE)
    return render(request, "registry/log.html", {"form": form, "moment": moment, "live": live, "page": page})
