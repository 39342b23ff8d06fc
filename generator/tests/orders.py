"""An order that is there without a worker."""

import numpy as np
from django.core.files.base import ContentFile

from generator.models import Order, Photo
from generator.pngs import face_png
from generator.services import draw
from jobs.models import Job, Status
from registry.models import ModelVersion


def a_film(owner) -> Order:
    """Two frames that began with a photo."""
    wished = {"seed": 1, "interpolate": {"to_seed": 2, "frames": 2}}
    order = draw(owner=owner, model=ModelVersion.objects.active("faces"), settings=wished)
    grey = face_png(np.zeros((64, 64, 3), np.uint8), "{}")
    order.add_faces({0: grey, 1: grey}, (64, 64), 1.0)
    photo = Photo(order=order, aligned=grey, drawn=grey, error=0.1)
    photo.file.save("face.png", ContentFile(grey))
    Job.objects.filter(pk=order.job_id).update(status=Status.DONE)
    order.job.refresh_from_db()
    return order
