"""The pages of the networks: which answers for what, its card, how it was trained and is being trained."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseStopPolling

from registry.curves import chart
from registry.figures import test_sets
from registry.models import ModelVersion, TrainingRun

LATEST = 20


@require_GET
@login_required
def models(request: HttpRequest) -> HttpResponse:
    versions = (
        ModelVersion.objects.public()
        .exclude(state=ModelVersion.State.RETIRED)
        .order_by("kind", "state", "name")
    )
    trainings = TrainingRun.objects.select_related("version")[:LATEST]
    return render(request, "registry/models.html", {"versions": versions, "trainings": trainings})


@require_GET
@login_required
def model(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(ModelVersion.objects.public(), pk=pk)
    same = TrainingRun.objects.live().filter(kind=version.kind, architecture=version.architecture)
    context = {
        "version": version,
        "trained_at": parse_datetime(version.card.get("trained_at", "")),
        "sets": test_sets(version.card.get("metrics", [])),
        "chart": chart(version.card.get("curves", [])),
        "others": ModelVersion.objects.filter(kind=version.kind).exclude(pk=pk),
        "trainings": [part(run) for run in same],
    }
    return render(request, "registry/model.html", context)


@require_GET
@login_required
def training(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "registry/training.html", part(get_object_or_404(TrainingRun, pk=pk)))


@require_GET
@login_required
def curves(request: HttpRequest, pk: int) -> HttpResponse:
    """The polled part: 204 where the page has every epoch already, 286 at the end."""
    run = get_object_or_404(TrainingRun, pk=pk)
    if run.is_live and request.GET.get("epochs") == str(len(run.curves)):
        return HttpResponse(status=204)
    answer = render(request, "registry/_training.html", part(run))
    if not run.is_live:
        answer.status_code = HttpResponseStopPolling.status_code
    return answer


def part(run: TrainingRun) -> dict[str, object]:
    """What the template of one training shows."""
    return {"run": run, "chart": chart(run.curves, run.epochs if run.is_live else 0)}
