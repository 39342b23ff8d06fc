"""What an order's pictures are answered as: one by one, on a sheet, as a film, in a ZIP; and the photo it came from."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from generator.models import Face, Order, Photo
from generator.pngs import film_of, sheet_of, zip_of
from uploads.pictures import encoded
from web.files import PRIVATE, SHARPEST, image_answer, open_to_show

GROWS = "private, no-cache"  # until the last face is there


def face_answer(order: Order, place: int) -> HttpResponse:
    return image_answer(bytes(get_object_or_404(order.faces.only("png"), place=place).png))


def sheet_answer(order: Order) -> HttpResponse:
    return composed(order, sheet_of, "png", "image/png")


def film_answer(order: Order) -> HttpResponse:
    if not order.is_film:
        raise Http404
    return composed(order, film_of, "webp", "image/webp")


def zip_answer(order: Order) -> HttpResponse:
    """404 where no face is there yet."""
    faces = list(order.faces.select_related("order__model"))
    if not faces:
        raise Http404
    return zip_of_faces(faces, title_of(order))


def zip_of_faces(faces: Sequence[Face], title: str) -> HttpResponse:
    """PNG files called by their numbers, networks and seeds."""
    named = [
        (f"{number:02}-{face.order.model.name}-{face.seed}.png", bytes(face.png))
        for number, face in enumerate(faces, 1)
    ]
    headers = {"Content-Disposition": f'attachment; filename="{title}.zip"'}
    return HttpResponse(zip_of(named), content_type="application/zip", headers=headers)


def composed(order: Order, make: Callable[[list[bytes]], bytes], ending: str, kind: str) -> HttpResponse:
    """Of the faces that are there; 404 where there is none yet."""
    pngs = [bytes(png) for png in order.faces.values_list("png", flat=True)]
    if not pngs:
        raise Http404
    headers = {
        "Cache-Control": PRIVATE if order.job.has_ended else GROWS,
        "Content-Disposition": f'inline; filename="{title_of(order)}.{ending}"',
    }
    return HttpResponse(make(pngs), content_type=kind, headers=headers)


def title_of(order: Order) -> str:
    return f"{order.model.name}-{order.seed}"


def photo_answer(order: Order, part: str) -> HttpResponse:
    photo: Photo = get_object_or_404(Photo, order=order)
    if part == "file":
        return no_copy(image_answer(encoded(open_to_show(photo.file, SHARPEST))))
    content = {"aligned": photo.aligned, "drawn": photo.drawn}.get(part)
    if content is None:
        raise Http404
    return no_copy(image_answer(bytes(content)))


def no_copy(answer: HttpResponse) -> HttpResponse:
    """A photo that is deleted here is not kept by the browser."""
    answer["Cache-Control"] = "private, no-store"
    return answer
