"""What came in with a request for faces."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from generator import order_settings
from generator.models import MOST_CHOSEN, MOST_FACES, MOST_SEED
from generator.networks import KIND, MOST_STEPS, has_styles
from generator.serializers.fields import CodeField, RangeField, WholeField
from registry.models import ModelVersion
from registry.serializers import VersionField
from registry.weight_files import is_readable
from web.serializers import PictureField

MOST_LETTERS = 500
MOST_COLUMNS = 16  # of a grid
NESTED = ("edits", "mix", "interpolate", "like", "grid")


class MixSerializer(serializers.Serializer):
    with_seed = WholeField(0, MOST_SEED)
    from_layer = WholeField(0, 100, default=4)


class InterpolateSerializer(serializers.Serializer):
    to_seed = WholeField(0, MOST_SEED)
    frames = WholeField(2, MOST_FACES, required=False)
    share = RangeField(0, 1, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("frames" in attrs) and ("share" in attrs):
            raise serializers.ValidationError(
                _("Send `frames` for the whole way, or `share` for a place on it.")
            )
        return attrs if "share" in attrs else {"frames": 24} | attrs


class LikeSerializer(serializers.Serializer):
    seed = WholeField(0, MOST_SEED, required=False)
    code = CodeField(required=False)
    share = RangeField(0, 1, default=0.3)


class GridSerializer(serializers.Serializer):
    """A row for each seed, a column for each truncation."""

    seeds = WholeField(1, MOST_FACES)
    truncations = serializers.ListField(child=RangeField(0, 1), min_length=2, max_length=MOST_COLUMNS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["seeds"] * len(attrs["truncations"]) > MOST_FACES:
            raise serializers.ValidationError(
                {"seeds": _("A grid has at most %(most)s faces.") % {"most": MOST_FACES}}
            )
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Four faces that smile",
            {"count": 4, "seed": 7, "prompt": "a smiling woman with glasses"},
            request_only=True,
        )
    ]
)
class OrderRequestSerializer(serializers.Serializer):
    """What to draw: the settings of generator.order_settings, and a photo to start from."""

    model = VersionField(KIND, required=False)
    model_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)
    count = WholeField(1, MOST_FACES, default=1)
    seed = WholeField(0, MOST_SEED, required=False, allow_null=True)
    truncation = RangeField(0, 1, default=0.7)
    prompt = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MOST_LETTERS,
        error_messages={"max_length": _("Describe the face in at most {max_length} letters.")},
    )
    edits = serializers.DictField(child=RangeField(-MOST_STEPS, MOST_STEPS), required=False)
    mix = MixSerializer(required=False, allow_null=True)
    interpolate = InterpolateSerializer(required=False, allow_null=True)
    like = LikeSerializer(required=False, allow_null=True)
    grid = GridSerializer(required=False, allow_null=True)
    image = PictureField(required=False)
    keep_photo = serializers.BooleanField(default=False)

    default_error_messages = {
        "json": _("This must be a JSON object."),
        "no_network": _("The network that draws faces is missing. Please tell an administrator."),
        "drawer_gone": _(
            "The network that drew these faces is no longer here. Leave model_sha256 away, and another draws them."
        ),
        "no_styles": _("The network “{name}” cannot start from a photo."),
        "two_starts": _("Start from a photo or from another face, not from both."),
        "nothing_alike": _("Say which face they shall be like: `seed`, `code`, or a photo as `image`."),
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Forms send what has parts as JSON. Weights that are named need no name, which others may have by now."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        plain = {name: data[name] for name in data if name != "model" or not data.get("model_sha256")}
        for name in NESTED:
            if isinstance(plain.get(name), str):
                plain[name] = self.parsed(name, plain[name])
        return super().to_internal_value(plain)

    def parsed(self, name: str, text: str) -> Any:
        try:
            return json.loads(text) if text.strip() else None
        except (ValueError, RecursionError):
            raise serializers.ValidationError({name: self.error_messages["json"]}) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        settings = {name: value for name, value in attrs.items() if value is not None}
        image, keeps_photo = settings.pop("image", None), settings.pop("keep_photo", False)
        version = self.version_of(settings.pop("model", None), settings.pop("model_sha256", ""))
        self.check_start(version, settings.get("like"), image)
        order_settings.check_settings(version, settings)
        return {"model": version, "settings": settings, "image": image, "keeps_photo": keeps_photo}

    def version_of(self, named: ModelVersion | None, sha256: str) -> ModelVersion:
        """The weights that drew these settings, where they say which: they may be of an earlier release."""
        if not sha256:
            version = named or ModelVersion.objects.answering(KIND).first()
            return version or self.fail("no_network")
        drew = ModelVersion.objects.filter(kind=KIND, sha256=sha256)
        version = drew.exclude(state=ModelVersion.State.CANDIDATE).first()
        is_put_away = version is not None and version.state == ModelVersion.State.RETIRED
        if version is None or is_put_away and not is_readable(version):
            raise self.refusal("model_sha256", "drawer_gone")
        return version

    def check_start(self, version: ModelVersion, like: dict[str, Any] | None, image: Any) -> None:
        starts = len({"seed", "code"} & set(like or {})) + (image is not None)
        if starts > 1:
            raise self.refusal("like", "two_starts")
        if like is not None and not starts:
            raise self.refusal("like", "nothing_alike")
        if image is not None and not has_styles(version):
            raise self.refusal("image", "no_styles", name=version.name)

    def refusal(self, field: str, code: str, **words: str) -> serializers.ValidationError:
        return serializers.ValidationError({field: str(self.error_messages[code]).format(**words)})


class SettingsFileSerializer(serializers.Serializer):
    image = PictureField()


class MarkSerializer(serializers.Serializer):
    """`place` is that of one face, from 0; without it the whole order is meant."""

    is_favourite = serializers.BooleanField()
    place = WholeField(0, MOST_FACES - 1, required=False)


class DeletionSerializer(serializers.Serializer):
    ids = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=MOST_CHOSEN)
