"""From a picture that was drawn here back to its settings. Anyone can write into a file: it is checked like a wish."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from generator.networks import KIND
from generator.pngs import NoSettings, settings_in
from generator.serializers import AskSerializer
from generator.wishes import Settings
from registry.models import ModelVersion

WISHED = ("model", "count", "seed", "truncation", "prompt", "edits", "mix", "interpolate", "like")


def restored(file: BinaryIO) -> tuple[Settings, bool]:
    """As /api/faces/ takes them, and whether the very network that drew the picture is here.

    Raises BadFile where it is no picture, NoSettings with a sentence where it has none that could be used.
    """
    found = settings_in(file)
    wished = {name: found[name] for name in WISHED if name in found}
    ask = AskSerializer(data=wished)
    if not ask.is_valid():
        raise NoSettings(" ".join(sentences_in(ask.errors)))
    drawn_by = ModelVersion.objects.filter(kind=KIND, sha256=str(found.get("model_sha256"))[:64])
    return wished, drawn_by.exists()


def sentences_in(errors: Any) -> Iterator[str]:
    if isinstance(errors, dict | list):
        for part in errors.values() if isinstance(errors, dict) else errors:
            yield from sentences_in(part)
    else:
        yield str(errors)
