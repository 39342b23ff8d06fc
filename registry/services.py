"""Activate versions; take in what the repository ships."""

import json
from pathlib import Path

from django.db import transaction

from registry.models import BUILT_IN, ModelVersion

ACTIVE, READY, RETIRED = ModelVersion.State.ACTIVE, ModelVersion.State.READY, ModelVersion.State.RETIRED


@transaction.atomic
def activate(*, version: ModelVersion) -> None:
    """From now on `version` answers for its kind."""
    ModelVersion.objects.filter(kind=version.kind, state=ACTIVE).update(state=READY)
    version.state = ACTIVE
    version.save(update_fields=["state"])


@transaction.atomic
def take_in_built_in(*, folder: Path = BUILT_IN) -> None:
    """A row for every committed card; a new built-in version takes over from an older built-in one."""
    cards = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    current = {card["sha256"] for card in cards}
    ModelVersion.objects.filter(is_built_in=True).exclude(sha256__in=current).update(state=RETIRED)
    for card in cards:
        version = take_in(card)
        if not ModelVersion.objects.answering(version.kind).exists():
            activate(version=version)


def take_in(card: dict) -> ModelVersion:
    version, _is_new = ModelVersion.objects.update_or_create(
        sha256=card["sha256"],
        defaults={"kind": card["kind"], "name": card["name"], "card": card, "is_built_in": True},
    )
    return version
