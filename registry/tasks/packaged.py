"""Time the networks that come in packages."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from ml.inspection import timed_packaged
from packaged.networks import NETWORKS, PackagedNetwork
from registry.background import BACKGROUND
from registry.models import PackagedTiming

TRIED: set[tuple[str, str]] = set()  # keys and versions of packages that this process has timed, or could not


@shared_task(name="registry.time_packaged")
def time_next_packaged() -> None:
    """How long the next of them takes here, where nobody has measured that of the version that is installed."""
    known = set(PackagedTiming.objects.values_list("key", "package_version"))
    for network in NETWORKS.values():
        one = network.key, network.package.version
        if one[1] and one not in known | TRIED:
            TRIED.add(one)
            BACKGROUND.submit(time_packaged, network)
            return


def time_packaged(network: PackagedNetwork) -> None:
    version = network.package.version
    spent = timed_packaged(network.key, settings.MODEL_CACHE_DIR)
    PackagedTiming.objects.update_or_create(
        key=network.key,
        defaults={"package_version": version, "milliseconds": spent, "measured_at": timezone.now()},
    )
