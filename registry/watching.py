"""A version in the shadow: on a share of the requests a worker has it say what it would have said, and compares.

    watch(live, [(job.pk, partial(comparisons, reading, answer))])

Apps call `watch` with what was answered and how to ask another version; nobody waits for it, and nothing that goes
wrong there reaches who asked.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import random
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import F
from numpy.typing import NDArray
from PIL import Image

from jobs.models import Job
from registry.background import BACKGROUND
from registry.models import Disagreement, ModelVersion, Shadow
from uploads.pictures import encoded

NOTICED = 1.0  # seconds until a worker sees that a shadow began
KEPT = 200  # disagreements of a shadow, the newest
LONGEST = 160  # px of a side of a crop
Said = dict[str, Any]  # {"name", "probability"}; see registry.models.Disagreement


@dataclass(frozen=True)
class Comparison:
    """What the two said of one thing. crop: (h, w) or (h, w, 3) uint8."""

    live: Said
    own: Said
    crop: NDArray[np.uint8]


Compare = Callable[[ModelVersion], list[Comparison]]


class Noticing:
    """Which shadow runs: asked for at every answer, looked for once a second."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[float, Shadow | None]] = {}

    def of(self, kind: str) -> Shadow | None:
        looked_at, shadow = self.known.get(kind, (-NOTICED, None))
        if time.monotonic() - looked_at >= NOTICED:
            shadow = Shadow.objects.running(kind).select_related("version").first()
            self.known[kind] = time.monotonic(), shadow
        return shadow


NOTICING = Noticing()


def watch(live: ModelVersion, asked: Iterable[tuple[UUID, Compare]]) -> None:
    """Where a version runs in the shadow of `live`, have it try its share of these requests, each with its job's id."""
    shadow = NOTICING.of(live.kind)
    if shadow is None or shadow.live_id != live.pk:
        return
    chosen = [one for one in asked if 100 * random() < shadow.percent]
    if chosen:
        BACKGROUND.submit(try_out, shadow, chosen)


def try_out(shadow: Shadow, asked: Sequence[tuple[UUID, Compare]]) -> None:
    """Where it cannot answer, that is counted, and raised for the log."""
    found: list[tuple[UUID, Comparison]] = []
    answered = 0
    try:
        for job, compare in asked:
            found += [(job, one) for one in compared(compare, shadow.version)]
            answered += 1
    finally:
        note(shadow, found, answered, len(asked) - answered)


def compared(compare: Compare, version: ModelVersion) -> list[Comparison]:
    try:
        return compare(version)
    except FileNotFoundError:  # the picture was deleted meanwhile
        return []


@transaction.atomic
def note(shadow: Shadow, found: Sequence[tuple[UUID, Comparison]], answered: int, failed: int) -> None:
    """Count, and keep where they disagree; nothing once the shadow has ended, or of what was deleted meanwhile."""
    differing = [(job, one) for job, one in found if one.live["name"] != one.own["name"]]
    is_running = Shadow.objects.filter(pk=shadow.pk, ended_at=None).update(
        requests=F("requests") + answered,
        compared=F("compared") + len(found),
        agreed=F("agreed") + len(found) - len(differing),
        failed=F("failed") + failed,
    )
    if is_running and differing:
        # locked, so that whoever deletes one waits, and then finds what is written here
        jobs = Job.objects.select_for_update().in_bulk({job for job, _one in differing})
        Disagreement.objects.bulk_create(
            Disagreement(shadow=shadow, job_id=job, live=one.live, own=one.own, crop=png_of(one.crop))
            for job, one in differing
            if job in jobs
        )
        newest = shadow.disagreements.values_list("pk", flat=True)[:KEPT]
        shadow.disagreements.exclude(pk__in=list(newest)).delete()


def png_of(crop: NDArray[np.uint8]) -> bytes:
    picture = Image.fromarray(crop)
    picture.thumbnail((LONGEST, LONGEST))
    return encoded(picture, "PNG")
