"""What is not well, in plain words, and what to do about it. The figures are those of deploy/alerts.yml."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from administration.presentation.storage import disk
from jobs.lately import HOUR, OpenJobs, RecentJob, ended_since, oldest_waiting
from jobs.models import Queue, Status
from registry.certainty import DAY, WEEK, Certainty
from registry.models.versions import name_of_network
from web.durations import duration

LONG_WAIT = 60  # seconds
FAILED_SHARE, FEW_JOBS = 0.1, 20  # of the jobs of an hour, where they are not fewer
FREE_SHARE = 0.1  # of the disk
LESS_CERTAIN, FEW_ANSWERS = 0.1, 100  # of the answers, where there are that many in both windows


@dataclass(frozen=True)
class Finding:
    """is_urgent: somebody waits in vain."""

    text: str
    advice: str
    is_urgent: bool = False


def findings(
    open_jobs: Sequence[OpenJobs], recent: Sequence[RecentJob], certain: Sequence[Certainty]
) -> list[Finding]:
    return [*long_waits(open_jobs), *many_failed(recent), *little_room(), *unsure(certain)]


def long_waits(open_jobs: Sequence[OpenJobs]) -> Iterator[Finding]:
    for queue in Queue:
        oldest = oldest_waiting(open_jobs, queue)
        seconds = (timezone.now() - oldest).total_seconds() if oldest else 0
        if seconds > LONG_WAIT:
            text = _("Longest wait in the queue “%(queue)s”: %(time)s.")
            shown = text % {"queue": queue.label, "time": duration(seconds)}
            advice = _("After a large exam that passes. If it does not, start more workers for this queue.")
            yield Finding(shown, advice, is_urgent=queue == Queue.QUICK)


def many_failed(recent: Sequence[RecentJob]) -> Iterator[Finding]:
    ended = ended_since(recent, HOUR)
    failed = sum(job.status == Status.FAILED for job in ended)
    if len(ended) >= FEW_JOBS and failed > FAILED_SHARE * len(ended):
        text = _("Failed in the last hour: %(failed)s of %(count)s jobs.")
        advice = _("The history of each owner says why; what is the site's fault stands in its log.")
        yield Finding(text % {"failed": failed, "count": len(ended)}, advice)


def little_room() -> Iterator[Finding]:
    room = disk()
    if room["free"] < FREE_SHARE * room["total"]:
        text = _("Of the disk, %(percent)s %% are free.") % {"percent": 100 * room["free"] // room["total"]}
        advice = _("“Storage” shows what takes it up. Keep things for fewer days, or get a larger disk.")
        yield Finding(text, advice, is_urgent=room["free"] < room["reserve"])


def unsure(certain: Sequence[Certainty]) -> Iterator[Finding]:
    before = {(one.kind, one.version): one for one in certain if one.window == WEEK}
    for one in certain:
        past = before.get((one.kind, one.version))
        if one.window != DAY or past is None or min(one.answers, past.answers) < FEW_ANSWERS:
            continue
        if past.share - one.share > LESS_CERTAIN:
            text = _(
                "%(network)s: certain of %(now)s %% of its answers, of %(before)s %% in the week before."
            )
            shares = {"now": round(100 * one.share), "before": round(100 * past.share)}
            advice = _(
                "Look at what came in since yesterday. If the version is new, roll it back under “Models”."
            )
            yield Finding(text % {"network": name_of_network(one.network), **shares}, advice)
