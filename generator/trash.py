"""What of faces can be deleted, and had back. Photos that people start from go when it was said, in the trash, too."""

from django.utils.translation import gettext_lazy as _

from generator import services
from generator.models import Order
from jobs.models import Job
from trash.kinds import Kind, register

register(
    Kind(
        model=Order,
        title=_("Faces"),
        icon="smile",
        name=lambda order: order.prompt or str(order),
        along=lambda order: [Job.with_trashed.filter(order=order)],
        list_url="generator:gallery",
        purge=lambda order: services.purge(order=order),
    )
)
