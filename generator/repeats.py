"""What of faces can be done again."""

from accounts.models import User
from generator import services
from generator.models import Order
from generator.order_settings import settings_of
from jobs.models import Job
from jobs.repeating import row_of, stored_file


def draw_again(job: Job, by: User) -> Order:
    """The same faces of the same network, from the same photo."""
    order = row_of(Order.objects.for_user(by).select_related("model"), job=job)
    photo = getattr(order, "photo", None)
    image = stored_file(photo.file) if photo else None
    return services.draw(owner=by, model=order.model, settings=settings_of(order), image=image)


REPEATS = {services.DRAW: draw_again}
