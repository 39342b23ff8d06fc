"""An example is deleted as one thing: with all that it is made of, and what belongs to that."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from example import services
from example.models import Example
from jobs.models import Job
from trash.kinds import KINDS, Kind, register


def along_with_example(example: Example) -> Iterator[QuerySet]:
    """Its job first: once that is hidden, no worker adds another thing (`example.tasks`)."""
    yield Job.with_trashed.filter(example=example)
    for thing in example.things.all():
        yield thing.rows()
        for row in thing.rows():
            yield from KINDS[thing.kind].along(row)


register(
    Kind(
        model=Example,
        title=_("Example"),
        icon="shapes",
        name=lambda example: "",
        along=along_with_example,
        purge=lambda example: services.purge(example=example),
    )
)
