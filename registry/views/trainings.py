"""The pages of the trainings: begin one, watch it, stop it, go on with it, set several side by side."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import admin_required
from registry import services
from registry.forms import CompareForm, GoOnForm, TrainingForm
from registry.models import TrainingRun
from registry.presentation.charts import training_chart
from registry.presentation.runs import side_by_side
from registry.trainings import has_checkpoint
from web.refusals import refused_as_message, refused_on_form
from web.views import polled


@require_http_methods(["GET", "POST"])
@admin_required
def train(request: HttpRequest) -> HttpResponse:
    """What to train, from what, for how long."""
    form = TrainingForm(request.POST or None)
    if form.is_valid():
        with refused_on_form(form):
            return redirect("registry:training", services.train(owner=request.user, **form.wanted).pk)
    return render(request, "registry/train.html", {"form": form})


@require_POST
@admin_required
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """What it has learned so far is kept."""
    with refused_as_message(request):
        services.stop_training(run=found_training(pk))
    return redirect("registry:training", pk)


@require_POST
@admin_required
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """As a training of its own, which has a page of its own."""
    run, form = found_training(pk), GoOnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say for how many epochs, 1 to 200."))
        return redirect("registry:training", pk)
    with refused_as_message(request):
        pk = services.go_on(run=run, owner=request.user, **form.cleaned_data).pk
    return redirect("registry:training", pk)


@require_GET
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    form = CompareForm(request.GET)
    runs = form.cleaned_data["run"] if form.is_valid() else []
    context = {"form": form, "runs": runs} | (side_by_side(runs) if runs else {})
    return render(request, "registry/compare.html", context)


@require_GET
@login_required
def training(request: HttpRequest, pk: int) -> HttpResponse:
    run = found_training(pk)
    more = {"go_on_form": GoOnForm(), "has_checkpoint": has_checkpoint(run)}
    return render(request, "registry/training.html", training_context(run) | more)


@require_GET
@login_required
def curves(request: HttpRequest, pk: int) -> HttpResponse:
    """The polled part: 204 where the page has every epoch already, 286 at the end."""
    run = found_training(pk)
    if run.is_live and request.GET.get("epochs") == str(len(run.curves)):
        return HttpResponse(status=204)
    return polled(request, "registry/_training.html", training_context(run), is_last=not run.is_live)


def found_training(pk: int) -> TrainingRun:
    return get_object_or_404(TrainingRun.objects.select_related("job", "version", "goes_on_from"), pk=pk)


def training_context(run: TrainingRun) -> dict[str, object]:
    """What the template of one training shows."""
    return {"run": run, "chart": training_chart(run.curves, run.epochs if run.is_live else 0)}
