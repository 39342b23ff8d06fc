"""The pages of teaching: name classes, give pictures, put doubtful ones right, learn, use a version, share."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right, find_permitted, let_in
from classifier.forms import NewClassifierForm
from classifier.models import Classifier, Training
from classifier.presentation.classifiers import (
    REMOVABLE,
    classes_of,
    examples_named,
    figures_of,
    mislabelled_of,
    pairs_of,
    version_file,
)
from classifier.presentation.pictures import SMALL, picture_answer
from classifier.presentation.teaching_warnings import warnings_of
from classifier.services import teaching
from classifier.uploads import UPLOAD_LIMITS
from registry.models import ModelVersion
from registry.presentation.charts import training_chart
from trash.services import delete as delete_rows
from trash.undo import offer_undo
from web.files import SHARPEST
from web.pagination import paginated
from web.parsers import parsed_number
from web.refusals import refused_as_message, refused_on_form
from web.views import polled

PER_PAGE = 120
LATEST = 3


def find(request: HttpRequest, pk: UUID, right: Right) -> Classifier:
    return find_permitted(Classifier.objects.select_related("owner"), request.user, right, pk=pk)


def find_usable(request: HttpRequest, pk: UUID) -> Classifier:
    """Also one that is shared with all of the site: to be used, without its pictures."""
    row = get_object_or_404(Classifier.objects.select_related("owner"), pk=pk)
    if row.is_shared and row.owner_id != request.user.pk and row.granted(request.user) is None:
        row.right = None
    else:
        let_in(row, request.user, Right.VIEW)
    return row


def ids_of(request: HttpRequest) -> list[UUID]:
    """The pictures that were chosen; what is no id is 404."""
    try:
        return [UUID(pk) for pk in request.POST.getlist("example")]
    except ValueError:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@login_required
def classifiers(request: HttpRequest) -> HttpResponse:
    """One's own, those that others share, and a form for a new one."""
    form = NewClassifierForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refused_on_form(form):
            return redirect(teaching.create(owner=request.user, **form.cleaned_data))
    rows = Classifier.objects.usable_by(request.user).select_related("owner")
    page = paginated(request, rows, PER_PAGE)
    return render(request, "classifier/classifiers.html", {"form": form, "page": page})


@require_GET
@login_required
def classifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_usable(request, pk)
    training = row.trainings.select_related("job", "version", "classifier").first()
    versions = list(row.versions.select_related("taught_by"))
    judged = next((one.taught_by for one in versions if one.state == ModelVersion.State.ACTIVE), None)
    found = row.found_among if row.may_view else {}
    examples = examples_named(row, found, judged)
    context = {
        "classifier": row,
        "versions": versions,
        "figures": figures_of(judged, examples) if judged else {},
        **UPLOAD_LIMITS,
        **training_context(training),
    }
    if row.may_view:
        deliveries = row.deliveries.select_related("job")[:LATEST]
        at_work = [one for one in (training, *deliveries) if one and not one.job.has_ended]
        warnings = warnings_of(row, found)
        context |= {
            "classes": classes_of(row),
            "doubts": pairs_of(found, examples),
            "mislabelled": mislabelled_of(row, found, examples),
            "warnings": warnings,
            "single": any(one.kind == "single" for one in warnings),
            "is_at_work": bool(at_work),
        }
        context |= {"deliveries": [(delivery, delivery.skipped_texts) for delivery in deliveries]}
    return render(request, "classifier/classifier.html", context)


def training_context(training: Training | None) -> dict[str, Any]:
    """What the polled part shows."""
    return {
        "training": training,
        "chart": training_chart(training.curves) if training else None,
    }


@require_GET
@login_required
def training(request: HttpRequest, pk: UUID, training: UUID) -> HttpResponse:
    """The polled part: how the learning stands; 286 at the end."""
    rows = find(request, pk, Right.VIEW).trainings.select_related("job", "classifier")
    row = get_object_or_404(rows, pk=training)
    context, is_last = training_context(row) | {"classifier": row.classifier}, row.job.has_ended
    return polled(request, "classifier/_training.html", context, is_last=is_last, event="job-ended")


@require_GET
@login_required
def label(request: HttpRequest, pk: UUID, label: int) -> HttpResponse:
    """All pictures of one class."""
    row = get_object_or_404(find(request, pk, Right.VIEW).labels, pk=label)
    rows = row.examples.defer("features", "fingerprint").order_by("-created_at", "place")
    page = paginated(request, rows, PER_PAGE)
    others = row.classifier.labels.exclude(pk=row.pk)
    context = {"label": row, "classifier": row.classifier, "page": page, "others": others}
    return render(request, "classifier/label.html", context)


@require_GET
@login_required
def example(request: HttpRequest, pk: UUID, example: UUID) -> HttpResponse:
    """One picture, as a browser can show it."""
    row = get_object_or_404(find(request, pk, Right.VIEW).examples, pk=example)
    return picture_answer(row, SMALL if "small" in request.GET else SHARPEST)


@require_POST
@login_required
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pictures of a class, or a ZIP; without any, the class alone."""
    row, name = find(request, pk, Right.MARK), request.POST.get("label", "")
    files = request.FILES.getlist("images")
    with refused_as_message(request):
        if files:
            teaching.add_examples(classifier=row, files=files, label=name)
            messages.success(request, _("The pictures are being looked at."))
        else:
            teaching.add_label(classifier=row, name=name)
            messages.success(request, _("The class was added."))
    return redirect(row)


@require_POST
@login_required
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take chosen pictures out, or with `move` put them into the class `to`; `extra`: of pairs that are the same take
    the second ones."""
    row = find(request, pk, Right.MARK)
    kind = request.POST.get("extra", "")
    chosen = row.second_ones(kind) if kind in REMOVABLE else ids_of(request)
    if "move" in request.POST:
        other = get_object_or_404(row.labels, pk=parsed_number(request.POST.get("to", "")) or 0)
        count = teaching.move_examples(classifier=row, ids=chosen, label=other)
        said = ngettext("%(count)s picture was moved.", "%(count)s pictures were moved.", count)
        messages.success(request, said % {"count": count})
    else:
        item = teaching.remove_examples(classifier=row, ids=chosen, by=request.user)
        count = item.count if item else 0
        said = ngettext("%(count)s picture was removed.", "%(count)s pictures were removed.", count)
        offer_undo(request, item, said % {"count": count})
    return redirect(row)


@require_POST
@login_required
def change_label(request: HttpRequest, pk: UUID, label: int) -> HttpResponse:
    """Rename a class, or with `delete` take it out with its pictures."""
    row = find(request, pk, Right.MARK)
    found = get_object_or_404(row.labels, pk=label)
    if "delete" in request.POST:
        item = delete_rows(rows=[found], by=request.user)
        offer_undo(request, item, _("The class and its pictures were deleted."))
    else:
        name = request.POST.get("name", "")
        with refused_as_message(request):
            teaching.rename_label(label=found, name=name)
            messages.success(request, _("The class was renamed."))
    return redirect(row)


@require_POST
@login_required
def train(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, wants_tuning = find(request, pk, Right.MARK), "fine_tune" in request.POST
    with refused_as_message(request):
        teaching.train(classifier=row, wants_tuning=wants_tuning)
        messages.success(request, _("The pictures are being learned from."))
    return redirect(f"{row.get_absolute_url()}#training")


@require_POST
@login_required
def activate(request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
    row = find(request, pk, Right.MARK)
    teaching.activate(classifier=row, version=get_object_or_404(row.versions, pk=version))
    messages.success(request, _("This version answers from now on."))
    return redirect(row)


@require_POST
@login_required
def roll_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find(request, pk, Right.MARK)
    with refused_as_message(request):
        teaching.roll_back(classifier=row)
        messages.success(request, _("The version before answers again."))
    return redirect(row)


@require_POST
@login_required
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let all users of the site use it, or with `stop` no longer."""
    row, is_shared = find(request, pk, Right.OWN), "stop" not in request.POST
    teaching.share(classifier=row, is_shared=is_shared)
    return redirect(row)


@require_POST
@login_required
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, name = find(request, pk, Right.OWN), request.POST.get("name", "")
    with refused_as_message(request):
        teaching.rename(classifier=row, name=name)
        messages.success(request, _("It was renamed."))
    return redirect(row)


@require_POST
@login_required
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = delete_rows(rows=[find(request, pk, Right.OWN)], by=request.user)
    offer_undo(request, item, _("The classifier and all of its pictures were deleted."))
    return redirect("classifier:classifiers")


@require_GET
@login_required
def download(request: HttpRequest, pk: UUID, version: int, name: str) -> HttpResponse:
    """Weights, card or the whole network as ONNX."""
    return version_file(find(request, pk, Right.VIEW), version, name)
