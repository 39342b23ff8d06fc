"""What each network of faces knows, by its card."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import ModelVersion, ModelVersionQuerySet

KIND = "faces"
MOST_STEPS = 3  # of an edit, either way
EDIT_NAMES = {
    "smile": _("Smile"),
    "glasses": _("Glasses"),
    "age": _("Age"),
    "gender": _("Gender"),
    "beard": _("Beard"),
    "bangs": _("Bangs"),
    "blond": _("Blond hair"),
    "curls": _("Curls"),
    "makeup": _("Make-up"),
    "pose": _("Turn of the head"),
}
EDIT_ENDS = {  # what less and what more of it makes of a face
    "smile": (_("serious"), _("smiling")),
    "glasses": (_("no glasses"), _("glasses")),
    "age": (_("younger"), _("older")),
    "gender": (_("female"), _("male")),
    "beard": (_("no beard"), _("beard")),
    "bangs": (_("no fringe"), _("fringe")),
    "blond": (_("darker hair"), _("fairer hair")),
    "curls": (_("straight hair"), _("curls")),
    "makeup": (_("no make-up"), _("make-up")),
    "pose": (_("turned to the left"), _("turned to the right")),
}
ABOUT = {
    "gan": _("GAN: the first, of 2014"),
    "dcgan": _("DCGAN: with convolutions"),
    "stylegan": _("StyleGAN: steerable, the best"),
}


def offered_networks() -> ModelVersionQuerySet:
    """Each of these draws when it is asked for: they are no rivals. The usual one comes first."""
    versions = ModelVersion.objects.filter(kind=KIND).offered()
    return versions.order_by("state", "-name", "-created_at")


def name_of_edit(name: str) -> str | Promise:
    return EDIT_NAMES.get(name, name.replace("_", " ").capitalize())


def ends_of_edit(name: str) -> tuple[str | Promise, str | Promise]:
    """What its least and its most are called."""
    return EDIT_ENDS.get(name, (f"− {name_of_edit(name)}", f"+ {name_of_edit(name)}"))


def edits_of(version: ModelVersion) -> list[str]:
    """Names of what can be changed in its faces."""
    return list(version.card.get("config", {}).get("edits", ()))


def ranges_of(version: ModelVersion) -> dict[str, tuple[float, float]]:
    """Least and most steps of each edit, between which faces do not break. Networks of earlier releases do not say."""
    names = edits_of(version)
    ranges = version.card.get("config", {}).get("ranges") or [(-MOST_STEPS, MOST_STEPS)] * len(names)
    return {name: (least, most) for name, (least, most) in zip(names, ranges, strict=False)}


def within_ranges(version: ModelVersion, edits: Mapping[str, float]) -> dict[str, float]:
    ranges = ranges_of(version)
    return {name: min(max(steps, ranges[name][0]), ranges[name][1]) for name, steps in edits.items()}


def has_styles(version: ModelVersion) -> bool:
    return version.architecture == "stylegan"


def layers_of(version: ModelVersion) -> int:
    """Of a network with styles: how many its faces take, two for each resolution."""
    return 2 * len(version.card["config"]["channels"])


def code_bytes(version: ModelVersion) -> int:
    """Size of a face's code: float16 (layers, latent)."""
    return 2 * layers_of(version) * int(version.card["config"]["latent"])


@lru_cache(maxsize=64)
def licences_of(sha256: str) -> list[dict[str, Any]]:
    """What this version learned from: {name, licence, is_non_commercial, url, …}; kept, since orders come without the
    cards of their networks."""
    return ModelVersion.objects.get(sha256=sha256).licences
