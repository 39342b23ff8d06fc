"""The pages of digits: draw or upload, see what was read, put it right, look it up again, share it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right, find_permitted
from accounts.sharing import share, share_link, unlisted
from digits import services
from digits.forms import HistoryForm, PictureForm
from digits.models import Reading
from digits.presentation.layers import layers_context
from digits.presentation.readings import (
    SMALL,
    alternative_text,
    digits_of,
    frame_answer,
    heat_answer,
    picture_answer,
)
from trash.services import delete as delete_rows
from trash.undo import offer_undo
from web.files import SHARPEST
from web.pagination import paginated
from web.parsers import parsed_number
from web.refusals import refused_as_message

PER_PAGE = 60


def find_reading(request: HttpRequest, pk: UUID, right: Right = Right.OWN) -> Reading:
    return find_permitted(Reading.objects.select_related("job", "model"), request.user, right, pk=pk)


def shared_reading(share_key: UUID) -> Reading:
    return get_object_or_404(Reading.objects.shared().select_related("job", "model"), share_key=share_key)


@require_http_methods(["GET", "POST"])
@login_required
def digits(request: HttpRequest) -> HttpResponse:
    """The canvas. Without scripts a picture can still be sent, and is answered on a page of its own."""
    form = PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        found = services.read(
            owner=request.user,
            source=Reading.Source.UPLOAD,
            picture=form.cleaned_data["image"],
            saliency=True,
        )
        return redirect("digits:reading", found.pk)
    return render(
        request, "digits/digits.html", {"form": form, "figures": range(10), "signs": services.SIGNS}
    )


@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    form = HistoryForm(request.GET)
    rows = form.filtered(Reading.objects.for_user(request.user).in_list())
    page = paginated(request, rows, PER_PAGE)
    return render(request, "digits/history.html", {"page": page, "form": form})


@require_GET
@login_required
def reading(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_reading(request, pk, Right.VIEW)
    link = share_link(request, row, "digits:shared")
    return render(request, "digits/reading.html", {**reading_context(row), "link": link})


def reading_context(row: Reading) -> dict[str, object]:
    return {"reading": row, "digits": digits_of(row), "in_words": alternative_text(row)}


@require_GET
@login_required
def layers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Inside the network: the page fetches the numbers from the API."""
    reading = find_reading(request, pk, Right.VIEW)
    if not reading.job.has_ended:
        return redirect("digits:reading", pk=pk)
    place = parsed_number(request.GET.get("digit", "0")) or 0
    return render(request, "digits/layers.html", layers_context(reading, place, request.GET.get("label", "")))


@require_GET
@login_required
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    return picture_answer(
        find_reading(request, pk, Right.VIEW), SMALL if "small" in request.GET else SHARPEST
    )


@require_GET
@login_required
def frame(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    return frame_answer(find_reading(request, pk, Right.VIEW), place)


@require_GET
@login_required
def heat(request: HttpRequest, pk: UUID, place: int) -> HttpResponse:
    return heat_answer(find_reading(request, pk, Right.VIEW), place)


@require_POST
@login_required
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_reading(request, pk)
    with refused_as_message(request):
        services.correct(reading=row, text=request.POST.get("text", ""))
        kept = _("Thank you. The right answer is kept for training.")
        messages.success(request, kept if row.right_text else _("The correction was taken back."))
    return redirect("digits:reading", pk)


@require_POST
@login_required
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = delete_rows(rows=[find_reading(request, pk)], by=request.user)
    offer_undo(request, item, _("The drawing or picture and its answer were deleted."))
    return redirect("digits:history")


@require_POST
@login_required
def share_reading(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a link to it, or with `stop` take the link back."""
    share(row=find_reading(request, pk), is_shared="stop" not in request.POST)
    return redirect("digits:reading", pk)


@require_GET
def shared(request: HttpRequest, share_key: UUID) -> HttpResponse:
    """For whoever has the link: the picture and its answer, nothing of its owner."""
    answer = render(request, "digits/shared.html", reading_context(shared_reading(share_key)))
    return unlisted(answer)


@require_GET
def shared_picture(request: HttpRequest, share_key: UUID) -> HttpResponse:
    return unlisted(picture_answer(shared_reading(share_key), SHARPEST))


@require_GET
def shared_frame(request: HttpRequest, share_key: UUID, place: int) -> HttpResponse:
    return unlisted(frame_answer(shared_reading(share_key), place))


@require_GET
@login_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a job, or one that looked inside the network, to the page of its reading."""
    readings = Reading.objects.for_user(request.user).filter(Q(job=pk) | Q(insides__job=pk))
    return redirect("digits:reading", pk=get_object_or_404(readings.distinct()).pk)
