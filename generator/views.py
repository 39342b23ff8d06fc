"""The pages of faces: order some, see them come, steer, keep, compare, share."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.grants import Right, find_permitted
from accounts.models import AnyUser
from accounts.sharing import share, share_link, unlisted
from generator import services
from generator.eta import eta_of
from generator.forms import GalleryForm, OrderForm, initial_of
from generator.models import MOST_CHOSEN, Face, Order, Photo
from generator.networks import licences_of
from generator.order_settings import Settings, settings_of, settings_of_face
from generator.pngs import NoSettings
from generator.presentation import face_answer, film_answer, grid_rows, restored, zip_of_faces
from trash.services import delete as delete_rows
from trash.undo import offer_undo
from uploads.problems import BadFile
from web.pagination import paginated
from web.parsers import parsed_number
from web.refusals import refused_as_message
from web.views import polled

PER_PAGE = 24
LATEST = 6
MOST_COMPARED = 2


def find_order(request: HttpRequest, pk: UUID, right: Right = Right.OWN) -> Order:
    return find_permitted(Order.objects.in_list(), request.user, right, pk=pk)


def shared_order(share_key: UUID) -> Order:
    return get_object_or_404(Order.objects.shared().in_list(), share_key=share_key)


@require_http_methods(["GET", "POST"])
@login_required
def faces(request: HttpRequest) -> HttpResponse:
    """The form of an order. `from` and `like` name an order whose settings are taken over, `place` one of its faces."""
    if request.method == "GET":
        return order_page(request, OrderForm(initial={"count": 4} | taken_over(request)))
    form = OrderForm(request.POST, request.FILES)
    if not form.is_valid():
        return order_page(request, form)
    return redirect(services.draw(owner=request.user, **form.cleaned_data))


def order_page(request: HttpRequest, form: OrderForm, problem: str = "") -> HttpResponse:
    latest = Order.objects.for_user(request.user).in_list()[:LATEST]
    notices = {version: licences_of(version.sha256) for version in form.versions}
    context = {"form": form, "orders": latest, "notices": notices, "problem": problem}
    return render(request, "generator/faces.html", context)


def taken_over(request: HttpRequest) -> dict[str, Any]:
    wanted = {name: request.GET.get(name, "") for name in ("from", "like", "place")}
    place = parsed_number(wanted["place"])
    try:
        order = find_order(request, UUID(wanted["from"] or wanted["like"]))
    except ValueError:
        return {}
    if place is None or place >= order.count:
        return initial_of(settings_of(order), order.edits_of_words)
    settings = similar_settings(order, place) if wanted["like"] else settings_of_face(order, place)
    return initial_of(settings, order.edits_of_words)


def similar_settings(order: Order, place: int) -> Settings:
    """More faces like this one: their seeds lead away from it."""
    settings = settings_of_face(order, place)
    seed = settings.pop("seed")
    like = settings.get("like", {})
    if "code" not in like:
        settings.pop("interpolate", None)
        settings["like"] = {"seed": like.get("seed", seed), "share": 0.3}
    return settings | {"count": 4, "like": settings["like"] | {"share": like.get("share") or 0.3}}


@require_POST
@login_required
def restore(request: HttpRequest) -> HttpResponse:
    """A PNG that was drawn here brings its settings back."""
    file = request.FILES.get("picture")
    try:
        if file is None:
            raise NoSettings(_("Please choose a file."))
        found, is_same_version = restored(cast(BinaryIO, file.file))
    except (BadFile, NoSettings) as problem:
        return order_page(request, OrderForm(initial={"count": 4}), _(str(problem)))
    if not is_same_version:
        messages.warning(
            request, _("Another version of the network drew this picture: here it will look different.")
        )
    else:
        messages.success(request, _("The settings of this picture are below."))
    return order_page(request, OrderForm(initial=initial_of(found)))


@require_GET
@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    form = GalleryForm(request.GET)
    rows = form.filtered(Order.objects.for_user(request.user)).in_list()
    page = paginated(request, rows, PER_PAGE)
    return render(request, "generator/gallery.html", {"page": page, "form": form})


@require_GET
@login_required
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_order(request, pk, Right.VIEW)
    link = share_link(request, row, "generator:shared")
    api = request.build_absolute_uri(reverse("generator:api-list"))
    photo = getattr(row, "photo", None)
    form = OrderForm(initial=initial_of(settings_of(row), row.edits_of_words))
    context = {"photo": photo, "form": form, "link": link, "api": api}
    return render(request, "generator/order.html", order_context(row) | context)


def order_context(row: Order) -> dict[str, Any]:
    wait = None if row.job.has_ended else eta_of(row)
    return {
        "order": row,
        "wait": wait,
        "licences": licences_of(row.model.sha256),
        "grid": grid_rows(row),
    }


@require_GET
@login_required
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The polled faces; 286 tells htmx to stop."""
    row = find_order(request, pk, Right.VIEW)
    return polled(request, "generator/_progress.html", order_context(row), is_last=row.job.has_ended)


def chosen_faces(request: HttpRequest, user: AnyUser) -> list[Face]:
    """The faces whose boxes were ticked, the user's own alone."""
    asked = [parsed_number(text) for text in request.GET.getlist("face")[:1000]]
    ids = [number for number in asked if number is not None]
    faces = Face.objects.filter(order__owner=user, order__trashed=None, pk__in=ids)
    return list(faces.select_related("order__model", "order__job").order_by("order__created_at", "place"))


@require_GET
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """Two faces side by side, with how their settings differ."""
    faces = chosen_faces(request, request.user)
    if len(faces) != MOST_COMPARED:
        messages.info(request, _("Tick two faces to compare them."))
        return redirect(faces[0].order if faces else "generator:gallery")
    settings = [settings_of_face(face.order, face.place) for face in faces]
    names = dict.fromkeys(name for own in settings for name in own)
    lines = [(name, *(own.get(name) for own in settings)) for name in names if name not in ("count", "like")]
    return render(request, "generator/compare.html", {"faces": faces, "lines": lines})


@require_GET
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """A ZIP of the ticked faces."""
    faces = chosen_faces(request, request.user)
    if not faces:
        messages.info(request, _("Tick the faces that you want."))
        return redirect("generator:gallery")
    return zip_of_faces(faces, "faces")


@require_POST
@login_required
def mark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`place` of a face, or the whole order; `off` where it is a favourite no more."""
    row, place = find_order(request, pk), parsed_number(request.POST.get("place", ""))
    with refused_as_message(request):
        services.mark(order=row, is_favourite="off" not in request.POST, place=place)
    return redirect(row)


@require_POST
@login_required
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the photo, or with `forget` delete it now."""
    row = find_order(request, pk)
    found = get_object_or_404(Photo, order=row)
    act: Callable[..., None] = services.forget_photo if "forget" in request.POST else services.keep_photo
    act(photo=found)
    return redirect(row)


@require_POST
@login_required
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = delete_rows(rows=[find_order(request, pk)], by=request.user)
    offer_undo(request, item, _("The faces and their settings were deleted."))
    return redirect("generator:gallery")


@require_POST
@login_required
def delete_chosen(request: HttpRequest) -> HttpResponse:
    """The ticked ones of the gallery, and back to where it was."""
    try:
        ids = [UUID(pk) for pk in request.POST.getlist("order")[:MOST_CHOSEN]]
    except ValueError:
        raise Http404 from None
    item = services.delete_chosen(owner=request.user, ids=ids)
    if item is None:
        messages.info(request, _("Tick what you want to delete."))
    else:
        said = ngettext(
            "%(count)s set of faces was deleted.", "%(count)s sets of faces were deleted.", item.count
        )
        offer_undo(request, item, said % {"count": item.count})
    query = request.GET.urlencode()
    return redirect(reverse("generator:gallery") + (f"?{query}" if query else ""))


@require_POST
@login_required
def share_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a link to it, or with `stop` take the link back."""
    row = find_order(request, pk)
    share(row=row, is_shared="stop" not in request.POST)
    return redirect(row)


@require_GET
def shared(request: HttpRequest, share_key: UUID) -> HttpResponse:
    """For whoever has the link: the faces and how they were made, nothing of their owner and no photo."""
    return unlisted(render(request, "generator/shared.html", order_context(shared_order(share_key))))


@require_GET
def shared_face(request: HttpRequest, share_key: UUID, place: int) -> HttpResponse:
    return unlisted(face_answer(shared_order(share_key), place))


@require_GET
def shared_film(request: HttpRequest, share_key: UUID) -> HttpResponse:
    return unlisted(film_answer(shared_order(share_key)))


@require_GET
@login_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a job to the page of its faces."""
    return redirect(get_object_or_404(Order.objects.for_user(request.user), job=pk))
