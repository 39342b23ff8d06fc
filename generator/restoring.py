"""From a picture that was drawn here back to its settings, checked as a request is: anyone can write into a file."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from generator.networks import KIND
from generator.order_settings import Settings
from generator.pngs import NoSettings, settings_in
from generator.serializers import OrderRequestSerializer
from registry.models import ModelVersion

REQUESTED = ("model", "count", "seed", "truncation", "prompt", "edits", "mix", "interpolate", "like")


def restored(file: BinaryIO) -> tuple[Settings, bool]:
    """As /api/faces/ takes them, and whether the very network that drew the picture is here.

    Raises BadFile where it is no picture, NoSettings with a sentence where it has none that could be used.
    """
    found = settings_in(file)
    requested = {name: found[name] for name in REQUESTED if name in found}
    request = OrderRequestSerializer(data=requested)
    if not request.is_valid():
        raise NoSettings(" ".join(sentences_in(request.errors)))
    drawn_by = ModelVersion.objects.filter(kind=KIND, sha256=str(found.get("model_sha256"))[:64])
    return requested, drawn_by.exists()


def sentences_in(errors: Any) -> Iterator[str]:
    if isinstance(errors, dict | list):
        for part in errors.values() if isinstance(errors, dict) else errors:
            yield from sentences_in(part)
    else:
        yield str(errors)
