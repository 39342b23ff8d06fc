"""Load an example to look around in, and remove it. Each app that has a part in it says so in its `example.py`:

def make(example) -> Sequence[Trashable]: ...   its rows, made by its own services, in one transaction; once
def fill(example, job) -> None: ...             if it has it: what takes longer; harmless when done twice

A worker calls them, in the language of who asked. What they begin are ordinary jobs.
"""

from django.db import transaction

from accounts.models import User
from example.models import Example
from jobs.services import submit
from trash import services as trash
from trash.kinds import KINDS
from trash.models import Item

LOAD = "example.load"


@transaction.atomic
def load(*, owner: User) -> Example:
    """The one that they have, where they have one. Raises QuotaExceeded."""
    User.objects.select_for_update().get(pk=owner.pk)  # two requests of the same moment wait in a row
    there = Example.objects.for_user(owner).select_related("job").first()
    if there is not None:
        return there
    job, _is_new = submit(owner=owner, task=LOAD)
    return Example.objects.create(owner=owner, job=job)


def remove(*, example: Example, by: User) -> Item | None:
    """Into the trash, as one thing, with all that was done inside of it; however far loading came."""
    return trash.delete(rows=[example], by=by)


@transaction.atomic
def purge(*, example: Example) -> None:
    """An end of it and of all its things, exams before the classes that they refuse to lose."""
    for thing in example.things.order_by("-pk"):
        KINDS[thing.kind].end(list(thing.rows()))
    example.job.delete()
