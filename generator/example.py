"""The part that faces have in an example."""

from django.conf import settings

from example.models import Example
from generator.networks import offered_networks
from generator.services import draw
from trash.models import Trashable

FACES = {"count": 6, "seed": 0}


def make(example: Example) -> list[Trashable]:
    network = offered_networks().first()
    if network is None or not settings.FACES:
        return []
    return [draw(owner=example.owner, model=network, settings=FACES)]
