"""Readings as the REST contract has them, and what came in with a request."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from digits.models import FRAME_BYTES, Reading
from jobs.serializers import JobSerializer
from registry.serializers import VersionField
from web.serializers import LinkedSerializer, PictureField, written

PIXELS_WANTED = _("Send 784 numbers (28 rows of 28, 0 to 1 or 0 to 255, ink high); this is not such a list.")


@extend_schema_field({"type": "array", "items": {"type": "number"}})
class PixelsField(serializers.Field):
    """784 numbers, or the comma-joined string of them, to 784 bytes. Nested rows are taken too."""

    default_error_messages = {
        "invalid": PIXELS_WANTED,
        "count": _("Send 784 numbers (28 rows of 28); these are {count}."),
        "number": _("Number {place} is not a number between 0 and 255. Send 784 of them, ink high."),
    }

    def to_internal_value(self, data: Any) -> bytes:
        values = self.flat(data)
        if not are_plain(values):
            values = [self.number(place, value) for place, value in enumerate(values, 1)]
        numbers = np.array(values, np.float64)
        scale = 255 if numbers.max() <= 1 else 1
        return np.rint(numbers * scale).astype(np.uint8).tobytes()

    def flat(self, data: Any) -> list[Any]:
        values = data.split(",") if isinstance(data, str) else data
        if not isinstance(values, list):
            self.fail("invalid")
        if values and all(isinstance(row, list) for row in values):
            values = [value for row in values for value in row]
        if len(values) != FRAME_BYTES:
            self.fail("count", count=len(values))
        return values

    def number(self, place: int, value: Any) -> float:
        try:
            number = math.nan if isinstance(value, bool | list | dict) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not 0 <= number <= 255:
            self.fail("number", place=place)
        return number

    def to_representation(self, value: Any) -> None:
        return None


def are_plain(values: list[Any]) -> bool:
    """Whether these are numbers from 0 to 255 and nothing else, checked at once; the sum of what holds a NaN is one."""
    return (
        set(map(type, values)) <= {int, float}
        and min(values) >= 0
        and max(values) <= 255
        and sum(values) >= 0
    )


MODEL = VersionField(read_only=True)


class ReadRequestSerializer(serializers.Serializer):
    """What to read: `image` or `pixels`."""

    image = PictureField(required=False)
    pixels = PixelsField(required=False)
    model = VersionField("digits", required=False)
    saliency = serializers.BooleanField(default=False)
    source = serializers.ChoiceField(Reading.Source.choices, required=False)
    replaces = serializers.UUIDField(required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Numbers are taken as `image`, too: so clients of tutorials send them."""
        image = data.get("image") if isinstance(data, Mapping) else None
        if isinstance(image, str | list) and image and not data.get("pixels"):
            data = {**{key: data[key] for key in data if key != "image"}, "pixels": image}
        found: dict[str, Any] = super().to_internal_value(data)
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("image" in attrs) == ("pixels" in attrs):
            raise serializers.ValidationError(_("Send a picture as `image`, or 784 numbers as `pixels`."))
        attrs.setdefault("source", Reading.Source.UPLOAD if "image" in attrs else Reading.Source.PIXELS)
        return attrs


class CorrectionSerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True, max_length=500, trim_whitespace=False)


class CharacterSerializer(serializers.Serializer):
    """A digit or a sign; `digit` is its place in `digits`, null of a sign."""

    value = serializers.CharField()
    probability = serializers.FloatField()
    is_certain = serializers.BooleanField()
    box = serializers.ListField(child=serializers.IntegerField())
    row = serializers.IntegerField()
    digit = serializers.IntegerField(allow_null=True)


class ReadingSerializer(LinkedSerializer):
    """A reading; its fields are empty until its job has ended. Written by hand for the same reason as a job."""

    shared_page = "digits:shared"

    url = serializers.HyperlinkedIdentityField("digits:api-detail")
    text = serializers.CharField(source="answer_text", read_only=True)
    verdict = serializers.SerializerMethodField()
    verdict_text = serializers.SerializerMethodField()
    picture_url = serializers.SerializerMethodField()
    frames_url = serializers.SerializerMethodField()
    frames = serializers.SerializerMethodField()
    saliency = serializers.SerializerMethodField()
    model = VersionField(read_only=True)
    share_url = serializers.SerializerMethodField()
    layers_url = serializers.HyperlinkedIdentityField("digits:api-layers")
    job = JobSerializer(read_only=True)

    class Meta:
        model = Reading
        fields = [
            "id",
            "url",
            "text",
            "read_text",
            "right_text",
            "digits",
            "characters",
            "others",
            "is_certain",
            "verdict",
            "verdict_text",
            "width",
            "height",
            "source",
            "picture_url",
            "frames_url",
            "frames",
            "saliency",
            "model",
            "share_url",
            "layers_url",
            "created_at",
            "job",
        ]
        read_only_fields = fields

    read_text = serializers.CharField(source="text", read_only=True)
    characters = CharacterSerializer(many=True, read_only=True)

    def to_representation(self, reading: Reading) -> dict[str, Any]:
        return {
            "id": str(reading.pk),
            "url": self.link("digits:api-detail", reading.pk),
            "text": reading.answer_text,
            "read_text": reading.text,
            "right_text": reading.right_text,
            "digits": reading.digits,
            "characters": reading.characters,
            "others": reading.others,
            "is_certain": reading.is_certain,
            "verdict": self.get_verdict(reading),
            "verdict_text": self.get_verdict_text(reading),
            "width": reading.width,
            "height": reading.height,
            "source": reading.source,
            "picture_url": self.get_picture_url(reading),
            "frames_url": self.get_frames_url(reading),
            "frames": self.get_frames(reading),
            "saliency": self.get_saliency(reading),
            "model": MODEL.to_representation(reading.model) if reading.model else None,
            "share_url": self.get_share_url(reading),
            "layers_url": self.link("digits:api-layers", reading.pk),
            "created_at": written(reading.created_at),
            "job": JobSerializer(context=self.context).to_representation(reading.job),
        }

    def get_verdict(self, reading: Reading) -> str | None:
        return reading.verdict if reading.model_id else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_verdict_text(self, reading: Reading) -> str | Promise | None:
        return reading.verdict_text if reading.model_id else None

    def get_picture_url(self, reading: Reading) -> str | None:
        return self.link("digits:api-picture", reading.pk) if reading.picture else None

    def get_frames_url(self, reading: Reading) -> list[str]:
        """One 28 × 28 PNG for each digit, as the network saw it."""
        return [self.link("digits:api-frame", reading.pk, place) for place in range(reading.frame_count)]

    def get_frames(self, reading: Reading) -> list[list[int]] | None:
        """784 numbers, 0 to 255, for each digit as the network saw it: of drawings, and where asked for saliency."""
        if reading.saliency is None and reading.source != Reading.Source.CANVAS:
            return None
        return [list(reading.frame(place)) for place in range(reading.frame_count)]

    def get_saliency(self, reading: Reading) -> list[list[int]] | None:
        """784 numbers, 0 to 255, for each digit: how much each pixel spoke for the answer."""
        if reading.saliency is None:
            return None
        return [list(reading.saliency_of(place)) for place in range(reading.frame_count)]
