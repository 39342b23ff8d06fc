"""How long it may take until a job has ended: what is before it, and how long such work took lately."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from jobs.models import Job, Queue, Status

LATEST = 200  # jobs of all kinds that tell how long such work takes
KEPT_SECONDS = 60  # between two looks at them
TELLING = 5  # percent from which on its own pace tells more than what others took


@dataclass(frozen=True)
class Wait:
    """position: about how many jobs of its kind are begun before it, None where it does not wait; seconds: until its
    end, None where nothing tells."""

    position: int | None = None
    seconds: float | None = None

    @property
    def minutes(self) -> int | None:
        """0 is less than one."""
        return None if self.seconds is None else int(self.seconds / 60)

    @property
    def shown(self) -> tuple[int | None, int | None]:
        return self.position, self.minutes


def position_of(job: Job) -> int | None:
    return positions_of([job]).get(job.pk)


def tell_waits(jobs: Collection[Job]) -> None:
    """Each that has not ended, in three queries at most, and one for each quick answer that waits."""
    left = [job for job in jobs if not job.has_ended]
    if not left:
        return
    positions, usual = positions_of(left), usual_seconds()
    for job in left:
        position = positions.get(job.pk)
        job.wait = Wait(position, seconds_left(job, position or 0, usual.get(job.task)))


def seconds_left(job: Job, position: int, usual: float | None) -> float | None:
    """usual: seconds that such work takes. As if one were done after the other, which is the worst of it."""
    worked = (timezone.now() - job.started_at).total_seconds() if job.started_at else 0
    if job.status == Status.RUNNING and job.progress >= TELLING:
        return worked * (100 - job.progress) / job.progress
    if usual is None:
        return None
    return max(usual - worked, 0) if job.status == Status.RUNNING else usual * (position + 1)


def usual_seconds() -> dict[str, float]:
    """For each task the median of what it took lately."""
    return cache.get_or_set("jobs.usual_seconds", measured_seconds, KEPT_SECONDS) or {}


def measured_seconds() -> dict[str, float]:
    ended = Job.with_trashed.filter(status=Status.DONE, queue=Queue.WORK)  # also by the index of times alone
    took = defaultdict(list)
    for job in ended.only("task", "started_at", "ended_at")[:LATEST]:
        if job.worked is not None:
            took[job.task].append(job.worked)
    return {task: median(seconds) for task, seconds in took.items()}


def positions_of(jobs: Collection[Job]) -> dict[UUID, int]:
    """Of those that wait. What someone waits for is done oldest first; else owners take turns: of each other one come
    as many before it as of its own owner, and one more."""
    queued = [job for job in jobs if job.status == Status.QUEUED]
    quick = [job for job in queued if job.queue == Queue.QUICK]
    others = [job for job in queued if job.queue != Queue.QUICK]
    by_age = {
        job.pk: Job.objects.queued(job.task).filter(created_at__lt=job.created_at).count() for job in quick
    }
    return by_age | (in_turns(others) if others else {})


def in_turns(jobs: Collection[Job]) -> dict[UUID, int]:
    waiting = Job.objects.filter(status=Status.QUEUED, is_suspect=False, task__in={job.task for job in jobs})
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for task, owner, count in waiting.order_by().values_list("task", "owner").annotate(Count("pk")):
        counts[task][owner] = count
    own: dict[tuple[str, int], list[UUID]] = defaultdict(list)
    mine = waiting.filter(owner__in={job.owner_id for job in jobs}).order_by("created_at")
    for task, owner, pk in mine.values_list("task", "owner", "pk"):
        own[task, owner].append(pk)
    return {job.pk: turn_of(job, own[job.task, job.owner_id], counts[job.task]) for job in jobs}


def turn_of(job: Job, own: list[UUID], counts: Counter[int]) -> int:
    before = own.index(job.pk) if job.pk in own else len(own)
    return before + sum(min(count, before + 1) for owner, count in counts.items() if owner != job.owner_id)
