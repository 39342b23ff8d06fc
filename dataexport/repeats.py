"""What of exports can be done again."""

from accounts.models import User
from dataexport.models import Export
from dataexport.services import WRITE, ask
from jobs.models import Job


def write_again(_job: Job, by: User) -> Export:
    """With what is theirs now."""
    return ask(owner=by)


REPEATS = {WRITE: write_again}
