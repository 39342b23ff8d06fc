"""Draw faces. The one module here that knows the networks."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from generator import services
from generator.middleware import FACES_ARE_OFF
from generator.models import Order, Photo
from generator.networks import edits_of, layers_of, within_ranges
from generator.order_settings import MADE, face_request, png_note
from generator.pngs import face_png, png_of
from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from jobs.tidying import missing_rejected
from ml.core.architectures import load_network
from ml.core.cards import WEIGHTS_FOLDER, Card, WeightsDamaged, checked_weights
from ml.faces.drawing import Drawer, FaceRequest, load_drawer
from ml.faces.words import understand
from registry.models import ModelVersion
from registry.weight_files import weights_folder
from uploads.pictures import open_rgb
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from web.files import keep_to_show

log = logging.getLogger(__name__)

torch.set_num_threads(1)  # the threads of the worker share the cores, and the bits must not depend on them
encoders = ThreadPoolExecutor(4, "encoder")  # so that a network need not wait for PNG files
MOMENT = 0.2  # seconds of drawing between two commits: so long others wait, and a killed worker draws again
LONGEST = 2000  # px of a photo in which the face is looked for
DRAWING = gettext_noop("Drawing faces")
LOOKING = gettext_noop("Looking for this face among those that the network can draw")
JUDGE = "lite2"  # the network that says how alike two pictures are
NO_INVERTER = gettext_noop("What finds faces in photos is missing here. Please tell an administrator.")
GONE = gettext_noop("The photo was deleted before its face was found. Please upload it again.")


@dataclass
class Drawn:
    """Some faces of an order by their places, as files."""

    pngs: dict[int, bytes]
    size: tuple[int, int]  # height, width
    seconds: float


@task("generator.draw")
def draw(job: Claim) -> None:
    """What is drawn is kept every moment: a killed worker goes on where it was, and others need not wait long."""
    if not settings.FACES:
        raise Rejected(FACES_ARE_OFF)
    order = Order.objects.select_related("model").get(job_id=job.pk)
    drawer = load_version(order.model.sha256)
    prepare(job, order, drawer)
    there = set(order.faces.values_list("place", flat=True))
    left = [place for place in range(order.count) if place not in there]
    while len((drawn := draw_some(order, drawer, left)).pngs) < len(left):
        left = left[len(drawn.pngs) :]
        with transaction.atomic():
            done = order.count - len(left)
            job.report(100 * done / order.count, DRAWING, f"{done} / {order.count}")
            order.add_faces(drawn.pngs, drawn.size, drawn.seconds)
        job.make_way()
    with finishing(job):
        order.add_faces(drawn.pngs, drawn.size, drawn.seconds)


def draw_some(order: Order, drawer: Drawer, places: Sequence[int]) -> Drawn:
    """The first of these, as many as a moment allows but at least one batch."""
    started, code = time.perf_counter(), code_of(order)
    files: dict[int, Future[bytes]] = {}
    size = (0, 0)
    for first in range(0, len(places), drawer.batch):
        some = places[first : first + drawer.batch]
        pictures = drawer.draw([FaceRequest(**face_request(order, place), code=code) for place in some])
        for place, picture in zip(some, pictures, strict=True):
            files[place] = encoders.submit(face_png, picture, png_note(order, place))
        size = pictures.shape[1:3]
        if time.perf_counter() - started > MOMENT:
            break
    pngs = {place: file.result() for place, file in files.items()}
    return Drawn(pngs, size, time.perf_counter() - started)


def code_of(order: Order) -> np.ndarray | None:
    if order.code is None:
        return None
    return np.frombuffer(order.code, np.float16).reshape(layers_of(order.model), -1).astype(np.float32)


# --- before the first face


def prepare(job: Claim, order: Order, drawer: Drawer) -> None:
    """Understands the prompt and finds the face of the photo, where there are; each is kept and done once."""
    if order.prompt and order.words is None:
        said = understand(order.prompt, edits_of(order.model))
        edits = within_ranges(order.model, said.edits)
        order.words = {"edits": edits, "used": said.used, "unknown": said.unknown}
        order.save(update_fields=["words"])
    photo = Photo.objects.filter(order=order).first()
    if photo and photo.error is None:
        job.report(0, LOOKING)
        find_face(job, order, photo)
        job.make_way()


def find_face(job: Claim, order: Order, photo: Photo) -> None:
    """Raises Rejected with a sentence where the photo shows no face that the network could draw."""
    if not photo.file:
        raise Rejected(GONE)
    finder = inverter(order.model.sha256)
    try:
        with missing_rejected(GONE):
            picture = Sandbox().open(Path(photo.file.path), open_rgb, LONGEST)
            keep_to_show(photo.file, picture)
        found = finder.invert(picture, lambda share: job.report(99 * share, LOOKING))
    except (BadFile, inversion().NotAFace) as problem:
        raise Rejected(str(problem)) from problem
    order.code = np.asarray(found.code, np.float16).tobytes()
    photo.aligned, photo.drawn = png_of(found.aligned, {}), png_of(found.picture, {"Description": MADE})
    photo.error = float(found.error)
    with transaction.atomic():
        job.report(99, DRAWING)
        if not Photo.objects.select_for_update().exclude(file="").filter(pk=photo.pk):
            photo.aligned = None  # it was forgotten meanwhile, and what was cut out of it goes along
        order.save(update_fields=["code"])
        photo.save(update_fields=["aligned", "drawn", "error"])


# --- networks, loaded once in this process


@lru_cache(maxsize=4)
def load_version(sha256: str) -> Drawer:
    version = ModelVersion.objects.get(sha256=sha256)
    return load_drawer(Card.parse(version.card), weights_folder(version))


def inversion() -> Any:
    """Its packages may be missing, which must not keep faces from being drawn."""
    return import_module("ml.faces.inversion")


@lru_cache(maxsize=1)
def inverter(sha256: str) -> Any:
    """Raises Rejected where a part of it is not here."""
    try:
        judge = Card.load(WEIGHTS_FOLDER, JUDGE)
        network = load_network(judge, checked_weights(WEIGHTS_FOLDER, judge))
        return inversion().load_inverter(load_version(sha256), WEIGHTS_FOLDER, network)
    except (WeightsDamaged, ImportError, OSError, ValueError, KeyError) as problem:
        log.warning("Faces in photos cannot be found: %s", problem)
        raise Rejected(NO_INVERTER) from problem


@shared_task(name="generator.forget_photos")
def forget_photos() -> None:
    """Photos of faces are not kept for longer than was said."""
    services.forget_photos()
