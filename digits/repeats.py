"""What of digits can be done again."""

from accounts.models import User
from digits import services
from digits.models import Reading
from jobs.models import Job
from jobs.repeating import row_of, stored_file


def read_again(job: Job, by: User) -> Reading:
    """By the network that answers now."""
    reading = row_of(Reading.objects.for_user(by), job=job)
    picture = stored_file(reading.picture) if reading.pixels is None else None
    pixels = None if reading.pixels is None else bytes(reading.pixels)
    return services.read(
        owner=by, source=reading.source, pixels=pixels, picture=picture, saliency=reading.wants_saliency
    )


REPEATS = {services.READ: read_again}
