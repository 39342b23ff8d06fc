"""A version in the shadow: on a share of the requests a worker has it say what it would have said, and compares.

    run_in_shadow(live, [(job.pk, partial(comparisons, reading, answer))])

A canary is one that gives its share of the answers really: `chosen_version` says which version a request is for.

Apps call `run_in_shadow` with what was answered and how to ask another version; nobody waits for it, and nothing that
goes wrong there reaches who asked.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from random import random
from typing import Any, Self
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

REFRESH = 1.0  # seconds until a worker sees that a shadow began
KEPT = 200  # disagreements of a shadow, the newest: enough to judge by, and the crops stay small beside the results
LONGEST = 160  # px of a side of a crop
Prediction = dict[str, Any]  # {"name", "probability"}; see registry.models.Disagreement


@dataclass(frozen=True)
class ShadowComparison:
    """What the two said of one thing. crop: (h, w) or (h, w, 3) uint8."""

    live: Prediction
    own: Prediction
    crop: NDArray[np.uint8]

    def turned(self) -> Self:
        """Where the answer that was given is the canary's own."""
        return replace(self, live=self.own, own=self.live)


Compare = Callable[[ModelVersion], list[ShadowComparison]]


class ShadowCache:
    """Which shadow runs: asked for at every answer, fetched once a second."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[float, Shadow | None]] = {}

    def of(self, kind: str) -> Shadow | None:
        fetched_at, shadow = self.known.get(kind, (-REFRESH, None))
        if time.monotonic() - fetched_at >= REFRESH:
            shadow = Shadow.objects.running(kind).select_related("version", "live").first()
            self.known[kind] = time.monotonic(), shadow
        return shadow


SHADOWS = ShadowCache()


def chosen_version(live: ModelVersion, job: UUID) -> ModelVersion:
    """Which version gives the answer to this request: the canary of `live` its share of them, and the same request
    always the same. job: its id, or that of one picture of many."""
    shadow = SHADOWS.of(live.kind)
    if shadow is None or not shadow.is_canary or shadow.live_id != live.pk:
        return live
    return shadow.version if place_of(job) < shadow.percent / 100 else live


def place_of(job: UUID) -> float:
    """0 to 1, evenly, by a hash of its id."""
    return int.from_bytes(hashlib.sha256(job.bytes).digest()[:8], "big") / 2**64


def run_in_shadow(answered_by: ModelVersion, asked: Iterable[tuple[UUID, Compare]]) -> None:
    """Where a version runs in the shadow of the one that answered these requests, have it try its share of them, each
    with its job's id; of those that a canary answered, the live one tries all."""
    shadow = SHADOWS.of(answered_by.kind)
    if shadow is None or answered_by.pk != (shadow.version_id if shadow.is_canary else shadow.live_id):
        return
    chosen = [request for request in asked if shadow.is_canary or 100 * random() < shadow.percent]
    if chosen:
        BACKGROUND.submit(compare_requests, shadow, chosen)


def compare_requests(shadow: Shadow, asked: Sequence[tuple[UUID, Compare]]) -> None:
    """By the one that gave no answer. Where it cannot, that is counted, and raised for the log."""
    silent = shadow.live if shadow.is_canary else shadow.version
    found: list[tuple[UUID, ShadowComparison]] = []
    answered = 0
    try:
        for job, compare in asked:
            with suppress(FileNotFoundError):  # the picture was deleted meanwhile
                both = [one.turned() if shadow.is_canary else one for one in compare(silent)]
                found += [(job, comparison) for comparison in both]
            answered += 1
    finally:
        record_comparisons(shadow, found, answered, len(asked) - answered)


@transaction.atomic
def record_comparisons(
    shadow: Shadow, found: Sequence[tuple[UUID, ShadowComparison]], answered: int, failed: int
) -> None:
    """Count, and keep where they disagree; nothing once the shadow has ended, or of what was deleted meanwhile."""
    differing = [(job, both) for job, both in found if both.live["name"] != both.own["name"]]
    is_running = Shadow.objects.filter(pk=shadow.pk, ended_at=None).update(
        requests=F("requests") + answered,
        compared=F("compared") + len(found),
        agreed=F("agreed") + len(found) - len(differing),
        failed=F("failed") + failed,
    )
    if is_running and differing:
        # locked, so that whoever deletes one waits, and then finds what is written here
        jobs = Job.objects.select_for_update().in_bulk({job for job, _both in differing})
        Disagreement.objects.bulk_create(
            Disagreement(shadow=shadow, job_id=job, live=both.live, own=both.own, crop=crop_png(both.crop))
            for job, both in differing
            if job in jobs
        )
        newest = shadow.disagreements.values_list("pk", flat=True)[:KEPT]
        shadow.disagreements.exclude(pk__in=list(newest)).delete()


def crop_png(crop: NDArray[np.uint8]) -> bytes:
    picture = Image.fromarray(crop)
    picture.thumbnail((LONGEST, LONGEST))
    return encoded(picture, "PNG")
