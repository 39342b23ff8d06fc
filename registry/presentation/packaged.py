"""Networks that come in packages, as the page and the API tell of them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from packaged.networks import NETWORKS, PackagedNetwork
from registry.models import PackagedTiming


@dataclass(frozen=True)
class PackagedRow:
    """size: bytes of its files; None where it has none, or they are not on this machine (is_here). milliseconds: None
    where no worker has timed the version that is installed."""

    network: PackagedNetwork
    is_here: bool
    size: int | None
    milliseconds: float | None
    measured_at: datetime | None

    @property
    def purpose(self) -> str:
        return gettext(self.network.purpose)

    @property
    def unit(self) -> str:
        return gettext(self.network.unit)

    @property
    def remark(self) -> str:
        return gettext(self.network.remark) if self.network.remark else ""

    @property
    def files(self) -> list[str]:
        return [file.rpartition("/")[2] for file in self.network.files]

    @property
    def may_be_downloaded(self) -> bool:
        return self.is_here and bool(self.network.files)


def packaged_rows() -> list[PackagedRow]:
    timings = {timing.key: timing for timing in PackagedTiming.objects.all()}
    return [packaged_row(network, timings.get(network.key)) for network in NETWORKS.values()]


def packaged_row(network: PackagedNetwork, timing: PackagedTiming | None) -> PackagedRow:
    known = timing if timing and timing.package_version == network.package.version else None
    try:
        size = sum(path.stat().st_size for path in network.paths()) or None
        is_here = True
    except FileNotFoundError:
        size, is_here = None, False
    return PackagedRow(
        network,
        is_here,
        size,
        known.milliseconds if known else None,
        known.measured_at if known else None,
    )
