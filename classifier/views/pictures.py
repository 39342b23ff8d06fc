"""The pages of pictures: send one, see what was found in it, put it right, look it up again, share it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right, find_permitted
from accounts.sharing import share, share_link, unlisted
from classifier.forms import HistoryForm, PictureRequestForm
from classifier.models import Album, Classifier, Picture
from classifier.presentation.doubts import doubt_context
from classifier.presentation.pictures import (
    SMALL,
    card_context,
    heat_answer,
    label_of,
    picture_answer,
    title_of,
)
from classifier.samples import SAMPLES, sample_file
from classifier.services import pictures as services
from classifier.uploads import UPLOAD_LIMITS
from trash.services import delete as delete_rows
from trash.undo import offer_undo
from web.files import SHARPEST
from web.pagination import paginated
from web.refusals import refused_as_message, refused_on_form

PER_PAGE = 60
LATEST_ALBUMS = 12
MOST_SIMILAR = 12


def find_picture(request: HttpRequest, pk: UUID, right: Right = Right.OWN) -> Picture:
    return find_permitted(Picture.objects.select_related("job", "model", "album"), request.user, right, pk=pk)


def shared_picture(share_key: UUID) -> Picture:
    return get_object_or_404(Picture.objects.shared().select_related("job", "model"), share_key=share_key)


@require_http_methods(["GET", "POST"])
@login_required
def pictures(request: HttpRequest) -> HttpResponse:
    """Where pictures come in: one, a sample, or many as an album. Without scripts, too."""
    form = PictureRequestForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        with refused_on_form(form):
            return redirect(
                services.submit_pictures(owner=request.user, files=files_of(request), **form.cleaned_data)
            )
    context = {"form": form, "samples": SAMPLES, **UPLOAD_LIMITS}
    return render(request, "classifier/pictures.html", context)


def files_of(request: HttpRequest) -> list[UploadedFile]:
    """What was uploaded, or the sample whose button was pressed."""
    name = request.POST.get("sample", "")
    if name not in SAMPLES:
        return request.FILES.getlist("images")
    return [sample_file(name)]


@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    form = HistoryForm(request.GET, owner=request.user)
    rows = form.filtered(Picture.objects.for_user(request.user)).in_list()
    page = paginated(request, rows, PER_PAGE)
    albums = Album.objects.for_user(request.user, Right.VIEW).annotate(
        count=Count("pictures", filter=Q(pictures__trashed=None))
    )
    context = {"page": page, "form": form, "rows": [(row, title_of(row)) for row in page]}
    context["has_corrections"] = Picture.objects.for_user(request.user).exclude(right_label="").exists()
    return render(request, "classifier/history.html", context | {"albums": albums[:LATEST_ALBUMS]})


@require_GET
@login_required
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_picture(request, pk, Right.VIEW)
    link = share_link(request, row, "classifier:shared")
    api = request.build_absolute_uri(reverse("classifier:api-list"))
    context = card_context(row, is_owner=True) | doubt_context(row)
    context |= {"similar": similar_to(row), "link": link, "api": api}
    return render(request, "classifier/picture.html", context)


def similar_to(row: Picture) -> list[dict[str, object]]:
    """The pictures that look like it, each with how far it is."""
    likenesses = row.likenesses[:MOST_SIMILAR]
    others = Picture.objects.in_list().in_bulk([likeness.beside(row) for likeness in likenesses])
    return [
        {"picture": other, "label": label_of(other), "is_near_duplicate": likeness.is_near_duplicate}
        for likeness in likenesses
        if (other := others.get(likeness.beside(row)))
    ]


@require_GET
@login_required
def image(request: HttpRequest, pk: UUID) -> HttpResponse:
    return picture_answer(
        find_picture(request, pk, Right.VIEW), SMALL if "small" in request.GET else SHARPEST
    )


@require_GET
@login_required
def saliency(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What in the picture spoke for the answer, to be laid over it."""
    return heat_answer(find_picture(request, pk, Right.VIEW))


@require_POST
@login_required
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_picture(request, pk, Right.MARK)
    with refused_as_message(request):
        services.correct(picture=row, label=request.POST.get("label", ""))
        kept = _("Thank you. The right answer is kept for training.")
        messages.success(request, kept if row.right_label else _("The correction was taken back."))
    return redirect(row)


@require_POST
@login_required
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_picture(request, pk)
    item = delete_rows(rows=[row], by=request.user)
    offer_undo(request, item, _("The picture and all that was found in it were deleted."))
    return redirect(row.album or "classifier:history")


@require_POST
@login_required
def share_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a link to it, or with `stop` take the link back."""
    row = find_picture(request, pk)
    share(row=row, is_shared="stop" not in request.POST)
    return redirect(row)


@require_GET
def shared(request: HttpRequest, share_key: UUID) -> HttpResponse:
    """For whoever has the link: the picture and its card, nothing of its owner and not where it was taken."""
    picture = shared_picture(share_key)
    card = card_context(picture, is_owner=False) | doubt_context(picture)
    return unlisted(render(request, "classifier/shared.html", card))


@require_GET
def shared_image(request: HttpRequest, share_key: UUID) -> HttpResponse:
    return unlisted(picture_answer(shared_picture(share_key), SHARPEST))


@require_GET
def shared_saliency(request: HttpRequest, share_key: UUID) -> HttpResponse:
    return unlisted(heat_answer(shared_picture(share_key)))


@require_GET
@login_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a job to the page of its picture, album or classifier."""
    albums = Album.objects.for_user(request.user).filter(job=pk)
    taught = Classifier.objects.for_user(request.user).filter(Q(deliveries__job=pk) | Q(trainings__job=pk))
    pictures = Picture.objects.for_user(request.user).filter(job=pk)
    return redirect(albums.first() or taught.first() or get_object_or_404(pictures[:1]))
