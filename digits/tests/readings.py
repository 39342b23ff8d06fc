"""Readings as a worker would have left them, without one."""

import numpy as np

from accounts.models import User
from digits import services
from digits.models import Reading
from jobs.models import Status
from jobs.services import submit
from registry.models import ModelVersion
from tests.support.strokes import drawing


def a_reading(owner: User, digits: str, seed: int = 11) -> Reading:
    """One picture of these digits, read rightly by the built-in network."""
    rng = np.random.default_rng(seed)
    job, _is_new = submit(owner=owner, task=services.READ)
    job.status = Status.DONE
    job.save()
    return Reading.objects.create(
        owner=owner,
        job=job,
        source=Reading.Source.PIXELS,
        text=digits,
        frames=b"".join(drawing(int(digit), rng).tobytes() for digit in digits),
        digits=[{"value": int(digit)} for digit in digits],
        model=ModelVersion.objects.active("digits"),
    )
