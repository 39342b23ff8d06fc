"""What an order's pictures are answered as: one by one, on a sheet, as a film, in a ZIP; and the photo it came from.

And the way back from a picture to its settings, checked as a request is: anyone can write into a file.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from generator.models import Face, Order, Photo
from generator.networks import KIND
from generator.order_settings import Settings
from generator.pngs import NoSettings, film_of, settings_in, sheet_of, zip_of
from generator.serializers import OrderRequestSerializer
from registry.models import ModelVersion
from uploads.pictures import encoded
from web.files import PRIVATE, SHARPEST, image_answer, open_to_show

GROWS = "private, no-cache"  # until the last face is there
REQUESTED = ("model", "count", "seed", "truncation", "prompt", "edits", "mix", "interpolate", "like", "grid")


def face_answer(order: Order, place: int) -> HttpResponse:
    return image_answer(bytes(get_object_or_404(order.faces.only("png"), place=place).png))


def sheet_answer(order: Order) -> HttpResponse:
    make = partial(sheet_of, columns=order.columns if order.truncations else 0)
    return composed(order, make, "png", "image/png")


def grid_rows(order: Order) -> list[tuple[int, list[Face]]]:
    """Of a grid: each seed and its faces, as far as they are there; else nothing."""
    if not order.truncations:
        return []
    faces = list(order.faces.all())
    rows = [faces[first : first + order.columns] for first in range(0, len(faces), order.columns)]
    return [(row[0].seed, row) for row in rows]


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
        return no_copy(
            image_answer(encoded(open_to_show(photo.file, SHARPEST, is_read=photo.error is not None)))
        )
    content = {"aligned": photo.aligned, "drawn": photo.drawn}.get(part)
    if content is None:
        raise Http404
    return no_copy(image_answer(bytes(content)))


def no_copy(answer: HttpResponse) -> HttpResponse:
    """A photo that is deleted here is not kept by the browser."""
    answer["Cache-Control"] = "private, no-store"
    return answer


def restored(file: BinaryIO) -> tuple[Settings, bool]:
    """As /api/faces/ takes them, and whether the very network that drew the picture is here.

    Raises BadFile where it is no picture, NoSettings with a sentence where it has none that could be used.
    """
    found = settings_in(file)
    requested = {name: found[name] for name in REQUESTED if name in found}
    request = OrderRequestSerializer(data=requested)
    if not request.is_valid():
        raise NoSettings(" ".join(sentences_in(request.errors)))
    drawn_by = ModelVersion.objects.filter(kind=KIND, sha256=str(found.get("model_sha256"))[:64])
    return requested, drawn_by.exists()


def sentences_in(errors: Any) -> Iterator[str]:
    if isinstance(errors, dict | list):
        for part in errors.values() if isinstance(errors, dict) else errors:
            yield from sentences_in(part)
    else:
        yield str(errors)
